//! What is inside of a code or token: the header and the claims of a JWT, the parts of a handle, the hash of a verifier.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use symbolon::pkce::CodeVerifier;

/// The bytes of a handle of our authorization server: grant, token and check, 16 of each.
const HANDLE_BYTES: usize = 48;
const PART_BYTES: usize = 16;

/// What a text turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Decoded {
    /// A JSON Web Token (RFC 7519). Anybody can read it; the signature says who wrote it.
    Jwt {
        /// The header, as JSON.
        header: String,
        /// The claims, as JSON.
        claims: String,
        /// The length of the signature, in bytes.
        signature_bytes: usize,
    },
    /// A handle: names that only the authorization server's store knows more about.
    Handle {
        /// The grant, in hexadecimal digits.
        grant: String,
        /// The token or code, in hexadecimal digits.
        token: String,
    },
    /// A PKCE verifier (RFC 7636), with the challenge that belongs to it.
    Verifier {
        /// Its SHA-256, in base64url.
        challenge: String,
    },
}

impl Decoded {
    /// What the value of a parameter of this name holds.
    pub(super) fn of(name: &str, text: &str) -> Option<Self> {
        if name == "code_verifier" {
            let verifier = CodeVerifier::parse(text.to_owned()).ok()?;
            let challenge = verifier.challenge().as_str().to_owned();
            return Some(Self::Verifier { challenge });
        }
        jwt(text).or_else(|| handle(text))
    }
}

fn jwt(text: &str) -> Option<Decoded> {
    let mut parts = text.split('.');
    let (header, claims, signature) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    Some(Decoded::Jwt {
        header: json(header)?,
        claims: json(claims)?,
        signature_bytes: URL_SAFE_NO_PAD.decode(signature).ok()?.len(),
    })
}

fn json(part: &str) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(part).ok()?;
    let value: Value = serde_json::from_slice(&bytes).ok()?;
    value.as_object()?;
    serde_json::to_string_pretty(&value).ok()
}

fn handle(text: &str) -> Option<Decoded> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    if bytes.len() != HANDLE_BYTES {
        return None;
    }
    let (grant, rest) = bytes.split_at_checked(PART_BYTES)?;
    let (token, _) = rest.split_at_checked(PART_BYTES)?;
    Some(Decoded::Handle {
        grant: hex::encode(grant),
        token: hex::encode(token),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jwt_is_its_header_and_its_claims() {
        // The example of RFC 7519 §3.1.
        let token = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let Some(Decoded::Jwt {
            header,
            claims,
            signature_bytes,
        }) = Decoded::of("access_token", token)
        else {
            panic!("it is a JWT")
        };
        assert!(header.contains("\"alg\": \"HS256\"") && claims.contains("\"iss\": \"joe\""));
        assert_eq!(signature_bytes, 32);
    }

    #[test]
    fn a_handle_shows_its_names_and_never_its_check() {
        let bytes: Vec<u8> = (0..48).collect();
        let decoded = Decoded::of("code", &URL_SAFE_NO_PAD.encode(&bytes)).unwrap();
        let expected = Decoded::Handle {
            grant: "000102030405060708090a0b0c0d0e0f".to_owned(),
            token: "101112131415161718191a1b1c1d1e1f".to_owned(),
        };
        assert_eq!(decoded, expected);
    }

    #[test]
    fn a_verifier_shows_its_challenge() {
        // RFC 7636 appendix B.
        let decoded = Decoded::of(
            "code_verifier",
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        );
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM".to_owned();
        assert_eq!(decoded, Some(Decoded::Verifier { challenge }));
    }

    #[test]
    fn what_is_nothing_of_ours_is_left_alone() {
        for text in ["", "abc", "a.b.c", "a.b", "....", "ä", &"A".repeat(63)] {
            assert_eq!(Decoded::of("access_token", text), None, "{text}");
        }
    }
}
