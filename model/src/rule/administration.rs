//! The rows for the administration of profiles, and of the services of a session's profile.

macro_rules! administration {
    ($then:ident $($lists:tt)*) => {
        $then! { $($lists)*
ADMINISTER {
    /// Profiles are administered before `MAPIInitialize`.
    RefuseEarlyEdit [CountIsZero] => [Answer] NotInitialized; "INI-01"
    /// A name is given that no profile can bear.
    RefuseMalformedName [NameIsMalformed] => [TakeStandingBack Answer] InvalidParameter;
        "ADM-24" "PRF-09" "PRF-15"
    /// There is no profile of the name given, or only one that is to be removed.
    RefuseAbsentSource [SourceIsGiven SourceIsMissing] => [TakeStandingBack Answer] NotFound;
        "ADM-02" "ADM-03" "ADM-11" "ADM-15"
    /// An app profile is never the default.
    RefuseAppDefault [SetsDefault SourceIsApp] => [TakeStandingBack Answer] CallFailed; "ADM-15"
    /// An app profile is there only for those that say `MAPI_APP_PROFILE`.
    RefuseHiddenSource [SourceIsApp AppProfileIsHidden] => [TakeStandingBack Answer] NoAccess;
        "ADM-02" "ADM-03"
    /// Another profile bears the new name, or it is reserved.
    RefuseTakenName [NameIsTaken] => [TakeStandingBack Answer] NoAccess;
        "ADM-01" "ADM-02" "ADM-14" "ADM-24" "D-17" "D-18"
    /// A profile is made.
    CreateProfile [Creates] => [TakeStandingBack CreateProfile Answer] Ok; "ADM-01" "ADM-13"
    /// A profile is made that has what another one has.
    CopyProfile [Copies] => [TakeStandingBack CopyProfile Answer] Ok; "ADM-02" "D-17"
    /// A profile that nobody uses is removed.
    RemoveProfile [Deletes SourceIsUnused] => [TakeStandingBack ForgetDefault RemoveProfile
        Answer] Ok; "ADM-03" "ADM-16"
    /// A profile that somebody uses is removed later.
    MarkProfile [Deletes] => [TakeStandingBack ForgetDefault MarkProfile Answer] Ok;
        "ADM-10" "ADM-11" "ADM-16" "D-17"
    /// A profile is to keep its name.
    TakeBackRename [NameIsOwn] => [TakeStandingBack TakeBackRename Answer] Ok; "ADM-14"
    /// A profile that nobody uses is renamed.
    RenameProfile [Renames SourceIsUnused] => [TakeStandingBack RenameProfile Answer] Ok; "ADM-14"
    /// A profile that somebody uses is renamed later.
    DeferRename [Renames] => [TakeStandingBack DeferRename Answer] Ok; "ADM-14" "D-17"
    /// Another profile is the default, or none.
    SetDefaultProfile [] => [TakeStandingBack SetDefaultProfile Answer] Ok; "ADM-15" "ADM-16"
}
ADMIN_SERVICES {
    /// Services are administered before `MAPIInitialize`.
    RefuseEarlyServices [CountIsZero] => [Answer] NotInitialized; "INI-01"
    /// Services are administered through a handle that another client owns.
    RefuseForeignServices [HandleIsForeign] => [Answer] InvalidObject; "THR-02" "THR-03"
    /// Services are administered through a handle whose logon has not been answered yet.
    RefuseUnansweredServices [HandleIsUnanswered] => [Answer] InvalidObject; "THR-03"
    /// Services are administered through a handle that was never issued, is logged off, or was
    /// released.
    RefuseDeadServices [HandleIsNotLive] => [Answer] InvalidObject; "LGF-01" "LGF-03"
    /// A service is added or deleted that nobody knows.
    RefuseUnknownService [ServiceIsUnknown] => [TakeStandingBack Answer] NotFound; "ADM-19"
    /// A service is added that is there already, and may be there once.
    RefuseSecondCopy [Adds ServiceIsThere] => [TakeStandingBack Answer] NoAccess; "ADM-23"
    /// A service is added to a profile, for sessions to come.
    AddService [Adds] => [TakeStandingBack ChangeServices Answer] Ok; "ADM-19"
    /// A service is deleted from a profile, for sessions to come.
    DeleteService [ServiceIsThere] => [TakeStandingBack ChangeServices Answer] Ok;
        "ADM-19" "ADM-20"
    /// A service is deleted that is not there.
    RefuseAbsentService [] => [TakeStandingBack Answer] NotFound; "ADM-19"
}
        }
    };
}
pub(super) use administration;
