//! What a client sees in the status table of its session: computed, never stored.

use super::{Handle, Holder, Spooler, State, Status};
use crate::{Name, Provider, ProviderKind, Scope};

/// A row of the status table, as a handle sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusRow {
    /// `MAPI_SUBSYSTEM`
    Subsystem,
    /// `MAPI_SPOOLER`
    Spooler(RowState),
    /// `MAPI_AB`
    AddressBook,
    /// The row of a provider, if it has made one.
    Provider(Provider, RowState),
}

/// What a row says of its resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowState {
    /// `STATUS_AVAILABLE`
    Available,
    /// `STATUS_FAILURE`
    Failure,
}

impl State {
    /// The status table as a handle sees it (STS-01, STS-02, STS-11, STS-13); none unless the
    /// handle is live and its logon has been answered.
    pub fn view(&self, scope: &Scope, handle: Name) -> Option<Vec<StatusRow>> {
        let Handle::Live { session, holder, .. } = self.handle(handle)? else { return None };
        let its = self.session(session).filter(|_| self.has_replied(handle))?;
        let has_mail = holder == Holder::Mail;
        let spooler = match has_mail && its.spooler == Spooler::Attached {
            true => RowState::Available,
            false => RowState::Failure,
        };
        let providers = scope.snapshot_of(its).providers();
        let shown = providers.filter(|(_, it)| has_mail || it.kind != ProviderKind::Transport);
        let rows = shown.filter_map(|(provider, _)| {
            let row = its.providers.get(provider).row()?;
            Some(StatusRow::Provider(provider, row))
        });
        let own = [StatusRow::Subsystem, StatusRow::Spooler(spooler), StatusRow::AddressBook];
        Some(own.into_iter().chain(rows).collect())
    }
}

impl Status {
    /// What the row of the provider says; none where it has no row.
    const fn row(self) -> Option<RowState> {
        match self {
            Self::Running => Some(RowState::Available),
            Self::Quiesced => Some(RowState::Failure),
            Self::NotStarted
            | Self::Failed
            | Self::Late
            | Self::LoggingOff
            | Self::ShuttingDown => None,
        }
    }
}
