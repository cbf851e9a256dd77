//! Orders to providers, services and sinks, each carried out on a thread made for it.
//!
//! [`Order::carry_out`] starts the thread; there [`Order::perform`] calls the foreign code, without
//! any lock, and what came of it goes back to the shell as [`Told`].

use std::time::Duration;

use mapi_session_core::{
    Attempt, CallId, EntryDialogs, Event, HandleId, Host, MapiCode, Prompts, ProviderId,
    ProviderResult, ServiceId, Vote,
};

use crate::failure::{Cause, EntryError, FailedPhase, Failure, ProviderError};
use crate::foreign::{self, Panicked};
use crate::inside::{self, Behalf};
use crate::listener::{self, Leftovers};
use crate::loaded::{Arrival, ProviderObject};
use crate::provider::ProviderLogon;
use crate::roster::{Outcome, Roster, Ticket, run_foreign};
use crate::service::{EntryContext, EntryReason};
use crate::shell::Shell;
use crate::sync::{Arc, spawn};
use crate::visit::Erasure;

/// What is to be done by others.
#[derive(Clone)]
pub(crate) enum Order {
    LogOn(LogOn),
    CallEntry(CallEntry),
    LogOff(Arc<Roster>, ProviderId),
    ShutDown(Arc<Roster>, ProviderId),
    Close(Arc<Roster>),
    /// Ask a provider whether it minds a fast shutdown.
    Ask(Ask),
    /// Drop those who served a session that a fast shutdown has ended.
    Discard(Arc<Roster>),
    /// Take leave of a profile that went with its last session.
    Erase(Erasure),
    /// Hand over what is queued for the sinks of a handle.
    Notify(HandleId),
    /// Release sinks.
    Forget(Leftovers),
}

#[derive(Clone)]
pub(crate) struct LogOn {
    pub(crate) roster: Arc<Roster>,
    pub(crate) provider: ProviderId,
    pub(crate) ticket: Ticket,
    pub(crate) behalf: Behalf,
    pub(crate) host: Host,
    pub(crate) attempt: Attempt,
    pub(crate) phase: FailedPhase,
    pub(crate) dialogs: Prompts,
    pub(crate) ui_param: u64,
    pub(crate) time_left: Option<Duration>,
}

#[derive(Clone)]
pub(crate) struct CallEntry {
    pub(crate) roster: Arc<Roster>,
    pub(crate) purpose: Purpose,
    pub(crate) behalf: Behalf,
    /// What the protocol is told in the end.
    pub(crate) returned: Event,
    pub(crate) dialogs: EntryDialogs,
    pub(crate) ui_param: u64,
}

#[derive(Clone)]
pub(crate) struct Ask {
    pub(crate) call: CallId,
    pub(crate) roster: Arc<Roster>,
    /// None if it is gone meanwhile.
    pub(crate) provider: Option<ProviderObject>,
}

/// Why an entry function is called, with what is known of that.
#[derive(Clone)]
pub(crate) enum Purpose {
    Show(ServiceId),
    Repair(ProviderId, Ticket, Failure),
}

/// What came of an order: an event for the protocol, and what the roster is to know.
pub(crate) struct Told {
    pub(crate) event: Event,
    pub(crate) roster: Arc<Roster>,
    pub(crate) news: News,
}

pub(crate) enum News {
    Attempt(ProviderId, Ticket, Outcome),
    Shown(ServiceId, Option<Failure>),
    Repaired(ProviderId, Ticket, Option<Failure>),
    Voted,
    LoggedOff,
    ShutDown(ProviderId),
    Closed,
}

impl Order {
    /// Has the order carried out; if there is no thread for it, what came of it comes back.
    pub(crate) fn carry_out(self, shell: &Arc<Shell>) -> Option<Told> {
        let spare = self.clone();
        let name = match self {
            Self::LogOn(_) => "mapi-logon",
            Self::CallEntry(_) => "mapi-entry",
            Self::LogOff(..) => "mapi-logoff",
            Self::ShutDown(..) => "mapi-shutdown",
            Self::Close(_) | Self::Discard(_) => "mapi-close",
            Self::Ask(_) => "mapi-vote",
            Self::Erase(_) => "mapi-entry",
            Self::Notify(_) | Self::Forget(_) => "mapi-notify",
        };
        let work = {
            let shell = Arc::clone(shell);
            move || {
                if let Some(told) = self.perform(&shell) {
                    shell.hear(told);
                }
            }
        };
        if spawn(name, work) { None } else { spare.perform_without_thread(shell) }
    }

    /// Calls foreign code; nothing comes back where the protocol waits for nothing.
    fn perform(self, shell: &Arc<Shell>) -> Option<Told> {
        let environment = shell.identity();
        Some(match self {
            Self::LogOn(order) => return order.perform(environment),
            Self::CallEntry(order) => {
                let failure = order.call(environment);
                order.told(failure)
            }
            Self::LogOff(roster, provider) => {
                roster.log_off(provider);
                let event = Event::ProviderLoggedOff { session: roster.session, provider };
                Told { event, roster, news: News::LoggedOff }
            }
            Self::ShutDown(roster, provider) => {
                roster.shut_down(provider);
                let event = Event::ProviderShutDown { session: roster.session, provider };
                Told { event, roster, news: News::ShutDown(provider) }
            }
            Self::Close(roster) => {
                roster.clear();
                let event = Event::SessionClosed { session: roster.session };
                Told { event, roster, news: News::Closed }
            }
            Self::Ask(order) => {
                let vote = order.call(environment);
                order.told(vote)
            }
            Self::Discard(roster) => {
                roster.discard();
                return None;
            }
            Self::Erase(erasure) => {
                erasure.carry_out(shell);
                return None;
            }
            Self::Notify(handle) => {
                listener::notify(shell, handle);
                return None;
            }
            Self::Forget(leftovers) => {
                leftovers.release();
                return None;
            }
        })
    }

    /// What cannot wait is done on this thread; what can fail fails.
    fn perform_without_thread(self, shell: &Arc<Shell>) -> Option<Told> {
        let failure = |phase| {
            let cause = Cause::Other("there is no thread for it".into());
            Failure::new(phase, MapiCode::MAPI_E_NOT_ENOUGH_RESOURCES, cause)
        };
        match self {
            Self::LogOn(order) => {
                let failure = failure(order.phase);
                let result = ProviderResult::Failed(failure.code);
                Some(order.told(result, Outcome { provider: None, result: Err(failure) }))
            }
            Self::CallEntry(order) => Some(order.told(Some(failure(FailedPhase::Entry)))),
            // Nobody can say that it does not mind.
            Self::Ask(order) => Some(order.told(Vote::Objects)),
            Self::LogOff(..)
            | Self::ShutDown(..)
            | Self::Close(_)
            | Self::Discard(_)
            | Self::Erase(_)
            | Self::Forget(_) => self.perform(shell),
            // What is queued waits for the next notification.
            Self::Notify(handle) => {
                shell.stop_notifying(handle);
                None
            }
        }
    }
}

impl LogOn {
    fn perform(self, environment: usize) -> Option<Told> {
        let (roster, provider, ticket) = (&self.roster, self.provider, self.ticket);
        if !roster.awaits(provider, ticket) {
            return None;
        }
        let (result, outcome) = inside::run(environment, self.behalf, || self.try_once());
        if roster.awaits(provider, ticket) {
            Some(self.told(result, outcome))
        } else {
            roster.dispose_of(outcome);
            None
        }
    }

    fn try_once(&self) -> (ProviderResult, Outcome) {
        let object = match self.roster.loaded(self.provider) {
            Some(object) => object,
            None => match self.load() {
                Ok(object) => object,
                // What cannot be loaded is never tried again (`FLR-12`).
                Err(failure) => {
                    let outcome = Outcome { provider: None, result: Err(failure) };
                    return (ProviderResult::WrongVersion, outcome);
                }
            },
        };
        let (result, came) = self.log_on(&object);
        (result, Outcome { provider: Some(object), result: came })
    }

    fn load(&self) -> Result<ProviderObject, Failure> {
        let failure = |code, cause| Failure::new(FailedPhase::Load, code, cause);
        let planned = self.roster.plan.provider(self.provider);
        let provider = planned
            .provider
            .as_ref()
            .map_err(|why| failure(MapiCode::MAPI_E_NOT_FOUND, Cause::Other((*why).into())))?;
        if let Some(version) = provider.foreign_version() {
            let cause = ProviderError::WrongVersion(version).into_cause();
            return Err(failure(MapiCode::MAPI_E_VERSION, cause));
        }
        let loaded = foreign::call(|| provider.load());
        loaded.map_err(|Panicked| Failure::panic(FailedPhase::Load))
    }

    fn log_on(&self, object: &ProviderObject) -> (ProviderResult, Result<Arrival, Failure>) {
        let (service, _, _, provider) = self.roster.plan.describe(self.provider);
        let logon = ProviderLogon {
            session: self.roster.session,
            profile: &self.roster.profile,
            service,
            provider,
            attempt: self.attempt,
            dialogs: self.dialogs,
            host: self.host,
            ui_param: self.ui_param,
            time_left: self.time_left,
        };
        match foreign::call(|| object.log_on(&logon)) {
            Ok(Ok(arrival)) => {
                let result = match arrival.warning {
                    None => ProviderResult::LoggedOn,
                    Some(_) => ProviderResult::LoggedOnWithErrors,
                };
                (result, Ok(arrival))
            }
            Ok(Err(error)) => {
                let (result, code) = (error.result(), error.code());
                (result, Err(Failure::new(self.phase, code, error.into_cause())))
            }
            Err(Panicked) => {
                let failure = Failure::panic(self.phase);
                (ProviderResult::Failed(failure.code), Err(failure))
            }
        }
    }

    fn told(&self, result: ProviderResult, outcome: Outcome) -> Told {
        let (session, provider) = (self.roster.session, self.provider);
        Told {
            event: Event::ProviderAnswered { session, provider, result },
            roster: Arc::clone(&self.roster),
            news: News::Attempt(provider, self.ticket, outcome),
        }
    }
}

impl CallEntry {
    /// Calls the entry function; what it says changes nothing but the report.
    fn call(&self, environment: usize) -> Option<Failure> {
        let plan = &self.roster.plan;
        let (service, reason) = match &self.purpose {
            Purpose::Show(service) => (*service, EntryReason::Shown),
            Purpose::Repair(provider, _, failure) => {
                let planned = plan.provider(*provider);
                let provider = &planned.name;
                (planned.service, EntryReason::LogonFailed { provider, failure })
            }
        };
        let service = plan.service(service);
        let context = EntryContext {
            session: Some(self.roster.session),
            profile: &self.roster.profile,
            service: &service.name,
            reason,
            dialogs: self.dialogs,
            ui_param: self.ui_param,
        };
        let entry = service.entry.as_ref()?;
        let call = || inside::run(environment, self.behalf, || entry.configure(&context));
        let returned = foreign::call(call).unwrap_or_else(|Panicked| Err(EntryError::panic()));
        let error = returned.err()?;
        Some(Failure::new(FailedPhase::Entry, error.code(), error.into_cause()))
    }

    fn told(self, failure: Option<Failure>) -> Told {
        let news = match self.purpose {
            Purpose::Show(service) => News::Shown(service, failure),
            Purpose::Repair(provider, ticket, _) => News::Repaired(provider, ticket, failure),
        };
        Told { event: self.returned, roster: self.roster, news }
    }
}

impl Ask {
    /// Asks the provider: one that breaks down objects, one that is gone is nobody to be asked.
    fn call(&self, environment: usize) -> Vote {
        let Some(provider) = &self.provider else { return Vote::NoInterface };
        let behalf = Behalf::Call(self.call);
        let ask = || inside::run(environment, behalf, || provider.query_fast_shutdown());
        foreign::call(ask).unwrap_or(Vote::Objects)
    }

    fn told(self, vote: Vote) -> Told {
        let Self { call, roster, provider } = self;
        run_foreign(|| drop(provider));
        Told { event: Event::Voted { call, vote }, roster, news: News::Voted }
    }
}

impl News {
    /// Enters the news into the roster; says whether the protocol is to hear the event.
    pub(crate) fn enter(self, roster: &Roster) -> Result<(), Outcome> {
        match self {
            Self::Attempt(provider, ticket, outcome) => roster.take_in(provider, ticket, outcome),
            Self::Shown(service, failure) => {
                roster.note_shown(service, failure);
                Ok(())
            }
            Self::Repaired(provider, ticket, failure) => {
                roster.take_in_entry(provider, ticket, failure);
                Ok(())
            }
            Self::ShutDown(provider) => {
                roster.note_shut_down(provider);
                Ok(())
            }
            Self::Voted | Self::LoggedOff | Self::Closed => Ok(()),
        }
    }
}
