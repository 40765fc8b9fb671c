//! The claims of an access token that is a JWT, in both dialects: Spring's
//! (`user_name`, `authorities`, `scope` as an array) and the standard's
//! ([RFC 9068](https://www.rfc-editor.org/rfc/rfc9068)).

use serde::Serialize;
use serde_json::Value;

use crate::clock::Timestamp;
use crate::identifiers::ClientId;
use crate::members::{Members, UnreadableMember};
use crate::scope::Scope;

/// `typ` of the header in the Spring dialect.
pub const SPRING_TYPE: &str = "JWT";
/// `typ` of the header of RFC 9068 §2.1.
pub const STANDARD_TYPE: &str = "at+jwt";

/// Claims in the Spring dialect. There is no `iss`, `sub` or `iat`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SpringClaims {
    /// The resource ids where it is good.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aud: Vec<String>,
    /// Whose data it opens; absent when the client acts for itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
    /// What may be done.
    pub scope: Scope,
    /// Of a refresh token: the id of the access token that it came with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ati: Option<String>,
    /// When it expires; absent when it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exp: Option<Timestamp>,
    /// The owner's authorities, or the client's when it acts for itself.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authorities: Vec<String>,
    /// The token's own id.
    pub jti: String,
    /// Who the token is for.
    pub client_id: ClientId,
}

/// Claims of RFC 9068 §2.2.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StandardClaims {
    /// Who issued it.
    pub iss: String,
    /// The owner, or the client when it acts for itself.
    pub sub: String,
    /// The resource ids where it is good.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aud: Vec<String>,
    /// Who the token is for.
    pub client_id: ClientId,
    /// What may be done: names separated by blanks.
    pub scope: String,
    /// The owner's authorities, or the client's when it acts for itself (RFC 9068 §2.2.3.1 names such
    /// attributes `roles` and `entitlements`; this is the word of the other dialect).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authorities: Vec<String>,
    /// When it was issued.
    pub iat: Timestamp,
    /// When it expires.
    pub exp: Timestamp,
    /// The token's own id.
    pub jti: String,
}

/// What an issuer calls those claims that each calls differently. Of each list the first that a token has
/// counts. The default knows both dialects and the usual names of others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimNames {
    /// Who the token is for: a text.
    pub client_id: Vec<String>,
    /// Whose data it opens: a text. `sub` names the client itself when no owner is involved
    /// (RFC 9068 §2.2), and then nobody.
    pub owner: Vec<String>,
    /// What may be done: names separated by spaces, or a list of them.
    pub scope: Vec<String>,
    /// The owner's authorities, or the client's when it acts for itself: a list, or one text.
    pub authorities: Vec<String>,
}

impl Default for ClaimNames {
    fn default() -> Self {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Self {
            client_id: names(&["client_id", "azp", "cid", "appid"]),
            owner: names(&["user_name", SUBJECT]),
            scope: names(&["scope", "scp"]),
            authorities: names(&["authorities"]),
        }
    }
}

const SUBJECT: &str = "sub";

/// The claims of either dialect, as a resource server reads them from a token whose signature holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccessTokenClaims {
    /// Who issued it.
    pub iss: Option<String>,
    /// Whose data it opens; `None` when the client acts for itself.
    pub owner: Option<String>,
    /// Who the token is for; not every issuer says it.
    pub client_id: Option<ClientId>,
    /// What may be done.
    pub scope: Scope,
    /// The owner's authorities, or the client's when it acts for itself.
    pub authorities: Vec<String>,
    /// The resource ids where it is good.
    pub aud: Vec<String>,
    /// When it expires.
    pub exp: Option<Timestamp>,
    /// When it begins to be good.
    pub nbf: Option<Timestamp>,
    /// It says that it is a refresh token.
    pub is_refresh_token: bool,
    /// The token's own id.
    pub jti: Option<String>,
}

impl AccessTokenClaims {
    /// Reads claims by these names. What decides whom the token speaks for, where and when it is good has to be
    /// readable where it is there: `aud`, `exp`, `nbf` and the owner. All others may be missing or odd.
    pub fn read(said: &Members, names: &ClaimNames) -> Result<Self, UnreadableMember> {
        let client_id =
            first(&names.client_id, said).and_then(|name| said.or_let_go(said.text(name)));
        Ok(Self {
            iss: said.or_let_go(said.text("iss")),
            owner: owner(said, &names.owner, client_id.as_deref())?,
            scope: first(&names.scope, said).map_or_else(Scope::default, |name| said.scope(name)),
            authorities: first(&names.authorities, said)
                .map_or_else(Vec::new, |name| said.or_let_go(said.texts(name))),
            aud: said.texts("aud")?,
            exp: said.time("exp")?,
            nbf: said.time("nbf")?,
            is_refresh_token: is_refresh_token(said),
            jti: said.or_let_go(said.text("jti")),
            client_id: client_id.map(ClientId::new),
        })
    }
}

/// The first of these names that something was said under.
fn first<'a>(names: &'a [String], said: &Members) -> Option<&'a str> {
    names
        .iter()
        .map(String::as_str)
        .find(|name| said.contains(name))
}

fn owner(
    said: &Members,
    names: &[String],
    client_id: Option<&str>,
) -> Result<Option<String>, UnreadableMember> {
    for name in names {
        let owner = said.text(name)?;
        let itself = name == SUBJECT && owner.as_deref() == client_id;
        if owner.is_some() && !itself {
            return Ok(owner);
        }
    }
    Ok(None)
}

/// True when an authorization server says that a token is a refresh token: the Spring dialect by `ati`, Ory
/// Hydra by `token_use`, Keycloak by `typ`. It is for the token endpoint only.
pub(crate) fn is_refresh_token(said: &Members) -> bool {
    let says = |name: &str, words: &[&str]| {
        let word = said.value(name).and_then(Value::as_str).unwrap_or_default();
        words
            .iter()
            .any(|refresh| word.eq_ignore_ascii_case(refresh))
    };
    said.contains("ati")
        || says("token_use", &["refresh_token", "refresh"])
        || says("typ", &["refresh", "offline"])
}

#[cfg(test)]
mod tests;
