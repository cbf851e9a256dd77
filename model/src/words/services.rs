//! How services and providers are called, and what happens to them.

use crate::{
    Client, Contents, Entry, EntryDialogs, EntryResult, Name, OpenArgument, OpenTarget, Permission,
    Provider, ProviderKind, ProviderResult, RetryAnswer, Scope, SeriesStage, Service,
};

impl Scope {
    /// A provider of a profile with these contents, in words: its service, and what it provides.
    pub fn describe_provider(&self, contents: Contents, provider: Provider) -> String {
        let profile = self.snapshot(contents);
        let Some(spec) = profile.provider(provider) else { return number(provider) };
        let service = profile.spec.services.get(spec.service.index());
        let kind = match spec.kind {
            ProviderKind::AddressBook => "address book",
            ProviderKind::Store => "store",
            ProviderKind::Transport => "transport",
        };
        format!("{} {kind} ({})", service.map_or("", |it| it.name.as_str()), number(provider))
    }

    /// A service of a profile with these contents, by its name.
    pub fn describe_service(&self, contents: Contents, service: Service) -> String {
        let known = self.snapshot(contents).spec.services.get(service.index());
        known.map_or_else(|| place(service), |service| service.name.clone())
    }
}

pub(super) fn number(provider: Provider) -> String {
    format!("provider {}", provider.index() + 1)
}

pub(super) fn place(service: Service) -> String {
    format!("service {}", service.index() + 1)
}

fn entry_function(entry: Entry) -> String {
    match entry {
        Entry::Show(service) => format!("the entry function of {}", place(service)),
        Entry::Repair(provider) => format!("the entry function for {}", number(provider)),
    }
}

pub(super) fn entry(call: Name, entry: Entry, result: EntryResult) -> String {
    format!("{} returns {} to {call}", entry_function(entry), returned(result))
}

pub(super) const fn returned(result: EntryResult) -> &'static str {
    match result {
        EntryResult::Ok => "S_OK",
        EntryResult::Unconfigured => "MAPI_E_UNCONFIGURED",
        EntryResult::UserCancel => "MAPI_E_USER_CANCEL",
    }
}

pub(super) fn retry(call: Name, provider: Provider, answer: RetryAnswer) -> String {
    let provider = number(provider);
    match answer {
        RetryAnswer::Retry => format!("the user has {call} try {provider} again"),
        RetryAnswer::Correct => format!("the user puts {provider} right for {call}"),
        RetryAnswer::GiveUp => format!("the user has {call} give {provider} up"),
        RetryAnswer::Unavailable => format!("there is no user to ask about {provider} for {call}"),
    }
}

pub(super) fn result(session: Name, provider: Provider, result: ProviderResult) -> String {
    let result = match result {
        ProviderResult::Ok => "S_OK",
        ProviderResult::Warning => "MAPI_W_ERRORS_RETURNED",
        ProviderResult::FailOneProvider => "MAPI_E_FAILONEPROVIDER",
        ProviderResult::Unconfigured => "MAPI_E_UNCONFIGURED",
        ProviderResult::UserCancel => "MAPI_E_USER_CANCEL",
        ProviderResult::SessionLimit => "MAPI_E_SESSION_LIMIT",
        ProviderResult::LogonFailed => "MAPI_E_LOGON_FAILED",
        ProviderResult::UnknownCpid => "MAPI_E_UNKNOWN_CPID",
        ProviderResult::UnknownLcid => "MAPI_E_UNKNOWN_LCID",
        ProviderResult::Version => "MAPI_E_VERSION",
    };
    format!("{} of session {session} answers {result}", number(provider))
}

pub(super) fn open(
    client: Client,
    handle: Name,
    target: OpenTarget,
    with: OpenArgument,
    inside: Option<Name>,
) -> String {
    let target = match target {
        OpenTarget::Store(provider) => format!("the store of {}", number(provider)),
        OpenTarget::Book => "the address book".into(),
    };
    let with = match with {
        OpenArgument::Dialogs => "",
        OpenArgument::NoDialog => " without dialogs",
        OpenArgument::UndefinedFlag => " with an undefined flag",
    };
    let inside = inside.map(|call| format!(" from inside {call}")).unwrap_or_default();
    format!("{client} opens {target} on handle {handle}{with}{inside}")
}

pub(super) fn attempt(
    call: Name,
    session: Name,
    provider: Provider,
    attempt: SeriesStage,
    dialogs: Permission,
) -> String {
    let again = if attempt == SeriesStage::Second { " again" } else { "" };
    let dialogs = if dialogs == Permission::Granted { "" } else { ", without dialogs" };
    format!("{} of session {session} is to log on{again} for {call}{dialogs}", number(provider))
}

pub(super) fn entry_call(call: Name, entry: Entry, dialogs: EntryDialogs) -> String {
    let dialogs = match (dialogs.allowed, dialogs.always) {
        (_, Permission::Granted) => "showing its configuration",
        (Permission::Granted, Permission::Denied) => "with the dialogs it needs",
        (Permission::Denied, Permission::Denied) => "without dialogs",
    };
    format!("{} is called for {call}, {dialogs}", entry_function(entry))
}

pub(super) fn question(call: Name, provider: Provider, correction: Permission) -> String {
    let correct = if correction == Permission::Granted { ", or put it right" } else { "" };
    format!("the user is asked whether {call} is to try {} again{correct}", number(provider))
}
