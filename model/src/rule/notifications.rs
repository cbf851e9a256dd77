//! The rows for calls that end without their answer, and for the notifications of a session.

macro_rules! notifications {
    ($then:ident $($lists:tt)*) => {
        $then! { $($lists)*
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
    /// The deadline of a query about a fast shutdown passes: it is not allowed.
    PassDeadlineInQuery [IsQuerying] => [DropCalls Answer] NoSupport; "CAN-02" "D-19"
    /// The call is where a deadline has no say.
    IgnoreDeadline [] => []; "CAN-02"
}
WITHDRAW {
    /// The caller of a logon gives it up.
    WithdrawLogon [IsLogon] => [LeaveQueue FreeMutex WithdrawPrompts AbandonSeries DrainUnfinished
        DropHandles TellOfLeaving DrainEmpty InformSpooler DropCalls]; "CAN-01" "NTF-03"
    /// The caller of a logoff gives it up while the user is asked.
    WithdrawLogoff [Confirms] => [WithdrawPrompts DropCalls]; "CAN-01"
    /// The caller of an open call gives it up.
    WithdrawOpen [IsOpening] => [WithdrawPrompts AbandonSeries DropCalls]; "CAN-01"
    /// The caller of a query about a fast shutdown gives it up.
    WithdrawQuery [IsQuerying] => [DropCalls]; "CAN-01" "D-19"
    /// There is no such call.
    IgnoreWithdrawal [] => []; "CAN-01"
}
ADVISE {
    /// A registration before `MAPIInitialize`.
    RefuseEarlyAdvise [CountIsZero] => [Answer] NotInitialized; "INI-01"
    /// A registration on a handle that another client owns.
    RefuseForeignAdvise [HandleIsForeign] => [Answer] InvalidObject; "THR-02" "THR-03"
    /// A registration on a handle whose logon has not been answered yet.
    RefuseUnansweredAdvise [HandleIsUnanswered] => [Answer] InvalidObject; "THR-03"
    /// A registration on a handle that was never issued, is logged off, or was released.
    RefuseDeadAdvise [HandleIsNotLive] => [Answer] InvalidObject; "LGF-01" "LGF-03"
    /// A client registers for the notifications of its session.
    Advise [] => [AddSink Answer] Ok; "NTF-01" "D-31"
}
UNADVISE {
    /// The end of a registration before `MAPIInitialize`.
    RefuseEarlyUnadvise [CountIsZero] => [Answer] NotInitialized; "INI-01"
    /// The end of a registration on a handle that another client owns.
    RefuseForeignUnadvise [HandleIsForeign] => [Answer] InvalidObject; "THR-02" "THR-03"
    /// The end of a registration on a handle whose logon has not been answered yet.
    RefuseUnansweredUnadvise [HandleIsUnanswered] => [Answer] InvalidObject; "THR-03"
    /// The end of a registration on a handle that was never issued, is logged off, or was released.
    RefuseDeadUnadvise [HandleIsNotLive] => [Answer] InvalidObject; "LGF-01" "LGF-03"
    /// A client wants no further notification; what is queued for it is still handed over.
    Unadvise [] => [RemoveSink Answer] Ok; "NTF-06" "LGF-15" "D-31"
}
DELIVER {
    /// A notification that is queued is handed over.
    HandNotification [NotificationIsQueued] => [HandNotification]; "NTF-05" "LGF-15" "D-31"
    /// No such notification is queued, or the handle is gone and its notifications with it.
    IgnoreDelivery [] => []; "LGF-16" "D-31"
}
        }
    };
}
pub(super) use notifications;
