//! What is true of every step: the headline invariants first, then logons, then handles and ends.
//!
//! Each property looks at one kind of step and is silent about the others.

#[expect(clippy::wildcard_enum_match_arm, reason = "a property is silent about other steps")]
mod administration;
#[expect(clippy::wildcard_enum_match_arm, reason = "a property is silent about other steps")]
mod handles;
#[expect(clippy::wildcard_enum_match_arm, reason = "a property is silent about other steps")]
mod logons;
#[expect(clippy::wildcard_enum_match_arm, reason = "a property is silent about other steps")]
mod notifications;
#[expect(clippy::wildcard_enum_match_arm, reason = "a property is silent about other steps")]
mod opens;
#[expect(clippy::wildcard_enum_match_arm, reason = "a property is silent about other steps")]
mod orders;
mod roles;
#[expect(clippy::wildcard_enum_match_arm, reason = "a property is silent about other steps")]
mod series;
#[expect(clippy::wildcard_enum_match_arm, reason = "a property is silent about other steps")]
mod shutdown;
#[expect(clippy::wildcard_enum_match_arm, reason = "a property is silent about other steps")]
mod spooler;
#[expect(clippy::wildcard_enum_match_arm, reason = "a property is silent about other steps")]
mod stops;

use super::{StepProperty, Transition, properties};
use crate::{
    Action, Fast, FastStep, Handle, Logon, Name, Phase, Protection, Provider, ProviderSpec,
    Session, Snapshot, Stage,
};

/// What is true of every step.
pub const STEPS: &[StepProperty] = properties! { StepProperty:
    "INV-46" "no provider of a disabled service is called" = series::no_use_of_disabled_services;
    "INV-06" "shared sessions share a profile" = sessions_keep_their_profile;

    "INV-02" "a logon that may join does join, the oldest session, and asks nobody"
        = logons::who_may_join_joins;
    "INV-03" "a logon with NEW_SESSION never joins" = logons::new_session_never_joins;
    "INV-04" "only the join target is joined, and only while it is open to others"
        = logons::joins_go_to_the_target;
    "INV-07" "a session is shared exactly if its creator allowed others"
        = logons::sharing_is_the_creators_choice;
    "INV-09" "a profile is the one named, the one chosen, or the default that was asked for"
        = logons::profiles_come_from_somewhere;
    "INV-10" "a logon for which no name can be obtained fails" = logons::nameless_logons_fail;
    "INV-13" "a session is built only on right credentials" = logons::credentials_are_right;
    "INV-40" "a logon ends in one of the seven classes, each for its reason"
        = logons::outcomes_have_their_reason;
    "INV-41" "the mutex goes to who has waited longest" = logons::first_come_first_served;
    "INV-42" "the join target changes only when it ceases to be one" = target_is_stable;
    "SHR-15" "a new session is there at once when its providers are" = logons::started_is_finished;
    "PRF-04" "the profile is chosen as the table says" = logons::profile_choice_is_the_table;
    "PRF-10" "the chooser's answer is taken, unless the caller may not see the profile"
        = logons::choices_are_respected;
    "CRD-03" "what the store says of a profile's password goes with the logon"
        = logons::protection_is_as_found;
    "CRD-02" "credentials are judged as the flow says" = logons::credentials_are_judged;
    "CRD-05" "the answer in the password prompt decides" = logons::password_prompt_decides;
    "D-12" "a session is built exactly if the limit allows it" = logons::limit_decides_builds;
    "D-14" "a handle is what its logon asked for" = logons::holders_are_as_asked;
    "MTX-02" "a short wait ends with TIMEOUT, never for the next one" = logons::short_waits_end;

    "INI-02" "counts go up and down by one, and host is fixed by the first"
        = handles::counts_are_balanced;
    "INI-05" "initialisation refuses what it does not know" = handles::initialize_checks;
    "INV-25" "only a live handle of its own serves a client" = handles::only_live_handles_serve;
    "INV-26" "a handle changes only by its owner's own doing"
        = handles::handles_are_their_owners_affair;
    "INV-38" "the end of a client touches nobody else" = handles::ends_touch_nobody_else;
    "INV-39" "a handle is made by its own logon" = handles::handles_are_made_once;
    "LGF-01" "a logoff that succeeds ends the handle's use, a release its life"
        = handles::logoffs_have_their_effect;
    "LGF-10" "the answer to a confirmation decides" = handles::confirmation_decides;
    "LGF-13" "of a client that dies nothing is left" = handles::ends_leave_nothing;

    "CAN-01" "a withdrawn call leaves nothing but what its providers still owe"
        = orders::withdrawals_leave_nothing;
    "CAN-02" "a deadline acts by stage" = orders::deadlines_act_by_stage;
    "CAN-03" "an answer that nobody waits for changes nothing" = orders::stray_answers_do_nothing;
    "THR-03" "a refusal changes nothing" = orders::refusals_change_nothing;
    "D-16" "a call is answered once, unless it is withdrawn or its client ends"
        = orders::calls_are_answered_once;
    "D-21" "an order goes out when its stage is entered, and only then"
        = orders::orders_go_out_on_entry;
    "UIX-08" "a series orders what its stage is about, with the dialogs that its caller permits"
        = orders::series_orders_go_out;
    "UIX-11" "a prompt that is not answered is withdrawn" = orders::prompts_close;

    "INV-15" "a second attempt is the last of its series" = series::second_attempts_are_the_last;
    "INV-17" "a provider that fails alone disables nothing" = series::failing_alone_disables_nothing;
    "INV-18" "a service is disabled exactly where the table says so, and stays disabled"
        = series::the_table_disables;
    "INV-19" "the failure of one service leaves the others as they are"
        = series::other_services_are_left_alone;
    "INV-20" "no store is tried before the address books" = series::address_books_come_first;
    "FLR-07" "a series goes on as the table says" = series::series_follow_the_table;
    "ORD-08" "a logon goes through its providers in order, and then is done"
        = series::logons_take_the_next_provider;
    "UIX-04" "every service that can shows its configuration, if that is asked for"
        = series::every_service_shows_itself;

    "INV-30" "what was logged on is logged off and shut down once" = stops::successes_are_balanced;
    "INV-43" "transports stop before address books, and those before stores"
        = stops::classes_stop_in_order;
    "A24" "a session is closed when nothing of it runs, and not before" = stops::closing_is_last;
    "D-27" "a provider that was shut down can be opened again only where that makes sense"
        = stops::shut_down_providers_are_off;
    "D-29" "attempts of a client that dies are dropped" = stops::attempts_die_with_their_client;

    "PLG-10" "an open call returns what it has opened" = opens::opens_return_what_there_is;
    "PLG-07" "what runs is handed out at once, and what cannot be tried refused"
        = opens::opens_are_judged_at_once;
    "D-26" "an open call tries a provider only when nobody else is there"
        = opens::opens_wait_their_turn;
    "PSD-05" "a store is logged off when the last that has it open gives it up"
        = opens::stores_are_logged_off_singly;
    "NML-04" "the spooler is told when the first in a session wants mail, and when nobody does"
        = spooler::spooler_is_told;
    "NML-01" "a transport is called for only while somebody wants mail"
        = spooler::transports_are_for_mail;
    "D-30" "a demand brings up one transport after the other, in transport order"
        = spooler::transports_come_up_in_order;

    "DST-01" "a session begins with the default store that its profile says"
        = roles::first_default_is_chosen;
    "IDN-01" "a session begins with the identity that its profile says"
        = roles::identity_is_chosen;
    "DST-02" "a default store is set if it runs and is fit, or to none" = roles::default_is_set;
    "D-32" "a provider keeps its roles until its store, or everybody, has logged off"
        = roles::roles_are_kept;

    "INV-28" "a logoff for all closes the session, and what is closed gets no more handles"
        = notifications::closed_sessions_get_no_handle;
    "INV-29" "a critical notification comes from a logoff for all of a shared session"
        = notifications::only_shared_logoffs_ask;
    "NTF-03" "a handle that leaves is news for those that stay, once for each"
        = notifications::leaving_is_news;
    "NTF-08" "nobody hears of its own logoff" = notifications::nobody_hears_of_its_own_logoff;
    "NTF-07" "a new default store is news for everybody in the session"
        = notifications::new_defaults_are_news;
    "LGF-16" "who has left hears nothing any more" = notifications::who_has_left_hears_nothing;
    "D-31" "what was queued is handed over once, and nothing else is"
        = notifications::inboxes_are_balanced;
    "NTF-01" "a handle is registered from Advise to Unadvise" = notifications::registrations_last;

    "INV-31" "a profile in use is there and keeps its name" = administration::used_profiles_stay;
    "INV-32" "no logon comes to a profile that is to be removed"
        = administration::marked_profiles_are_not_chosen;
    "INV-34" "a session keeps the services that it found"
        = administration::snapshots_stay;
    "PRF-11" "a logon whose profile has vanished fails"
        = administration::vanished_profiles_fail_their_logons;
    "ADM-24" "administration is refused for the first reason there is"
        = administration::edits_are_judged;
    "ADM-19" "a change of services is refused where it makes no sense"
        = administration::service_changes_are_judged;
    "ADM-14" "profiles are what administration makes of them, at once or after their last session"
        = administration::profiles_are_as_administered;
    "ADM-15" "the default mark is set, and goes with its profile"
        = administration::default_is_as_administered;
    "D-17" "the store is told what becomes of profiles" = administration::the_store_is_told;

    "INV-37" "fast shutdown reaches transports, address books, stores; under policy 2 nobody"
        = shutdown::forwarded_calls_are_in_order;
    "FSD-01" "a notice is passed on once for each consent" = shutdown::notices_are_passed_on;
    "FSD-02" "a provider is asked when its turn comes" = shutdown::questions_go_out_on_entry;
    "FSD-03" "a query asks one after the other, up to the first objection"
        = shutdown::queries_ask_in_turn;
    "FSD-06" "who has gone by a fast shutdown has nothing left and makes no further call"
        = shutdown::the_dead_stay_dead;
    "FSD-08" "a fast shutdown takes a consent that stands" = shutdown::shutdowns_need_consent;
    "FSD-09" "sessions that a fast shutdown empties end at once, without logoff"
        = shutdown::sessions_are_cut;
    "D-19" "a consent stands until it is used or taken back"
        = shutdown::consents_stand_until_taken_back;

    "PLG-17" "a use reaches what was opened and runs, and nothing else"
        = opens::uses_reach_what_runs;
};

/// What a logon is told is the profile of its session, and a session never changes it.
fn sessions_keep_their_profile(it: &Transition<'_>) -> bool {
    let told = it.step.seen.answers().all(|(_, _, _, logon)| {
        logon.is_none_or(|logon| {
            it.before.session(logon.session).is_some_and(|its| logon.profile == Some(its.profile))
        })
    });
    let kept = it.before.sessions.iter().all(|session| {
        it.after().session(session.name).is_none_or(|now| now.profile == session.profile)
    });
    told && kept
}

fn target_is_stable(it: &Transition<'_>) -> bool {
    let Some(target) = it.before.join_target() else { return true };
    let still_open = it.after().session(target.name).is_some_and(|now| now.phase == Phase::Shared);
    !still_open || it.after().join_target().is_some_and(|now| now.name == target.name)
}

impl<'a> Transition<'a> {
    /// The logon that the action goes on with or answers.
    fn logon(&self) -> Option<&'a Logon> {
        self.before.logon(self.action.call()?)
    }

    /// The same logon afterwards.
    fn logon_after(&self) -> Option<&'a Logon> {
        self.after().logon(self.action.call()?)
    }

    /// The handles that there are only afterwards.
    fn new_handles(&self) -> impl Iterator<Item = (Name, Handle)> + '_ {
        self.after().handles().filter(|(name, _)| self.before.handle(*name).is_none())
    }

    /// The sessions that there are only afterwards.
    fn new_sessions(&self) -> impl Iterator<Item = &'a Session> + '_ {
        self.after().sessions.iter().filter(|it| self.before.session(it.name).is_none())
    }

    /// Whether the action ends its client, and with it everything the client has.
    fn ends_client(&self) -> bool {
        let count = self.before.clients[self.action.client().index()].count;
        matches!(self.action, Action::Crash { .. })
            || matches!(self.action, Action::Uninitialize { .. }) && count == 1
            || self.shuts_down()
    }

    /// Whether a client goes by a fast shutdown to which somebody has consented (FSD-08).
    fn shuts_down(&self) -> bool {
        let Action::FastShutdown { client, handle, step: FastStep::Do } = self.action else {
            return false;
        };
        let standing = self.before.clients[client.index()].fast;
        self.serves(handle) && matches!(standing, Fast::Asked | Fast::Notified)
    }

    /// Whether the caller is initialised, and this is a live handle of its own that it knows of.
    fn serves(&self, handle: Name) -> bool {
        let client = self.action.client();
        self.before.clients[client.index()].count > 0
            && handle.client() == client
            && self.before.has_replied(handle)
            && self.before.session_of(handle).is_some()
    }

    /// Whether a logon's profile carries a password, as the store has said: of one that is gone
    /// since, the stage of the logon still knows.
    fn is_protected(&self, logon: &Logon) -> bool {
        if let Stage::Credentials(protection) = logon.stage {
            return protection == Protection::Protected;
        }
        let profile = logon.profile.and_then(|it| self.scope.stored(self.before, it));
        matches!(logon.stage, Stage::Check | Stage::AskPassword)
            || profile.is_some_and(|profile| profile.spec.password)
    }

    /// The profile of a session that there is after the step.
    fn profile_of(&self, session: Name) -> Option<Snapshot<'a>> {
        Some(self.scope.snapshot_of(self.after().session(session)?))
    }

    /// What a provider of a session is.
    fn spec(&self, session: Name, provider: Provider) -> Option<ProviderSpec> {
        self.profile_of(session)?.provider(provider)
    }

    /// Whether the service of a provider has an entry function.
    fn has_entry(&self, session: Name, provider: Provider) -> bool {
        let spec = self.spec(session, provider);
        let profile = self.profile_of(session);
        profile.zip(spec).is_some_and(|(profile, spec)| profile.has_entry(spec.service))
    }
}
