//! Ports that do what a real store does only on a bad day.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use symbolon::clock::Timestamp;
use symbolon::identifiers::ClientId;
use symbolon_auth_server::records::{
    AccessToken, AccessTokenId, Approval, AuthorizationCode, ClientRegistration, CodeId,
    EmailAddress, GrantId, Habit, JournalEntry, JournalPlace, KeyRecord, LastSeen, LinkId,
    NewTokens, OneTimeLink, OwnerPasskeys, OwnerRegistration, PendingAnswer, PendingAuthorization,
    PendingId, RefreshToken, RefreshTokenId, SecondFactor, Section, SectionBounds, SeenClient,
    Session, SessionId, ShownWithCode, SignUp, UserHandle,
};
use symbolon_auth_server::stores::{
    AccessTokenStore, Addition, Answering, ApprovalStore, AuthorizationCodeStore, ChallengeId,
    ClientList, ClientRegistrar, ClientStore, EndedJwtId, EndedJwtStore, GivenGrant, GrantStore,
    HabitStore, Issuance, IssuerStore, JournalPart, JournalStore, KeyStore, OneTimeLinkStore,
    OperationOutcome, OwnerRegistrar, OwnerStore, PasskeyStore, Redemption, RefreshTokenStore,
    Renewal, Reuse, ReuseKey, Rotation, SearchPart, SearchPlace, SecondFactorStore, SessionStore,
    SignUpOutcome, SignUpStore, StoreError, StoreHealth, StoreObserver, Stores,
};

/// A store that does not answer, at any port.
struct Down;

/// All ports of a store that does not answer.
pub(crate) fn down() -> Stores {
    Stores::of(&Arc::new(Down))
}

pub(crate) fn unavailable<T>() -> Result<T, StoreError> {
    Err(StoreError::Unavailable("it is down".to_owned()))
}

#[async_trait]
impl AuthorizationCodeStore for Down {
    async fn store_code(&self, _: &CodeId, _: &AuthorizationCode) -> Result<(), StoreError> {
        unavailable()
    }

    async fn redeem_code(&self, _: &CodeId, _: &ShownWithCode) -> Result<Redemption, StoreError> {
        unavailable()
    }

    async fn note_reuse(&self, _: &CodeId, _: &GrantId) -> Result<Issuance, StoreError> {
        unavailable()
    }
}

#[async_trait]
impl EndedJwtStore for Down {
    async fn end_jwt(&self, _: &EndedJwtId, _: Option<Timestamp>) -> Result<bool, StoreError> {
        unavailable()
    }

    async fn is_jwt_ended(&self, _: &EndedJwtId) -> Result<bool, StoreError> {
        unavailable()
    }
}

#[async_trait]
impl AccessTokenStore for Down {
    async fn issue_tokens(&self, _: &NewTokens) -> Result<(), StoreError> {
        unavailable()
    }

    async fn issue_tokens_of_code(&self, _: &NewTokens) -> Result<Issuance, StoreError> {
        unavailable()
    }

    async fn issue_or_reuse_tokens(
        &self,
        _: &ReuseKey,
        _: &NewTokens,
    ) -> Result<Reuse, StoreError> {
        unavailable()
    }

    async fn find_access_token(
        &self,
        _: &AccessTokenId,
    ) -> Result<Option<AccessToken>, StoreError> {
        unavailable()
    }

    async fn revoke_access_token(&self, _: &AccessTokenId) -> Result<(), StoreError> {
        unavailable()
    }
}

#[async_trait]
impl RefreshTokenStore for Down {
    async fn find_refresh_token(
        &self,
        _: &RefreshTokenId,
    ) -> Result<Option<RefreshToken>, StoreError> {
        unavailable()
    }

    async fn is_refresh_token_used(&self, _: &RefreshTokenId) -> Result<bool, StoreError> {
        unavailable()
    }

    async fn rotate_refresh_token(
        &self,
        _: &RefreshTokenId,
        _: &NewTokens,
        _: u64,
    ) -> Result<Rotation, StoreError> {
        unavailable()
    }

    async fn renew_access_token(
        &self,
        _: &RefreshTokenId,
        _: &NewTokens,
    ) -> Result<Renewal, StoreError> {
        unavailable()
    }
}

#[async_trait]
impl GrantStore for Down {
    async fn revoke_grant(&self, _: &GrantId) -> Result<bool, StoreError> {
        unavailable()
    }

    async fn list_grants(&self, _: &str) -> Result<Vec<GivenGrant>, StoreError> {
        unavailable()
    }

    async fn list_grants_from(
        &self,
        _: &str,
        _: Option<&SearchPlace>,
    ) -> Result<SearchPart, StoreError> {
        unavailable()
    }

    async fn find_grant(&self, _: &GrantId) -> Result<Option<GivenGrant>, StoreError> {
        unavailable()
    }

    async fn search_grants(
        &self,
        _: &ClientId,
        _: Option<&SearchPlace>,
    ) -> Result<SearchPart, StoreError> {
        unavailable()
    }
}

#[async_trait]
impl ApprovalStore for Down {
    async fn find_approvals(&self, _: &str, _: &ClientId) -> Result<Vec<Approval>, StoreError> {
        unavailable()
    }

    async fn record_approvals(
        &self,
        _: &str,
        _: &ClientId,
        _: &[Approval],
    ) -> Result<(), StoreError> {
        unavailable()
    }

    async fn approved_clients(&self, _: &str) -> Result<Vec<ClientId>, StoreError> {
        unavailable()
    }

    async fn forget_approvals(&self, _: &str, _: &ClientId) -> Result<(), StoreError> {
        unavailable()
    }

    async fn forget_approvals_of_all(
        &self,
        _: &ClientId,
        _: Option<&SearchPlace>,
    ) -> Result<Option<SearchPlace>, StoreError> {
        unavailable()
    }
}

#[async_trait]
impl SessionStore for Down {
    async fn store_session(&self, _: &SessionId, _: &Session) -> Result<(), StoreError> {
        unavailable()
    }

    async fn find_session(&self, _: &SessionId) -> Result<Option<Session>, StoreError> {
        unavailable()
    }

    async fn renew_session(
        &self,
        _: &SessionId,
        _: &SessionId,
        _: &Session,
    ) -> Result<(), StoreError> {
        unavailable()
    }

    async fn delete_session(&self, _: &SessionId) -> Result<(), StoreError> {
        unavailable()
    }

    async fn end_sessions_of(&self, _: &str) -> Result<(), StoreError> {
        unavailable()
    }

    async fn list_sessions(&self, _: &str) -> Result<Vec<(SessionId, Session)>, StoreError> {
        unavailable()
    }

    async fn note_session_seen(&self, _: &SessionId, _: &Session) -> Result<(), StoreError> {
        unavailable()
    }

    async fn store_pending(
        &self,
        _: &SessionId,
        _: &PendingId,
        _: &PendingAuthorization,
    ) -> Result<(), StoreError> {
        unavailable()
    }

    async fn list_pending(
        &self,
        _: &SessionId,
    ) -> Result<Vec<(PendingId, PendingAuthorization)>, StoreError> {
        unavailable()
    }

    async fn answer_pending(
        &self,
        _: &SessionId,
        _: &PendingId,
        _: &PendingAnswer,
        _: Timestamp,
    ) -> Result<Answering, StoreError> {
        unavailable()
    }
}

#[async_trait]
impl KeyStore for Down {
    async fn list_keys(&self) -> Result<Vec<KeyRecord>, StoreError> {
        unavailable()
    }

    async fn add_key(&self, _: &KeyRecord, _: &[String]) -> Result<Addition, StoreError> {
        unavailable()
    }

    async fn remove_key(&self, _: &str) -> Result<(), StoreError> {
        unavailable()
    }
}

#[async_trait]
impl IssuerStore for Down {
    async fn note_issuer(&self, _: &str) -> Result<Option<String>, StoreError> {
        unavailable()
    }
}

#[async_trait]
impl ClientStore for Down {
    async fn find_client(&self, _: &ClientId) -> Result<Option<ClientRegistration>, StoreError> {
        unavailable()
    }

    async fn list_clients(
        &self,
        _: Option<&ClientId>,
        _: usize,
    ) -> Result<Vec<ClientRegistration>, StoreError> {
        unavailable()
    }
}

#[async_trait]
impl ClientRegistrar for Down {
    async fn store_client(&self, _: &ClientRegistration) -> Result<(), StoreError> {
        unavailable()
    }

    async fn replace_client(
        &self,
        _: &ClientRegistration,
        _: &ClientRegistration,
    ) -> Result<bool, StoreError> {
        unavailable()
    }

    async fn remove_client(&self, _: &ClientId) -> Result<bool, StoreError> {
        unavailable()
    }

    async fn list_clients_in(
        &self,
        _: &ClientList,
        _: Option<&ClientId>,
        _: usize,
    ) -> Result<Vec<ClientRegistration>, StoreError> {
        unavailable()
    }
}

#[async_trait]
impl OwnerStore for Down {
    async fn find_owner(&self, _: &str) -> Result<Option<OwnerRegistration>, StoreError> {
        unavailable()
    }

    async fn list_owners(
        &self,
        _: Option<&str>,
        _: usize,
    ) -> Result<Vec<OwnerRegistration>, StoreError> {
        unavailable()
    }
}

#[async_trait]
impl OwnerRegistrar for Down {
    async fn store_owner(&self, _: &OwnerRegistration) -> Result<(), StoreError> {
        unavailable()
    }

    async fn replace_owner(
        &self,
        _: &OwnerRegistration,
        _: &OwnerRegistration,
    ) -> Result<bool, StoreError> {
        unavailable()
    }

    async fn remove_owner(&self, _: &str) -> Result<bool, StoreError> {
        unavailable()
    }

    async fn add_owner(&self, _: &OwnerRegistration) -> Result<bool, StoreError> {
        unavailable()
    }

    async fn list_owners_by_email(
        &self,
        _: &EmailAddress,
        _: Option<&str>,
        _: usize,
    ) -> Result<Vec<OwnerRegistration>, StoreError> {
        unavailable()
    }

    async fn index_owners(&self, _: Option<&str>, _: usize) -> Result<Option<String>, StoreError> {
        unavailable()
    }
}

#[async_trait]
impl OneTimeLinkStore for Down {
    async fn store_link(&self, _: &LinkId, _: &OneTimeLink) -> Result<(), StoreError> {
        unavailable()
    }

    async fn find_link(&self, _: &LinkId) -> Result<Option<OneTimeLink>, StoreError> {
        unavailable()
    }

    async fn redeem_link(&self, _: &LinkId) -> Result<bool, StoreError> {
        unavailable()
    }
}

#[async_trait]
impl SignUpStore for Down {
    async fn store_sign_up(&self, _: &LinkId, _: &SignUp) -> Result<(), StoreError> {
        unavailable()
    }

    async fn find_sign_up(&self, _: &LinkId) -> Result<Option<SignUp>, StoreError> {
        unavailable()
    }

    async fn complete_sign_up(
        &self,
        _: &LinkId,
        _: &OwnerRegistration,
    ) -> Result<SignUpOutcome, StoreError> {
        unavailable()
    }
}

#[async_trait]
impl PasskeyStore for Down {
    async fn find_passkeys(&self, _: &str) -> Result<Option<OwnerPasskeys>, StoreError> {
        unavailable()
    }

    async fn find_passkeys_by_handle(
        &self,
        _: &UserHandle,
    ) -> Result<Option<OwnerPasskeys>, StoreError> {
        unavailable()
    }

    async fn replace_passkeys(
        &self,
        _: Option<&OwnerPasskeys>,
        _: &OwnerPasskeys,
    ) -> Result<bool, StoreError> {
        unavailable()
    }

    async fn remove_passkeys(&self, _: &str) -> Result<bool, StoreError> {
        unavailable()
    }

    async fn spend_challenge(&self, _: &ChallengeId, _: Timestamp) -> Result<bool, StoreError> {
        unavailable()
    }
}

#[async_trait]
impl SecondFactorStore for Down {
    async fn find_second_factor(&self, _: &str) -> Result<Option<SecondFactor>, StoreError> {
        unavailable()
    }

    async fn add_second_factor(&self, _: &SecondFactor) -> Result<bool, StoreError> {
        unavailable()
    }

    async fn replace_second_factor(
        &self,
        _: &SecondFactor,
        _: &SecondFactor,
    ) -> Result<bool, StoreError> {
        unavailable()
    }

    async fn remove_second_factor(&self, _: &str) -> Result<bool, StoreError> {
        unavailable()
    }
}

#[async_trait]
impl JournalStore for Down {
    async fn add_to_journal(
        &self,
        _: &Section,
        _: &[JournalEntry],
        _: SectionBounds,
    ) -> Result<(), StoreError> {
        unavailable()
    }

    async fn read_journal(
        &self,
        _: &Section,
        _: Option<JournalPlace>,
        _: usize,
    ) -> Result<JournalPart, StoreError> {
        unavailable()
    }
}

#[async_trait]
impl HabitStore for Down {
    async fn note_habit(&self, _: Habit, _: &[SeenClient]) -> Result<(), StoreError> {
        unavailable()
    }

    async fn list_habit(
        &self,
        _: Habit,
        _: Option<&ClientId>,
        _: usize,
    ) -> Result<Vec<SeenClient>, StoreError> {
        unavailable()
    }

    async fn find_habit(
        &self,
        _: Habit,
        _: &[ClientId],
    ) -> Result<Vec<Option<LastSeen>>, StoreError> {
        unavailable()
    }
}

#[async_trait]
impl StoreHealth for Down {
    async fn check_health(&self) -> Result<(), StoreError> {
        unavailable()
    }
}

/// A store in which every grant is revoked in the moment before tokens are issued into it, as by a second use
/// of its code.
pub(crate) struct RevokedMeanwhile(pub(crate) Stores);

impl RevokedMeanwhile {
    async fn revoke(&self, tokens: &NewTokens) -> Result<(), StoreError> {
        let grant_id = tokens.access_token_id.grant_id();
        self.0.grants.revoke_grant(&grant_id).await.map(drop)
    }
}

#[async_trait]
impl AccessTokenStore for RevokedMeanwhile {
    async fn issue_tokens(&self, tokens: &NewTokens) -> Result<(), StoreError> {
        self.0.access_tokens.issue_tokens(tokens).await
    }

    async fn issue_tokens_of_code(&self, tokens: &NewTokens) -> Result<Issuance, StoreError> {
        self.revoke(tokens).await?;
        self.0.access_tokens.issue_tokens_of_code(tokens).await
    }

    async fn issue_or_reuse_tokens(
        &self,
        key: &ReuseKey,
        tokens: &NewTokens,
    ) -> Result<Reuse, StoreError> {
        self.revoke(tokens).await?;
        let store = &self.0.access_tokens;
        store.issue_or_reuse_tokens(key, tokens).await
    }

    async fn find_access_token(
        &self,
        id: &AccessTokenId,
    ) -> Result<Option<AccessToken>, StoreError> {
        self.0.access_tokens.find_access_token(id).await
    }

    async fn revoke_access_token(&self, id: &AccessTokenId) -> Result<(), StoreError> {
        self.0.access_tokens.revoke_access_token(id).await
    }
}

/// A store from which every refresh token is gone in the moment before it is exchanged.
pub(crate) struct EndedMeanwhile(pub(crate) Stores);

#[async_trait]
impl RefreshTokenStore for EndedMeanwhile {
    async fn find_refresh_token(
        &self,
        id: &RefreshTokenId,
    ) -> Result<Option<RefreshToken>, StoreError> {
        self.0.refresh_tokens.find_refresh_token(id).await
    }

    async fn is_refresh_token_used(&self, id: &RefreshTokenId) -> Result<bool, StoreError> {
        self.0.refresh_tokens.is_refresh_token_used(id).await
    }

    async fn rotate_refresh_token(
        &self,
        id: &RefreshTokenId,
        successor: &NewTokens,
        grace_secs: u64,
    ) -> Result<Rotation, StoreError> {
        self.0.grants.revoke_grant(&id.grant_id()).await?;
        let store = &self.0.refresh_tokens;
        store.rotate_refresh_token(id, successor, grace_secs).await
    }

    async fn renew_access_token(
        &self,
        id: &RefreshTokenId,
        tokens: &NewTokens,
    ) -> Result<Renewal, StoreError> {
        self.0.grants.revoke_grant(&id.grant_id()).await?;
        self.0.refresh_tokens.renew_access_token(id, tokens).await
    }
}

/// Counts how often a store was asked.
#[derive(Default)]
pub(crate) struct Count(AtomicUsize);

impl Count {
    pub(crate) fn so_far(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

impl StoreObserver for Count {
    fn system(&self) -> &'static str {
        "redb"
    }

    fn completed(&self, _: &'static str, _: OperationOutcome, _: Duration) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}
