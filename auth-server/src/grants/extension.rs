//! Grants that whoever embeds the server adds ([RFC 6749 §4.5](https://www.rfc-editor.org/rfc/rfc6749#section-4.5)).

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use symbolon::error::ErrorCode;
use symbolon::parameters::Parameters;
use symbolon::scope::Scope;
use symbolon::token::{ExtensionGrantType, GrantType};

use crate::clients::authentication::AuthenticatedClient;
use crate::stores::StoreError;

mod exchange;

pub use exchange::ExtensionGrantExchange;

/// How many grants can be added: each is a label of metrics.
const MOST_GRANTS: usize = 16;

/// Characters of the longest description of a refusal.
const LONGEST_DESCRIPTION: usize = 200;

/// A way to a token that the server does not have itself. It is asked after the client has proved who it is, only for
/// clients that are registered for it, and decides who gives access; the server does the rest: it looks the owner up,
/// keeps the scope within what was asked for, issues, records and counts.
#[async_trait]
pub trait ExtensionGrant: Send + Sync {
    /// The value of `grant_type` that asks for it, the same every time: a URI or a word (RFC 6749 §4.5, appendix A.10). It
    /// is the word in `grant_types` of registrations, in the metadata, in the audit stream, and a label of metrics.
    fn grant_type(&self) -> &'static str;

    /// Decides. What takes longer than ten seconds counts as [`NotGranted::Unavailable`].
    ///
    /// Nothing here brakes guessing: what can be guessed needs a limit of its own, for which
    /// [`ExtensionRequest::address`] says where the request comes from.
    async fn decide(&self, request: &ExtensionRequest<'_>) -> Result<Granted, NotGranted>;
}

/// What an extension grant is asked.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct ExtensionRequest<'a> {
    /// Who asks. It has proved who it is, unless it is public.
    pub client: &'a AuthenticatedClient,
    /// What for: as much of its registration as it named, or all of that.
    pub scope: &'a Scope,
    /// Everything else that was sent, each name once, without the client's credentials. Some of it may be secret: it
    /// must not go into logs.
    pub parameters: &'a Parameters,
    /// Where the request comes from.
    pub address: &'a str,
}

impl ExtensionRequest<'_> {
    /// The value of a parameter; `None` when it was not sent, or without a value.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let mut sent = self.parameters.iter();
        let (_, value) = sent.find(|(known, _)| *known == name)?;
        Some(value).filter(|value| !value.is_empty())
    }
}

/// What an extension grant gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Granted {
    owner: Option<String>,
    scope: Option<Scope>,
    refresh_token: bool,
}

impl Granted {
    /// Access to what an owner has. The account has to be there, in the settings, the store or a registry of owners: the
    /// token has its authorities, and ends with it. With a refresh token, where the client is registered for that.
    pub fn by_owner(name: impl Into<String>) -> Self {
        Self {
            owner: Some(name.into()),
            scope: None,
            refresh_token: true,
        }
    }

    /// Access to what the client has itself, with its own authorities; without a refresh token.
    pub const fn by_the_client() -> Self {
        Self {
            owner: None,
            scope: None,
            refresh_token: false,
        }
    }

    /// Less than was asked for. What was not asked for is not given, and nothing at all is a refusal.
    #[must_use]
    pub fn narrowed_to(mut self, scope: Scope) -> Self {
        self.scope = Some(scope);
        self
    }

    /// With a refresh token or without. Only clients that are registered for `refresh_token` get one.
    #[must_use]
    pub const fn with_refresh_token(mut self, wanted: bool) -> Self {
        self.refresh_token = wanted;
        self
    }
}

/// Why an extension grant gives nothing.
#[derive(Debug)]
pub enum NotGranted {
    /// The caller is told no.
    Refused(GrantRefusal),
    /// Nobody can tell now. The reason goes to the log, and the caller is told to come back later.
    Unavailable(Box<dyn Error + Send + Sync>),
}

impl From<GrantRefusal> for NotGranted {
    fn from(refusal: GrantRefusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<StoreError> for NotGranted {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.into())
    }
}

/// A no, as the caller is told (RFC 6749 §5.2).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{description}")]
pub struct GrantRefusal {
    code: ErrorCode,
    description: String,
}

impl GrantRefusal {
    /// A no with this code, and a text for whoever develops the client. It must not repeat what was sent. Characters that
    /// RFC 6749 does not allow there are replaced, and of a long text the beginning is told.
    pub fn new(code: ErrorCode, description: &str) -> Self {
        let is_allowed = |character: &char| matches!(character, ' ' | '!' | '#'..='[' | ']'..='~');
        let characters = description.chars().take(LONGEST_DESCRIPTION);
        let readable = characters.map(|one| Some(one).filter(is_allowed).unwrap_or('?'));
        Self {
            code,
            description: readable.collect(),
        }
    }

    /// The `error` of the answer.
    pub const fn code(&self) -> &ErrorCode {
        &self.code
    }
}

/// Why a grant cannot be added.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExtensionGrantFault {
    /// It has the name of a grant that is there already, or one that no grant can have.
    #[error(
        "the grant `{0}` cannot be added; accepted: a name of letters, digits and -._~:/, at most 63 of them, that no other \
         grant has"
    )]
    Name(String),
    /// There are too many.
    #[error("the grant `{0}` is one too many; accepted: {MOST_GRANTS} grants")]
    TooMany(String),
}

/// The grants that were added.
#[derive(Clone, Default)]
pub struct ExtensionGrants(Arc<[(ExtensionGrantType, Arc<dyn ExtensionGrant>)]>);

impl fmt::Debug for ExtensionGrants {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.names()).finish()
    }
}

impl ExtensionGrants {
    /// These and one more. It can take the name of no other grant.
    pub fn with(&self, grant: Arc<dyn ExtensionGrant>) -> Result<Self, ExtensionGrantFault> {
        let word = grant.grant_type();
        let name = ExtensionGrantType::parse(word).filter(|name| self.find(name).is_none());
        let name = name.ok_or_else(|| ExtensionGrantFault::Name(word.to_owned()))?;
        if self.0.len() >= MOST_GRANTS {
            return Err(ExtensionGrantFault::TooMany(word.to_owned()));
        }
        let all = self.0.iter().cloned().chain([(name, grant)]);
        Ok(Self(all.collect()))
    }

    /// Their names.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|(_, grant)| grant.grant_type())
    }

    /// Whether there is such a grant here: each of RFC 6749, and what was added.
    pub fn have(&self, grant_type: &GrantType) -> bool {
        match grant_type {
            GrantType::Extension(name) => self.find(name).is_some(),
            GrantType::AuthorizationCode
            | GrantType::Implicit
            | GrantType::Password
            | GrantType::ClientCredentials
            | GrantType::RefreshToken => true,
        }
    }

    fn find(&self, name: &ExtensionGrantType) -> Option<&Arc<dyn ExtensionGrant>> {
        let (_, grant) = self.0.iter().find(|(known, _)| known == name)?;
        Some(grant)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Named(&'static str);

    #[async_trait]
    impl ExtensionGrant for Named {
        fn grant_type(&self) -> &'static str {
            self.0
        }

        async fn decide(&self, _: &ExtensionRequest<'_>) -> Result<Granted, NotGranted> {
            Ok(Granted::by_the_client())
        }
    }

    #[test]
    fn a_grant_cannot_take_the_place_of_another() {
        let one = ExtensionGrants::default().with(Arc::new(Named("custom")));
        let one = one.unwrap();
        for name in ["custom", "password", "implicit", "", "a b"] {
            let refused = one.with(Arc::new(Named(name))).unwrap_err();
            assert_eq!(refused, ExtensionGrantFault::Name(name.to_owned()));
        }
        let two = one.with(Arc::new(Named("urn:example:two"))).unwrap();
        assert!(two.names().eq(["custom", "urn:example:two"]));
    }

    #[test]
    fn there_are_as_many_grants_as_there_may_be_labels() {
        let mut names = (0..=MOST_GRANTS).map(|number| &*format!("grant-{number}").leak());
        let mut grants = ExtensionGrants::default();
        for name in names.by_ref().take(MOST_GRANTS) {
            grants = grants.with(Arc::new(Named(name))).unwrap();
        }
        let last = names.next_back().unwrap();
        let refused = grants.with(Arc::new(Named(last))).unwrap_err();
        assert_eq!(refused, ExtensionGrantFault::TooMany(last.to_owned()));
    }

    #[test]
    fn a_refusal_is_fit_for_a_header() {
        let text = format!("a \"quote\"\r\n{}", "x".repeat(1_000));
        let refusal = GrantRefusal::new(ErrorCode::InvalidGrant, &text).to_string();
        assert!(refusal.starts_with("a ?quote???x"), "{refusal}");
        assert_eq!(refusal.len(), LONGEST_DESCRIPTION);
    }
}
