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

/// Bytes of the shortest secret. What is shorter is a word, or what is left of a file that was cut off: whoever has
/// a copy of the store would guess it.
const SHORTEST_SECRET: usize = 16;

/// Seals and opens key material.
pub struct Sealing {
    /// `None` when material is kept as it is.
    key: Option<RandomizedNonceKey>,
    /// Where the secret stands, for the operator.
    source: String,
}

impl fmt::Debug for Sealing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.key.is_some() {
            "Sealing(on)"
        } else {
            "Sealing(off)"
        })
    }
}

/// Key material that cannot be sealed or opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealingError {
    /// The secret is no secret.
    #[error("{source_name} holds fewer than {SHORTEST_SECRET} bytes: no secret to seal keys with")]
    ShortSecret {
        /// Where it stands.
        source_name: String,
    },
    /// The record is sealed and there is no secret.
    #[error(
        "a key in the store is sealed, and there is no secret to open it: store.sealing_secret is empty"
    )]
    NoSecret,
    /// The record is sealed under another secret.
    #[error("a key in the store is sealed under another secret than the one in {source_name}")]
    OtherSecret {
        /// Where the secret stands that does not open it.
        source_name: String,
    },
    /// The record is no key.
    #[error("a key record in the store cannot be read")]
    Damaged,
    /// The library refused.
    #[error("the cryptographic library cannot seal")]
    Library,
}

impl Sealing {
    /// Keeps material as it is.
    pub const fn off() -> Self {
        Self {
            key: None,
            source: String::new(),
        }
    }

    /// Seals under a secret that stands in `source`: a setting's name, or a file's.
    pub fn under(secret: &Secret, source: impl Into<String>) -> Result<Self, SealingError> {
        let source = source.into();
        if secret.expose().len() < SHORTEST_SECRET {
            let source_name = source;
            return Err(SealingError::ShortSecret { source_name });
        }
        let mut key = Zeroizing::new([0; 32]);
        Salt::new(HKDF_SHA256, b"symbolon key sealing")
            .extract(secret.expose().as_bytes())
            .expand(&[b"AES-256-GCM"], HKDF_SHA256)
            .and_then(|output| output.fill(key.as_mut_slice()))
            .map_err(|_| SealingError::Library)?;
        let key = RandomizedNonceKey::new(&AES_256_GCM, key.as_slice());
        Ok(Self {
            key: Some(key.map_err(|_| SealingError::Library)?),
            source,
        })
    }

    /// What the store keeps of the key with this name.
    pub fn seal(&self, key_id: &str, material: &[u8]) -> Result<String, SealingError> {
        let Some(key) = &self.key else {
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
        let key = self.key.as_ref().ok_or(SealingError::NoSecret)?;
        let (nonce, sealed) = sealed
            .split_first_chunk::<NONCE_LEN>()
            .ok_or(SealingError::Damaged)?;
        let mut material = Zeroizing::new(sealed.to_vec());
        let opened = key.open_in_place(
            Nonce::assume_unique_for_key(*nonce),
            Aad::from(key_id.as_bytes()),
            material.as_mut_slice(),
        );
        let length = opened.map_err(|_| self.other_secret())?.len();
        material.truncate(length);
        Ok(material)
    }

    fn other_secret(&self) -> SealingError {
        SealingError::OtherSecret {
            source_name: self.source.clone(),
        }
    }
}

/// Whether what is kept was sealed.
pub fn is_sealed(kept: &str) -> bool {
    kept.starts_with(SEALED)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn under(secret: &str) -> Sealing {
        Sealing::under(&Secret::new(secret), "a file").unwrap()
    }

    #[test]
    fn what_was_sealed_opens_under_the_same_secret_and_name_only() {
        let sealing = under("a secret that is long");
        let kept = sealing.seal("one", b"key material").unwrap();
        assert!(is_sealed(&kept));
        assert!(!kept.contains(&URL_SAFE_NO_PAD.encode(b"key material")));
        assert_eq!(
            sealing.open("one", &kept).unwrap().as_slice(),
            b"key material"
        );
        let source_name = "a file".to_owned();
        let other_secret = Err(SealingError::OtherSecret { source_name });
        assert_eq!(sealing.open("two", &kept), other_secret);
        assert_eq!(
            under("another that is long").open("one", &kept),
            other_secret
        );
        let without = Sealing::off().open("one", &kept);
        assert_eq!(without, Err(SealingError::NoSecret));
    }

    #[test]
    fn material_that_was_kept_open_is_read_after_a_secret_was_set() {
        let kept = Sealing::off().seal("one", b"key").unwrap();
        assert!(!is_sealed(&kept));
        let sealing = under("a secret that is long");
        assert_eq!(sealing.open("one", &kept).unwrap().as_slice(), b"key");
        assert_eq!(sealing.open("one", "nonsense"), Err(SealingError::Damaged));
    }

    #[test]
    fn a_word_is_no_secret() {
        for word in ["", "\n", "x", "fifteen letters"] {
            let error = Sealing::under(&Secret::new(word), "store.sealing_secret").unwrap_err();
            let text = error.to_string();
            assert!(text.starts_with("store.sealing_secret holds"), "{text}");
        }
    }
}
