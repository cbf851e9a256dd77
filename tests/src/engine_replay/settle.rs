//! After a step: every thread that it set going is followed to where it is held next.
//!
//! So nothing moves when the next action is brought about, and what is held is all there is. At the
//! end come the answers that nobody waits for any more, then everybody dies ([`Replay::end`]).

use std::panic::{AssertUnwindSafe, catch_unwind};

use mapi_session::{CallId, ProviderId, SessionId, StepRecord, Withdrawn};
use mapi_session_core::{
    Answer, Attempt, CallStage, Effect, Entry, EntryDialogs, Event, Prompts, Rule, ServiceUi,
    Sessions,
};

use super::{
    Cause, EngineFailure, EngineReplay, Place,
    produce::{configures, is_over, is_under_way},
    replay::{Replay, Trouble},
    shown::{reports_on, same_question},
    sinks::waits,
    stage::{Asked, Order, Returned, Scene, Visit},
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
                self.falls_asleep(call, 0)?;
            }
            if matches!(view.stage, CallStage::Opening { series: None, .. }) {
                self.rests(call)?;
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
        self.all_is_quiet(after)
    }

    fn carry_out(&mut self, effect: &Effect) -> Result<(), Trouble> {
        let woken = self.slept_before;
        match effect {
            Effect::Continue { .. }
            | Effect::LookUpProfile { .. }
            | Effect::CheckPassword { .. }
            | Effect::ReadServices { .. }
            | Effect::LogOffProvider { .. }
            | Effect::ShutDownProvider { .. }
            | Effect::CloseSession { .. } => self.reports(|event| reports_on(event, effect)),
            Effect::StartTimer { call } => self.falls_asleep(*call, woken),
            Effect::AskForProfile { call, .. }
            | Effect::AskForPassword { call, .. }
            | Effect::ConfirmLogoff { call, handle: _ } => {
                self.asks(*call, |visit| visit.call == Some(*call))?;
                self.falls_asleep(*call, woken)?;
                self.check_question(*call, effect)
            }
            Effect::LogOnProvider { call, session, provider, attempt, dialogs } => {
                let (session, provider, attempt) = (*session, *provider, *attempt);
                let dialogs = *dialogs;
                let asked = Asked::Provider { session, provider, attempt, dialogs };
                self.calls_out(*call, None, &asked)
            }
            Effect::CallEntry { call, session, entry, dialogs } => {
                let (session, entry, dialogs) = (*session, *entry, *dialogs);
                self.calls_out(*call, None, &Asked::Entry { session, entry, dialogs })
            }
            Effect::AskRetry { call, provider, correction, session: _ } => {
                let (call, provider, correction) = (*call, *provider, *correction);
                let withdrawn = Withdrawn::default();
                self.calls_out(
                    call,
                    Some(call),
                    &Asked::Retry { call, provider, correction, withdrawn },
                )
            }
            Effect::DropAttempt { session, provider } => self.drop_attempt(*session, *provider),
            Effect::LogOnTransport { session, provider, attempt } => {
                self.spooler_calls(&for_spooler(*session, *provider, Some(*attempt)))
            }
            Effect::ConfigureTransport { session, provider } => {
                self.spooler_calls(&for_spooler(*session, *provider, None))
            }
            Effect::QueueNotification { handle, notification: it } => self.is_queued(*handle, *it),
            Effect::HandNotification { handle, notification: it } => self.is_heard(*handle, *it),
            Effect::AskFastShutdown { call, session, provider } => {
                let (session, provider) = (*session, *provider);
                self.calls_out(*call, None, &Asked::Vote { session, provider })
            }
            Effect::NotifyFastShutdown { .. }
            | Effect::DoFastShutdown { .. }
            | Effect::EndSession { .. } => self.shuts_down(effect),
            // Profiles are looked at after every step. What is reported or used is there at once.
            Effect::CreateProfile { .. }
            | Effect::CopyProfile { .. }
            | Effect::RemoveProfile { .. }
            | Effect::MarkProfile { .. }
            | Effect::RenameProfile { .. }
            | Effect::DeferRename { .. }
            | Effect::TakeBackRename { .. }
            | Effect::SetDefaultProfile { .. }
            | Effect::SettleProfile { .. }
            | Effect::AddService { .. }
            | Effect::DeleteService { .. }
            | Effect::ReportDisabled { .. }
            | Effect::UseProvider { .. }
            | Effect::AttachSpooler { .. }
            | Effect::DetachSpooler { .. } => Ok(()),
            Effect::WithdrawPrompt { call } => self.closes_prompt(*call),
            Effect::Answer { call, answer } => self.returns(*call, answer),
        }
    }

    /// Foreign code is called as it was ordered, for the call that waits for it. Who is told for
    /// which call it is, knows that; of the others it is taken down here.
    fn calls_out(
        &mut self,
        call: CallId,
        told: Option<CallId>,
        expected: &Asked,
    ) -> Result<(), Trouble> {
        self.asks(call, |visit| visit.call == told && same_question(&visit.asked, expected))?;
        self.stage.look(|scene| {
            let is_it = |it: &&mut Visit| it.call.is_none() && same_question(&it.asked, expected);
            for visit in scene.visits.iter_mut().filter(is_it) {
                visit.call = Some(call);
            }
        });
        self.falls_asleep(call, self.slept_before)
    }

    /// Foreign code is called as it was ordered for the spooler, which is no call.
    fn spooler_calls(&self, expected: &Asked) -> Result<(), Trouble> {
        let is_it = |it: &Visit| it.call.is_none() && same_question(&it.asked, expected);
        let look = |scene: &mut Scene| scene.visits.iter().any(is_it).then_some(());
        let asked = self.stage.wait("a transport to be called for the spooler", look);
        asked.map_err(Trouble::stuck)
    }

    /// The attempt dies with its client; whatever it comes to, nobody is told.
    fn drop_attempt(&self, of: SessionId, which: ProviderId) -> Result<(), Trouble> {
        self.stage.look(|scene| {
            for visit in &mut scene.visits {
                visit.is_dropped |= matches!(
                    visit.asked,
                    Asked::Provider { session, provider, .. } if session == of && provider == which
                );
            }
        });
        Ok(())
    }

    /// What is shown for a call is told that nobody wants an answer.
    fn closes_prompt(&self, call: CallId) -> Result<(), Trouble> {
        self.stage.look(|scene| {
            let mut visits = scene.visits.iter().filter(|it| it.call == Some(call));
            match visits.all(|it| it.asked.withdrawn().is_none_or(|it| it.is_withdrawn())) {
                true => Ok(()),
                false => Err(Trouble::differs(format!("the prompt of {call} stays open"))),
            }
        })
    }

    pub(super) fn reports(&self, is: impl Fn(&Event) -> bool) -> Result<(), Trouble> {
        let look = |scene: &mut Scene| scene.held.iter().any(|it| is(&it.event)).then_some(());
        self.stage.wait("a thread to report what was ordered", look).map_err(Trouble::stuck)
    }

    /// Waits until the thread of a call sleeps, having fallen asleep since so many had. One that was
    /// told twice to go on, and has gone on, says so once more: nobody listens.
    fn falls_asleep(&mut self, call: CallId, since: u64) -> Result<(), Trouble> {
        let what = format!("{call} to fall asleep by the clock");
        let again = Event::Continued { call };
        loop {
            let settled = self.stage.wait(&what, |scene| {
                let held = scene.held.iter().find(|held| held.event == again);
                match held.map(|held| held.ticket) {
                    Some(ticket) => Some(Some(ticket)),
                    None => scene.is_asleep(call, since).then_some(None),
                }
            });
            match settled.map_err(Trouble::stuck)? {
                Some(ticket) => self.hear_latecomer(ticket, &again)?,
                None => return Ok(()),
            }
        }
    }

    /// Waits until the thread of a call sleeps, or is about to go on.
    fn rests(&self, call: CallId) -> Result<(), Trouble> {
        let again = Event::Continued { call };
        let rests = |scene: &mut Scene| {
            let is_held = scene.held.iter().any(|held| held.event == again);
            (is_held || scene.is_asleep(call, 0)).then_some(())
        };
        let what = format!("{call} to fall asleep by the clock, or to go on");
        self.stage.wait(&what, rests).map_err(Trouble::stuck)
    }

    fn asks(&self, subject: CallId, is_right: impl Fn(&Visit) -> bool) -> Result<(), Trouble> {
        let what = format!("the user or a provider to be asked for {subject}");
        let asked =
            self.stage.wait(&what, |scene| scene.visits.iter().any(&is_right).then_some(()));
        asked.map_err(Trouble::stuck)
    }

    /// A call returns with this answer, to its very caller.
    ///
    /// One whose thread has been told once more to go on, goes on first: nobody listens.
    fn returns(&mut self, call: CallId, answer: &Answer) -> Result<(), Trouble> {
        let (what, again) = (format!("{call} to return"), Event::Continued { call });
        let returned = loop {
            let settled = self.stage.wait(&what, |scene| {
                let held = scene.held.iter().find(|held| held.event == again);
                let returned = scene.returned(call).cloned().map(Ok);
                returned.or_else(|| held.map(|held| Err(held.ticket)))
            });
            match settled.map_err(Trouble::stuck)? {
                Ok(returned) => break returned,
                Err(ticket) => self.hear_latecomer(ticket, &again)?,
            }
        };
        let name = match answer {
            Answer::LoggedOn(Ok(logon)) => self.name_of(logon.profile)?,
            Answer::LoggedOn(Err(_))
            | Answer::Initialized(_)
            | Answer::Uninitialized
            | Answer::LoggedOff(_)
            | Answer::Released(_)
            | Answer::Opened(_)
            | Answer::Used(_)
            | Answer::StoreLoggedOff(_)
            | Answer::DefaultStoreSet(_)
            | Answer::Advised(_)
            | Answer::Unadvised(_)
            | Answer::FastShutdownQueried(_)
            | Answer::ProcessShutdownNotified(_)
            | Answer::FastShutdownDone(_)
            | Answer::Administered(_)
            | Answer::ServicesAdministered(_) => None,
        };
        match returned {
            Returned::Answered(it, profile)
                if it == *answer && profile.as_ref().map(|it| it.as_str()) == name.as_deref() =>
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
                let visit = scene.visits.iter().find(|it| !it.is_busy && is_unheard(it, core));
                visit.map(|visit| visit.ticket)
            });
            let heard = match (held, visit) {
                (Some((ticket, event)), _) => self.hear_latecomer(ticket, &event),
                (None, Some(visit)) => self.end_visit(visit),
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

    /// Has foreign code return, up to the event that reports it, if one does.
    fn end_visit(&mut self, visit: u64) -> Result<(), Trouble> {
        let asked = self.stage.look(|scene| {
            let visit = scene.visit_mut(visit)?;
            Some((visit.asked.clone(), visit.is_dropped, visit.thread))
        });
        let Some((asked, is_dropped, thread)) = asked else { return Ok(()) };
        self.order(visit, Order::Return(asked.idle_reply()))?;
        let look = |scene: &mut Scene| match is_dropped {
            true => scene.visit_mut(visit).is_none().then_some(()),
            false => scene.held.iter().any(|it| it.thread == thread).then_some(()),
        };
        self.stage.wait("foreign code to return", look).map_err(Trouble::stuck)
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
            let (on, off, down) =
                (&mut scene.logged_on, &mut scene.logged_off, &mut scene.shut_down);
            for parts in [&mut *on, &mut *off, &mut *down] {
                parts.retain(|part| !scene.ended.contains(&part.session));
                parts.sort_unstable();
            }
            match on == off && off == down {
                true => Ok(()),
                false => Err(format!(
                    "{on:?} were logged on, {off:?} logged off, and {down:?} shut down"
                )),
            }
        })
    }
}

/// What a transport is called for, or its service: there are no dialogs for the spooler.
fn for_spooler(session: SessionId, provider: ProviderId, attempt: Option<Attempt>) -> Asked {
    let dialogs = Prompts::Forbidden;
    match attempt {
        Some(attempt) => Asked::Provider { session, provider, attempt, dialogs },
        None => Asked::Entry {
            session,
            entry: Entry::Repair(provider),
            dialogs: EntryDialogs { allowed: dialogs, always: ServiceUi::AsNeeded },
        },
    }
}

/// Whether nobody hears what comes of this.
fn is_unheard(visit: &Visit, core: &Sessions) -> bool {
    match visit.asked {
        // A late attempt is heard all the same.
        Asked::Provider { .. } => visit.is_dropped,
        Asked::Chooser { .. }
        | Asked::Password { .. }
        | Asked::Logoff { .. }
        | Asked::Retry { .. }
        | Asked::Vote { .. }
        | Asked::Entry { .. } => is_over(visit, core),
    }
}

/// Whether nobody waits for this any more.
fn is_late(event: &Event, core: &Sessions) -> bool {
    match event {
        // Whoever carries out an order is waited for, unless the session has ended at once.
        Event::ProviderAnswered { session, .. }
        | Event::ProviderLoggedOff { session, .. }
        | Event::ProviderShutDown { session, .. }
        | Event::SessionClosed { session } => core.session(*session).is_none(),
        Event::InitializeCalled { .. }
        | Event::UninitializeCalled { .. }
        | Event::LogonCalled { .. }
        | Event::LogoffCalled { .. }
        | Event::ReleaseCalled { .. }
        | Event::OpenCalled { .. }
        | Event::UseCalled { .. }
        | Event::StoreLogoffCalled { .. }
        | Event::SetDefaultStoreCalled { .. }
        | Event::AdviseCalled { .. }
        | Event::UnadviseCalled { .. }
        | Event::FastShutdownCalled { .. }
        | Event::AdminCalled { .. }
        | Event::ServiceAdminCalled { .. }
        | Event::SpoolerDemanded { .. }
        | Event::ClientCrashed { .. } => false,
        Event::TransportConfigured { session, provider } => !configures(core, *session, *provider),
        Event::NotificationDue { handle, notification } => !waits(core, *handle, *notification),
        Event::CallWithdrawn { call }
        | Event::DeadlinePassed { call }
        | Event::ShortWaitEnded { call }
        | Event::Continued { call }
        | Event::ProfileLookedUp { call, .. }
        | Event::ProfileChosen { call, .. }
        | Event::PasswordChecked { call, .. }
        | Event::PasswordEntered { call, .. }
        | Event::LogoffAnswered { call, .. }
        | Event::ServicesRead { call, .. }
        | Event::RetryAnswered { call, .. }
        | Event::Voted { call, .. }
        | Event::EntryReturned { call, .. } => !is_under_way(core, *call),
    }
}
