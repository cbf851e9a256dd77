//! What administration of profiles is told in: what a caller wants, and how things stand with it.
//!
//! The profile store is outside, and a request brings along what it says: the facts are read under
//! the store's lock, which is held until the step's effects are carried out. Names and passwords
//! stay with whoever keeps the store; it knows them by the call. What follows from the facts stands
//! in `sessions/administration`.

use crate::event::Profile;
use crate::request::AppProfiles;

/// A call of `IProfAdmin` that edits profiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AdminRequest {
    /// `CreateProfile` (`ADM-01`).
    Create {
        /// Who bears the name of the new one.
        name: NameUse,
    },
    /// `CopyProfile` (`ADM-02`).
    Copy {
        /// What is copied.
        source: Source,
        /// Who bears the name of the copy.
        name: NameUse,
    },
    /// `DeleteProfile` (`ADM-03`).
    Delete {
        /// What is deleted.
        source: Source,
    },
    /// `RenameProfile` (`ADM-14`).
    Rename {
        /// What is renamed.
        source: Source,
        /// Who bears the new name.
        name: NameUse,
    },
    /// `SetDefaultProfile` with a name (`ADM-15`); it has no flag that shows app profiles.
    SetDefault {
        /// The unmarked profile that bears the name, if there is one.
        found: Option<Profile>,
    },
    /// `SetDefaultProfile` without a name (`ADM-15`).
    ClearDefault,
}

/// The profile that a call of administration names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Source {
    /// The unmarked profile that bears the name, if there is one.
    pub found: Option<Profile>,
    /// Whether the caller passed `MAPI_APP_PROFILE`.
    pub app_profiles: AppProfiles,
}

/// Who bears a name that a profile is to have (`ADM-24`). Marked profiles do not count (`ADM-11`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameUse {
    /// Nobody, nor is it reserved for anybody.
    Free,
    /// The profile that is to be renamed: it is its present name.
    Own,
    /// Another profile, or one that is to have it later: the one to be renamed included.
    Taken,
}

/// A call of `IMsgServiceAdmin` on the profile of a session (`ADM-19`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ServiceAdminRequest {
    /// `CreateMsgService`.
    Add {
        /// How the profile stands to the service that is to be added.
        service: ServiceUse,
    },
    /// `DeleteMsgService`.
    Delete {
        /// How the profile stands to the service that is to go.
        service: ServiceUse,
    },
}

/// How a profile stands to a message service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ServiceUse {
    /// Nobody knows of such a service.
    Unknown,
    /// The profile does not have it.
    Absent,
    /// The profile has it.
    Present(Copies),
}

/// How often a profile may have a service (`ADM-23`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Copies {
    /// Once: it is a `SINGLE_COPY` service.
    Single,
    /// As often as anybody likes.
    Many,
}
