//! Questions to the user, and who asks them.
//!
//! A process brings its [`LogonUi`] along. Its methods are called while a call of that process
//! waits, never at another time.

use std::time::Duration;

use mapi_session_core::{CallId, ClientId, Correction, HandleId, ProfileName};
use secrecy::SecretString;

use crate::failure::Trouble;
use crate::withdrawal::Withdrawn;

/// Asks the user.
///
/// Each question is put once, on a thread made for it; the caller waits on its own thread
/// meanwhile. A method may block as long as it likes, and several may run at a time, for different
/// calls. While a logon asks, all other logons of the environment wait for it (`MTX-04`); one that
/// is made from within a method is refused at once (`MTX-07`). From a thread of the method's own
/// making it would wait instead.
///
/// A method that is not written, and one that panics, answers [`UserAnswer::Unavailable`]. An
/// answer that comes too late changes nothing (`CAN-03`).
pub trait LogonUi: Send + Sync {
    /// Lets the user pick a profile (`PRF-06`).
    fn choose_profile(&self, question: &ChooseProfile) -> UserAnswer<ProfileChosen> {
        let _ = question;
        UserAnswer::Unavailable
    }

    /// Lets the user enter the password of a profile, once (`CRD-05`).
    fn password(&self, question: &AskPassword) -> UserAnswer<SecretString> {
        let _ = question;
        UserAnswer::Unavailable
    }

    /// Asks the user whether to log off; [`UserAnswer::Cancelled`] is a no (`LGF-10`).
    fn confirm_logoff(&self, question: &ConfirmLogoff) -> UserAnswer<()> {
        let _ = question;
        UserAnswer::Unavailable
    }

    /// Tells the user that a provider could not log on, and asks what is to be done
    /// (`FLR-01`, `FLR-19`); [`UserAnswer::Cancelled`] is to give up.
    fn retry(&self, question: &AskRetry) -> UserAnswer<RetryChoice> {
        let _ = question;
        UserAnswer::Unavailable
    }
}

/// No user: every question is answered [`UserAnswer::Unavailable`].
#[derive(Clone, Copy, Debug, Default)]
pub struct NoUi;

impl LogonUi for NoUi {}

/// How a question to the user ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UserAnswer<T> {
    /// The user answered.
    Given(T),
    /// The user did not want to.
    Cancelled,
    /// There is no user to ask: as if no dialog were permitted, which is not a cancel (`CAN-04`).
    Unavailable,
}

/// Who asks, and for how long.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Origin {
    /// The process.
    pub client: ClientId,
    /// The call that waits for the answer.
    pub call: CallId,
    /// What the caller passed as `ulUIParam`: on Windows a window, elsewhere whatever it likes.
    pub ui_param: u64,
    /// How long the caller waits from now; without it, as long as it takes.
    pub time_left: Option<Duration>,
    /// Whether it still waits.
    pub withdrawn: Withdrawn,
}

/// Which profile shall it be?
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ChooseProfile {
    /// Who asks.
    pub origin: Origin,
    /// Why.
    pub reason: ChooserReason,
    /// The profiles to show.
    pub profiles: Vec<ProfileName>,
}

/// Why the user is to pick a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChooserReason {
    /// The caller named none.
    NoneNamed,
    /// The caller wanted the default, and there is none (`PRF-08`).
    NoDefault,
}

/// What the user picked.
#[derive(Clone, Debug)]
pub struct ProfileChosen {
    /// The profile's name. If no profile bears it, the logon fails (`PRF-11`).
    pub name: String,
    /// What the user typed beside it. It replaces the caller's, be it empty (`CRD-05`).
    pub password: Option<SecretString>,
}

impl ProfileChosen {
    /// A profile, and no word about a password.
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: name.into(), password: None }
    }
}

/// What is the password?
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AskPassword {
    /// Who asks.
    pub origin: Origin,
    /// Why.
    pub reason: PasswordReason,
    /// The profile that it opens.
    pub profile: ProfileName,
}

/// Why the user is to enter a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PasswordReason {
    /// There was none.
    Missing,
    /// There was one, and it is not the profile's.
    Wrong,
}

/// Log off?
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ConfirmLogoff {
    /// Who asks.
    pub origin: Origin,
    /// The handle to be logged off.
    pub handle: HandleId,
}

/// A provider failed: try again?
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AskRetry {
    /// Who asks.
    pub origin: Origin,
    /// What went wrong, and with which provider of which service.
    pub trouble: Trouble,
    /// Whether [`RetryChoice::Correct`] makes sense: whether the service has an entry function.
    pub correction: Correction,
}

/// What the user wants done about a provider that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RetryChoice {
    /// Try once more.
    Retry,
    /// Configure the service, then try once more. Where there is nothing to configure, as
    /// [`GiveUp`](Self::GiveUp).
    Correct,
    /// Go on without the service.
    GiveUp,
}
