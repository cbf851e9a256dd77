//! The scope `sharing` is what it says it is: every way of deciding, of choosing a profile and of
//! judging credentials is open to two clients.

use mapi_session_model::{Client, Protocol, Rule, Scope};
use stateright_exact::{Checks, Goal, Limits, Outcome, explore};

const BRANCHES: [Rule; 16] = [
    Rule::Join,
    Rule::DoNotJoin,
    Rule::UseNamedProfile,
    Rule::RefuseAbsentProfile,
    Rule::UseDefaultProfile,
    Rule::AskInsteadOfDefault,
    Rule::RefuseWithoutDefault,
    Rule::AskForProfile,
    Rule::RefuseWithoutName,
    Rule::PassOpenProfile,
    Rule::RefuseNeedlessPassword,
    Rule::AskForMissingPassword,
    Rule::RefuseMissingPassword,
    Rule::AcceptPassword,
    Rule::AskForBetterPassword,
    Rule::RefuseWrongPassword,
];

#[test]
fn every_branch_of_a_logon_is_taken_by_two_clients() {
    let text = include_str!("../../specs/scopes/sharing.toml");
    let world = Protocol::sound(Scope::parse("sharing.toml", text).expect("it is well-formed"));
    let mut checks = Checks::new();
    for (rule, client) in BRANCHES.into_iter().flat_map(|rule| CLIENTS.map(|it| (rule, it))) {
        let is_taken = move |_: &Protocol, edge: &stateright_exact::Edge<'_, Protocol>| {
            edge.seen.rule == rule && edge.action.client() == client
        };
        checks = checks.goal(Goal::step(format!("{rule:?} by {client}"), is_taken));
    }
    let report = explore(&world, &checks, &Limits::default(), &mut |_| {});
    for rule in BRANCHES {
        let is_reached = |client: &Client| {
            let property = report.property(&format!("{rule:?} by {client}"));
            matches!(property.map(|it| &it.outcome), Some(Outcome::Reached { .. }))
        };
        let takers = CLIENTS.iter().filter(|client| is_reached(client)).count();
        assert!(takers >= 2, "{rule:?} is taken by {takers} clients");
    }
}

const CLIENTS: [Client; 3] = [Client::A, Client::B, Client::C];
