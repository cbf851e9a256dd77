//! Clients, profiles and names that are interchangeable; states that differ only in which is which.
//!
//! A scope is the same world to several of its clients if it offers them the same requests, and so
//! it is with profiles that differ in nothing but their names. Whatever happens in such a world
//! happens as well with the one in the place of the other, so of all states that become each other
//! by such an exchange it is enough to explore one. Start at [`Symmetry::of`], which reads from the
//! scope what is interchangeable; nobody else can say it, so nobody can say it wrong.
//!
//! Where a run begins does not matter: what is interchangeable in the world is so whatever has
//! happened in it. Goals must not remember which of the interchangeable it was.
//!
//! What an order decides is not interchangeable. Of open calls that wait for one provider that of
//! the lowest handle goes on first (D-26): where there are opens, clients stay who they are. And
//! places of profiles are in order: a new profile takes the lowest one that is free, and of two
//! profiles that a fault gives the same name the lower one is found. A profile moves together with
//! its place, so where calls of administration give names, which is to make or to rename a profile,
//! those that the scope lists stay where they are. Names that no listed profile bears have no
//! place; they are interchangeable all the same.

mod permutation;

use std::collections::BTreeMap;

use stateright_exact::Symmetric;

use permutation::Exchange;
pub use permutation::Permutation;

use crate::{
    Action, ChooserAnswer, Client, Edit, EditCall, EditId, Label, NameArgument, Password, Profile,
    ProfileSpec, Protocol, Request, RequestId, Scope, ServiceSpec, State,
};

/// Every permutation of clients, profiles and names under which a scope stays what it is: a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symmetry {
    /// The one that moves nothing comes first.
    permutations: Vec<Permutation>,
}

impl Symmetry {
    /// What is interchangeable in a scope.
    pub fn of(scope: &Scope) -> Self {
        // A scope that says more must say here whom it names.
        let Scope {
            name: _,
            purpose: _,
            clients: _,
            initializations: _,
            handles_per_client: _,
            calls_in_progress: _,
            sessions: _,
            session_limit: _,
            calls,
            initialize: _,
            profiles,
            profiles_at_once: _,
            labels,
            edits,
            fast_shutdown: _,
            votes: _,
            requests,
            chooser,
            notifications: _,
            results: _,
            starts: _,
            deep: _,
        } = scope;
        let callers: Vec<_> = match calls.open {
            // Of open calls that wait for one provider, that of the lowest handle is the first to
            // go on (D-26): who is who decides, whatever the scope says of them.
            true => Vec::new(),
            false => scope.callers().collect(),
        };
        let may_move = keep_names(edits);
        let alike = |one: usize, other: usize| match (profiles.get(one), profiles.get(other)) {
            (Some(a), Some(b)) => one == other || may_move && are_alike(a, b),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        let mut permutations = Vec::new();
        for names in exchanges(labels.len(), alike) {
            let labels = exchanged(Label::ALL, &names);
            let profiles = exchanged(Profile::ALL, &names[..profiles.len()]);
            let exchange = Exchange { labels, profiles, ..Exchange::NONE };
            if !stays(chooser, &exchange) {
                continue;
            }
            for clients in exchanges(callers.len(), |_, _| true) {
                let exchange = Exchange { clients: exchanged(Client::ALL, &clients), ..exchange };
                let requests = mirrors(requests, Wish::new, &exchange);
                let edits = mirrors(edits, Order::new, &exchange);
                let Some((requests, edits)) = requests.zip(edits) else { continue };
                let requests = requests.into_iter().map(|it| RequestId::from(it as u16)).collect();
                let edits = edits.into_iter().map(|it| EditId(it as u8)).collect();
                permutations.push(Permutation::new(exchange, requests, edits));
            }
        }
        Self { permutations }
    }

    /// The permutations, the one that moves nothing first.
    pub fn permutations(&self) -> &[Permutation] {
        &self.permutations
    }

    /// Whether no two clients, profiles or names are interchangeable.
    pub fn is_trivial(&self) -> bool {
        self.permutations.len() <= 1
    }

    /// The least of the states that this one becomes by permutations, after how it deals its
    /// clients' portraits out.
    ///
    /// A portrait says of a client what no permutation changes, so permutations move portraits
    /// along with clients. Few of them bring these into their least order, mostly only one.
    pub fn representative(&self, state: &State) -> State {
        if self.is_trivial() {
            return *state;
        }
        let portraits = Client::ALL.map(|client| portrait(state, client));
        let deal = |it: &Permutation| {
            let mut dealt = portraits;
            for (client, portrait) in Client::ALL.into_iter().zip(portraits) {
                dealt[it.client(client).index()] = portrait;
            }
            dealt
        };
        let least = self.permutations.iter().map(deal).min();
        let dealers = self.permutations.iter().filter(|it| Some(deal(it)) == least);
        dealers.map(|it| it.state(state)).min().unwrap_or(*state)
    }
}

impl Symmetric for Protocol {
    type Symmetry = Symmetry;

    fn symmetry(&self) -> Symmetry {
        Symmetry::of(&self.scope)
    }
}

impl stateright_exact::Symmetry<Protocol> for Symmetry {
    fn representative(&self, state: State) -> State {
        Self::representative(self, &state)
    }

    fn images(&self, state: &State, action: &Action) -> Vec<(State, Action)> {
        self.permutations.iter().map(|it| (it.state(state), it.action(*action))).collect()
    }
}

/// What is easily said of a client without saying who anybody is: its standing, and which of its
/// names stand for what.
fn portrait(state: &State, client: Client) -> u64 {
    let is_its = |name: crate::Name| name.client() == client;
    let standing = state.clients[client.index()];
    let mut portrait = u64::from(standing.count);
    let mut say = |room: u32, what: usize| portrait = portrait << room | what as u64;
    say(2, standing.fast as usize);
    for (place, session) in state.sessions.iter().enumerate() {
        say(3, if is_its(session.name) { place + 1 } else { 0 });
    }
    let queued = state.queue.iter().position(|name| is_its(*name));
    say(3, queued.map_or(0, |place| place + 1));
    say(1, usize::from(state.mutex.is_some_and(is_its)));
    let calls = state.calls.iter().map(|call| call.name()).filter(|name| is_its(*name));
    say(4, calls.map(|name| 1 << name.index()).sum());
    let handles = state.handles().map(|(name, _)| name).filter(|name| is_its(*name));
    say(4, handles.map(|name| 1 << name.index()).sum());
    portrait
}

/// Every order of so many places in which each is taken by one that is like it.
fn exchanges(places: usize, are_alike: impl Fn(usize, usize) -> bool) -> Vec<Vec<usize>> {
    let mut orders = vec![Vec::new()];
    for place in 0..places {
        let longer = orders.iter().flat_map(|order: &Vec<usize>| {
            let fits = |other: &usize| !order.contains(other) && are_alike(place, *other);
            let others = (0..places).filter(fits);
            others.map(|other| order.iter().copied().chain([other]).collect())
        });
        orders = longer.collect();
    }
    orders
}

/// The first of these things in another order, the others as they are.
fn exchanged<T: Copy, const N: usize>(things: [T; N], order: &[usize]) -> [T; N] {
    let mut exchanged = things;
    for (thing, place) in exchanged.iter_mut().zip(order) {
        *thing = things[*place];
    }
    exchanged
}

/// Whether no profile is ever made, and none ever bears another name, whatever is at fault: then
/// nobody asks which of two places is the lower one.
fn keep_names(edits: &[Edit]) -> bool {
    edits.iter().all(|edit| match edit.call {
        EditCall::Delete { .. } | EditCall::SetDefault { .. } => true,
        EditCall::Create { .. } | EditCall::Copy { .. } | EditCall::Rename { .. } => false,
    })
}

/// Whether two profiles differ in nothing but what they and their services are called.
fn are_alike(one: &ProfileSpec, other: &ProfileSpec) -> bool {
    let ProfileSpec { name: _, password, app, services, providers, present } = one;
    let entries = |them: &[ServiceSpec]| -> Vec<bool> {
        them.iter().map(|ServiceSpec { name: _, entry }| *entry).collect()
    };
    (*password, *app, *present) == (other.password, other.app, other.present)
        && entries(services) == entries(&other.services)
        && *providers == other.providers
}

/// Whether these answers are the same when moved along, in whichever order.
fn stays(answers: &[ChooserAnswer], exchange: &Exchange) -> bool {
    let sorted = |mut them: Vec<ChooserAnswer>| {
        them.sort_unstable();
        them
    };
    let moved = answers.iter().map(|it| exchange.chosen(*it)).collect();
    sorted(answers.to_vec()) == sorted(moved)
}

/// What a request is when its name does not count: who may ask for it, and for what.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Wish {
    by: Vec<Client>,
    flags: u32,
    profile: NameArgument,
    password: Password,
}

impl Wish {
    fn new(request: &Request, exchange: &Exchange) -> Self {
        let Request { name: _, flags, profile, password, by } = request;
        let (by, profile) = (moved(by, exchange), exchange.argument(*profile));
        Self { by, flags: *flags, profile, password: *password }
    }
}

/// What a call of profile administration is when its name does not count.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Order {
    by: Vec<Client>,
    call: EditCall,
    app: bool,
}

impl Order {
    fn new(edit: &Edit, exchange: &Exchange) -> Self {
        let Edit { name: _, call, app, by } = edit;
        let (source, name) = (|it| exchange.source(it), |it| exchange.new_name(it));
        let call = match *call {
            EditCall::Create { to } => EditCall::Create { to: name(to) },
            EditCall::Copy { from, to } => EditCall::Copy { from: source(from), to: name(to) },
            EditCall::Delete { from } => EditCall::Delete { from: source(from) },
            EditCall::Rename { from, to } => EditCall::Rename { from: source(from), to: name(to) },
            EditCall::SetDefault { to } => EditCall::SetDefault { to: to.map(source) },
        };
        Self { by: moved(by, exchange), call, app: *app }
    }
}

/// Who is in the place of those that are named; everybody is, if nobody is.
fn moved(by: &[Client], exchange: &Exchange) -> Vec<Client> {
    let named = if by.is_empty() { &Client::ALL[..] } else { by };
    let mut moved: Vec<_> = named.iter().map(|client| exchange.client(*client)).collect();
    moved.sort_unstable();
    moved.dedup();
    moved
}

/// For everything that can be asked for the place of what asks for the same with everybody in
/// another's place; nothing if for one of them there is none.
///
/// Of those that ask for the same, the first one goes with the first one, and so on.
fn mirrors<T, W: Ord>(
    all: &[T],
    what: impl Fn(&T, &Exchange) -> W,
    exchange: &Exchange,
) -> Option<Vec<usize>> {
    let mut granted: BTreeMap<W, Vec<usize>> = BTreeMap::new();
    for (place, it) in all.iter().enumerate().rev() {
        granted.entry(what(it, &Exchange::NONE)).or_default().push(place);
    }
    let mirror = |it| granted.get_mut(&what(it, exchange)).and_then(|them| them.pop());
    all.iter().map(mirror).collect()
}
