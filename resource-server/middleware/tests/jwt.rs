//! Checking JWTs: signatures, claims, and attacks on both.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "the helpers of a test may fail it"
)]

mod support;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use support::world::{PINNED, World, set, transport, verify, with};
use support::{START, SigningKey, as_clock, claims, clock, encode};
use symbolon_resource_server::verifier::{
    InvalidToken, JwtVerifier, KeySource, VerificationAlgorithm, VerificationError,
};

#[actix_web::test]
async fn a_token_signed_with_a_published_key_is_good() {
    for key in [
        SigningKey::es256(),
        SigningKey::rs256(),
        SigningKey::eddsa(),
    ] {
        let world = World::publishing(set(&[(&key, "k1")])).await;
        let token = key.jwt(&json!({"typ": "at+jwt", "kid": "k1"}), &claims());
        let caller = verify(&world.jwks(), &token).await.unwrap();
        assert_eq!(caller.owner.as_deref(), Some("xiaoming"));
        let world = World::publishing(key.token_key()).await;
        let token = key.jwt(&json!({"typ": "JWT"}), &claims());
        assert!(verify(&world.token_key(PINNED), &token).await.is_ok());
    }
}

#[actix_web::test]
async fn a_token_signed_with_none_is_refused() {
    let key = SigningKey::es256();
    let world = World::publishing(set(&[(&key, "k1")])).await;
    for alg in ["none", "None", "NONE"] {
        let header = encode(&json!({"alg": alg, "kid": "k1"}));
        let token = format!("{header}.{}.", encode(&claims()));
        let outcome = verify(&world.jwks(), &token).await.unwrap_err();
        assert!(
            matches!(outcome, VerificationError::Invalid(_)),
            "{outcome}"
        );
    }
}

#[actix_web::test]
async fn a_public_key_used_as_a_shared_secret_is_refused() {
    let key = SigningKey::rs256();
    let forger = SigningKey::Hs256(key.pem().into_bytes());
    let token = forger.jwt(&json!({"kid": "k1"}), &claims());
    // Even where HS256 is allowed, the key decides.
    let pinned = VerificationAlgorithm::ALL;
    let world = World::publishing(key.token_key()).await;
    let outcome = verify(&world.token_key(pinned), &token).await.unwrap_err();
    assert_eq!(outcome, InvalidToken::BadSignature.into());
    let world = World::publishing(set(&[(&key, "k1")])).await;
    let outcome = verify(&world.jwks(), &token).await.unwrap_err();
    assert_eq!(outcome, InvalidToken::WrongAlgorithm.into());
}

#[actix_web::test]
async fn a_public_key_published_as_a_shared_secret_is_nonsense() {
    let key = SigningKey::rs256();
    let world = World::publishing(json!({"alg": "HMACSHA256", "value": key.pem()})).await;
    let token = SigningKey::Hs256(key.pem().into_bytes()).jwt(&json!({}), &claims());
    let outcome = verify(&world.token_key(VerificationAlgorithm::ALL), &token).await;
    assert!(matches!(outcome, Err(VerificationError::Unavailable(_))));
}

/// The certificate of a key that nobody has any more.
const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----
MIIDDzCCAfegAwIBAgIUVDGwR8D8b461BcESCijNVC4TTUkwDQYJKoZIhvcNAQEL
BQAwFjEUMBIGA1UEAwwLb2xkLmV4YW1wbGUwIBcNMjYxMTI3MTg0NTA1WhgPMjEy
NjExMDMxODQ1MDVaMBYxFDASBgNVBAMMC29sZC5leGFtcGxlMIIBIjANBgkqhkiG
9w0BAQEFAAOCAQ8AMIIBCgKCAQEA1pdRONIZD4lnlL9Smfk6eNrFrnekrr+ujS4z
/g9IEcsVabGLC6Bjb+vplIPoPFbdf8clnavw6MdbuHplsQIp/RLBlFyDt01ewNct
+iziOH3J16v/U8YENNU4NLGvDIRMRn3/J5AUNXVpbZv0O3oy9jN0qHc//XmbI2NV
VvlGIIqhRZ2yXLTFTa2nxE8lHQwzOJu7AB08K9ltKc2swwj7PV8LdodILQV5zeIA
932jxtX83GWMIlG+Zxz6G2tPQbw5CjTlmWNiJX1zoLY8iqxSVT20oxOGgkELyOGy
VzHqiFZOhRGbDnXdNtYmgNbnpXWNuw6PxmnYgCM894llnK0R0wIDAQABo1MwUTAd
BgNVHQ4EFgQUQoNQhwvRvXP5uEma3SPAfhvJ+yYwHwYDVR0jBBgwFoAUQoNQhwvR
vXP5uEma3SPAfhvJ+yYwDwYDVR0TAQH/BAUwAwEB/zANBgkqhkiG9w0BAQsFAAOC
AQEACphpzYklycwXqF75tTX/LIKweDkDLpbOz37McUboyXB5MhUSHAdvD1LH2GX3
SO7rtxZSrQjQGKVfGjDOqcv9H8TOvxfrtnFZYKkbPkpcRh0h4q56WQgWbeuQV8hn
Z8kKWq0qJNl0FRkYF7F7DUF4jacsd9bAPhpuZeeYDY2MhsVAssqOX7KhZaQXgY17
e/sELmzQ0rOU2wZhG8qsXrr5eAdGjW9u/8+9qECPf3sE7i6DadUlPtkXdDLTAC34
FV9pu3N2TFGH3nmD/GX70sKx2S+tX0d1vqXCvfrZJBiFYXGdlatsKAWssGxCsryL
3Inr4W5978e4gufaN6G9Gu+6bQ==
-----END CERTIFICATE-----";

/// A token of that key, an hour from its end.
const SIGNED_BY_ITS_KEY: &str = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX25hbWUiOiJ4Iiwic2NvcGUiOlsiciJdLCJjbGllbnRfaWQiOiJjIiwiZXhwIjoxODAwMDAzNjAwfQ.ekq-k_8QCt_4JqoAwQoZVj0In7pKwQgDEAqz9pXLH3lHRVO_DxKvrkEkCTM4XfPeQP2tpyXksvGaL9d5GViVMvctS9TpFFUmPAUQItDcFSSDV6R9mvVkWAkL50I2o9l0AS27NpG2PGXWK664XSIKrQP3njU037DnLOQAaJ42hxNyZTFtRNV7A5UtkvRa6iNdfBgMeB6NvhrODMAfN9mHqRY6ETXlI8XG7KiALu24dGce1UZ-WcILnBobE3994hYtd9IHRVFVnZSP5DAJZIkP2Gc_CFCx_2z0As1Ab4x0ngPVHPaP67cCeHmpTqTl_7qUNaniCjVuivQsXWPh5Hpglg";

/// Spring §6.2: the forms in which a Spring server may have been told its RSA key, and tells it.
#[actix_web::test]
async fn an_rsa_key_is_read_in_each_of_its_forms() {
    let key = SigningKey::rs256();
    let token = key.jwt(&json!({"typ": "JWT"}), &claims());
    let ssh = key.ssh();
    for value in [
        key.pem(),
        key.pkcs1_pem(),
        format!("ssh-rsa {ssh} somebody@somewhere"),
        format!("{ssh}\n"),
    ] {
        let published = json!({"alg": "SHA256withRSA", "value": value});
        let world = World::publishing(published).await;
        let outcome = verify(&world.token_key(PINNED), &token).await;
        assert!(outcome.is_ok(), "{value}: {outcome:?}");
    }
    let certificate = json!({"alg": "SHA256withRSA", "value": CERTIFICATE});
    let world = World::publishing(certificate).await;
    let outcome = verify(&world.token_key(PINNED), SIGNED_BY_ITS_KEY).await;
    assert!(outcome.is_ok(), "{outcome:?}");
}

/// Spring §9.8, `jwt.key-value`: the text of the key says what it is for, and nobody is asked.
#[actix_web::test]
async fn a_key_may_be_written_down_beforehand() {
    let rsa = SigningKey::rs256();
    let shared = SigningKey::Hs256(b"a shared secret of sufficient length".to_vec());
    let clock = clock();
    for (key, written) in [
        (&rsa, rsa.pem()),
        (&rsa, format!("ssh-rsa {}", rsa.ssh())),
        (
            &shared,
            " a shared secret of sufficient length\n".to_owned(),
        ),
    ] {
        let source = KeySource::fixed(written).unwrap();
        assert!(!format!("{source:?}").contains("sufficient"));
        let pinned = VerificationAlgorithm::ALL;
        let verifier = JwtVerifier::new(source, pinned, as_clock(&clock));
        let token = key.jwt(&json!({"typ": "JWT"}), &claims());
        assert!(verify(&verifier, &token).await.is_ok());
        // The header of a token does not decide what a key is for.
        let forged = SigningKey::Hs256(rsa.pem().into_bytes());
        let forged = forged.jwt(&json!({"typ": "JWT"}), &claims());
        assert!(verify(&verifier, &forged).await.is_err());
    }
    let private = "-----BEGIN RSA PRIVATE KEY-----\nAA==\n-----END RSA PRIVATE KEY-----";
    for unfit in ["", " \n", private, "-----BEGIN PUBLIC KEY-----\nAA"] {
        let refused = KeySource::fixed(unfit).unwrap_err().to_string();
        assert!(
            refused.starts_with("what was written as its key"),
            "{refused}"
        );
    }
}

/// A key that is no secret any more, or never was one.
#[actix_web::test]
async fn a_key_with_which_anybody_could_sign_is_refused() {
    let key = SigningKey::rs256();
    let token = key.jwt(&json!({"typ": "JWT"}), &claims());
    let private = "-----BEGIN RSA PRIVATE KEY-----\nAA==\n-----END RSA PRIVATE KEY-----";
    for (alg, value) in [
        ("SHA256withRSA", private.to_owned()),
        ("HMACSHA256", private.to_owned()),
        ("HMACSHA256", key.ssh()),
        ("HMACSHA256", format!("ssh-rsa {}", key.ssh())),
    ] {
        let world = World::publishing(json!({"alg": alg, "value": value})).await;
        let pinned = VerificationAlgorithm::ALL;
        let outcome = verify(&world.token_key(pinned), &token).await.unwrap_err();
        assert!(
            outcome.to_string().contains("anybody could sign"),
            "{outcome}"
        );
    }
}

#[actix_web::test]
async fn a_shared_secret_counts_only_where_it_is_pinned() {
    let secret = b"a shared secret of sufficient length".to_vec();
    for key in [
        SigningKey::Hs256(secret.clone()),
        SigningKey::Hs384(secret.clone()),
        SigningKey::Hs512(secret.clone()),
    ] {
        let own = VerificationAlgorithm::named(key.alg()).unwrap();
        let token = key.jwt(&json!({"typ": "JWT"}), &claims());
        let world = World::publishing(key.token_key()).await;
        assert!(
            verify(&world.token_key([own]), &token).await.is_ok(),
            "{own}"
        );
        let outcome = verify(&world.token_key(PINNED), &token).await.unwrap_err();
        assert_eq!(outcome, InvalidToken::WrongAlgorithm.into());
        let world = World::publishing(json!({"keys": [key.jwk("k1")]})).await;
        let source = KeySource::jwks(transport(), world.url()).unwrap();
        let jwks = JwtVerifier::new(source, [own], as_clock(&world.clock));
        assert!(verify(&jwks, &token).await.is_err(), "{own}");
    }
}

#[actix_web::test]
async fn another_key_a_changed_claim_or_a_critical_header_is_refused() {
    let (key, other) = (SigningKey::es256(), SigningKey::es256());
    let world = World::publishing(set(&[(&key, "k1")])).await;
    let header = json!({"kid": "k1"});
    let forged = other.jwt(&header, &claims());
    let outcome = verify(&world.jwks(), &forged).await.unwrap_err();
    assert_eq!(outcome, InvalidToken::BadSignature.into());
    let good = key.jwt(&header, &claims());
    let parts: Vec<&str> = good.split('.').collect();
    let payload = URL_SAFE_NO_PAD.encode(with("user_name", json!("lihua")).to_string());
    let changed = format!("{}.{payload}.{}", parts[0], parts[2]);
    assert!(verify(&world.jwks(), &changed).await.is_err());
    let critical = key.jwt(&json!({"kid": "k1", "crit": ["x"], "x": 1}), &claims());
    let outcome = verify(&world.jwks(), &critical).await.unwrap_err();
    assert_eq!(outcome, InvalidToken::CriticalExtension.into());
}

#[actix_web::test]
async fn claims_that_must_not_pass_do_not() {
    let key = SigningKey::es256();
    let world = World::publishing(set(&[(&key, "k1")])).await;
    let verifier = world.jwks();
    let cases = [
        (with("exp", json!(START)), InvalidToken::Expired),
        (with("exp", Value::Null), InvalidToken::NoExpiry),
        (with("nbf", json!(START + 1)), InvalidToken::NotYetGood),
        (with("ati", json!("a")), InvalidToken::RefreshToken),
    ];
    for (claims, reason) in cases {
        let token = key.jwt(&json!({"kid": "k1"}), &claims);
        let outcome = verify(&verifier, &token).await.unwrap_err();
        assert_eq!(outcome, reason.into());
    }
    let token = key.jwt(&json!({"kid": "k1", "typ": "logout+jwt"}), &claims());
    let outcome = verify(&verifier, &token).await.unwrap_err();
    assert_eq!(outcome, InvalidToken::WrongType.into());
}

#[actix_web::test]
async fn an_issuer_and_a_type_that_are_demanded_must_be_there() {
    let key = SigningKey::es256();
    let world = World::publishing(set(&[(&key, "k1")])).await;
    let strict = world.jwks().issuer("https://as").only_standard_type(true);
    let header = json!({"kid": "k1", "typ": "application/at+JWT"});
    let good = key.jwt(&header, &with("iss", json!("https://as")));
    assert!(verify(&strict, &good).await.is_ok());
    for claims in [claims(), with("iss", json!("https://other"))] {
        let outcome = verify(&strict, &key.jwt(&header, &claims)).await;
        assert_eq!(outcome.unwrap_err(), InvalidToken::WrongIssuer.into());
    }
    let plain = key.jwt(&json!({"kid": "k1", "typ": "JWT"}), &claims());
    let outcome = verify(&strict, &plain).await;
    assert_eq!(outcome.unwrap_err(), InvalidToken::WrongType.into());
}

#[actix_web::test]
async fn a_token_expires_when_the_clock_says_so() {
    let key = SigningKey::es256();
    let world = World::publishing(set(&[(&key, "k1")])).await;
    let verifier = world.jwks();
    let token = key.jwt(&json!({"kid": "k1"}), &claims());
    world.clock.advance_secs(3599);
    assert!(verify(&verifier, &token).await.is_ok());
    world.clock.advance_secs(1);
    let outcome = verify(&verifier, &token).await;
    assert_eq!(outcome.unwrap_err(), InvalidToken::Expired.into());
}

#[actix_web::test]
async fn a_token_that_is_no_jwt_costs_no_fetch() {
    let world = World::publishing(json!({"keys": []})).await;
    for token in ["opaque", "a.b.c", "..", "a.b"] {
        let outcome = verify(&world.jwks(), token).await.unwrap_err();
        assert_eq!(outcome, InvalidToken::Unreadable.into());
    }
    assert_eq!(world.fetches().await, 0);
}
