//! Sequence diagrams as pictures: one self-contained SVG.
//!
//! Columns stand as far apart as their labels need; rows as high as their lines.

use std::fmt::Write as _;

use mapi_session_model::{Action, Protocol, State};

use super::{
    diagram::{Diagram, Lifeline, Row, Style, Tone},
    replay,
};

/// Draws what happens from a state on, as far as the actions can happen.
pub fn svg(world: &Protocol, start: &State, actions: &[Action]) -> String {
    let (run, _) = replay::walk_from(world, *start, actions);
    let diagram = Diagram::of(world, &run);
    Page::new(&diagram.lifelines, diagram.rows.iter().map(Block::of).collect()).finish()
}

/// The height of a line of text.
const LINE: usize = 15;
/// Where a line of text is broken, in letters.
const BREAK: usize = 34;
/// The least that columns are apart, and the edge of the picture.
const GAP: usize = 110;
const EDGE: usize = 12;
/// The height of the heads.
const HEAD: usize = 28;

const STYLE: &str = "text{font:12px monospace;fill:#222}\
.l{stroke:#999;stroke-dasharray:3 3}.h{fill:#e8eef7;stroke:#5b7aa6}\
.p{fill:#fff8dc;stroke:#c9b870}.w{fill:#fde3e1;stroke:#c0564d}\
.a{stroke:#333;fill:none}.d{stroke:#333;fill:none;stroke-dasharray:6 3}\
.t{paint-order:stroke;stroke:#fff;stroke-width:4px}";

/// A row with its text broken into lines.
struct Block<'a> {
    row: &'a Row,
    lines: Vec<String>,
}

impl<'a> Block<'a> {
    fn of(row: &'a Row) -> Self {
        let lines = match row {
            Row::Arrow { text, .. } => broken(text),
            Row::Note(_, lines) => lines.iter().flat_map(|line| broken(line)).collect(),
        };
        Self { row, lines }
    }

    fn width(&self) -> usize {
        self.lines.iter().map(|line| width_of(line)).max().unwrap_or(0) + 16
    }

    fn height(&self) -> usize {
        self.lines.len() * LINE + 14
    }
}

/// How wide a line of text is, about; the font is of one width.
fn width_of(line: &str) -> usize {
    line.chars().count() * 29 / 4
}

/// The text in lines that are broken between words.
fn broken(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.len() - 1;
        let line = &mut lines[last];
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= BREAK {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

struct Page<'a> {
    lifelines: &'a [Lifeline],
    blocks: Vec<Block<'a>>,
    /// The middles of the columns.
    columns: Vec<usize>,
    body: String,
}

impl<'a> Page<'a> {
    fn new(lifelines: &'a [Lifeline], blocks: Vec<Block<'a>>) -> Self {
        let mut page = Self { lifelines, blocks, columns: Vec::new(), body: String::new() };
        page.columns = page.spread();
        page
    }

    fn column(&self, lifeline: Lifeline) -> usize {
        self.lifelines.iter().position(|it| *it == lifeline).unwrap_or(0)
    }

    /// Every column as near to the one before as the labels between them permit.
    fn spread(&self) -> Vec<usize> {
        let mut columns = vec![EDGE + GAP / 2];
        for right in 1..self.lifelines.len() {
            let mut place = columns[right - 1] + GAP;
            for block in &self.blocks {
                let (left, end) = match block.row {
                    Row::Arrow { from, to, .. } => (self.column(*from), self.column(*to)),
                    Row::Note(..) => continue,
                };
                let (left, end) = (left.min(end), left.max(end));
                if end == right && left < right {
                    place = place.max(columns[left] + block.width());
                }
            }
            columns.push(place);
        }
        columns
    }

    /// The left edge of a block of text.
    fn left(&self, block: &Block<'_>) -> usize {
        let mapi = self.columns[self.column(Lifeline::Mapi)];
        match block.row {
            Row::Arrow { from, to, .. } if from == to => self.columns[self.column(*from)] + 30,
            Row::Arrow { from, to, .. } => {
                self.columns[self.column(*from).min(self.column(*to))] + 8
            }
            Row::Note(..) => mapi.saturating_sub(block.width() / 2).max(EDGE / 2),
        }
    }

    fn finish(mut self) -> String {
        let blocks = std::mem::take(&mut self.blocks);
        let right = blocks.iter().map(|block| self.left(block) + block.width()).max().unwrap_or(0);
        let width = right.max(self.columns[self.columns.len() - 1] + GAP / 2) + EDGE;
        let height = blocks.iter().map(Block::height).sum::<usize>() + HEAD + 3 * EDGE;
        let (lifelines, columns) = (self.lifelines, self.columns.clone());
        for (lifeline, x) in lifelines.iter().zip(columns) {
            let title = lifeline.title();
            let half = width_of(&title) / 2 + 8;
            let (bottom, text) = (height - EDGE, EDGE + HEAD - 10);
            self.put(format_args!("<path class=\"l\" d=\"M{x} {HEAD}V{bottom}\"/>"));
            self.rect("h", [x - half, EDGE, 2 * half, HEAD - 4]);
            self.text(x - half + 8, text, &[title], "");
        }
        let mut top = HEAD + 2 * EDGE;
        for block in blocks {
            self.block(&block, top);
            top += block.height();
        }
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\"><style>{STYLE}</style>\
             <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n{}</svg>\n",
            self.body
        )
    }

    fn block(&mut self, block: &Block<'_>, top: usize) {
        let left = self.left(block);
        match block.row {
            Row::Note(tone, _) => {
                let class = match tone {
                    Tone::Plain => "p",
                    Tone::Warning => "w",
                };
                self.rect(class, [left, top, block.width(), block.lines.len() * LINE + 6]);
                self.text(left + 8, top + LINE - 1, &block.lines, "");
            }
            Row::Arrow { from, to, style, .. } => {
                self.text(left, top + LINE - 3, &block.lines, " class=\"t\"");
                let (from, to) = (self.columns[self.column(*from)], self.columns[self.column(*to)]);
                let y = top + block.lines.len() * LINE + 4;
                self.arrow(from, to, y, *style);
            }
        }
    }

    fn arrow(&mut self, from: usize, to: usize, y: usize, style: Style) {
        let class = if style == Style::Dashed { "d" } else { "a" };
        match from == to {
            true => {
                let top = y - LINE;
                self.put(format_args!("<path class=\"{class}\" d=\"M{from} {top}h22V{y}H{to}\"/>"));
            }
            false => self.put(format_args!("<path class=\"{class}\" d=\"M{from} {y}H{to}\"/>")),
        }
        let back = if from < to { to - 7 } else { to + 7 };
        let (above, below) = (y - 4, y + 4);
        let head = match style {
            Style::Solid | Style::Dashed => format!("M{back} {above}L{to} {y}L{back} {below}"),
            Style::Lost => {
                let beyond = if from < to { to + 1 } else { to - 1 };
                format!("M{back} {above}L{beyond} {below}M{back} {below}L{beyond} {above}")
            }
        };
        self.put(format_args!("<path class=\"a\" d=\"{head}\"/>"));
    }

    fn rect(&mut self, class: &str, [x, y, width, height]: [usize; 4]) {
        self.put(format_args!(
            "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" \
             rx=\"3\"/>"
        ));
    }

    fn text(&mut self, x: usize, y: usize, lines: &[String], attribute: &str) {
        for (place, line) in lines.iter().enumerate() {
            let (y, line) = (y + place * LINE, escaped(line));
            self.put(format_args!("<text{attribute} x=\"{x}\" y=\"{y}\">{line}</text>"));
        }
    }

    fn put(&mut self, element: std::fmt::Arguments<'_>) {
        // Writing to a string does not fail.
        let _ = writeln!(self.body, "{element}");
    }
}

/// Text that XML takes as it is.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            letter if letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}') => {
                escaped.push('\u{fffd}');
            }
            letter => escaped.push(letter),
        }
    }
    escaped
}
