//! One walk: what is chosen, taken on model and core together, watched at every step.

use std::{
    collections::BTreeSet,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
};

use mapi_session_model::{
    Action, Fast, Fault, InitArgument, Name, Notification, Protocol, ProviderResult, Scope,
    Session, State, Status,
    properties::{INVARIANTS, STEPS, Transition},
};
use mapi_session_tests::lockstep::Pair;
use stateright::Model;

use crate::world::{Beginning, Plan};

/// What walks came across.
#[derive(Clone, Debug, Default)]
pub(crate) struct Met {
    pub(crate) steps: u64,
    /// Those of them that changed nothing.
    pub(crate) refused: u64,
    pub(crate) rules: BTreeSet<mapi_session_model::Rule>,
    pub(crate) core_rules: BTreeSet<mapi_session_core::Rule>,
}

/// What is wrong at the end of a walk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wrong {
    /// The first property of the model that does not hold.
    pub(crate) violated: Option<&'static str>,
    /// How model and core differ.
    pub(crate) differs: Option<String>,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(property) = self.violated {
            writeln!(f, "violated: {property}")?;
        }
        match &self.differs {
            Some(what) => writeln!(f, "model and core differ: {what}"),
            None => Ok(()),
        }
    }
}

/// A walk in progress.
struct Walk<'a> {
    world: &'a Protocol,
    pair: Pair<'a>,
    met: &'a mut Met,
    /// What happened, the step that went wrong included.
    actions: &'a mut Vec<Action>,
}

/// Takes the walk that a plan means, then ends all clients; also says what happened.
pub(crate) fn walk(
    plan: &Plan,
    fault: Option<Fault>,
    met: &mut Met,
) -> (Vec<Action>, Result<(), Wrong>) {
    let mut calm = Protocol::sound(plan.scope.clone());
    calm.scope.calls.stray = false;
    watched(plan, fault, met, |walk| {
        if plan.beginning == Beginning::Everybody {
            for client in plan.scope.callers() {
                walk.take(Action::Initialize { client, with: InitArgument::Application })?;
            }
        }
        for choice in &plan.choices {
            walk.take(choose(walk.world, &calm, walk.pair.state(), *choice))?;
        }
        Ok(())
    })
}

/// The same with actions that are given.
pub(crate) fn retrace(
    plan: &Plan,
    fault: Option<Fault>,
    actions: &[Action],
) -> (Vec<Action>, Result<(), Wrong>) {
    watched(plan, fault, &mut Met::default(), |walk| {
        actions.iter().try_for_each(|action| walk.take(*action))
    })
}

/// A walk, and the end of all clients after it. A panic is wrong too.
fn watched(
    plan: &Plan,
    fault: Option<Fault>,
    met: &mut Met,
    steps: impl FnOnce(&mut Walk<'_>) -> Result<(), Wrong>,
) -> (Vec<Action>, Result<(), Wrong>) {
    let world = Protocol { scope: plan.scope.clone(), fault };
    let mut actions = Vec::new();
    let walked = catch_unwind(AssertUnwindSafe(|| {
        let pair = Pair::new(&world, plan.start).map_err(|it| differs(it.what))?;
        let mut walk = Walk { world: &world, pair, met, actions: &mut actions };
        steps(&mut walk)?;
        walk.end()
    }));
    (actions, walked.unwrap_or_else(|_| Err(differs("one of them panics, as said above".into()))))
}

fn differs(what: String) -> Wrong {
    Wrong { violated: None, differs: Some(what) }
}

impl Walk<'_> {
    /// One step, with everything that can be said of it.
    fn take(&mut self, action: Action) -> Result<(), Wrong> {
        self.actions.push(action);
        let (world, before) = (self.world, *self.pair.state());
        let step = world.next(&before, action);
        let edge = Transition { scope: &world.scope, before: &before, action, step: &step };
        let of_step = STEPS.iter().find(|it| !(it.holds)(&edge)).map(|it| it.name);
        let of_state = || INVARIANTS.iter().find(|it| !(it.holds)(world, &step.after));
        let violated = of_step.or_else(|| of_state().map(|it| it.name));
        let taken = self.pair.step(action);
        let (Ok((_, core_rule)), None) = (&taken, violated) else {
            return Err(Wrong { violated, differs: taken.err() });
        };
        self.pair.core().check_invariants();
        self.met.steps += 1;
        self.met.refused += u64::from(step.after == before);
        self.met.rules.insert(step.rule);
        self.met.core_rules.insert(*core_rule);
        Ok(())
    }

    /// Everything that waits for handles is handed over.
    fn hand_over(&mut self) -> Result<(), Wrong> {
        let waiting = |state: &State| {
            let inboxes = state.handles().filter_map(|(name, it)| Some((name, it.inbox()?)));
            let mut events = inboxes.flat_map(|(handle, inbox)| {
                let queued = Notification::ALL.into_iter().filter(move |it| inbox.count(*it) > 0);
                queued.map(move |notification| Action::Deliver { handle, notification })
            });
            events.next()
        };
        while let Some(event) = waiting(self.pair.state()) {
            self.take(event)?;
        }
        Ok(())
    }

    /// All clients die, and what their sessions still owe comes in. Nothing may be left.
    fn end(&mut self) -> Result<(), Wrong> {
        let scope = &self.world.scope;
        for client in scope.callers() {
            // The model has room for as many notices as one death makes, and for few more.
            self.hand_over()?;
            let crash = Action::Crash { client };
            if self.world.next(self.pair.state(), crash).after != *self.pair.state() {
                self.take(crash)?;
            }
        }
        let sessions = self.pair.state().sessions.iter();
        let providers = sessions.map(|it| scope.snapshot_of(it).providers().count());
        // Each may still answer, log off and shut down; then its session is closed.
        let most: usize = providers.map(|providers| 3 * providers + 1).sum();
        for _ in 0..most {
            let Some(session) = self.pair.state().sessions.first() else { break };
            self.take(owed(scope, &session))?;
        }
        match self.pair.state().is_at_rest() && *self.pair.core() == self.pair.fresh() {
            true => Ok(()),
            false => Err(differs(format!("this is left: {:?}", self.pair.core()))),
        }
    }
}

/// What somebody still owes a session that nobody uses any more.
fn owed(scope: &Scope, of: &Session) -> Action {
    let session = of.name;
    let owed = scope.snapshot_of(of).providers().find_map(|(provider, _)| {
        match of.providers.get(provider) {
            Status::Late => {
                let result = ProviderResult::Ok;
                Some(Action::ProviderAnswered { session, provider, result })
            }
            Status::LoggingOff => Some(Action::ProviderLoggedOff { session, provider }),
            Status::ShuttingDown => Some(Action::ProviderShutDown { session, provider }),
            Status::NotStarted | Status::Running | Status::Failed | Status::Quiesced => None,
        }
    });
    owed.unwrap_or(Action::SessionClosed { session })
}

/// The kinds of action that a choice is made among.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// What somebody waits for.
    Answer,
    /// A logon of a client that is initialised.
    Logon,
    /// A call on a live or logged-off handle of one's own.
    Handle,
    /// A call that opens something through a handle of one's own, or of what is open.
    Object,
    /// A call on a handle of one's own that is about the session itself, or a demand.
    Session,
    /// A call that changes profiles, or the services of one.
    Edit,
    /// A call on the way to a fast shutdown.
    Leave,
    /// A call of `MAPIInitialize` that makes sense, or the end of a process that makes no more
    /// calls.
    Initialize,
    /// A withdrawal, a deadline, the end of a short wait.
    Hurry,
    /// The last a client does, or one before.
    End,
    /// A call that is refused for what the caller is or has.
    Hopeless,
}

/// How often each kind is chosen, in sixty-fourths. Otherwise everything is chosen among, answers
/// that nobody waits for included.
const ODDS: [(Kind, usize); 10] = [
    (Kind::Answer, 24),
    (Kind::Logon, 7),
    (Kind::Handle, 3),
    (Kind::Object, 11),
    (Kind::Session, 4),
    (Kind::Edit, 3),
    (Kind::Leave, 2),
    (Kind::Initialize, 2),
    (Kind::Hurry, 4),
    (Kind::End, 1),
];

/// The kind that a number below 64 means.
fn kind(number: usize) -> Option<Kind> {
    let mut below = 0;
    let mut kinds = ODDS.iter().map(|(kind, odds)| {
        below += odds;
        (*kind, below)
    });
    kinds.find(|(_, below)| number < *below).map(|(kind, _)| kind)
}

/// The action that a choice means in this state. `calm` offers no answers that nobody waits for.
fn choose(world: &Protocol, calm: &Protocol, state: &State, choice: u16) -> Action {
    let (number, place) = (usize::from(choice) % 64, usize::from(choice) / 64);
    let wanted = kind(number);
    let offers = if wanted.is_some() { calm } else { world };
    let actions = offered(offers, state);
    // Where there is no such action, the next best will do.
    let wanted = wanted.into_iter().flat_map(|kind| [kind, Kind::Answer, Kind::Logon]);
    for kind in wanted {
        let is_wanted = |it: &&Action| kind_of(state, **it) == kind;
        let count = actions.iter().filter(is_wanted).count();
        if count > 0 {
            return *actions.iter().filter(is_wanted).nth(place % count).expect("below the count");
        }
    }
    actions[place % actions.len()]
}

/// The calls under way that a state has room for; five clients with two calls each would be more.
const MOST_CALLS: usize = 5;

/// What may happen next. If there is no room for a call, nobody makes one.
pub(crate) fn offered(world: &Protocol, state: &State) -> Vec<Action> {
    let mut actions = Vec::new();
    if state.calls.len() < MOST_CALLS {
        world.actions(state, &mut actions);
    } else {
        let mut silent = world.clone();
        silent.scope.calls_in_progress = 0;
        silent.scope.calls.nested = false;
        silent.actions(state, &mut actions);
    }
    actions
}

fn kind_of(state: &State, action: Action) -> Kind {
    let is_there = state.clients[action.client().index()].count > 0;
    let own = |client, handle: Name| handle.client() == client && state.handle(handle).is_some();
    match action {
        Action::Initialize { with, .. } => match with {
            InitArgument::Application | InitArgument::Service => Kind::Initialize,
            InitArgument::UndefinedFlag | InitArgument::WrongVersion => Kind::Hopeless,
        },
        Action::Logon { .. } if is_there => Kind::Logon,
        Action::Logoff { client, handle, .. } | Action::Release { client, handle }
            if own(client, handle) =>
        {
            Kind::Handle
        }
        Action::Open { client, handle, .. }
        | Action::Use { client, handle, .. }
        | Action::StoreLogoff { client, handle, .. }
            if own(client, handle) =>
        {
            Kind::Object
        }
        Action::SetDefaultStore { client, handle, .. }
        | Action::Advise { client, handle }
        | Action::Unadvise { client, handle }
            if own(client, handle) =>
        {
            Kind::Session
        }
        Action::AdminServices { client, handle, .. } if own(client, handle) => Kind::Edit,
        Action::FastShutdown { client, handle, .. } if own(client, handle) => Kind::Leave,
        Action::Administer { .. } if is_there => Kind::Edit,
        Action::Demand { .. } => Kind::Session,
        Action::Logon { .. }
        | Action::Logoff { .. }
        | Action::Release { .. }
        | Action::Open { .. }
        | Action::Use { .. }
        | Action::StoreLogoff { .. }
        | Action::SetDefaultStore { .. }
        | Action::Advise { .. }
        | Action::Unadvise { .. }
        | Action::Administer { .. }
        | Action::AdminServices { .. }
        | Action::FastShutdown { .. } => Kind::Hopeless,
        Action::Crash { client } if state.clients[client.index()].fast == Fast::Done => {
            Kind::Initialize
        }
        Action::Crash { .. } | Action::Uninitialize { .. } if is_there => Kind::End,
        Action::Crash { .. } | Action::Uninitialize { .. } => Kind::Hopeless,
        Action::Withdraw { .. } | Action::Deadline { .. } | Action::Timeout { .. } => Kind::Hurry,
        Action::Continue { .. }
        | Action::LookedUp { .. }
        | Action::Choose { .. }
        | Action::Checked { .. }
        | Action::EnterPassword { .. }
        | Action::Confirm { .. }
        | Action::Voted { .. }
        | Action::ServicesRead { .. }
        | Action::EntryReturned { .. }
        | Action::RetryAnswered { .. }
        | Action::ProviderAnswered { .. }
        | Action::ProviderLoggedOff { .. }
        | Action::ProviderShutDown { .. }
        | Action::TransportConfigured { .. }
        | Action::Deliver { .. }
        | Action::SessionClosed { .. } => Kind::Answer,
    }
}
