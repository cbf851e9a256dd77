//! What the words of an update do: one row a word.
//!
//! An update reads the situation before the step and changes the state after it. It does nothing
//! where what it is about is missing, so that a rule with a fault still leads somewhere.

use crate::{
    Action, Call, Code, Contents, Fast, FastStep, Handle, Holder, Host, InitArgument, Initialized,
    LoggedOn, LogoffScope, Logon, Name, NameArgument, Observation, Observations, Password, Phase,
    Profile, Protection, Session, Stage, State, Status, flag, situation::Situation,
};

mod administration;
mod ends;
mod notifications;
mod services;
mod shutdown;
mod spooler;

/// A step in the making.
pub(crate) struct Change<'a> {
    pub(crate) before: Situation<'a>,
    pub(crate) code: Option<Code>,
    /// Whether the next provider of a logon is chosen from disabled services too: a fault.
    pub(crate) overlooks_disabling: bool,
    pub(crate) after: State,
    pub(crate) seen: Observations,
}

macro_rules! updates {
    ($(#[doc = $doc:literal] $word:ident = $make:expr;)*) => {
        /// One thing that a rule does.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Update { $(#[doc = $doc] $word,)* }

        impl Update {
            /// What it says.
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$word => $doc,)* }
            }

            /// Does it.
            pub(crate) fn make(self, change: &mut Change<'_>) {
                match self { $(Self::$word => {
                    let make: fn(&mut Change<'_>) = $make;
                    make(change);
                })* }
            }
        }
    };
}

updates! {
/// The call returns.
Answer = |it| it.answer(it.before.call(), it.code, None);
/// The logon returns what was settled.
AnswerSettled = |it| it.answer_settled();
/// The answer of the logon stands.
Settle = |it| if let Some(code) = it.code { it.go_to(Stage::Done(code)) };

/// The client has one more `MAPIInitialize` to balance.
CountUp = |it| it.standing().count += 1;
/// The client has one `MAPIInitialize` less to balance.
CountDown = |it| it.standing().count -= 1;
/// The client is what it says it is, for as long as it stays initialised.
SetHost = |it| it.standing().host = match it.before.init() {
    Some(InitArgument::Service) => Host::Service,
    Some(InitArgument::Application | InitArgument::UndefinedFlag | InitArgument::WrongVersion)
    | None => Host::Application,
};
/// Nothing is known of the client any more.
ForgetClient = |it| *it.standing() = Initialized::default();

/// The logon is under way.
AddLogon = |it| it.add_logon();
/// The logon is the last in the queue.
JoinQueue = |it| if let Some(name) = it.new_name() { it.after.queue.push(name) };
/// The clock is asked for the few seconds of a short wait.
StartTimer = |it| if let Some(call) = it.new_name() { it.see(Observation::StartTimer { call }) };
/// The calls concerned leave the queue.
LeaveQueue = |it| { let it = &mut *it; it.after.queue.retain(|name| !concerns(it.before, *name)) };
/// The logon holds the mutex.
TakeMutex = |it| it.after.mutex = it.before.call();
/// The mutex is free if one of the calls concerned held it.
FreeMutex = |it| it.after.mutex = it.after.mutex.filter(|name| !concerns(it.before, *name));
/// The open prompts of the calls concerned close.
WithdrawPrompts = |it| it.withdraw_prompts();
/// The calls concerned are no longer under way.
DropCalls = |it| {
    let it = &mut *it;
    it.after.calls.retain(|call| !concerns(it.before, call.name()));
};

/// The logon is about to decide whether it joins.
GoToDecide = |it| it.go_to(Stage::Decide);
/// The logon is about to choose its profile, and has the store look for it where that helps.
GoToPick = |it| it.go_to_pick();
/// The credentials are about to be judged, and the store checks the password if there is one.
GoToCredentials = |it| it.go_to_credentials();
/// The profile store is asked which services the session is to have.
GoToBuild = |it| {
    it.go_to(Stage::Build);
    if let (Some(call), Some(profile)) = (it.before.call(), it.before.profile()) {
        it.see(Observation::ReadServices { call, profile });
    }
};
/// The chooser opens.
OpenChooser = |it| {
    it.go_to(Stage::AskProfile);
    if let Some(call) = it.before.call() { it.see(Observation::AskProfile { call }) }
};
/// The password prompt opens.
OpenPasswordPrompt = |it| {
    it.go_to(Stage::AskPassword);
    if let (Some(call), Some(profile)) = (it.before.call(), it.before.profile()) {
        it.see(Observation::AskPassword { call, profile });
    }
};
/// The logon is for the profile that it names.
TakeNamedProfile = |it| it.take_profile(it.before.named_profile());
/// The logon is for the default profile.
TakeDefaultProfile = |it| it.take_profile(it.before.state.default);
/// The logon is for the profile that the user chose.
TakeChosenProfile = |it| it.take_profile(it.before.chosen());
/// The logon is for the profile of the session that it joins.
TakeTargetProfile = |it| it.take_profile(it.before.state.join_target().map(|it| it.profile));
/// A password given in the chooser replaces the call's.
TakeChosenPassword = |it| {
    let password = it.before.chosen_password();
    if let (Some(password), Some(logon)) = (password, it.logon()) { logon.password = password }
};

/// A session is being built, with the services that its profile has now.
AddSession = |it| if let (Some(name), Some(profile)) = (it.before.call(), it.before.profile()) {
    let slot = it.before.state.profiles.get(profile);
    it.after.sessions.push(Session {
        name,
        profile,
        contents: slot.map_or(Contents::made(false), |slot| slot.contents),
        phase: Phase::Building,
        disabled: Default::default(),
        providers: Default::default(),
        spooler: Default::default(),
        transport: None,
        default_store: None,
        identity: None,
    });
};
/// The session can be used, and joined if its creator said so.
Activate = |it| {
    let phase = match it.before.has(flag::ALLOW_OTHERS) {
        true => Phase::Shared,
        false => Phase::Individual,
    };
    it.set_phase(phase);
};
/// The logon has a handle on the session that it made.
GiveOwnHandle = |it| it.give_handle(it.before.call());
/// The logon has a handle on the session that it joins.
GiveTargetHandle = |it| it.give_handle(it.before.state.join_target().map(|it| it.name));
/// The sessions that the calls concerned were building begin to drain.
DrainUnfinished = |it| for session in it.unfinished() { it.drain(session) };
/// Sessions in use by no handle begin to drain.
DrainEmpty = |it| for session in it.empty() { it.drain(session) };
/// The session has ended.
ForgetSession = |it| {
    let ended = it.before.call();
    it.after.sessions.retain(|session| Some(session.name) != ended);
};

/// The logoff waits for the user's word.
AddConfirmation = |it| if let (Some(name), Some(handle)) = (it.new_name(), it.before.handle_name())
{
    let scope = it.before.logoff_scope().unwrap_or(LogoffScope::Own);
    it.after.calls.insert_by_key(Call::Logoff { name, handle, scope }, Call::name);
    it.see(Observation::AskLogoff { call: name, handle });
};
/// The handle can only be released any more.
MarkLoggedOff = |it| if let Some(handle) = it.before.handle_name() {
    it.after.set_handle(handle, Some(Handle::LoggedOff));
};
/// Logoffs of the handle that wait for the user end without success.
EndConfirmations = |it| it.end_confirmations();
/// The handle is gone.
ForgetHandle = |it| if let Some(handle) = it.before.handle_name() {
    it.after.set_handle(handle, None);
};
/// The handles of the calls or the client concerned are gone.
DropHandles = |it| it.drop_handles();

/// The first service that can shows its configuration.
ShowFirst = |it| it.show(it.first_to_show());
/// The next service that can shows its configuration.
ShowNext = |it| it.show(it.before.next_to_show());
/// The next provider is told to log on, or the session is about to be handed over.
StartNext = |it| if let Some(session) = it.before.session_name() { it.start_next(session) };
/// The first attempt of a series goes out.
StartFirst = |it| it.start_first();
/// The second attempt of the series goes out.
StartSecond = |it| it.start_second();
/// The entry function is called to put right what is wrong.
CallEntry = |it| it.call_entry();
/// The user is told of the failure, and asked whether to try again.
OpenRetryPrompt = |it| it.open_retry_prompt();
/// The series is over: its call goes on, or returns.
EndSeries = |it| it.end_series();
/// The provider runs.
RunProvider = |it| it.set_status(Status::Running);
/// The provider is not logged on.
FailProvider = |it| it.set_status(Status::Failed);
/// The provider is as if it had never been tried.
ResetProvider = |it| it.set_status(Status::NotStarted);
/// The attempt stays out, though nobody waits for it any more.
MakeLate = |it| it.set_status(Status::Late);
/// The service is disabled, and what runs of it is quiesced.
Disable = |it| it.disable();
/// The provider is told to log off.
LogOffProvider = |it| if let Some((session, provider)) = it.place() {
    it.log_off_provider(session, provider);
};
/// The provider is told to shut down.
ShutDownProvider = |it| if let Some((session, provider)) = it.place() {
    it.set_status(Status::ShuttingDown);
    it.see(Observation::ShutDownProvider { session, provider });
};
/// The draining session's next provider is told to log off, or the session is to be closed.
StopNext = |it| if let Some(session) = it.before.session_name() { it.stop_next(session) };
/// The attempts of the calls concerned stay out, waited for by nobody.
AbandonSeries = |it| it.abandon_series();
/// The attempts of the calls concerned die with them.
DropSeries = |it| it.drop_series();

/// The open call is under way.
AddOpen = |it| it.add_open();
/// The open call is at another provider.
MoveOpen = |it| it.move_open();
/// What the open call wants is open through its handle.
GiveObject = |it| if let (Some(handle), Some(target)) =
    (it.before.handle_name(), it.before.target()) { it.give_object(handle, target) };
/// The store is no longer open through the handle.
DropObject = |it| it.drop_object();
/// Open calls on the handle end without success.
EndOpens = |it| it.end_opens();
/// The spooler knows of a session as long as somebody in it wants mail.
InformSpooler = |it| it.inform_spooler();
/// The spooler has the next transport log on.
StartTransport = |it| if let Some(session) = it.before.session_name() {
    it.start_transport(session);
};
/// The default store of the session is chosen among what runs.
ChooseDefaultStore = |it| it.choose_default_store();
/// The provider that gives the session its identity is chosen among what runs.
ChooseIdentity = |it| it.choose_identity();
/// The store is the default one, or there is none.
SetDefaultStore = |it| it.set_default_store();
/// The store has no role in the session any more.
TakeRoles = |it| it.take_roles();
/// Whoever has registered hears that the default store is another.
TellOfDefault = |it| it.tell_of_default();
/// Whoever else has registered hears that a handle has left its session.
TellOfLeaving = |it| it.tell_of_leaving();
/// Whoever else has registered is asked to log off.
AskOthersToLeave = |it| it.ask_others_to_leave();
/// Nobody joins the session any more.
CloseToOthers = |it| it.close_to_others();
/// The handle is told of the notifications of its session from now on.
AddSink = |it| it.set_sink(true);
/// The handle is told of no further notification.
RemoveSink = |it| it.set_sink(false);
/// The notification is handed over.
HandNotification = |it| it.hand_notification();

/// A consent to a fast shutdown does not stand any longer; a query about one comes to none.
TakeStandingBack = |it| it.take_standing_back();
/// A query of the client about a fast shutdown comes to no consent.
EndQuery = |it| it.end_query();
/// What was said about a fast shutdown before does not count any longer.
ForgetConsent = |it| it.set_fast(Fast::None);
/// The fast shutdown is allowed.
Consent = |it| it.set_fast(Fast::Asked);
/// The providers have been told of the fast shutdown.
MarkNotified = |it| it.set_fast(Fast::Notified);
/// The query is under way: the first provider is asked.
AddQuery = |it| it.add_query();
/// The query goes on: the next provider is asked.
MoveQuery = |it| it.move_query();
/// Every provider that a query would ask is told that the process is about to end.
NotifyProviders = |it| it.notify_providers();
/// Sessions in use by no handle end at once.
EndEmpty = |it| it.end_empty();
/// Nothing is left of the client but its process.
MarkDead = |it| it.mark_dead();

/// A profile is made, without services.
CreateProfile = |it| it.create_profile();
/// A profile is made that has what another one has.
CopyProfile = |it| it.copy_profile();
/// The profile is removed.
RemoveProfile = |it| it.remove_profile();
/// The profile is to be removed when nobody uses it any more.
MarkProfile = |it| it.mark_profile();
/// The profile is to keep its name.
TakeBackRename = |it| it.take_back_rename();
/// The profile has its new name.
RenameProfile = |it| it.rename_profile();
/// The profile is to have its new name when nobody uses it any more.
DeferRename = |it| it.defer_rename();
/// The profile is not the default any more.
ForgetDefault = |it| it.forget_default();
/// The profile is the default, or there is none.
SetDefaultProfile = |it| it.set_default_profile();
/// What was put off is done for profiles that nobody uses any more.
SettleProfiles = |it| it.settle_profiles();
/// The profile has a service more, or one less.
ChangeServices = |it| it.change_services();

/// The provider is called on behalf of the client.
UseProvider = |it| if let Some((session, provider)) = it.place() {
    it.see(Observation::UseProvider { session, provider });
};
}

/// Whether the action ends everything that its client has.
fn ends_client(it: Situation<'_>) -> bool {
    matches!(
        it.action,
        Action::Crash { .. }
            | Action::Uninitialize { .. }
            | Action::FastShutdown { step: FastStep::Do, .. }
    )
}

/// Whether a call is among those that the action is about.
fn concerns(it: Situation<'_>, name: Name) -> bool {
    match ends_client(it) {
        true => name.client() == it.client(),
        false => Some(name) == it.call(),
    }
}

impl Change<'_> {
    fn see(&mut self, observation: Observation) {
        self.seen.push(observation);
    }

    fn standing(&mut self) -> &mut Initialized {
        &mut self.after.clients[self.before.client().index()]
    }

    fn new_name(&self) -> Option<Name> {
        self.before.state.free_name(self.before.client())
    }

    fn logon(&mut self) -> Option<&mut Logon> {
        self.after.logon_mut(self.before.call()?)
    }

    fn go_to(&mut self, stage: Stage) {
        if let Some(logon) = self.logon() {
            logon.stage = stage;
        }
    }

    fn take_profile(&mut self, profile: Option<Profile>) {
        if let Some(logon) = self.logon() {
            logon.profile = profile;
        }
    }

    fn set_phase(&mut self, phase: Phase) {
        let session = self.before.call().and_then(|name| self.after.session_mut(name));
        if let Some(session) = session {
            session.phase = phase;
        }
    }

    fn close_to_others(&mut self) {
        let session = self.before.logged_off_session();
        if let Some(session) = session.and_then(|name| self.after.session_mut(name)) {
            session.phase = Phase::Closing;
        }
    }

    fn answer(&mut self, call: Option<Name>, code: Option<Code>, logon: Option<LoggedOn>) {
        let client = call.map_or(self.before.client(), Name::client);
        if let Some(code) = code {
            self.see(Observation::Answer { client, call, code, logon });
        }
    }

    fn answer_settled(&mut self) {
        let Some(Logon { name, profile, stage: Stage::Done(code), .. }) = self.before.logon()
        else {
            return;
        };
        let session = self.before.state.handle(*name).and_then(Handle::session);
        let logon = session.map(|session| LoggedOn { session, profile: *profile });
        self.answer(Some(*name), Some(*code), logon);
    }

    fn add_logon(&mut self) {
        let Action::Logon { request: id, .. } = self.before.action else { return };
        let Some(name) = self.new_name() else { return };
        let password = self.before.scope.request(id).password;
        let logon = Logon { name, request: id, password, profile: None, stage: Stage::Wait };
        self.after.calls.insert_by_key(Call::Logon(logon), Call::name);
    }

    /// Without a name and without `MAPI_USE_DEFAULT`, and for a malformed name, there is nothing
    /// to look for (D-24).
    fn go_to_pick(&mut self) {
        let looks_up = match self.before.name_argument() {
            Some(NameArgument::Of(_) | NameArgument::Absent) => true,
            Some(NameArgument::Malformed) => false,
            Some(NameArgument::None) | None => self.before.has(flag::USE_DEFAULT),
        };
        match (looks_up, self.before.call()) {
            (true, Some(call)) => {
                self.go_to(Stage::LookUp);
                self.see(Observation::LookUp { call });
            }
            (true, None) | (false, _) => self.go_to(Stage::Pick),
        }
    }

    /// A check is asked for only where there is something to compare (D-24).
    fn go_to_credentials(&mut self) {
        let Some(&mut Logon { name: call, profile: Some(profile), password, .. }) = self.logon()
        else {
            return self.go_to(Stage::Credentials(Protection::Open));
        };
        let stored = self.before.scope.stored(self.before.state, profile);
        let is_protected = stored.is_some_and(|profile| profile.spec.password);
        match (is_protected, password) {
            (true, Password::Right | Password::Wrong) => {
                self.go_to(Stage::Check);
                self.see(Observation::CheckPassword { call, profile });
            }
            (true, Password::None) => self.go_to(Stage::Credentials(Protection::Protected)),
            (false, _) => self.go_to(Stage::Credentials(Protection::Open)),
        }
    }

    /// A Windows service has no mail, asked for or not (NML-05).
    fn give_handle(&mut self, session: Option<Name>) {
        let (Some(name), Some(session)) = (self.before.call(), session) else { return };
        let holder = if self.before.is_service() {
            Holder::Service
        } else if self.before.has(flag::NO_MAIL) {
            Holder::NoMail
        } else {
            Holder::Mail
        };
        let (objects, inbox) = Default::default();
        let handle = Handle::Live { session, holder, objects, inbox };
        self.after.set_handle(name, Some(handle));
    }
}
