//! Session handles, and what each is to hear of its session.

use crate::{Name, Notification, Objects};

/// A session handle not yet released, with its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Held {
    /// Its name.
    pub name: Name,
    /// What can be done with it.
    pub handle: Handle,
}

/// A session handle not yet released.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Handle {
    /// It may be used, once its logon has replied.
    Live {
        /// The session it stands for.
        session: Name,
        /// What its logon asked for.
        holder: Holder,
        /// What has been opened through it.
        objects: Objects,
        /// What it is to hear of its session.
        inbox: Inbox,
    },
    /// Only `Release` is left.
    LoggedOff,
}

/// What a handle's logon asked for, as far as it stays with the handle (D-14).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Holder {
    /// Mail, through the spooler.
    Mail,
    /// `MAPI_NO_MAIL`.
    NoMail,
    /// A Windows service: no mail and no dialogs.
    Service,
}

/// What a live handle is to hear of its session: whether it has registered (NTF-01), and which
/// notifications are queued for it (D-31).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Inbox(u8);

impl Handle {
    /// The session of a live handle.
    pub const fn session(self) -> Option<Name> {
        match self {
            Self::Live { session, .. } => Some(session),
            Self::LoggedOff => None,
        }
    }

    /// What a live handle is to hear of its session.
    pub const fn inbox(self) -> Option<Inbox> {
        match self {
            Self::Live { inbox, .. } => Some(inbox),
            Self::LoggedOff => None,
        }
    }
}

impl Inbox {
    const SINK: u8 = 1;
    const TABLE: u8 = 1 << 1;
    const CRITICAL: u32 = 2;
    const EXTENDED: u32 = 4;

    /// How many notifications of one kind there is room for.
    pub const ROOM: u8 = 3;

    /// Whether the handle has registered for the notifications of its session.
    pub const fn has_sink(self) -> bool {
        self.0 & Self::SINK != 0
    }

    /// How many notifications of this kind are queued.
    pub const fn count(self, notification: Notification) -> u8 {
        match notification {
            Notification::Critical => self.0 >> Self::CRITICAL & Self::ROOM,
            Notification::Extended => self.0 >> Self::EXTENDED & Self::ROOM,
            Notification::Table => self.0 >> 1 & 1,
        }
    }

    /// The same, registered or not.
    #[must_use]
    pub const fn with_sink(self, registered: bool) -> Self {
        Self(self.0 & !Self::SINK | registered as u8)
    }

    /// The same with one notification more, as long as there is room; that of a table is queued
    /// once.
    #[must_use]
    pub const fn with(self, notification: Notification) -> Self {
        let count = self.count(notification);
        match notification {
            Notification::Critical if count < Self::ROOM => Self(self.0 + (1 << Self::CRITICAL)),
            Notification::Extended if count < Self::ROOM => Self(self.0 + (1 << Self::EXTENDED)),
            Notification::Critical | Notification::Extended => self,
            Notification::Table => Self(self.0 | Self::TABLE),
        }
    }

    /// The same with one notification less, if there is one.
    #[must_use]
    pub const fn without(self, notification: Notification) -> Self {
        match notification {
            _ if self.count(notification) == 0 => self,
            Notification::Critical => Self(self.0 - (1 << Self::CRITICAL)),
            Notification::Extended => Self(self.0 - (1 << Self::EXTENDED)),
            Notification::Table => Self(self.0 & !Self::TABLE),
        }
    }
}
