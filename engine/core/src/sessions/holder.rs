//! The logon that holds the mutex, from the decision whether to join to the answer.
//!
//! In order of life: [`decide`](Holder::decide), pick a profile, pass its credentials; then, in
//! `starting`, the session is built and opened. Dialogs are shown where they are permitted.

use alloc::vec::Vec;

use super::Sessions;
use super::live::{LiveSessions, Seating};
use super::series::AttemptOut;
use crate::answer::Logon;
use crate::effect::{Effect, LookUp, PasswordSource, Step};
use crate::error::LogonError;
use crate::event::{
    ChooserAnswer, ChosenPassword, PasswordAnswer, Profile, Protection, Verdict, Visibility,
};
use crate::id::{CallId, HandleId, ProfileKey, SessionId};
use crate::request::{AppProfiles, LogonDialogs, LogonRequest, Password, ProfileChoice, Sharing};
use crate::rule::Rule;
use crate::view::{Seat, Stage};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Holder {
    pub(super) call: CallId,
    pub(super) request: LogonRequest,
    pub(super) stage: Stage,
}

// What it waits for.
impl Sessions {
    pub(super) fn profile_looked_up(&mut self, call: CallId, found: Option<Profile>) -> Step {
        self.answered(call, |holder| holder.profile_looked_up(found))
    }

    pub(super) fn profile_chosen(&mut self, call: CallId, answer: ChooserAnswer) -> Step {
        self.answered(call, |holder| holder.profile_chosen(answer))
    }

    pub(super) fn password_checked(&mut self, call: CallId, verdict: Verdict) -> Step {
        self.answered(call, |holder| holder.password_checked(verdict))
    }

    pub(super) fn password_entered(&mut self, call: CallId, answer: PasswordAnswer) -> Step {
        self.answered(call, |holder| holder.password_entered(answer))
    }
}

// From the decision to the profile.
impl Holder {
    pub(super) fn decide(&mut self, sessions: &mut LiveSessions) -> Step {
        match self.request.sharing {
            Sharing::OpenNew { .. } => self.enter_pick(Rule::InsistOnNewSession),
            Sharing::JoinOrOpen { .. } => match sessions.join(self.request.mail) {
                Some(seating) => self.succeed(Rule::JoinShared, seating),
                None => self.enter_pick(Rule::FindNoneToJoin),
            },
        }
    }

    fn enter_pick(&mut self, rule: Rule) -> Step {
        self.stage = Stage::Pick;
        let by = match &self.request.profile {
            ProfileChoice::Named(name) => LookUp::Name(name.clone()),
            ProfileChoice::Default => LookUp::Default,
            ProfileChoice::Malformed(_) | ProfileChoice::Unnamed => return self.go_on(rule),
        };
        Step::new(rule, [Effect::LookUpProfile { call: self.call, by }])
    }

    /// Picks where there is nothing to ask the profile store.
    pub(super) fn pick_unasked(&mut self) -> Step {
        match self.request.profile {
            ProfileChoice::Malformed(error) => {
                self.refuse(Rule::RefuseMalformedName, LogonError::MalformedName(error))
            }
            ProfileChoice::Unnamed => match self.request.dialogs {
                LogonDialogs::All => self.enter_chooser(Rule::AskForProfile),
                LogonDialogs::None | LogonDialogs::PasswordOnly => {
                    self.refuse(Rule::RefuseUnnamedProfile, LogonError::NoProfile)
                }
            },
            ProfileChoice::Named(_) | ProfileChoice::Default => Step::quiet(Rule::IgnoreStale),
        }
    }

    fn profile_looked_up(&mut self, found: Option<Profile>) -> Step {
        if self.stage != Stage::Pick {
            return Step::quiet(Rule::IgnoreStale);
        }
        match (&self.request.profile, found) {
            (ProfileChoice::Named(_), Some(profile)) => {
                self.enter_credentials(Rule::UseNamedProfile, profile, ChosenPassword::Unchanged)
            }
            (ProfileChoice::Named(_), None) => {
                self.refuse(Rule::RefuseUnknownProfile, LogonError::ProfileNotFound)
            }
            (ProfileChoice::Default, Some(profile)) => {
                self.enter_credentials(Rule::UseDefaultProfile, profile, ChosenPassword::Unchanged)
            }
            (ProfileChoice::Default, None) => match self.request.dialogs {
                LogonDialogs::All => self.enter_chooser(Rule::AskForLackOfDefault),
                LogonDialogs::None | LogonDialogs::PasswordOnly => {
                    self.refuse(Rule::RefuseForLackOfDefault, LogonError::NoDefaultProfile)
                }
            },
            (ProfileChoice::Malformed(_) | ProfileChoice::Unnamed, _) => {
                Step::quiet(Rule::IgnoreStale)
            }
        }
    }

    fn enter_chooser(&mut self, rule: Rule) -> Step {
        self.stage = Stage::AskProfile;
        let app_profiles = self.request.app_profiles;
        Step::new(rule, [Effect::AskForProfile { call: self.call, app_profiles }])
    }

    fn profile_chosen(&mut self, answer: ChooserAnswer) -> Step {
        if self.stage != Stage::AskProfile {
            return Step::quiet(Rule::IgnoreStale);
        }
        match answer {
            ChooserAnswer::Picked { profile: None, password: _ } => {
                self.refuse(Rule::RefuseVanishedProfile, LogonError::ProfileNotFound)
            }
            ChooserAnswer::Picked { profile: Some(profile), password } => {
                match (profile.visibility, self.request.app_profiles) {
                    (Visibility::App, AppProfiles::Hidden) => {
                        self.refuse(Rule::RefuseHiddenProfile, LogonError::AppProfileHidden)
                    }
                    (Visibility::App, AppProfiles::Listed)
                    | (Visibility::Ordinary, AppProfiles::Hidden | AppProfiles::Listed) => {
                        self.enter_credentials(Rule::UsePickedProfile, profile, password)
                    }
                }
            }
            ChooserAnswer::Cancelled => self.refuse(Rule::CancelChooser, LogonError::Cancelled),
            ChooserAnswer::Unavailable => {
                let error = match self.request.profile {
                    ProfileChoice::Default => LogonError::NoDefaultProfile,
                    ProfileChoice::Unnamed
                    | ProfileChoice::Named(_)
                    | ProfileChoice::Malformed(_) => LogonError::NoProfile,
                };
                self.refuse(Rule::FindNoChooser, error)
            }
        }
    }
}

// The credentials.
impl Holder {
    fn enter_credentials(&mut self, rule: Rule, found: Profile, chosen: ChosenPassword) -> Step {
        let (password, source) = match chosen {
            ChosenPassword::Unchanged => (self.request.password, PasswordSource::Call),
            ChosenPassword::Replaced(password) => (password, PasswordSource::Chooser),
        };
        let Profile { key: profile, protection, visibility: _ } = found;
        self.stage = Stage::Credentials { profile, protection, password };
        match (protection, password) {
            (Protection::Protected, Password::Given) => {
                Step::new(rule, [Effect::CheckPassword { call: self.call, profile, source }])
            }
            (Protection::Protected, Password::NotGiven)
            | (Protection::Open, Password::Given | Password::NotGiven) => self.go_on(rule),
        }
    }

    /// Passes the gate, or not, where there is nothing to ask the profile store.
    pub(super) fn pass_unchecked(&mut self) -> Step {
        let Stage::Credentials { profile, protection, password } = self.stage else {
            return Step::quiet(Rule::IgnoreStale);
        };
        match (protection, password) {
            (Protection::Open, Password::NotGiven) => {
                self.enter_build(Rule::PassOpenProfile, profile)
            }
            (Protection::Open, Password::Given) => {
                self.refuse(Rule::RefuseUnneededPassword, LogonError::UnneededPassword)
            }
            (Protection::Protected, Password::NotGiven) => self.fail_password(profile),
            (Protection::Protected, Password::Given) => Step::quiet(Rule::IgnoreStale),
        }
    }

    fn password_checked(&mut self, verdict: Verdict) -> Step {
        let Stage::Credentials {
            profile,
            protection: Protection::Protected,
            password: Password::Given,
        } = self.stage
        else {
            return Step::quiet(Rule::IgnoreStale);
        };
        match verdict {
            Verdict::Right => self.enter_build(Rule::AcceptPassword, profile),
            Verdict::Wrong => self.fail_password(profile),
            Verdict::ProfileGone => {
                self.refuse(Rule::RefuseCheckOfGoneProfile, LogonError::ProfileGone)
            }
        }
    }

    /// What follows a wrong password, or none where one is needed.
    fn fail_password(&mut self, profile: ProfileKey) -> Step {
        match self.request.dialogs {
            LogonDialogs::PasswordOnly => {
                self.stage = Stage::AskPassword { profile };
                let ask = Effect::AskForPassword { call: self.call, profile };
                Step::new(Rule::AskForPassword, [ask])
            }
            LogonDialogs::None | LogonDialogs::All => {
                self.refuse(Rule::RefusePassword, LogonError::WrongPassword)
            }
        }
    }

    fn password_entered(&mut self, answer: PasswordAnswer) -> Step {
        let Stage::AskPassword { profile } = self.stage else {
            return Step::quiet(Rule::IgnoreStale);
        };
        match answer {
            PasswordAnswer::Right => self.enter_build(Rule::AcceptEnteredPassword, profile),
            PasswordAnswer::Wrong => {
                self.refuse(Rule::RefuseEnteredPassword, LogonError::WrongPassword)
            }
            PasswordAnswer::Cancelled => {
                self.refuse(Rule::CancelPasswordPrompt, LogonError::Cancelled)
            }
            PasswordAnswer::Unavailable => {
                self.refuse(Rule::FindNoPasswordPrompt, LogonError::WrongPassword)
            }
        }
    }

    fn enter_build(&mut self, rule: Rule, profile: ProfileKey) -> Step {
        self.stage = Stage::Build { profile };
        Step::new(rule, [Effect::ReadServices { call: self.call, profile }])
    }
}

// How it ends, on time or before.
impl Holder {
    pub(super) fn deadline_passed(&mut self, sessions: &mut LiveSessions) -> Step {
        let rule = match self.stage {
            Stage::AskProfile => Rule::CloseChooserAtDeadline,
            Stage::AskPassword { .. } => Rule::ClosePasswordPromptAtDeadline,
            Stage::Show(service) => return self.show_too_long(service, sessions),
            Stage::Series(series) => return self.series_too_long(series, sessions),
            Stage::Decide
            | Stage::Pick
            | Stage::Credentials { .. }
            | Stage::Build { .. }
            | Stage::Finish
            | Stage::Done(_) => return Step::quiet(Rule::IgnoreDeadline),
        };
        let call = self.call;
        self.stage = Stage::Done(Err(LogonError::Cancelled));
        Step::new(rule, [Effect::WithdrawPrompt { call }, Effect::Continue { call }])
    }

    /// Undoes what the logon has brought about when it is dropped unanswered; its seat, if its
    /// handle has one, is the caller's to give up.
    pub(super) fn dropped(
        self,
        sessions: &mut LiveSessions,
        attempt: AttemptOut,
        effects: &mut Vec<Effect>,
    ) -> Option<Seat> {
        match self.stage {
            Stage::AskProfile | Stage::AskPassword { .. } => {
                effects.push(Effect::WithdrawPrompt { call: self.call });
            }
            Stage::Show(_) | Stage::Finish => {
                self.give_up_session(None, attempt, sessions, effects);
            }
            Stage::Series(series) => {
                self.give_up_session(Some(series), attempt, sessions, effects);
            }
            Stage::Done(Ok(logon)) => return Some(self.seat(logon.session)),
            Stage::Decide
            | Stage::Pick
            | Stage::Credentials { .. }
            | Stage::Build { .. }
            | Stage::Done(Err(_)) => {}
        }
        None
    }

    /// The place of this logon's handle in a session.
    pub(super) fn seat(&self, session: SessionId) -> Seat {
        Seat { session, mail: self.request.mail, host: self.request.host }
    }

    pub(super) fn succeed(&mut self, rule: Rule, seating: Seating) -> Step {
        let (call, handle) = (self.call, HandleId(self.call));
        let Seating { session, profile, attach } = seating;
        self.stage = Stage::Done(Ok(Logon { handle, session, profile }));
        let mut effects = Vec::from_iter(attach);
        effects.push(Effect::Continue { call });
        Step { rule, effects }
    }

    pub(super) fn refuse(&mut self, rule: Rule, error: LogonError) -> Step {
        self.stage = Stage::Done(Err(error));
        self.go_on(rule)
    }

    fn go_on(&self, rule: Rule) -> Step {
        Step::new(rule, [Effect::Continue { call: self.call }])
    }
}
