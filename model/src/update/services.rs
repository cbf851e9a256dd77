//! What updates do to services and providers: series of attempts, disabling, opening, stopping.

use super::{Change, concerns};
use crate::{
    Action, Call, Code, Entry, EntryDialogs, Handle, Name, Observation, Open, OpenTarget, Opens,
    Permission, Provider, ProviderKind, Series, SeriesStage, Service, Stage, Status,
    TransportStage, flag, situation,
};

impl Change<'_> {
    /// The session and the provider that the step is about.
    pub(super) fn place(&self) -> Option<(Name, Provider)> {
        Some((self.before.session_name()?, self.before.provider()?))
    }

    pub(super) fn set_status(&mut self, status: Status) {
        if let Some((session, provider)) = self.place() {
            self.put(session, provider, status);
        }
    }

    fn put(&mut self, session: Name, provider: Provider, status: Status) {
        if let Some(session) = self.after.session_mut(session) {
            session.providers.set(provider, status);
        }
    }

    pub(super) fn first_to_show(&self) -> Option<Service> {
        let profile = self.before.stored()?;
        Service::ALL.into_iter().find(|service| profile.has_entry(*service))
    }

    pub(super) fn show(&mut self, service: Option<Service>) {
        let (Some(call), Some(service)) = (self.before.call(), service) else { return };
        self.go_to(Stage::Show(service));
        let dialogs = EntryDialogs { allowed: self.logon_dialogs(), always: Permission::Granted };
        let entry = Entry::Show(service);
        self.see(Observation::CallEntry { call, session: call, entry, dialogs });
    }

    fn logon_dialogs(&self) -> Permission {
        Permission::from(self.before.has(flag::LOGON_UI) && !self.before.is_service())
    }

    /// The next attempt of a logon: address books before stores, each in the order of the profile
    /// (ORD-08).
    pub(super) fn start_next(&mut self, session: Name) {
        let Some(its) = self.after.session(session) else { return };
        let providers = self.before.scope.snapshot_of(its).providers();
        let next = providers
            .filter(|(provider, spec)| {
                spec.kind != ProviderKind::Transport
                    && (self.overlooks_disabling || !its.disabled.has(spec.service))
                    && its.providers.get(*provider) == Status::NotStarted
            })
            .min_by_key(|(provider, spec)| (spec.kind, *provider));
        let stage = match next {
            Some((provider, _)) => Stage::Series(provider, SeriesStage::First),
            None => Stage::Finish,
        };
        if let Some(logon) = self.after.logon_mut(session) {
            logon.stage = stage;
        }
        if let Some((provider, _)) = next {
            self.order_attempt(session, session, provider, SeriesStage::First);
        }
    }

    pub(super) fn start_first(&mut self) {
        let is_new = matches!(self.before.action, Action::Open { .. });
        let call = if is_new { self.new_name() } else { self.before.call() };
        if let (Some(call), Some((session, provider))) = (call, self.place()) {
            self.set_stage(call, provider, SeriesStage::First);
            self.order_attempt(call, session, provider, SeriesStage::First);
        }
    }

    pub(super) fn start_second(&mut self) {
        let Some(Series { call, session, provider, .. }) = self.before.series() else { return };
        let Some(call) = call else {
            return self.try_transport(session, provider, TransportStage::Second);
        };
        self.set_stage(call, provider, SeriesStage::Second);
        self.order_attempt(call, session, provider, SeriesStage::Second);
    }

    fn order_attempt(
        &mut self,
        call: Name,
        session: Name,
        provider: Provider,
        attempt: SeriesStage,
    ) {
        let dialogs = match self.after.open(call) {
            Some(open) => open.dialogs,
            None => self.logon_dialogs(),
        };
        self.see(Observation::LogOnProvider { call, session, provider, attempt, dialogs });
    }

    fn set_stage(&mut self, call: Name, provider: Provider, stage: SeriesStage) {
        if let Some(logon) = self.after.logon_mut(call) {
            logon.stage = Stage::Series(provider, stage);
        }
        if let Some(open) = self.after.open_mut(call) {
            open.stage = Some(stage);
        }
    }

    pub(super) fn call_entry(&mut self) {
        let Some(Series { call, session, provider, .. }) = self.before.series() else { return };
        let Some(call) = call else { return self.configure_transport(session, provider) };
        self.set_stage(call, provider, SeriesStage::Entry);
        let is_logon = self.before.state.logon(call).is_some();
        let always = is_logon && self.before.has(flag::SERVICE_UI_ALWAYS);
        let dialogs = EntryDialogs {
            allowed: self.before.series_dialogs(),
            always: Permission::from(always && !self.before.is_service()),
        };
        let entry = Entry::Repair(provider);
        self.see(Observation::CallEntry { call, session, entry, dialogs });
    }

    pub(super) fn open_retry_prompt(&mut self) {
        let Some(Series { call: Some(call), session, provider, .. }) = self.before.series() else {
            return;
        };
        self.set_stage(call, provider, SeriesStage::Inform);
        let profile = self.before.snapshot();
        let service = self.before.service();
        let has_entry = profile.zip(service).is_some_and(|(it, service)| it.has_entry(service));
        let correction = Permission::from(has_entry);
        self.see(Observation::AskRetry { call, session, provider, correction });
    }

    /// A logon goes on with its next provider, an address book and the spooler likewise; a store
    /// is there or not.
    pub(super) fn end_series(&mut self) {
        let Some(Series { call, session, provider, .. }) = self.before.series() else { return };
        let Some(call) = call else { return self.end_transport(session) };
        let Some(open) = self.before.state.open(call) else { return self.start_next(session) };
        match open.opens {
            Opens::Store => {
                let runs = self.after.status(session, provider) == Some(Status::Running);
                self.return_from(open, if runs { Code::Ok } else { Code::LogonFailed });
            }
            Opens::Book => self.go_on_with_book(open, session),
        }
    }

    fn go_on_with_book(&mut self, open: &Open, session: Name) {
        let later = Provider::ALL.into_iter().find(|provider| *provider > open.at);
        let candidate = later
            .and_then(|from| situation::candidate(self.before.scope, &self.after, session, from));
        let Some(candidate) = candidate else {
            let is_whole = situation::is_book_whole(self.before.scope, &self.after, session);
            return self.return_from(open, if is_whole { Code::Ok } else { Code::ErrorsReturned });
        };
        let is_taken = self.after.must_wait_for(session, candidate);
        if let Some(open) = self.after.open_mut(open.name) {
            open.at = candidate;
            open.stage = None;
        }
        if !is_taken {
            self.set_stage(open.name, candidate, SeriesStage::First);
            self.order_attempt(open.name, session, candidate, SeriesStage::First);
        }
    }

    /// An open call returns after its last series; what it opened belongs to its handle.
    fn return_from(&mut self, open: &Open, code: Code) {
        self.after.calls.retain(|call| call.name() != open.name);
        if code.is_success() {
            self.give_object(open.handle, open.target());
        }
        self.answer(Some(open.name), Some(code), None);
    }

    pub(super) fn add_open(&mut self) {
        let Action::Open { handle, target, .. } = self.before.action else { return };
        let (Some(name), Some(at)) = (self.new_name(), self.before.provider()) else { return };
        let opens = match target {
            OpenTarget::Store(_) => Opens::Store,
            OpenTarget::Book => Opens::Book,
        };
        let dialogs = self.before.open_dialogs();
        let open = Open { name, handle, opens, dialogs, at, stage: None };
        self.after.calls.insert_by_key(Call::Open(open), Call::name);
    }

    pub(super) fn move_open(&mut self) {
        let (call, provider) = (self.before.call(), self.before.provider());
        let open = call.and_then(|call| self.after.open_mut(call));
        if let (Some(open), Some(provider)) = (open, provider) {
            open.at = provider;
        }
    }

    pub(super) fn give_object(&mut self, handle: Name, target: OpenTarget) {
        if let Some(Handle::Live { objects, .. }) = self.after.handle_mut(handle) {
            *objects = objects.with(target);
        }
    }

    pub(super) fn drop_object(&mut self) {
        let (Some(name), Some(provider)) = (self.before.handle_name(), self.before.provider())
        else {
            return;
        };
        if let Some(Handle::Live { objects, .. }) = self.after.handle_mut(name) {
            *objects = objects.without(provider);
        }
    }

    /// Disabled once, a service stays so (FLR-02); what runs of it is quiesced (D-11).
    pub(super) fn disable(&mut self) {
        let (Some((session, after)), Some(service)) = (self.place(), self.before.service()) else {
            return;
        };
        let Some(profile) = self.before.snapshot() else { return };
        let Some(its) = self.after.session_mut(session) else { return };
        its.disabled.add(service);
        for (provider, spec) in profile.providers() {
            if spec.service == service && its.providers.get(provider) == Status::Running {
                its.providers.set(provider, Status::Quiesced);
            }
        }
        self.see(Observation::ReportDisabled { session, service, after });
    }

    pub(super) fn log_off_provider(&mut self, session: Name, provider: Provider) {
        self.put(session, provider, Status::LoggingOff);
        self.see(Observation::LogOffProvider { session, provider });
    }

    /// Transports, then address books, then stores, each in the order of the profile (PSD-11).
    pub(super) fn stop_next(&mut self, session: Name) {
        let Some(its) = self.after.session(session) else { return };
        if its.phase != crate::Phase::Draining || its.providers.are_stopping() {
            return;
        }
        let place = |kind| match kind {
            ProviderKind::Transport => 0,
            ProviderKind::AddressBook => 1,
            ProviderKind::Store => 2,
        };
        let providers = self.before.scope.snapshot_of(its).providers();
        let next = providers
            .filter(|(provider, _)| its.providers.get(*provider).is_up())
            .min_by_key(|(provider, spec)| (place(spec.kind), *provider));
        match next {
            Some((provider, _)) => self.log_off_provider(session, provider),
            None if its.providers.are_over() => self.see(Observation::CloseSession { session }),
            None => {}
        }
    }

    /// The series of the calls that the action is about.
    fn series_concerned(&self) -> Vec<Series> {
        let before = self.before;
        let is_concerned = |call| concerns(before, call);
        before.state.series().filter(|series| series.call.is_some_and(is_concerned)).collect()
    }

    pub(super) fn abandon_series(&mut self) {
        for series in self.series_concerned() {
            self.abandon(series);
        }
    }

    pub(super) fn abandon(&mut self, series: Series) {
        let status = if series.stage.is_attempt() { Status::Late } else { Status::Failed };
        self.put(series.session, series.provider, status);
    }

    pub(super) fn drop_series(&mut self) {
        for Series { session, provider, stage, .. } in self.series_concerned() {
            self.put(session, provider, Status::Failed);
            if stage.is_attempt() {
                self.see(Observation::DropAttempt { session, provider });
            }
        }
    }

    /// The caller is gone: its handle is logged off or released.
    pub(super) fn end_opens(&mut self) {
        let handle = self.before.handle_name();
        for open in self.before.state.opens().filter(|open| Some(open.handle) == handle) {
            if let Some(series) = self.before.state.series_of(open.name) {
                self.abandon(series);
            }
            if open.stage == Some(SeriesStage::Inform) {
                self.see(Observation::WithdrawPrompt { call: open.name });
            }
            self.return_from(open, Code::InvalidObject);
        }
    }
}
