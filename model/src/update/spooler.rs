//! What updates do for the spooler: what it knows of sessions, and its series on transports (D-30).

use super::Change;
use crate::{
    Name, Observation, Provider, Series, SeriesStage, Spooler, TransportSeries, TransportStage,
    situation,
};

impl Change<'_> {
    /// The spooler knows of the sessions in use in which some handle is capable of mail (NML-04).
    pub(super) fn inform_spooler(&mut self) {
        for session in self.after.sessions.iter().map(|it| it.name).collect::<Vec<_>>() {
            let wants_mail = self.after.wants_mail(session);
            let Some(its) = self.after.session_mut(session) else { continue };
            let spooler = match its.phase.is_active() && wants_mail {
                true => Spooler::Attached,
                false => Spooler::Detached,
            };
            if its.spooler == spooler {
                continue;
            }
            its.spooler = spooler;
            self.see(match spooler {
                Spooler::Attached => Observation::AttachSpooler { session },
                Spooler::Detached => Observation::DetachSpooler { session },
            });
        }
    }

    /// The first attempt on the transport that is next, if one is left.
    pub(super) fn start_transport(&mut self, session: Name) {
        let overlooks = self.overlooks_disabling;
        let scope = self.before.scope;
        let next = situation::next_transport(scope, &self.after, session, overlooks);
        if let Some(provider) = next {
            self.try_transport(session, provider, TransportStage::First);
        }
    }

    /// An attempt goes out, without dialogs.
    pub(super) fn try_transport(
        &mut self,
        session: Name,
        provider: Provider,
        stage: TransportStage,
    ) {
        let attempt = SeriesStage::from(stage);
        self.put_transport(session, Some(TransportSeries { provider, stage }));
        self.see(Observation::LogOnTransport { session, provider, attempt });
    }

    pub(super) fn configure_transport(&mut self, session: Name, provider: Provider) {
        let stage = TransportStage::Entry;
        self.put_transport(session, Some(TransportSeries { provider, stage }));
        self.see(Observation::ConfigureTransport { session, provider });
    }

    /// The spooler goes on with the next transport, as long as somebody wants mail.
    pub(super) fn end_transport(&mut self, session: Name) {
        self.put_transport(session, None);
        let its = self.after.session(session);
        if its.is_some_and(|its| its.spooler == Spooler::Attached) {
            self.start_transport(session);
        }
    }

    /// The session drains: an attempt stays out, waited for by nobody.
    pub(super) fn abandon_transport(&mut self, session: Name) {
        let its = |series: &Series| series.call.is_none() && series.session == session;
        let series = self.after.series().find(its);
        if let Some(series) = series {
            self.put_transport(session, None);
            self.abandon(series);
        }
    }

    fn put_transport(&mut self, session: Name, series: Option<TransportSeries>) {
        if let Some(session) = self.after.session_mut(session) {
            session.transport = series;
        }
    }
}
