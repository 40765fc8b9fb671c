//! What an authenticator says and signs ([WebAuthn §6.1](https://www.w3.org/TR/webauthn-3/#sctn-authenticator-data)).

use ciborium::Value;

use super::error::PasskeyError;
use super::relying_party::RelyingParty;

/// Somebody was there, …
const USER_PRESENT: u8 = 0b0000_0001;
/// … and it was found out who: by a finger, a face, or a PIN.
const USER_VERIFIED: u8 = 0b0000_0100;
/// It may be copied to other devices, …
const BACKUP_ELIGIBLE: u8 = 0b0000_1000;
/// … and is.
const BACKUP_STATE: u8 = 0b0001_0000;
const ATTESTED_CREDENTIAL: u8 = 0b0100_0000;
const EXTENSIONS: u8 = 0b1000_0000;

/// Bytes of what says which model it is.
const AAGUID: usize = 16;

/// Bytes of the longest id of a credential (§7.1, step 25).
const LONGEST_ID: usize = 1023;

/// What is said.
#[derive(Debug)]
pub(super) struct AuthenticatorData<'a> {
    rp_id_hash: [u8; 32],
    flags: u8,
    pub(super) sign_count: u32,
    pub(super) attested: Option<AttestedCredential<'a>>,
}

/// A new passkey.
#[derive(Debug)]
pub(super) struct AttestedCredential<'a> {
    pub(super) id: &'a [u8],
    /// A `COSE_Key`.
    pub(super) public_key: &'a [u8],
}

impl<'a> AuthenticatorData<'a> {
    /// All of it and nothing behind it.
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, PasskeyError> {
        Self::read(bytes).ok_or(PasskeyError::Malformed)
    }

    fn read(bytes: &'a [u8]) -> Option<Self> {
        let (rp_id_hash, rest) = bytes.split_first_chunk()?;
        let (&flags, rest) = rest.split_first()?;
        let (sign_count, mut rest) = rest.split_first_chunk()?;
        let attested = if flags & ATTESTED_CREDENTIAL == 0 {
            None
        } else {
            Some(AttestedCredential::read(&mut rest)?)
        };
        if flags & EXTENSIONS != 0 {
            one_value(&mut rest)?;
        }
        let is_backed_up_against_its_word =
            flags & BACKUP_STATE != 0 && flags & BACKUP_ELIGIBLE == 0;
        (rest.is_empty() && !is_backed_up_against_its_word).then(|| Self {
            rp_id_hash: *rp_id_hash,
            flags,
            sign_count: u32::from_be_bytes(*sign_count),
            attested,
        })
    }

    /// That it is for this server, and that whoever sits there was verified: that counts as two factors.
    pub(super) fn check(&self, relying_party: &RelyingParty) -> Result<(), PasskeyError> {
        if self.rp_id_hash != relying_party.id_hash() {
            return Err(PasskeyError::RelyingParty);
        }
        let verified = USER_PRESENT | USER_VERIFIED;
        if self.flags & verified != verified {
            return Err(PasskeyError::NotVerified);
        }
        Ok(())
    }
}

impl<'a> AttestedCredential<'a> {
    fn read(bytes: &mut &'a [u8]) -> Option<Self> {
        let (_, rest) = bytes.split_first_chunk::<AAGUID>()?;
        let (length, rest) = rest.split_first_chunk()?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (id, rest) = rest.split_at_checked(length)?;
        *bytes = rest;
        let public_key = one_value(bytes)?;
        let is_id = (1..=LONGEST_ID).contains(&length);
        is_id.then_some(Self { id, public_key })
    }
}

/// The bytes of the value that stands there, whatever it is.
fn one_value<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let whole = *bytes;
    let _value: Value = ciborium::from_reader(&mut *bytes).ok()?;
    whole.get(..whole.len().checked_sub(bytes.len())?)
}
