//! Fast shutdown: a process that is about to end spares its providers the orderly way.
//!
//! A provider's vote is an order like others (`order.rs`). What Notify and Do have to tell, a
//! [`Farewell`] tells on the caller's thread once the protocol has answered: one provider after the
//! other, each on a thread made for it, and none is waited for longer than the caller's patience
//! lasts.

use mapi_session_core::{
    Answer, DoFastShutdownError, Event, FastShutdown, HandleId, NotifyProcessShutdownError,
};

use crate::admin_error::QueryFastShutdownError;
use crate::call::{Luggage, Patience, Returned};
use crate::errand::{self, Awaited, Bound, Ending, Errand};
use crate::inside::{self, Behalf};
use crate::loaded::ProviderObject;
use crate::order::Order;
use crate::process::Process;
use crate::roster::{Roster, run_foreign};
use crate::session::Session;
use crate::shell::Shell;
use crate::sync::{Arc, spawn};
use crate::visit::Erasure;

/// Leave to end the process without an orderly end of its sessions (`FSD-01`).
///
/// Clients have this, providers [their own side](crate::StoreProvider::query_fast_shutdown) of it,
/// which no client can call (`FSD-07`). It stands until the process logs on, opens something or
/// administers profiles; then [`carry_out`](Self::carry_out) is refused (`FSD-08`). To drop it is
/// to change one's mind.
#[doc(alias = "IMAPIClientShutdown")]
#[must_use = "nothing is shut down before `carry_out`"]
#[derive(Debug)]
pub struct ShutdownLeave<'a> {
    session: &'a Session,
}

impl ShutdownLeave<'_> {
    /// Tells the providers that were asked that the process is about to end, one after the other,
    /// and waits for each no longer than for one that logs on.
    ///
    /// Nobody is told if the leave does not stand any more (`FSD-01`).
    #[doc(alias = "IMAPIClientShutdown::NotifyProcessShutdown")]
    pub fn notify(&self) -> Result<(), NotifyProcessShutdownError> {
        self.process().notify_process_shutdown(self.session.handle())
    }

    /// Ends all that the process has, as a crash would, but the providers of sessions that nobody
    /// else uses are told, and not logged off (`FSD-09`).
    ///
    /// From then on every call of the process is refused with `MAPI_E_NOT_INITIALIZED` (`FSD-06`).
    /// The providers are told one after the other, and waited for as by [`notify`](Self::notify).
    #[doc(alias = "IMAPIClientShutdown::DoFastShutdown")]
    pub fn carry_out(self) -> Result<(), DoFastShutdownError> {
        self.process().do_fast_shutdown(self.session.handle())
    }

    fn process(&self) -> Process {
        self.session.mapi().process().with_patience(self.session.patience().clone())
    }
}

impl Session {
    /// Asks whether the process may end without an orderly end of all its sessions (`FSD-02`).
    ///
    /// The providers of each session that the process is in are asked, one after the other, until
    /// one objects; each is waited for as long as for one that logs on. Whether one that has never
    /// heard of fast shutdowns counts as willing is for the environment to say (`FSD-03`,
    /// `FSD-04`).
    #[doc(alias = "IMAPIClientShutdown::QueryFastShutdown")]
    pub fn query_fast_shutdown(&self) -> Result<ShutdownLeave<'_>, QueryFastShutdownError> {
        let leave = ShutdownLeave { session: self };
        leave.process().query_fast_shutdown(self.handle())?;
        Ok(leave)
    }
}

impl Process {
    /// Asks the providers of all sessions that the process is in whether it may end without logging
    /// them off (`FSD-02`).
    ///
    /// They are asked one after the other; how long each is waited for is
    /// [`Patience::provider`](crate::Patience::provider). Where nobody may shut down fast, nobody
    /// is asked (`FSD-05`).
    #[doc(alias = "IMAPIClientShutdown::QueryFastShutdown")]
    pub fn query_fast_shutdown(&self, handle: HandleId) -> Result<(), QueryFastShutdownError> {
        match self.shut_down_fast(handle, FastShutdown::Query) {
            Returned::Answer(Answer::FastShutdownQueried(result)) => Ok(result?),
            Returned::Unanswered => Err(QueryFastShutdownError::Withdrawn),
            returned @ (Returned::LoggedOn(_)
            | Returned::Opened(_)
            | Returned::Used(_)
            | Returned::Advised(_)
            | Returned::Answer(_)) => returned.misfit("IMAPIClientShutdown::QueryFastShutdown"),
        }
    }

    /// Tells those who were asked that the process is about to end, if it may. If it may not, that
    /// succeeds as well, and nobody is told (`FSD-01`).
    #[doc(alias = "IMAPIClientShutdown::NotifyProcessShutdown")]
    pub fn notify_process_shutdown(
        &self,
        handle: HandleId,
    ) -> Result<(), NotifyProcessShutdownError> {
        let returned = self.shut_down_fast(handle, FastShutdown::Notify);
        let Returned::Answer(Answer::ProcessShutdownNotified(result)) = returned else {
            returned.misfit("IMAPIClientShutdown::NotifyProcessShutdown")
        };
        result
    }

    /// Ends the process, if it may (`FSD-08`): its handles are gone as after a crash, and sessions
    /// that nobody else uses end where they stand, without a provider's being logged off
    /// (`FSD-09`). Its calls under way return without an answer.
    ///
    /// From then on every call gets `MAPI_E_NOT_INITIALIZED` (`FSD-06`), until the process is gone.
    #[doc(alias = "IMAPIClientShutdown::DoFastShutdown")]
    pub fn do_fast_shutdown(&self, handle: HandleId) -> Result<(), DoFastShutdownError> {
        let returned = self.shut_down_fast(handle, FastShutdown::Do);
        let Returned::Answer(Answer::FastShutdownDone(result)) = returned else {
            returned.misfit("IMAPIClientShutdown::DoFastShutdown")
        };
        result
    }

    fn shut_down_fast(&self, handle: HandleId, request: FastShutdown) -> Returned {
        let client = self.id();
        self.call(Luggage::none(), |call| Event::FastShutdownCalled {
            call,
            client,
            handle,
            request,
        })
    }
}

/// What a call about a fast shutdown leaves to its caller to see to.
#[derive(Default)]
pub(crate) struct Farewell {
    /// Who is told what, in order.
    pub(crate) words: Vec<(ProviderObject, Word)>,
    /// Who served the sessions that have ended.
    pub(crate) ended: Vec<Arc<Roster>>,
    /// The profiles that are gone with them.
    pub(crate) erasures: Vec<Erasure>,
}

/// What a provider is told.
#[derive(Clone, Copy)]
pub(crate) enum Word {
    Notify,
    Do,
}

impl Farewell {
    /// Tells everybody, and tidies up. Whoever is slow goes on alone.
    pub(crate) fn carry_out(self, shell: &Arc<Shell>, patience: &Patience) {
        let Self { words, ended, erasures } = self;
        let behalf = inside::on_whose_behalf(shell.identity());
        let behalf = behalf.unwrap_or_else(|| Behalf::Call(shell.new_call()));
        // Its calls are over as well.
        shell.drop_lost_calls();
        for (provider, word) in words {
            let errand = Errand::new(Bound::Nothing, Awaited::Somebody);
            // However that ends, the next one is told.
            let _ = errand::run(shell, &errand, None, patience.provider, || {
                word.send(shell.identity(), behalf, provider, &errand);
            });
        }
        let orders = ended.into_iter().map(Order::Discard);
        for order in orders.chain(erasures.into_iter().map(Order::Erase)) {
            let told = order.carry_out(shell);
            assert!(told.is_none(), "the protocol has forgotten the session");
        }
    }
}

impl Word {
    /// Tells a provider, on a thread made for it. This is foreign code.
    fn send(self, environment: usize, behalf: Behalf, provider: ProviderObject, to: &Arc<Errand>) {
        let spare = provider.clone();
        let say = move |provider: ProviderObject| {
            run_foreign(|| {
                inside::run(environment, behalf, || match self {
                    Self::Notify => provider.notify_process_shutdown(),
                    Self::Do => provider.do_fast_shutdown(),
                });
            });
            run_foreign(|| drop(provider));
        };
        let errand = Arc::clone(to);
        let work = move || {
            say(provider);
            errand.end(Ending::Done);
        };
        if !spawn("mapi-shutdown", work) {
            // It cannot wait.
            say(spare);
            to.end(Ending::Done);
        }
    }
}
