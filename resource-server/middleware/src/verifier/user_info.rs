//! Asking a user-info endpoint who the owner of a token is, as Spring Boot's `UserInfoTokenServices` does. The endpoint
//! lets in who has a good token, and says who they are; what else the token stands for it does not know.

use async_trait::async_trait;
use reqwest::StatusCode;
use reqwest::header::HeaderValue;
use serde_json::Value;
use symbolon::calls::Answer;
use symbolon::identifiers::ClientId;
use symbolon::members::Members;
use symbolon::scope::Scope;
use symbolon::secret::Secret;
use url::Url;

use crate::authentication::{Authentication, TokenFacts};
use crate::verdict::{InvalidToken, VerificationError};
use crate::verifier::TokenVerifier;
use crate::verifier::transport::{Transport, TransportError, nonsense, unhelpful};

/// Where the owner's name is looked for, in this order.
const NAMES: [&str; 7] = [
    "user", "username", "userid", "user_id", "login", "id", "name",
];
/// Where the name of an authority is looked for that is an object of several members.
const AUTHORITY_NAMES: [&str; 3] = ["authority", "role", "value"];
/// What an owner may do of whom the endpoint does not say it.
const USUAL_AUTHORITY: &str = "ROLE_USER";

/// Asks a user-info endpoint with the token itself.
///
/// Any authorization server's token is good here that the endpoint lets in, whoever it was issued to and whatever for: so
/// the endpoint has to be one that takes tokens meant for this service only. Where the authorization server has a
/// `check_token`, an introspection or keys, those say more.
#[derive(Clone, Debug)]
pub struct UserInfoVerifier {
    transport: Transport,
    url: Url,
    token_type: String,
    client_id: Option<ClientId>,
    scope: Scope,
}

impl UserInfoVerifier {
    /// Asks the endpoint at `url`. The credentials of the transport are not sent.
    pub fn new(transport: Transport, url: Url) -> Result<Self, TransportError> {
        transport.check(&url)?;
        Ok(Self {
            transport,
            url,
            token_type: "Bearer".to_owned(),
            client_id: None,
            scope: Scope::default(),
        })
    }

    /// The word before the token in the header, where the endpoint wants another one than `Bearer`.
    #[must_use]
    pub fn token_type(mut self, token_type: impl Into<String>) -> Self {
        self.token_type = token_type.into();
        self
    }

    /// Whose tokens these are; the endpoint does not say it.
    #[must_use]
    pub fn client_id(mut self, client_id: impl Into<String>) -> Self {
        self.client_id = Some(ClientId::new(client_id));
        self
    }

    /// What such a token opens; the endpoint does not say it either. Default: no scope.
    #[must_use]
    pub fn scope(mut self, scope: Scope) -> Self {
        self.scope = scope;
        self
    }

    fn facts(&self, answer: &Answer) -> Result<TokenFacts, VerificationError> {
        match answer.status {
            StatusCode::OK => {}
            StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                return Err(InvalidToken::Refused.into());
            }
            status => return Err(unhelpful(status)),
        }
        let said = Members::decode("user info", &answer.body)
            .map_err(|_| nonsense("its user info is not a JSON object"))?;
        if said.contains("error") {
            return Err(InvalidToken::Refused.into());
        }
        // Two owners without a name would be one, and see what belongs to the other.
        let owner = owner(&said).ok_or_else(|| nonsense("its user info names nobody"))?;
        Ok(TokenFacts {
            client_id: self.client_id.clone(),
            owner: Some(owner),
            scope: self.scope.clone(),
            authorities: authorities(&said),
            claims: said.into_map(),
            ..TokenFacts::default()
        })
    }
}

#[async_trait]
impl TokenVerifier for UserInfoVerifier {
    async fn verify(&self, token: &Secret) -> Result<Authentication, VerificationError> {
        let authorization = Secret::new(format!("{} {}", self.token_type, token.expose()));
        // What no header can hold is no token (RFC 6750 §2.1).
        if HeaderValue::from_str(authorization.expose()).is_err() {
            return Err(InvalidToken::Refused.into());
        }
        let answer = self.transport.fetch_as(&self.url, &authorization).await?;
        Ok(self.facts(&answer)?.into())
    }
}

/// The name of the owner; where an object stands under the first name, one within it.
fn owner(said: &Members) -> Option<String> {
    let found = first(said)?;
    if let Some(Value::Object(person)) = said.value(found) {
        let person = Members::of("user info", person.clone());
        return person.text(first(&person)?).ok().flatten();
    }
    said.text(found).ok().flatten()
}

fn first(said: &Members) -> Option<&'static str> {
    NAMES.into_iter().find(|name| said.contains(name))
}

fn authorities(said: &Members) -> Vec<String> {
    match said.value("authorities") {
        None => vec![USUAL_AUTHORITY.to_owned()],
        Some(Value::Array(list)) => list.iter().filter_map(authority).collect(),
        Some(one) => authority(one).into_iter().collect(),
    }
}

/// A text, or an object that has one: the only one that is in it, or by its usual names.
fn authority(said: &Value) -> Option<String> {
    let text = match said.as_object() {
        Some(members) if members.len() == 1 => members.values().next()?,
        Some(members) => AUTHORITY_NAMES
            .into_iter()
            .find_map(|name| members.get(name))?,
        None => said,
    };
    text.as_str()
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}
