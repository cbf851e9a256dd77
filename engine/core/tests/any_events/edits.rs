//! What may be asked of profiles, and of those who shut down fast, and how likely it is.

use mapi_session_core::*;
use proptest::prelude::*;
use proptest::sample::select;

use crate::happenings::{call, client, found};

pub(crate) fn calls_of_departure_and_administration() -> impl Strategy<Value = Event> {
    let handle = || call().prop_map(HandleId);
    prop_oneof![
        2 => (call(), client(), handle(), fast_shutdown()).prop_map(
            |(call, client, handle, request)| {
                Event::FastShutdownCalled { call, client, handle, request }
            }
        ),
        4 => (call(), client(), admin_request())
            .prop_map(|(call, client, request)| Event::AdminCalled { call, client, request }),
        1 => (call(), client(), handle(), service_admin_request()).prop_map(
            |(call, client, handle, request)| {
                Event::ServiceAdminCalled { call, client, handle, request }
            }
        ),
    ]
}

pub(crate) fn fast_shutdown() -> impl Strategy<Value = FastShutdown> {
    use FastShutdown::{Do, Notify, Query};
    select(vec![Query, Query, Query, Notify, Do])
}

pub(crate) fn policy() -> impl Strategy<Value = FastShutdownPolicy> {
    use FastShutdownPolicy::{AllowIfAllConsent, AllowUnlessRefused, Refuse};
    select(vec![AllowUnlessRefused, AllowUnlessRefused, AllowIfAllConsent, Refuse])
}

pub(crate) fn vote() -> impl Strategy<Value = Vote> {
    use Vote::{Consents, NoInterface, Objects};
    select(vec![Consents, Consents, Consents, Consents, NoInterface, Objects])
}

fn admin_request() -> impl Strategy<Value = Result<AdminRequest, AdminError>> {
    let name = || select(vec![NameUse::Free, NameUse::Own, NameUse::Taken]);
    let app_profiles = || select(vec![AppProfiles::Hidden, AppProfiles::Listed]);
    let source = || {
        (found(), app_profiles()).prop_map(|(found, app_profiles)| Source { found, app_profiles })
    };
    prop_oneof![
        1 => Just(Err(AdminError::MalformedName(NameError::Empty))),
        1 => name().prop_map(|name| Ok(AdminRequest::Create { name })),
        1 => (source(), name()).prop_map(|(source, name)| Ok(AdminRequest::Copy { source, name })),
        3 => source().prop_map(|source| Ok(AdminRequest::Delete { source })),
        3 => (source(), name())
            .prop_map(|(source, name)| Ok(AdminRequest::Rename { source, name })),
        1 => found().prop_map(|found| Ok(AdminRequest::SetDefault { found })),
        1 => Just(Ok(AdminRequest::ClearDefault)),
    ]
}

pub(crate) fn service_admin_request() -> impl Strategy<Value = ServiceAdminRequest> {
    let service = || {
        select(vec![
            ServiceUse::Unknown,
            ServiceUse::Absent,
            ServiceUse::Present(Copies::Single),
            ServiceUse::Present(Copies::Many),
        ])
    };
    prop_oneof![
        service().prop_map(|service| ServiceAdminRequest::Add { service }),
        service().prop_map(|service| ServiceAdminRequest::Delete { service }),
    ]
}
