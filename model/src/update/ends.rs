//! What updates do as calls, handles and sessions end.

use super::{Change, concerns};
use crate::{Call, Code, Name, Observation, Phase, SeriesStage, Stage};

impl Change<'_> {
    pub(super) fn withdraw_prompts(&mut self) {
        let before = self.before;
        for call in before.state.calls.iter().filter(|it| concerns(before, it.name())) {
            let prompts = match call {
                Call::Logon(logon) => match logon.stage {
                    Stage::AskProfile | Stage::AskPassword => true,
                    Stage::Series(_, stage) => stage == SeriesStage::Inform,
                    Stage::Wait
                    | Stage::Decide
                    | Stage::Pick
                    | Stage::LookUp
                    | Stage::Credentials(_)
                    | Stage::Check
                    | Stage::Build
                    | Stage::Show(_)
                    | Stage::Finish
                    | Stage::Done(_) => false,
                },
                Call::Open(open) => open.stage == Some(SeriesStage::Inform),
                Call::Query(_) => false,
                Call::Logoff { .. } => true,
            };
            if prompts {
                self.see(Observation::WithdrawPrompt { call: call.name() });
            }
        }
    }

    /// The sessions that the calls concerned are building.
    pub(super) fn unfinished(&self) -> Vec<Name> {
        let sessions = self.after.sessions.iter();
        sessions
            .filter(|it| it.phase == Phase::Building && concerns(self.before, it.name))
            .map(|it| it.name)
            .collect()
    }

    /// The sessions that could be used, if anybody were left.
    pub(super) fn empty(&self) -> Vec<Name> {
        let sessions = self.after.sessions.iter();
        sessions
            .filter(|it| it.phase.is_active() && self.after.members(it.name).next().is_none())
            .map(|it| it.name)
            .collect()
    }

    pub(super) fn drain(&mut self, session: Name) {
        if let Some(it) = self.after.session_mut(session) {
            it.phase = Phase::Draining;
            (it.default_store, it.identity) = (None, None);
            self.abandon_transport(session);
            self.stop_next(session);
        }
    }

    pub(super) fn end_confirmations(&mut self) {
        let handle = self.before.handle_name();
        for call in self.after.calls.iter().copied().collect::<Vec<_>>() {
            let Call::Logoff { name, handle: waits_for, .. } = call else { continue };
            if Some(waits_for) == handle {
                self.after.calls.retain(|call| call.name() != name);
                self.see(Observation::WithdrawPrompt { call: name });
                self.answer(Some(name), Some(Code::InvalidObject), None);
            }
        }
    }

    pub(super) fn drop_handles(&mut self) {
        for name in Name::of(self.before.client()).filter(|it| concerns(self.before, *it)) {
            self.after.set_handle(name, None);
        }
    }
}
