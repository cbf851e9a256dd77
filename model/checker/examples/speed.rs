//! How fast two-phase commit is explored, beside stateright's breadth-first checker with one
//! thread: `cargo run -p stateright-exact --example speed [MANAGERS]`.

use std::num::NonZeroUsize;

use stateright_exact::{Checks, Counts, Limits, Order, Silent, compare, explore, stateright_check};

#[path = "../tests/checker/two_phase_commit.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod two_phase_commit;

use two_phase_commit::TwoPhaseCommit;

fn main() {
    let managers = std::env::args().nth(1).map_or(Ok(7), |it| it.parse());
    let managers = managers.expect("the argument is a number of managers");
    println!("{managers} managers: bytes a state, edges a second, here and by stateright");
    measure::<0>(managers);
    measure::<14>(managers);
}

/// With so many words of ballast in a state.
fn measure<const PAD: usize>(managers: u8) {
    let model = Silent(TwoPhaseCommit::<PAD> { managers });
    let checks = Checks::from_silent(&model).expect("nothing is refused");
    let limits = Limits::default();
    let own = explore(&model, &checks, &limits, &mut |_| {});
    let one = NonZeroUsize::MIN;
    let stateright = stateright_check(&model.0, Order::BreadthFirst, &limits, one);
    compare(&own, &stateright).expect("both checkers agree");

    let Counts { states, edges, .. } = own.counts;
    let own_rate = edges as f64 / own.elapsed.as_secs_f64();
    let its_rate = edges as f64 / stateright.elapsed.as_secs_f64();
    println!(
        "{:>4} {own_rate:>12.0} {its_rate:>12.0}   {:.1} times; {} states, {} bytes each",
        16 + 8 * PAD,
        own_rate / its_rate,
        states,
        own.bytes / states,
    );
}
