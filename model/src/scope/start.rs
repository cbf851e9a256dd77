//! How a run comes to where it begins.

use super::Start;
use crate::{
    Action, Client, Entry, EntryResult, Protocol, ProviderResult, RequestId, SeriesStage, Stage,
};

impl Start {
    pub(super) fn add(&mut self, world: &Protocol, action: Action) {
        self.history.push(action);
        self.state = world.next(&self.state, action).after;
    }

    /// Lets a client log on undisturbed; says whether it succeeds without asking anybody.
    pub(super) fn log_on(
        &mut self,
        world: &Protocol,
        client: Client,
        request: RequestId,
        results: Vec<ProviderResult>,
    ) -> bool {
        let mut results = results.into_iter();
        let Some(call) = self.state.free_name(client) else { return false };
        self.add(world, Action::Logon { client, request, inside: None });
        while let Some(logon) = self.state.logon(call) {
            let action = match logon.stage {
                Stage::LookUp => Action::LookedUp { call },
                Stage::Check => Action::Checked { call },
                Stage::Build => Action::ServicesRead { call },
                Stage::Show(service) => Action::EntryReturned {
                    call,
                    entry: Entry::Show(service),
                    result: EntryResult::Ok,
                },
                Stage::Series(_, SeriesStage::Inform) => return false,
                Stage::Series(provider, SeriesStage::Entry) => Action::EntryReturned {
                    call,
                    entry: Entry::Repair(provider),
                    result: EntryResult::Ok,
                },
                Stage::Series(provider, SeriesStage::First | SeriesStage::Second) => {
                    let result = results.next().unwrap_or(ProviderResult::Ok);
                    Action::ProviderAnswered { session: call, provider, result }
                }
                Stage::Wait
                | Stage::Decide
                | Stage::Pick
                | Stage::Credentials(_)
                | Stage::Finish
                | Stage::Done(_) => Action::Continue { call },
                Stage::AskProfile | Stage::AskPassword => return false,
            };
            self.add(world, action);
        }
        self.state.handle(call).is_some()
    }
}
