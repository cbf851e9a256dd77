//! Whether a logon joins a session or opens one, and what it sees of it.

use mapi_session::protocol::Rule;
use mapi_session::{
    LogoffFlags, LogonError, LogonFlags, LogonRefusal, MapiCode, NewProfile, NoUi, Sharing,
};

use crate::stage::{environment, furnished, mapi, mapi_with_user, process, settle};

#[test]
fn second_logon_joins_the_shared_session() {
    let (environment, _steps) = environment();
    let (outlook, indexer) = (mapi(&environment), mapi(&environment));

    let first = outlook.logon().profile("Work").shared().call().expect("Work is open");
    let second = indexer.logon().profile("Work").no_mail().call().expect("it joins");

    assert_eq!(second.id(), first.id());
    assert_ne!(second.handle(), first.handle());
    assert!(second.is_shared());
}

#[test]
fn a_join_takes_the_profile_of_the_session_whatever_it_names() {
    let (environment, _steps) = environment();
    let (mapi, user) = mapi_with_user(&environment);
    let first = mapi.logon().profile("Work").shared().call().expect("Work is open");

    let second = mapi.logon().profile("Safe").password("wrong").call().expect("it joins");

    assert_eq!(second.id(), first.id());
    assert_eq!(second.profile().as_str(), "Work");
    assert!(user.sees_nothing());
}

#[test]
fn a_new_session_joins_nothing() {
    let (environment, _steps) = environment();
    let mapi = mapi(&environment);
    let shared = mapi.logon().profile("Work").shared().call().expect("Work is open");

    let own = mapi.logon().profile("Work").individual().call().expect("Work is open");

    assert_ne!(own.id(), shared.id());
    assert!(!own.is_shared());
}

#[test]
fn a_session_that_is_not_offered_is_joined_by_nobody() {
    let (environment, _steps) = environment();
    let mapi = mapi(&environment);
    let first = mapi.logon().profile("Work").call().expect("Work is open");

    let second = mapi.logon().profile("Work").call().expect("Work is open");

    assert_ne!(second.id(), first.id());
}

#[test]
fn later_logons_join_the_oldest_shared_session_and_then_the_next() {
    let (environment, _steps) = environment();
    let mapi = mapi(&environment);
    let open = || {
        let logon = mapi.logon().profile("Work");
        logon.sharing(Sharing::OpenNew { allow_others: true }).call().expect("Work is open")
    };
    let (oldest, next) = (open(), open());

    let joined = mapi.logon().join_existing().call().expect("there are two to join");
    assert_eq!(joined.id(), oldest.id());

    drop((oldest, joined));
    let joined = mapi.logon().join_existing().call().expect("there is one to join");
    assert_eq!(joined.id(), next.id());
}

#[test]
fn there_is_nothing_to_join_where_nobody_shares() {
    let (environment, _steps) = environment();
    let mapi = mapi(&environment);

    let refused = mapi.logon().join_existing().call().expect_err("there is no session");

    assert_eq!(refused, LogonError::Refused(LogonRefusal::NoProfile));
    assert_eq!(refused.code(), Some(MapiCode::MAPI_E_LOGON_FAILED));
}

#[test]
fn environments_share_nothing() {
    let ((here, _), (there, _)) = (environment(), environment());
    let (mapi_here, mapi_there) = (mapi(&here), mapi(&there));
    let _session = mapi_here.logon().profile("Work").shared().call().expect("Work is open");

    mapi_there.logon().join_existing().call().expect_err("the session is in another environment");
}

#[test]
fn the_session_lives_until_the_last_handle_goes() {
    let (environment, mut steps) = environment();
    let mapi = mapi(&environment);
    let first = mapi.logon().profile("Work").shared().call().expect("Work is open");
    let second = mapi.logon().join_existing().call().expect("it joins");

    first.logoff(LogoffFlags::empty()).expect("nobody is asked");
    assert!(second.is_shared());
    second.logoff(LogoffFlags::empty()).expect("nobody is asked");

    settle(&environment);
    steps.until(Rule::EndLastSessionOnProfile);
    assert_eq!(environment.state().sessions().count(), 0);
}

#[test]
fn a_session_keeps_the_snapshot_of_its_profile() {
    let (environment, _steps) = environment();
    let profiles = environment.profiles();
    profiles.create(NewProfile::new("Archive").service("Tape")).expect("the name is free");
    let mapi = mapi(&environment);
    let before = mapi.logon().profile("Archive").shared().call().expect("Archive is open");

    mapi.profile_admin().delete("Archive").expect("Archive is there");
    profiles.create(NewProfile::new("ARCHIVE").service("Disk")).expect("the name is free again");

    let joined = mapi.logon().join_existing().call().expect("it joins");
    let after = mapi.logon().profile("archive").individual().call().expect("it is open");
    assert_eq!(before.profile_snapshot().services, ["Tape"]);
    assert_eq!(joined.profile_snapshot(), before.profile_snapshot());
    assert_eq!(after.profile().as_str(), "ARCHIVE");
    assert_eq!(after.profile_snapshot().services, ["Disk"]);
    assert_ne!(after.profile_snapshot().key, before.profile_snapshot().key);
}

#[test]
fn the_limit_counts_sessions_and_not_those_who_join() {
    let (environment, _steps) = furnished(mapi_session::Environment::builder().session_limit(1));
    let mapi = mapi(&environment);
    let _shared = mapi.logon().profile("Work").shared().call().expect("there is room for one");

    let _joined = mapi.logon().join_existing().call().expect("a join makes no session");
    let refused = mapi.logon().profile("Work").individual().call().expect_err("one too many");

    assert_eq!(refused, LogonError::Refused(LogonRefusal::SessionLimitReached));
}

#[test]
fn the_c_arguments_and_the_builder_mean_the_same() {
    let (environment, _steps) = environment();
    let mapi = mapi(&environment);
    let flags = LogonFlags::EXTENDED | LogonFlags::USE_DEFAULT | LogonFlags::ALLOW_OTHERS;

    let shared = mapi.logon_ex(0, None, None, flags).expect("Work is the default");
    let joined = mapi.logon().default_profile().shared().call().expect("it joins");

    assert_eq!(joined.id(), shared.id());
    let new = LogonFlags::NEW_SESSION | LogonFlags::EXTENDED;
    let own = mapi.logon_ex(0, Some("Safe"), Some("tulip"), new).expect("the password is right");
    assert_eq!(own.profile().as_str(), "Safe");
}

/// `NML-06`.
#[test]
fn a_background_session_is_a_session_like_any_other() {
    let [plain, background] = [LogonFlags::EXTENDED, LogonFlags::BG_SESSION].map(|flag| {
        let (environment, mut steps) = environment();
        let flags = flag | LogonFlags::NEW_SESSION;
        // One by one, so that no step overtakes another.
        let process = process(&environment, NoUi);
        let logon = process.logon_ex(0, Some("Work"), None, flags.bits());
        process.release(logon.expect("Work needs no password").handle).expect("it is live");
        settle(&environment);
        let steps = steps.all().iter().map(|step| (step.rule, step.effects.clone()));
        steps.collect::<Vec<_>>()
    });

    assert_eq!(background, plain);
}

/// `THR-01`.
#[test]
fn any_thread_may_call_a_session_several_at_a_time() {
    let (environment, _steps) = environment();
    let session = mapi(&environment).logon().profile("Work").shared().call();
    let session = session.expect("Work is open");

    let rows = std::thread::scope(|threads| {
        let asked = [(); 4].map(|()| threads.spawn(|| session.status_table()));
        asked.map(|it| it.join().expect("it does not panic").expect("nothing hangs").rows().len())
    });

    assert_eq!(rows, [3; 4]);
}
