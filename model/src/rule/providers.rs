//! The rows for providers, services, sessions that end, and the spooler.

macro_rules! providers {
    ($then:ident $($lists:tt)*) => {
        $then! { $($lists)*
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
    EndInforming [AwaitsRetry ServiceIsDisabled] => [FailProvider EndSeries];
        "FLR-02" "D-11" "FLR-20"
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
    FailInDisabled [AttemptIsOut ServiceIsDisabled] => [FailProvider EndSeries];
        "FLR-02" "D-11" "FLR-20"
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
    EndSession [SessionIsOver] => [ForgetSession SettleProfiles];
        "LGF-11" "FLR-17" "ADM-10" "ADM-14"
    /// No session is being closed.
    IgnoreClose [] => []; "CAN-03"
}
DEMAND {
    /// Something needs the transports, and the spooler has the first one log on that is left.
    BringUpTransport [SpoolerIsAttached SpoolerIsIdle] => [StartTransport];
        "ORD-03" "ORD-04" "ORD-05" "ORD-06" "ORD-07" "ORD-08" "NML-04" "NML-10" "D-30"
    /// Nobody wants mail, or the spooler is at work already.
    IgnoreDemand [] => []; "ORD-06" "NML-01" "D-30"
}
TRANSPORT_CONFIGURED {
    /// Whatever the entry function made of it, the spooler tries the transport once more.
    RetryTransport [AwaitsEntry ServiceIsEnabled] => [StartSecond]; "FLR-05" "FLR-07" "D-30"
    /// The service was disabled while its entry function was at work.
    EndTransport [AwaitsEntry] => [FailProvider EndSeries]; "FLR-02" "D-11" "FLR-20"
    /// Nobody waits for this return.
    IgnoreTransportConfigured [] => []; "CAN-03"
}
        }
    };
}
pub(super) use providers;
