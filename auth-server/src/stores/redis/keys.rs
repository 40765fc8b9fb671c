//! How keys are named. What stands in braces decides the slot of a cluster.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use symbolon::identifiers::ClientId;

use crate::records::{
    AccessTokenId, CodeId, GrantId, Habit, HandleId, LinkId, RefreshTokenId, Section, SessionId,
};
use crate::stores::{ChallengeId, EndedJwtId, ReuseKey};

/// Tags whose slots are in the four quarters.
const PROBES: [&str; 4] = ["health-132", "health-42", "health-12", "health-193"];

pub(super) struct Keys {
    prefix: String,
}

impl Keys {
    pub(super) fn new(prefix: &str) -> Self {
        Self {
            prefix: prefix.to_owned(),
        }
    }

    /// The beginning of every key of a grant.
    pub(super) fn grant(&self, grant_id: &GrantId) -> String {
        format!("{}{{{grant_id}}}:", self.prefix)
    }

    /// All keys of grants, and some others, as `SCAN` understands it.
    pub(super) fn pattern_of_grants(&self) -> String {
        format!("{}{{*}}:*", literal(&self.prefix))
    }

    /// The grant of one of its keys, and what stands behind the grant's beginning.
    pub(super) fn of_grant<'k>(&self, key: &'k str) -> Option<(GrantId, &'k str)> {
        let rest = key.strip_prefix(&self.prefix)?.strip_prefix('{')?;
        let (grant, rest) = rest.split_once("}:")?;
        Some((GrantId::from_text(grant)?, rest))
    }

    pub(super) fn code(&self, id: &CodeId) -> String {
        format!("{}code:{}", self.grant(&id.grant_id()), own_half(id))
    }

    pub(super) fn access_token(&self, id: &AccessTokenId) -> String {
        format!("{}access:{}", self.grant(&id.grant_id()), own_half(id))
    }

    pub(super) fn refresh_token(&self, id: &RefreshTokenId) -> String {
        format!("{}refresh:{}", self.grant(&id.grant_id()), own_half(id))
    }

    /// The grant's access tokens: own halves of their ids, by expiry.
    pub(super) fn access_index(&self, grant_id: &GrantId) -> String {
        format!("{}access-tokens", self.grant(grant_id))
    }

    /// The grant's refresh tokens: own halves of their ids, by expiry.
    pub(super) fn refresh_index(&self, grant_id: &GrantId) -> String {
        format!("{}refresh-tokens", self.grant(grant_id))
    }

    pub(super) fn revoked(&self, grant_id: &GrantId) -> String {
        format!("{}revoked", self.grant(grant_id))
    }

    pub(super) fn reuse(&self, key: &ReuseKey) -> String {
        format!("{}{{{}}}:reuse", self.prefix, URL_SAFE_NO_PAD.encode(key.0))
    }

    /// Names may hold any character, a brace or a slash too, so they are written in base64url.
    pub(super) fn approvals(&self, owner: &str, client_id: &ClientId) -> String {
        format!(
            "{}{{{}/{}}}:approvals",
            self.prefix,
            URL_SAFE_NO_PAD.encode(owner),
            URL_SAFE_NO_PAD.encode(client_id.as_str())
        )
    }

    /// The clients about which an owner has decided something, by when that ends.
    pub(super) fn approved(&self, owner: &str) -> String {
        format!("{}:approved", self.owner_slot(owner))
    }

    /// The approvals of whichever owners, as `SCAN` understands it.
    pub(super) fn pattern_of_approvals(&self, client_id: &ClientId) -> String {
        let client = URL_SAFE_NO_PAD.encode(client_id.as_str());
        format!("{}{{*/{client}}}:approvals", literal(&self.prefix))
    }

    /// What an owner gave.
    pub(super) fn given(&self, owner: &str) -> OwnerIndexKeys {
        let owner = self.owner_slot(owner);
        OwnerIndexKeys {
            ends: format!("{owner}:grants"),
            entries: format!("{owner}:given"),
        }
    }

    /// In which sessions an owner has signed in.
    pub(super) fn sessions_of(&self, owner: &str) -> OwnerIndexKeys {
        let owner = self.owner_slot(owner);
        OwnerIndexKeys {
            ends: format!("{owner}:sessions"),
            entries: format!("{owner}:signed-in"),
        }
    }

    /// When all sessions of an owner were ended.
    pub(super) fn sessions_ended(&self, owner: &str) -> String {
        format!("{}:sessions-ended", self.owner_slot(owner))
    }

    fn owner_slot(&self, owner: &str) -> String {
        format!("{}{{owner/{}}}", self.prefix, URL_SAFE_NO_PAD.encode(owner))
    }

    pub(super) fn session(&self, id: &SessionId) -> String {
        format!("{}:login", self.session_slot(id))
    }

    pub(super) fn pending(&self, id: &SessionId) -> String {
        format!("{}:pending", self.session_slot(id))
    }

    pub(super) fn key_ring(&self) -> String {
        format!("{}{{keys}}:ring", self.prefix)
    }

    pub(super) fn ended_jwt(&self, id: &EndedJwtId) -> String {
        let id = URL_SAFE_NO_PAD.encode(id.0);
        format!("{}{{{id}}}:ended-jwt", self.prefix)
    }

    pub(super) fn issuer(&self) -> String {
        format!("{}{{keys}}:issuer", self.prefix)
    }

    /// Registrations of clients.
    pub(super) fn clients(&self) -> RegistrationKeys {
        self.registrations("clients")
    }

    /// Registrations of owners.
    pub(super) fn owners(&self) -> RegistrationKeys {
        self.registrations("owners")
    }

    /// Second factors of owners, in one hash.
    pub(super) fn second_factors(&self) -> String {
        format!("{}{{second-factors}}:records", self.prefix)
    }

    /// A section of the journal. Each is a key of its own, wherever that is: nothing is done to two at once.
    pub(super) fn section(&self, section: &Section) -> String {
        let name = match section {
            Section::Refused => "refused".to_owned(),
            Section::Granted => "granted".to_owned(),
            Section::Changed => "changed".to_owned(),
            Section::RefusedTo(client, kind) => {
                let client = URL_SAFE_NO_PAD.encode(client.as_str());
                format!("refused-to/{}/{client}", kind.as_str())
            }
        };
        format!("{}{{journal/{name}}}:entries", self.prefix)
    }

    /// The clients that were seen with a habit.
    pub(super) fn habit(&self, habit: Habit) -> HabitKeys {
        let habit = format!("{}{{habit/{}}}", self.prefix, habit.as_str());
        HabitKeys {
            records: format!("{habit}:records"),
            names: format!("{habit}:names"),
            times: format!("{habit}:times"),
        }
    }

    /// Passkeys of owners, in one hash.
    pub(super) fn passkeys(&self) -> String {
        format!("{}{{passkeys}}:records", self.prefix)
    }

    /// Whose user handle is whose, in another.
    pub(super) fn passkey_owners(&self) -> String {
        format!("{}{{passkeys}}:owners", self.prefix)
    }

    pub(super) fn spent_challenge(&self, id: &ChallengeId) -> String {
        let id = URL_SAFE_NO_PAD.encode(id.0);
        format!("{}{{{id}}}:spent-challenge", self.prefix)
    }

    pub(super) fn link(&self, id: &LinkId) -> String {
        format!("{}{{{}}}:link", self.prefix, id.to_text())
    }

    /// The link of a sign-up, in the slot of the accounts, because using it makes one.
    pub(super) fn sign_up(&self, id: &LinkId) -> String {
        format!("{}{{owners}}:sign-up/{}", self.prefix, id.to_text())
    }

    /// Names that nothing is kept under, one in each quarter of a cluster's slots: no node of several keeps them all.
    pub(super) fn probes(&self) -> [String; 4] {
        PROBES.map(|tag| format!("{}{{{tag}}}:probe", self.prefix))
    }

    fn registrations(&self, kind: &str) -> RegistrationKeys {
        let prefix = &self.prefix;
        RegistrationKeys {
            records: format!("{prefix}{{{kind}}}:records"),
            names: format!("{prefix}{{{kind}}}:names"),
            lists: format!("{prefix}{{{kind}}}:lists"),
        }
    }

    /// The beginning of every key of a session.
    fn session_slot(&self, id: &SessionId) -> String {
        let id = URL_SAFE_NO_PAD.encode(id.as_bytes());
        format!("{}{{{id}}}", self.prefix)
    }
}

/// A text as part of a pattern that matches it alone.
fn literal(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '*' | '?' | '[' | ']' | '^' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern
}

/// An index of one owner's grants or sessions: one slot.
pub(super) struct OwnerIndexKeys {
    /// A sorted set of them, by when they end.
    pub(super) ends: String,
    /// A hash: the entry of each.
    pub(super) entries: String,
}

/// The keys of one habit: one slot.
pub(super) struct HabitKeys {
    /// A hash: when each client was last seen.
    pub(super) records: String,
    /// A sorted set of the clients, all with one score, so that Redis keeps them in the order of their bytes.
    pub(super) names: String,
    /// A sorted set of the clients by when they were last seen.
    pub(super) times: String,
}

/// The keys of all registrations of one kind: one slot.
pub(super) struct RegistrationKeys {
    /// A hash: the registration of each name.
    pub(super) records: String,
    /// A sorted set of the names, all with one score, so that Redis keeps them in the order of their bytes.
    pub(super) names: String,
    /// The same of the members of all lists, see [`Listed`](super::lists::Listed).
    pub(super) lists: String,
}

/// The half of an id that is not its grant's, as keys and indexes hold it.
pub(super) fn own_half<K>(id: &HandleId<K>) -> String {
    URL_SAFE_NO_PAD.encode(id.token_id())
}

/// The id of which [`own_half`] wrote a half.
pub(super) fn whole_id<K>(grant_id: &GrantId, own_half: &str) -> Option<HandleId<K>> {
    let own_half = URL_SAFE_NO_PAD.decode(own_half).ok()?;
    let both = [grant_id.as_bytes().as_slice(), &own_half].concat();
    HandleId::from_text(&URL_SAFE_NO_PAD.encode(both))
}
