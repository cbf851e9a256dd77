//! Where a call hears what it is to do next.
//!
//! A call has one mailbox, from the step that begins it to the step that answers or drops it. Any
//! thread may post; only the caller's reads.

use std::collections::VecDeque;

use std::time::Duration;

use mapi_session_core::{
    Answer, AppProfiles, CallId, ClientId, Correction, HandleId, LookUp, OpenError, Opened,
    PasswordSource, ProviderId, UseError,
};
use secrecy::SecretString;

use crate::advise::{AdviseSink, ConnectionId};
use crate::failure::Trouble;
use crate::fast_shutdown::Farewell;
use crate::process::RawLogon;
use crate::roster::Loan;
use crate::service::Plan;
use crate::store::StoredProfile;
use crate::sync::{Arc, Mutex, Thread, current_thread, lock};
use crate::withdrawal::Withdrawn;

pub(crate) struct Mailbox {
    pub(crate) call: CallId,
    pub(crate) ui_param: u64,
    /// How long the caller waits for a provider.
    pub(crate) provider_wait: Option<Duration>,
    pub(crate) about: About,
    caller: Thread,
    contents: Mutex<Contents>,
}

#[derive(Default)]
struct Contents {
    letters: VecDeque<Letter>,
    /// The question to the user that is out.
    prompt: Option<Withdrawn>,
    picked: Option<Picked>,
    plan: Option<Arc<Plan>>,
    /// Who is to listen once the call has its answer; if that is a refusal, the sink is released
    /// with the mailbox, by the caller.
    sink: Option<Arc<dyn AdviseSink>>,
}

/// What a call is about, where its answer does not say.
#[derive(Clone, Copy)]
pub(crate) enum About {
    Nothing,
    Provider(HandleId, ProviderId),
    AddressBook(HandleId),
    /// A sink that is to listen.
    Sink(HandleId),
    /// A sink that is to listen no longer.
    Connection {
        client: ClientId,
        handle: HandleId,
        connection: ConnectionId,
    },
}

/// What a call is told.
pub(crate) enum Letter {
    /// Report that it goes on.
    Continue,
    /// Do not wait long.
    StartTimer,
    /// Ask the profile store.
    LookUp(LookUp),
    /// Compare passwords.
    CheckPassword(PasswordSource),
    /// Find out what the services of the profile are.
    ReadServices,
    /// Wait for somebody else.
    Await(Awaited),
    /// Ask the user, unless the question has been withdrawn by now.
    Ask(Question, Withdrawn),
    /// Return, logged on.
    LoggedOn(RawLogon),
    /// Return with what was opened, and what of it is missing; or with why it is not, and who was
    /// to blame.
    Opened(Result<(Opened, Vec<Trouble>), (OpenError, Option<Trouble>)>),
    /// Use this, then return; or return with why not, and who is to blame.
    Used(Result<Loan, (UseError, Option<Trouble>)>),
    /// Return: the sink listens.
    Advised(ConnectionId),
    /// Return with this answer.
    Answer(Answer),
    /// See to what a call about a fast shutdown has to tell others, then return with this answer.
    Farewell(Answer, Farewell),
    /// Return without an answer: nobody waits for one any more.
    Dropped,
}

/// Who is waited for.
#[derive(Clone, Copy)]
pub(crate) enum Awaited {
    Provider,
    Entry,
}

/// What the user is asked.
pub(crate) enum Question {
    Profile(AppProfiles),
    Password,
    Logoff(HandleId),
    Retry(Trouble, Correction),
}

/// The profile that a logon has come to, and what the user typed beside it in the chooser.
#[derive(Clone)]
pub(crate) struct Picked {
    pub(crate) profile: Arc<StoredProfile>,
    pub(crate) password: Option<SecretString>,
}

impl Mailbox {
    /// A mailbox for a call that the current thread makes.
    pub(crate) fn new(
        call: CallId,
        ui_param: u64,
        provider_wait: Option<Duration>,
        about: About,
        sink: Option<Arc<dyn AdviseSink>>,
    ) -> Self {
        let caller = current_thread();
        let contents = Mutex::new(Contents { sink, ..Contents::default() });
        Self { call, ui_param, provider_wait, about, caller, contents }
    }

    pub(crate) fn post(&self, letter: Letter) {
        lock(&self.contents).letters.push_back(letter);
        self.caller.unpark();
    }

    /// Posts a question, so that it can be withdrawn from now on.
    pub(crate) fn post_question(&self, question: Question) {
        let withdrawn = Withdrawn::default();
        lock(&self.contents).prompt = Some(withdrawn.clone());
        self.post(Letter::Ask(question, withdrawn));
    }

    pub(crate) fn withdraw_question(&self) {
        let prompt = lock(&self.contents).prompt.take();
        if let Some(prompt) = prompt {
            prompt.raise();
        }
    }

    pub(crate) fn take(&self) -> Option<Letter> {
        lock(&self.contents).letters.pop_front()
    }

    /// Whether something else is waited for by now than the caller knows.
    pub(crate) fn has_new_wait(&self) -> bool {
        lock(&self.contents).letters.iter().any(|letter| match letter {
            Letter::Await(_) | Letter::Ask(..) => true,
            Letter::Continue
            | Letter::StartTimer
            | Letter::LookUp(_)
            | Letter::CheckPassword(_)
            | Letter::ReadServices
            | Letter::LoggedOn(_)
            | Letter::Opened(_)
            | Letter::Used(_)
            | Letter::Advised(_)
            | Letter::Answer(_)
            | Letter::Farewell(..)
            | Letter::Dropped => false,
        })
    }

    /// Notes what is found where the profile is that was picked: the session will be built on that.
    pub(crate) fn build_on(&self, profile: Arc<StoredProfile>, plan: Arc<Plan>) {
        let mut contents = lock(&self.contents);
        if let Some(picked) = &mut contents.picked {
            picked.profile = profile;
        }
        contents.plan = Some(plan);
    }

    pub(crate) fn plan(&self) -> Option<Arc<Plan>> {
        lock(&self.contents).plan.clone()
    }

    pub(crate) fn pick(&self, picked: Picked) {
        lock(&self.contents).picked = Some(picked);
    }

    pub(crate) fn picked(&self) -> Option<Picked> {
        lock(&self.contents).picked.clone()
    }

    pub(crate) fn take_sink(&self) -> Option<Arc<dyn AdviseSink>> {
        lock(&self.contents).sink.take()
    }

    /// Forgets what the user typed, and the profile's password with it (`CAN-05`).
    pub(crate) fn forget(&self) {
        let mut contents = lock(&self.contents);
        contents.picked = None;
        contents.plan = None;
    }
}
