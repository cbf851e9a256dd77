//! What must be true of clients on the way to a fast shutdown, of dead ones, and of the profiles
//! that sessions use.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::id::ProfileKey;
use crate::sessions::fast_shutdown::Query;
use crate::sessions::{Call, Item, Sessions};
use crate::shutdown::FastShutdownPolicy;
use crate::view::Standing;

impl Sessions {
    /// Who asks is asking once, about a provider of a session in which it has a live handle that it
    /// knows of, and then in all younger ones (`FSD-02`); where nobody may shut down fast nobody asks (`FSD-05`); and who has shut down fast has
    /// nothing (`FSD-06`).
    pub(super) fn check_fast_shutdown(&self) {
        let mut asking = BTreeMap::new();
        for (&call, belonging) in &self.belongings {
            let Item::Call(Call::Querying(query)) = &belonging.item else { continue };
            let Query { session, provider, rest } = query;
            let (session, provider) = (*session, *provider);
            let client = belonging.client;
            let asked = self.sessions.get(session).expect("a session that is asked is there");
            assert!(asked.is_active(), "{call} asks {session}, which is {:?}", asked.phase);
            let known = asked.services.provider(provider);
            assert!(known.is_some(), "{call} asks {provider}, which {session} does not have");
            let in_order = self.in_order_of_creation(self.sessions_of(client));
            let mut sessions: Vec<_> = in_order.into_iter().rev().map(|(id, _)| id).collect();
            let place = sessions.iter().position(|&id| id == session);
            let place = place.unwrap_or_else(|| panic!("{client} has no handle in {session}"));
            sessions.truncate(place);
            assert_eq!(*rest, sessions, "what {call} asks after {session}");
            let other = asking.insert(client, call);
            assert_eq!(other, None, "{client} asks twice");
        }
        for (&client, view) in &self.clients {
            let expected = match view.standing {
                Standing::Asking(call) => Some(call),
                Standing::Unasked | Standing::Asked | Standing::Notified => None,
            };
            assert_eq!(asking.remove(&client), expected, "what {client} asks");
            assert!(!self.dead.contains(&client), "{client} is dead, and has initialised");
            let may_have_asked = match self.limits.fast_shutdown {
                FastShutdownPolicy::AllowUnlessRefused | FastShutdownPolicy::AllowIfAllConsent => {
                    true
                }
                FastShutdownPolicy::Refuse => view.standing == Standing::Unasked,
            };
            assert!(may_have_asked, "{client} is {:?} where nobody may ask", view.standing);
        }
        assert!(asking.is_empty(), "calls of clients that are gone ask: {asking:?}");
        for &client in &self.dead {
            let own = self.own(client).next();
            assert_eq!(own, None, "{client} is dead, and has something");
        }
    }

    /// Who uses a profile is known, of each profile that is used and of no other (`ADM-10`).
    pub(super) fn check_profiles(&self) {
        let mut users: BTreeMap<ProfileKey, usize> = BTreeMap::new();
        for (_, session) in self.sessions.iter() {
            *users.entry(session.profile).or_default() += 1;
        }
        let known: BTreeMap<ProfileKey, usize> = self.sessions.used().collect();
        assert_eq!(known, users, "how many sessions use which profile");
    }
}
