//! The flags of `MAPILogonEx`, by value.
#![expect(missing_docs, reason = "the names are MAPI's own")]

pub const LOGON_UI: u32 = 0x0000_0001;
pub const NEW_SESSION: u32 = 0x0000_0002;
pub const APP_PROFILE: u32 = 0x0000_0004;
pub const ALLOW_OTHERS: u32 = 0x0000_0008;
pub const EXPLICIT_PROFILE: u32 = 0x0000_0010;
pub const EXTENDED: u32 = 0x0000_0020;
pub const USE_DEFAULT: u32 = 0x0000_0040;
pub const FORCE_DOWNLOAD: u32 = 0x0000_1000;
pub const SERVICE_UI_ALWAYS: u32 = 0x0000_2000;
pub const NO_MAIL: u32 = 0x0000_8000;
pub const NT_SERVICE: u32 = 0x0001_0000;
pub const PASSWORD_UI: u32 = 0x0002_0000;
pub const TIMEOUT_SHORT: u32 = 0x0010_0000;
pub const BG_SESSION: u32 = 0x0020_0000;
pub const UNICODE: u32 = 0x8000_0000;

/// A bit without meaning, for requests that are to be refused.
pub const UNDEFINED: u32 = 0x0000_0080;

/// Every flag with its name, without the `MAPI_` in front.
pub const NAMES: [(&str, u32); 15] = [
    ("LOGON_UI", LOGON_UI),
    ("NEW_SESSION", NEW_SESSION),
    ("APP_PROFILE", APP_PROFILE),
    ("ALLOW_OTHERS", ALLOW_OTHERS),
    ("EXPLICIT_PROFILE", EXPLICIT_PROFILE),
    ("EXTENDED", EXTENDED),
    ("USE_DEFAULT", USE_DEFAULT),
    ("FORCE_DOWNLOAD", FORCE_DOWNLOAD),
    ("SERVICE_UI_ALWAYS", SERVICE_UI_ALWAYS),
    ("NO_MAIL", NO_MAIL),
    ("NT_SERVICE", NT_SERVICE),
    ("PASSWORD_UI", PASSWORD_UI),
    ("TIMEOUT_SHORT", TIMEOUT_SHORT),
    ("BG_SESSION", BG_SESSION),
    ("UNICODE", UNICODE),
];

/// Every bit that has a meaning.
pub const DEFINED: u32 = {
    let (mut bits, mut place) = (0, 0);
    while place < NAMES.len() {
        bits |= NAMES[place].1;
        place += 1;
    }
    bits
};
