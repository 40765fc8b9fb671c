//! The tokens of one resource owner, or of the client itself, and when they have to be renewed.

use serde::{Deserialize, Serialize};
use symbolon::clock::Timestamp;
use symbolon::scope::Scope;
use symbolon::secret::{self, Secret};
use symbolon::token::TokenResponse;

/// A token is renewed this long before it expires, so that it does not expire on its way to the
/// resource server, whose clock may also be ahead of ours.
pub const RENEWAL_MARGIN_SECS: u64 = 30;

/// RFC 6749 §7.1: a client must not use a token whose type it does not understand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the authorization server issued a token that is not a bearer token")]
pub struct UnsupportedTokenType;

/// What the token endpoint gave. It prints without the tokens; serialized it holds them in the
/// clear, so keep it where you would keep a password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tokens {
    /// What opens the protected resource.
    #[serde(serialize_with = "secret::expose")]
    pub access_token: Secret,
    /// What is exchanged for the next access token.
    #[serde(
        default,
        serialize_with = "secret::expose_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub refresh_token: Option<Secret>,
    /// When the access token expires; `None` when the server did not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// What it may be used for; `None` means what was asked for (RFC 6749 §5.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
}

impl Tokens {
    /// Takes the tokens out of an answer that was received `now`. An `expires_in` of 0 means that
    /// the token does not expire, as in Spring; where it means the opposite, the first 401 leads to
    /// a renewal.
    pub fn from_response(
        response: TokenResponse,
        now: Timestamp,
    ) -> Result<Self, UnsupportedTokenType> {
        let TokenResponse {
            access_token,
            token_type,
            refresh_token,
            expires_in,
            scope,
            additional: _,
        } = response;
        // RFC 6749 §7.1: MUST NOT use a token of a type that is not understood.
        if !token_type.eq_ignore_ascii_case("bearer") {
            return Err(UnsupportedTokenType);
        }
        Ok(Self {
            access_token,
            refresh_token,
            expires_at: expires_in
                .filter(|secs| *secs > 0)
                .map(|secs| now.plus_secs(secs)),
            scope,
        })
    }

    /// RFC 6749 §6: a refresh that brings no new refresh token leaves the old one good.
    #[must_use]
    pub fn or_refresh_token(mut self, old: Secret) -> Self {
        self.refresh_token.get_or_insert(old);
        self
    }

    /// True when the access token has expired.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|expires_at| expires_at <= now)
    }

    /// True when the access token has expired or is about to.
    pub fn needs_renewal(&self, now: Timestamp) -> bool {
        self.is_expired(now.plus_secs(RENEWAL_MARGIN_SECS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(json: &str) -> Result<Tokens, UnsupportedTokenType> {
        let response = serde_json::from_str(json).unwrap();
        Tokens::from_response(response, Timestamp::from_secs(1000))
    }

    #[test]
    fn a_token_is_renewed_half_a_minute_early() {
        let tokens = tokens(r#"{"access_token":"t","token_type":"bearer","expires_in":"60"}"#);
        let tokens = tokens.unwrap();
        assert!(!tokens.needs_renewal(Timestamp::from_secs(1029)));
        assert!(tokens.needs_renewal(Timestamp::from_secs(1030)));
        assert!(!tokens.is_expired(Timestamp::from_secs(1059)));
        assert!(tokens.is_expired(Timestamp::from_secs(1060)));
    }

    #[test]
    fn a_token_without_a_life_never_expires() {
        for answer in [
            r#"{"access_token":"t"}"#,
            r#"{"access_token":"t","expires_in":0}"#,
        ] {
            let end_of_time = Timestamp::from_secs(u64::MAX);
            assert!(!tokens(answer).unwrap().needs_renewal(end_of_time));
        }
    }

    #[test]
    fn a_token_of_another_type_is_not_used() {
        let answer = tokens(r#"{"access_token":"t","token_type":"mac"}"#);
        assert_eq!(answer, Err(UnsupportedTokenType));
    }

    #[test]
    fn tokens_never_print() {
        let tokens = tokens(r#"{"access_token":"hush","refresh_token":"whisper"}"#).unwrap();
        let printed = format!("{tokens:?}");
        assert!(
            !printed.contains("hush") && !printed.contains("whisper"),
            "{printed}"
        );
        let kept = serde_json::to_string(&tokens).unwrap();
        assert_eq!(serde_json::from_str::<Tokens>(&kept).unwrap(), tokens);
    }
}
