//! Challenges ([WebAuthn §13.4.3](https://www.w3.org/TR/webauthn-3/#sctn-cryptographic-challenges)). One says itself when it is
//! over, and only we can make it, for one session and one purpose: so a page that shows one costs the store nothing, and
//! whoever shows one that was never on a page of that session is refused before anything is looked up.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use symbolon::clock::Timestamp;
use symbolon::random::Random;

use super::error::PasskeyError;
use crate::keys::KeyRing;
use crate::records::SessionId;
use crate::stores::ChallengeId;

const DOMAIN: &[u8] = b"symbolon passkey challenge";

/// How long one is good, in seconds: as long as somebody may look for the key, and a page may be open before.
const LIFE_SECS: u64 = 600;

/// Bytes of when it is over, of what makes it new, and of the check.
const TIME: usize = 8;
const NONCE: usize = 16;
const CHECK: usize = 32;

/// What it is for. One for a sign-in is none for a new passkey.
#[derive(Clone, Copy, Debug)]
pub(super) enum Purpose<'a> {
    /// Somebody signs in, whoever it is.
    SignIn,
    /// This owner, who has shown the password in this session, adds a passkey.
    Addition { owner: &'a str },
}

/// What a challenge is good for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bond<'a> {
    /// The session on whose page it was.
    pub(super) session: &'a SessionId,
    pub(super) purpose: Purpose<'a>,
}

/// A challenge of ours that was answered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answered {
    pub(super) id: ChallengeId,
    pub(super) expires_at: Timestamp,
}

/// A new challenge, in base64url.
pub(super) fn issue(
    keys: &KeyRing,
    random: &dyn Random,
    now: Timestamp,
    bond: Bond<'_>,
) -> Option<String> {
    let expires_at = now.plus_secs(LIFE_SECS);
    let nonce: [u8; NONCE] = random.bytes();
    let said = [expires_at.as_secs().to_be_bytes().as_slice(), &nonce].concat();
    let check = check(keys, &said, bond)?;
    Some(URL_SAFE_NO_PAD.encode([said.as_slice(), &check].concat()))
}

/// A challenge that came back.
pub(super) fn read(
    keys: &KeyRing,
    now: Timestamp,
    challenge: &str,
    bond: Bond<'_>,
) -> Result<Answered, PasskeyError> {
    let read = || {
        let bytes = URL_SAFE_NO_PAD.decode(challenge).ok()?;
        let (said, presented) = bytes.split_at_checked(TIME + NONCE)?;
        let presented: &[u8; CHECK] = presented.try_into().ok()?;
        let expected = check(keys, said, bond)?;
        let expires_at = Timestamp::from_secs(u64::from_be_bytes(*said.first_chunk()?));
        let is_good = bool::from(expected.ct_eq(presented)) && now < expires_at;
        is_good.then(|| Answered {
            id: ChallengeId(Sha256::digest(&bytes).into()),
            expires_at,
        })
    };
    read().ok_or(PasskeyError::Challenge)
}

fn check(keys: &KeyRing, said: &[u8], bond: Bond<'_>) -> Option<[u8; CHECK]> {
    let (kind, owner) = match bond.purpose {
        Purpose::SignIn => ([0], ""),
        Purpose::Addition { owner } => ([1], owner),
    };
    // Only the last has no fixed length.
    let message = [said, bond.session.as_bytes(), &kind, owner.as_bytes()].concat();
    keys.current().handles.digest(DOMAIN, &message)
}
