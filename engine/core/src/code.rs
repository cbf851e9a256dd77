//! The result codes of MAPI, by the names MAPI gives them.

use core::fmt;

/// A result code, as a C caller sees it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MapiCode(pub u32);

impl MapiCode {
    /// Whether the call did what it was asked to do: the severity bit decides, not zero (`ERR-01`).
    pub const fn is_success(self) -> bool {
        self.0 & 0x8000_0000 == 0
    }
}

impl fmt::Display for MapiCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => write!(f, "{name} (0x{:08X})", self.0),
            None => write!(f, "0x{:08X}", self.0),
        }
    }
}

impl fmt::Debug for MapiCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// One row a code: its meaning, its name, its value.
macro_rules! codes {
    ($($(#[$doc:meta])+ $name:ident = $value:literal;)+) => {
        impl MapiCode {
            $($(#[$doc])+ pub const $name: Self = Self($value);)+

            /// Every code that has a name here.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The name that MAPI's headers give the code.
            pub const fn name(self) -> Option<&'static str> {
                match self {
                    $(Self::$name => Some(stringify!($name)),)+
                    Self(_) => None,
                }
            }
        }
    };
}

codes! {
    /// Done.
    S_OK = 0x0000_0000;
    /// Done, and the answer is no.
    S_FALSE = 0x0000_0001;
    /// Done, though no service supplies an identity for the user.
    MAPI_W_NO_SERVICE = 0x0004_0203;
    /// Done, with errors of single providers to be asked for.
    MAPI_W_ERRORS_RETURNED = 0x0004_0380;
    /// The spooler is told to drop the message.
    MAPI_W_CANCEL_MESSAGE = 0x0004_0580;
    /// Done in part.
    MAPI_W_PARTIAL_COMPLETION = 0x0004_0680;
    /// The object does not have the interface.
    MAPI_E_INTERFACE_NOT_SUPPORTED = 0x8000_4002;
    /// Failed, for no reason that has a code.
    MAPI_E_CALL_FAILED = 0x8000_4005;
    /// The caller may not do this.
    MAPI_E_NO_ACCESS = 0x8007_0005;
    /// Memory ran out.
    MAPI_E_NOT_ENOUGH_MEMORY = 0x8007_000E;
    /// An argument makes no sense.
    MAPI_E_INVALID_PARAMETER = 0x8007_0057;
    /// The object does not do this.
    MAPI_E_NO_SUPPORT = 0x8004_0102;
    /// Wide and narrow strings were mixed up.
    MAPI_E_BAD_CHARWIDTH = 0x8004_0103;
    /// A string is longer than allowed.
    MAPI_E_STRING_TOO_LONG = 0x8004_0105;
    /// Flags were set that have no meaning.
    MAPI_E_UNKNOWN_FLAGS = 0x8004_0106;
    /// An entry id is malformed.
    MAPI_E_INVALID_ENTRYID = 0x8004_0107;
    /// The object takes no more calls, or never did.
    MAPI_E_INVALID_OBJECT = 0x8004_0108;
    /// Something else is under way.
    MAPI_E_BUSY = 0x8004_010B;
    /// The disk is full.
    MAPI_E_NOT_ENOUGH_DISK = 0x8004_010D;
    /// A resource ran out.
    MAPI_E_NOT_ENOUGH_RESOURCES = 0x8004_010E;
    /// There is no such thing.
    MAPI_E_NOT_FOUND = 0x8004_010F;
    /// The two sides speak different versions.
    MAPI_E_VERSION = 0x8004_0110;
    /// The logon was refused.
    MAPI_E_LOGON_FAILED = 0x8004_0111;
    /// The provider takes no more sessions.
    MAPI_E_SESSION_LIMIT = 0x8004_0112;
    /// The user cancelled, or did not answer in time.
    MAPI_E_USER_CANCEL = 0x8004_0113;
    /// The network failed.
    MAPI_E_NETWORK_ERROR = 0x8004_0115;
    /// The disk failed.
    MAPI_E_DISK_ERROR = 0x8004_0116;
    /// The request is too complex.
    MAPI_E_TOO_COMPLEX = 0x8004_0117;
    /// The service has an error of its own to be asked for.
    MAPI_E_EXTENDED_ERROR = 0x8004_0119;
    /// Data are damaged.
    MAPI_E_CORRUPT_DATA = 0x8004_011B;
    /// The provider lacks configuration.
    MAPI_E_UNCONFIGURED = 0x8004_011C;
    /// This provider cannot go on; its service can.
    MAPI_E_FAILONEPROVIDER = 0x8004_011D;
    /// The server does not know the code page.
    MAPI_E_UNKNOWN_CPID = 0x8004_011E;
    /// The server does not know the locale.
    MAPI_E_UNKNOWN_LCID = 0x8004_011F;
    /// The user must change the password first.
    MAPI_E_PASSWORD_CHANGE_REQUIRED = 0x8004_0120;
    /// The password is too old.
    MAPI_E_PASSWORD_EXPIRED = 0x8004_0121;
    /// The account may not be used from this machine.
    MAPI_E_INVALID_WORKSTATION_ACCOUNT = 0x8004_0122;
    /// The account may not be used at this hour.
    MAPI_E_INVALID_ACCESS_TIME = 0x8004_0123;
    /// The account is disabled.
    MAPI_E_ACCOUNT_DISABLED = 0x8004_0124;
    /// The connection was lost and is back.
    MAPI_E_RECONNECTED = 0x8004_0125;
    /// The server is out of reach.
    MAPI_E_OFFLINE = 0x8004_0126;
    /// The connection behind the session is gone.
    MAPI_E_END_OF_SESSION = 0x8004_0200;
    /// No open provider owns the entry id.
    MAPI_E_UNKNOWN_ENTRYID = 0x8004_0201;
    /// The profile is gone.
    MAPI_E_PROFILE_DELETED = 0x8004_0204;
    /// The caller gave up waiting for other logons.
    MAPI_E_TIMEOUT = 0x8004_0401;
    /// The client has not initialised MAPI.
    MAPI_E_NOT_INITIALIZED = 0x8004_0605;
}
