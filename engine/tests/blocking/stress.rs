//! Many threads at once.

use mapi_session::protocol::Rule;
use mapi_session::{LogoffFlags, NewProfile};

use crate::stage::{elsewhere, environment, is_empty, mapi, settle};

#[test]
fn eight_busy_threads_leave_nothing_behind() {
    let (environment, mut steps) = environment();
    environment.profiles().create(NewProfile::new("Spare")).expect("the name is free");

    let threads: Vec<_> = (0..8)
        .map(|thread| {
            let mapi = mapi(&environment);
            elsewhere(move || {
                for round in 0..200 {
                    let session = match (thread + round) % 4 {
                        0 => mapi.logon().profile("Spare").individual().call(),
                        1 => mapi.logon().profile("Safe").password("tulip").shared().call(),
                        _ => mapi.logon().default_profile().shared().no_mail().call(),
                    };
                    let session = session.expect("nothing stands in its way");
                    if round % 2 == 0 {
                        session.logoff(LogoffFlags::empty()).expect("nobody is asked");
                    }
                }
            })
        })
        .collect();
    for thread in threads {
        thread.returns();
    }

    settle(&environment);
    assert!(is_empty(&environment), "{:?}", environment.state());
    let rules = steps.rules();
    assert_eq!(rules.iter().filter(|&&rule| rule == Rule::AnswerLogon).count(), 1_600);
    let (starts, stops) = steps.starts_and_stops();
    assert_eq!(starts, stops);
}
