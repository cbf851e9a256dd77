//! The rules of the protocol, in one table: when each applies, what it does, which code it gives,
//! and which requirements of `specs/` it stands for.
//!
//! For an action the rules of its list are tried from the top; the first whose whole guard holds
//! applies. Each list ends with a rule without guard, so exactly one rule applies to every action
//! in every state. What the words of a guard mean is in [`Guard`], what the words of an update do
//! in [`Update`].

use crate::{Action, Code, Guard, Update};

/// One row of the table.
#[derive(Debug)]
pub struct Row {
    /// The rule.
    pub rule: Rule,
    /// When it applies: all of these hold, and no row above applies.
    pub guard: &'static [Guard],
    /// What it does, in this order.
    pub updates: &'static [Update],
    /// The code of the answer that it gives or settles.
    pub code: Option<Code>,
    /// The requirements that it stands for.
    pub requirements: &'static [&'static str],
}

macro_rules! code {
    () => {
        None
    };
    ($code:ident) => {
        Some(Code::$code)
    };
}

macro_rules! rules {
    ($($list:ident {$(
        $(#[doc = $doc:literal])*
        $rule:ident [$($guard:ident)*] => [$($update:ident)*] $($code:ident)?; $($id:literal)*
    )*})*) => {
        /// A named transition.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Rule { $($($(#[doc = $doc])* $rule,)*)* }

        impl Rule {
            /// Every rule.
            pub const ALL: &[Self] = &[$($(Self::$rule,)*)*];

            /// What it says.
            pub const fn sentence(self) -> &'static str {
                match self { $($(Self::$rule => concat!($($doc),*),)*)* }
            }
        }

        $(const $list: &[Row] = &[$(Row {
            rule: Rule::$rule,
            guard: &[$(Guard::$guard),*],
            updates: &[$(Update::$update),*],
            code: code!($($code)?),
            requirements: &[$($id),*],
        },)*];)*

        /// Every list of the table, with the name of its action.
        pub const TABLE: &[(&str, &[Row])] = &[$((stringify!($list), $list)),*];
    };
}

rules! {
INITIALIZE {
    /// `MAPIInitialize` with a flag bit that has no meaning.
    RefuseInitializeFlags [InitFlagIsUndefined] => [Answer] UnknownFlags; "INI-05"
    /// `MAPIInitialize` with a structure of another version.
    RefuseInitializeVersion [InitVersionIsWrong] => [Answer] InvalidParameter; "INI-05" "INI-07"
    /// The first `MAPIInitialize` of a client does the work and says what the client is.
    InitializeFirst [CountIsZero] => [SetHost CountUp Answer] Ok; "INI-02" "INI-03" "INI-06"
    /// A further `MAPIInitialize` only counts.
    InitializeAgain [] => [CountUp Answer] Ok; "INI-02" "INI-03"
}
UNINITIALIZE {
    /// `MAPIUninitialize` with nothing to balance.
    UninitializeAtZero [CountIsZero] => [Answer] Ok; "INI-02"
    /// A `MAPIUninitialize` that leaves others unbalanced only counts.
    UninitializeOnce [CountIsAboveOne] => [CountDown Answer] Ok; "INI-02"
    /// The balancing `MAPIUninitialize` ends whatever the client still has.
    UninitializeLast [] => [LeaveQueue FreeMutex WithdrawPrompts DropSeries DrainUnfinished
        DropHandles DrainEmpty DropCalls ForgetClient Answer] Ok; "INI-02" "INI-08"
}
CRASH {
    /// A client dies: its calls are dropped unanswered, its handles are logged off and released.
    CrashClient [ClientIsPresent] => [LeaveQueue FreeMutex WithdrawPrompts DropSeries
        DrainUnfinished DropHandles DrainEmpty DropCalls ForgetClient]; "LGF-13"
    /// A process dies that had nothing to do with MAPI.
    CrashStranger [] => [];
}
LOGON {
    /// A logon before `MAPIInitialize`.
    RefuseEarlyLogon [CountIsZero] => [Answer] NotInitialized; "INI-01"
    /// A logon with a flag bit that has no meaning.
    RefuseLogonFlags [FlagIsUndefined] => [Answer] UnknownFlags; "ERR-02"
    /// A logon that asks for both dialogs.
    RefuseTwoDialogs [WantsUi WantsPasswordUi] => [Answer] InvalidParameter; "UIX-02"
    /// A logon from inside the logon that holds the mutex.
    RefuseNestedLogon [IsInsideMutexHolder] => [Answer] LogonFailed; "MTX-07"
    /// A logon that must wait, and will not wait long.
    QueueImpatientLogon [IsShort CannotAcquireAtOnce] => [AddLogon JoinQueue StartTimer];
        "MTX-02" "MTX-03"
    /// A logon takes its place in the queue.
    QueueLogon [] => [AddLogon JoinQueue]; "MTX-01" "MTX-03"
}
CONTINUE {
    /// The first logon in the queue takes the free mutex.
    Acquire [IsFirstInQueue MutexIsFree] => [LeaveQueue TakeMutex GoToDecide]; "MTX-01" "MTX-03"
    /// A logon that may join finds a session open to others.
    Join [Decides MayJoin TargetExists] => [TakeTargetProfile GiveTargetHandle Settle] Ok;
        "SHR-01" "SHR-02" "SHR-03" "SHR-11" "SHR-12" "SHR-13" "MTX-05"
    /// A logon that may not join, or finds nothing to join, chooses a profile.
    DoNotJoin [Decides] => [GoToPick]; "SHR-01" "SHR-05" "SHR-06" "SHR-07" "CRD-01"
    /// No name and no default asked for, but dialogs permitted: the user chooses.
    AskForProfile [Picks NameIsMissing UiIsPermitted] => [OpenChooser]; "PRF-04" "PRF-06" "UIX-01"
    /// No name can be obtained, or the one given is malformed.
    RefuseWithoutName [Picks] => [Settle] LogonFailed; "PRF-05" "PRF-09" "PRF-15" "UIX-01"
    /// A profile without password needs none.
    PassOpenProfile [Judges ProfileIsOpen PasswordIsMissing] => [GoToBuild]; "CRD-03" "CRD-04"
    /// A password for a profile that has none is refused.
    RefuseNeedlessPassword [Judges ProfileIsOpen] => [Settle] LogonFailed; "CRD-04"
    /// The password is missing, but its prompt is permitted.
    AskForMissingPassword [Judges PasswordUiIsPermitted] => [OpenPasswordPrompt];
        "CRD-02" "UIX-01" "UIX-03"
    /// The password is missing.
    RefuseMissingPassword [Judges] => [Settle] LogonFailed; "CRD-02" "UIX-01"
    /// The session is complete: it can be used, and joined if its creator allowed others.
    FinishLogon [Finishes] => [Activate GiveOwnHandle Settle] Ok;
        "SHR-04" "SHR-08" "SHR-13" "SHR-14" "SHR-15" "FLR-15" "FLR-16"
    /// The answer is given, and the mutex is free again.
    Reply [IsSettled] => [AnswerSettled FreeMutex DropCalls]; "MTX-01" "ERR-01"
    /// An open call is still not free to go on.
    IgnoreEarlyTurn [IsNotDue] => []; "CAN-03" "D-26"
    /// The store that an open call waited for is that of a service disabled meanwhile.
    FindStoreDisabled [ServiceIsDisabled] => [DropCalls Answer] LogonFailed;
        "FLR-02" "PLG-13"
    /// The store that an open call waited for runs.
    FindStoreRunning [ProviderIsRunning] => [GiveObject DropCalls Answer] Ok;
        "PLG-07" "PLG-15"
    /// The address book that an open call waited for is complete.
    FindBookWhole [IsOpening NothingIsLeft BookIsWhole] =>
        [GiveObject DropCalls Answer] Ok; "PLG-10"
    /// The address book that an open call waited for lacks a provider that cannot be tried.
    FindPartOfBook [IsOpening NothingIsLeft] => [GiveObject DropCalls Answer]
        ErrorsReturned; "PLG-10"
    /// The address book's next provider is taken as well.
    WaitForNext [CameToAnother ProviderIsTaken] => [MoveOpen]; "D-26" "PLG-15"
    /// It is the turn of an open call to try the provider that it waited for.
    TryAfterWait [IsOpening] => [MoveOpen StartFirst]; "D-26" "FLR-07" "PLG-15"
    /// There is nothing to go on with.
    IgnoreContinue [] => []; "CAN-03"
}
LOOKED_UP {
    /// The name given is that of a profile.
    UseNamedProfile [LooksUp NameIsLive] => [TakeNamedProfile GoToCredentials];
        "PRF-02" "PRF-04" "PRF-07" "PRF-12"
    /// The name given is that of no profile.
    RefuseAbsentProfile [LooksUp NameIsGiven] => [Settle] LogonFailed; "PRF-11"
    /// The default profile is asked for, and there is one.
    UseDefaultProfile [LooksUp DefaultExists] => [TakeDefaultProfile GoToCredentials];
        "PRF-02" "PRF-03" "PRF-04" "PRF-07" "PRF-12"
    /// There is no default profile, but dialogs are permitted: the user chooses.
    AskInsteadOfDefault [LooksUp UiIsPermitted] => [OpenChooser]; "PRF-08" "UIX-01"
    /// There is no default profile.
    RefuseWithoutDefault [LooksUp] => [Settle] LogonFailed; "PRF-08"
    /// Nobody waits for what was found.
    IgnoreLookUp [] => []; "CAN-03"
}
CHOOSE {
    /// The user closes the chooser.
    CancelChooser [Chooses UserCancelled] => [Settle] UserCancel; "PRF-13" "UIX-11" "MTX-04"
    /// There is nobody to choose: as if no dialog were permitted.
    FindNobodyToChoose [Chooses UserIsUnavailable] => [Settle] LogonFailed; "CAN-04"
    /// The user chooses a profile that the caller may see.
    UseChosenProfile [Chooses ChosenIsLive ChosenIsVisible] =>
        [TakeChosenPassword TakeChosenProfile GoToCredentials]; "PRF-02" "PRF-10" "CRD-05"
    /// The user names a profile that there is not, or not for this caller.
    RefuseChosenProfile [Chooses] => [Settle] LogonFailed; "PRF-10" "PRF-11"
    /// Nobody waits for the choice.
    IgnoreChoice [] => []; "CAN-03"
}
CHECKED {
    /// The password supplied is right.
    AcceptPassword [Checks PasswordIsRight] => [GoToBuild]; "CRD-02" "CRD-04" "CAN-05"
    /// The password supplied is wrong, but the prompt for it is permitted.
    AskForBetterPassword [Checks PasswordUiIsPermitted] => [OpenPasswordPrompt];
        "CRD-02" "UIX-01" "UIX-03"
    /// The password supplied is wrong.
    RefuseWrongPassword [Checks] => [Settle] LogonFailed; "CRD-02"
    /// Nobody waits for the check.
    IgnoreCheck [] => []; "CAN-03"
}
ENTER_PASSWORD {
    /// The user gives the right password.
    AcceptEnteredPassword [Prompts EnteredRight] => [GoToBuild]; "CRD-05"
    /// The user closes the password prompt.
    CancelPasswordPrompt [Prompts UserCancelled] => [Settle] UserCancel; "CRD-05" "UIX-11"
    /// There is nobody to give a password: as if no dialog were permitted.
    FindNobodyToPrompt [Prompts UserIsUnavailable] => [Settle] LogonFailed; "CAN-04"
    /// The user gives a wrong password; there is no second prompt.
    RefuseEnteredPassword [Prompts] => [Settle] LogonFailed; "CRD-05"
    /// Nobody waits for a password.
    IgnorePassword [] => []; "CAN-03"
}
SERVICES_READ {
    /// The subsystem has as many sessions as it may have.
    RefuseAtLimit [Builds LimitIsReached] => [Settle] LogonFailed; "SHR-10" "D-12"
    /// A new session on the chosen profile, whose services are to show their configuration first.
    BuildAndShow [Builds ShowsServices] => [AddSession ShowFirst]; "UIX-04" "SVC-03" "UIX-08"
    /// A new session on the chosen profile; its first provider is told to log on.
    Build [Builds] => [AddSession StartNext];
        "PRF-01" "SHR-05" "SHR-09" "UIX-08" "UIX-09" "ADM-19" "ORD-01" "ORD-02" "ORD-08" "SVC-12"
    /// Nobody waits for the services.
    IgnoreServices [] => []; "CAN-03"
}
ENTRY_RETURNED {
    /// A service has shown its configuration; the next one does.
    ShowNextService [AwaitsShow MoreToShow] => [ShowNext]; "UIX-04"
    /// The last service has shown its configuration; the first provider is told to log on.
    EndShowing [AwaitsShow] => [StartNext]; "UIX-04" "ORD-08"
    /// Whatever the entry function made of it, the provider is tried once more.
    RetryConfigured [AwaitsEntry ServiceIsEnabled] => [StartSecond];
        "FLR-05" "FLR-07" "SVC-01" "SVC-02" "SVC-13"
    /// The service was disabled while its entry function was at work.
    EndConfigured [AwaitsEntry] => [FailProvider EndSeries]; "FLR-02" "D-11" "FLR-20"
    /// Nobody waits for this return.
    IgnoreEntry [] => []; "CAN-03"
}
RETRY_ANSWERED {
    /// The service was disabled while the user was asked.
    EndInforming [AwaitsRetry ServiceIsDisabled] => [FailProvider EndSeries]; "FLR-02" "D-11" "FLR-20"
    /// The user has the provider tried once more.
    RetryProvider [AwaitsRetry UserRetries] => [StartSecond]; "FLR-01" "FLR-07" "FLR-19"
    /// The user puts right what is wrong, by the entry function.
    CorrectService [AwaitsRetry UserCorrects EntryExists] => [CallEntry];
        "FLR-01" "FLR-19" "SVC-11" "UIX-07"
    /// The user does without the service, or there is no user.
    GiveServiceUp [AwaitsRetry] => [FailProvider Disable EndSeries]; "FLR-07" "FLR-19" "CAN-04"
    /// Nobody waits for this answer.
    IgnoreRetry [] => []; "CAN-03"
}
PROVIDER_ANSWERED {
    /// A provider comes up whose caller is gone, and its session can use it.
    KeepLate [AttemptIsLate Succeeded SessionIsActive ServiceIsEnabled] => [RunProvider]; "CAN-03"
    /// A provider comes up whose caller is gone, and so is the use of it.
    TakeBackLate [AttemptIsLate Succeeded] => [LogOffProvider]; "CAN-03" "D-11" "PSD-11"
    /// A provider fails whose caller is gone: nobody hears of it, and nothing is disabled.
    FailLate [AttemptIsLate] => [FailProvider StopNext]; "CAN-03"
    /// A provider comes up after its service was disabled.
    TakeBack [AttemptIsOut Succeeded ServiceIsDisabled] => [LogOffProvider EndSeries];
        "FLR-02" "D-11" "PSD-12" "FLR-20"
    /// A provider fails after its service was disabled.
    FailInDisabled [AttemptIsOut ServiceIsDisabled] => [FailProvider EndSeries]; "FLR-02" "D-11" "FLR-20"
    /// A provider is logged on, perhaps with a warning.
    StartProvider [AttemptIsOut Succeeded] => [RunProvider EndSeries];
        "FLR-07" "FLR-11" "ORD-08" "PLG-12"
    /// A provider stays off, and its service goes on without it.
    SkipProvider [AttemptIsOut FailedAlone] => [FailProvider EndSeries]; "FLR-04" "FLR-13"
    /// A provider lacks configuration: its service is to see to that.
    ConfigureService [AttemptIsFirst IsUnconfigured EntryExists] => [CallEntry];
        "FLR-05" "SVC-02" "SVC-11" "UIX-07"
    /// A provider lacks configuration, and its service has no entry function to see to that.
    RetryUnconfigured [AttemptIsFirst IsUnconfigured] => [StartSecond];
        "FLR-07" "SVC-12"
    /// A provider cannot be loaded, and is not tried again.
    DisableUnloadable [AttemptIsOut CannotBeLoaded] => [FailProvider Disable EndSeries]; "FLR-12"
    /// A provider fails for the first time, and the user may be told.
    InformUser [AttemptIsFirst DialogsAreAllowed] => [OpenRetryPrompt];
        "FLR-01" "FLR-06" "FLR-08" "FLR-09" "FLR-10" "FLR-19"
    /// A provider fails for the first time, and nobody may be told.
    DisableUnasked [AttemptIsFirst] => [FailProvider Disable EndSeries];
        "FLR-06" "FLR-07" "FLR-08" "FLR-09" "FLR-10" "UIX-08"
    /// A provider fails for the second time.
    DisableService [AttemptIsOut] => [FailProvider Disable EndSeries];
        "FLR-02" "FLR-03" "FLR-07" "FLR-17"
    /// Nobody waits for this answer.
    IgnoreProvider [] => []; "CAN-03"
}
PROVIDER_LOGGED_OFF {
    /// A provider has logged off, and is told to shut down.
    ShutDown [IsLoggingOff] => [ShutDownProvider]; "PSD-01" "PSD-02"
    /// Nobody waits for this logoff.
    IgnoreProviderLogoff [] => []; "CAN-03"
}
PROVIDER_SHUT_DOWN {
    /// A provider of a draining session is down, and the next one is told to log off.
    EndProvider [IsShuttingDown SessionIsDraining] => [FailProvider StopNext];
        "PSD-01" "PSD-02" "PSD-11" "PSD-12"
    /// A store that was logged off by itself can be opened again.
    EndStore [IsShuttingDown ServiceIsEnabled] => [ResetProvider]; "PSD-05" "D-27"
    /// A provider that was taken back is down.
    EndTakenBack [IsShuttingDown] => [FailProvider]; "CAN-03" "D-27"
    /// Nobody waits for this shutdown.
    IgnoreShutdown [] => []; "CAN-03"
}
SESSION_CLOSED {
    /// The session has ended.
    EndSession [SessionIsOver] => [ForgetSession]; "LGF-11" "FLR-17"
    /// No session is being closed.
    IgnoreClose [] => []; "CAN-03"
}
OPEN {
    /// An open before `MAPIInitialize`.
    RefuseEarlyOpen [CountIsZero] => [Answer] NotInitialized; "INI-01"
    /// An open on a handle that another client owns.
    RefuseForeignOpen [HandleIsForeign] => [Answer] InvalidObject; "THR-02" "THR-03"
    /// An open on a handle whose logon has not been answered yet.
    RefuseUnansweredOpen [HandleIsUnanswered] => [Answer] InvalidObject; "THR-03"
    /// An open on a handle that was never issued, is logged off, or was released.
    RefuseDeadOpen [HandleIsNotLive] => [Answer] InvalidObject; "LGF-01" "LGF-03"
    /// An open with a flag bit that has no meaning.
    RefuseOpenFlags [OpenFlagIsUndefined] => [Answer] UnknownFlags; "ERR-02"
    /// An open of a store that is none.
    RefuseNoStore [WantsStore IsNoStore] => [Answer] NotFound; "ERR-02" "PLG-13"
    /// An open on a handle that has one under way.
    RefuseSecondOpen [OpenIsUnderWay] => [Answer] Busy; "D-26" "PLG-14"
    /// A store of a disabled service is not opened.
    OpenDisabledStore [ServiceIsDisabled] => [Answer] LogonFailed; "FLR-02" "PLG-13"
    /// A store that runs is simply handed out.
    OpenRunningStore [ProviderIsRunning] => [GiveObject Answer] Ok; "PLG-07"
    /// Every provider of the address book runs.
    OpenWholeBook [NothingIsLeft BookIsWhole] => [GiveObject Answer] Ok; "PLG-10"
    /// Some provider of the address book is missing and cannot be tried.
    OpenPartOfBook [NothingIsLeft] => [GiveObject Answer] ErrorsReturned; "PLG-10"
    /// An open from inside a prompt or a provider would have to wait, perhaps for itself.
    RefuseNestedWait [IsInsideCall ProviderIsTaken] => [Answer] Busy; "D-26" "PLG-16"
    /// Others are at work on the provider.
    WaitToOpen [ProviderIsTaken] => [AddOpen]; "D-26" "PLG-12" "PLG-15"
    /// The provider is tried.
    TryToOpen [] => [AddOpen StartFirst]; "FLR-07" "FLR-13" "PLG-10" "UIX-06" "UIX-08"
}
USE {
    /// A use before `MAPIInitialize`.
    RefuseEarlyUse [CountIsZero] => [Answer] NotInitialized; "INI-01"
    /// A use through a handle that another client owns.
    RefuseForeignUse [HandleIsForeign] => [Answer] InvalidObject; "THR-02" "THR-03"
    /// A use of what was never opened through the handle, or went with its logoff.
    RefuseUnopenedUse [IsNotOpen] => [Answer] InvalidObject; "LGF-02" "LGF-03"
    /// A provider that runs is called.
    UseRunning [ProviderIsRunning] => [UseProvider Answer] Ok; "FLR-02" "PLG-17"
    /// A store that does not run is not called.
    RefuseStoreUse [IsStore] => [Answer] LogonFailed; "FLR-02" "D-11" "PLG-17"
    /// An address book provider that does not run is not called.
    RefuseEntryUse [] => [Answer] UnknownEntryid; "FLR-02" "D-11" "PLG-17"
}
STORE_LOGOFF {
    /// A store logoff before `MAPIInitialize`.
    RefuseEarlyStoreLogoff [CountIsZero] => [Answer] NotInitialized; "INI-01"
    /// A store logoff through a handle that another client owns.
    RefuseForeignStoreLogoff [HandleIsForeign] => [Answer] InvalidObject; "THR-02" "THR-03"
    /// A logoff of a store that was never opened through the handle, or went with its logoff.
    RefuseUnopenedStoreLogoff [IsNotOpen] => [Answer] InvalidObject; "LGF-02" "LGF-03"
    /// The last handle that has the store open gives it up.
    LogOffStore [ProviderIsRunning IsOpenOnlyHere] => [DropObject LogOffProvider Answer] Ok;
        "PSD-05" "PSD-01" "PSD-09"
    /// The store is open elsewhere, or does not run.
    LeaveStore [] => [DropObject Answer] Ok; "PSD-05" "PSD-09"
}
LOGOFF {
    /// A logoff before `MAPIInitialize`.
    RefuseEarlyLogoff [CountIsZero] => [Answer] NotInitialized; "INI-01"
    /// A logoff of a handle that another client owns.
    RefuseForeignLogoff [HandleIsForeign] => [Answer] InvalidObject; "THR-02" "THR-03"
    /// A logoff of a handle whose logon has not been answered yet.
    RefuseUnansweredLogoff [HandleIsUnanswered] => [Answer] InvalidObject; "THR-03"
    /// A logoff of a handle that was never issued, is logged off, or was released.
    RefuseDeadLogoff [HandleIsNotLive] => [Answer] InvalidObject; "LGF-01" "LGF-03" "LGF-13"
    /// A logoff with a flag bit that has no meaning.
    RefuseLogoffFlags [LogoffFlagIsUndefined] => [Answer] UnknownFlags; "ERR-02"
    /// A logoff that wants to be confirmed by the user.
    AskForConfirmation [WantsConfirmation HolderMayBeAsked] => [AddConfirmation];
        "LGF-09" "LGF-10"
    /// A logoff ends the use of the handle, and of the session if it was the last one.
    LogOff [] => [MarkLoggedOff EndConfirmations EndOpens DrainEmpty Answer] Ok;
        "LGF-01" "LGF-02" "LGF-08" "LGF-10" "LGF-11" "LGF-12" "LGF-16" "LGF-18"
}
RELEASE {
    /// A release before `MAPIInitialize`.
    RefuseEarlyRelease [CountIsZero] => [Answer] NotInitialized; "INI-01"
    /// A release of a handle that another client owns.
    RefuseForeignRelease [HandleIsForeign] => [Answer] InvalidObject; "THR-02" "THR-03"
    /// A release of a handle whose logon has not been answered yet.
    RefuseUnansweredRelease [HandleIsUnanswered] => [Answer] InvalidObject; "THR-03"
    /// A release without logoff logs off.
    ReleaseLive [HandleIsLive] => [MarkLoggedOff EndConfirmations EndOpens DrainEmpty ForgetHandle
        Answer] Ok; "LGF-13" "LGF-18"
    /// A release after the logoff.
    ReleaseLoggedOff [HandleIsLoggedOff] => [ForgetHandle Answer] Ok; "LGF-01"
    /// A release of a handle that was never issued or was released before.
    RefuseDeadRelease [] => [Answer] InvalidObject; "LGF-03"
}
CONFIRM {
    /// The user agrees to the logoff.
    ConfirmLogoff [Confirms UserConfirmed] =>
        [DropCalls MarkLoggedOff EndConfirmations EndOpens DrainEmpty Answer] Ok; "LGF-10" "LGF-18"
    /// There is nobody to ask: as if no dialog were permitted.
    LogOffUnasked [Confirms UserIsUnavailable] =>
        [DropCalls MarkLoggedOff EndConfirmations EndOpens DrainEmpty Answer] Ok; "CAN-04" "LGF-10"
    /// The user declines, and nothing changes.
    DeclineLogoff [Confirms] => [DropCalls Answer] UserCancel; "LGF-10"
    /// Nobody waits for a confirmation.
    IgnoreConfirmation [] => []; "CAN-03"
}
TIMEOUT {
    /// A logon gives up waiting for the mutex.
    TimeOut [IsQueued IsShort IsNotNext] => [LeaveQueue Settle] Timeout; "MTX-02" "MTX-06"
    /// No short wait is under way.
    IgnoreTimeout [] => []; "CAN-03"
}
DEADLINE {
    /// The deadline of a logon passes while it waits for the mutex.
    PassDeadlineInQueue [IsQueued IsNotNext] => [LeaveQueue Settle] Timeout; "CAN-02" "MTX-06"
    /// The deadline of a logon passes while a prompt is open.
    PassDeadlineInPrompt [IsPrompting] => [WithdrawPrompts Settle] UserCancel; "CAN-02"
    /// The deadline of a logoff passes while its confirmation is open.
    PassDeadlineInConfirmation [Confirms] => [WithdrawPrompts DropCalls Answer] UserCancel; "CAN-02"
    /// The deadline of a logon passes while a service shows its configuration; the next one does.
    PassDeadlineInShow [MoreToShow] => [ShowNext]; "CAN-02"
    /// The deadline of a logon passes while the last service shows its configuration.
    PassDeadlineInLastShow [IsShowing] => [StartNext]; "CAN-02"
    /// The deadline of a logon passes while an attempt is out: it counts as failed for good.
    PassDeadlineInAttempt [IsLogon AttemptIsOut] => [MakeLate Disable EndSeries]; "CAN-02"
    /// The deadline of a logon passes while an entry function is at work: as if it had returned.
    PassDeadlineInEntry [IsLogon IsInEntry] => [StartSecond]; "CAN-02"
    /// The deadline of a logon passes while the user is asked: as if the user gave up.
    PassDeadlineInRetry [LogonInforms] => [WithdrawPrompts FailProvider Disable EndSeries];
        "CAN-02" "FLR-19"
    /// The deadline of an open call for a store passes.
    PassDeadlineOfStore [WantsStore] => [WithdrawPrompts AbandonSeries DropCalls Answer]
        LogonFailed; "CAN-02"
    /// The deadline of an open call for an address book passes just when it is complete.
    PassDeadlineOfWholeBook [IsOpening BookIsWhole] =>
        [GiveObject DropCalls Answer] Ok; "CAN-02" "PLG-10"
    /// The deadline of an open call for an address book passes: what there is, is handed out.
    PassDeadlineOfBook [IsOpening] => [WithdrawPrompts AbandonSeries GiveObject DropCalls Answer]
        ErrorsReturned; "CAN-02" "PLG-10"
    /// The call is where a deadline has no say.
    IgnoreDeadline [] => []; "CAN-02"
}
WITHDRAW {
    /// The caller of a logon gives it up.
    WithdrawLogon [IsLogon] => [LeaveQueue FreeMutex WithdrawPrompts AbandonSeries DrainUnfinished
        DropHandles DrainEmpty DropCalls]; "CAN-01"
    /// The caller of a logoff gives it up while the user is asked.
    WithdrawLogoff [Confirms] => [WithdrawPrompts DropCalls]; "CAN-01"
    /// The caller of an open call gives it up.
    WithdrawOpen [IsOpening] => [WithdrawPrompts AbandonSeries DropCalls]; "CAN-01"
    /// There is no such call.
    IgnoreWithdrawal [] => []; "CAN-01"
}
}

/// The rows that an action may follow, in the order in which they are tried.
pub const fn rows(action: Action) -> &'static [Row] {
    match action {
        Action::Initialize { .. } => INITIALIZE,
        Action::Uninitialize { .. } => UNINITIALIZE,
        Action::Logon { .. } => LOGON,
        Action::Logoff { .. } => LOGOFF,
        Action::Release { .. } => RELEASE,
        Action::Crash { .. } => CRASH,
        Action::Withdraw { .. } => WITHDRAW,
        Action::Deadline { .. } => DEADLINE,
        Action::Timeout { .. } => TIMEOUT,
        Action::Continue { .. } => CONTINUE,
        Action::LookedUp { .. } => LOOKED_UP,
        Action::Choose { .. } => CHOOSE,
        Action::Checked { .. } => CHECKED,
        Action::EnterPassword { .. } => ENTER_PASSWORD,
        Action::Confirm { .. } => CONFIRM,
        Action::ServicesRead { .. } => SERVICES_READ,
        Action::EntryReturned { .. } => ENTRY_RETURNED,
        Action::RetryAnswered { .. } => RETRY_ANSWERED,
        Action::ProviderAnswered { .. } => PROVIDER_ANSWERED,
        Action::ProviderLoggedOff { .. } => PROVIDER_LOGGED_OFF,
        Action::ProviderShutDown { .. } => PROVIDER_SHUT_DOWN,
        Action::SessionClosed { .. } => SESSION_CLOSED,
        Action::Open { .. } => OPEN,
        Action::Use { .. } => USE,
        Action::StoreLogoff { .. } => STORE_LOGOFF,
    }
}

impl Rule {
    /// The row of the table that this rule is.
    pub fn row(self) -> &'static Row {
        TABLE
            .iter()
            .flat_map(|(_, rows)| *rows)
            .find(|row| row.rule == self)
            .expect("every rule has its row: both come from the same table")
    }
}
