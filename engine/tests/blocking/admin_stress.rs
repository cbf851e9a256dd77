//! Everybody administers, logs on and shuts down at once: nobody waits for ever, and what must hold
//! holds all the time.

use std::collections::BTreeSet;

use mapi_session::{
    AppProfiles, Environment, Mapi, NewProfile, ProfileSnapshot, Session, Visibility,
};

use crate::cast::Cast;
use crate::stage::{elsewhere, furnished, settle};

const NAMES: [&str; 4] = ["Ann", "Bob", "Cid", "Dot"];

/// A random number from 0 on, below the bound; each seed has its own series.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits fit") % bound
    }

    fn name(&mut self) -> &'static str {
        NAMES[self.below(NAMES.len())]
    }
}

/// Something that a process does; whether it is refused depends on the others.
fn act(mapi: &Mapi, dice: &mut Dice, sessions: &mut Vec<(Session, ProfileSnapshot)>) {
    let admin = mapi.profile_admin();
    let (one, two) = (dice.name(), dice.name());
    match dice.below(12) {
        0 | 1 => drop(admin.create(NewProfile::new(one).service("A"))),
        2 => drop(admin.copy(one, two)),
        3 => drop(admin.delete(one)),
        4 => drop(admin.rename(one, two)),
        5 => drop(admin.set_default(Some(one))),
        6 => drop(sessions.pop()),
        7 => {
            let added = sessions.last().map(|(session, _)| session.admin_services().add("A"));
            drop(added);
        }
        8 => {
            let Some((session, _)) = sessions.last() else { return };
            let table = session.admin_services().table().expect("its profile is there");
            if let Some(service) = table.first() {
                let _ = session.admin_services().delete(service.uid);
            }
        }
        9 => {
            let admin = admin.admin_services(one);
            drop(admin.map(|admin| admin.add("B")));
        }
        _ => {
            let logon = mapi.logon().profile(one);
            let logon = if dice.below(3) == 0 { logon.shared() } else { logon.individual() };
            if let Ok(session) = logon.call() {
                let snapshot = session.profile_snapshot().clone();
                sessions.push((session, snapshot));
            }
        }
    }
}

/// What holds of the profiles at any moment (`INV-33`).
fn check_profiles(mapi: &Mapi) {
    let table = mapi.profile_admin().app_profiles().table().expect("it has initialised");
    let names: BTreeSet<_> = table.iter().map(|entry| entry.name.as_str().to_uppercase()).collect();
    assert_eq!(names.len(), table.len(), "two profiles have one name: {table:?}");
    let defaults = table.iter().filter(|entry| entry.is_default);
    let defaults: Vec<_> = defaults.map(|entry| entry.visibility).collect();
    assert!(matches!(defaults[..], [] | [Visibility::Ordinary]), "{table:?}");
}

#[test]
fn administration_logons_and_fast_shutdowns_get_along() {
    let cast = Cast::new();
    let builder = Environment::builder()
        .service("A", cast.service().store("Box").with_entry())
        .service("B", cast.service().address_book("Book").with_entry().single_copy());
    let (environment, _steps) = furnished(builder);

    let threads: Vec<_> = (1..=6)
        .map(|seed| {
            let environment = environment.clone();
            elsewhere(move || {
                let mut dice = Dice(seed);
                for _ in 0..12 {
                    let mapi = Mapi::builder().environment(&environment).build();
                    let mut sessions = Vec::new();
                    for _ in 0..40 {
                        act(&mapi, &mut dice, &mut sessions);
                        check_profiles(&mapi);
                    }
                    for (session, snapshot) in &sessions {
                        assert_eq!(session.profile_snapshot(), snapshot, "INV-34");
                        assert!(environment.state().is_in_use(snapshot.key), "INV-31");
                    }
                    // Some leave in a hurry, if they may.
                    if let Some((session, _)) = sessions.first() {
                        let _ = session.query_fast_shutdown().map(|leave| leave.carry_out());
                    }
                }
            })
        })
        .collect();
    threads.into_iter().for_each(crate::stage::Elsewhere::returns);

    settle(&environment);
    assert!(crate::stage::is_empty(&environment), "{:?}", environment.state());
    let mapi = Mapi::builder().environment(&environment).build();
    let admin = mapi.profile_admin().app_profiles();
    for entry in admin.table().expect("it has initialised") {
        // Nobody is to be renamed or deleted any more (`INV-45`): each name does what it says.
        admin.delete(entry.name.as_str()).expect("it is there");
        admin.create(NewProfile::new(entry.name.as_str())).expect("its name is free at once");
    }
    assert!(environment.profiles().names(AppProfiles::Listed).len() <= 2 + NAMES.len());
}
