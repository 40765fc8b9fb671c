//! What the tests share: a verifier with known tokens, keys, and the calls to a protected application.
#![allow(dead_code, reason = "each test binary uses its own part")]

pub(crate) mod world;

use std::sync::Arc;

use actix_web::body::to_bytes;
use actix_web::http::StatusCode;
use actix_web::http::header::HeaderMap;
use async_trait::async_trait;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair,
    KeyPair as _, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256,
    RSA_PSS_SHA384, RSA_PSS_SHA512, RsaEncoding, RsaKeyPair,
};
use aws_lc_rs::{encoding::AsDer as _, encoding::PublicKeyX509Der, hmac, rsa::KeySize};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use symbolon_resource_server::verifier::{InvalidToken, TokenVerifier, VerificationError};
use symbolon_resource_server::{
    Authentication, ClientId, Clock, Scope, Secret, SettableClock, Timestamp, TokenFacts,
};

/// The time at which every test begins.
pub(crate) const START: u64 = 1_800_000_000;

pub(crate) fn clock() -> Arc<SettableClock> {
    Arc::new(SettableClock::at(Timestamp::from_secs(START)))
}

pub(crate) fn as_clock(clock: &Arc<SettableClock>) -> Arc<dyn Clock> {
    Arc::<SettableClock>::clone(clock)
}

/// Believes tokens of the form `owner~scope/scope~audience`, where `-` leaves a part out. `down` stands for
/// an authorization server that cannot be reached, `expired` for a token past its end; all others are refused.
#[derive(Debug)]
pub(crate) struct KnownTokens;

#[async_trait]
impl TokenVerifier for KnownTokens {
    async fn verify(&self, token: &Secret) -> Result<Authentication, VerificationError> {
        let said = |part: &str| Some(part.to_owned()).filter(|part| part != "-");
        match token.expose().split('~').collect::<Vec<_>>().as_slice() {
            ["down"] => Err(VerificationError::Unavailable("it is down".to_owned())),
            ["expired"] => Err(InvalidToken::Expired.into()),
            [owner, scope, audience] => Ok(TokenFacts {
                client_id: Some(ClientId::new("print-photo")),
                owner: said(owner),
                scope: Scope::parse(&said(scope).unwrap_or_default().replace('/', " ")).unwrap(),
                authorities: vec!["ROLE_USER".to_owned()],
                audience: said(audience).into_iter().collect(),
                ..TokenFacts::default()
            }
            .into()),
            _ => Err(InvalidToken::Refused.into()),
        }
    }
}

/// A status, the headers that matter, and the body.
pub(crate) async fn wire(
    response: actix_web::HttpResponse<impl actix_web::body::MessageBody>,
) -> String {
    let (status, headers) = (response.status(), response.headers().clone());
    let body = to_bytes(response.into_body()).await.ok().unwrap();
    render(status, &headers, std::str::from_utf8(&body).unwrap())
}

fn render(status: StatusCode, headers: &HeaderMap, body: &str) -> String {
    let mut lines = vec![status.as_u16().to_string()];
    for name in [
        "www-authenticate",
        "cache-control",
        "pragma",
        "retry-after",
        "content-type",
    ] {
        for value in headers.get_all(name) {
            lines.push(format!("{name}: {}", value.to_str().unwrap()));
        }
    }
    lines.push(body.to_owned());
    lines.join("\n")
}

/// A key that signs, as an authorization server has it.
pub(crate) enum SigningKey {
    Es256(EcdsaKeyPair),
    Es384(EcdsaKeyPair),
    /// With the `alg` that it signs by.
    Rsa(RsaKeyPair, &'static str),
    EdDsa(Ed25519KeyPair),
    Hs256(Vec<u8>),
    Hs384(Vec<u8>),
    Hs512(Vec<u8>),
}

impl SigningKey {
    pub(crate) fn es256() -> Self {
        Self::Es256(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap())
    }

    pub(crate) fn es384() -> Self {
        Self::Es384(EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).unwrap())
    }

    pub(crate) fn rs256() -> Self {
        Self::rsa("RS256")
    }

    pub(crate) fn rsa(alg: &'static str) -> Self {
        Self::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).unwrap(), alg)
    }

    pub(crate) fn eddsa() -> Self {
        Self::EdDsa(Ed25519KeyPair::generate().unwrap())
    }

    pub(crate) fn alg(&self) -> &'static str {
        match self {
            Self::Es256(_) => "ES256",
            Self::Es384(_) => "ES384",
            Self::Rsa(_, alg) => alg,
            Self::EdDsa(_) => "EdDSA",
            Self::Hs256(_) => "HS256",
            Self::Hs384(_) => "HS384",
            Self::Hs512(_) => "HS512",
        }
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match self {
            Self::Es256(key) | Self::Es384(key) => {
                key.sign(&random, message).unwrap().as_ref().to_vec()
            }
            Self::EdDsa(key) => key.sign(message).as_ref().to_vec(),
            Self::Hs256(key) => mac(hmac::HMAC_SHA256, key, message),
            Self::Hs384(key) => mac(hmac::HMAC_SHA384, key, message),
            Self::Hs512(key) => mac(hmac::HMAC_SHA512, key, message),
            Self::Rsa(key, alg) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(rsa_encoding(alg), &random, message, &mut signature)
                    .unwrap();
                signature
            }
        }
    }

    /// A JWT with these header members (besides `alg`) and claims.
    pub(crate) fn jwt(&self, header: &Value, claims: &Value) -> String {
        let mut header = header.clone();
        if header.get("alg").is_none() {
            header["alg"] = json!(self.alg());
        }
        let message = format!("{}.{}", encode(&header), encode(claims));
        let signature = URL_SAFE_NO_PAD.encode(self.sign(message.as_bytes()));
        format!("{message}.{signature}")
    }

    pub(crate) fn pem(&self) -> String {
        let der: PublicKeyX509Der<'_> = match self {
            Self::Es256(key) | Self::Es384(key) => key.public_key().as_der().unwrap(),
            Self::Rsa(key, _) => key.public_key().as_der().unwrap(),
            Self::EdDsa(key) => key.public_key().as_der().unwrap(),
            Self::Hs256(_) | Self::Hs384(_) | Self::Hs512(_) => {
                panic!("a shared secret has no public key")
            }
        };
        let base64 = STANDARD.encode(der.as_ref());
        format!("-----BEGIN PUBLIC KEY-----\n{base64}\n-----END PUBLIC KEY-----")
    }

    /// `RSA PUBLIC KEY` (PKCS #1).
    pub(crate) fn pkcs1_pem(&self) -> String {
        let Self::Rsa(key, _) = self else {
            panic!("PKCS #1 is for RSA");
        };
        let base64 = STANDARD.encode(key.public_key().as_ref());
        format!("-----BEGIN RSA PUBLIC KEY-----\n{base64}\n-----END RSA PUBLIC KEY-----")
    }

    /// The base64 of the form that SSH has (RFC 4253 §6.6).
    pub(crate) fn ssh(&self) -> String {
        let Self::Rsa(key, _) = self else {
            panic!("ssh-rsa is for RSA");
        };
        let (n, e) = (key.public_key().modulus(), key.public_key().exponent());
        let positive = |number: &[u8]| [&[0][..], number].concat();
        let parts = [
            b"ssh-rsa".to_vec(),
            e.big_endian_without_leading_zero().to_vec(),
            positive(n.big_endian_without_leading_zero()),
        ];
        let blob = parts.iter().flat_map(|part| {
            let length = u32::try_from(part.len()).unwrap().to_be_bytes();
            [length.to_vec(), part.clone()].concat()
        });
        STANDARD.encode(blob.collect::<Vec<u8>>())
    }

    pub(crate) fn token_key(&self) -> Value {
        match self {
            Self::Es256(_) => json!({"alg": "SHA256withECDSA", "value": self.pem()}),
            Self::Es384(_) => json!({"alg": "SHA384withECDSA", "value": self.pem()}),
            Self::Rsa(_, "RS256") => json!({"alg": "SHA256withRSA", "value": self.pem()}),
            Self::Rsa(_, alg) => json!({"alg": alg, "value": self.pem()}),
            Self::EdDsa(_) => json!({"alg": "Ed25519", "value": self.pem()}),
            Self::Hs256(key) => secret("HMACSHA256", key),
            Self::Hs384(key) => secret("HMACSHA384", key),
            Self::Hs512(key) => secret("HMACSHA512", key),
        }
    }

    pub(crate) fn jwk(&self, kid: &str) -> Value {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match self {
            Self::Es256(key) => {
                let point = key.public_key().as_ref();
                json!({"kty": "EC", "use": "sig", "alg": "ES256", "kid": kid, "crv": "P-256",
                    "x": text(&point[1..33]), "y": text(&point[33..])})
            }
            Self::Es384(key) => {
                let point = key.public_key().as_ref();
                json!({"kty": "EC", "use": "sig", "alg": "ES384", "kid": kid, "crv": "P-384",
                    "x": text(&point[1..49]), "y": text(&point[49..])})
            }
            Self::Rsa(key, alg) => {
                let (n, e) = (key.public_key().modulus(), key.public_key().exponent());
                json!({"kty": "RSA", "use": "sig", "alg": alg, "kid": kid,
                    "n": text(n.big_endian_without_leading_zero()),
                    "e": text(e.big_endian_without_leading_zero())})
            }
            Self::EdDsa(key) => json!({"kty": "OKP", "use": "sig", "alg": "EdDSA", "kid": kid,
                "crv": "Ed25519", "x": text(key.public_key().as_ref())}),
            Self::Hs256(key) | Self::Hs384(key) | Self::Hs512(key) => {
                json!({"kty": "oct", "alg": self.alg(), "kid": kid, "k": text(key)})
            }
        }
    }
}

fn mac(hash: hmac::Algorithm, key: &[u8], message: &[u8]) -> Vec<u8> {
    let key = hmac::Key::new(hash, key);
    hmac::sign(&key, message).as_ref().to_vec()
}

fn secret(java_name: &str, key: &[u8]) -> Value {
    json!({"alg": java_name, "value": std::str::from_utf8(key).unwrap()})
}

fn rsa_encoding(alg: &str) -> &'static dyn RsaEncoding {
    match alg {
        "RS256" => &RSA_PKCS1_SHA256,
        "RS384" => &RSA_PKCS1_SHA384,
        "RS512" => &RSA_PKCS1_SHA512,
        "PS256" => &RSA_PSS_SHA256,
        "PS384" => &RSA_PSS_SHA384,
        "PS512" => &RSA_PSS_SHA512,
        other => panic!("{other} is not of RSA"),
    }
}

pub(crate) fn encode(part: &Value) -> String {
    URL_SAFE_NO_PAD.encode(part.to_string())
}

/// Claims of a good token in the Spring dialect, an hour from its end.
pub(crate) fn claims() -> Value {
    json!({"aud": ["photo-space"], "user_name": "xiaoming", "scope": ["photo.read"],
        "exp": START + 3600, "authorities": ["ROLE_USER"], "jti": "j1", "client_id": "print-photo"})
}
