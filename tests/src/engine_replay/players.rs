//! Users, providers and message services in a replay: each does as it is told.

use std::sync::Arc;

use mapi_session::{
    AskPassword, AskRetry, Cause, ChooseProfile, ConfirmLogoff, EntryContext, EntryError,
    EntryReason, LogonUi, MapiCode, Missing, ProfileChosen, ProviderError, ProviderId,
    ProviderLogon, ProviderRow, RetryChoice, SecretString, ServiceId, SpiVersion, UserAnswer, Vote,
    protocol::{Entry, FastShutdown},
    scripted::{Part, Script},
};
use mapi_session_model::{self as model, EntryResult, ProviderResult};

use super::{
    stage::{Asked, Reply, Stage},
    tables::row_of,
};

/// The place that a name ends with.
pub(super) fn place(name: &str) -> u16 {
    let place = name.rsplit(' ').next().and_then(|it| it.parse().ok());
    place.expect("the replay names everything by its place")
}

/// A user, or a message service: does as it is told.
pub(super) struct Player(pub(super) Arc<Stage>);

impl LogonUi for Player {
    fn choose_profile(&self, question: &ChooseProfile) -> UserAnswer<ProfileChosen> {
        let reply = self.0.visit(Asked::Chooser {
            call: question.origin.call,
            profiles: question.profiles.clone(),
            withdrawn: question.origin.withdrawn.clone(),
        });
        match reply {
            Reply::Picked(chosen) => UserAnswer::Given(chosen),
            Reply::Cancelled => UserAnswer::Cancelled,
            Reply::Password(_)
            | Reply::Chosen(_)
            | Reply::LoggedOn(_)
            | Reply::Configured(_)
            | Reply::Vote(_)
            | Reply::Agreed
            | Reply::Unavailable => UserAnswer::Unavailable,
        }
    }

    fn password(&self, question: &AskPassword) -> UserAnswer<SecretString> {
        let reply = self.0.visit(Asked::Password {
            call: question.origin.call,
            profile: question.profile.clone(),
            withdrawn: question.origin.withdrawn.clone(),
        });
        match reply {
            Reply::Password(password) => UserAnswer::Given(password),
            Reply::Cancelled => UserAnswer::Cancelled,
            Reply::Picked(_)
            | Reply::Chosen(_)
            | Reply::LoggedOn(_)
            | Reply::Configured(_)
            | Reply::Vote(_)
            | Reply::Agreed
            | Reply::Unavailable => UserAnswer::Unavailable,
        }
    }

    fn confirm_logoff(&self, question: &ConfirmLogoff) -> UserAnswer<()> {
        let reply = self.0.visit(Asked::Logoff {
            call: question.origin.call,
            handle: question.handle,
            withdrawn: question.origin.withdrawn.clone(),
        });
        match reply {
            Reply::Agreed => UserAnswer::Given(()),
            Reply::Cancelled => UserAnswer::Cancelled,
            Reply::Picked(_)
            | Reply::Password(_)
            | Reply::Chosen(_)
            | Reply::LoggedOn(_)
            | Reply::Configured(_)
            | Reply::Vote(_)
            | Reply::Unavailable => UserAnswer::Unavailable,
        }
    }

    fn retry(&self, question: &AskRetry) -> UserAnswer<RetryChoice> {
        let reply = self.0.visit(Asked::Retry {
            call: question.origin.call,
            provider: question.trouble.id,
            correction: question.correction,
            withdrawn: question.origin.withdrawn.clone(),
        });
        match reply {
            Reply::Chosen(choice) => UserAnswer::Given(choice),
            Reply::Cancelled => UserAnswer::Cancelled,
            Reply::Picked(_)
            | Reply::Password(_)
            | Reply::LoggedOn(_)
            | Reply::Configured(_)
            | Reply::Vote(_)
            | Reply::Agreed
            | Reply::Unavailable => UserAnswer::Unavailable,
        }
    }
}

impl Script for Player {
    fn log_on(&self, logon: &ProviderLogon<'_>) -> Result<Option<Cause>, ProviderError> {
        let reply = self.0.visit(Asked::Provider {
            session: logon.session,
            provider: ProviderId(place(logon.provider)),
            attempt: logon.attempt,
            dialogs: logon.dialogs,
        });
        let Reply::LoggedOn(result) = reply else {
            panic!("a provider is told how to answer");
        };
        let answer = answer(result);
        if answer.is_ok() {
            self.0.look(|scene| scene.logged_on.push(Part::of(logon)));
        }
        answer
    }

    fn status_row(&self, part: &Part) -> Option<ProviderRow> {
        row_of(ProviderId(place(&part.provider)))
    }

    fn configure(&self, context: &EntryContext<'_>) -> Result<(), EntryError> {
        let entry = match context.reason {
            EntryReason::Shown => Entry::Show(ServiceId(place(context.service))),
            EntryReason::LogonFailed { provider, .. } => Entry::Repair(ProviderId(place(provider))),
            EntryReason::Requested | EntryReason::Created | EntryReason::Deleted => {
                panic!("no step of the protocol asks for this")
            }
        };
        let session = context.session.expect("only a session has its services configured");
        let dialogs = context.dialogs;
        match self.0.visit(Asked::Entry { session, entry, dialogs }) {
            Reply::Configured(EntryResult::Ok) => Ok(()),
            Reply::Configured(EntryResult::Unconfigured) => {
                Err(EntryError::Unconfigured(Missing("a server".into())))
            }
            Reply::Configured(EntryResult::UserCancel) => Err(EntryError::Cancelled),
            Reply::Picked(_)
            | Reply::Password(_)
            | Reply::Chosen(_)
            | Reply::LoggedOn(_)
            | Reply::Vote(_)
            | Reply::Agreed
            | Reply::Cancelled
            | Reply::Unavailable => panic!("an entry function is told how to return"),
        }
    }

    fn query_fast_shutdown(&self, part: &Part) -> Vote {
        let provider = ProviderId(place(&part.provider));
        match self.0.visit(Asked::Vote { session: part.session, provider }) {
            Reply::Vote(model::Vote::Consents) => Vote::Consents,
            Reply::Vote(model::Vote::Objects) => Vote::Objects,
            Reply::Vote(model::Vote::NoInterface) => Vote::NoInterface,
            Reply::Picked(_)
            | Reply::Password(_)
            | Reply::Chosen(_)
            | Reply::LoggedOn(_)
            | Reply::Configured(_)
            | Reply::Agreed
            | Reply::Cancelled
            | Reply::Unavailable => panic!("a provider is told how to vote"),
        }
    }

    fn notify_process_shutdown(&self, part: &Part) {
        self.0.look(|scene| scene.told.push_back((FastShutdown::Notify, part.clone())));
    }

    fn do_fast_shutdown(&self, part: &Part) {
        self.0.look(|scene| scene.told.push_back((FastShutdown::Do, part.clone())));
    }

    fn log_off(&self, part: &Part) {
        self.0.look(|scene| scene.logged_off.push(part.clone()));
    }

    fn shut_down(&self, part: &Part) {
        self.0.look(|scene| scene.shut_down.push(part.clone()));
    }
}

/// What a provider says, in the engine's words.
fn answer(result: ProviderResult) -> Result<Option<Cause>, ProviderError> {
    let cause = || Cause::Other("the trace wants it so".into());
    let failed = |code| Err(ProviderError::Failed(code, cause()));
    match result {
        ProviderResult::Ok => Ok(None),
        ProviderResult::Warning => Ok(Some(cause())),
        ProviderResult::FailOneProvider => Err(ProviderError::SkipProvider(cause())),
        ProviderResult::Unconfigured => {
            Err(ProviderError::ConfigureAndRetry(Missing("a server".into())))
        }
        ProviderResult::UserCancel => failed(MapiCode::MAPI_E_USER_CANCEL),
        ProviderResult::SessionLimit => failed(MapiCode::MAPI_E_SESSION_LIMIT),
        ProviderResult::LogonFailed => failed(MapiCode::MAPI_E_LOGON_FAILED),
        ProviderResult::UnknownCpid => failed(MapiCode::MAPI_E_UNKNOWN_CPID),
        ProviderResult::UnknownLcid => failed(MapiCode::MAPI_E_UNKNOWN_LCID),
        ProviderResult::Version => Err(ProviderError::WrongVersion(SpiVersion(0x0200_0000))),
    }
}
