//! After a step: every thread that it set going is followed to where it is held next.
//!
//! So nothing moves when the next action is brought about, and what is held is all there is. At the
//! end come the answers that nobody waits for any more, then everybody dies ([`Replay::end`]).

use std::panic::{AssertUnwindSafe, catch_unwind};

use mapi_session::{CallId, StepRecord};
use mapi_session_core::{Answer, CallStage, Effect, Event, Phase, Rule, Sessions};

use super::{
    Cause, EngineFailure, EngineReplay, Place,
    produce::{is_over, is_starting, is_under_way},
    renumber::subject,
    replay::{Replay, Trouble},
    stage::{Asked, Order, Reply, Returned, Scene},
};

impl Replay<'_> {
    /// Follows the threads that a step has set going.
    pub(super) fn settle(
        &mut self,
        record: &StepRecord,
        before: &Sessions,
        after: &Sessions,
    ) -> Result<(), Trouble> {
        for effect in &record.effects {
            self.carry_out(effect)?;
        }
        for (call, view) in after.calls() {
            if matches!(view.stage, CallStage::Waiting { .. })
                && (after.mutex().is_some() || after.queue().next() != Some(call))
            {
                self.falls_asleep(call)?;
            }
        }
        let answered = |call| {
            let mut effects = record.effects.iter();
            effects.any(|it| matches!(it, Effect::Answer { call: it, .. } if *it == call))
        };
        for (call, _) in before.calls() {
            if !is_under_way(after, call) && !answered(call) {
                self.is_dropped(call)?;
            }
        }
        Ok(())
    }

    fn carry_out(&self, effect: &Effect) -> Result<(), Trouble> {
        match effect {
            Effect::Continue { call } => {
                self.reports(|event| matches!(event, Event::Continued { call: it } if it == call))
            }
            Effect::LookUpProfile { call, .. } => self.reports(
                |event| matches!(event, Event::ProfileLookedUp { call: it, .. } if it == call),
            ),
            Effect::CheckPassword { call, .. } => self.reports(
                |event| matches!(event, Event::PasswordChecked { call: it, .. } if it == call),
            ),
            Effect::StopProviders { session } => self.reports(
                |event| matches!(event, Event::ProvidersStopped { session: it } if it == session),
            ),
            Effect::StartTimer { call } => self.falls_asleep(*call),
            Effect::AskForProfile { call, .. } | Effect::AskForPassword { call, .. } => {
                self.asks(*call, |_| true)?;
                self.falls_asleep(*call)
            }
            Effect::ConfirmLogoff { call, handle } => {
                self.asks(
                    *call,
                    |asked| matches!(asked, Asked::Logoff { handle: it, .. } if it == handle),
                )?;
                self.falls_asleep(*call)
            }
            Effect::WithdrawPrompt { call } => self.stage.look(|scene| {
                let mut visits = scene.visits.iter().filter(|it| it.asked.subject() == *call);
                match visits.all(|it| it.asked.withdrawn().is_none_or(|it| it.is_withdrawn())) {
                    true => Ok(()),
                    false => Err(Trouble::differs(format!("the prompt of {call} stays open"))),
                }
            }),
            Effect::StartProviders { session, profile, dialogs } => {
                let expected = self.name_of(*profile);
                self.asks(session.0, |asked| {
                    matches!(
                        asked,
                        Asked::Provider { profile, dialogs: told, .. }
                            if told == dialogs && Some(profile.as_str()) == expected
                    )
                })
            }
            Effect::Answer { call, answer } => self.returns(*call, answer),
        }
    }

    fn name_of(&self, profile: mapi_session::ProfileKey) -> Option<&str> {
        let place = usize::try_from(profile.0).ok()?.checked_sub(1)?;
        self.world.scope.profiles.get(place).map(|it| it.name.as_str())
    }

    fn reports(&self, is: impl Fn(&Event) -> bool) -> Result<(), Trouble> {
        let look = |scene: &mut Scene| scene.held.iter().any(|it| is(&it.event)).then_some(());
        self.stage.wait("a thread to report what was ordered", look).map_err(Trouble::stuck)
    }

    fn falls_asleep(&self, call: CallId) -> Result<(), Trouble> {
        let what = format!("{call} to fall asleep by the clock");
        let look = |scene: &mut Scene| scene.is_asleep(call).then_some(());
        self.stage.wait(&what, look).map_err(Trouble::stuck)
    }

    fn asks(&self, subject: CallId, is_right: impl Fn(&Asked) -> bool) -> Result<(), Trouble> {
        let what = format!("the user or the providers to be asked for {subject}");
        let asked = self.stage.wait(&what, |scene| {
            let visit = scene.visits.iter().rev().find(|it| it.asked.subject() == subject);
            visit.map(|visit| visit.asked.clone())
        });
        let asked = asked.map_err(Trouble::stuck)?;
        match is_right(&asked) {
            true => Ok(()),
            false => Err(Trouble::differs(format!("asked for something else: {asked:?}"))),
        }
    }

    /// A call returns with this answer, to its very caller.
    fn returns(&self, call: CallId, answer: &Answer) -> Result<(), Trouble> {
        let name = match answer {
            Answer::LoggedOn(Ok(logon)) => self.name_of(logon.profile),
            Answer::LoggedOn(Err(_))
            | Answer::Initialized(_)
            | Answer::Uninitialized
            | Answer::LoggedOff(_)
            | Answer::Released(_) => None,
        };
        let what = format!("{call} to return");
        let returned = self.stage.wait(&what, |scene| scene.returned(call).cloned());
        match returned.map_err(Trouble::stuck)? {
            Returned::Answered(it, profile)
                if it == *answer && profile.as_ref().map(|it| it.as_str()) == name =>
            {
                Ok(())
            }
            other @ (Returned::Answered(..) | Returned::Unanswered | Returned::Panicked) => {
                Err(Trouble::differs(format!("{call} returns {other:?}, its answer is {answer:?}")))
            }
        }
    }

    /// A call that is dropped returns unanswered, unless its thread is on its way to a step.
    fn is_dropped(&self, call: CallId) -> Result<(), Trouble> {
        let what = format!("{call}, which is dropped, to return");
        let returned = self.stage.wait(&what, |scene| {
            let thread = scene.thread_of(call);
            let is_held = scene.held.iter().any(|it| Some(it.thread) == thread);
            scene.returned(call).cloned().or_else(|| is_held.then_some(Returned::Unanswered))
        });
        match returned.map_err(Trouble::stuck)? {
            Returned::Unanswered => Ok(()),
            other @ (Returned::Answered(..) | Returned::Panicked) => {
                Err(Trouble::differs(format!("{call} was dropped, and returns {other:?}")))
            }
        }
    }

    /// Lets an answer come that nobody waits for any more: it must change nothing.
    pub(super) fn hear_latecomer(&mut self, ticket: u64, event: &Event) -> Result<(), Trouble> {
        let before = self.troupe.environment.state();
        let record = self.let_go(ticket, event)?;
        let is_ignored = record.rule == Rule::IgnoreStale && record.effects.is_empty();
        if !is_ignored || self.troupe.environment.state() != before {
            return Err(Trouble::differs(format!("it comes too late, and is heard: {record:?}")));
        }
        self.count_latecomer();
        Ok(())
    }

    /// Lets all answers come that nobody waits for any more.
    pub(super) fn hear_latecomers(&mut self) -> Result<(), Cause> {
        let heard = loop {
            let core = &self.shadow;
            let held = self.stage.look(|scene| {
                let held = scene.held.iter().find(|it| is_late(&it.event, core));
                held.map(|held| (held.ticket, held.event.clone()))
            });
            let visit = self.stage.look(|scene| {
                let mut visits = scene.visits.iter();
                let visit = visits.find(|it| !it.is_busy && is_over(&it.asked, core));
                visit.map(|visit| (visit.ticket, visit.asked.clone()))
            });
            let heard = match (held, visit) {
                (Some((ticket, event)), _) => self.hear_latecomer(ticket, &event),
                (None, Some((visit, asked))) => self.end_visit(visit, &asked),
                (None, None) => break Ok(()),
            };
            if heard.is_err() {
                break heard;
            }
        };
        heard.map_err(|trouble| match trouble {
            Trouble::Cannot(reason) => Cause::Impossible(reason),
            Trouble::Wrong(cause) => cause,
        })
    }

    /// Has foreign code return, up to the event that reports it.
    fn end_visit(&mut self, visit: u64, asked: &Asked) -> Result<(), Trouble> {
        self.order(visit, Order::Return(Reply::Agreed))?;
        self.reports(|event| asked.ends_with(event) && subject(event) == Some(asked.subject()))
    }

    /// Makes an end: everybody goes on unhindered, and dies.
    pub(super) fn end(mut self) -> (EngineReplay, Result<(), EngineFailure>) {
        self.stage.open();
        for process in &self.troupe.processes {
            // An engine that is broken cannot even die; that has been told.
            let _ = catch_unwind(AssertUnwindSafe(|| process.crash()));
        }
        let stage = std::sync::Arc::clone(&self.stage);
        let ended = stage.wait("all calls to return", |scene| scene.has_ended().then_some(()));
        self.troupe.processes.clear();
        // What is left in its place has no threads.
        drop(std::mem::take(&mut self.troupe.environment));
        let over = stage.wait("all threads of the engine to end", |scene| {
            scene.is_over.then(|| std::mem::take(&mut scene.records))
        });
        let mut cause = ended.err().map(Cause::Stuck);
        match over {
            Ok(records) => {
                for record in records {
                    if let Err(what) = self.follow(&record) {
                        cause.get_or_insert(Cause::Differs(what));
                    }
                }
            }
            Err(what) => {
                cause.get_or_insert(Cause::Stuck(what));
            }
        }
        if let Err(what) = self.nothing_is_left() {
            cause.get_or_insert(Cause::Differs(what));
        }
        let failed = cause.map(|what| {
            self.failure(Place::Afterwards, "all clients die, all threads end".into(), what)
        });
        (self.into_report(), failed.map_or(Ok(()), Err))
    }

    fn nothing_is_left(&self) -> Result<(), String> {
        let empty = self.projection.core();
        if self.shadow != empty {
            return Err(format!("something is left: {:?}", self.shadow));
        }
        self.stage.look(|scene| {
            scene.logged_on.sort_unstable();
            scene.shut_down.sort_unstable();
            match scene.logged_on == scene.shut_down {
                true => Ok(()),
                false => Err(format!(
                    "providers were started for {:?} and stopped for {:?}",
                    scene.logged_on, scene.shut_down
                )),
            }
        })
    }
}

/// Whether nobody waits for this any more.
fn is_late(event: &Event, core: &Sessions) -> bool {
    match event {
        Event::ProvidersStarted { session } => !is_starting(core, *session),
        Event::ProvidersStopped { session } => {
            let mut sessions = core.sessions();
            !sessions.any(|(it, view)| it == *session && view.phase == Phase::Draining)
        }
        Event::InitializeCalled { .. }
        | Event::UninitializeCalled { .. }
        | Event::LogonCalled { .. }
        | Event::LogoffCalled { .. }
        | Event::ReleaseCalled { .. }
        | Event::ClientCrashed { .. } => false,
        Event::CallWithdrawn { call }
        | Event::DeadlinePassed { call }
        | Event::ShortWaitEnded { call }
        | Event::Continued { call }
        | Event::ProfileLookedUp { call, .. }
        | Event::ProfileChosen { call, .. }
        | Event::PasswordChecked { call, .. }
        | Event::PasswordEntered { call, .. }
        | Event::LogoffAnswered { call, .. } => !is_under_way(core, *call),
    }
}
