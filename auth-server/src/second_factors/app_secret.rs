//! The secret that an authenticator app has too, and the codes that it makes of the time: SHA-1, six digits, thirty
//! seconds, as every app takes it for granted.

use std::fmt;

use symbolon::clock::Timestamp;
use symbolon::random::Random;
use totp_rs::{Builder, Secret, Totp};

/// Bytes: as many as SHA-1 has ([RFC 4226 §4](https://www.rfc-editor.org/rfc/rfc4226#section-4), R6).
const BYTES: usize = 20;

/// How many steps a phone's clock may be before or behind ours
/// ([RFC 6238 §5.2](https://www.rfc-editor.org/rfc/rfc6238#section-5.2)).
const SKEW: u16 = 1;

/// What is kept is no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("what is kept as the secret of a second factor is none")]
pub struct AppSecretError;

/// A secret that is shared with an app.
#[derive(Clone)]
pub struct AppSecret(Totp);

impl fmt::Debug for AppSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("AppSecret")
    }
}

impl AppSecret {
    pub(super) fn mint(random: &dyn Random) -> Self {
        Self::of(random.bytes::<BYTES>())
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Self, AppSecretError> {
        let bytes: [u8; BYTES] = bytes.try_into().map_err(|_| AppSecretError)?;
        Ok(Self::of(bytes))
    }

    /// With the numbers of the builder, which are those that apps take for granted; the secret is as long as they want.
    fn of(bytes: [u8; BYTES]) -> Self {
        let secret = Secret::new_stack(bytes);
        Self(
            Builder::new()
                .with_secret(secret)
                .with_skew(SKEW)
                .build_noncompliant(),
        )
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.0.secret().as_bytes()
    }

    /// The step of which this is the code, if it is one of those around now. People type spaces.
    pub(super) fn step_of(&self, typed: &str, now: Timestamp) -> Option<u64> {
        let code: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
        self.0.check(&code, now.as_secs())
    }

    /// In letters and digits, for whoever types it into the app.
    pub fn to_text(&self) -> String {
        self.0.secret().to_base32()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, in six digits.
    #[test]
    fn codes_are_those_of_the_rfc() {
        let secret = AppSecret::from_bytes(b"12345678901234567890").unwrap();
        for (secs, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            let now = Timestamp::from_secs(secs);
            assert_eq!(secret.step_of(code, now), Some(secs / 30), "{secs}");
        }
        let now = Timestamp::from_secs(59);
        assert_eq!(secret.step_of(" 287 082\n", now), Some(1));
        for nonsense in ["", "287083", "28708", "2870820", "+87082", "２８７０８２"] {
            assert_eq!(secret.step_of(nonsense, now), None, "{nonsense}");
        }
    }

    #[test]
    fn a_clock_may_be_a_step_before_or_behind() {
        let secret = AppSecret::from_bytes(b"12345678901234567890").unwrap();
        for (secs, step) in [(0, Some(1)), (59, Some(1)), (89, Some(1)), (90, None)] {
            let now = Timestamp::from_secs(secs);
            assert_eq!(secret.step_of("287082", now), step, "{secs}");
        }
        assert_eq!(AppSecret::from_bytes(b"short").unwrap_err(), AppSecretError);
    }
}
