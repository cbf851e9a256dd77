//! What a scope says of profile administration and of fast shutdown.

use crate::{Client, Label};

/// When a fast shutdown is allowed (FSD-03, FSD-04, FSD-05).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FastPolicy {
    /// Unless a provider objects.
    #[default]
    AllowUnlessRefused,
    /// If every provider consents, which takes the interface.
    AllowIfAllConsent,
    /// Never.
    Refuse,
}

/// What a call of profile administration asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What traces call it.
    pub name: String,
    /// The call.
    pub call: EditCall,
    /// Whether `MAPI_APP_PROFILE` is passed.
    pub app: bool,
    /// Who may make it; everybody, if nobody is named.
    pub by: Vec<Client>,
}

/// A call of `IProfAdmin`, and the names that it passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EditCall {
    /// `CreateProfile` (ADM-01)
    Create {
        /// The name of the new profile.
        to: NewName,
    },
    /// `CopyProfile` (ADM-02)
    Copy {
        /// The name of the profile that is copied.
        from: SourceName,
        /// The name of the copy.
        to: NewName,
    },
    /// `DeleteProfile` (ADM-03)
    Delete {
        /// The name of the profile.
        from: SourceName,
    },
    /// `RenameProfile` (ADM-14)
    Rename {
        /// The name that it has.
        from: SourceName,
        /// The name that it is to have.
        to: NewName,
    },
    /// `SetDefaultProfile` (ADM-15)
    SetDefault {
        /// The name of the profile; no default, if none is given.
        to: Option<SourceName>,
    },
}

/// The name of a profile that there is, or ought to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SourceName {
    /// A well-formed name that no profile ever bears.
    Absent,
    /// A name that no profile can bear (PRF-09).
    Malformed,
    /// A name that a profile can come to bear.
    Of(Label),
}

/// A name that a profile is to be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NewName {
    /// A name that no profile can bear (PRF-09).
    Malformed,
    /// This name.
    Of(Label),
}
