//! The tokens of one resource owner, or of the client itself, and when they have to be renewed.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use symbolon::clock::{Clock, Timestamp};
use symbolon::scope::Scope;
use symbolon::secret::{self, Secret};
use symbolon::token::{AdditionalMembers, TokenResponse};

/// A token is renewed this long before it expires, so that it does not expire on its way to the
/// resource server, whose clock may also be ahead of ours. Of a short life it is half.
pub const RENEWAL_MARGIN_SECS: u64 = 30;

/// RFC 6749 §7.1: a client must not use a token whose type it does not understand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the authorization server issued a token that is not a bearer token")]
pub struct UnsupportedTokenType;

/// What the token endpoint gave. It prints without the tokens; serialized it holds them in the
/// clear, so keep it where you would keep a password.
#[derive(Clone, Debug, Serialize, Deserialize)]
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
    /// What else the server said, for example `id_token`.
    #[serde(default, skip_serializing_if = "AdditionalMembers::is_empty")]
    pub additional: AdditionalMembers,
    /// Known where the tokens were received, and gone when they were written down.
    #[serde(skip)]
    life: Option<Life>,
}

/// A life by the stopwatch, which goes on when somebody sets the hour.
#[derive(Clone, Copy, Debug)]
struct Life {
    began: Duration,
    length: Duration,
}

impl Life {
    fn left(self, clock: &dyn Clock) -> Duration {
        let lived = clock.elapsed().saturating_sub(self.began);
        self.length.saturating_sub(lived)
    }
}

/// Where they were received makes no other tokens of them.
impl PartialEq for Tokens {
    fn eq(&self, other: &Self) -> bool {
        self.access_token == other.access_token
            && self.refresh_token == other.refresh_token
            && self.expires_at == other.expires_at
            && self.scope == other.scope
            && self.additional == other.additional
    }
}

impl Eq for Tokens {}

impl Tokens {
    /// An access token of which nothing else is known. Set the other members as needed.
    pub fn new(access_token: Secret) -> Self {
        Self {
            access_token,
            refresh_token: None,
            expires_at: None,
            scope: None,
            additional: AdditionalMembers::default(),
            life: None,
        }
    }

    /// Takes the tokens out of an answer that was just received. An `expires_in` of 0 means that
    /// the token does not expire, as in Spring; where it means the opposite, the first 401 leads to
    /// a renewal.
    pub fn from_response(
        response: TokenResponse,
        clock: &dyn Clock,
    ) -> Result<Self, UnsupportedTokenType> {
        let TokenResponse {
            access_token,
            token_type,
            refresh_token,
            expires_in,
            scope,
            additional,
        } = response;
        // RFC 6749 §7.1: MUST NOT use a token of a type that is not understood.
        if !token_type.eq_ignore_ascii_case("bearer") {
            return Err(UnsupportedTokenType);
        }
        let expires_in = expires_in.filter(|secs| *secs > 0);
        let life = |secs| Life {
            began: clock.elapsed(),
            length: Duration::from_secs(secs),
        };
        Ok(Self {
            access_token,
            refresh_token,
            expires_at: expires_in.map(|secs| clock.now().plus_secs(secs)),
            scope,
            additional,
            life: expires_in.map(life),
        })
    }

    /// RFC 6749 §6: a refresh that brings no new refresh token leaves the old one good.
    #[must_use]
    pub fn or_refresh_token(mut self, old: Secret) -> Self {
        self.refresh_token.get_or_insert(old);
        self
    }

    /// How long the access token is still good, as far as can be told: by the stopwatch where it was
    /// received, by the hour where it was read from elsewhere. `None` when the server did not say.
    pub fn time_left(&self, clock: &dyn Clock) -> Option<Duration> {
        let expires_at = self.expires_at?;
        Some(match self.life {
            Some(life) => life.left(clock),
            None => Duration::from_secs(clock.now().secs_until(expires_at)),
        })
    }

    /// True when the access token has expired.
    pub fn is_expired(&self, clock: &dyn Clock) -> bool {
        self.time_left(clock).is_some_and(|left| left.is_zero())
    }

    /// True when the access token has expired or is about to.
    pub fn needs_renewal(&self, clock: &dyn Clock) -> bool {
        let margin = Duration::from_secs(RENEWAL_MARGIN_SECS);
        let margin = self.life.map_or(margin, |life| margin.min(life.length / 2));
        self.time_left(clock).is_some_and(|left| left <= margin)
    }
}

#[cfg(test)]
mod tests {
    use symbolon::clock::SettableClock;

    use super::*;

    const START: Timestamp = Timestamp::from_secs(1000);

    fn tokens(json: &str, clock: &dyn Clock) -> Result<Tokens, UnsupportedTokenType> {
        Tokens::from_response(serde_json::from_str(json).unwrap(), clock)
    }

    #[test]
    fn a_token_is_renewed_half_a_minute_early() {
        let clock = SettableClock::at(START);
        let answer = r#"{"access_token":"t","token_type":"bearer","expires_in":"100"}"#;
        let received = tokens(answer, &clock).unwrap();
        let kept = serde_json::to_string(&received).unwrap();
        let read: Tokens = serde_json::from_str(&kept).unwrap();
        for (passed, needs_renewal, expired) in [
            (69, false, false),
            (1, true, false),
            (29, true, false),
            (1, true, true),
        ] {
            clock.advance_secs(passed);
            for tokens in [&received, &read] {
                assert_eq!(tokens.needs_renewal(&clock), needs_renewal);
                assert_eq!(tokens.is_expired(&clock), expired);
            }
        }
    }

    #[test]
    fn a_short_life_is_not_all_margin() {
        let clock = SettableClock::at(START);
        let tokens = tokens(r#"{"access_token":"t","expires_in":10}"#, &clock).unwrap();
        clock.advance_secs(4);
        assert!(!tokens.needs_renewal(&clock));
        clock.advance_secs(1);
        assert!(tokens.needs_renewal(&clock) && !tokens.is_expired(&clock));
    }

    #[test]
    fn setting_the_hour_makes_a_token_neither_older_nor_younger() {
        let clock = SettableClock::at(START);
        let tokens = tokens(r#"{"access_token":"t","expires_in":100}"#, &clock).unwrap();
        clock.advance_secs(50);
        for hour in [1_000_000, 0] {
            clock.set(Timestamp::from_secs(hour));
            assert_eq!(tokens.time_left(&clock), Some(Duration::from_secs(50)));
            assert!(!tokens.needs_renewal(&clock));
        }
        clock.advance_secs(50);
        assert!(tokens.is_expired(&clock));
    }

    #[test]
    fn a_token_without_a_life_never_expires() {
        let clock = SettableClock::at(START);
        for answer in [
            r#"{"access_token":"t"}"#,
            r#"{"access_token":"t","expires_in":0}"#,
        ] {
            let tokens = tokens(answer, &clock).unwrap();
            clock.advance_secs(1_000_000_000);
            assert!(!tokens.needs_renewal(&clock));
        }
    }

    #[test]
    fn a_token_of_another_type_is_not_used() {
        let clock = SettableClock::at(START);
        let answer = tokens(r#"{"access_token":"t","token_type":"mac"}"#, &clock);
        assert_eq!(answer, Err(UnsupportedTokenType));
    }

    #[test]
    fn tokens_never_print() {
        let clock = SettableClock::at(START);
        let answer = r#"{"access_token":"hush","refresh_token":"whisper","id_token":"mum"}"#;
        let tokens = tokens(answer, &clock).unwrap();
        let printed = format!("{tokens:?}");
        for secret in ["hush", "whisper", "mum"] {
            assert!(!printed.contains(secret), "{printed}");
        }
        let kept = serde_json::to_string(&tokens).unwrap();
        assert_eq!(serde_json::from_str::<Tokens>(&kept).unwrap(), tokens);
    }
}
