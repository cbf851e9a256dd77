//! The rules of the protocol, in one table: when each applies, what it does, which code it gives,
//! and which requirements of `specs/` it stands for.
//!
//! For an action the rules of its list are tried from the top; the first whose whole guard holds
//! applies. Each list ends with a rule without guard, so exactly one rule applies to every action
//! in every state. What the words of a guard mean is in [`Guard`], what the words of an update do
//! in [`Update`]. The rows themselves stand in the files of this folder, by subject.

mod administration;
mod handles;
mod logons;
mod notifications;
mod providers;
mod shutdown;

use administration::administration;
use handles::handles;
use logons::logons;
use notifications::notifications;
use providers::providers;
use shutdown::shutdown;

use crate::{Action, Code, Guard, Update};

/// One row of the table.
#[derive(Debug)]
pub struct Row {
    /// The rule.
    pub rule: Rule,
    /// When it applies: all of these hold, and no row above applies.
    pub guard: &'static [Guard],
    /// What it does, in this order.
    pub updates: &'static [Update],
    /// The code of the answer that it gives or settles.
    pub code: Option<Code>,
    /// The requirements that it stands for.
    pub requirements: &'static [&'static str],
}

macro_rules! code {
    () => {
        None
    };
    ($code:ident) => {
        Some(Code::$code)
    };
}

macro_rules! rules {
    ($($list:ident {$(
        $(#[doc = $doc:literal])*
        $rule:ident [$($guard:ident)*] => [$($update:ident)*] $($code:ident)?; $($id:literal)*
    )*})*) => {
        /// A named transition.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Rule { $($($(#[doc = $doc])* $rule,)*)* }

        impl Rule {
            /// Every rule.
            pub const ALL: &[Self] = &[$($(Self::$rule,)*)*];

            /// What it says.
            pub const fn sentence(self) -> &'static str {
                match self { $($(Self::$rule => concat!($($doc),*),)*)* }
            }
        }

        $(const $list: &[Row] = &[$(Row {
            rule: Rule::$rule,
            guard: &[$(Guard::$guard),*],
            updates: &[$(Update::$update),*],
            code: code!($($code)?),
            requirements: &[$($id),*],
        },)*];)*

        /// Every list of the table, with the name of its action.
        pub const TABLE: &[(&str, &[Row])] = &[$((stringify!($list), $list)),*];
    };
}

// Each list of macros hands its rows on to the next, and the last of them to `rules`.
logons! { providers handles notifications administration shutdown rules }

/// The rows that an action may follow, in the order in which they are tried.
pub const fn rows(action: Action) -> &'static [Row] {
    match action {
        Action::Initialize { .. } => INITIALIZE,
        Action::Uninitialize { .. } => UNINITIALIZE,
        Action::Logon { .. } => LOGON,
        Action::Logoff { .. } => LOGOFF,
        Action::Release { .. } => RELEASE,
        Action::Crash { .. } => CRASH,
        Action::Withdraw { .. } => WITHDRAW,
        Action::Deadline { .. } => DEADLINE,
        Action::Timeout { .. } => TIMEOUT,
        Action::Continue { .. } => CONTINUE,
        Action::LookedUp { .. } => LOOKED_UP,
        Action::Choose { .. } => CHOOSE,
        Action::Checked { .. } => CHECKED,
        Action::EnterPassword { .. } => ENTER_PASSWORD,
        Action::Confirm { .. } => CONFIRM,
        Action::ServicesRead { .. } => SERVICES_READ,
        Action::EntryReturned { .. } => ENTRY_RETURNED,
        Action::RetryAnswered { .. } => RETRY_ANSWERED,
        Action::ProviderAnswered { .. } => PROVIDER_ANSWERED,
        Action::ProviderLoggedOff { .. } => PROVIDER_LOGGED_OFF,
        Action::ProviderShutDown { .. } => PROVIDER_SHUT_DOWN,
        Action::SessionClosed { .. } => SESSION_CLOSED,
        Action::Open { .. } => OPEN,
        Action::Use { .. } => USE,
        Action::StoreLogoff { .. } => STORE_LOGOFF,
        Action::Demand { .. } => DEMAND,
        Action::TransportConfigured { .. } => TRANSPORT_CONFIGURED,
        Action::SetDefaultStore { .. } => SET_DEFAULT_STORE,
        Action::Advise { .. } => ADVISE,
        Action::Unadvise { .. } => UNADVISE,
        Action::Deliver { .. } => DELIVER,
        Action::Administer { .. } => ADMINISTER,
        Action::AdminServices { .. } => ADMIN_SERVICES,
        Action::FastShutdown { .. } => FAST_SHUTDOWN,
        Action::Voted { .. } => VOTED,
    }
}

impl Rule {
    /// The row of the table that this rule is.
    pub fn row(self) -> &'static Row {
        TABLE
            .iter()
            .flat_map(|(_, rows)| *rows)
            .find(|row| row.rule == self)
            .expect("every rule has its row: both come from the same table")
    }
}
