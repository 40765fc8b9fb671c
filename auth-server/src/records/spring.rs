//! Which habits of Spring Security OAuth are wanted, as they are written down: all of them by a profile, or one by one.

use serde::de::{DeserializeOwned, Error, IntoDeserializer as _, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// What decides where nothing else is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// The RFCs.
    #[default]
    Standard,
    /// What clients and services of a Spring server notice is as it was there.
    Spring,
}

/// One habit each, on its own; `None` (in a file also an empty text): as the profile says.
///
/// As in a registration, what is added later is written only where something is said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SpringPieces {
    /// Whether a client may ask for codes without PKCE, one without a secret too.
    #[serde(
        deserialize_with = "open_if_empty",
        skip_serializing_if = "Option::is_none"
    )]
    pub codes_without_pkce: Option<bool>,
    /// Whether a client without a secret may send any, and may use client credentials.
    #[serde(
        deserialize_with = "open_if_empty",
        skip_serializing_if = "Option::is_none"
    )]
    pub secretless_clients: Option<bool>,
    /// Whether a client without a list of grants may use all at the token endpoint, and one without scopes may ask for
    /// any.
    #[serde(
        deserialize_with = "open_if_empty",
        skip_serializing_if = "Option::is_none"
    )]
    pub empty_means_all: Option<bool>,
    /// Whether access tokens of a life of 0 seconds do not expire.
    #[serde(
        deserialize_with = "open_if_empty",
        skip_serializing_if = "Option::is_none"
    )]
    pub never_expiring_tokens: Option<bool>,
    /// Whether the token endpoint checks in Spring's order and says no with its codes, statuses and challenges.
    #[serde(
        deserialize_with = "open_if_empty",
        skip_serializing_if = "Option::is_none"
    )]
    pub token_errors: Option<bool>,
    /// Whether refresh tokens are JWTs where access tokens are.
    #[serde(
        deserialize_with = "open_if_empty",
        skip_serializing_if = "Option::is_none"
    )]
    pub jwt_refresh_tokens: Option<bool>,
    /// Whether the authorization endpoint checks in Spring's order and says no with its codes and statuses.
    #[serde(
        deserialize_with = "open_if_empty",
        skip_serializing_if = "Option::is_none"
    )]
    pub authorize_errors: Option<bool>,
    /// Whether answers of the authorization endpoint are without `iss` (RFC 9207).
    #[serde(
        deserialize_with = "open_if_empty",
        skip_serializing_if = "Option::is_none"
    )]
    pub answers_without_iss: Option<bool>,
    /// Whether what is approved automatically may be written as regular expressions, and as `true`.
    #[serde(
        deserialize_with = "open_if_empty",
        skip_serializing_if = "Option::is_none"
    )]
    pub auto_approve_patterns: Option<bool>,
    /// What counts as an approval, and how owners are asked.
    #[serde(
        deserialize_with = "word_or_empty",
        skip_serializing_if = "Option::is_none"
    )]
    pub approval_handler: Option<ApprovalHandler>,
    /// Whether parameters are read as Java's servlets do: those of the query too, and before those of the form, and of
    /// repeated ones the first; a body that is no form has none. For all clients only.
    #[serde(
        deserialize_with = "open_if_empty",
        skip_serializing_if = "Option::is_none"
    )]
    pub servlet_parameters: Option<bool>,
    /// Whether a `client_secret` counts for nothing beside HTTP Basic. For all clients only.
    #[serde(
        deserialize_with = "open_if_empty",
        skip_serializing_if = "Option::is_none"
    )]
    pub secret_beside_basic: Option<bool>,
    /// Whether tokens may be asked for by GET. No profile switches it on. For all clients only.
    #[serde(
        deserialize_with = "open_if_empty",
        skip_serializing_if = "Option::is_none"
    )]
    pub token_by_get: Option<bool>,
    /// Whether the token endpoint, and `check_token` of tokens that are not good, answer in XML who prefers that. No profile
    /// switches it on. For all clients only.
    #[serde(
        deserialize_with = "open_if_empty",
        skip_serializing_if = "Option::is_none"
    )]
    pub xml_answers: Option<bool>,
    /// Whether `check_token` and `token_key` say no with Spring's texts, and as a servlet container does. For all clients
    /// only.
    #[serde(
        deserialize_with = "open_if_empty",
        skip_serializing_if = "Option::is_none"
    )]
    pub check_token_errors: Option<bool>,
    /// Whether answers of `check_token` are without `active`. No profile switches it on. For all clients only.
    #[serde(
        deserialize_with = "open_if_empty",
        skip_serializing_if = "Option::is_none"
    )]
    pub check_token_without_active: Option<bool>,
    /// Whether owners sign in by HTTP Basic at the authorization endpoint. For all clients only.
    #[serde(
        deserialize_with = "open_if_empty",
        skip_serializing_if = "Option::is_none"
    )]
    pub basic_sign_in: Option<bool>,
    /// Whether an approval needs no field of our page beside the session's cookie. For all clients only.
    #[serde(
        deserialize_with = "open_if_empty",
        skip_serializing_if = "Option::is_none"
    )]
    pub approvals_without_csrf: Option<bool>,
    /// With which status the authorization endpoint sends browsers on. For all clients only.
    #[serde(
        deserialize_with = "word_or_empty",
        skip_serializing_if = "Option::is_none"
    )]
    pub redirect_status: Option<RedirectStatus>,
}

/// What counts as an approval, and how owners are asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApprovalHandler {
    /// Decisions are remembered, and owners decide scope by scope: Spring's approval store.
    #[default]
    Decisions,
    /// What a client holds of an owner is approved, and owners decide scope by scope: Spring's default.
    LiveTokens,
    /// The same client, owner and scope are approved, and owners decide on everything at once: Spring's handler over a
    /// token store.
    SameToken,
    /// Nothing is, automatically neither, and owners decide on everything at once: Spring's default handler.
    EveryTime,
}

impl ApprovalHandler {
    /// Whether there is one question about everything.
    pub const fn asks_at_once(self) -> bool {
        matches!(self, Self::SameToken | Self::EveryTime)
    }
}

/// With which status the authorization endpoint sends browsers on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RedirectStatus {
    /// 302 after a GET, and 303 after a POST, so that no form is posted again.
    #[default]
    ByMethod,
    /// 303, as Spring since 2.3.7.
    SeeOther,
    /// 302, as Spring before.
    Found,
}

impl SpringPieces {
    /// The pieces among these that only the server's settings can say, because no client is known yet where they count.
    pub fn of_the_server_only(&self) -> Vec<&'static str> {
        let pieces = [
            ("servlet_parameters", self.servlet_parameters.is_some()),
            ("secret_beside_basic", self.secret_beside_basic.is_some()),
            ("token_by_get", self.token_by_get.is_some()),
            ("xml_answers", self.xml_answers.is_some()),
            ("check_token_errors", self.check_token_errors.is_some()),
            (
                "check_token_without_active",
                self.check_token_without_active.is_some(),
            ),
            ("basic_sign_in", self.basic_sign_in.is_some()),
            (
                "approvals_without_csrf",
                self.approvals_without_csrf.is_some(),
            ),
            ("redirect_status", self.redirect_status.is_some()),
        ];
        let said = pieces.into_iter().filter(|(_, is_said)| *is_said);
        said.map(|(name, _)| name).collect()
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Yes or no; an empty text is neither.
fn open_if_empty<'de, D: Deserializer<'de>>(from: D) -> Result<Option<bool>, D::Error> {
    struct YesOrNo;

    impl Visitor<'_> for YesOrNo {
        type Value = Option<bool>;

        fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            formatter.write_str("a boolean")
        }

        fn visit_bool<E: Error>(self, said: bool) -> Result<Option<bool>, E> {
            Ok(Some(said))
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Option<bool>, E> {
            match text {
                "" => Ok(None),
                _ => Err(E::invalid_type(Unexpected::Str(text), &self)),
            }
        }
    }

    from.deserialize_any(YesOrNo)
}

/// One of some words; an empty text is none.
fn word_or_empty<'de, D, T>(from: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let text = String::deserialize(from)?;
    if text.is_empty() {
        return Ok(None);
    }
    T::deserialize(text.into_deserializer()).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<SpringPieces, serde_json::Error> {
        serde_json::from_str(json)
    }

    #[test]
    fn an_empty_text_says_nothing_and_another_is_refused() {
        assert!(read(r#"{"codes_without_pkce":""}"#).unwrap().is_empty());
        assert!(read(r#"{"codes_without_pkce":"perhaps"}"#).is_err());
        assert!(read(r#"{"unheard_of":true}"#).is_err());
        assert!(read(r#"{"redirect_status":""}"#).unwrap().is_empty());
        let said = read(r#"{"redirect_status":"see_other"}"#).unwrap();
        assert_eq!(said.redirect_status, Some(RedirectStatus::SeeOther));
        let refused = read(r#"{"redirect_status":"303"}"#).unwrap_err();
        assert!(refused.to_string().contains("`see_other`"), "{refused}");
    }

    #[test]
    fn only_what_is_said_is_written() {
        let said = read(r#"{"codes_without_pkce":false}"#).unwrap();
        assert_eq!(said.codes_without_pkce, Some(false));
        let written = serde_json::to_string(&said).unwrap();
        assert_eq!(written, r#"{"codes_without_pkce":false}"#);
        assert_eq!(
            serde_json::to_string(&SpringPieces::default()).unwrap(),
            "{}"
        );
    }
}
