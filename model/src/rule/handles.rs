//! The rows for calls on handles.

macro_rules! handles {
    ($then:ident $($lists:tt)*) => {
        $then! { $($lists)*
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
    RefuseOpenFlags [OpenFlagIsUndefined] => [TakeStandingBack Answer] UnknownFlags; "ERR-02" "D-19"
    /// An open of a store that is none.
    RefuseNoStore [WantsStore IsNoStore] => [TakeStandingBack Answer] NotFound;
        "ERR-02" "PLG-13" "D-19"
    /// An open on a handle that has one under way.
    RefuseSecondOpen [OpenIsUnderWay] => [TakeStandingBack Answer] Busy; "D-26" "PLG-14" "D-19"
    /// A store of a disabled service is not opened.
    OpenDisabledStore [ServiceIsDisabled] => [TakeStandingBack Answer] LogonFailed;
        "FLR-02" "PLG-13" "D-19"
    /// A store that runs is simply handed out.
    OpenRunningStore [ProviderIsRunning] => [TakeStandingBack GiveObject Answer] Ok; "PLG-07" "D-19"
    /// Every provider of the address book runs.
    OpenWholeBook [NothingIsLeft BookIsWhole] => [TakeStandingBack GiveObject Answer] Ok;
        "PLG-10" "D-19"
    /// Some provider of the address book is missing and cannot be tried.
    OpenPartOfBook [NothingIsLeft] => [TakeStandingBack GiveObject Answer] ErrorsReturned;
        "PLG-10" "D-19"
    /// An open from inside a prompt or a provider would have to wait, perhaps for itself.
    RefuseNestedWait [IsInsideCall ProviderIsTaken] => [TakeStandingBack Answer] Busy;
        "D-26" "PLG-16" "D-19"
    /// Others are at work on the provider.
    WaitToOpen [ProviderIsTaken] => [TakeStandingBack AddOpen]; "D-26" "PLG-12" "PLG-15" "D-19"
    /// The provider is tried.
    TryToOpen [] => [TakeStandingBack AddOpen StartFirst];
        "FLR-07" "FLR-13" "PLG-10" "UIX-06" "UIX-08" "D-19"
}
USE {
    /// A use before `MAPIInitialize`.
    RefuseEarlyUse [CountIsZero] => [Answer] NotInitialized; "INI-01"
    /// A use through a handle that another client owns.
    RefuseForeignUse [HandleIsForeign] => [Answer] InvalidObject; "THR-02" "THR-03"
    /// A use through a handle whose logon has not been answered yet.
    RefuseUnansweredUse [HandleIsUnanswered] => [Answer] InvalidObject; "THR-03"
    /// A use of what was never opened through the handle, or went with its logoff; or of a
    /// transport that the handle does not see.
    RefuseUnopenedUse [IsNotOpen] => [Answer] InvalidObject;
        "LGF-02" "LGF-03" "NML-02" "D-32"
    /// A provider that runs is called.
    UseRunning [ProviderIsRunning] => [UseProvider Answer] Ok; "FLR-02" "PLG-17"
    /// A store that does not run is not called.
    RefuseStoreUse [IsStore] => [Answer] LogonFailed; "FLR-02" "D-11" "PLG-17"
    /// A transport that does not run is not called.
    RefuseTransportUse [IsTransport] => [Answer] LogonFailed; "FLR-02" "D-11" "D-32"
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
    /// The last handle that has the default store open gives it up.
    LogOffDefaultStore [ProviderIsRunning IsOpenOnlyHere IsDefaultStore] => [DropObject
        LogOffProvider TakeRoles TellOfDefault Answer] Ok;
        "PSD-05" "PSD-01" "PSD-09" "DST-06" "NTF-07" "D-32"
    /// The last handle that has the store open gives it up.
    LogOffStore [ProviderIsRunning IsOpenOnlyHere] => [DropObject LogOffProvider TakeRoles Answer]
        Ok; "PSD-05" "PSD-01" "PSD-09" "D-32"
    /// The store is open elsewhere, or does not run.
    LeaveStore [] => [DropObject Answer] Ok; "PSD-05" "PSD-09"
}
SET_DEFAULT_STORE {
    /// A default store is set before `MAPIInitialize`.
    RefuseEarlyDefault [CountIsZero] => [Answer] NotInitialized; "INI-01"
    /// A default store is set through a handle that another client owns.
    RefuseForeignDefault [HandleIsForeign] => [Answer] InvalidObject; "THR-02" "THR-03"
    /// A default store is set through a handle whose logon has not been answered yet.
    RefuseUnansweredDefault [HandleIsUnanswered] => [Answer] InvalidObject; "THR-03"
    /// A default store is set through a handle that was never issued, is logged off, or was
    /// released.
    RefuseDeadDefault [HandleIsNotLive] => [Answer] InvalidObject; "LGF-01" "LGF-03"
    /// What is to be the default store is no store.
    RefuseNoStoreAsDefault [StoreIsGiven IsNoStore] => [Answer] NoAccess; "DST-02" "D-32"
    /// A store that does not run cannot become the default.
    RefuseStoppedDefault [StoreIsGiven ProviderIsNotRunning] => [Answer] NoAccess; "D-32"
    /// A store that is never to be the default.
    RefuseUnfitDefault [StoreIsUnfit] => [Answer] NoAccess; "DST-02" "D-32"
    /// The store is the default already, or there is none as it is.
    KeepDefaultStore [IsDefaultStore] => [Answer] Ok; "DST-06"
    /// Another store is the default, or none.
    SetDefaultStore [] => [SetDefaultStore TellOfDefault Answer] Ok;
        "DST-01" "DST-05" "DST-06" "DST-09" "NTF-07"
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
    /// A sharer logs off and asks the others to do so too; nobody joins the session any more. In an
    /// individual session there is nobody to be asked.
    LogOffForAll [LogoffIsForAll] => [EndQuery CloseToOthers MarkLoggedOff EndConfirmations
        EndOpens AskOthersToLeave TellOfLeaving DrainEmpty InformSpooler Answer] Ok;
        "LGF-04" "LGF-05" "LGF-06" "LGF-07" "NTF-02" "NTF-03" "NTF-08" "D-15"
    /// A logoff ends the use of the handle, and of the session if it was the last one.
    LogOff [] => [EndQuery MarkLoggedOff EndConfirmations EndOpens TellOfLeaving DrainEmpty
        InformSpooler Answer] Ok; "LGF-01" "LGF-02" "LGF-04" "LGF-08" "LGF-10" "LGF-11" "LGF-12"
        "LGF-16" "LGF-18" "NML-04" "NTF-03" "NTF-08"
}
RELEASE {
    /// A release before `MAPIInitialize`.
    RefuseEarlyRelease [CountIsZero] => [Answer] NotInitialized; "INI-01"
    /// A release of a handle that another client owns.
    RefuseForeignRelease [HandleIsForeign] => [Answer] InvalidObject; "THR-02" "THR-03"
    /// A release of a handle whose logon has not been answered yet.
    RefuseUnansweredRelease [HandleIsUnanswered] => [Answer] InvalidObject; "THR-03"
    /// A release without logoff logs off.
    ReleaseLive [HandleIsLive] => [EndQuery MarkLoggedOff EndConfirmations EndOpens TellOfLeaving
        DrainEmpty InformSpooler ForgetHandle Answer] Ok; "LGF-13" "LGF-18" "NTF-03"
    /// A release after the logoff.
    ReleaseLoggedOff [HandleIsLoggedOff] => [EndQuery ForgetHandle Answer] Ok; "LGF-01"
    /// A release of a handle that was never issued or was released before.
    RefuseDeadRelease [] => [Answer] InvalidObject; "LGF-03"
}
CONFIRM {
    /// The user agrees to a logoff that asks the others to log off too.
    ConfirmForAll [UserConfirmed LogoffIsForAll] => [DropCalls
        EndQuery CloseToOthers MarkLoggedOff EndConfirmations EndOpens AskOthersToLeave
        TellOfLeaving DrainEmpty InformSpooler Answer] Ok;
        "LGF-04" "LGF-07" "LGF-10" "NTF-02" "D-15"
    /// The user agrees to the logoff.
    ConfirmLogoff [Confirms UserConfirmed] => [DropCalls EndQuery MarkLoggedOff EndConfirmations
        EndOpens TellOfLeaving DrainEmpty InformSpooler Answer] Ok; "LGF-10" "LGF-18"
    /// There is nobody to ask about a logoff that asks the others to log off too.
    LogOffForAllUnasked [UserIsUnavailable LogoffIsForAll] => [DropCalls
        EndQuery CloseToOthers MarkLoggedOff EndConfirmations EndOpens AskOthersToLeave
        TellOfLeaving DrainEmpty InformSpooler Answer] Ok;
        "CAN-04" "LGF-04" "LGF-07" "LGF-10" "NTF-02"
    /// There is nobody to ask: as if no dialog were permitted.
    LogOffUnasked [Confirms UserIsUnavailable] => [DropCalls EndQuery MarkLoggedOff
        EndConfirmations EndOpens
        TellOfLeaving DrainEmpty InformSpooler Answer] Ok; "CAN-04" "LGF-10"
    /// The user declines, and nothing changes.
    DeclineLogoff [Confirms] => [DropCalls Answer] UserCancel; "LGF-10"
    /// Nobody waits for a confirmation.
    IgnoreConfirmation [] => []; "CAN-03"
}
        }
    };
}
pub(super) use handles;
