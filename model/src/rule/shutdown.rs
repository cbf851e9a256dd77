//! The rows for fast shutdown: a client asks, tells, and is gone.

macro_rules! shutdown {
    ($then:ident $($lists:tt)*) => {
        $then! { $($lists)*
FAST_SHUTDOWN {
    /// A step of a fast shutdown before `MAPIInitialize`, or after the last step.
    RefuseEarlyShutdown [CountIsZero] => [Answer] NotInitialized; "INI-01" "FSD-06"
    /// A step of a fast shutdown on a handle that another client owns.
    RefuseForeignShutdown [HandleIsForeign] => [Answer] InvalidObject; "THR-02" "THR-03"
    /// A step of a fast shutdown on a handle whose logon has not been answered yet.
    RefuseUnansweredShutdown [HandleIsUnanswered] => [Answer] InvalidObject; "THR-03"
    /// A step of a fast shutdown on a handle that was never issued, is logged off, or was
    /// released.
    RefuseDeadShutdown [HandleIsNotLive] => [Answer] InvalidObject; "LGF-01" "LGF-03"
    /// The policy allows no fast shutdown, and nobody is asked.
    RefuseByPolicy [Queries PolicyForbids] => [Answer] NoSupport; "FSD-05" "D-19"
    /// A query of the client is under way.
    RefuseSecondQuery [Queries QueryIsUnderWay] => [Answer] NoSupport; "D-19"
    /// The first provider is asked; what was said before does not count any longer.
    AskFirst [Queries SomebodyIsLeft] => [ForgetConsent AddQuery]; "FSD-01" "FSD-02" "D-19"
    /// Nobody is there who could object.
    ConsentUnasked [Queries] => [Consent Answer] Ok; "FSD-03" "FSD-04"
    /// The providers hear that the process is about to end.
    NotifyProviders [Notifies ConsentStands] => [NotifyProviders MarkNotified Answer] Ok;
        "FSD-01" "FSD-02"
    /// Without a consent, or for the second time, nobody is told.
    NotifyNobody [Notifies] => [Answer] Ok; "FSD-01" "D-19"
    /// A fast shutdown to which nobody has consented.
    RefuseUnasked [NothingStands] => [Answer] NoSupport; "FSD-05" "FSD-08"
    /// The client is gone: its calls are dropped unanswered, its handles are logged off and
    /// released, and sessions that nobody is left in end at once.
    ShutDownFast [] => [LeaveQueue FreeMutex WithdrawPrompts DropSeries DrainUnfinished
        DropHandles TellOfLeaving EndEmpty SettleProfiles InformSpooler DropCalls MarkDead Answer]
        Ok; "FSD-06" "FSD-09" "ADM-10" "ADM-14" "NTF-03"
}
VOTED {
    /// A provider objects to a fast shutdown.
    RefuseByVeto [IsQuerying ProviderObjects] => [DropCalls Answer] NoSupport; "FSD-03" "FSD-04"
    /// A provider cannot be asked, and every one would have to consent.
    RefuseBySilence [IsQuerying InterfaceIsMissing AllMustConsent] => [DropCalls Answer] NoSupport;
        "FSD-04"
    /// A provider has no objection, and the next one is asked.
    AskNext [AnotherIsLeft] => [MoveQuery]; "FSD-02" "FSD-03"
    /// The last provider has no objection: the fast shutdown is allowed.
    AllowShutdown [IsQuerying] => [DropCalls Consent Answer] Ok; "FSD-01" "FSD-03" "FSD-04"
    /// Nobody waits for this answer.
    IgnoreVote [] => []; "CAN-03"
}
        }
    };
}
pub(super) use shutdown;
