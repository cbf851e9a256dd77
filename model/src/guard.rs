//! What the words of a guard mean: one row a word.

use crate::{
    Action, EditCall, Entry, Fast, FastPolicy, FastStep, Handle, Holder, InitArgument,
    LogoffArgument, LogoffScope, NameArgument, NewName, OpenArgument, OpenTarget, Password, Phase,
    Protection, ProviderKind, ProviderResult, RetryAnswer, SeriesStage, ServiceChange, Slot,
    SourceName, Spooler, Stage, Status, Vote, flag, resource,
    situation::{Situation, User},
};

macro_rules! guards {
    ($(#[doc = $doc:literal] $word:ident = $holds:expr;)*) => {
        /// One condition of a guard.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Guard { $(#[doc = $doc] $word,)* }

        impl Guard {
            /// What it says.
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$word => $doc,)* }
            }

            /// Whether it holds.
            pub(crate) fn holds(self, situation: &Situation<'_>) -> bool {
                match self { $(Self::$word => {
                    let holds: fn(&Situation<'_>) -> bool = $holds;
                    holds(situation)
                })* }
            }
        }
    };
}

guards! {
/// The flags of `MAPIInitialize` have a bit without meaning.
InitFlagIsUndefined = |it| it.init() == Some(InitArgument::UndefinedFlag);
/// The structure of `MAPIInitialize` has another version.
InitVersionIsWrong = |it| it.init() == Some(InitArgument::WrongVersion);
/// The client has no `MAPIInitialize` to balance.
CountIsZero = |it| it.standing().count == 0;
/// The client has more than one `MAPIInitialize` to balance.
CountIsAboveOne = |it| it.standing().count > 1;
/// The client is initialised or has a call under way.
ClientIsPresent =
    |it| it.standing().count > 0 || it.state.calls_of(it.client()).next().is_some();

/// The flags of the logon have a bit without meaning.
FlagIsUndefined = |it| it.has(!flag::DEFINED);
/// The logon has `MAPI_LOGON_UI`.
WantsUi = |it| it.has(flag::LOGON_UI);
/// The logon has `MAPI_PASSWORD_UI`.
WantsPasswordUi = |it| it.has(flag::PASSWORD_UI);
/// The logon has `MAPI_TIMEOUT_SHORT`.
IsShort = |it| it.has(flag::TIMEOUT_SHORT);
/// The logon has no `MAPI_NEW_SESSION`.
MayJoin = |it| !it.has(flag::NEW_SESSION);
/// `MAPI_LOGON_UI`, and not for a Windows service.
UiIsPermitted = |it| it.has(flag::LOGON_UI) && !it.is_service();
/// `MAPI_PASSWORD_UI`, and not for a Windows service.
PasswordUiIsPermitted = |it| it.has(flag::PASSWORD_UI) && !it.is_service();
/// The call comes from inside a prompt or provider call of the logon that holds the mutex.
IsInsideMutexHolder = |it| it.inside().is_some() && it.inside() == it.state.mutex;

/// Nobody holds the mutex.
MutexIsFree = |it| it.state.mutex.is_none();
/// The mutex is held, or others wait for it.
CannotAcquireAtOnce = |it| it.state.mutex.is_some() || !it.state.queue.is_empty();
/// The logon is the first in the queue.
IsFirstInQueue = |it| it.call().is_some() && it.state.queue.first() == it.call();
/// The mutex is held, or others wait before the logon.
IsNotNext = |it| it.state.mutex.is_some() || it.state.queue.first() != it.call();

/// The call is a logon under way.
IsLogon = |it| it.logon().is_some();
/// The logon waits in the queue.
IsQueued = |it| it.stage() == Some(Stage::Wait);
/// The logon is about to decide whether it joins.
Decides = |it| it.stage() == Some(Stage::Decide);
/// The logon is about to choose its profile without a look-up.
Picks = |it| it.stage() == Some(Stage::Pick);
/// The logon waits for the profile store to find a profile.
LooksUp = |it| it.stage() == Some(Stage::LookUp);
/// The chooser of the logon is open.
Chooses = |it| it.stage() == Some(Stage::AskProfile);
/// The logon is about to judge credentials that need no check.
Judges = |it| matches!(it.stage(), Some(Stage::Credentials(_)));
/// The logon waits for the profile store to check the password.
Checks = |it| it.stage() == Some(Stage::Check);
/// The password prompt of the logon is open.
Prompts = |it| it.stage() == Some(Stage::AskPassword);
/// The chooser or the password prompt of the logon is open.
IsPrompting = |it| matches!(it.stage(), Some(Stage::AskProfile | Stage::AskPassword));
/// The logon waits for the services of its profile, to build its session.
Builds = |it| it.stage() == Some(Stage::Build);
/// The answer of the logon stands.
IsSettled = |it| matches!(it.stage(), Some(Stage::Done(_)));

/// There is a session open to others.
TargetExists = |it| it.state.join_target().is_some();
/// No profile name is given.
NameIsMissing = |it| it.name_argument() == Some(NameArgument::None);
/// A profile name is given.
NameIsGiven = |it| it.name_argument() != Some(NameArgument::None);
/// The name given is that of a profile.
NameIsLive = |it| it.named_profile().is_some();
/// There is a default profile.
DefaultExists = |it| it.state.default.is_some();
/// The profile carries no password.
ProfileIsOpen = |it| it.stage() == Some(Stage::Credentials(Protection::Open));
/// No password is supplied.
PasswordIsMissing = |it| it.logon().is_some_and(|it| it.password == Password::None);
/// The password supplied is that of the profile.
PasswordIsRight = |it| it.logon().is_some_and(|it| it.password == Password::Right);
/// There are as many sessions as the subsystem may have.
LimitIsReached =
    |it| it.scope.session_limit.is_some_and(|limit| it.state.sessions.len() >= limit.into());

/// The user agreed.
UserConfirmed = |it| it.user() == Some(User::Agreed);
/// The user closed the dialog.
UserCancelled = |it| it.user() == Some(User::Cancelled);
/// There is no user to ask.
UserIsUnavailable = |it| it.user() == Some(User::Unavailable);
/// The user gave the right password.
EnteredRight = |it| it.user() == Some(User::Agreed);
/// The user chose a profile that exists.
ChosenIsLive = |it| it.chosen().is_some();
/// The chosen profile is no app profile, or the logon has `MAPI_APP_PROFILE`.
ChosenIsVisible = |it| {
    let chosen = it.chosen().and_then(|profile| it.scope.stored(it.state, profile));
    it.has(flag::APP_PROFILE) || chosen.is_none_or(|profile| !profile.spec.app)
};

/// The logon shows every service's configuration, and there is a service that can.
ShowsServices = |it| {
    let shows = it.has(flag::SERVICE_UI_ALWAYS) && !it.is_service();
    let profile = it.stored();
    shows && profile.is_some_and(|it| it.services().any(|(_, service)| service.entry))
};
/// The logon waits for this entry function to show its configuration.
AwaitsShow = |it| match (it.stage(), it.action) {
    (Some(Stage::Show(service)), Action::EntryReturned { entry, .. }) => {
        entry == Entry::Show(service)
    }
    (_, _) => false,
};
/// The logon has a service show its configuration.
IsShowing = |it| matches!(it.stage(), Some(Stage::Show(_)));
/// A later service has an entry function.
MoreToShow = |it| it.next_to_show().is_some();
/// The logon is about to hand its session over.
Finishes = |it| it.stage() == Some(Stage::Finish);

/// The session can be used.
SessionIsActive = |it| it.phase().is_some_and(Phase::is_active);
/// The providers of the session are being stopped.
SessionIsDraining = |it| it.phase() == Some(Phase::Draining);
/// Nothing of the draining session runs, and nothing is out.
SessionIsOver = |it| it.session().is_some_and(|it| {
    it.phase == Phase::Draining && it.providers.are_over()
});

/// An attempt on the provider is out, and its caller waits for it.
AttemptIsOut = |it| it.series().is_some_and(|series| series.stage.is_attempt());
/// An attempt on the provider is out whose caller is gone.
AttemptIsLate = |it| it.status() == Some(Status::Late);
/// It is the first attempt of its series.
AttemptIsFirst = |it| it.series().is_some_and(|series| series.stage == SeriesStage::First);
/// The provider has logged on.
Succeeded = |it| matches!(it.result(), Some(ProviderResult::Ok | ProviderResult::Warning));
/// The provider fails alone.
FailedAlone = |it| it.result() == Some(ProviderResult::FailOneProvider);
/// The provider lacks configuration.
IsUnconfigured = |it| it.result() == Some(ProviderResult::Unconfigured);
/// The provider could not be loaded.
CannotBeLoaded = |it| it.result() == Some(ProviderResult::Version);
/// The series may show dialogs.
DialogsAreAllowed = |it| it.series_dialogs() == crate::Permission::Granted;
/// The service has an entry function.
EntryExists = |it| match (it.snapshot(), it.service()) {
    (Some(profile), Some(service)) => profile.has_entry(service),
    (_, _) => false,
};
/// The service is disabled.
ServiceIsDisabled = |it| it.session().zip(it.service())
    .is_some_and(|(session, service)| session.disabled.has(service));
/// The service is not disabled.
ServiceIsEnabled = |it| it.session().zip(it.service())
    .is_some_and(|(session, service)| !session.disabled.has(service));
/// The series waits for this entry function to return.
AwaitsEntry = |it| it.series().is_some_and(|series| {
    series.stage == SeriesStage::Entry && Some(series.provider) == it.provider()
});
/// The entry function is called to put things right.
IsInEntry = |it| it.series().is_some_and(|series| series.stage == SeriesStage::Entry);
/// The series waits for this answer of the user.
AwaitsRetry = |it| it.series().is_some_and(|series| {
    series.stage == SeriesStage::Inform && Some(series.provider) == it.provider()
});
/// The user is asked whether the logon is to try a provider again.
LogonInforms = |it| matches!(it.stage(), Some(Stage::Series(_, SeriesStage::Inform)));
/// The user wants to try again.
UserRetries = |it| it.retry_answer() == Some(RetryAnswer::Retry);
/// The user wants to put right what is wrong.
UserCorrects = |it| it.retry_answer() == Some(RetryAnswer::Correct);
/// The provider is told to log off.
IsLoggingOff = |it| it.status() == Some(Status::LoggingOff);
/// The provider is told to shut down.
IsShuttingDown = |it| it.status() == Some(Status::ShuttingDown);

/// The flags of the open call have a bit without meaning.
OpenFlagIsUndefined = |it| it.open_argument() == Some(OpenArgument::UndefinedFlag);
/// The open call wants a store.
WantsStore = |it| matches!(it.target(), Some(OpenTarget::Store(_)));
/// The provider is none of a message store.
IsNoStore = |it| it.kind() != Some(ProviderKind::Store);
/// The handle has an open call under way.
OpenIsUnderWay = |it| it.state.opens().any(|open| Some(open.handle) == it.action.handle());
/// The call is an open call under way.
IsOpening = |it| it.open().is_some();
/// The open call may not go on: it does not wait, or others are before it at its provider.
IsNotDue = |it| it.open().is_some_and(|open| !it.state.is_due(open));
/// The provider runs.
ProviderIsRunning = |it| it.status() == Some(Status::Running);
/// The open call wants the address book, and none of its providers is left that could be tried.
NothingIsLeft = |it| it.provider().is_none();
/// Every provider of the address book runs.
BookIsWhole = |it| it.is_book_whole();
/// The call is made from inside a prompt, a provider call or an entry call.
IsInsideCall = |it| it.inside().is_some_and(|call| it.state.call(call).is_some());
/// Others are at work on the provider, or wait for it.
ProviderIsTaken = |it| it.session_name().zip(it.provider())
    .is_some_and(|(session, provider)| it.state.must_wait_for(session, provider));
/// The open call has come to another provider than the one that it waited for.
CameToAnother = |it| it.open().is_some_and(|open| it.provider() != Some(open.at));
/// The provider has not been opened through the handle.
IsNotOpen = |it| !it.is_object();
/// The store is open through no other handle.
IsOpenOnlyHere = |it| it.is_open_only_here();
/// The spooler knows of the session, which is in use by somebody who wants mail.
SpoolerIsAttached = |it| it.session().is_some_and(|its| its.spooler == Spooler::Attached);
/// The spooler has nothing under way for the session.
SpoolerIsIdle = |it| it.session().is_some_and(|its| its.transport.is_none());

/// A store is named, not that there is to be none.
StoreIsGiven = |it| matches!(it.action, Action::SetDefaultStore { store: Some(_), .. });
/// The provider does not run.
ProviderIsNotRunning = |it| it.status() != Some(Status::Running);
/// The store is never to be the default.
StoreIsUnfit = |it| it.spec().is_some_and(|spec| spec.has(resource::NO_DEFAULT_STORE));
/// The session has this default store: the one in question, or none.
IsDefaultStore = |it| it.session().is_some_and(|its| its.default_store == it.provider());

/// The provider is that of a transport.
IsTransport = |it| it.kind() == Some(ProviderKind::Transport);
/// The provider is that of a message store.
IsStore = |it| it.kind() == Some(ProviderKind::Store);

/// The handle belongs to another client.
HandleIsForeign = |it| it.handle_name().is_some_and(|handle| handle.client() != it.client());
/// The logon that made the handle has not been answered.
HandleIsUnanswered = |it| it.handle_name().is_some_and(|handle| !it.state.has_replied(handle));
/// The handle is not live.
HandleIsNotLive = |it| !matches!(it.handle(), Some(Handle::Live { .. }));
/// The handle is live.
HandleIsLive = |it| matches!(it.handle(), Some(Handle::Live { .. }));
/// The handle is logged off and not yet released.
HandleIsLoggedOff = |it| it.handle() == Some(Handle::LoggedOff);
/// The handle is not that of a Windows service.
HolderMayBeAsked =
    |it| !matches!(it.handle(), Some(Handle::Live { holder: Holder::Service, .. }));
/// The flags of the logoff have a bit without meaning.
LogoffFlagIsUndefined = |it| it.logoff() == Some(LogoffArgument::UndefinedFlag);
/// The logoff has `MAPI_LOGOFF_UI`.
WantsConfirmation =
    |it| matches!(it.logoff(), Some(LogoffArgument::Ui | LogoffArgument::SharedUi));
/// The logoff has `MAPI_LOGOFF_SHARED`.
LogoffIsForAll = |it| it.logoff_scope() == Some(LogoffScope::Shared);
/// The call is a logoff that waits for its confirmation.
Confirms = |it| it.confirmed_handle().is_some();

/// The notification is queued for the handle.
NotificationIsQueued = |it| match (it.action, it.handle().and_then(Handle::inbox)) {
    (Action::Deliver { notification, .. }, Some(inbox)) => inbox.count(notification) > 0,
    (_, _) => false,
};

/// The client has gone by a fast shutdown.
ClientIsDead = |it| it.standing().fast == Fast::Done;
/// The profile of the logon is not there any more.
ProfileIsGone = |it| it.stored().is_none();
/// The profile of the logon is not there any more, or is to be removed.
ProfileIsNotLive = |it| {
    let slot = it.profile().and_then(|profile| it.state.profiles.get(profile));
    slot.is_none_or(Slot::is_marked)
};

/// A name is given that no profile can bear.
NameIsMalformed = |it| it.source_name() == Some(SourceName::Malformed)
    || it.new_name_argument() == Some(NewName::Malformed);
/// A name is given that is to be that of a profile.
SourceIsGiven = |it| it.source_name().is_some();
/// No profile bears that name, or it is to be removed.
SourceIsMissing = |it| it.source().is_none();
/// That profile is an app profile.
SourceIsApp = |it| it.source_is_app();
/// `MAPI_APP_PROFILE` is not passed.
AppProfileIsHidden = |it| !it.passes_app_profile();
/// No session uses that profile.
SourceIsUnused =
    |it| it.source().is_some_and(|profile| it.state.users(profile).next().is_none());
/// A profile that is not to be removed bears the new name, or has it reserved.
NameIsTaken = |it| it.name_is_taken();
/// The new name is the one that the profile bears.
NameIsOwn = |it| it.name_is_own();
/// A profile is to be made.
Creates = |it| matches!(it.edit_call(), Some(EditCall::Create { .. }));
/// A profile is to be copied.
Copies = |it| matches!(it.edit_call(), Some(EditCall::Copy { .. }));
/// A profile is to be deleted.
Deletes = |it| matches!(it.edit_call(), Some(EditCall::Delete { .. }));
/// A profile is to be renamed.
Renames = |it| matches!(it.edit_call(), Some(EditCall::Rename { .. }));
/// The default profile is to be another.
SetsDefault = |it| matches!(it.edit_call(), Some(EditCall::SetDefault { .. }));

/// A service is to be added.
Adds = |it| matches!(it.service_change(), Some(ServiceChange::Add(_)));
/// The service is in the profile now.
ServiceIsThere = |it| it.changed_service_is_there();
/// The profile can have no such service.
ServiceIsUnknown = |it| !it.changed_service_is_known();

/// It is `QueryFastShutdown`.
Queries = |it| it.fast_step() == Some(FastStep::Query);
/// It is `NotifyProcessShutdown`.
Notifies = |it| it.fast_step() == Some(FastStep::Notify);
/// The policy allows no fast shutdown.
PolicyForbids = |it| it.scope.fast_shutdown == FastPolicy::Refuse;
/// The policy takes the consent of every provider.
AllMustConsent = |it| it.scope.fast_shutdown == FastPolicy::AllowIfAllConsent;
/// The client has a query under way.
QueryIsUnderWay = |it| it.state.query_of(it.client()).is_some();
/// There is a provider to ask.
SomebodyIsLeft = |it| it.next_to_ask().is_some();
/// A query was answered with consent, and nobody has been told yet.
ConsentStands = |it| it.standing().fast == Fast::Asked;
/// No query was answered with consent, or not lately enough.
NothingStands = |it| it.standing().fast == Fast::None;
/// The call is a query under way.
IsQuerying = |it| it.query().is_some();
/// The call is a query under way, and a provider is left that has not been asked.
AnotherIsLeft = |it| it.query().is_some() && it.next_to_ask().is_some();
/// The provider objects.
ProviderObjects = |it| it.vote() == Some(Vote::Objects);
/// The provider cannot be asked.
InterfaceIsMissing = |it| it.vote() == Some(Vote::NoInterface);
}
