//! Which number of the core's stands for which name of the model's.

use mapi_session_core as core;
use mapi_session_model as model;

use model::{Client, Profile, Provider};

pub(super) fn client_id(client: Client) -> core::ClientId {
    core::ClientId(client.index() as u32)
}

pub(super) fn call_id(name: model::Name) -> core::CallId {
    core::CallId(name.number().into())
}

pub(super) fn handle_id(name: model::Name) -> core::HandleId {
    core::HandleId(call_id(name))
}

pub(super) fn session_id(name: model::Name) -> core::SessionId {
    core::SessionId(call_id(name))
}

pub(super) fn service_id(service: model::Service) -> core::ServiceId {
    core::ServiceId(service.index() as u16)
}

pub(super) fn provider_id(provider: Provider) -> core::ProviderId {
    core::ProviderId(provider.index() as u16)
}

pub(super) fn profile_key(profile: Profile) -> core::ProfileKey {
    core::ProfileKey(profile.index() as u128 + 1)
}

pub(super) fn name(call: core::CallId) -> Result<model::Name, String> {
    let number = call.0.checked_sub(1).and_then(|number| usize::try_from(number).ok());
    let place = number.and_then(|it| {
        let client = Client::ALL.get(it / model::Name::PER_CLIENT)?;
        Some(model::Name::new(*client, it % model::Name::PER_CLIENT))
    });
    place.ok_or_else(|| format!("the core speaks of {call:?}, which nobody made"))
}

pub(super) fn service(service: core::ServiceId) -> Result<model::Service, String> {
    let found = model::Service::ALL.into_iter().find(|it| service_id(*it) == service);
    found.ok_or_else(|| format!("the core speaks of {service:?}, which no profile has"))
}

pub(super) fn provider(provider: core::ProviderId) -> Result<Provider, String> {
    let found = Provider::ALL.into_iter().find(|it| provider_id(*it) == provider);
    found.ok_or_else(|| format!("the core speaks of {provider:?}, which no profile has"))
}
