//! What is interchangeable is read from the scope: anything that tells two apart keeps them apart.

use mapi_session_model::{Client, Label, Profile, Symmetry};

use crate::profiles::{DELETING, NAMING};
use crate::worlds::{SMALL, world};

/// Who can come into whose place.
fn classes(text: &str) -> (usize, String) {
    let symmetry = Symmetry::of(&world(text));
    let permutations = symmetry.permutations();
    let mut classes = String::new();
    for client in Client::ALL {
        let mut places: Vec<_> = permutations.iter().map(|it| it.client(client)).collect();
        places.sort_unstable();
        places.dedup();
        if places.len() > 1 && places[0] == client {
            classes.extend(places.iter().map(|it| format!("{it}")).chain([" ".to_owned()]));
        }
    }
    for profile in Profile::ALL {
        let mut places: Vec<_> = permutations.iter().map(|it| it.profile(profile)).collect();
        places.sort_unstable();
        places.dedup();
        if places.len() > 1 && places[0] == profile {
            classes.extend(places.iter().map(|it| format!("{it:?}")).chain([" ".to_owned()]));
        }
    }
    for label in Label::ALL.into_iter().skip(2) {
        let mut places: Vec<_> = permutations.iter().map(|it| it.label(label)).collect();
        places.sort_unstable();
        places.dedup();
        if places.len() > 1 && places[0] == label {
            classes.extend(places.iter().map(|it| format!("{it:?}")).chain([" ".to_owned()]));
        }
    }
    (permutations.len(), classes.trim_end().to_owned())
}

#[test]
fn whoever_the_scope_tells_apart_is_not_interchangeable() {
    let changed = |find: &str, replace: &str| {
        assert!(SMALL.contains(find), "{find:?} must be there");
        classes(&SMALL.replacen(find, replace, 1))
    };
    for (find, replace, permutations, expected) in [
        // A has requests of its own.
        ("", "", 4, "BC P0P1"),
        ("by = [\"A\"]", "by = [\"A\", \"C\"]", 2, "P0P1"),
        // Somebody who makes no calls is nobody's like.
        ("clients = 3", "clients = 2", 2, "P0P1"),
        // One profile is another one than the other.
        ("name = \"Work\"\n", "name = \"Work\"\npassword = true\n", 2, "BC"),
        ("name = \"Work\"\n", "name = \"Work\"\napp = true\n", 2, "BC"),
        ("services = []", "services = [{ name = \"CONTAB\", providers = [] }]", 2, "BC"),
        // Only one of them can be asked for in this way.
        ("\"ALLOW_OTHERS\", ", "", 2, "BC"),
        ("password = \"none\"", "password = \"wrong\"", 2, "BC"),
        // B can ask for one of them and C for none; then C for the other one.
        ("password = \"none\"", "password = \"none\"\nby = [\"B\"]", 1, ""),
        ("[[chooser]]\nanswer = \"Home\"\n", "", 2, "BC"),
        ("answer = \"Home\"", "answer = \"Home\"\npassword = \"right\"", 2, "BC"),
        // The order of handles decides who goes on first.
        ("[\"release\"]", "[\"release\", \"open\"]", 2, "P0P1"),
        // Where it begins does not matter.
        ("default = \"Work\"", "default = \"none\"", 4, "BC P0P1"),
        ("[\"A\", \"B\", \"C\"]", "[\"A\", \"B\"]", 4, "BC P0P1"),
    ] {
        let found = changed(find, replace);
        let (found, expected) = ((found.0, found.1.as_str()), (permutations, expected));
        assert_eq!(found, expected, "with {replace:?} instead of {find:?}");
    }
}

#[test]
fn who_may_all_ask_for_the_same_is_interchangeable() {
    for (by, expected) in [
        ("[]", (12, "ABC P0P1")),
        ("[\"A\", \"B\", \"C\"]", (12, "ABC P0P1")),
        ("[\"A\", \"C\"]", (4, "AC P0P1")),
    ] {
        let (permutations, found) = classes(&SMALL.replace("[\"A\"]", by));
        assert_eq!((permutations, found.as_str()), expected, "by {by}");
    }
}

/// B may ask for the one profile and C for the other one: each alone is told apart, both together
/// are not.
#[test]
fn what_can_only_be_exchanged_together_is_exchanged_together() {
    let by = |client: &str| format!("password = \"none\"\nby = [\"{client}\"]");
    let text = SMALL.replacen("password = \"none\"", &by("B"), 1);
    let place = text.find("name = \"share Home\"").expect("it is there");
    let (before, after) = text.split_at(place);
    let text = format!("{before}{}", after.replacen("password = \"none\"", &by("C"), 1));
    assert_eq!(classes(&text), (2, "BC P0P1".to_owned()));
}

/// Two requests that ask for the same are two nevertheless: neither is lost.
#[test]
fn requests_that_ask_for_the_same_stay_as_many() {
    let again = |profile: &str| {
        format!(
            "[[request]]\nname = \"share {profile} again\"\nprofile = \"{profile}\"\n\
             password = \"none\"\nflags = [\"ALLOW_OTHERS\", \"TIMEOUT_SHORT\"]\n\n"
        )
    };
    let with =
        |requests: &str| SMALL.replacen("[[chooser]]", &(requests.to_owned() + "[[chooser]]"), 1);
    assert_eq!(classes(&with(&again("Home"))), (2, "BC".to_owned()));
    assert_eq!(classes(&with(&(again("Home") + &again("Work")))), (4, "BC P0P1".to_owned()));
}

/// Profiles move as long as no call gives a name; names that nobody bears at the start always do.
#[test]
fn a_call_that_gives_a_name_keeps_profiles_in_their_places() {
    let with = |call: &str| {
        let edit = format!("[[admin]]\nname = \"more\"\ncall = {call}\n\n[[start]]");
        classes(&DELETING.replacen("[[start]]", &edit, 1))
    };
    for (call, permutations, expected) in [
        ("\"delete\"\nprofile = \"absent\"", 4, "AB P0P1"),
        ("\"set_default\"\nprofile = \"Home\"", 2, "AB"),
        ("\"delete\"\nprofile = \"Home\"\nby = [\"A\"]", 1, ""),
        ("\"create\"\nto = \"Temp\"", 2, "AB"),
        ("\"copy\"\nprofile = \"absent\"\nto = \"Temp\"", 2, "AB"),
        ("\"rename\"\nprofile = \"absent\"\nto = \"Temp\"", 2, "AB"),
    ] {
        let (found, classes) = with(call);
        assert_eq!((found, classes.as_str()), (permutations, expected), "with {call}");
    }
    let present = "present = 1";
    assert_eq!(classes(&DELETING.replacen(present, "present = 2", 1)), (2, "AB".to_owned()));
    assert_eq!(classes(NAMING), (4, "AB L2L3".to_owned()));
    for (find, replace) in [
        ("profile = \"Other\"\npassword = \"none\"", "profile = \"Other\"\npassword = \"right\""),
        ("answer = \"Other\"", "answer = \"Other\"\npassword = \"right\""),
        ("call = \"create\"\nto = \"Other\"", "call = \"create\"\nto = \"Other\"\napp = true"),
    ] {
        assert!(NAMING.contains(find), "{find:?} must be there");
        let found = classes(&NAMING.replacen(find, replace, 1));
        assert_eq!(found, (2, "AB".to_owned()), "with {replace:?}");
    }
}
