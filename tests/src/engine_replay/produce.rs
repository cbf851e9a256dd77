//! How an action of the model is brought about in the engine.
//!
//! Each ends with one thread held before the one event that the action stands for. Calls, deaths
//! and withdrawals get a thread of their own; what follows from an order, the engine does by itself
//! and is held already; users and providers are told what to do; deadlines are let pass.

use std::mem::discriminant;

use mapi_session::{CallId, HandleId, Patience, ProfileChosen, RetryChoice, Withdrawal};
use mapi_session_core::{
    CallStage, Entry, Event, ProviderId, Series, SeriesStage, SessionId, Sessions, Stage as At,
    TransportSeries, TransportStage, Wait,
};
use mapi_session_model::{
    Action, ChooserAnswer, LogoffAnswer, Name, Password, PasswordAnswer, RetryAnswer,
};

use super::{
    Reason,
    replay::{Replay, Trouble},
    script::{RIGHT, Request, WRONG, patience},
    stage::{Asked, Order, Reply, Scene, Visit},
    subject::{Part, Subject, begins, subject},
};
use crate::projection::{ABSENT, written_name};

impl Replay<'_> {
    /// Brings an action about, up to the event, which is held; its ticket.
    pub(super) fn produce(&mut self, action: Action, expected: &Event) -> Result<u64, Trouble> {
        match action {
            Action::Initialize { .. }
            | Action::Uninitialize { .. }
            | Action::Logon { .. }
            | Action::Logoff { .. }
            | Action::Release { .. }
            | Action::Open { .. }
            | Action::Use { .. }
            | Action::StoreLogoff { .. }
            | Action::SetDefaultStore { .. }
            | Action::Advise { .. }
            | Action::Administer { .. }
            | Action::AdminServices { .. }
            | Action::FastShutdown { .. } => self.call(action, expected),
            Action::Voted { call, vote } => self.answer(call, expected, Reply::Vote(vote)),
            Action::Unadvise { handle, .. } => {
                self.end_spare_connections(handle)?;
                self.call(action, expected)
            }
            Action::Demand { session } => self.demand(session),
            Action::Deliver { handle, .. } => self.deliver(handle, expected),
            Action::Crash { client } => {
                let process = self.troupe.processes[client.index()].clone();
                let thread = self.stage.spawn(move || process.crash());
                self.held("a client to die", |scene| {
                    scene.held.iter().find(|held| held.thread == thread).map(|held| held.ticket)
                })
            }
            Action::Withdraw { call } => self.withdraw(call),
            Action::Deadline { call } | Action::Timeout { call } => self.let_pass(call, expected),
            Action::Continue { call }
            | Action::LookedUp { call }
            | Action::Checked { call }
            | Action::ServicesRead { call } => self.held_already(call, expected),
            Action::ProviderLoggedOff { session, .. }
            | Action::ProviderShutDown { session, .. }
            | Action::SessionClosed { session } => self.held_already(session, expected),
            Action::Choose { call, answer } => {
                let reply = self.choice(answer);
                self.answer(call, expected, reply)
            }
            Action::EnterPassword { call, answer } => {
                self.answer(call, expected, password_reply(answer))
            }
            Action::Confirm { call, answer } => {
                self.answer(call, expected, confirmation_reply(answer))
            }
            Action::RetryAnswered { call, answer, .. } => {
                let reply = match answer {
                    RetryAnswer::Retry => Reply::Chosen(RetryChoice::Retry),
                    RetryAnswer::Correct => Reply::Chosen(RetryChoice::Correct),
                    RetryAnswer::GiveUp => Reply::Chosen(RetryChoice::GiveUp),
                    RetryAnswer::Unavailable => Reply::Unavailable,
                };
                self.answer(call, expected, reply)
            }
            Action::EntryReturned { call, result, .. } => {
                self.answer(call, expected, Reply::Configured(result))
            }
            Action::TransportConfigured { session, result, .. } => {
                self.answer(session, expected, Reply::Configured(result))
            }
            Action::ProviderAnswered { session, result, .. } => {
                self.answer(session, expected, Reply::LoggedOn(result))
            }
        }
    }

    /// A client makes a call: on a thread of its own, or of the foreign code that it is made from.
    fn call(&mut self, action: Action, expected: &Event) -> Result<u64, Trouble> {
        let numbers = &mut self.numbers;
        let handle = |handle: Name| HandleId(numbers.bearer_or_nobody(number(handle)));
        let session = action.handle().and_then(|handle| self.state.session_of(handle));
        let contents = session.and_then(|it| self.state.session(it)).map(|it| it.contents);
        let request = Request::of(&self.world.scope, &self.stage, action, contents, handle);
        let request = request.ok_or_else(|| Trouble::differs("no call of a client"))?;
        let withdrawal = Withdrawal::new();
        let patience = Patience {
            withdrawal: Some(withdrawal.clone()),
            ..patience(self.deadline_is_first(begins(expected)))
        };
        let process = self.troupe.processes[action.client().index()].with_patience(patience);
        let make = move || request.make(&process);
        let thread = match action.inside() {
            Some(outer) => {
                let subject = self.bearer(outer, Reason::NotInside)?;
                let shadow = &self.shadow;
                let visit = self.visit(|it| it.call == Some(subject) && !is_over(it, shadow));
                let visit = visit.ok_or(Trouble::Cannot(Reason::NotInside))?;
                self.order(visit, Order::Call(Box::new(make)))?
            }
            None => {
                let stage = std::sync::Arc::clone(&self.stage);
                self.stage.spawn(move || stage.make(make))
            }
        };
        let held = |scene: &mut Scene| {
            let held = scene.held.iter().find(|held| held.thread == thread)?;
            Some((held.ticket, begins(&held.event)?))
        };
        let held = self.stage.wait("a call to begin", held).map_err(Trouble::stuck);
        let (ticket, call) = held?;
        self.withdrawals.insert(call, withdrawal);
        Ok(ticket)
    }

    /// Whether the first wait of this call to end, from here on, ends at its caller's deadline.
    fn deadline_is_first(&self, call: Option<CallId>) -> bool {
        let is_of = |name: Name| call == Some(number(name));
        let mut rest = self.rest.iter();
        let ends = rest.find_map(|action| {
            if let Action::Deadline { call } = action {
                return is_of(*call).then_some(true);
            }
            let Action::Timeout { call } = action else { return None };
            is_of(*call).then_some(false)
        });
        ends.unwrap_or(false)
    }

    fn withdraw(&mut self, call: Name) -> Result<u64, Trouble> {
        let call = self.bearer(call, Reason::NotUnderWay)?;
        let withdrawal = self.withdrawals.get(&call).filter(|_| is_under_way(&self.shadow, call));
        let withdrawal = withdrawal.cloned().ok_or(Trouble::Cannot(Reason::NotUnderWay))?;
        let thread = self.stage.spawn(move || withdrawal.withdraw());
        self.held("a withdrawal", |scene| {
            scene.held.iter().find(|held| held.thread == thread).map(|held| held.ticket)
        })
    }

    /// Lets time pass for a call that waits.
    fn let_pass(&mut self, name: Name, expected: &Event) -> Result<u64, Trouble> {
        let is_short = matches!(expected, Event::ShortWaitEnded { .. });
        let no_end = if is_short { Reason::NoShortWait } else { Reason::NoDeadline };
        let call = self.bearer(name, no_end)?;
        let is_measured = match stage_of(&self.shadow, call) {
            Some(CallStage::Waiting { request }) => !is_short || request.wait == Wait::Short,
            Some(CallStage::ConfirmingLogoff { .. }) => !is_short,
            Some(CallStage::Holding { stage, .. }) => {
                let waits = matches!(
                    stage,
                    At::AskProfile | At::AskPassword { .. } | At::Show(_) | At::Series(_)
                );
                !is_short && waits
            }
            Some(CallStage::Opening { .. } | CallStage::QueryingFastShutdown { .. }) => !is_short,
            Some(CallStage::TimedOut) | None => false,
        };
        if !is_measured {
            return Err(Trouble::Cannot(no_end));
        }
        let is_next = self.shadow.mutex().is_none() && self.shadow.queue().next() == Some(call);
        let is_due = self.state.open(name).is_some_and(|open| self.state.is_due(open));
        if is_next || is_due {
            return Err(Trouble::Cannot(Reason::TurnHasCome));
        }
        self.stage.pass_time(call).map_err(Trouble::stuck)?;
        self.held("a wait to end", |scene| ticket(scene, call, expected))
    }

    /// What the engine does of itself is held by now.
    fn held_already(&mut self, call: Name, expected: &Event) -> Result<u64, Trouble> {
        let call = self.bearer(call, Reason::NobodyAnswers)?;
        let held = self.stage.look(|scene| ticket(scene, call, expected));
        held.ok_or(Trouble::Cannot(Reason::NobodyAnswers))
    }

    /// A user, a provider or an entry function answers what it was asked for this call or session.
    fn answer(&mut self, name: Name, expected: &Event, reply: Reply) -> Result<u64, Trouble> {
        let subject = self.bearer(name, Reason::NobodyAnswers)?;
        let visit = self.visit(|it| !it.is_dropped && it.answers(subject, expected));
        let visit = visit.ok_or(Trouble::Cannot(Reason::NobodyAnswers))?;
        self.order(visit, Order::Return(reply))?;
        self.held("an answer", |scene| ticket(scene, subject, expected))
    }

    /// Tells foreign code what to do; which thread does it.
    pub(super) fn order(
        &mut self,
        visit: u64,
        order: Order,
    ) -> Result<std::thread::ThreadId, Trouble> {
        self.free(visit)?;
        let thread = self.stage.look(|scene| {
            let visit = scene.visit_mut(visit)?;
            visit.is_busy = matches!(order, Order::Call(_));
            visit.order = Some(order);
            Some(visit.thread)
        });
        thread.ok_or_else(|| Trouble::stuck("foreign code has returned".into()))
    }

    /// Waits until foreign code makes no call of its own, if that is about to be.
    fn free(&mut self, visit: u64) -> Result<(), Trouble> {
        let nested = self.stage.look(|scene| {
            let thread = scene.visit_mut(visit).filter(|visit| visit.is_busy)?.thread;
            let held = scene.held.iter().find(|held| held.thread == thread);
            Some((scene.call_of(thread), held.map(|held| (held.ticket, held.event.clone()))))
        });
        let Some((call, held)) = nested else { return Ok(()) };
        if call.is_some_and(|call| is_under_way(&self.shadow, call)) {
            return Err(Trouble::Cannot(Reason::InsideBusy));
        }
        if let Some((ticket, event)) = held {
            self.hear_latecomer(ticket, &event)?;
        }
        let idle = |scene: &mut Scene| scene.visit_mut(visit).filter(|it| !it.is_busy).map(drop);
        self.stage.wait("a call from inside to return", idle).map_err(Trouble::stuck)
    }

    fn choice(&self, answer: ChooserAnswer) -> Reply {
        match answer {
            ChooserAnswer::Pick { profile, password } => {
                let name =
                    profile.map_or(ABSENT.to_owned(), |it| written_name(&self.world.scope, it));
                let password = password.map(|password| match password {
                    Password::None => "".into(),
                    Password::Right => RIGHT.into(),
                    Password::Wrong => WRONG.into(),
                });
                Reply::Picked(ProfileChosen { name, password })
            }
            ChooserAnswer::Cancel => Reply::Cancelled,
            ChooserAnswer::Unavailable => Reply::Unavailable,
        }
    }

    /// The foreign code that is such.
    fn visit(&self, is: impl Fn(&Visit) -> bool) -> Option<u64> {
        self.stage.look(|scene| scene.visits.iter().find(|it| is(it)).map(|it| it.ticket))
    }

    pub(super) fn bearer(&self, name: Name, otherwise: Reason) -> Result<CallId, Trouble> {
        self.numbers.bearer(number(name)).ok_or(Trouble::Cannot(otherwise))
    }

    pub(super) fn held(
        &self,
        what: &str,
        look: impl FnMut(&mut Scene) -> Option<u64>,
    ) -> Result<u64, Trouble> {
        self.stage.wait(what, look).map_err(Trouble::stuck)
    }
}

const fn confirmation_reply(answer: LogoffAnswer) -> Reply {
    match answer {
        LogoffAnswer::Confirm => Reply::Agreed,
        LogoffAnswer::Decline => Reply::Cancelled,
        LogoffAnswer::Unavailable => Reply::Unavailable,
    }
}

fn password_reply(answer: PasswordAnswer) -> Reply {
    match answer {
        PasswordAnswer::Right => Reply::Password(RIGHT.into()),
        PasswordAnswer::Wrong => Reply::Password(WRONG.into()),
        PasswordAnswer::Cancel => Reply::Cancelled,
        PasswordAnswer::Unavailable => Reply::Unavailable,
    }
}

/// The ticket of the thread that is held before such an event about this call or session.
pub(super) fn ticket(scene: &mut Scene, call: CallId, expected: &Event) -> Option<u64> {
    let mut held = scene.held.iter();
    let fits = |event: &Event| {
        let part = subject(expected).map_or(Part::Whole, |it| it.part);
        discriminant(event) == discriminant(expected)
            && subject(event) == Some(Subject { call, part })
    };
    held.find(|held| fits(&held.event)).map(|held| held.ticket)
}

/// Whether the call for which this runs wants no more to know what comes of it.
pub(super) fn is_over(visit: &Visit, core: &Sessions) -> bool {
    match &visit.asked {
        Asked::Chooser { withdrawn, .. }
        | Asked::Password { withdrawn, .. }
        | Asked::Logoff { withdrawn, .. }
        | Asked::Retry { withdrawn, .. } => withdrawn.is_withdrawn(),
        Asked::Provider { session, provider, .. } if visit.call.is_none() => {
            !starts(core, *session, *provider)
        }
        Asked::Entry { session, entry: Entry::Repair(provider), .. } if visit.call.is_none() => {
            !configures(core, *session, *provider)
        }
        Asked::Provider { provider, .. } => {
            let series = visit.call.and_then(|call| series_of(core, call));
            visit.is_dropped
                || !series.is_some_and(|it| {
                    it.provider == *provider && matches!(it.stage, SeriesStage::Attempt(_))
                })
        }
        Asked::Entry { entry, .. } => {
            visit.call.and_then(|call| entry_of(core, call)) != Some(*entry)
        }
        Asked::Vote { session, provider } => {
            let stage = visit.call.and_then(|call| stage_of(core, call));
            let (session, provider) = (*session, *provider);
            stage != Some(CallStage::QueryingFastShutdown { session, provider })
        }
    }
}

/// Whether the spooler waits for this transport to log on.
fn starts(core: &Sessions, session: SessionId, provider: ProviderId) -> bool {
    core.session(session)
        .and_then(|it| it.transport)
        .is_some_and(|it| it.provider == provider && matches!(it.stage, TransportStage::Attempt(_)))
}

/// Whether the spooler waits for the service of this transport to configure itself.
pub(super) fn configures(core: &Sessions, session: SessionId, provider: ProviderId) -> bool {
    let awaited = TransportSeries { provider, stage: TransportStage::Entry };
    core.session(session).is_some_and(|it| it.transport == Some(awaited))
}

/// The series that a call is making.
fn series_of(core: &Sessions, call: CallId) -> Option<Series> {
    match stage_of(core, call)? {
        CallStage::Holding { stage: At::Series(series), .. } => Some(series),
        CallStage::Opening { at, series: Some(stage), .. } => Some(Series { provider: at, stage }),
        CallStage::Holding { .. }
        | CallStage::Opening { series: None, .. }
        | CallStage::Waiting { .. }
        | CallStage::TimedOut
        | CallStage::ConfirmingLogoff { .. }
        | CallStage::QueryingFastShutdown { .. } => None,
    }
}

/// The entry call that a call waits for.
fn entry_of(core: &Sessions, call: CallId) -> Option<Entry> {
    if let Some(CallStage::Holding { stage: At::Show(service), .. }) = stage_of(core, call) {
        return Some(Entry::Show(service));
    }
    let series = series_of(core, call)?;
    matches!(series.stage, SeriesStage::Entry).then_some(Entry::Repair(series.provider))
}

fn stage_of(core: &Sessions, call: CallId) -> Option<CallStage<'_>> {
    core.calls().find(|(it, _)| *it == call).map(|(_, it)| it.stage)
}

pub(super) fn is_under_way(core: &Sessions, call: CallId) -> bool {
    core.calls().any(|(it, _)| it == call)
}

/// The number that stands for a name.
pub(super) fn number(name: Name) -> CallId {
    CallId(name.number().into())
}
