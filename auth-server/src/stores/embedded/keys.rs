//! How records are named: a byte that says what it is, then ids of fixed length, or texts led by
//! their length, so that no name can be read as another and what belongs together stands together.

use symbolon::identifiers::ClientId;

use crate::records::{
    AccessTokenId, CodeId, EmailAddress, GrantId, Habit, ID_BYTES, LinkId, PendingId,
    RefreshTokenId, Section, SessionId, UserHandle,
};
use crate::stores::{ChallengeId, ClientList, EndedJwtId, ReuseKey};

/// Never give a number a second meaning: files keep them. A server that does not know one leaves its records
/// alone, so a new number needs no new version of the format.
const CODE: u8 = 1;
const ACCESS_TOKEN: u8 = 2;
const REFRESH_TOKEN: u8 = 3;
const REVOCATION: u8 = 4;
const REUSE: u8 = 5;
const APPROVAL: u8 = 6;
const SESSION: u8 = 7;
const PENDING: u8 = 8;
const KEY_RECORD: u8 = 9;
const CLIENT: u8 = 10;
const OWNER: u8 = 11;
const GIVEN: u8 = 12;
const SESSIONS_ENDED: u8 = 13;
const ISSUER: u8 = 14;
const ENDED_JWT: u8 = 15;
const CLIENT_OF_DEVELOPER: u8 = 16;
const CLIENT_AWAITING: u8 = 17;
const SESSION_OF: u8 = 20;
const SECOND_FACTOR: u8 = 24;
const JOURNAL: u8 = 32;
const HABIT: u8 = 33;
const PASSKEYS: u8 = 28;
const PASSKEY_OWNER: u8 = 29;
const SPENT_CHALLENGE: u8 = 30;
const LINK: u8 = 31;
const OWNER_BY_EMAIL: u8 = 34;
const SIGN_UP: u8 = 35;

/// The name of a record, or the beginning that several have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key(Vec<u8>);

impl Key {
    pub(super) fn code(id: &CodeId) -> Self {
        Self::of(CODE, &[id.grant_id().as_bytes(), id.token_id()])
    }

    pub(super) fn access_token(id: &AccessTokenId) -> Self {
        Self::of(ACCESS_TOKEN, &[id.grant_id().as_bytes(), id.token_id()])
    }

    pub(super) fn access_tokens_of(grant_id: &GrantId) -> Self {
        Self::of(ACCESS_TOKEN, &[grant_id.as_bytes()])
    }

    pub(super) fn refresh_token(id: &RefreshTokenId) -> Self {
        Self::of(REFRESH_TOKEN, &[id.grant_id().as_bytes(), id.token_id()])
    }

    pub(super) fn refresh_tokens_of(grant_id: &GrantId) -> Self {
        Self::of(REFRESH_TOKEN, &[grant_id.as_bytes()])
    }

    pub(super) fn codes() -> Self {
        Self::of(CODE, &[])
    }

    pub(super) fn access_tokens() -> Self {
        Self::of(ACCESS_TOKEN, &[])
    }

    pub(super) fn refresh_tokens() -> Self {
        Self::of(REFRESH_TOKEN, &[])
    }

    /// The grant of a code or token.
    pub(super) fn grant_id(&self) -> Option<GrantId> {
        let (_, ids) = self.0.split_first()?;
        ids.first_chunk().copied().map(GrantId::from_bytes)
    }

    /// Behind all codes and tokens of a grant, of the kind that these are.
    pub(super) fn behind_grant(&self, grant_id: &GrantId) -> Self {
        let mut key = self.clone();
        key.0.extend_from_slice(grant_id.as_bytes());
        key.0.extend_from_slice(&[u8::MAX; ID_BYTES]);
        key
    }

    pub(super) fn revocation(grant_id: &GrantId) -> Self {
        Self::of(REVOCATION, &[grant_id.as_bytes()])
    }

    pub(super) fn reuse(key: &ReuseKey) -> Self {
        Self::of(REUSE, &[&key.0])
    }

    pub(super) fn approvals_by(owner: &str) -> Self {
        Self::of(APPROVAL, &[]).followed_by(owner)
    }

    pub(super) fn approvals_of(owner: &str, client_id: &ClientId) -> Self {
        Self::approvals_by(owner).followed_by(client_id.as_str())
    }

    pub(super) fn approval(owner: &str, client_id: &ClientId, scope: &str) -> Self {
        Self::approvals_of(owner, client_id).followed_by(scope)
    }

    pub(super) fn approvals() -> Self {
        Self::of(APPROVAL, &[])
    }

    /// Whether this is the key of an approval of this client.
    pub(super) fn is_approval_of(&self, client_id: &ClientId) -> bool {
        self.approved_client() == Some(client_id.as_str().as_bytes())
    }

    /// The client that an approval is about.
    pub(super) fn approved_client(&self) -> Option<&[u8]> {
        let mut texts = self.0.get(1..).unwrap_or_default();
        let mut next = || {
            let (length, rest) = texts.split_first_chunk()?;
            let length = usize::try_from(u64::from_be_bytes(*length)).ok()?;
            let (text, rest) = rest.split_at_checked(length)?;
            texts = rest;
            Some(text)
        };
        next().and_then(|_owner| next())
    }

    pub(super) fn session(id: &SessionId) -> Self {
        Self::of(SESSION, &[id.as_bytes()])
    }

    pub(super) fn pending(session: &SessionId, id: &PendingId) -> Self {
        Self::of(PENDING, &[session.as_bytes()]).followed_by(id.as_str())
    }

    pub(super) fn pending_of(session: &SessionId) -> Self {
        Self::of(PENDING, &[session.as_bytes()])
    }

    pub(super) fn key_record(key_id: &str) -> Self {
        Self::key_records().followed_by(key_id)
    }

    pub(super) fn key_records() -> Self {
        Self::of(KEY_RECORD, &[])
    }

    pub(super) fn ended_jwt(id: &EndedJwtId) -> Self {
        Self::of(ENDED_JWT, &[&id.0])
    }

    pub(super) fn issuer() -> Self {
        Self::of(ISSUER, &[])
    }

    /// Without its length: nothing follows, and so clients stand in the order of their ids.
    pub(super) fn client(id: &ClientId) -> Self {
        Self::of(CLIENT, &[id.as_str().as_bytes()])
    }

    pub(super) fn clients() -> Self {
        Self::of(CLIENT, &[])
    }

    /// The clients of a list, in the order of their ids.
    pub(super) fn clients_in(list: &ClientList) -> Self {
        match list {
            ClientList::RegisteredBy(owner) => {
                Self::of(CLIENT_OF_DEVELOPER, &[]).followed_by(owner)
            }
            ClientList::AwaitingApproval => Self::of(CLIENT_AWAITING, &[]),
        }
    }

    /// That a client is in a list.
    pub(super) fn client_in(list: &ClientList, id: &ClientId) -> Self {
        let mut key = Self::clients_in(list);
        key.0.extend_from_slice(id.as_str().as_bytes());
        key
    }

    /// The client of a key of this list.
    pub(super) fn client_of(&self, list: &ClientList) -> Option<ClientId> {
        let list = Self::clients_in(list);
        let id = self.0.strip_prefix(list.as_bytes())?;
        std::str::from_utf8(id).ok().map(ClientId::new)
    }

    /// See [`Key::client`].
    pub(super) fn owner(name: &str) -> Self {
        Self::of(OWNER, &[name.as_bytes()])
    }

    /// The owner of a key of [`Key::owner`].
    pub(super) fn owner_name(&self) -> Option<&str> {
        std::str::from_utf8(self.0.get(1..)?).ok()
    }

    /// Those who read mails there, in the order of their names.
    pub(super) fn owners_by_email(email: &EmailAddress) -> Self {
        Self::of(OWNER_BY_EMAIL, &[]).followed_by(&email.folded())
    }

    #[cfg(test)]
    pub(super) fn all_owners_by_email() -> Self {
        Self::of(OWNER_BY_EMAIL, &[])
    }

    /// That an owner does.
    pub(super) fn owner_by_email(email: &EmailAddress, name: &str) -> Self {
        let mut key = Self::owners_by_email(email);
        key.0.extend_from_slice(name.as_bytes());
        key
    }

    /// The owner of a key of this address.
    pub(super) fn owner_with(&self, email: &EmailAddress) -> Option<&str> {
        let owners = Self::owners_by_email(email);
        let name = self.0.strip_prefix(owners.as_bytes())?;
        std::str::from_utf8(name).ok()
    }

    /// What an owner gave by a grant.
    pub(super) fn given(owner: &str, grant_id: &GrantId) -> Self {
        let mut key = Self::given_by(owner);
        key.0.extend_from_slice(grant_id.as_bytes());
        key
    }

    pub(super) fn given_by(owner: &str) -> Self {
        Self::of(GIVEN, &[]).followed_by(owner)
    }

    /// The grant of a key of [`Key::given`].
    pub(super) fn given_grant(&self) -> Option<GrantId> {
        self.0.last_chunk().copied().map(GrantId::from_bytes)
    }

    /// That an owner has signed in in a session.
    pub(super) fn session_of(owner: &str, id: &SessionId) -> Self {
        let mut key = Self::sessions_of(owner);
        key.0.extend_from_slice(id.as_bytes());
        key
    }

    pub(super) fn sessions_of(owner: &str) -> Self {
        Self::of(SESSION_OF, &[]).followed_by(owner)
    }

    /// The session of a key of [`Key::session_of`].
    pub(super) fn session_of_owner(&self) -> Option<SessionId> {
        self.0.last_chunk().copied().map(SessionId::from_bytes)
    }

    pub(super) fn sessions_ended(owner: &str) -> Self {
        Self::of(SESSIONS_ENDED, &[owner.as_bytes()])
    }

    pub(super) fn second_factor(owner: &str) -> Self {
        Self::of(SECOND_FACTOR, &[owner.as_bytes()])
    }

    /// The entries of a section of the journal, in the order of their numbers.
    pub(super) fn section(section: &Section) -> Self {
        match section {
            Section::Refused => Self::of(JOURNAL, &[&[0]]),
            Section::Granted => Self::of(JOURNAL, &[&[1]]),
            Section::Changed => Self::of(JOURNAL, &[&[2]]),
            // 3 was that of all kinds together.
            Section::RefusedTo(client, kind) => {
                Self::of(JOURNAL, &[&[4], kind.as_str().as_bytes()]).followed_by(client.as_str())
            }
        }
    }

    /// An entry of this section.
    pub(super) fn entry(&self, number: u64) -> Self {
        let mut key = self.clone();
        key.0.extend_from_slice(&number.to_be_bytes());
        key
    }

    /// The number of a key of [`Key::entry`].
    pub(super) fn entry_number(&self) -> Option<u64> {
        self.0.last_chunk().copied().map(u64::from_be_bytes)
    }

    /// Behind all keys that begin with this one and are not longer than by a number.
    pub(super) fn end(&self) -> Self {
        let mut key = self.entry(u64::MAX);
        key.0.push(0);
        key
    }

    /// The clients that were seen with a habit, in the order of their ids.
    pub(super) fn habit(habit: Habit) -> Self {
        Self::of(HABIT, &[&[number_of(habit)]])
    }

    /// One of them.
    pub(super) fn client_with(habit: Habit, id: &ClientId) -> Self {
        let mut key = Self::habit(habit);
        key.0.extend_from_slice(id.as_str().as_bytes());
        key
    }

    /// The client of a key of [`Key::client_with`].
    pub(super) fn habitual_client(&self) -> Option<ClientId> {
        let id = self.0.get(2..)?;
        std::str::from_utf8(id).ok().map(ClientId::new)
    }

    pub(super) fn passkeys(owner: &str) -> Self {
        Self::of(PASSKEYS, &[owner.as_bytes()])
    }

    pub(super) fn passkey_owner(handle: &UserHandle) -> Self {
        Self::of(PASSKEY_OWNER, &[handle.as_bytes()])
    }

    pub(super) fn spent_challenge(id: &ChallengeId) -> Self {
        Self::of(SPENT_CHALLENGE, &[&id.0])
    }

    pub(super) fn link(id: &LinkId) -> Self {
        Self::of(LINK, &[id.grant_id().as_bytes(), id.token_id()])
    }

    pub(super) fn sign_up(id: &LinkId) -> Self {
        Self::of(SIGN_UP, &[id.grant_id().as_bytes(), id.token_id()])
    }

    pub(super) fn owners() -> Self {
        Self::of(OWNER, &[])
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    fn of(kind: u8, parts: &[&[u8]]) -> Self {
        let mut bytes = vec![kind];
        for part in parts {
            bytes.extend_from_slice(part);
        }
        Self(bytes)
    }

    fn followed_by(mut self, text: &str) -> Self {
        let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
        self.0.extend_from_slice(&length.to_be_bytes());
        self.0.extend_from_slice(text.as_bytes());
        self
    }
}

/// Like those of keys, these numbers never get a second meaning.
const fn number_of(habit: Habit) -> u8 {
    match habit {
        Habit::PasswordGrant => 1,
        Habit::ImplicitGrant => 2,
        Habit::CodeWithoutPkce => 3,
        Habit::TokenByGet => 4,
        Habit::WeakSecret => 5,
        Habit::CheckToken => 6,
        Habit::TokenKey => 7,
        Habit::LegacyToken => 8,
    }
}

#[cfg(test)]
mod tests;
