//! A state and what happens in it: the questions that guards and updates ask.

use crate::{
    Action, Call, ChooserAnswer, Client, Handle, Host, InitArgument, Initialized, LogoffAnswer,
    LogoffArgument, Logon, Name, NameArgument, Password, PasswordAnswer, Phase, Profile, Request,
    Scope, Stage, State, flag,
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
        match self.action {
            Action::Logon { request, .. } => Some(self.scope.request(request)),
            Action::Initialize { .. }
            | Action::Uninitialize { .. }
            | Action::Logoff { .. }
            | Action::Release { .. }
            | Action::Crash { .. }
            | Action::Withdraw { .. }
            | Action::Deadline { .. }
            | Action::Timeout { .. }
            | Action::Continue { .. }
            | Action::LookedUp { .. }
            | Action::Choose { .. }
            | Action::Checked { .. }
            | Action::EnterPassword { .. }
            | Action::Confirm { .. }
            | Action::ProvidersStarted { .. }
            | Action::ProvidersStopped { .. } => Some(self.scope.request(self.logon()?.request)),
        }
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
            NameArgument::Of(profile) => Some(profile),
            NameArgument::None | NameArgument::Absent | NameArgument::Malformed => None,
        }
    }

    /// The call whose prompt or provider call the action comes from.
    pub(crate) fn inside(&self) -> Option<Name> {
        let Action::Logon { inside, .. } = self.action else { return None };
        inside
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

    /// The profile that the user chose, if it exists.
    pub(crate) fn chosen(&self) -> Option<Profile> {
        self.picked()?.0
    }

    /// The password that the user gave in the chooser, if the field was not left alone.
    pub(crate) fn chosen_password(&self) -> Option<Password> {
        self.picked()?.1
    }

    fn picked(&self) -> Option<(Option<Profile>, Option<Password>)> {
        let Action::Choose { answer: ChooserAnswer::Pick { profile, password }, .. } = self.action
        else {
            return None;
        };
        Some((profile, password))
    }

    /// The phase of the session that the action is about.
    pub(crate) fn phase(&self) -> Option<Phase> {
        Some(self.state.session(self.call()?)?.phase)
    }

    /// The handle that the action is about: named by it, or by the logoff that waits.
    pub(crate) fn handle_name(&self) -> Option<Name> {
        if let Action::Logoff { handle, .. } | Action::Release { handle, .. } = self.action {
            return Some(handle);
        }
        self.confirmed_handle()
    }

    /// That handle, if it is not released.
    pub(crate) fn handle(&self) -> Option<Handle> {
        self.state.handle(self.handle_name()?)
    }

    /// The handle of the logoff that waits for its confirmation.
    pub(crate) fn confirmed_handle(&self) -> Option<Name> {
        match self.state.call(self.call()?)? {
            Call::Logoff { handle, .. } => Some(*handle),
            Call::Logon(_) => None,
        }
    }
}
