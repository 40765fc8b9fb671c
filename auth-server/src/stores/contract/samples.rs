//! Records to try rules with.

use symbolon::authorization::AuthorizationRequest;
use symbolon::clock::Timestamp;
use symbolon::identifiers::ClientId;
use symbolon::jwk::SigningAlgorithm;
use symbolon::pkce::{CodeChallenge, CodeVerifier};
use symbolon::random::{Random, SystemRandom};
use symbolon::scope::Scope;
use symbolon::secret::Secret;
use symbolon::token::GrantType;

use crate::records::{
    AccessToken, AnswerContent, Approval, ApprovalStatus, AuthorizationCode, ClientRegistration,
    CodeId, Device, Dialect, Grant, GrantId, HandleId, KeyPurpose, KeyRecord, NewTokens,
    OwnerRegistration, PasswordMark, PendingAnswer, PendingAuthorization, Profile,
    RedirectMatching, RefreshToken, Registered, RetiringSecret, Session, SessionId, ShownWithCode,
    SpringPieces, TokenFormat,
};
use crate::stores::Redemption;

/// Makes records that are good for a while from `now` on.
#[derive(Clone, Copy)]
pub(crate) struct Samples {
    now: Timestamp,
}

/// Where the samples' code is sent.
const CALLBACK: &str = "http://localhost:9002/callback";

pub(super) const CODE_SECS: u64 = 60;
pub(super) const ACCESS_SECS: u64 = 600;
pub(super) const REFRESH_SECS: u64 = 6_000;
pub(super) const PENDING_SECS: u64 = 300;
pub(super) const ANSWER_SECS: u64 = 30;
pub(super) const SESSION_SECS: u64 = 3_600;
pub(super) const APPROVAL_SECS: u64 = 7_200;

impl Samples {
    pub(crate) fn new(now: Timestamp) -> Self {
        Self { now }
    }

    pub(crate) fn code(self) -> AuthorizationCode {
        AuthorizationCode {
            grant: grant(GrantType::AuthorizationCode),
            redirect_uri: CALLBACK.to_owned(),
            redirect_uri_was_sent: true,
            code_challenge: Some(challenge("of the samples")),
            expires_at: self.now.plus_secs(CODE_SECS),
        }
    }

    /// An access token and a refresh token.
    pub(crate) fn tokens(self, grant_id: GrantId) -> NewTokens {
        let refresh_token_id = new_id(grant_id);
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

    pub(super) fn access_token_only(self, grant_id: GrantId) -> NewTokens {
        NewTokens {
            access_token_id: new_id(grant_id),
            access_token: AccessToken {
                grant: grant(GrantType::AuthorizationCode),
                format: TokenFormat::Opaque,
                issued_at: self.now,
                expires_at: self.now.plus_secs(ACCESS_SECS),
                refresh_token_id: None,
                additional: None,
            },
            refresh_token: None,
        }
    }

    pub(crate) fn session(self) -> Session {
        Session {
            owner: None,
            expires_at: self.now.plus_secs(SESSION_SECS),
            device: Device::default(),
            seen_at: None,
            password_shown_by: None,
        }
    }

    pub(crate) fn pending(self, state: &str) -> PendingAuthorization {
        PendingAuthorization {
            request: AuthorizationRequest {
                state: Some(state.to_owned()),
                ..AuthorizationRequest::default()
            },
            turn: 0,
            requested_at: self.now,
            expires_at: self.now.plus_secs(PENDING_SECS),
            answer: None,
        }
    }

    pub(super) fn approval(self, scope: &str, status: ApprovalStatus) -> Approval {
        Approval {
            scope: scope.to_owned(),
            status,
            expires_at: self.now.plus_secs(APPROVAL_SECS),
        }
    }

    pub(super) fn key(self, key_id: &str) -> KeyRecord {
        KeyRecord {
            key_id: key_id.to_owned(),
            purpose: KeyPurpose::Signing(SigningAlgorithm::ES256),
            created_at: self.now,
            activates_at: self.now,
            material: "c2VhbGVk".to_owned(),
        }
    }
}

/// A registration in which every field says something.
pub(super) fn client(id: &str) -> ClientRegistration {
    ClientRegistration {
        client_secret: Some(Secret::new("{noop}secret")),
        grant_types: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
        redirect_uris: vec![CALLBACK.to_owned()],
        redirect_matching: Some(RedirectMatching::Spring),
        scope: Scope::parse("photo.read photo.write").unwrap(),
        auto_approve: Scope::parse("photo.read").unwrap(),
        remember_approvals: Some(true),
        resource_ids: vec!["photos".to_owned()],
        authorities: vec!["ROLE_CLIENT".to_owned()],
        require_pkce: Some(false),
        rotate_refresh_tokens: Some(false),
        reuse_access_tokens: Some(true),
        may_introspect: true,
        token_format: Some(TokenFormat::Jwt),
        dialect: Some(Dialect::Standard),
        access_token_ttl_secs: Some(600),
        refresh_token_ttl_secs: Some(0),
        disabled: true,
        profile: Some(Profile::Spring),
        spring: SpringPieces {
            codes_without_pkce: Some(false),
            ..SpringPieces::default()
        },
        client_uri: Some("https://print.example/".to_owned()),
        logo_uri: Some("https://print.example/logo.svg".to_owned()),
        policy_uri: Some("https://print.example/policy".to_owned()),
        tos_uri: Some("https://print.example/terms".to_owned()),
        contacts: vec!["print@print.example".to_owned()],
        registered: Some(registered_by("a developer")),
        awaits_approval: true,
        retiring_secrets: vec![RetiringSecret {
            hash: Secret::new("{noop}the secret before"),
            until: Timestamp::from_secs(7),
        }],
        registration_access_token: Some(Secret::new("{noop}token")),
        ..ClientRegistration::new(ClientId::new(id), "Print Photo")
    }
}

pub(super) fn registered_by(owner: &str) -> Registered {
    Registered {
        by: Some(owner.to_owned()),
        at: Timestamp::from_secs(5),
    }
}

pub(crate) fn owner(name: &str) -> OwnerRegistration {
    OwnerRegistration {
        name: name.to_owned(),
        password: Secret::new("{noop}password"),
        authorities: vec!["ROLE_USER".to_owned()],
        disabled: true,
        password_mark: None,
        invited: false,
        email: None,
    }
}

/// An answer that no other is.
pub(crate) fn new_answer() -> PendingAnswer {
    PendingAnswer {
        owner: Some("xiaoming".to_owned()),
        given: AnswerContent::Code(new_code_id()),
    }
}

pub(super) fn new_grant() -> GrantId {
    GrantId::mint(&SystemRandom)
}

pub(crate) fn new_code_id() -> CodeId {
    new_id(new_grant())
}

pub(super) fn new_id<K>(grant_id: GrantId) -> HandleId<K> {
    let random: &dyn Random = &SystemRandom;
    HandleId::from_parts(grant_id, random.bytes())
}

pub(crate) fn new_session() -> SessionId {
    let random: &dyn Random = &SystemRandom;
    SessionId::of_cookie(&Secret::new(random.text::<32>()))
}

/// Ids that a child process printed, one per line.
pub(crate) fn code_ids(output: &str) -> Vec<CodeId> {
    output
        .lines()
        .filter_map(|line| CodeId::from_text(line.trim()))
        .collect()
}

/// Whose codes and tokens the samples are.
pub(crate) fn its_client() -> ClientId {
    ClientId::new("print-photo")
}

/// What its client shows with the samples' code.
pub(crate) fn shown() -> ShownWithCode {
    ShownWithCode {
        client_id: its_client(),
        redirect_uri: Some(CALLBACK.to_owned()),
        code_challenge: Some(challenge("of the samples")),
    }
}

/// The challenge of a verifier that begins so.
pub(super) fn challenge(verifier: &str) -> CodeChallenge {
    let verifier = format!("{:-<43}", verifier.replace(' ', "-"));
    CodeVerifier::parse(verifier).unwrap().challenge()
}

/// That a code was used before.
pub(crate) const fn replayed(grant_id: GrantId) -> Redemption {
    let reused = None;
    Redemption::Replayed { grant_id, reused }
}

fn grant(grant_type: GrantType) -> Grant {
    Grant {
        grant_type,
        client_id: its_client(),
        owner: Some("xiaoming".to_owned()),
        scope: Scope::parse("photo.read photo.write").unwrap(),
        authorities: vec!["ROLE_USER".to_owned()],
        // Empty on purpose: a script that wrote it again would make an object of it.
        audience: Vec::new(),
        password_mark: Some(PasswordMark::new("a mark".to_owned())),
        given_at: Some(Timestamp::from_secs(784_111_777)),
    }
}
