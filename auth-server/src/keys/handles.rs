//! Opaque tokens are handles: an id that the store knows, and a keyed check that it does not.
//!
//! `base64url(grant id (16) ‖ token id (16) ‖ check (16))`, 64 characters. The check is the first half
//! of an HMAC-SHA-256 over the kind and the ids, so garbage is refused without asking the store, the
//! store holds nothing that could be presented, and a handle can be written again from its id. The two
//! uppermost bits of the token id say which generation of the key made the check.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use symbolon::random::Random;
use symbolon::secret::Secret;
use zeroize::Zeroizing;

use crate::records::{Access, Code, GrantId, HandleId, ID_BYTES, Link, Refresh};

/// Where the generation stands in the first byte of a token id.
const GENERATION_BITS: u8 = 0b1100_0000;
const GENERATION_SHIFT: u32 = 6;

/// What a handle opens. The word separates the checks of one kind from those of another.
pub trait Kind: 'static {
    /// Goes into the check.
    const DOMAIN: &'static [u8];
}

impl Kind for Code {
    const DOMAIN: &'static [u8] = b"symbolon authorization code";
}
impl Kind for Access {
    const DOMAIN: &'static [u8] = b"symbolon access token";
}
impl Kind for Refresh {
    const DOMAIN: &'static [u8] = b"symbolon refresh token";
}

impl Kind for Link {
    const DOMAIN: &'static [u8] = b"symbolon one-time link";
}

/// The key of one generation.
#[derive(Clone)]
pub struct HandleKey {
    /// 0 to 3.
    pub generation: u8,
    /// 256 random bits.
    pub key: Zeroizing<[u8; 32]>,
}

/// The keys that make and check handles. The last one makes new handles.
#[derive(Clone)]
pub struct HandleKeys(Vec<Keyed>);

/// What has taken its key in: that costs as much as the message does, and every request has one.
#[derive(Clone)]
struct Keyed {
    generation: u8,
    mac: Hmac<Sha256>,
}

impl Keyed {
    fn new(key: &HandleKey) -> Self {
        // What is shorter than a block is filled up with zeros (RFC 2104 §2).
        let mut block = Zeroizing::new([0; 64]);
        let (filled, _) = block.split_at_mut(key.key.len());
        filled.copy_from_slice(key.key.as_slice());
        Self {
            generation: key.generation,
            mac: Hmac::new(&(*block).into()),
        }
    }

    fn of(&self, domain: &[u8]) -> Hmac<Sha256> {
        self.mac.clone().chain_update(domain).chain_update([0])
    }
}

impl fmt::Debug for HandleKeys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[redacted]")
    }
}

/// There must be a key to make handles with.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the store holds no key for handles")]
pub struct NoHandleKey;

impl HandleKeys {
    /// Keys, the newest last.
    pub fn new(keys: &[HandleKey]) -> Result<Self, NoHandleKey> {
        if keys.is_empty() {
            Err(NoHandleKey)
        } else {
            Ok(Self(keys.iter().map(Keyed::new).collect()))
        }
    }

    /// A new id within a grant.
    pub fn mint<K>(&self, grant_id: GrantId, random: &dyn Random) -> HandleId<K> {
        let mut token_id: [u8; ID_BYTES] = random.bytes();
        if let (Some(first), Some(newest)) = (token_id.first_mut(), self.0.last()) {
            *first = (*first & !GENERATION_BITS) | (newest.generation << GENERATION_SHIFT);
        }
        HandleId::from_parts(grant_id, token_id)
    }

    /// The handle of an id: what a client may present. `None` when the key of its generation is gone.
    pub fn write<K: Kind>(&self, id: &HandleId<K>) -> Option<Secret> {
        let check = self.check(id)?;
        let bytes = [*id.grant_id().as_bytes(), *id.token_id(), check].concat();
        Some(Secret::new(URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// The id of a handle, when the check holds for this kind.
    pub fn read<K: Kind>(&self, handle: &Secret) -> Option<HandleId<K>> {
        let bytes: [u8; 3 * ID_BYTES] = URL_SAFE_NO_PAD
            .decode(handle.expose())
            .ok()?
            .try_into()
            .ok()?;
        let (grant_id, rest) = bytes.split_first_chunk::<ID_BYTES>()?;
        let (token_id, presented) = rest.split_first_chunk::<ID_BYTES>()?;
        let id = HandleId::from_parts(GrantId::from_bytes(*grant_id), *token_id);
        bool::from(self.check(&id)?.ct_eq(presented)).then_some(id)
    }

    /// A keyed digest for something that is not a handle, for example a form's CSRF token: 32 bytes of
    /// HMAC-SHA-256 under the newest key, separated by `domain`.
    pub fn digest(&self, domain: &[u8], message: &[u8]) -> Option<[u8; 32]> {
        let mac = self.0.last()?.of(domain).chain_update(message);
        Some(mac.finalize().into_bytes().into())
    }

    fn check<K: Kind>(&self, id: &HandleId<K>) -> Option<[u8; ID_BYTES]> {
        let key = self
            .0
            .iter()
            .find(|key| key.generation == generation(id.token_id()))?;
        let mac = key
            .of(K::DOMAIN)
            .chain_update(id.grant_id().as_bytes())
            .chain_update(id.token_id());
        mac.finalize()
            .into_bytes()
            .first_chunk::<ID_BYTES>()
            .copied()
    }
}

/// Which generation of the key made the check of a handle.
fn generation(token_id: &[u8; ID_BYTES]) -> u8 {
    let [first, ..] = token_id;
    (first & GENERATION_BITS) >> GENERATION_SHIFT
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::{AccessTokenId, RefreshTokenId};
    use proptest::prelude::*;
    use symbolon::random::SystemRandom;

    fn keys(generation: u8) -> HandleKeys {
        let random: &dyn Random = &SystemRandom;
        HandleKeys::new(&[HandleKey {
            generation,
            key: Zeroizing::new(random.bytes()),
        }])
        .unwrap()
    }

    #[test]
    fn a_handle_is_64_characters_and_reads_back_as_its_id() {
        let keys = keys(2);
        let id: AccessTokenId = keys.mint(GrantId::mint(&SystemRandom), &SystemRandom);
        let handle = keys.write(&id).unwrap();
        assert_eq!(handle.expose().len(), 64);
        assert_eq!(keys.read(&handle), Some(id));
        assert_eq!(keys.write(&id), Some(handle));
    }

    #[test]
    fn the_check_is_an_hmac_under_the_key_as_it_is() {
        let random: &dyn Random = &SystemRandom;
        let key = Zeroizing::new(random.bytes());
        let mut mac = Hmac::<Sha256>::new_from_slice(key.as_slice()).unwrap();
        let keys = HandleKeys::new(&[HandleKey { generation: 1, key }]).unwrap();
        let id: AccessTokenId = keys.mint(GrantId::mint(&SystemRandom), &SystemRandom);
        mac.update(b"symbolon access token\0");
        mac.update(id.grant_id().as_bytes());
        mac.update(id.token_id());
        let expected = mac.finalize().into_bytes();
        let written = URL_SAFE_NO_PAD
            .decode(keys.write(&id).unwrap().expose())
            .unwrap();
        assert_eq!(written[2 * ID_BYTES..], expected[..ID_BYTES]);
    }

    #[test]
    fn a_handle_of_one_kind_is_none_of_another() {
        let keys = keys(0);
        let id: RefreshTokenId = keys.mint(GrantId::mint(&SystemRandom), &SystemRandom);
        let handle = keys.write(&id).unwrap();
        assert_eq!(keys.read::<Access>(&handle), None);
        assert_eq!(keys.read::<Code>(&handle), None);
    }

    #[test]
    fn a_handle_of_an_older_key_stays_good_while_that_key_is_kept() {
        let (old, new) = (keys(0), keys(1));
        let id: AccessTokenId = old.mint(GrantId::mint(&SystemRandom), &SystemRandom);
        let handle = old.write(&id).unwrap();
        let both = HandleKeys([old.0, new.0.clone()].concat());
        assert_eq!(both.read(&handle), Some(id));
        assert_eq!(new.read::<Access>(&handle), None);
    }

    #[test]
    fn the_id_alone_cannot_be_presented() {
        let keys = keys(0);
        let id: AccessTokenId = keys.mint(GrantId::mint(&SystemRandom), &SystemRandom);
        assert_eq!(keys.read::<Access>(&Secret::new(id.to_text())), None);
        assert_eq!(AccessTokenId::from_text(&id.to_text()), Some(id));
    }

    proptest! {
        #[test]
        fn a_changed_handle_is_refused(position in 0_usize..64, replacement in "[A-Za-z0-9_-]") {
            let keys = keys(0);
            let id: AccessTokenId = keys.mint(GrantId::mint(&SystemRandom), &SystemRandom);
            let handle = keys.write(&id).unwrap();
            let mut text = handle.expose().to_owned();
            text.replace_range(position..=position, &replacement);
            let expected = (text == handle.expose()).then_some(id);
            prop_assert_eq!(keys.read(&Secret::new(text)), expected);
        }

        #[test]
        fn garbage_is_refused(text in "\\PC{0,80}") {
            prop_assert_eq!(keys(0).read::<Access>(&Secret::new(text)), None);
        }
    }
}
