//! The table of rules.

rules! {
    /// A call bears a number that is still in use; it is not even answered.
    IgnoreReusedId => [];
    /// An event comes for something that is gone, or that does not wait for it.
    IgnoreStale => ["CAN-03"];
    /// A call other than the two that need no initialisation comes from a client without one.
    RefuseUninitialized => ["INI-01", "INI-08"];

    /// The first initialisation of a client counts one and fixes what kind of program it is.
    Initialize => ["INI-02", "INI-06"];
    /// A later initialisation only counts.
    InitializeAgain => ["INI-02"];
    /// An initialisation of another version, or with undefined flags, does not count.
    RefuseInitialize => ["INI-05", "INI-07"];
    /// An uninitialisation without its initialisation does nothing.
    UninitializeTooOften => ["INI-02"];
    /// An uninitialisation that is not the last only counts.
    Uninitialize => ["INI-02"];
    /// With the last uninitialisation the client's handles are logged off and released.
    UninitializeLast => ["INI-02", "INI-08", "LGF-13", "NTF-03"];
    /// A last uninitialisation amid calls is like a crash: the calls are dropped too.
    UninitializeAmidCalls => ["INI-08", "LGF-13", "NTF-03"];
    /// A client that is gone takes its calls and its handles with it.
    CrashClient => ["LGF-13", "MTX-05", "NML-04", "NTF-03"];

    /// A client that has shut down fast calls no more, and is not initialised again.
    RefuseDeadClient => ["FSD-06"];
    /// A client is gone that had shut down fast: nothing is left of it.
    ForgetDeadClient => ["FSD-06"];

    /// A logon with arguments that make no sense goes no further.
    RefuseLogonArguments => ["UIX-02"];
    /// A logon from inside the logon that holds the mutex would wait for itself.
    RefuseNestedLogon => ["MTX-07"];
    /// A logon joins the queue for the mutex.
    QueueLogon => ["MTX-01", "MTX-03"];
    /// A logon joins the queue, others before it, and will not wait long.
    QueueImpatientLogon => ["MTX-02", "MTX-03"];
    /// The few seconds that a logon would wait are over.
    EndShortWait => ["MTX-02", "MTX-06"];
    /// The caller's deadline passes while its logon is in the queue.
    EndWaitAtDeadline => ["MTX-03", "MTX-06", "CAN-02"];
    /// A logon whose turn has come stays, though its time to wait is over.
    KeepTurn => ["MTX-02", "CAN-02"];
    /// The head of the queue takes the free mutex.
    AcquireMutex => ["MTX-01", "MTX-03"];
    /// The logon that holds the mutex returns and frees it.
    AnswerLogon => ["MTX-01", "THR-02", "SHR-13"];
    /// A logon that gave up waiting returns.
    AnswerTimedOut => ["MTX-02", "MTX-06"];

    /// A logon that may share gets a handle of its own on the oldest session that can be joined.
    JoinShared => [
        "SHR-01", "SHR-02", "SHR-03", "SHR-08", "SHR-10", "SHR-11", "SHR-12", "SHR-13", "MTX-05",
        "NML-03", "NML-04"
    ];
    /// A logon that may share finds nothing to join and goes on to choose a profile.
    FindNoneToJoin => ["SHR-05", "SHR-07", "SHR-15"];
    /// A logon that wants a session of its own does not look for one to join.
    InsistOnNewSession => ["SHR-01", "SHR-06", "SHR-09", "SHR-10"];
    /// The name that the caller gave is a live profile's.
    UseNamedProfile => ["PRF-01", "PRF-02", "PRF-04"];
    /// No live profile bears the name that the caller gave.
    RefuseUnknownProfile => ["PRF-11"];
    /// No profile can bear the name that the caller gave.
    RefuseMalformedName => ["PRF-09", "PRF-15"];
    /// The caller named none and asked for the default, which there is.
    UseDefaultProfile => ["PRF-01", "PRF-02", "PRF-04", "PRF-07"];
    /// There is no default, so the user is asked.
    AskForLackOfDefault => ["PRF-08", "MTX-04"];
    /// There is no default, and the user may not be asked.
    RefuseForLackOfDefault => ["PRF-08", "UIX-01"];
    /// The caller named none, so the user is asked.
    AskForProfile => ["PRF-02", "PRF-06", "PRF-07", "MTX-04"];
    /// The caller named none, and the user may not be asked.
    RefuseUnnamedProfile => ["PRF-05", "PRF-07", "SHR-07", "UIX-01", "UIX-09"];

    /// The user picked a profile that this caller may use.
    UsePickedProfile => ["PRF-01", "PRF-02", "CRD-05"];
    /// The profile that the user picked is gone.
    RefuseVanishedProfile => ["PRF-11"];
    /// The user picked an app profile, which the caller did not ask to be listed.
    RefuseHiddenProfile => ["PRF-10"];
    /// The user cancels the chooser.
    CancelChooser => ["PRF-13", "UIX-11"];
    /// The chooser cannot be shown: as if it were not permitted.
    FindNoChooser => ["CAN-04", "PRF-05"];
    /// The caller's deadline passes while the chooser is open.
    CloseChooserAtDeadline => ["CAN-02"];

    /// A profile without a password opens without one.
    PassOpenProfile => ["CRD-01", "CRD-03", "CRD-04"];
    /// A password for a profile that has none is refused, and no other is asked for.
    RefuseUnneededPassword => ["CRD-03", "CRD-04"];
    /// The password that came with the call, or the chooser, is the profile's.
    AcceptPassword => ["CRD-01", "CRD-02", "CRD-04", "CAN-05"];
    /// The password is wrong or missing, so the user is asked for it.
    AskForPassword => ["CRD-02", "UIX-03", "UIX-08", "MTX-04", "CAN-05"];
    /// The password is wrong or missing, and the user may not be asked.
    RefusePassword => ["CRD-02", "CRD-04", "UIX-01", "UIX-08", "UIX-09"];
    /// The user knows the password.
    AcceptEnteredPassword => ["CRD-05", "CAN-05"];
    /// The user does not know the password, and is not asked again.
    RefuseEnteredPassword => ["CRD-05", "CAN-05"];
    /// The user cancels the prompt for the password.
    CancelPasswordPrompt => ["CRD-05", "UIX-11"];
    /// The prompt for the password cannot be shown: as if it were not permitted.
    FindNoPasswordPrompt => ["CAN-04", "CRD-02"];
    /// The caller's deadline passes while the prompt for the password is open.
    ClosePasswordPromptAtDeadline => ["CAN-02"];

    /// The profile has gone before the password could be checked.
    RefuseCheckOfGoneProfile => ["PRF-11", "ADM-11", "ADM-13"];
    /// The profile has gone, or is about to, before the session could be built.
    RefuseBuildOnGoneProfile => ["PRF-11", "ADM-11", "ADM-13"];
    /// There are as many sessions as the subsystem takes.
    RefuseSessionOverLimit => [];
    /// A session comes to be, on one profile for life, and its first provider starts.
    BuildSession => [
        "PRF-01", "SHR-05", "CRD-01", "UIX-06", "UIX-08", "FLR-17", "ORD-01", "ORD-02", "ORD-03",
        "ORD-08"
    ];
    /// A session comes to be, and its first service shows its configuration.
    BuildSessionShowing => ["PRF-01", "SHR-05", "CRD-01", "UIX-04", "UIX-07", "UIX-08", "SVC-03"];
    /// A session comes to be that has no provider to start.
    BuildSessionWithoutProviders => ["PRF-01", "SHR-05", "CRD-01", "ORD-03"];
    /// A service has shown its configuration, and the next one shows its own.
    ShowNextService => ["UIX-04", "UIX-07", "UIX-08", "SVC-03"];
    /// The last service has shown its configuration, and the providers start.
    StartAfterShow => ["UIX-04", "ORD-01", "ORD-08"];
    /// The caller's deadline passes while a service shows its configuration: on without it.
    SkipShowAtDeadline => ["UIX-04", "CAN-02"];
    /// Every provider has had its turn: the session opens, to others too if its logon allows them.
    OpenSession => [
        "SHR-04", "SHR-09", "SHR-13", "SHR-14", "SHR-15", "FLR-16", "NML-04", "DST-01", "DST-02",
        "DST-04", "DST-09", "IDN-01"
    ];

    /// A provider logs on at the first attempt.
    StartProvider => ["FLR-07"];
    /// A provider logs on at the second attempt.
    StartRetriedProvider => ["FLR-01", "FLR-07"];
    /// A provider logs on, with something to say about it.
    StartProviderWithErrors => ["FLR-07", "FLR-11"];
    /// A provider cannot log on, but its service goes on without it.
    SkipProvider => ["FLR-04", "FLR-07", "FLR-13"];
    /// A provider lacks configuration, so the entry function of its service is called.
    ConfigureService => [
        "SVC-01", "SVC-02", "SVC-03", "SVC-11", "UIX-07", "UIX-08", "FLR-05", "FLR-07"
    ];
    /// A provider lacks configuration, and a second attempt is all that its service has for that.
    RetryUnconfigured => ["SVC-12", "FLR-05", "FLR-07"];
    /// A provider fails for the first time, and the user is asked whether to try again.
    AskToRetry => ["FLR-01", "FLR-07", "FLR-08", "FLR-09", "FLR-10", "FLR-19", "UIX-08"];
    /// A provider fails for the first time, nobody may be asked, and its service is disabled.
    DisableUnasked => [
        "FLR-01", "FLR-03", "FLR-06", "FLR-07", "FLR-08", "FLR-09", "FLR-10", "UIX-01", "UIX-09"
    ];
    /// A provider still lacks configuration at the second attempt: its service is disabled.
    DisableUnconfigured => ["FLR-02", "FLR-03", "FLR-07", "FLR-15"];
    /// A provider fails at the second attempt as well: its service is disabled.
    DisableAfterSecondFailure => ["FLR-02", "FLR-03", "FLR-07", "FLR-08", "FLR-09", "FLR-10"];
    /// A provider cannot be loaded, or speaks another version: its service is disabled at once.
    DisableWrongVersion => ["FLR-07", "FLR-12"];
    /// The entry function has returned, with whatever code, and the second attempt follows.
    RetryConfigured => ["FLR-05", "FLR-07", "SVC-13"];
    /// The user wants a second attempt.
    RetryProvider => ["FLR-01", "FLR-07", "FLR-19"];
    /// The user wants to correct the configuration first, so the entry function is called.
    CorrectService => ["FLR-07", "FLR-19", "SVC-02", "SVC-03", "SVC-11", "UIX-07"];
    /// The user wants to correct what cannot be corrected, and the service is disabled.
    DisableUncorrectable => ["FLR-07", "FLR-19", "SVC-12"];
    /// The user gives up, and the service is disabled.
    DisableGivenUp => ["FLR-07", "FLR-19", "UIX-11"];
    /// The question cannot be shown: as if it were not permitted, the service is disabled.
    DisableForLackOfPrompt => ["FLR-07", "FLR-19", "CAN-04"];
    /// The caller's deadline passes while a provider logs on: its service is disabled unasked.
    DisableAtDeadline => ["FLR-07", "CAN-02"];
    /// The caller's deadline passes while the entry function is at work: on without it.
    RetryAtDeadline => ["FLR-07", "CAN-02"];
    /// The caller's deadline passes while the user is asked whether to try again: as if given up.
    GiveUpAtDeadline => ["FLR-07", "FLR-19", "CAN-02"];

    /// A provider logs on whose service was disabled meanwhile, and is logged off again.
    TakeBackOfDisabledService => ["FLR-02", "CAN-03", "FLR-20"];
    /// A provider fails whose service was disabled meanwhile: it is not tried again.
    FailInDisabledService => ["FLR-02", "FLR-20"];
    /// The entry function returns to a service that was disabled meanwhile: no second attempt.
    FailDespiteEntry => ["FLR-02", "FLR-20"];
    /// The user answers for a service that was disabled meanwhile: no second attempt.
    FailDespiteAnswer => ["FLR-02", "FLR-20"];
    /// A provider logs on whose caller is gone, and its session keeps it.
    KeepLateProvider => ["CAN-03"];
    /// A provider logs on late for a service that is disabled, and is logged off again.
    TakeBackLateOfDisabledService => ["CAN-03", "FLR-02"];
    /// A provider logs on late for a session that is over, and is logged off at once.
    TakeBackLateOfLostSession => ["CAN-03", "PSD-11"];
    /// A provider fails whose caller is gone: nobody is told, nothing is tried or disabled.
    FailLateProvider => ["CAN-03"];
    /// The last attempt that a session waited for before its end fails.
    FailLastLateProvider => ["CAN-03", "PSD-11"];

    /// A provider has logged off and is shut down.
    ShutDownProvider => ["PSD-01", "PSD-02", "PSD-03"];
    /// A store that was logged off singly is shut down, and can be opened again.
    FreeStore => ["PSD-05"];
    /// A provider is shut down whose service is disabled, while its session goes on.
    FinishTakingBack => ["CAN-03", "FLR-02"];
    /// A provider of a session without handles is shut down, and the next one logs off.
    StopNextProvider => ["PSD-01", "PSD-11", "PSD-12"];
    /// A provider of a session without handles is shut down, while others are being stopped.
    StopBesideOthers => ["PSD-11"];
    /// The last provider of a session without handles is shut down.
    StopLastProvider => ["PSD-01", "PSD-11"];
    /// What the session had is given back: it is forgotten. Others are on its profile.
    EndSession => ["LGF-11"];
    /// The last session on its profile is forgotten: what waited for that is carried out.
    EndLastSessionOnProfile => ["LGF-11", "ADM-10", "ADM-12", "ADM-14"];

    /// A call names a handle that its client does not have, or has no longer.
    RefuseHandle => ["THR-03", "LGF-01", "LGF-03", "LGF-13"];
    /// A logoff with flags that make no sense changes nothing.
    RefuseLogoffArguments => ["LGF-09"];
    /// The user is asked whether to log off.
    AskToConfirmLogoff => ["LGF-09", "LGF-10"];
    /// A handle is logged off; its session goes on as long as it has another.
    LogOff => [
        "LGF-01", "LGF-02", "LGF-04", "LGF-08", "LGF-10", "LGF-11", "LGF-12", "LGF-16", "LGF-18",
        "MTX-05", "NML-04", "NTF-03", "NTF-08"
    ];
    /// The user confirms the logoff.
    LogOffConfirmed => ["LGF-10", "LGF-11", "LGF-18", "NTF-03"];
    /// The question cannot be shown: as if it were not to be asked.
    LogOffUnasked => ["CAN-04", "LGF-11", "LGF-18", "NTF-03"];
    /// A handle is logged off and asks everyone on its session to follow: nobody joins any more.
    LogOffShared => [
        "LGF-04", "LGF-05", "LGF-07", "LGF-11", "LGF-16", "LGF-18", "NTF-02", "NTF-03", "NTF-08"
    ];
    /// The user confirms a logoff that asks everyone on the session to follow.
    LogOffSharedConfirmed => ["LGF-04", "LGF-07", "LGF-10", "NTF-02", "NTF-03"];
    /// The question cannot be shown whether to log off and ask everyone to follow: it is done.
    LogOffSharedUnasked => ["CAN-04", "LGF-04", "LGF-07", "NTF-02", "NTF-03"];
    /// The user wants to stay: nothing changes.
    DeclineLogoff => ["LGF-10", "UIX-11"];
    /// The caller's deadline passes while the user is asked: nothing changes.
    CloseConfirmationAtDeadline => ["CAN-02"];
    /// A live handle is logged off and released in one.
    ReleaseLive => ["LGF-13", "LGF-11", "LGF-18", "MTX-05", "NML-04", "NTF-03"];
    /// A handle that was logged off is released.
    ReleaseLoggedOff => ["LGF-01", "LGF-03"];

    /// A logon is withdrawn: it leaves the queue, or the mutex, and no trace.
    WithdrawLogon => ["CAN-01", "MTX-06"];
    /// A logon is withdrawn that has its handle already: the handle goes as if it were logged off.
    WithdrawSettledLogon => ["CAN-01", "NML-04", "NTF-03"];
    /// A logon is withdrawn while a provider logs on: its session ends when that has answered.
    WithdrawStartingLogon => ["CAN-01", "CAN-03"];
    /// A logon is withdrawn while a service or the user is asked for it, or its session just opens.
    WithdrawBuildingLogon => ["CAN-01", "CAN-03"];
    /// A logoff that waits for the user is withdrawn; its handle stays live.
    WithdrawLogoff => ["CAN-01"];
    /// A deadline passes where it makes no difference.
    IgnoreDeadline => ["CAN-02"];

    /// An open call with flags that make no sense goes no further.
    RefuseOpenArguments => ["UIX-06"];
    /// An open call names what is no store of its session.
    RefuseUnknownStore => ["PLG-13"];
    /// A handle has one open call at a time.
    RefuseSecondOpen => ["PLG-14"];
    /// An open call from inside another does not wait, for it might wait for itself.
    RefuseOpenFromInside => ["PLG-16"];
    /// A store of a disabled service is not opened.
    RefuseStoreOfDisabledService => ["FLR-02", "PLG-13"];
    /// A store that runs is opened as it is.
    OpenRunningStore => ["PLG-07"];
    /// The address book is opened, and lacks nothing.
    OpenWholeBook => ["PLG-10"];
    /// The address book is opened without a provider that cannot be tried.
    OpenPartOfBook => ["PLG-10", "FLR-16"];
    /// An open call waits for others that are at the same provider.
    WaitForProvider => ["FLR-07", "PLG-15"];
    /// A store that does not run is started to be opened.
    StartForStore => ["FLR-07", "FLR-13", "PLG-12", "UIX-06", "UIX-08", "UIX-09"];
    /// The first address book provider that does not run is started to open the address book.
    StartForBook => ["FLR-07", "PLG-10", "PLG-12", "UIX-06", "UIX-08", "UIX-09"];
    /// An open call has waited for its store, which runs now.
    FindStoreRunning => ["FLR-07", "PLG-07", "PLG-15"];
    /// An open call has waited for its store, whose service is disabled now.
    FindServiceDisabled => ["FLR-02", "FLR-07", "PLG-13"];
    /// An open call has waited for its store, and starts it.
    StartStoreAfterWait => ["FLR-07", "PLG-15"];
    /// An open call has waited for an address book provider, and now the book lacks nothing.
    FindBookWhole => ["FLR-07", "PLG-10"];
    /// An open call has waited for an address book provider, and nothing is left to be tried.
    FindBookInPart => ["FLR-07", "PLG-10", "FLR-16"];
    /// An open call has waited for an address book provider, and waits for the next.
    WaitForNextOfBook => ["FLR-07", "PLG-10", "PLG-15"];
    /// An open call has waited for an address book provider, and starts it, or the next.
    StartBookAfterWait => ["FLR-07", "PLG-10", "PLG-15"];
    /// The caller's deadline passes while its open call waits for others.
    EndOpenWaitAtDeadline => ["CAN-02"];
    /// The caller's deadline passes while a provider logs on to be opened.
    LeaveAttemptAtDeadline => ["CAN-02", "CAN-03"];
    /// The caller's deadline passes while an entry function is at work for its open call.
    LeaveEntryAtDeadline => ["CAN-02", "CAN-03"];
    /// The caller's deadline passes while the user is asked about a provider to be opened.
    CloseRetryPromptAtDeadline => ["CAN-02", "CAN-03"];
    /// An open call that waits for others is withdrawn.
    WithdrawWaitingOpen => ["CAN-01"];
    /// An open call is withdrawn while its provider logs on.
    WithdrawOpenAmidAttempt => ["CAN-01", "CAN-03"];
    /// An open call is withdrawn while an entry function is at work for it.
    WithdrawOpenAmidEntry => ["CAN-01", "CAN-03"];
    /// An open call is withdrawn while the user is asked about its provider.
    WithdrawOpenAmidPrompt => ["CAN-01", "CAN-03"];

    /// What a client asks of an object is handed to its provider.
    UseProvider => ["FLR-02", "PLG-17", "NML-02"];
    /// A client uses, or logs off, what its handle has not open.
    RefuseUnopened => ["LGF-01", "PSD-05"];
    /// A store that does not run is not used.
    RefuseStoreUse => ["FLR-02", "PLG-17"];
    /// An address book provider that does not run is not used.
    RefuseEntryUse => ["FLR-02", "PLG-10", "PLG-17"];
    /// The last user of a store that runs logs it off; the session goes on.
    LogOffStore => ["PSD-03", "PSD-05", "PSD-06", "PSD-09"];
    /// A user of a store leaves it to the others.
    LeaveStoreToOthers => ["PSD-09"];
    /// A user of a store that does not run leaves it.
    LeaveStoppedStore => ["PSD-05"];
    /// The last user of the default store logs it off: the session has no default store then.
    LogOffDefaultStore => ["PSD-03", "PSD-05", "PSD-06", "PSD-09", "DST-06", "DST-09", "NTF-07"];
    /// A transport whose service is disabled is not used.
    RefuseTransportUse => ["FLR-02", "PLG-17"];

    /// Another store is made the default one, and those who listen are told.
    SetDefaultStore => ["DST-01", "DST-03", "DST-06", "DST-09", "NTF-07"];
    /// The session is to have no default store any more, and those who listen are told.
    ClearDefaultStore => ["DST-05", "DST-06", "NTF-07"];
    /// The default store is what it is to be already.
    KeepDefaultStore => ["DST-01", "DST-06"];
    /// What is no store, does not run or never is the default does not become it.
    RefuseUnfitStore => ["DST-02"];

    /// A client begins to listen for the notifications of its session.
    Advise => ["NTF-01", "NTF-09"];
    /// A client listens already.
    AdviseAgain => ["NTF-01"];
    /// A client listens no more; what is queued for it is handed over all the same.
    Unadvise => ["NTF-06", "LGF-15"];
    /// A client does not listen, and is not to.
    UnadviseAgain => ["NTF-06"];
    /// The sinks of a handle get a notification that was queued for it.
    HandNotification => ["NTF-05", "LGF-15"];

    /// Transports are needed: the spooler begins with the first that nobody has tried.
    StartTransports => [
        "ORD-03", "ORD-04", "ORD-05", "ORD-06", "ORD-07", "ORD-08", "NML-04", "NML-10", "FLR-07"
    ];
    /// Transports are needed where the spooler is busy, does not come, or has nothing to start.
    IgnoreDemand => ["ORD-06", "NML-01", "NML-04"];

    /// The environment lets nobody shut down fast, and no provider is asked.
    RefuseQueryByPolicy => ["FSD-05"];
    /// A client that is asking already does not ask again.
    RefuseSecondQuery => ["FSD-01"];
    /// No provider runs that a fast shutdown would concern: it is allowed.
    AllowFastShutdownUnasked => ["FSD-02", "FSD-03", "FSD-04"];
    /// The first provider that runs is asked for its consent.
    AskFirstProvider => ["FSD-01", "FSD-02", "FSD-07"];
    /// A provider does not stand in the way, and the next one is asked.
    AskNextProvider => ["FSD-02", "FSD-03", "FSD-04"];
    /// The last provider does not stand in the way: the client may shut down fast.
    AllowFastShutdown => ["FSD-02", "FSD-03", "FSD-04"];
    /// A provider objects: the client may not shut down fast.
    RefuseForObjection => ["FSD-03", "FSD-04"];
    /// A provider cannot be asked, where all must consent.
    RefuseForSilence => ["FSD-04"];
    /// The caller's deadline passes while a provider is asked: as if it objected.
    EndQueryAtDeadline => ["CAN-02"];
    /// The question whether the client may shut down fast is withdrawn.
    WithdrawQuery => ["CAN-01"];
    /// The providers of a client that may shut down fast are told that it will.
    NotifyProviders => ["FSD-01", "FSD-02", "FSD-07"];
    /// A client that may not shut down fast, or has said before that it will, tells nobody.
    NotifyNobody => ["FSD-01", "FSD-05"];
    /// A client that may not shut down fast does not.
    RefuseFastShutdown => ["FSD-05", "FSD-08"];
    /// A client shuts down fast: the sessions that it leaves empty end at once, and it is dead.
    ShutDownFast => [
        "FSD-01", "FSD-02", "FSD-06", "FSD-07", "FSD-09", "LGF-13", "NTF-03", "MTX-05", "ADM-10",
        "ADM-14"
    ];

    /// No profile can bear a name that an edit gives.
    RefuseMalformedProfileName => ["ADM-24", "PRF-09"];
    /// An edit names a profile that is not there, or about to go.
    RefuseAbsentProfile => ["ADM-02", "ADM-03", "ADM-11", "ADM-15"];
    /// An edit names an app profile, and the caller did not ask to see those.
    RefuseHiddenSource => ["ADM-02", "ADM-03"];
    /// An app profile does not become the default.
    RefuseAppProfileAsDefault => ["ADM-15"];
    /// A name is not given to two profiles.
    RefuseTakenName => ["ADM-01", "ADM-02", "ADM-14", "ADM-24"];
    /// A profile is made, whatever sessions there are.
    CreateProfile => ["ADM-01", "ADM-11", "ADM-13", "ADM-24"];
    /// A profile is copied, under a name of its own.
    CopyProfile => ["ADM-02", "ADM-24"];
    /// A profile without sessions is deleted.
    RemoveProfile => ["ADM-03", "ADM-12", "ADM-16"];
    /// A profile is deleted that has sessions: it is hidden, and goes with the last of them.
    MarkProfile => ["ADM-03", "ADM-10", "ADM-11", "ADM-16"];
    /// A profile without sessions is renamed.
    RenameProfile => ["ADM-14", "ADM-24"];
    /// A profile is renamed that has sessions: it keeps its name until the last of them ends.
    DeferRename => ["ADM-14", "ADM-24"];
    /// A profile is to have the name that it has.
    TakeBackRename => ["ADM-14"];
    /// Another profile is made the default; no session takes notice.
    SetDefaultProfile => ["ADM-15", "ADM-16"];
    /// No profile is to be the default.
    ClearDefaultProfile => ["ADM-15", "ADM-16"];
    /// A service is added to the profile of a session, for later sessions.
    AddService => ["ADM-19", "ADM-20"];
    /// A service goes from the profile of a session, for later sessions.
    DeleteService => ["ADM-19", "ADM-20"];
    /// A profile does not get a service that nobody knows.
    RefuseUnknownService => ["ADM-19"];
    /// A profile does not get a second copy of what it may have once.
    RefuseSecondCopy => ["ADM-23"];
    /// A profile cannot lose a service that it does not have.
    RefuseAbsentService => ["ADM-19"];
}
