//! A state and what happens in it: the questions that guards and updates ask.

mod administration;
mod shutdown;

pub(crate) use shutdown::{running, to_ask};

use crate::{
    Action, Call, ChooserAnswer, Client, Entry, Handle, Holder, Host, InitArgument, Initialized,
    Label, LogoffAnswer, LogoffArgument, LogoffScope, Logon, Name, NameArgument, Open,
    OpenArgument, OpenTarget, Password, PasswordAnswer, Permission, Phase, Profile, Provider,
    ProviderKind, ProviderResult, ProviderSpec, Request, RetryAnswer, Scope, Series, Service,
    Session, Snapshot, Stage, State, Status, flag, resource,
};

/// A state, and what happens in it.
#[derive(Clone, Copy)]
pub(crate) struct Situation<'a> {
    pub(crate) scope: &'a Scope,
    pub(crate) state: &'a State,
    pub(crate) action: Action,
}

/// What a user did, whatever the question was.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum User {
    /// Gave what was asked for: a profile, the right password, consent.
    Agreed,
    /// Gave something else: a wrong password, no consent.
    Failed,
    /// Closed the dialog.
    Cancelled,
    /// Is not there.
    Unavailable,
}

impl<'a> Situation<'a> {
    /// The call that the action is about, under way or not.
    pub(crate) fn call(&self) -> Option<Name> {
        self.action.call()
    }

    /// Who does it, or for whom it is done.
    pub(crate) fn client(&self) -> Client {
        self.action.client()
    }

    /// The client's standing with `MAPIInitialize`.
    pub(crate) fn standing(&self) -> Initialized {
        self.state.clients[self.client().index()]
    }

    /// The logon that the action is about, if it is under way.
    pub(crate) fn logon(&self) -> Option<&'a Logon> {
        self.state.logon(self.call()?)
    }

    /// How far that logon is.
    pub(crate) fn stage(&self) -> Option<Stage> {
        Some(self.logon()?.stage)
    }

    /// The profile of that logon.
    pub(crate) fn profile(&self) -> Option<Profile> {
        self.logon()?.profile
    }

    /// What is asked for by the logon that the action is about, or makes.
    pub(crate) fn request(&self) -> Option<&'a Request> {
        if let Action::Logon { request, .. } = self.action {
            return Some(self.scope.request(request));
        }
        Some(self.scope.request(self.owner()?.request))
    }

    /// The logon under way that the action is about, as a call or as the session it builds.
    fn owner(&self) -> Option<&'a Logon> {
        let call = self.series().map_or_else(|| self.call(), |series| series.call);
        self.state.logon(call?)
    }

    /// Whether that request has one of these flags.
    pub(crate) fn has(&self, flags: u32) -> bool {
        self.request().is_some_and(|request| request.flags & flags != 0)
    }

    /// Whether the logon is made by a Windows service, by what it says or what its client said.
    pub(crate) fn is_service(&self) -> bool {
        self.has(flag::NT_SERVICE) || self.standing().host == Host::Service
    }

    /// The profile name that the request gives.
    pub(crate) fn name_argument(&self) -> Option<NameArgument> {
        Some(self.request()?.profile)
    }

    /// The profile that bears the name given.
    pub(crate) fn named_profile(&self) -> Option<Profile> {
        match self.name_argument()? {
            NameArgument::Of(name) => self.state.profiles.named(name),
            NameArgument::None | NameArgument::Absent | NameArgument::Malformed => None,
        }
    }

    /// The call whose prompt or provider call the action comes from.
    pub(crate) fn inside(&self) -> Option<Name> {
        self.action.inside()
    }

    /// What `MAPIInitialize` is given.
    pub(crate) fn init(&self) -> Option<InitArgument> {
        let Action::Initialize { with, .. } = self.action else { return None };
        Some(with)
    }

    /// What `Logoff` is given.
    pub(crate) fn logoff(&self) -> Option<LogoffArgument> {
        let Action::Logoff { with, .. } = self.action else { return None };
        Some(with)
    }

    /// What the user did.
    pub(crate) fn user(&self) -> Option<User> {
        if let Action::Choose { answer, .. } = self.action {
            return Some(match answer {
                ChooserAnswer::Pick { .. } => User::Agreed,
                ChooserAnswer::Cancel => User::Cancelled,
                ChooserAnswer::Unavailable => User::Unavailable,
            });
        }
        if let Action::EnterPassword { answer, .. } = self.action {
            return Some(match answer {
                PasswordAnswer::Right => User::Agreed,
                PasswordAnswer::Wrong => User::Failed,
                PasswordAnswer::Cancel => User::Cancelled,
                PasswordAnswer::Unavailable => User::Unavailable,
            });
        }
        let Action::Confirm { answer, .. } = self.action else { return None };
        Some(match answer {
            LogoffAnswer::Confirm => User::Agreed,
            LogoffAnswer::Decline => User::Failed,
            LogoffAnswer::Unavailable => User::Unavailable,
        })
    }

    /// The profile that the user chose, if there is one of that name (ADM-11).
    pub(crate) fn chosen(&self) -> Option<Profile> {
        self.state.profiles.named(self.picked()?.0?)
    }

    /// The password that the user gave in the chooser, if the field was not left alone.
    pub(crate) fn chosen_password(&self) -> Option<Password> {
        self.picked()?.1
    }

    fn picked(&self) -> Option<(Option<Label>, Option<Password>)> {
        let Action::Choose { answer: ChooserAnswer::Pick { profile, password }, .. } = self.action
        else {
            return None;
        };
        Some((profile, password))
    }

    /// The phase of the session that the action is about.
    pub(crate) fn phase(&self) -> Option<Phase> {
        Some(self.session()?.phase)
    }

    /// The handle that the action is about: named by it, or by the call that waits.
    pub(crate) fn handle_name(&self) -> Option<Name> {
        if let Action::Deliver { handle, .. } = self.action {
            return Some(handle);
        }
        let call = || self.confirmed_handle().or(self.open().map(|open| open.handle));
        self.action.handle().or_else(call)
    }

    /// That handle, if it is not released.
    pub(crate) fn handle(&self) -> Option<Handle> {
        self.state.handle(self.handle_name()?)
    }

    /// The handle of the logoff that waits for its confirmation.
    pub(crate) fn confirmed_handle(&self) -> Option<Name> {
        Some(self.confirmed_logoff()?.0)
    }

    /// The handle of the logoff that waits for its confirmation, and who is to log off by it.
    fn confirmed_logoff(&self) -> Option<(Name, LogoffScope)> {
        match self.state.call(self.call()?)? {
            Call::Logoff { handle, scope, .. } => Some((*handle, *scope)),
            Call::Logon(_) | Call::Open(_) | Call::Query(_) => None,
        }
    }

    /// The session of the handle that is logged off, by a call or by a confirmation.
    pub(crate) fn logged_off_session(&self) -> Option<Name> {
        self.state.session_of(self.handle_name()?)
    }

    /// Who is to log off by the logoff that is made, or by the one that waits.
    pub(crate) fn logoff_scope(&self) -> Option<LogoffScope> {
        match self.logoff() {
            Some(LogoffArgument::Shared | LogoffArgument::SharedUi) => Some(LogoffScope::Shared),
            Some(LogoffArgument::Plain | LogoffArgument::Ui | LogoffArgument::UndefinedFlag) => {
                Some(LogoffScope::Own)
            }
            None => Some(self.confirmed_logoff()?.1),
        }
    }

    /// The open call that the action is about, if it is under way.
    pub(crate) fn open(&self) -> Option<&'a Open> {
        self.state.open(self.call()?)
    }

    /// What the open call wants that the action makes or is about.
    pub(crate) fn target(&self) -> Option<OpenTarget> {
        if let Action::Open { target, .. } = self.action {
            return Some(target);
        }
        Some(self.open()?.target())
    }

    /// What an open call is given.
    pub(crate) fn open_argument(&self) -> Option<OpenArgument> {
        let Action::Open { with, .. } = self.action else { return None };
        Some(with)
    }

    /// Whether the open call that is made may have dialogs shown (UIX-08).
    pub(crate) fn open_dialogs(&self) -> Permission {
        let is_service =
            matches!(self.handle(), Some(Handle::Live { holder: Holder::Service, .. }));
        Permission::from(self.open_argument() == Some(OpenArgument::Dialogs) && !is_service)
    }

    /// The session that the action is about: named by it, or that of its call or handle.
    pub(crate) fn session_name(&self) -> Option<Name> {
        if let Some(open) = self.open() {
            return self.state.session_of(open.handle);
        }
        match self.action.handle() {
            Some(handle) => self.state.session_of(handle),
            None => self.call(),
        }
    }

    /// That session.
    pub(crate) fn session(&self) -> Option<&'a Session> {
        self.state.session(self.session_name()?)
    }

    /// What the profile of that session was when the session found it.
    pub(crate) fn snapshot(&self) -> Option<Snapshot<'a>> {
        Some(self.scope.snapshot_of(self.session()?))
    }

    /// What the profile of the logon is now, if it is there.
    pub(crate) fn stored(&self) -> Option<Snapshot<'a>> {
        self.scope.stored(self.state, self.profile()?)
    }

    /// The series that the action is about: that of its call, or on its provider.
    pub(crate) fn series(&self) -> Option<Series> {
        if let Action::ProviderAnswered { session, provider, .. } = self.action {
            return self.state.series_on(session, provider);
        }
        if let Action::TransportConfigured { session, provider, .. } = self.action {
            let series = self.state.series_on(session, provider);
            return series.filter(|series| series.call.is_none());
        }
        self.state.series_of(self.call()?)
    }

    /// The provider that the action is about: named by it, or the one that its open call comes to.
    pub(crate) fn provider(&self) -> Option<Provider> {
        match self.action {
            Action::ProviderAnswered { provider, .. }
            | Action::ProviderLoggedOff { provider, .. }
            | Action::ProviderShutDown { provider, .. }
            | Action::RetryAnswered { provider, .. }
            | Action::EntryReturned { entry: Entry::Repair(provider), .. }
            | Action::Use { provider, .. }
            | Action::StoreLogoff { provider, .. }
            | Action::TransportConfigured { provider, .. } => Some(provider),
            Action::SetDefaultStore { store, .. } => store,
            Action::Demand { session } => next_transport(self.scope, self.state, session, false),
            Action::EntryReturned { entry: Entry::Show(_), .. } => None,
            Action::Open { target: OpenTarget::Store(provider), .. } => Some(provider),
            Action::Open { target: OpenTarget::Book, .. } => self.candidate(Provider::N0),
            Action::Continue { .. } => {
                let open = self.open()?;
                match open.target() {
                    OpenTarget::Store(provider) => Some(provider),
                    OpenTarget::Book => self.candidate(open.at),
                }
            }
            Action::Deadline { .. } | Action::Withdraw { .. } => Some(self.series()?.provider),
            Action::Initialize { .. }
            | Action::Uninitialize { .. }
            | Action::Logon { .. }
            | Action::Logoff { .. }
            | Action::Release { .. }
            | Action::Crash { .. }
            | Action::Timeout { .. }
            | Action::LookedUp { .. }
            | Action::Choose { .. }
            | Action::Checked { .. }
            | Action::EnterPassword { .. }
            | Action::Confirm { .. }
            | Action::ServicesRead { .. }
            | Action::SessionClosed { .. }
            | Action::Advise { .. }
            | Action::Unadvise { .. }
            | Action::Deliver { .. }
            | Action::Administer { .. }
            | Action::AdminServices { .. }
            | Action::FastShutdown { .. }
            | Action::Voted { .. } => None,
        }
    }

    /// The provider that a call for the address book comes to next: the first of an address book,
    /// from this one on, whose service is enabled and that does not run.
    pub(crate) fn candidate(&self, from: Provider) -> Option<Provider> {
        candidate(self.scope, self.state, self.session_name()?, from)
    }

    /// What the profile says of the provider.
    pub(crate) fn spec(&self) -> Option<ProviderSpec> {
        self.snapshot()?.provider(self.provider()?)
    }

    /// What the provider provides.
    pub(crate) fn kind(&self) -> Option<ProviderKind> {
        Some(self.spec()?.kind)
    }

    /// Where the provider stands.
    pub(crate) fn status(&self) -> Option<Status> {
        self.state.status(self.session_name()?, self.provider()?)
    }

    /// The service of the provider.
    pub(crate) fn service(&self) -> Option<Service> {
        Some(self.spec()?.service)
    }

    /// Whether the series may show dialogs (UIX-08).
    pub(crate) fn series_dialogs(&self) -> Permission {
        let Some(series) = self.series() else { return Permission::Denied };
        let Some(call) = series.call else { return Permission::Denied };
        match self.state.call(call) {
            Some(Call::Open(open)) => open.dialogs,
            Some(Call::Logon(_) | Call::Logoff { .. } | Call::Query(_)) | None => {
                Permission::from(self.has(flag::LOGON_UI) && !self.is_service())
            }
        }
    }

    /// What the provider answered.
    pub(crate) fn result(&self) -> Option<ProviderResult> {
        let Action::ProviderAnswered { result, .. } = self.action else { return None };
        Some(result)
    }

    /// The next service that has a configuration to show.
    pub(crate) fn next_to_show(&self) -> Option<Service> {
        let Some(Stage::Show(shown)) = self.stage() else { return None };
        let profile = self.snapshot()?;
        Service::ALL.into_iter().find(|service| *service > shown && profile.has_entry(*service))
    }

    /// Whether every provider of the address book runs.
    pub(crate) fn is_book_whole(&self) -> bool {
        self.session_name().is_some_and(|name| is_book_whole(self.scope, self.state, name))
    }

    /// Whether the provider can be called through the handle: its store is open, or the address
    /// book that it belongs to, or it is a transport that the handle sees (D-32).
    pub(crate) fn is_object(&self) -> bool {
        let Some(Handle::Live { objects, holder, .. }) = self.handle() else { return false };
        match (self.action, self.kind()) {
            (_, Some(ProviderKind::Store)) => {
                self.provider().is_some_and(|provider| objects.has_store(provider))
            }
            (Action::Use { .. }, Some(ProviderKind::AddressBook)) => objects.has_book(),
            (Action::Use { .. }, Some(ProviderKind::Transport)) => {
                holder == Holder::Mail && self.status().is_some_and(Status::is_up)
            }
            (_, Some(ProviderKind::AddressBook | ProviderKind::Transport) | None) => false,
        }
    }

    /// Whether no other handle of the session has opened the store.
    pub(crate) fn is_open_only_here(&self) -> bool {
        let Some(provider) = self.provider() else { return false };
        self.state.handles().all(|(name, handle)| match handle {
            Handle::Live { session, objects, .. } => {
                Some(name) == self.handle_name()
                    || Some(session) != self.session_name()
                    || !objects.has_store(provider)
            }
            Handle::LoggedOff => true,
        })
    }

    /// What the user answered when told of a failure.
    pub(crate) fn retry_answer(&self) -> Option<RetryAnswer> {
        let Action::RetryAnswered { answer, .. } = self.action else { return None };
        Some(answer)
    }
}

/// The first address book provider from `from` on whose service is enabled and that does not run.
pub(crate) fn candidate(
    scope: &Scope,
    state: &State,
    session: Name,
    from: Provider,
) -> Option<Provider> {
    let its = state.session(session)?;
    let mut providers = scope.snapshot_of(its).providers();
    let (found, _) = providers.find(|(provider, spec)| {
        *provider >= from
            && spec.kind == ProviderKind::AddressBook
            && !its.disabled.has(spec.service)
            && its.providers.get(*provider) != Status::Running
    })?;
    Some(found)
}

/// The transport that the spooler tries next: the first in transport order that was never tried
/// (ORD-07). `overlooks_disabling` is a fault: it may be one of a disabled service.
pub(crate) fn next_transport(
    scope: &Scope,
    state: &State,
    session: Name,
    overlooks_disabling: bool,
) -> Option<Provider> {
    let its = state.session(session)?;
    let transports = scope.snapshot_of(its).providers().filter(|(provider, spec)| {
        spec.kind == ProviderKind::Transport
            && its.providers.get(*provider) == Status::NotStarted
            && (overlooks_disabling || !its.disabled.has(spec.service))
    });
    let first =
        transports.min_by_key(|(provider, it)| (it.has(resource::XP_PREFER_LAST), *provider));
    Some(first?.0)
}

/// Whether every address book provider of the session runs.
pub(crate) fn is_book_whole(scope: &Scope, state: &State, session: Name) -> bool {
    let Some(its) = state.session(session) else { return false };
    let providers = scope.snapshot_of(its).providers();
    let mut books = providers.filter(|(_, spec)| spec.kind == ProviderKind::AddressBook);
    books.all(|(provider, _)| its.providers.get(provider) == Status::Running)
}
