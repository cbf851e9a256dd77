//! The checks of what a scope says of profile administration and of fast shutdown.

use toml::Spanned;

use super::{RESERVED, Reader, ScopeError};
use crate::{
    Edit, EditCall, FastPolicy, Label, NewName, Profile, Scope, SourceName,
    scope::file::{FileEdit, FileEditCall},
};

/// The most calls of profile administration that a scope may have; more would not fit in a byte.
const MAX_EDITS: usize = u8::MAX as usize;

impl Reader<'_> {
    pub(super) fn policy(self, number: Option<&Spanned<u8>>) -> Result<FastPolicy, ScopeError> {
        let Some(number) = number else { return Ok(FastPolicy::default()) };
        match *number.get_ref() {
            0 => Ok(FastPolicy::AllowUnlessRefused),
            1 => Ok(FastPolicy::AllowIfAllConsent),
            2 => Ok(FastPolicy::Refuse),
            other => {
                let what = format!("fast_shutdown = {other}; expected the policy 0, 1 or 2");
                self.error(number.span(), what)
            }
        }
    }

    /// How many of its services a profile has at the start.
    pub(super) fn present(
        self,
        listed: usize,
        present: Option<&Spanned<u8>>,
    ) -> Result<u8, ScopeError> {
        match present {
            None => Ok(listed as u8),
            Some(present) if usize::from(*present.get_ref()) > listed => {
                let count = present.get_ref();
                let what = format!("present = {count}; the profile lists {listed} services");
                self.error(present.span(), what)
            }
            Some(present) => Ok(*present.get_ref()),
        }
    }

    pub(super) fn profiles_at_once(
        self,
        scope: &Scope,
        most: Option<&Spanned<u8>>,
    ) -> Result<u8, ScopeError> {
        let listed = scope.profiles.len();
        let Some(most) = most else { return Ok(listed as u8) };
        match self.within("profiles", most, Profile::ALL.len())? {
            few if usize::from(few) < listed => {
                self.error(most.span(), format!("profiles = {few}; {listed} are listed"))
            }
            enough => Ok(enough),
        }
    }

    /// The names are those of the profiles, and those that a call gives to one.
    pub(super) fn add_edits(
        self,
        scope: &mut Scope,
        edits: &[Spanned<FileEdit>],
    ) -> Result<(), ScopeError> {
        scope.labels = scope.profiles.iter().map(|profile| profile.name.clone()).collect();
        for name in edits.iter().filter_map(|edit| edit.get_ref().to.as_ref()) {
            let is_new = scope.label_named(name.get_ref()).is_none();
            if name.get_ref() == "malformed" || !is_new {
                continue;
            }
            if RESERVED.contains(&name.get_ref().as_str()) {
                let what = format!("`{}` cannot be the name of a profile", name.get_ref());
                return self.error(name.span(), what);
            }
            if scope.labels.len() == Label::ALL.len() {
                let what = format!("at most {} names of profiles fit", Label::ALL.len());
                return self.error(name.span(), what);
            }
            scope.labels.push(name.get_ref().clone());
        }
        for edit in edits {
            let FileEdit { name, app, by, .. } = edit.get_ref();
            if name.is_empty() || scope.edit_named(name).is_some() {
                let what = format!("`{name}` cannot be the name of one more call");
                return self.error(edit.span(), what);
            }
            if scope.edits.len() == MAX_EDITS {
                return self.error(edit.span(), format!("more than {MAX_EDITS} calls"));
            }
            let call = self.edit_call(scope, edit)?;
            scope.edits.push(Edit { name: name.clone(), call, app: *app, by: by.clone() });
        }
        Ok(())
    }

    fn edit_call(self, scope: &Scope, edit: &Spanned<FileEdit>) -> Result<EditCall, ScopeError> {
        let FileEdit { call, profile, to, .. } = edit.get_ref();
        let from = || match profile {
            Some(name) => self.source_name(scope, name),
            None => self.error(edit.span(), "expected the `profile` that it is about"),
        };
        let new = || match to {
            Some(name) => self.new_name(scope, name),
            None => self.error(edit.span(), "expected the name that it gives: `to`"),
        };
        let (takes_profile, takes_to) = match call {
            FileEditCall::Create => (false, true),
            FileEditCall::Copy | FileEditCall::Rename => (true, true),
            FileEditCall::Delete | FileEditCall::SetDefault => (true, false),
        };
        if let Some(name) = profile.as_ref().filter(|_| !takes_profile) {
            return self.error(name.span(), "this call is about no `profile` that there is");
        }
        if let Some(name) = to.as_ref().filter(|_| !takes_to) {
            return self.error(name.span(), "this call gives no name: no `to`");
        }
        Ok(match call {
            FileEditCall::Create => EditCall::Create { to: new()? },
            FileEditCall::Copy => EditCall::Copy { from: from()?, to: new()? },
            FileEditCall::Delete => EditCall::Delete { from: from()? },
            FileEditCall::Rename => EditCall::Rename { from: from()?, to: new()? },
            FileEditCall::SetDefault => match profile {
                Some(name) if name.get_ref() == "none" => EditCall::SetDefault { to: None },
                Some(_) | None => EditCall::SetDefault { to: Some(from()?) },
            },
        })
    }

    fn source_name(self, scope: &Scope, name: &Spanned<String>) -> Result<SourceName, ScopeError> {
        Ok(match name.get_ref().as_str() {
            "absent" => SourceName::Absent,
            "malformed" => SourceName::Malformed,
            _ => SourceName::Of(self.label(scope, name)?),
        })
    }

    fn new_name(self, scope: &Scope, name: &Spanned<String>) -> Result<NewName, ScopeError> {
        Ok(match name.get_ref().as_str() {
            "malformed" => NewName::Malformed,
            _ => NewName::Of(self.label(scope, name)?),
        })
    }

    /// A name that a profile can come to bear: any other would better be called absent.
    pub(super) fn label(self, scope: &Scope, name: &Spanned<String>) -> Result<Label, ScopeError> {
        match scope.label_named(name.get_ref()) {
            Some(label) => Ok(label),
            None => {
                let known = scope.labels.join(", ");
                let what = format!("unknown profile `{}`; expected one of {known}", name.get_ref());
                self.error(name.span(), what)
            }
        }
    }
}
