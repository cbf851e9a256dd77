//! Where a call hears what it is to do next.
//!
//! A call has one mailbox, from the step that begins it to the step that answers or drops it. Any
//! thread may post; only the caller's reads.

use std::collections::VecDeque;

use mapi_session_core::{Answer, AppProfiles, CallId, HandleId, LookUp, PasswordSource};
use secrecy::SecretString;

use crate::process::RawLogon;
use crate::profiles::StoredProfile;
use crate::sync::{Arc, Mutex, Thread, current_thread, lock};
use crate::withdrawal::Withdrawn;

pub(crate) struct Mailbox {
    pub(crate) call: CallId,
    pub(crate) ui_param: u64,
    caller: Thread,
    contents: Mutex<Contents>,
}

#[derive(Default)]
struct Contents {
    letters: VecDeque<Letter>,
    /// The question to the user that is out.
    prompt: Option<Withdrawn>,
    picked: Option<Picked>,
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
    /// Ask the user, unless the question has been withdrawn by now.
    Ask(Question, Withdrawn),
    /// Return, logged on.
    LoggedOn(RawLogon),
    /// Return with this answer.
    Answer(Answer),
    /// Return without an answer: nobody waits for one any more.
    Dropped,
}

/// What the user is asked.
pub(crate) enum Question {
    Profile(AppProfiles),
    Password,
    Logoff(HandleId),
}

/// The profile that a logon has come to, and what the user typed beside it in the chooser.
#[derive(Clone)]
pub(crate) struct Picked {
    pub(crate) profile: Arc<StoredProfile>,
    pub(crate) password: Option<SecretString>,
}

impl Mailbox {
    /// A mailbox for a call that the current thread makes.
    pub(crate) fn new(call: CallId, ui_param: u64) -> Self {
        Self { call, ui_param, caller: current_thread(), contents: Mutex::default() }
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

    pub(crate) fn pick(&self, picked: Picked) {
        lock(&self.contents).picked = Some(picked);
    }

    pub(crate) fn picked(&self) -> Option<Picked> {
        lock(&self.contents).picked.clone()
    }

    /// Forgets what the user typed, and the profile's password with it (`CAN-05`).
    pub(crate) fn forget(&self) {
        lock(&self.contents).picked = None;
    }
}
