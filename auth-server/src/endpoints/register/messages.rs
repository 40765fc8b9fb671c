//! What is said about a client: RFC 7591 §2 and §3.2.1, RFC 7592 §2.2 and §3. What is not read is ignored (RFC 7591 §2).

use std::collections::BTreeSet;

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use symbolon::identifiers::ClientId;
use symbolon::scope::Scope;
use symbolon::secret::{self, Secret};
use symbolon::token::GrantType;
use url::Url;

use crate::clients::self_registration::Wishes;
use crate::records::ClientRegistration;

/// `token_endpoint_auth_method` of a client without a secret.
const NONE: &str = "none";
/// Those of a client with one, the usual one first.
const BY_SECRET: [&str; 2] = ["client_secret_basic", "client_secret_post"];
/// The one response type of such clients.
const CODE: &str = "code";

/// Client metadata as it comes.
#[derive(Debug, Default, Deserialize)]
pub(in crate::endpoints) struct ClientMetadata {
    redirect_uris: Option<Vec<String>>,
    token_endpoint_auth_method: Option<String>,
    grant_types: Option<Vec<String>>,
    response_types: Option<Vec<String>>,
    client_name: Option<String>,
    client_uri: Option<String>,
    logo_uri: Option<String>,
    scope: Option<String>,
    contacts: Option<Vec<String>>,
    tos_uri: Option<String>,
    policy_uri: Option<String>,
    /// RFC 7591 §2.3: somebody else vouches for it.
    pub(super) software_statement: Option<IgnoredAny>,
    /// In an update alone: whose it is, and what it proves itself with.
    pub(super) client_id: Option<String>,
    pub(super) client_secret: Option<Secret>,
    /// RFC 7592 §2.2: an update has none of these.
    registration_access_token: Option<IgnoredAny>,
    registration_client_uri: Option<IgnoredAny>,
    client_secret_expires_at: Option<IgnoredAny>,
    client_id_issued_at: Option<IgnoredAny>,
}

/// Why metadata means nothing here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum MetadataError {
    #[error(
        "token_endpoint_auth_method is none of client_secret_basic, client_secret_post and none"
    )]
    AuthMethod,
    #[error("response_types holds something else than code")]
    ResponseType,
    #[error("response_types and grant_types do not fit: code comes with authorization_code")]
    ResponseTypeWithoutGrant,
    #[error("grant_types holds a name that is none of a grant")]
    GrantType,
    #[error("scope holds a name that is none of a scope")]
    Scope,
    #[error("an update holds what the server alone says")]
    OfTheServer,
}

impl ClientMetadata {
    /// Whether it holds what a client must not send in an update (RFC 7592 §2.2).
    pub(super) fn check_update(&self) -> Result<(), MetadataError> {
        let of_the_server = [
            self.registration_access_token.is_some(),
            self.registration_client_uri.is_some(),
            self.client_secret_expires_at.is_some(),
            self.client_id_issued_at.is_some(),
        ];
        if of_the_server.contains(&true) {
            return Err(MetadataError::OfTheServer);
        }
        Ok(())
    }

    /// What is wished for. Who says nothing about scopes wishes for all of `scope`.
    pub(super) fn wishes(self, scope: &Scope) -> Result<Wishes, MetadataError> {
        let is_public = match self.token_endpoint_auth_method.as_deref() {
            Some(NONE) => true,
            None => false,
            Some(method) if BY_SECRET.contains(&method) => false,
            Some(_) => return Err(MetadataError::AuthMethod),
        };
        let said = |text: Option<String>| text.filter(|text| !text.is_empty());
        let scope = match said(self.scope) {
            Some(text) => Scope::parse(&text).map_err(|_| MetadataError::Scope)?,
            None => scope.clone(),
        };
        Ok(Wishes {
            client_name: self.client_name.unwrap_or_default(),
            redirect_uris: self.redirect_uris.unwrap_or_default(),
            grant_types: grants(self.grant_types, self.response_types.as_deref())?,
            scope,
            is_public,
            client_uri: said(self.client_uri),
            logo_uri: said(self.logo_uri),
            policy_uri: said(self.policy_uri),
            tos_uri: said(self.tos_uri),
            contacts: self.contacts.unwrap_or_default(),
        })
    }
}

/// RFC 7591 §2.1: what is left out follows from the other.
fn grants(
    grant_types: Option<Vec<String>>,
    response_types: Option<&[String]>,
) -> Result<BTreeSet<GrantType>, MetadataError> {
    let words =
        grant_types.unwrap_or_else(|| vec![GrantType::AuthorizationCode.as_str().to_owned()]);
    let grants = words.iter().map(|word| GrantType::parse(word));
    let grants: Option<BTreeSet<GrantType>> = grants.collect();
    let grants = grants.ok_or(MetadataError::GrantType)?;
    let has_code = grants.contains(&GrantType::AuthorizationCode);
    match response_types {
        Some(types) if types.iter().any(|word| word != CODE) => Err(MetadataError::ResponseType),
        Some(types) if types.is_empty() == has_code => Err(MetadataError::ResponseTypeWithoutGrant),
        Some(_) | None => Ok(grants),
    }
}

/// A client information response (RFC 7591 §3.2.1).
#[derive(Debug, Serialize)]
pub(super) struct ClientInformation<'a> {
    client_id: &'a ClientId,
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "secret::expose_option"
    )]
    client_secret: Option<Secret>,
    /// Required beside a secret; 0: it does not expire.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret_expires_at: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id_issued_at: Option<u64>,
    #[serde(serialize_with = "secret::expose")]
    registration_access_token: &'a Secret,
    registration_client_uri: Url,
    client_name: &'a str,
    redirect_uris: &'a [String],
    grant_types: &'a [GrantType],
    response_types: &'static [&'static str],
    token_endpoint_auth_method: &'static str,
    scope: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_uri: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    logo_uri: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy_uri: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tos_uri: Option<&'a str>,
    #[serde(skip_serializing_if = "slice_is_empty")]
    contacts: &'a [String],
}

impl<'a> ClientInformation<'a> {
    /// What a client is told of itself, which manages itself with this token. A secret is told once, when it is new.
    pub(super) fn of(
        client: &'a ClientRegistration,
        registration_access_token: &'a Secret,
        new_secret: Option<Secret>,
        endpoint: &Url,
    ) -> Self {
        let is_public = client.client_secret.is_none();
        let by_code = client.grant_types.contains(&GrantType::AuthorizationCode);
        let [basic, _] = BY_SECRET;
        Self {
            client_id: &client.client_id,
            client_secret_expires_at: new_secret.is_some().then_some(0),
            client_secret: new_secret,
            client_id_issued_at: client.registered.as_ref().map(|it| it.at.as_secs()),
            registration_access_token,
            registration_client_uri: management_url(endpoint, &client.client_id),
            client_name: &client.client_name,
            redirect_uris: &client.redirect_uris,
            grant_types: &client.grant_types,
            response_types: if by_code { &[CODE] } else { &[] },
            token_endpoint_auth_method: if is_public { NONE } else { basic },
            scope: client.scope.to_string(),
            client_uri: client.client_uri.as_deref(),
            logo_uri: client.logo_uri.as_deref(),
            policy_uri: client.policy_uri.as_deref(),
            tos_uri: client.tos_uri.as_deref(),
            contacts: &client.contacts,
        }
    }
}

/// Where a client is managed (RFC 7592 §3): "as a query parameter".
fn management_url(endpoint: &Url, id: &ClientId) -> Url {
    let mut url = endpoint.clone();
    url.query_pairs_mut().append_pair("client_id", id.as_str());
    url
}

const fn slice_is_empty(list: &&[String]) -> bool {
    list.is_empty()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn wishes(said: Value) -> Result<Wishes, MetadataError> {
        let said: ClientMetadata = serde_json::from_value(said).unwrap();
        said.wishes(&Scope::parse("photo.read").unwrap())
    }

    #[test]
    fn what_is_left_out_is_as_the_rfc_says() {
        let wishes = wishes(json!({"unknown": 7, "jwks": {}, "client_name#ru": "Имя"})).unwrap();
        let grants = BTreeSet::from([GrantType::AuthorizationCode]);
        assert_eq!(wishes.grant_types, grants);
        assert!(!wishes.is_public);
        assert_eq!(wishes.scope.to_string(), "photo.read");
    }

    #[test]
    fn what_does_not_fit_together_is_refused() {
        for (said, error) in [
            (
                json!({"token_endpoint_auth_method": "private_key_jwt"}),
                MetadataError::AuthMethod,
            ),
            (
                json!({"response_types": ["token"]}),
                MetadataError::ResponseType,
            ),
            (
                json!({"response_types": []}),
                MetadataError::ResponseTypeWithoutGrant,
            ),
            (
                json!({"response_types": ["code"], "grant_types": ["client_credentials"]}),
                MetadataError::ResponseTypeWithoutGrant,
            ),
            (json!({"grant_types": ["a b"]}), MetadataError::GrantType),
            (json!({"scope": "a\"b"}), MetadataError::Scope),
        ] {
            assert_eq!(wishes(said.clone()).unwrap_err(), error, "{said}");
        }
    }

    #[test]
    fn an_update_says_nothing_that_is_the_servers_to_say() {
        for name in [
            "registration_access_token",
            "registration_client_uri",
            "client_secret_expires_at",
            "client_id_issued_at",
        ] {
            let said: ClientMetadata = serde_json::from_value(json!({name: 1})).unwrap();
            assert_eq!(
                said.check_update(),
                Err(MetadataError::OfTheServer),
                "{name}"
            );
        }
    }
}
