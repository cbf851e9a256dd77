//! The flag words of the calls, as C callers pass them, and those that a profile keeps.
//!
//! Only the parsers in [`request`](crate::request) and what [`services`](crate::services) says of a
//! provider look at bits; past them everything has names.

use bitflags::bitflags;

bitflags! {
    /// The flags of `MAPILogonEx`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct LogonFlags: u32 {
        /// `MAPI_LOGON_UI`: the user may be asked for what the logon lacks.
        const LOGON_UI = 0x0000_0001;
        /// `MAPI_NEW_SESSION`: build a session, whatever could be joined.
        const NEW_SESSION = 0x0000_0002;
        /// `MAPI_APP_PROFILE`: the chooser lists app profiles too.
        const APP_PROFILE = 0x0000_0004;
        /// `MAPI_ALLOW_OTHERS`: later logons may join the session that this one builds.
        const ALLOW_OTHERS = 0x0000_0008;
        /// `MAPI_EXPLICIT_PROFILE`: no default is brought in unasked; it never is (`PRF-07`).
        const EXPLICIT_PROFILE = 0x0000_0010;
        /// `MAPI_EXTENDED`: always set, always true.
        const EXTENDED = 0x0000_0020;
        /// `MAPI_USE_DEFAULT`: without a name, take the default profile.
        const USE_DEFAULT = 0x0000_0040;
        /// `MAPI_FORCE_DOWNLOAD`: fetch mail first; no matter of the session protocol.
        const FORCE_DOWNLOAD = 0x0000_1000;
        /// `MAPI_SERVICE_UI_ALWAYS`: each service shows its configuration before it logs on.
        const SERVICE_UI_ALWAYS = 0x0000_2000;
        /// `MAPI_NO_MAIL`: the spooler is not told of this handle.
        const NO_MAIL = 0x0000_8000;
        /// `MAPI_NT_SERVICE`: the caller is a Windows service.
        const NT_SERVICE = 0x0001_0000;
        /// `MAPI_PASSWORD_UI`: the user may be asked for the profile's password, nothing else.
        const PASSWORD_UI = 0x0002_0000;
        /// `MAPI_TIMEOUT_SHORT`: wait a few seconds for other logons, no longer.
        const TIMEOUT_SHORT = 0x0010_0000;
        /// `MAPI_BG_SESSION`: unobtrusive work; no matter of the session protocol (`NML-06`).
        const BG_SESSION = 0x0020_0000;
        /// `MAPI_UNICODE`: strings are wide; no matter past the edge.
        const UNICODE = 0x8000_0000;
    }
}

bitflags! {
    /// The flags of `IMAPISession::Logoff`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct LogoffFlags: u32 {
        /// `MAPI_LOGOFF_SHARED`: everyone on the session is to log off.
        const SHARED = 0x0000_0001;
        /// `MAPI_LOGOFF_UI`: the user may be asked to confirm.
        const UI = 0x0000_0002;
    }
}

bitflags! {
    /// The flags of `MAPIInitialize`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct InitFlags: u32 {
        /// `MAPI_MULTITHREAD_NOTIFICATIONS`: notifications come on a thread of MAPI's own.
        const MULTITHREAD_NOTIFICATIONS = 0x0000_0001;
        /// `MAPI_NO_COINIT`: OLE is left alone.
        const NO_COINIT = 0x0000_0008;
        /// `MAPI_NT_SERVICE`: the client is a Windows service.
        const NT_SERVICE = 0x0001_0000;
    }
}

bitflags! {
    /// The flags of `IMAPISession::OpenMsgStore`; `OpenAddressBook` takes the first alone.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct OpenFlags: u32 {
        /// `MDB_NO_DIALOG`, `AB_NO_DIALOG`: providers show nothing (`UIX-06`).
        const NO_DIALOG = 0x0000_0001;
        /// `MDB_WRITE`: the store is to be written to; no matter of the session protocol.
        const WRITE = 0x0000_0004;
        /// `MAPI_DEFERRED_ERRORS`: errors may come later; no matter of the session protocol.
        const DEFERRED_ERRORS = 0x0000_0008;
        /// `MAPI_BEST_ACCESS`: as much access as there is; no matter of the session protocol.
        const BEST_ACCESS = 0x0000_0010;
        /// `MDB_TEMPORARY`: the store is not to be listed; no matter of the session protocol.
        const TEMPORARY = 0x0000_0020;
        /// `MDB_NO_MAIL`: the store is not for mail; no matter of the session protocol yet.
        const NO_MAIL = 0x0000_0080;
        /// `MDB_ONLINE`: past the cache; no matter of the session protocol.
        const ONLINE = 0x0000_0100;
    }
}

bitflags! {
    /// What a profile says of the part that one of its providers plays (`PR_RESOURCE_FLAGS`).
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct ResourceFlags: u32 {
        /// `STATUS_DEFAULT_STORE`: a store to be the default one (`DST-01`).
        #[doc(alias = "STATUS_DEFAULT_STORE")]
        const DEFAULT_STORE = 0x0000_0002;
        /// `STATUS_PRIMARY_IDENTITY`: it says who the user is (`IDN-01`).
        #[doc(alias = "STATUS_PRIMARY_IDENTITY")]
        const PRIMARY_IDENTITY = 0x0000_0004;
        /// `STATUS_XP_PREFER_LAST`: a transport to be started after all others (`ORD-07`).
        #[doc(alias = "STATUS_XP_PREFER_LAST")]
        const XP_PREFER_LAST = 0x0000_0010;
        /// `STATUS_NO_DEFAULT_STORE`: a store that is never the default one (`DST-02`).
        #[doc(alias = "STATUS_NO_DEFAULT_STORE")]
        const NO_DEFAULT_STORE = 0x0000_0040;
        /// `STATUS_PRIMARY_STORE`: the store to be the default one if it runs (`DST-04`).
        #[doc(alias = "STATUS_PRIMARY_STORE")]
        const PRIMARY_STORE = 0x0000_1000;
        /// `STATUS_SECONDARY_STORE`: the store that stands in for it (`DST-04`).
        #[doc(alias = "STATUS_SECONDARY_STORE")]
        const SECONDARY_STORE = 0x0000_2000;
    }
}
