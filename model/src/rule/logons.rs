//! The rows for clients that come and go, and for logons.

macro_rules! logons {
    ($then:ident $($lists:tt)*) => {
        $then! { $($lists)*
INITIALIZE {
    /// `MAPIInitialize` of a process that has ended all its sessions by a fast shutdown.
    RefuseDeadInitialize [ClientIsDead] => [Answer] NotInitialized; "FSD-06"
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
        DropHandles TellOfLeaving DrainEmpty InformSpooler DropCalls ForgetClient Answer] Ok;
        "INI-02" "INI-08" "NTF-03" "NTF-08"
}
CRASH {
    /// The process ends that has gone by a fast shutdown: its id is as new.
    EndDeadClient [ClientIsDead] => [ForgetClient]; "FSD-06"
    /// A client dies: its calls are dropped unanswered, its handles are logged off and released.
    CrashClient [ClientIsPresent] => [LeaveQueue FreeMutex WithdrawPrompts DropSeries
        DrainUnfinished DropHandles TellOfLeaving DrainEmpty InformSpooler DropCalls ForgetClient];
        "LGF-13" "NTF-03" "NTF-08" "D-30"
    /// A process dies that had nothing to do with MAPI.
    CrashStranger [] => [];
}
LOGON {
    /// A logon before `MAPIInitialize`.
    RefuseEarlyLogon [CountIsZero] => [Answer] NotInitialized; "INI-01"
    /// A logon with a flag bit that has no meaning.
    RefuseLogonFlags [FlagIsUndefined] => [TakeStandingBack Answer] UnknownFlags; "ERR-02" "D-19"
    /// A logon that asks for both dialogs.
    RefuseTwoDialogs [WantsUi WantsPasswordUi] => [TakeStandingBack Answer] InvalidParameter;
        "UIX-02" "D-19"
    /// A logon from inside the logon that holds the mutex.
    RefuseNestedLogon [IsInsideMutexHolder] => [TakeStandingBack Answer] LogonFailed;
        "MTX-07" "D-19"
    /// A logon that must wait, and will not wait long.
    QueueImpatientLogon [IsShort CannotAcquireAtOnce] => [TakeStandingBack AddLogon JoinQueue
        StartTimer]; "MTX-02" "MTX-03" "D-19"
    /// A logon takes its place in the queue.
    QueueLogon [] => [TakeStandingBack AddLogon JoinQueue]; "MTX-01" "MTX-03" "D-19"
}
CONTINUE {
    /// The first logon in the queue takes the free mutex.
    Acquire [IsFirstInQueue MutexIsFree] => [LeaveQueue TakeMutex GoToDecide]; "MTX-01" "MTX-03"
    /// A logon that may join finds a session open to others.
    Join [Decides MayJoin TargetExists] => [TakeTargetProfile GiveTargetHandle
        InformSpooler Settle] Ok;
        "SHR-01" "SHR-02" "SHR-03" "SHR-11" "SHR-12" "SHR-13" "MTX-05" "NML-03" "NML-04" "NML-05"
        "LGF-07"
    /// A logon that may not join, or finds nothing to join, chooses a profile.
    DoNotJoin [Decides] => [GoToPick]; "SHR-01" "SHR-05" "SHR-06" "SHR-07" "CRD-01"
    /// No name and no default asked for, but dialogs permitted: the user chooses.
    AskForProfile [Picks NameIsMissing UiIsPermitted] => [OpenChooser]; "PRF-04" "PRF-06" "UIX-01"
    /// No name can be obtained, or the one given is malformed.
    RefuseWithoutName [Picks] => [Settle] LogonFailed; "PRF-05" "PRF-09" "PRF-15" "UIX-01"
    /// A profile without password needs none.
    PassOpenProfile [ProfileIsOpen PasswordIsMissing] => [GoToBuild]; "CRD-03" "CRD-04"
    /// A password for a profile that has none is refused.
    RefuseNeedlessPassword [ProfileIsOpen] => [Settle] LogonFailed; "CRD-04"
    /// The password is missing, but its prompt is permitted.
    AskForMissingPassword [Judges PasswordUiIsPermitted] => [OpenPasswordPrompt];
        "CRD-02" "UIX-01" "UIX-03"
    /// The password is missing.
    RefuseMissingPassword [Judges] => [Settle] LogonFailed; "CRD-02" "UIX-01"
    /// The session is complete: it can be used, and joined if its creator allowed others.
    FinishLogon [Finishes] => [Activate GiveOwnHandle ChooseDefaultStore ChooseIdentity
        InformSpooler Settle] Ok;
        "SHR-04" "SHR-08" "SHR-13" "SHR-14" "SHR-15" "FLR-15" "FLR-16" "NML-01" "NML-04" "NML-05"
        "DST-01" "DST-02" "DST-04" "DST-09" "IDN-01" "D-32"
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
    /// The profile has been removed since it was chosen.
    RefuseGoneProfile [Checks ProfileIsGone] => [Settle] LogonFailed; "PRF-11" "ADM-13"
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
    /// The profile has been removed since it was chosen, or is to be removed.
    RefuseVanishedProfile [Builds ProfileIsNotLive] => [Settle] LogonFailed;
        "PRF-11" "ADM-11" "ADM-13"
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
        }
    };
}
pub(super) use logons;
