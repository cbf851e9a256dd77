//! What the words of a guard mean: one row a word.

use crate::{
    Handle, Holder, InitArgument, LogoffArgument, NameArgument, Password, Phase, Stage, flag,
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
Judges = |it| it.stage() == Some(Stage::Credentials);
/// The logon waits for the profile store to check the password.
Checks = |it| it.stage() == Some(Stage::Check);
/// The password prompt of the logon is open.
Prompts = |it| it.stage() == Some(Stage::AskPassword);
/// The chooser or the password prompt of the logon is open.
IsPrompting = |it| matches!(it.stage(), Some(Stage::AskProfile | Stage::AskPassword));
/// The logon is about to build its session.
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
ProfileIsOpen = |it| it.profile().is_some_and(|profile| !it.scope.profile(profile).password);
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
    it.has(flag::APP_PROFILE) || it.chosen().is_none_or(|profile| !it.scope.profile(profile).app)
};

/// The session is being built.
SessionIsBuilding = |it| it.phase() == Some(Phase::Building);
/// The logon of the session was given up while its providers were starting.
SessionIsAbandoned = |it| it.phase() == Some(Phase::Abandoned);
/// The providers of the session are stopping.
SessionIsDraining = |it| it.phase() == Some(Phase::Draining);

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
WantsConfirmation = |it| it.logoff() == Some(LogoffArgument::Ui);
/// The call is a logoff that waits for its confirmation.
Confirms = |it| it.confirmed_handle().is_some();
}
