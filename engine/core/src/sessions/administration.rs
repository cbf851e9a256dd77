//! Administration: edits of profiles, and of the services that later sessions find in them.
//!
//! What is known of profiles comes with the call, and what is done to them goes out as an effect.
//! What is decided here is what only [`Sessions`] knows: whether a session is on the profile, so
//! that an edit has to wait for its end (D-17). No edit reaches a session that is there: each keeps
//! the services that it was built with (`ADM-19`).

use super::{Handle, Sessions};
use crate::administration::{
    AdminRequest, Copies, NameUse, ServiceAdminRequest, ServiceUse, Source,
};
use crate::answer::Answer;
use crate::effect::{Effect, Step};
use crate::error::{AdminError, ServiceAdminError};
use crate::event::{Profile, Visibility};
use crate::id::{CallId, ClientId, HandleId, ProfileKey};
use crate::request::AppProfiles;
use crate::rule::Rule;

/// Why an edit is refused, and by which rule.
type Refusal = (Rule, AdminError);

impl Sessions {
    pub(super) fn administer(
        &mut self,
        call: CallId,
        client: ClientId,
        request: Result<AdminRequest, AdminError>,
    ) -> Step {
        let answer = |result| Effect::Answer { call, answer: Answer::Administered(result) };
        if !self.clients.contains_key(&client) {
            let error = AdminError::NotInitialized;
            return Step::new(Rule::RefuseUninitialized, [answer(Err(error))]);
        }
        let taken_back = self.take_standing_back(client);
        let edit = match request {
            Ok(request) => self.edit(call, request),
            Err(error) => Err((Rule::RefuseMalformedProfileName, error)),
        };
        let step = match edit {
            Ok((rule, order)) => Step::new(rule, [order, answer(Ok(()))]),
            Err((rule, error)) => Step::new(rule, [answer(Err(error))]),
        };
        step.preceded_by(taken_back)
    }

    /// What an edit comes to, the refusals in their order.
    fn edit(&self, call: CallId, request: AdminRequest) -> Result<(Rule, Effect), Refusal> {
        Ok(match request {
            AdminRequest::Create { name } => {
                name.check_unborne()?;
                (Rule::CreateProfile, Effect::CreateProfile { call })
            }
            AdminRequest::Copy { source, name } => {
                let source = source.visible()?;
                name.check_unborne()?;
                (Rule::CopyProfile, Effect::CopyProfile { call, source })
            }
            AdminRequest::Delete { source } => {
                let profile = source.visible()?;
                if self.is_in_use(profile) {
                    (Rule::MarkProfile, Effect::MarkProfile { profile }) // ADM-10
                } else {
                    (Rule::RemoveProfile, Effect::RemoveProfile { profile })
                }
            }
            AdminRequest::Rename { source, name } => {
                let profile = source.visible()?;
                match name {
                    NameUse::Own => (Rule::TakeBackRename, Effect::TakeBackRename { profile }),
                    NameUse::Taken => return Err(TAKEN),
                    NameUse::Free if self.is_in_use(profile) => {
                        (Rule::DeferRename, Effect::DeferRename { call, profile }) // ADM-14
                    }
                    NameUse::Free => (Rule::RenameProfile, Effect::RenameProfile { call, profile }),
                }
            }
            AdminRequest::SetDefault { found } => {
                let Profile { key, visibility, .. } = found.ok_or(ABSENT)?;
                match visibility {
                    Visibility::Ordinary => {
                        let profile = Some(key);
                        (Rule::SetDefaultProfile, Effect::SetDefaultProfile { profile })
                    }
                    Visibility::App => {
                        let error = AdminError::AppProfileAsDefault;
                        return Err((Rule::RefuseAppProfileAsDefault, error));
                    }
                }
            }
            AdminRequest::ClearDefault => {
                (Rule::ClearDefaultProfile, Effect::SetDefaultProfile { profile: None })
            }
        })
    }

    pub(super) fn administer_services(
        &mut self,
        call: CallId,
        client: ClientId,
        handle: HandleId,
        request: ServiceAdminRequest,
    ) -> Step {
        let answer = |result| Effect::Answer { call, answer: Answer::ServicesAdministered(result) };
        let refuse = |rule, error| Step::new(rule, [answer(Err(error))]);
        if !self.clients.contains_key(&client) {
            return refuse(Rule::RefuseUninitialized, ServiceAdminError::NotInitialized);
        }
        let Some(Handle::Live(live)) = self.handle_of(client, handle) else {
            return refuse(Rule::RefuseHandle, ServiceAdminError::InvalidHandle);
        };
        let session = live.seat.session;
        let profile = self.sessions.session(session).profile;
        let taken_back = self.take_standing_back(client);
        let step = match request {
            ServiceAdminRequest::Add { service: ServiceUse::Unknown } => {
                refuse(Rule::RefuseUnknownService, ServiceAdminError::ServiceNotFound)
            }
            ServiceAdminRequest::Add { service: ServiceUse::Present(Copies::Single) } => {
                refuse(Rule::RefuseSecondCopy, ServiceAdminError::SecondCopy)
            }
            ServiceAdminRequest::Add {
                service: ServiceUse::Absent | ServiceUse::Present(Copies::Many),
            } => {
                let order = Effect::AddService { call, profile };
                Step::new(Rule::AddService, [order, answer(Ok(()))])
            }
            ServiceAdminRequest::Delete { service: ServiceUse::Present(_) } => {
                let order = Effect::DeleteService { call, profile };
                Step::new(Rule::DeleteService, [order, answer(Ok(()))])
            }
            ServiceAdminRequest::Delete { service: ServiceUse::Absent | ServiceUse::Unknown } => {
                refuse(Rule::RefuseAbsentService, ServiceAdminError::ServiceNotFound)
            }
        };
        step.preceded_by(taken_back)
    }
}

const ABSENT: Refusal = (Rule::RefuseAbsentProfile, AdminError::ProfileNotFound);
const TAKEN: Refusal = (Rule::RefuseTakenName, AdminError::NameTaken);

impl Source {
    /// The profile that is meant, if the caller may see it (`ADM-02`, `ADM-03`).
    fn visible(self) -> Result<ProfileKey, Refusal> {
        let Profile { key, visibility, .. } = self.found.ok_or(ABSENT)?;
        match (visibility, self.app_profiles) {
            (Visibility::Ordinary, AppProfiles::Hidden | AppProfiles::Listed)
            | (Visibility::App, AppProfiles::Listed) => Ok(key),
            (Visibility::App, AppProfiles::Hidden) => {
                Err((Rule::RefuseHiddenSource, AdminError::AppProfileHidden))
            }
        }
    }
}

impl NameUse {
    /// Whether a profile that is new can have the name (`ADM-24`).
    fn check_unborne(self) -> Result<(), Refusal> {
        match self {
            Self::Free => Ok(()),
            Self::Own | Self::Taken => Err(TAKEN),
        }
    }
}
