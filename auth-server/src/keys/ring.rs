//! The keys at one moment.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use symbolon::clock::Timestamp;
use zeroize::Zeroizing;

use crate::keys::handles::{HandleKey, HandleKeys};
use crate::keys::policy::{ConfiguredKey, KeyPolicy, KeyRingError};
use crate::keys::sealing::{Sealing, SealingError};
use crate::keys::signing::SigningKey;
use crate::records::{KeyPurpose, KeyRecord, PasswordMark};

/// The keys at one moment.
#[derive(Debug)]
pub struct Ring {
    /// Make and check handles.
    pub handles: HandleKeys,
    /// In the order of activation.
    signing: Vec<SigningKey>,
    /// What this was made of, as the store keeps it.
    records: Vec<KeyRecord>,
}

impl Ring {
    /// The ring of these records and, as the one that signs, the operator's own key.
    pub(super) fn of(
        records: &[KeyRecord],
        sealing: &Sealing,
        configured: Option<&ConfiguredKey>,
        policy: &KeyPolicy,
    ) -> Result<Self, KeyRingError> {
        let mut handles = Vec::new();
        let mut signing = Vec::new();
        for record in records {
            let material = sealing.open(&record.key_id, &record.material)?;
            match record.purpose {
                KeyPurpose::Signing(algorithm) => {
                    let key = SigningKey::parse(algorithm, &material, record.activates_at)?;
                    signing.push(key);
                }
                KeyPurpose::Handles { generation } => {
                    let key = material.first_chunk::<32>().ok_or(SealingError::Damaged)?;
                    let key = Zeroizing::new(*key);
                    handles.push(HandleKey { generation, key });
                }
            }
        }
        signing.sort_by_key(SigningKey::activates_at);
        if let Some(configured) = configured {
            let youngest = signing.last().map(SigningKey::activates_at);
            let signs_from = youngest.unwrap_or(Timestamp::from_secs(0));
            signing.push(configured.parse(signs_from)?);
        }
        let named = |key: SigningKey| key.named_in_headers(policy.kid_in_header);
        Ok(Self {
            handles: HandleKeys::new(&handles)?,
            signing: signing.into_iter().map(named).collect(),
            records: records.to_vec(),
        })
    }

    /// Which password the account has whose hash this is; the same on all servers of one store.
    pub fn password_mark(&self, hash: &str) -> Option<PasswordMark> {
        const DOMAIN: &[u8] = b"symbolon password mark";
        let digest = self.handles.digest(DOMAIN, hash.as_bytes())?;
        let (half, _) = digest.split_first_chunk::<16>()?;
        Some(PasswordMark::new(URL_SAFE_NO_PAD.encode(half)))
    }

    /// The key that signs now: the youngest that is active. When the hour has been set back behind all of them, the
    /// oldest, which everybody has known for longest.
    pub fn active_key(&self, now: Timestamp) -> Option<&SigningKey> {
        let mut youngest_first = self.signing.iter().rev();
        let active = youngest_first.find(|key| key.activates_at() <= now);
        active.or(self.signing.first())
    }

    /// The keys, active or not, that a header means: the one that it names, or any of them when it names none.
    pub fn meant_by(&self, kid: Option<&str>) -> impl Iterator<Item = &SigningKey> {
        let meant = move |key: &&SigningKey| kid.is_none_or(|kid| key.kid() == kid);
        self.published_keys().filter(meant)
    }

    /// All keys that check signatures, the youngest first.
    pub fn published_keys(&self) -> impl Iterator<Item = &SigningKey> {
        self.signing.iter().rev()
    }

    /// What this was made of, as the store keeps it.
    pub(super) fn records(&self) -> &[KeyRecord] {
        &self.records
    }

    /// Whether another ring was made of the same records.
    pub(super) fn is_made_like(&self, other: &Self) -> bool {
        self.records == other.records
    }

    pub(super) const fn signing_key_count(&self) -> usize {
        self.signing.len()
    }
}
