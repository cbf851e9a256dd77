//! One replay: step by step, engine against model, and against a core in the model's words.
//!
//! [`Replay::step`] brings an action about, lets the engine take its step, and compares.

use std::{
    collections::{BTreeMap, BTreeSet},
    mem::discriminant,
    sync::Arc,
};

use mapi_session::{CallId, ProfileKey, StepRecord, Withdrawal};
use mapi_session_core::{Event, Rule, Sessions};
use mapi_session_model::{Action, Client, Protocol, Start, State, Step};

use super::{
    Cause, EngineFailure, EngineReplay, Place, Reason, Skipped,
    renumber::{Numbers, same_effects},
    script::Troupe,
    sinks::Queued,
    stage::Stage,
    subject::{begins, subject},
    tables::Asking,
};
use crate::projection::{Beside, Projection};

/// Why a step did not come about, or went wrong.
pub(super) enum Trouble {
    /// It cannot come about.
    Cannot(Reason),
    /// It can, but not as it should.
    Wrong(Cause),
}

impl Trouble {
    pub(super) fn differs(what: impl Into<String>) -> Self {
        Self::Wrong(Cause::Differs(what.into()))
    }

    pub(super) fn stuck(what: String) -> Self {
        Self::Wrong(Cause::Stuck(what))
    }
}

/// An engine on its stage, and what it is held against.
pub(super) struct Replay<'a> {
    pub(super) world: &'a Protocol,
    pub(super) projection: Projection<'a>,
    pub(super) stage: Arc<Stage>,
    pub(super) troupe: Troupe,
    pub(super) numbers: Numbers,
    /// The means to give calls up.
    pub(super) withdrawals: BTreeMap<CallId, Withdrawal>,
    /// Where the model is.
    pub(super) state: State,
    /// A core in the model's words, to which the same happens, and the profiles beside it.
    pub(super) mirror: Beside,
    /// A core in the engine's numbers, to which the same happens: it is there when the engine has
    /// gone.
    pub(super) shadow: Sessions,
    /// How many threads had fallen asleep before the step.
    pub(super) slept_before: u64,
    /// What is still to happen, this step included.
    pub(super) rest: &'a [Action],
    /// What is queued for sinks.
    pub(super) queued: Vec<Queued>,
    /// The names that profiles have ever borne, by their places.
    pub(super) borne: BTreeSet<(ProfileKey, String)>,
    /// Who has asked for a status table and waits for the spooler.
    pub(super) waiting: Vec<Asking>,
    pub(super) steps: u64,
    report: EngineReplay,
}

/// Goes through a trace, and makes an end of everything, however it went.
pub(super) fn replay(
    world: &Protocol,
    start: &Start,
    actions: &[Action],
) -> Result<EngineReplay, EngineFailure> {
    let sound = Protocol::sound(world.scope.clone());
    let all: Vec<Action> = start.history.iter().chain(actions).copied().collect();
    let mut replay = Replay::new(&sound, start);
    let mut failure = None;
    for (place, action) in all.iter().enumerate() {
        let past = start.history.len();
        if place == past {
            replay.world = world;
        }
        replay.rest = &all[place..];
        let (at, step) = match place.checked_sub(past) {
            None => (Place::History(place + 1), 0),
            Some(place) => (Place::Step(place + 1), place + 1),
        };
        if let Err(what) = replay.step(step, *action) {
            failure = Some(replay.failure(at, world.scope.describe(*action), what));
            break;
        }
    }
    if failure.is_none()
        && let Err(what) = replay.hear_latecomers()
    {
        failure = Some(replay.failure(Place::Afterwards, "late answers come".into(), what));
    }
    let (report, ended) = replay.end();
    match (failure, ended) {
        (None, Ok(())) => Ok(report),
        (Some(failure), Ok(())) | (None, Err(failure)) => Err(failure),
        (Some(mut failure), Err(ended)) => {
            failure.threads.push(format!("and at the end: {}", ended.cause));
            Err(failure)
        }
    }
}

impl<'a> Replay<'a> {
    fn new(world: &'a Protocol, start: &Start) -> Self {
        let scope = &world.scope;
        let stage = Stage::new();
        let troupe = Troupe::new(scope, start.default, &stage);
        let mut numbers = Numbers::default();
        for (client, process) in Client::ALL.into_iter().zip(&troupe.processes) {
            numbers.bind_client(process.id(), mapi_session::ClientId(client.index() as u32));
        }
        for _ in &scope.profiles {
            numbers.bind_listed_profile();
        }
        let projection = Projection::new(scope);
        let (mirror, shadow) = (projection.beside(start.default), projection.core());
        let state = State::new(scope.profiles_at_start(), start.default);
        let withdrawals = BTreeMap::new();
        let (rest, report) = (&[][..], EngineReplay::default());
        Self {
            world,
            projection,
            stage,
            troupe,
            numbers,
            withdrawals,
            state,
            mirror,
            shadow,
            rest,
            queued: Vec::new(),
            borne: BTreeSet::new(),
            waiting: Vec::new(),
            slept_before: 0,
            steps: 0,
            report,
        }
    }

    pub(super) fn failure(&self, at: Place, action: String, cause: Cause) -> EngineFailure {
        let threads = self.stage.describe().into_iter().chain(self.numbers.legend()).collect();
        EngineFailure { at, action, cause, threads }
    }

    /// One action, on all of them.
    fn step(&mut self, step: usize, action: Action) -> Result<(), Cause> {
        let model = self.world.next(&self.state, action);
        match self.take(action, &model) {
            Ok(rule) => self.report.taken.push(rule),
            Err(Trouble::Cannot(reason)) if model.after == self.state => {
                self.report.skipped.push(Skipped { step, action, reason });
            }
            Err(Trouble::Cannot(reason)) => return Err(Cause::Impossible(reason)),
            Err(Trouble::Wrong(cause)) => return Err(cause),
        }
        self.state = model.after;
        Ok(())
    }

    fn take(&mut self, action: Action, model: &Step) -> Result<Rule, Trouble> {
        let expected = self.projection.event(&self.state, action, model, &self.mirror);
        let ticket = self.produce(action, &expected)?;
        let event = self.stage.look(|scene| {
            let held = scene.held.iter().find(|held| held.ticket == ticket);
            held.map(|held| held.event.clone())
        });
        let event = event.ok_or_else(|| Trouble::stuck("an event was let go early".into()))?;
        self.borne.extend(self.mirror.store.listed().into_iter().map(|row| (row.0, row.1)));
        if let (Some(number), Some(name)) = (begins(&event), begins(&expected)) {
            self.numbers.bind(number, name);
        }
        let before = self.troupe.environment.state();
        let record = self.let_go(ticket, &event)?;
        let fed = self.numbers.event(&record.event).map_err(Trouble::differs)?;
        let said = self.mirror.core.step(fed.clone());
        if fed != expected && (said.rule, model.after) != (Rule::IgnoreStale, self.state) {
            return Err(Trouble::differs(format!(
                "expected {expected:?}, the engine feeds {fed:?}"
            )));
        }
        let ordered = self.numbers.effects(&record.effects).map_err(Trouble::differs)?;
        let compared = self.projection.compare_effects(&self.state, action, model, &ordered);
        compared.map_err(Trouble::differs)?;
        self.bind_profiles(&record.effects, model);
        let carried_out = self.projection.carry_out(action, model, &said.effects, &mut self.mirror);
        carried_out.map_err(Trouble::differs)?;
        if record.rule != said.rule {
            let (expected, found) = (said.rule, record.rule);
            return Err(Trouble::differs(format!(
                "expected {expected}, the engine follows {found}"
            )));
        }
        same_effects(&ordered, &said.effects).map_err(Trouble::differs)?;
        self.projection.compare_states(&model.after, &self.mirror).map_err(Trouble::differs)?;
        let after = self.troupe.environment.state();
        self.numbers.compare(&after, &self.mirror.core).map_err(Trouble::differs)?;
        self.settle(&record, &before, &after)?;
        self.compare_profiles(&model.after)?;
        self.compare_tables(&model.after)?;
        Ok(record.rule)
    }

    /// Lets a thread go on, and waits for the step that it takes, which must be the next one.
    pub(super) fn let_go(&mut self, ticket: u64, event: &Event) -> Result<StepRecord, Trouble> {
        self.slept_before = self.stage.look(|scene| {
            scene.held.retain(|held| held.ticket != ticket);
            scene.slept
        });
        let what = format!("the record of {event:?}");
        let record = self.stage.wait(&what, |scene| scene.records.pop_front());
        let record = record.map_err(Trouble::stuck)?;
        self.steps += 1;
        if record.number != self.steps || !is_same(&record.event, event) {
            let number = self.steps;
            let what =
                format!("expected step {number} to be {event:?}, the engine took {record:?}");
            return Err(Trouble::differs(what));
        }
        self.follow(&record).map_err(Trouble::differs)?;
        Ok(record)
    }

    /// Has the shadow follow, which must do the same.
    pub(super) fn follow(&mut self, record: &StepRecord) -> Result<(), String> {
        let step = self.shadow.step(record.event.clone());
        match (step.rule, &step.effects) == (record.rule, &record.effects) {
            true => Ok(()),
            false => Err(format!("the same core says {step:?}, the engine's {record:?}")),
        }
    }

    /// Counts an answer that came too late.
    pub(super) fn count_latecomer(&mut self) {
        self.report.late += 1;
    }

    pub(super) fn into_report(self) -> EngineReplay {
        self.report
    }
}

/// Whether an event is the one that was held: what it says of profiles is read when it is let go.
fn is_same(event: &Event, held: &Event) -> bool {
    let reads = matches!(
        event,
        Event::ProfileLookedUp { .. }
            | Event::PasswordChecked { .. }
            | Event::ServicesRead { .. }
            | Event::AdminCalled { .. }
            | Event::ServiceAdminCalled { .. }
    );
    event == held
        || reads && discriminant(event) == discriminant(held) && subject(event) == subject(held)
}
