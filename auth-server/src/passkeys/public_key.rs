//! Public keys of passkeys: three kinds, which are all that authenticators have
//! ([WebAuthn §5.8.5](https://www.w3.org/TR/webauthn-3/#sctn-alg-identifier)).

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
    UnparsedPublicKey,
};
use ciborium::Value;
use coset::iana::{
    Algorithm, Ec2KeyParameter, EllipticCurve, EnumI64, KeyType, OkpKeyParameter, RsaKeyParameter,
};
use coset::{CborSerializable as _, CoseKey, Label, RegisteredLabel, RegisteredLabelWithPrivate};

use super::error::PasskeyError;

/// What is asked for, the best first, by their numbers.
pub(super) const ALGORITHMS: [i64; 3] = [-8, -7, -257];

/// A key that checks signatures.
#[derive(Debug)]
pub(super) enum PublicKey {
    Ed25519(Vec<u8>),
    /// A point, uncompressed.
    P256(Vec<u8>),
    Rsa(RsaPublicKeyComponents<Vec<u8>>),
}

impl PublicKey {
    /// The key of a `COSE_Key`.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, PasskeyError> {
        let key = CoseKey::from_slice(bytes).map_err(|_| PasskeyError::PublicKey)?;
        let read = match &key.alg {
            Some(RegisteredLabelWithPrivate::Assigned(Algorithm::EdDSA)) => ed25519(&key),
            Some(RegisteredLabelWithPrivate::Assigned(Algorithm::ES256)) => p256(&key),
            Some(RegisteredLabelWithPrivate::Assigned(Algorithm::RS256)) => rsa(&key),
            Some(_) | None => None,
        };
        read.ok_or(PasskeyError::PublicKey)
    }

    /// Whether this is the signature of a message under it.
    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        let verified = match self {
            Self::Ed25519(key) => UnparsedPublicKey::new(&ED25519, key).verify(message, signature),
            Self::P256(point) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).verify(message, signature)
            }
            Self::Rsa(key) => key.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature),
        };
        verified.is_ok()
    }
}

fn ed25519(key: &CoseKey) -> Option<PublicKey> {
    let is_kind =
        is_of(key, KeyType::OKP) && is_on(key, &OkpKeyParameter::Crv, &EllipticCurve::Ed25519);
    let x = bytes(key, &OkpKeyParameter::X)?;
    let parsed = UnparsedPublicKey::new(&ED25519, x).parse();
    (is_kind && parsed.is_ok()).then(|| PublicKey::Ed25519(x.to_vec()))
}

fn p256(key: &CoseKey) -> Option<PublicKey> {
    let is_kind =
        is_of(key, KeyType::EC2) && is_on(key, &Ec2KeyParameter::Crv, &EllipticCurve::P_256);
    let point = key.to_sec1_octet_string().ok()?;
    let parsed = UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, &point).parse();
    (is_kind && parsed.is_ok()).then_some(PublicKey::P256(point))
}

fn rsa(key: &CoseKey) -> Option<PublicKey> {
    let components = RsaPublicKeyComponents {
        n: bytes(key, &RsaKeyParameter::N)?.to_vec(),
        e: bytes(key, &RsaKeyParameter::E)?.to_vec(),
    };
    is_of(key, KeyType::RSA).then_some(PublicKey::Rsa(components))
}

fn is_of(key: &CoseKey, kind: KeyType) -> bool {
    key.kty == RegisteredLabel::Assigned(kind)
}

fn is_on(key: &CoseKey, parameter: &impl EnumI64, curve: &impl EnumI64) -> bool {
    let found = find(key, parameter).and_then(Value::as_integer);
    found == Some(curve.to_i64().into())
}

fn bytes<'a>(key: &'a CoseKey, parameter: &impl EnumI64) -> Option<&'a [u8]> {
    let found = find(key, parameter).and_then(Value::as_bytes);
    found.map(Vec::as_slice)
}

fn find<'a>(key: &'a CoseKey, parameter: &impl EnumI64) -> Option<&'a Value> {
    let label = Label::Int(parameter.to_i64());
    let mut parameters = key.params.iter();
    parameters.find_map(|(known, value)| (*known == label).then_some(value))
}
