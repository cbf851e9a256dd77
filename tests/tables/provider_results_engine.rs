//! The engine, with a provider, an entry function and a user that answer as a series is to go.

use std::{
    sync::{Arc, Condvar, Mutex, MutexGuard},
    thread::{self, Thread},
    time::{Duration, Instant},
};

use mapi_session::{
    AskRetry, Cause, Clock, EntryContext, EntryError, EntryFlags, Environment, LogonUi, Missing,
    NewProfile, Patience, Process, ProviderError, ProviderLogon, ProviderState, RawLogon,
    RetryChoice, ServiceState, SpiVersion, UserAnswer,
    scripted::{self, ScriptedService},
};
use mapi_session_core::{
    self as core, Correction, InitFlags, LogonFlags, MapiCode, Opened, Prompts, ProviderId,
    ProviderKind,
};

use crate::{
    provider_results::{Attempt, Dialogs, EntryFunction, LogonResult, Returned, UserSays},
    provider_results_series::{Case, End, Host, Kind, Occasion, Said, Script, Story},
};

/// The one provider.
const IT: ProviderId = ProviderId(0);

/// The flag that keeps a provider from showing dialogs, in every kind of open.
const NO_DIALOG: u32 = 0x1;

/// The window that every call names, and everybody asked has to be told (`UIX-05`).
const WINDOW: u64 = 7;

/// How long a logon waits where somebody is going to let its deadline pass.
const A_WHILE: Duration = Duration::from_secs(60);

/// What the engine does.
pub(crate) fn in_the_engine(case: &Case) -> Result<Story, String> {
    let play = Play::new(case);
    if case.occasion == Occasion::Logon {
        play.cast.follow(&case.script);
        let logon = play.log_on();
        let code = logon.as_ref().map_or_else(|code| *code, |_| MapiCode::S_OK);
        return play.end(logon.ok().as_ref(), code);
    }
    if case.occasion == Occasion::Demand {
        let logon = play.leave_alone()?;
        play.cast.follow(&case.script);
        let code = play.demand(&logon)?;
        return play.end(Some(&logon), code);
    }
    let is_logged_off = case.occasion == Occasion::OpenLoggedOff;
    let result = if is_logged_off { LogonResult::Ok } else { LogonResult::FailOneProvider };
    play.cast.follow(&[Said::Provider(result)]);
    let logon = play.log_on().map_err(|code| format!("the logon: {code}"))?;
    if is_logged_off {
        let code = play.open(case.kind, &logon, NO_DIALOG);
        let logged_off = play.process.store_logoff(logon.handle, IT);
        if code != MapiCode::S_OK || logged_off.is_err() {
            return Err(format!("opening and logging off: {code}, {logged_off:?}"));
        }
    }
    play.cast.follow(&case.script);
    let flags = match case.caller.wishes {
        Dialogs::Permitted => 0,
        Dialogs::Forbidden => NO_DIALOG,
    };
    let code = play.open(case.kind, &logon, flags);
    play.end(Some(&logon), code)
}

/// Whether a demand in the session of a Windows service leaves its transport alone.
pub(crate) fn a_transport_is_left_alone_by_the_engine(case: &Case) -> Result<(), String> {
    let play = Play::new(case);
    let logon = play.leave_alone()?;
    let code = play.demand(&logon)?;
    match (code, play.is_untouched(&logon)?) {
        (MapiCode::MAPI_E_INVALID_OBJECT, true) => Ok(()),
        found => Err(format!("{found:?}")),
    }
}

struct Play<'a> {
    case: &'a Case,
    environment: Environment,
    process: Process,
    cast: Cast,
}

impl<'a> Play<'a> {
    fn new(case: &'a Case) -> Self {
        let cast = Cast::default();
        cast.heard().window = match case.occasion {
            Occasion::Logon | Occasion::OpenFailed | Occasion::OpenLoggedOff => WINDOW,
            // The spooler has none (ORD-05).
            Occasion::Demand => 0,
        };
        let kind = match case.kind {
            Kind::AddressBook => ProviderKind::AddressBook,
            Kind::Store => ProviderKind::Store,
            Kind::Transport => ProviderKind::Transport,
        };
        let service = ScriptedService::new(Arc::new(cast.clone())).provider(kind, "it");
        let service = match case.entry {
            EntryFunction::Present => service.with_entry(),
            EntryFunction::Absent => service,
        };
        let clock = HastyClock(Arc::clone(&cast.time));
        let environment = Environment::builder().clock(clock).service("MSEMS", service).build();
        let profile = NewProfile::new("Work").service("MSEMS");
        environment.profiles().create(profile).expect("the store is empty");
        let is_hasty = case.script.iter().any(|said| {
            matches!(said, Said::User(UserSays::Deadline))
                || matches!(said, Said::EntryFunction(Returned::Deadline))
        });
        let wait = is_hasty.then_some(A_WHILE);
        let patience = Patience { prompt: wait, entry: wait, ..Patience::endless() };
        let process = environment.process(cast.clone()).with_patience(patience);
        Self { case, environment, process, cast }
    }

    fn log_on(&self) -> Result<RawLogon, MapiCode> {
        let Case { occasion, caller, .. } = self.case;
        let (by_process, by_logon) = match caller.host {
            Host::Application => (InitFlags::empty(), LogonFlags::empty()),
            Host::ServiceByLogon => (InitFlags::empty(), LogonFlags::NT_SERVICE),
            Host::ServiceByProcess => (InitFlags::NT_SERVICE, LogonFlags::empty()),
        };
        let dialogs = match (occasion, caller.wishes) {
            (Occasion::Logon | Occasion::Demand, Dialogs::Permitted) => LogonFlags::LOGON_UI,
            (Occasion::Logon | Occasion::Demand, Dialogs::Forbidden)
            | (Occasion::OpenFailed | Occasion::OpenLoggedOff, _) => LogonFlags::empty(),
        };
        self.process.initialize(0, by_process.bits()).expect("the flag is defined");
        let flags = (by_logon | dialogs).bits();
        let logon = self.process.logon_ex(WINDOW, Some("Work"), None, flags);
        logon.map_err(|error| error.code().expect("nobody withdraws it"))
    }

    /// A logon on a profile with nothing but a transport, which it leaves alone, as does an open.
    fn leave_alone(&self) -> Result<RawLogon, String> {
        let logon = self.log_on().map_err(|code| format!("the logon: {code}"))?;
        let code = self.open(Kind::Store, &logon, 0);
        match (code, self.is_untouched(&logon)?) {
            (MapiCode::MAPI_E_NOT_FOUND, true) => Ok(logon),
            found => Err(format!("{found:?}")),
        }
    }

    fn is_untouched(&self, logon: &RawLogon) -> Result<bool, String> {
        let report = self.environment.report(logon.session).ok_or("no report")?;
        let provider = report.provider(IT).ok_or("no provider in the report")?;
        let has_seen_nothing = self.cast.heard().script.has_seen_nothing();
        Ok(*provider.state == ProviderState::NotStarted && has_seen_nothing)
    }

    /// Asks for the status table, which is there when the spooler has done what it can, and then
    /// uses the transport. What is running has a row, what is not has none.
    fn demand(&self, logon: &RawLogon) -> Result<MapiCode, String> {
        let table = self.process.status_table(logon.handle).map_err(|error| error.to_string())?;
        let used = self.process.use_provider(logon.handle, IT, |_| ());
        let code = used
            .map_or_else(|error| error.code().expect("nobody withdraws it"), |()| MapiCode::S_OK);
        match table.provider(IT).is_some() == (code == MapiCode::S_OK) {
            true => Ok(code),
            false => Err(format!("{code} to a use, and {table:?}")),
        }
    }

    fn open(&self, kind: Kind, logon: &RawLogon, flags: u32) -> MapiCode {
        match kind {
            Kind::AddressBook => {
                let book = self.process.open_address_book(logon.handle, WINDOW, flags);
                match book.map(|book| book.opened) {
                    Ok(Opened::Store | Opened::WholeAddressBook) => MapiCode::S_OK,
                    Ok(Opened::PartOfAddressBook) => MapiCode::MAPI_W_ERRORS_RETURNED,
                    Err(error) => error.code().expect("nobody withdraws it"),
                }
            }
            Kind::Store | Kind::Transport => {
                match self.process.open_msg_store(logon.handle, WINDOW, IT, flags) {
                    Ok(()) => MapiCode::S_OK,
                    Err(error) => error.code().expect("nobody withdraws it"),
                }
            }
        }
    }

    fn end(self, logon: Option<&RawLogon>, code: MapiCode) -> Result<Story, String> {
        // Who hangs may go home.
        self.cast.time.is_over();
        let Heard { mut script, window: _, mistakes } = self.cast.heard().clone();
        if !mistakes.is_empty() {
            return Err(mistakes.join("; "));
        }
        let report = logon.and_then(|logon| self.environment.report(logon.session));
        let report = report.ok_or_else(|| format!("no session: {code}"))?;
        let provider = report.provider(IT).ok_or("no provider in the report")?.state;
        let service = report.services().next().ok_or("no service in the report")?.state;
        let end = match (provider, service) {
            (ProviderState::Ready { .. }, ServiceState::Enabled) => End::Running,
            (ProviderState::Failed(_), ServiceState::Enabled) => End::Failed,
            (ProviderState::Failed(_), ServiceState::Disabled { after }) if after.id == IT => {
                script.disabled();
                End::Disabled
            }
            other => return Err(format!("{other:?}")),
        };
        script.end(end, code.name().unwrap_or_default())
    }
}

/// Provider, entry function and user at once: they answer by one script, and tell what they saw.
#[derive(Clone, Default)]
struct Cast {
    heard: Arc<Mutex<Heard>>,
    time: Arc<Time>,
}

#[derive(Clone, Default)]
struct Heard {
    script: Script,
    /// The window from which everybody has to be asked.
    window: u64,
    mistakes: Vec<String>,
}

impl Cast {
    /// Goes on with these answers.
    fn follow(&self, said: &[Said]) {
        self.heard().script.follow(said);
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().expect("nobody panics with it")
    }

    /// The next line, for somebody who was asked from this window; what it should not be is noted.
    fn next<T>(
        &self,
        window: u64,
        line: impl FnOnce(&mut Script) -> Result<T, String>,
    ) -> Option<T> {
        let mut heard = self.heard();
        if window != heard.window {
            heard.mistakes.push(format!("asked from window {window}"));
        }
        let next = line(&mut heard.script);
        next.map_err(|mistake| heard.mistakes.push(mistake)).ok()
    }

    fn mistake(&self, what: String) {
        self.heard().mistakes.push(what);
    }
}

impl scripted::Script for Cast {
    fn log_on(&self, logon: &ProviderLogon<'_>) -> Result<Option<Cause>, ProviderError> {
        let attempt = match logon.attempt {
            core::Attempt::First => Attempt::First,
            core::Attempt::Second => Attempt::Second,
        };
        let dialogs = match logon.dialogs {
            Prompts::Allowed => Dialogs::Permitted,
            Prompts::Forbidden => Dialogs::Forbidden,
        };
        let cause = Cause::ServerUnavailable("mail.example.org".into());
        match self.next(logon.ui_param, |script| script.attempt(attempt, dialogs)) {
            Some(result) => provider_result(result, cause),
            None => Err(ProviderError::SkipProvider(cause)),
        }
    }

    fn configure(&self, context: &EntryContext<'_>) -> Result<(), EntryError> {
        // `SERVICE_LOGON_FAILED`, and no other reason to show anything (`SVC-11`).
        let dialogs = match context.flags().bits() {
            it if it == (EntryFlags::LOGON_FAILED | EntryFlags::UI_ALLOWED).bits() => {
                Dialogs::Permitted
            }
            it if it == EntryFlags::LOGON_FAILED.bits() => Dialogs::Forbidden,
            other => {
                self.mistake(format!("an entry call with flags 0x{other:X}"));
                Dialogs::Forbidden
            }
        };
        match self.next(context.ui_param, |script| script.entry(dialogs)) {
            Some(Returned::Ok) | None => Ok(()),
            Some(Returned::Unconfigured) => {
                Err(EntryError::Unconfigured(Missing("a server".into())))
            }
            Some(Returned::UserCancel) => Err(EntryError::Cancelled),
            Some(Returned::Deadline) => {
                self.time.hang();
                Ok(())
            }
        }
    }
}

impl LogonUi for Cast {
    fn retry(&self, question: &AskRetry) -> UserAnswer<RetryChoice> {
        let entry = match question.correction {
            Correction::Possible => EntryFunction::Present,
            Correction::Impossible => EntryFunction::Absent,
        };
        if question.trouble.id != IT {
            self.mistake(format!("asked of {}", question.trouble));
        }
        match self.next(question.origin.ui_param, |script| script.ask(entry)) {
            Some(UserSays::Retry) => UserAnswer::Given(RetryChoice::Retry),
            Some(UserSays::Correct) => UserAnswer::Given(RetryChoice::Correct),
            Some(UserSays::GiveUp) => UserAnswer::Given(RetryChoice::GiveUp),
            Some(UserSays::Cancelled) => UserAnswer::Cancelled,
            Some(UserSays::Unavailable) | None => UserAnswer::Unavailable,
            Some(UserSays::Deadline) => {
                self.time.hang();
                UserAnswer::Given(RetryChoice::Retry)
            }
        }
    }
}

fn provider_result(result: LogonResult, cause: Cause) -> Result<Option<Cause>, ProviderError> {
    let code = match result {
        LogonResult::Ok => return Ok(None),
        LogonResult::Warning => return Ok(Some(cause)),
        LogonResult::FailOneProvider => return Err(ProviderError::SkipProvider(cause)),
        LogonResult::Unconfigured => {
            return Err(ProviderError::ConfigureAndRetry(Missing("a server".into())));
        }
        LogonResult::Version => {
            return Err(ProviderError::WrongVersion(SpiVersion(0x0200_0000)));
        }
        LogonResult::UserCancel => MapiCode::MAPI_E_USER_CANCEL,
        LogonResult::SessionLimit => MapiCode::MAPI_E_SESSION_LIMIT,
        LogonResult::LogonFailed => MapiCode::MAPI_E_LOGON_FAILED,
        LogonResult::UnknownCpid => MapiCode::MAPI_E_UNKNOWN_CPID,
        LogonResult::UnknownLcid => MapiCode::MAPI_E_UNKNOWN_LCID,
    };
    Err(ProviderError::Failed(code, cause))
}

/// Time stands still until somebody hangs, and then jumps to the deadline of who waits for it.
#[derive(Clone)]
struct HastyClock(Arc<Time>);

struct Time {
    moment: Mutex<Moment>,
    over: Condvar,
}

struct Moment {
    now: Instant,
    is_hanging: bool,
    is_over: bool,
    waiting: Option<Thread>,
}

impl Default for Time {
    fn default() -> Self {
        let now = Instant::now();
        let moment = Moment { now, is_hanging: false, is_over: false, waiting: None };
        Self { moment: Mutex::new(moment), over: Condvar::new() }
    }
}

impl Time {
    /// Does not come back before the play is over.
    fn hang(&self) {
        let mut moment = self.moment();
        moment.is_hanging = true;
        if let Some(waiting) = moment.waiting.take() {
            waiting.unpark();
        }
        let over = self.over.wait_while(moment, |moment| !moment.is_over);
        drop(over.expect("nobody panics with it"));
    }

    fn is_over(&self) {
        self.moment().is_over = true;
        self.over.notify_all();
    }

    fn moment(&self) -> MutexGuard<'_, Moment> {
        self.moment.lock().expect("nobody panics with it")
    }
}

impl Clock for HastyClock {
    fn now(&self) -> Instant {
        self.0.moment().now
    }

    fn park_until(&self, deadline: Instant) {
        let mut moment = self.0.moment();
        if moment.is_hanging {
            moment.is_hanging = false;
            moment.now = deadline;
            return;
        }
        moment.waiting = Some(thread::current());
        drop(moment);
        thread::park();
    }
}
