//! What a profile says of a provider: the flags of `PR_RESOURCE_FLAGS` that decide something here.
#![expect(missing_docs, reason = "the names are MAPI's own")]

pub const DEFAULT_STORE: u32 = 0x0000_0002;
pub const PRIMARY_IDENTITY: u32 = 0x0000_0004;
pub const XP_PREFER_LAST: u32 = 0x0000_0010;
pub const NO_DEFAULT_STORE: u32 = 0x0000_0040;
pub const PRIMARY_STORE: u32 = 0x0000_1000;
pub const SECONDARY_STORE: u32 = 0x0000_2000;

/// Every flag with its name, without the `STATUS_` in front.
pub const NAMES: [(&str, u32); 6] = [
    ("DEFAULT_STORE", DEFAULT_STORE),
    ("PRIMARY_IDENTITY", PRIMARY_IDENTITY),
    ("XP_PREFER_LAST", XP_PREFER_LAST),
    ("NO_DEFAULT_STORE", NO_DEFAULT_STORE),
    ("PRIMARY_STORE", PRIMARY_STORE),
    ("SECONDARY_STORE", SECONDARY_STORE),
];
