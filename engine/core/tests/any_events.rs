//! Whatever happens, in whatever order: the core neither breaks nor forgets nor keeps too much.
//!
//! A history mixes events out of the blue with answers to what the core has ordered, so that it
//! gets far enough to matter. Start with [`World::take`].

use std::collections::BTreeSet;

use mapi_session_core::*;
use proptest::prelude::*;
use proptest::sample::Index;

/// What happens next.
#[derive(Clone, Debug)]
enum Happening {
    /// This, whether or not anybody waits for it.
    Event(Event),
    /// The owner of a handle calls on it.
    UseHandle { which: Index, call: CallId, usage: HandleUse },
    /// The caller of a call under way has waited for long enough.
    LoseHope { which: Index, loss: Loss },
    /// One of the orders that are out is carried out.
    Obey { order: Index, found: Option<Profile>, outcome: Outcome },
}

#[derive(Clone, Copy, Debug)]
enum Loss {
    Withdrawal,
    Deadline,
}

#[derive(Clone, Copy, Debug)]
enum HandleUse {
    Logoff(Confirmation),
    Release,
}

/// How an order comes out, for each kind.
#[derive(Clone, Debug)]
struct Outcome {
    verdict: Verdict,
    chooser: ChooserAnswer,
    password: PasswordAnswer,
    logoff: LogoffAnswer,
}

/// The core, and what it has asked for.
struct World {
    sessions: Sessions,
    orders: Vec<Effect>,
    calls: BTreeSet<CallId>,
}

impl World {
    fn new(limits: Limits) -> Self {
        Self { sessions: Sessions::new(limits), orders: Vec::new(), calls: BTreeSet::new() }
    }

    /// A world in which everybody has initialised, and then this happened.
    fn after(limits: Limits, history: Vec<Happening>) -> Self {
        let mut world = Self::new(limits);
        for client in (0..5).map(ClientId) {
            let request = InitRequest::parse(0, 0);
            world.take(Event::InitializeCalled { call: CallId(99), client, request });
        }
        for happening in history {
            world.happen(happening);
        }
        world
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Event(event) => self.take(event),
            Happening::UseHandle { which, call, usage } => {
                let handles: Vec<_> = self.sessions.handles().collect();
                if handles.is_empty() {
                    return;
                }
                let (handle, HandleView { client, .. }) = handles[which.index(handles.len())];
                self.take(match usage {
                    HandleUse::Logoff(confirmation) => {
                        let request = Ok(LogoffRequest { confirmation });
                        Event::LogoffCalled { call, client, handle, request }
                    }
                    HandleUse::Release => Event::ReleaseCalled { call, client, handle },
                });
            }
            Happening::LoseHope { which, loss } => {
                let calls: Vec<_> = self.sessions.calls().map(|(call, _)| call).collect();
                if calls.is_empty() {
                    return;
                }
                let call = calls[which.index(calls.len())];
                self.take(match loss {
                    Loss::Withdrawal => Event::CallWithdrawn { call },
                    Loss::Deadline => Event::DeadlinePassed { call },
                });
            }
            Happening::Obey { order, found, outcome } if !self.orders.is_empty() => {
                let order = self.orders.swap_remove(order.index(self.orders.len()));
                self.carry_out(&order, found, &outcome);
            }
            Happening::Obey { .. } => {}
        }
    }

    fn carry_out(&mut self, order: &Effect, found: Option<Profile>, outcome: &Outcome) {
        let event = match *order {
            Effect::Continue { call } => Event::Continued { call },
            Effect::StartTimer { call } => Event::ShortWaitEnded { call },
            Effect::LookUpProfile { call, .. } => Event::ProfileLookedUp { call, found },
            Effect::AskForProfile { call, .. } => {
                Event::ProfileChosen { call, answer: outcome.chooser }
            }
            Effect::CheckPassword { call, .. } => {
                Event::PasswordChecked { call, verdict: outcome.verdict }
            }
            Effect::AskForPassword { call, .. } => {
                Event::PasswordEntered { call, answer: outcome.password }
            }
            Effect::ConfirmLogoff { call, .. } => {
                Event::LogoffAnswered { call, answer: outcome.logoff }
            }
            Effect::StartProviders { session, .. } => Event::ProvidersStarted { session },
            Effect::StopProviders { session } => Event::ProvidersStopped { session },
            Effect::WithdrawPrompt { .. } | Effect::Answer { .. } => return,
        };
        self.take(event);
    }

    /// One event, and all that must hold of the step.
    fn take(&mut self, event: Event) {
        let before = self.sessions.clone();
        let mut twin = before.clone();
        let step = self.sessions.step(event.clone());
        assert_eq!((twin.step(event.clone()), &twin), (step.clone(), &self.sessions));
        self.sessions.check_invariants();
        let unchanged = self.sessions == before;
        assert_eq!(unchanged, changes_nothing(step.rule), "{} on {event:?}", step.rule);

        self.account_for_calls(&event, &step);
        self.orders.extend(step.effects);
    }

    /// A call is answered once, or dropped by those who may.
    fn account_for_calls(&mut self, event: &Event, step: &Step) {
        if let Event::InitializeCalled { call, .. }
        | Event::UninitializeCalled { call, .. }
        | Event::LogonCalled { call, .. }
        | Event::LogoffCalled { call, .. }
        | Event::ReleaseCalled { call, .. } = event
            && step.rule != Rule::IgnoreReusedId
        {
            self.calls.insert(*call);
        }
        for effect in &step.effects {
            if let Effect::Answer { call, .. } = effect {
                assert!(self.calls.remove(call), "{call} is answered, which nobody made");
            }
        }
        let under_way = self.sessions.calls().map(|(call, _)| call).collect();
        let dropped = self.calls.difference(&under_way).count();
        assert!(dropped == 0 || drops_calls(step.rule), "{dropped} unanswered by {}", step.rule);
        self.calls = under_way;
    }

    /// Carries out what is ordered until nothing is.
    fn come_to_rest(&mut self) {
        let outcome = Outcome {
            verdict: Verdict::Right,
            chooser: ChooserAnswer::Cancelled,
            password: PasswordAnswer::Right,
            logoff: LogoffAnswer::Confirmed,
        };
        while let Some(order) = self.orders.pop() {
            self.carry_out(&order, None, &outcome);
        }
    }
}

fn changes_nothing(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::IgnoreReusedId
            | Rule::IgnoreStale
            | Rule::IgnoreDeadline
            | Rule::KeepTurn
            | Rule::RefuseUninitialized
            | Rule::RefuseInitialize
            | Rule::UninitializeTooOften
            | Rule::RefuseLogonArguments
            | Rule::RefuseNestedLogon
            | Rule::RefuseHandle
            | Rule::RefuseLogoffArguments
    )
}

fn drops_calls(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::CrashClient
            | Rule::UninitializeAmidCalls
            | Rule::WithdrawLogon
            | Rule::WithdrawStartingLogon
            | Rule::WithdrawLogoff
    )
}

fn client() -> impl Strategy<Value = ClientId> {
    (0..5_u32).prop_map(ClientId)
}

fn call() -> impl Strategy<Value = CallId> {
    (0..12_u64).prop_map(CallId)
}

fn password() -> impl Strategy<Value = Password> {
    prop_oneof![Just(Password::NotGiven), Just(Password::Given)]
}

fn profile() -> impl Strategy<Value = Profile> {
    let protection = prop_oneof![Just(Protection::Open), Just(Protection::Protected)];
    let visibility = prop_oneof![4 => Just(Visibility::Ordinary), 1 => Just(Visibility::App)];
    (0..3_u128, protection, visibility).prop_map(|(key, protection, visibility)| Profile {
        key: ProfileKey(key),
        protection,
        visibility,
    })
}

fn found() -> impl Strategy<Value = Option<Profile>> {
    proptest::option::weighted(0.8, profile())
}

fn verdict() -> impl Strategy<Value = Verdict> {
    prop_oneof![Just(Verdict::Right), Just(Verdict::Wrong)]
}

fn chooser_answer() -> impl Strategy<Value = ChooserAnswer> {
    let typed =
        prop_oneof![Just(ChosenPassword::Unchanged), password().prop_map(ChosenPassword::Replaced)];
    prop_oneof![
        6 => (found(), typed)
            .prop_map(|(profile, password)| ChooserAnswer::Picked { profile, password }),
        1 => Just(ChooserAnswer::Cancelled),
        1 => Just(ChooserAnswer::Unavailable),
    ]
}

fn password_answer() -> impl Strategy<Value = PasswordAnswer> {
    prop_oneof![
        3 => Just(PasswordAnswer::Right),
        1 => Just(PasswordAnswer::Wrong),
        1 => Just(PasswordAnswer::Cancelled),
        1 => Just(PasswordAnswer::Unavailable),
    ]
}

fn logoff_answer() -> impl Strategy<Value = LogoffAnswer> {
    prop_oneof![
        Just(LogoffAnswer::Confirmed),
        Just(LogoffAnswer::Declined),
        Just(LogoffAnswer::Unavailable)
    ]
}

fn logon_request() -> impl Strategy<Value = Result<LogonRequest, LogonError>> {
    let name = prop_oneof![
        4 => Just(None),
        3 => Just(Some("Work")),
        1 => Just(Some("*malformed*"))
    ];
    let defined = any::<u32>().prop_map(LogonFlags::from_bits_truncate);
    let only_one_dialog = defined.prop_map(|flags| flags - LogonFlags::PASSWORD_UI);
    let flags = prop_oneof![
        1 => any::<u32>(),
        4 => only_one_dialog.prop_map(|flags| (flags - LogonFlags::NT_SERVICE).bits()),
        2 => Just((LogonFlags::PASSWORD_UI | LogonFlags::USE_DEFAULT).bits()),
        2 => Just((LogonFlags::USE_DEFAULT | LogonFlags::ALLOW_OTHERS).bits()),
    ];
    (name, password(), flags)
        .prop_map(|(name, password, flags)| LogonRequest::parse(name, password, flags))
}

fn calls_of_clients() -> impl Strategy<Value = Event> {
    let host = prop_oneof![
        6 => Just(InitRequest::parse(0, 0)),
        1 => Just(InitRequest::parse(0, 0x0001_0000)),
        1 => Just(InitRequest::parse(1, 0)),
    ];
    let handle = || call().prop_map(HandleId);
    let inside = proptest::option::weighted(0.1, call());
    let logoff = (0..5_u32).prop_map(LogoffRequest::parse);
    prop_oneof![
        3 => (call(), client(), host)
            .prop_map(|(call, client, request)| Event::InitializeCalled { call, client, request }),
        1 => (call(), client())
            .prop_map(|(call, client)| Event::UninitializeCalled { call, client }),
        8 => (call(), client(), inside, logon_request()).prop_map(
            |(call, client, inside, request)| Event::LogonCalled { call, client, inside, request }
        ),
        4 => (call(), client(), handle(), logoff).prop_map(
            |(call, client, handle, request)| Event::LogoffCalled { call, client, handle, request }
        ),
        2 => (call(), client(), handle())
            .prop_map(|(call, client, handle)| Event::ReleaseCalled { call, client, handle }),
    ]
}

fn answers_out_of_the_blue() -> impl Strategy<Value = Event> {
    let session = || call().prop_map(SessionId);
    prop_oneof![
        client().prop_map(|client| Event::ClientCrashed { client }),
        call().prop_map(|call| Event::CallWithdrawn { call }),
        call().prop_map(|call| Event::DeadlinePassed { call }),
        call().prop_map(|call| Event::ShortWaitEnded { call }),
        call().prop_map(|call| Event::Continued { call }),
        (call(), found()).prop_map(|(call, found)| Event::ProfileLookedUp { call, found }),
        (call(), chooser_answer()).prop_map(|(call, answer)| Event::ProfileChosen { call, answer }),
        (call(), verdict()).prop_map(|(call, verdict)| Event::PasswordChecked { call, verdict }),
        (call(), password_answer())
            .prop_map(|(call, answer)| Event::PasswordEntered { call, answer }),
        (call(), logoff_answer()).prop_map(|(call, answer)| Event::LogoffAnswered { call, answer }),
        session().prop_map(|session| Event::ProvidersStarted { session }),
        session().prop_map(|session| Event::ProvidersStopped { session }),
    ]
}

fn happening() -> impl Strategy<Value = Happening> {
    let outcome = (verdict(), chooser_answer(), password_answer(), logoff_answer()).prop_map(
        |(verdict, chooser, password, logoff)| Outcome { verdict, chooser, password, logoff },
    );
    let usage = prop_oneof![
        4 => Just(HandleUse::Logoff(Confirmation::Ask)),
        1 => Just(HandleUse::Logoff(Confirmation::Skip)),
        1 => Just(HandleUse::Release),
    ];
    prop_oneof![
        8 => calls_of_clients().prop_map(Happening::Event),
        1 => answers_out_of_the_blue().prop_map(Happening::Event),
        4 => (any::<Index>(), call(), usage)
            .prop_map(|(which, call, usage)| Happening::UseHandle { which, call, usage }),
        1 => (any::<Index>(), prop_oneof![Just(Loss::Withdrawal), Just(Loss::Deadline)])
            .prop_map(|(which, loss)| Happening::LoseHope { which, loss }),
        24 => (any::<Index>(), found(), outcome)
            .prop_map(|(order, found, outcome)| Happening::Obey { order, found, outcome }),
    ]
}

fn history() -> impl Strategy<Value = (Limits, Vec<Happening>)> {
    let limits = proptest::option::weighted(0.3, 0..4_u32).prop_map(|sessions| Limits { sessions });
    (limits, proptest::collection::vec(happening(), 0..300))
}

proptest! {
    #[test]
    fn crashes_leave_nothing_behind((limits, history) in history()) {
        let mut world = World::after(limits, history);
        for client in 0..5 {
            world.take(Event::ClientCrashed { client: ClientId(client) });
        }
        world.come_to_rest();
        prop_assert_eq!(world.sessions, Sessions::new(limits));
    }

    #[test]
    fn balanced_calls_leave_nothing_behind((limits, history) in history()) {
        let mut world = World::after(limits, history);
        let initialized: Vec<_> = world.sessions.clients().collect();
        for (client, view) in initialized {
            for _ in 0..view.count.get() {
                world.take(Event::UninitializeCalled { call: CallId(99), client });
            }
        }
        world.come_to_rest();
        prop_assert_eq!(world.sessions, Sessions::new(limits));
    }

    #[test]
    fn events_alone_do_no_harm(
        events in proptest::collection::vec(
            prop_oneof![calls_of_clients(), answers_out_of_the_blue()],
            0..200,
        )
    ) {
        let mut world = World::new(Limits::default());
        for event in events {
            world.take(event);
        }
    }
}
