//! What is shown while `verify` works and when it is done: text and bars for people, or one JSON
//! object for programs.

use std::{
    io::{self, Write},
    time::Duration,
};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

/// Where everything that `verify` says goes.
#[derive(Clone, Debug)]
pub struct Output {
    json: bool,
    bars: MultiProgress,
}

impl Output {
    /// For programs if `json`, else for people. Bars are drawn on a terminal only.
    pub fn new(json: bool) -> Self {
        let target = match json {
            true => ProgressDrawTarget::hidden(),
            false => ProgressDrawTarget::stderr_with_hz(5),
        };
        Self { json, bars: MultiProgress::with_draw_target(target) }
    }

    /// Says something to people.
    pub fn say(&self, text: impl AsRef<str>) {
        if !self.json {
            write(text.as_ref());
        }
    }

    /// Says what went wrong, whoever listens.
    pub fn complain(&self, error: &str) {
        // Whoever closed the pipe does not want to hear more.
        let _ = writeln!(io::stderr().lock(), "error: {error}");
    }

    /// Says the one thing that programs are told.
    pub fn object(&self, object: &impl Serialize) {
        if self.json {
            let text = serde_json::to_string_pretty(object);
            write(&text.unwrap_or_else(|error| format!("{{\"error\": {:?}}}", error.to_string())));
        }
    }

    /// A bar for a piece of work, of known size or not.
    pub fn bar(&self, name: impl Into<String>, size: Option<u64>) -> ProgressBar {
        let bar = match size {
            Some(size) => ProgressBar::new(size)
                .with_style(style("{prefix:28} [{bar:30}] {human_pos} of {human_len} {wide_msg}")),
            None => ProgressBar::no_length()
                .with_style(style("{prefix:28} {spinner} {human_pos} {wide_msg}")),
        };
        let bar = self.bars.add(bar.with_prefix(name.into()));
        bar.enable_steady_tick(Duration::from_millis(200));
        bar
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// Whoever closed the pipe does not want to hear more.
fn write(text: &str) {
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
}

/// A number with a comma after every three digits.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number of bytes, in MiB.
pub fn mebibytes(bytes: u64) -> String {
    format!("{} MiB", grouped(bytes.div_ceil(1 << 20)))
}

/// How many in a second.
pub fn rate(count: u64, seconds: f64) -> u64 {
    (count as f64 / seconds.max(1e-6)) as u64
}

/// The most memory that this process has used, where the system tells.
pub fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes << 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_three() {
        assert_eq!([0, 999, 1000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }
}
