//! `specs/tables/flags.md`: what each flag becomes, and what a word of flags becomes by the rows.

use mapi_session_core::{
    AppProfiles, Host, LogonDialogs, LogonRequest, Mail, MapiCode, Password, ProfileChoice,
    ProfileName, ServiceUi, Sharing, Wait,
};

use crate::table::{Row, TableError, is_source, rows};

pub(crate) const FILE: &str = "specs/tables/flags.md";
pub(crate) const TEXT: &str = include_str!("../../specs/tables/flags.md");

/// One row.
#[derive(Clone, Debug)]
pub(crate) struct Flag {
    pub(crate) name: String,
    pub(crate) value: u32,
    /// What it says in the request; nothing, if it decides nothing.
    pub(crate) says: Option<Says>,
}

/// What a flag says when it is set, and when it is clear.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Says {
    pub(crate) when_set: Meaning,
    pub(crate) when_clear: Meaning,
}

/// What stands in a field of the request; what it says of the profile counts only without a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    Dialogs(LogonDialogs),
    OpensNew,
    MayJoin,
    OfferedToOthers,
    KeptToItself,
    AppProfiles(AppProfiles),
    ProfileDefault,
    ProfileUnnamed,
    ServiceUi(ServiceUi),
    Mail(Mail),
    Host(Host),
    Wait(Wait),
}

/// The words of each field, and what they mean.
const FIELDS: [(&str, &[(&str, Meaning)]); 8] = [
    (
        "dialogs",
        &[
            ("all", Meaning::Dialogs(LogonDialogs::All)),
            ("password only", Meaning::Dialogs(LogonDialogs::PasswordOnly)),
            ("none", Meaning::Dialogs(LogonDialogs::None)),
        ],
    ),
    (
        "sharing",
        &[
            ("opens new", Meaning::OpensNew),
            ("may join", Meaning::MayJoin),
            ("offered to others", Meaning::OfferedToOthers),
            ("kept to itself", Meaning::KeptToItself),
        ],
    ),
    (
        "app_profiles",
        &[
            ("listed", Meaning::AppProfiles(AppProfiles::Listed)),
            ("hidden", Meaning::AppProfiles(AppProfiles::Hidden)),
        ],
    ),
    ("profile", &[("default", Meaning::ProfileDefault), ("unnamed", Meaning::ProfileUnnamed)]),
    (
        "service_ui",
        &[
            ("always", Meaning::ServiceUi(ServiceUi::Always)),
            ("as needed", Meaning::ServiceUi(ServiceUi::AsNeeded)),
        ],
    ),
    (
        "mail",
        &[("wanted", Meaning::Mail(Mail::Wanted)), ("not wanted", Meaning::Mail(Mail::NotWanted))],
    ),
    (
        "host",
        &[
            ("application", Meaning::Host(Host::Application)),
            ("windows service", Meaning::Host(Host::WindowsService)),
        ],
    ),
    (
        "wait",
        &[("unbounded", Meaning::Wait(Wait::Unbounded)), ("short", Meaning::Wait(Wait::Short))],
    ),
];

/// The table.
pub(crate) fn read(text: &str) -> Result<Vec<Flag>, TableError> {
    let columns = ["flag", "value", "field", "when set", "when clear", "decides", "source"];
    let mut flags: Vec<Flag> = Vec::new();
    for row in rows(FILE, text, columns)? {
        let flag = flag(&row)?;
        if flags.iter().any(|it| it.name == flag.name || it.value & flag.value != 0) {
            return row.error("a second row for this flag or bit");
        }
        flags.push(flag);
    }
    Ok(flags)
}

fn flag(row: &Row<'_, 7>) -> Result<Flag, TableError> {
    let [name, value, field, when_set, when_clear, _, source] = row.cells;
    let hex = value.strip_prefix("0x").filter(|hex| hex.len() == 8);
    let value = hex.and_then(|hex| u32::from_str_radix(hex, 16).ok());
    let Some(value) = value.filter(|value| value.is_power_of_two()) else {
        return row.error("expected one bit, as 0x and eight digits");
    };
    if let Some(unknown) = source.split(", ").find(|source| !is_source(source)) {
        return row.error(format!("no source `{unknown}`"));
    }
    let says = match row.word(5, &[("yes", true), ("no", false)])? {
        true => {
            let words = row.word(2, &FIELDS)?;
            Some(Says { when_set: row.word(3, words)?, when_clear: row.word(4, words)? })
        }
        false if [field, when_set, when_clear] == ["–"; 3] => None,
        false => return row.error("a flag that does not decide says nothing: expected `–`"),
    };
    Ok(Flag { name: name.into(), value, says })
}

impl Meaning {
    /// Puts it into the request.
    pub(crate) fn apply(self, request: &mut LogonRequest) {
        match self {
            Self::Dialogs(dialogs) => request.dialogs = dialogs,
            Self::OpensNew => {
                let allow_others = request.sharing.allows_others();
                request.sharing = Sharing::OpenNew { allow_others };
            }
            Self::MayJoin => {
                let allow_others = request.sharing.allows_others();
                request.sharing = Sharing::JoinOrOpen { allow_others };
            }
            Self::OfferedToOthers => *allow_others(&mut request.sharing) = true,
            Self::KeptToItself => *allow_others(&mut request.sharing) = false,
            Self::AppProfiles(app_profiles) => request.app_profiles = app_profiles,
            Self::ProfileDefault => without_name(request, ProfileChoice::Default),
            Self::ProfileUnnamed => without_name(request, ProfileChoice::Unnamed),
            Self::ServiceUi(service_ui) => request.service_ui = service_ui,
            Self::Mail(mail) => request.mail = mail,
            Self::Host(host) => request.host = host,
            Self::Wait(wait) => request.wait = wait,
        }
    }
}

fn allow_others(sharing: &mut Sharing) -> &mut bool {
    match sharing {
        Sharing::JoinOrOpen { allow_others } | Sharing::OpenNew { allow_others } => allow_others,
    }
}

fn without_name(request: &mut LogonRequest, choice: ProfileChoice) {
    match request.profile {
        ProfileChoice::Named(_) | ProfileChoice::Malformed(_) => {}
        ProfileChoice::Default | ProfileChoice::Unnamed => request.profile = choice,
    }
}

/// The two requests that differ in everything that flags decide, for the same arguments otherwise.
pub(crate) fn opposites(name: Option<&str>, password: Password) -> [LogonRequest; 2] {
    let profile = |otherwise| match name.map(ProfileName::parse) {
        Some(Ok(name)) => ProfileChoice::Named(name),
        Some(Err(error)) => ProfileChoice::Malformed(error),
        None => otherwise,
    };
    let one = LogonRequest {
        sharing: Sharing::OpenNew { allow_others: true },
        profile: profile(ProfileChoice::Default),
        password,
        dialogs: LogonDialogs::All,
        service_ui: ServiceUi::Always,
        mail: Mail::NotWanted,
        host: Host::WindowsService,
        app_profiles: AppProfiles::Listed,
        wait: Wait::Short,
    };
    let other = LogonRequest {
        sharing: Sharing::JoinOrOpen { allow_others: false },
        profile: profile(ProfileChoice::Unnamed),
        password,
        dialogs: LogonDialogs::PasswordOnly,
        service_ui: ServiceUi::AsNeeded,
        mail: Mail::Wanted,
        host: Host::Application,
        app_profiles: AppProfiles::Hidden,
        wait: Wait::Unbounded,
    };
    [one, other]
}

/// What the rows make of a word of flags, `request` being what stood there before.
///
/// A flag that is set speaks after all that are clear, so that one dialog is one dialog.
pub(crate) fn predict(
    table: &[Flag],
    mut request: LogonRequest,
    word: u32,
) -> Result<LogonRequest, MapiCode> {
    if table.iter().fold(word, |bits, flag| bits & !flag.value) != 0 {
        return Err(MapiCode::MAPI_E_UNKNOWN_FLAGS);
    }
    let is_dialog =
        |flag: &&Flag| matches!(flag.says, Some(Says { when_set: Meaning::Dialogs(_), .. }));
    if table.iter().filter(|flag| word & flag.value != 0).filter(is_dialog).count() > 1 {
        return Err(MapiCode::MAPI_E_INVALID_PARAMETER);
    }
    for (flag, says) in table.iter().filter_map(|flag| Some((flag, flag.says?))) {
        if word & flag.value == 0 {
            says.when_clear.apply(&mut request);
        }
    }
    for (flag, says) in table.iter().filter_map(|flag| Some((flag, flag.says?))) {
        if word & flag.value != 0 {
            says.when_set.apply(&mut request);
        }
    }
    Ok(request)
}
