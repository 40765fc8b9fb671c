//! Keys at rest: what the store keeps of a private key is sealed (AES-256-GCM) under a secret that the
//! store does not have, so that a copy of the store signs nothing.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use symbolon::secret::Secret;
use zeroize::Zeroizing;

const SEALED: &str = "sealed:";
const OPEN: &str = "open:";

/// Seals and opens key material.
pub struct Sealing(Option<RandomizedNonceKey>);

impl fmt::Debug for Sealing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.0.is_some() {
            "Sealing(on)"
        } else {
            "Sealing(off)"
        })
    }
}

/// Key material that cannot be sealed or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealingError {
    /// The record is sealed and no secret, or another one, is configured.
    #[error("a key in the store is sealed under another secret than store.sealing_secret")]
    OtherSecret,
    /// The record is no key.
    #[error("a key record in the store cannot be read")]
    Damaged,
    /// The library refused.
    #[error("the cryptographic library cannot seal")]
    Library,
}

impl Sealing {
    /// Seals under a secret; without one, material is kept as it is.
    pub fn new(secret: Option<&Secret>) -> Result<Self, SealingError> {
        let Some(secret) = secret else {
            return Ok(Self(None));
        };
        let mut key = Zeroizing::new([0; 32]);
        Salt::new(HKDF_SHA256, b"symbolon key sealing")
            .extract(secret.expose().as_bytes())
            .expand(&[b"AES-256-GCM"], HKDF_SHA256)
            .and_then(|output| output.fill(key.as_mut_slice()))
            .map_err(|_| SealingError::Library)?;
        let key = RandomizedNonceKey::new(&AES_256_GCM, key.as_slice());
        Ok(Self(Some(key.map_err(|_| SealingError::Library)?)))
    }

    /// What the store keeps of the key with this name.
    pub fn seal(&self, key_id: &str, material: &[u8]) -> Result<String, SealingError> {
        let Some(key) = &self.0 else {
            return Ok(format!("{OPEN}{}", URL_SAFE_NO_PAD.encode(material)));
        };
        let mut sealed = material.to_vec();
        let nonce = key
            .seal_in_place_append_tag(Aad::from(key_id.as_bytes()), &mut sealed)
            .map_err(|_| SealingError::Library)?;
        let with_nonce = [nonce.as_ref().as_slice(), &sealed].concat();
        Ok(format!("{SEALED}{}", URL_SAFE_NO_PAD.encode(with_nonce)))
    }

    /// The key that [`Sealing::seal`] kept.
    pub fn open(&self, key_id: &str, kept: &str) -> Result<Zeroizing<Vec<u8>>, SealingError> {
        let decode = |text| {
            URL_SAFE_NO_PAD
                .decode(text)
                .map_err(|_| SealingError::Damaged)
        };
        if let Some(open) = kept.strip_prefix(OPEN) {
            return Ok(Zeroizing::new(decode(open)?));
        }
        let sealed = decode(kept.strip_prefix(SEALED).ok_or(SealingError::Damaged)?)?;
        let key = self.0.as_ref().ok_or(SealingError::OtherSecret)?;
        let (nonce, sealed) = sealed
            .split_first_chunk::<NONCE_LEN>()
            .ok_or(SealingError::Damaged)?;
        let mut material = Zeroizing::new(sealed.to_vec());
        let opened = key.open_in_place(
            Nonce::assume_unique_for_key(*nonce),
            Aad::from(key_id.as_bytes()),
            material.as_mut_slice(),
        );
        let length = opened.map_err(|_| SealingError::OtherSecret)?.len();
        material.truncate(length);
        Ok(material)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sealed_opens_under_the_same_secret_and_name_only() {
        let sealing = Sealing::new(Some(&Secret::new("a long secret"))).unwrap();
        let kept = sealing.seal("one", b"key material").unwrap();
        assert!(!kept.contains(&URL_SAFE_NO_PAD.encode(b"key material")));
        assert_eq!(
            sealing.open("one", &kept).unwrap().as_slice(),
            b"key material"
        );
        assert_eq!(sealing.open("two", &kept), Err(SealingError::OtherSecret));
        let other = Sealing::new(Some(&Secret::new("another"))).unwrap();
        assert_eq!(other.open("one", &kept), Err(SealingError::OtherSecret));
        assert_eq!(
            Sealing::new(None).unwrap().open("one", &kept),
            Err(SealingError::OtherSecret)
        );
    }

    #[test]
    fn material_that_was_kept_open_is_read_after_a_secret_was_set() {
        let kept = Sealing::new(None).unwrap().seal("one", b"key").unwrap();
        let sealing = Sealing::new(Some(&Secret::new("a long secret"))).unwrap();
        assert_eq!(sealing.open("one", &kept).unwrap().as_slice(), b"key");
        assert_eq!(sealing.open("one", "nonsense"), Err(SealingError::Damaged));
    }
}
