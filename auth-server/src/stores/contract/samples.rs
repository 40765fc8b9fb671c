//! Records to try rules with.

use symbolon::authorization::AuthorizationRequest;
use symbolon::clock::Timestamp;
use symbolon::identifiers::ClientId;
use symbolon::jwk::SigningAlgorithm;
use symbolon::random::{Random, SystemRandom};
use symbolon::scope::Scope;
use symbolon::secret::Secret;
use symbolon::token::GrantType;
use zeroize::Zeroizing;

use crate::keys::handles::{HandleKey, HandleKeys};
use crate::records::{
    AccessToken, Approval, ApprovalStatus, AuthorizationCode, Grant, KeyPurpose, KeyRecord,
    NewTokens, PendingAuthorization, RefreshToken, Session, SessionId, TokenFormat,
};
use crate::records::{CodeId, GrantId};

/// Makes records that are good for a while from `now` on.
#[derive(Clone)]
pub(crate) struct Samples {
    pub(super) handles: HandleKeys,
    now: Timestamp,
}

pub(super) const CODE_SECS: u64 = 60;
pub(super) const ACCESS_SECS: u64 = 600;
pub(super) const REFRESH_SECS: u64 = 6_000;
pub(super) const PENDING_SECS: u64 = 300;
pub(super) const SESSION_SECS: u64 = 3_600;
pub(super) const APPROVAL_SECS: u64 = 7_200;

impl Samples {
    pub(crate) fn new(now: Timestamp) -> Self {
        let random: &dyn Random = &SystemRandom;
        let key = HandleKey {
            generation: 0,
            key: Zeroizing::new(random.bytes()),
        };
        Self {
            handles: HandleKeys::new(vec![key]).unwrap(),
            now,
        }
    }

    /// The same at another time.
    pub(super) fn at(&self, now: Timestamp) -> Self {
        Self {
            handles: self.handles.clone(),
            now,
        }
    }

    pub(crate) fn code_id(&self) -> CodeId {
        self.handles.mint(new_grant(), &SystemRandom)
    }

    pub(crate) fn code(&self) -> AuthorizationCode {
        AuthorizationCode {
            grant: grant(GrantType::AuthorizationCode),
            redirect_uri: "http://localhost:9002/callback".to_owned(),
            redirect_uri_was_sent: true,
            code_challenge: None,
            expires_at: self.now.plus_secs(CODE_SECS),
        }
    }

    /// An access token and a refresh token.
    pub(crate) fn tokens(&self, grant_id: GrantId) -> NewTokens {
        let refresh_token_id = self.handles.mint(grant_id, &SystemRandom);
        let mut tokens = self.access_token_only(grant_id);
        tokens.access_token.refresh_token_id = Some(refresh_token_id);
        let refresh_token = RefreshToken {
            grant: grant(GrantType::AuthorizationCode),
            issued_at: self.now,
            expires_at: Some(self.now.plus_secs(REFRESH_SECS)),
        };
        tokens.refresh_token = Some((refresh_token_id, refresh_token));
        tokens
    }

    pub(super) fn access_token_only(&self, grant_id: GrantId) -> NewTokens {
        NewTokens {
            access_token_id: self.handles.mint(grant_id, &SystemRandom),
            access_token: AccessToken {
                grant: grant(GrantType::AuthorizationCode),
                format: TokenFormat::Opaque,
                issued_at: self.now,
                expires_at: self.now.plus_secs(ACCESS_SECS),
                refresh_token_id: None,
            },
            refresh_token: None,
        }
    }

    pub(super) fn login(&self) -> Session {
        Session {
            owner: None,
            expires_at: self.now.plus_secs(SESSION_SECS),
        }
    }

    pub(super) fn pending(&self, state: &str) -> PendingAuthorization {
        PendingAuthorization {
            request: AuthorizationRequest {
                state: Some(state.to_owned()),
                ..AuthorizationRequest::default()
            },
            requested_at: self.now,
            expires_at: self.now.plus_secs(PENDING_SECS),
        }
    }

    pub(super) fn approval(&self, scope: &str, status: ApprovalStatus) -> Approval {
        Approval {
            scope: scope.to_owned(),
            status,
            expires_at: self.now.plus_secs(APPROVAL_SECS),
        }
    }

    pub(super) fn key(&self, key_id: &str) -> KeyRecord {
        KeyRecord {
            key_id: key_id.to_owned(),
            purpose: KeyPurpose::Signing(SigningAlgorithm::ES256),
            created_at: self.now,
            activates_at: self.now,
            material: "c2VhbGVk".to_owned(),
        }
    }
}

pub(super) fn new_grant() -> GrantId {
    GrantId::mint(&SystemRandom)
}

pub(super) fn new_session() -> SessionId {
    let random: &dyn Random = &SystemRandom;
    SessionId::of_cookie(&Secret::new(random.text::<32>()))
}

/// Ids that a child process printed, one a line.
pub(crate) fn code_ids(output: &str) -> Vec<CodeId> {
    output
        .lines()
        .filter_map(|line| CodeId::from_text(line.trim()))
        .collect()
}

fn grant(grant_type: GrantType) -> Grant {
    Grant {
        grant_type,
        client_id: ClientId::new("print-photo"),
        owner: Some("xiaoming".to_owned()),
        scope: Scope::parse("photo.read photo.write").unwrap(),
        authorities: vec!["ROLE_USER".to_owned()],
        // Empty on purpose: a script that wrote it again would make an object of it.
        audience: Vec::new(),
    }
}
