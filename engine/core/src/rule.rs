//! Why a step did what it did: every rule of the protocol has one row here.
//!
//! A rule labels steps in traces and logs, cites the requirements it carries out (their words are
//! in `specs/rules`), and is what coverage counts.

use core::fmt;

/// One row a rule: its meaning, its name, the requirements it carries out.
macro_rules! rules {
    ($(#[doc = $doc:literal] $name:ident => [$($id:literal),*];)+) => {
        /// Why a step did what it did. Exactly one rule fires in a step.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule {
            $(#[doc = $doc] $name,)+
        }

        impl Rule {
            /// Every rule, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The rule's name.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)+
                }
            }

            /// The rule in one sentence.
            pub const fn meaning(self) -> &'static str {
                match self {
                    $(Self::$name => $doc.trim_ascii(),)+
                }
            }

            /// The requirements that the rule carries out.
            pub const fn requirements(self) -> &'static [&'static str] {
                match self {
                    $(Self::$name => &[$($id),*],)+
                }
            }
        }
    };
}

rules! {
    /// A call bears a number that is still in use; it is not even answered.
    IgnoreReusedId => [];
    /// An event comes for something that is gone, or that does not wait for it.
    IgnoreStale => ["CAN-03"];
    /// A call other than the two that need no initialisation comes from a client without one.
    RefuseUninitialized => ["INI-01", "INI-08"];

    /// The first initialisation of a client counts one and fixes what kind of program it is.
    Initialize => ["INI-02", "INI-06"];
    /// A later initialisation only counts.
    InitializeAgain => ["INI-02"];
    /// An initialisation of another version, or with undefined flags, does not count.
    RefuseInitialize => ["INI-05", "INI-07"];
    /// An uninitialisation without its initialisation does nothing.
    UninitializeTooOften => ["INI-02"];
    /// An uninitialisation that is not the last only counts.
    Uninitialize => ["INI-02"];
    /// With the last uninitialisation the client's handles are logged off and released.
    UninitializeLast => ["INI-02", "INI-08", "LGF-13"];
    /// A last uninitialisation amid calls is like a crash: the calls are dropped too.
    UninitializeAmidCalls => ["INI-08", "LGF-13"];
    /// A client that is gone takes its calls and its handles with it.
    CrashClient => ["LGF-13", "MTX-05"];

    /// A logon with arguments that make no sense goes no further.
    RefuseLogonArguments => ["UIX-02"];
    /// A logon from inside the logon that holds the mutex would wait for itself.
    RefuseNestedLogon => ["MTX-07"];
    /// A logon joins the queue for the mutex.
    QueueLogon => ["MTX-01", "MTX-03"];
    /// A logon joins the queue, others before it, and will not wait long.
    QueueImpatientLogon => ["MTX-02", "MTX-03"];
    /// The few seconds that a logon would wait are over.
    EndShortWait => ["MTX-02", "MTX-06"];
    /// The caller's deadline passes while its logon is in the queue.
    EndWaitAtDeadline => ["MTX-03", "MTX-06", "CAN-02"];
    /// A logon whose turn has come stays, though its time to wait is over.
    KeepTurn => ["MTX-02", "CAN-02"];
    /// The head of the queue takes the free mutex.
    AcquireMutex => ["MTX-01", "MTX-03"];
    /// The logon that holds the mutex returns and frees it.
    AnswerLogon => ["MTX-01", "THR-02", "SHR-13"];
    /// A logon that gave up waiting returns.
    AnswerTimedOut => ["MTX-02", "MTX-06"];

    /// A logon that may share gets a handle of its own on the oldest session that can be joined.
    JoinShared => [
        "SHR-01", "SHR-02", "SHR-03", "SHR-08", "SHR-10", "SHR-11", "SHR-12", "SHR-13", "MTX-05"
    ];
    /// A logon that may share finds nothing to join and goes on to choose a profile.
    FindNoneToJoin => ["SHR-05", "SHR-07", "SHR-15"];
    /// A logon that wants a session of its own does not look for one to join.
    InsistOnNewSession => ["SHR-01", "SHR-06", "SHR-09", "SHR-10"];
    /// The name that the caller gave is a live profile's.
    UseNamedProfile => ["PRF-01", "PRF-02", "PRF-04"];
    /// No live profile bears the name that the caller gave.
    RefuseUnknownProfile => ["PRF-11"];
    /// No profile can bear the name that the caller gave.
    RefuseMalformedName => ["PRF-09", "PRF-15"];
    /// The caller named none and asked for the default, which there is.
    UseDefaultProfile => ["PRF-01", "PRF-02", "PRF-04", "PRF-07"];
    /// There is no default, so the user is asked.
    AskForLackOfDefault => ["PRF-08", "MTX-04"];
    /// There is no default, and the user may not be asked.
    RefuseForLackOfDefault => ["PRF-08", "UIX-01"];
    /// The caller named none, so the user is asked.
    AskForProfile => ["PRF-02", "PRF-06", "PRF-07", "MTX-04"];
    /// The caller named none, and the user may not be asked.
    RefuseUnnamedProfile => ["PRF-05", "PRF-07", "SHR-07", "UIX-01", "UIX-09"];

    /// The user picked a profile that this caller may use.
    UsePickedProfile => ["PRF-01", "PRF-02", "CRD-05"];
    /// The profile that the user picked is gone.
    RefuseVanishedProfile => ["PRF-11"];
    /// The user picked an app profile, which the caller did not ask to be listed.
    RefuseHiddenProfile => ["PRF-10"];
    /// The user cancels the chooser.
    CancelChooser => ["PRF-13", "UIX-11"];
    /// The chooser cannot be shown: as if it were not permitted.
    FindNoChooser => ["CAN-04", "PRF-05"];
    /// The caller's deadline passes while the chooser is open.
    CloseChooserAtDeadline => ["CAN-02"];

    /// A profile without a password opens without one.
    PassOpenProfile => ["CRD-01", "CRD-03", "CRD-04"];
    /// A password for a profile that has none is refused, and no other is asked for.
    RefuseUnneededPassword => ["CRD-03", "CRD-04"];
    /// The password that came with the call, or the chooser, is the profile's.
    AcceptPassword => ["CRD-01", "CRD-02", "CRD-04", "CAN-05"];
    /// The password is wrong or missing, so the user is asked for it.
    AskForPassword => ["CRD-02", "UIX-03", "UIX-08", "MTX-04", "CAN-05"];
    /// The password is wrong or missing, and the user may not be asked.
    RefusePassword => ["CRD-02", "CRD-04", "UIX-01", "UIX-08", "UIX-09"];
    /// The user knows the password.
    AcceptEnteredPassword => ["CRD-05", "CAN-05"];
    /// The user does not know the password, and is not asked again.
    RefuseEnteredPassword => ["CRD-05", "CAN-05"];
    /// The user cancels the prompt for the password.
    CancelPasswordPrompt => ["CRD-05", "UIX-11"];
    /// The prompt for the password cannot be shown: as if it were not permitted.
    FindNoPasswordPrompt => ["CAN-04", "CRD-02"];
    /// The caller's deadline passes while the prompt for the password is open.
    ClosePasswordPromptAtDeadline => ["CAN-02"];

    /// There are as many sessions as the subsystem takes.
    RefuseSessionOverLimit => [];
    /// A session comes to be, on one profile for life, and its providers are started.
    BuildSession => ["PRF-01", "SHR-05", "CRD-01", "UIX-08"];
    /// The providers are up: the session opens, to others too if its logon allows them.
    OpenSession => ["SHR-04", "SHR-09", "SHR-13", "SHR-14", "SHR-15"];
    /// Providers come up after their logon was withdrawn, and are stopped.
    TakeBackLateStart => ["CAN-03"];
    /// The providers are down: the session is forgotten.
    EndSession => ["LGF-11"];

    /// A call names a handle that its client does not have, or has no longer.
    RefuseHandle => ["THR-03", "LGF-01", "LGF-03", "LGF-13"];
    /// A logoff with flags that make no sense changes nothing.
    RefuseLogoffArguments => ["LGF-09"];
    /// The user is asked whether to log off.
    AskToConfirmLogoff => ["LGF-09", "LGF-10"];
    /// A handle is logged off; its session goes on as long as it has another.
    LogOff => [
        "LGF-01", "LGF-02", "LGF-08", "LGF-10", "LGF-11", "LGF-12", "LGF-16", "LGF-18", "MTX-05"
    ];
    /// The user confirms the logoff.
    LogOffConfirmed => ["LGF-10", "LGF-11", "LGF-18"];
    /// The question cannot be shown: as if it were not to be asked.
    LogOffUnasked => ["CAN-04", "LGF-11", "LGF-18"];
    /// The user wants to stay: nothing changes.
    DeclineLogoff => ["LGF-10", "UIX-11"];
    /// The caller's deadline passes while the user is asked: nothing changes.
    CloseConfirmationAtDeadline => ["CAN-02"];
    /// A live handle is logged off and released in one.
    ReleaseLive => ["LGF-13", "LGF-11", "LGF-18", "MTX-05"];
    /// A handle that was logged off is released.
    ReleaseLoggedOff => ["LGF-01", "LGF-03"];

    /// A logon is withdrawn: it leaves the queue, or the mutex, and no trace.
    WithdrawLogon => ["CAN-01", "MTX-06"];
    /// A logon is withdrawn while its providers start: its session ends when they have answered.
    WithdrawStartingLogon => ["CAN-01", "CAN-03"];
    /// A logoff that waits for the user is withdrawn; its handle stays live.
    WithdrawLogoff => ["CAN-01"];
    /// A deadline passes where the caller waits neither in the queue nor for the user.
    IgnoreDeadline => ["CAN-02"];
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
