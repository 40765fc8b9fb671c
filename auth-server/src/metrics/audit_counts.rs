//! Counters that the audit stream feeds.

use prometheus_client::registry::Registry;
use symbolon::error::ErrorCode;
use symbolon::token::GrantType;
use symbolon_service::metrics::Counters;

use crate::audit::{AuditEvent, AuditListener};
use crate::metrics::tokens::{GrantLabels, code_label};

/// How often what happened. Every series that can be named beforehand is there from the start, at zero:
/// the first replay is then an increase and not the beginning of a series.
#[derive(Clone, Debug)]
pub struct AuditCounts {
    grants: GrantLabels,
    events: Counters<1>,
    issued: Counters<1>,
    refused: Counters<2>,
    revoked: Counters<1>,
    replayed: Counters<1>,
    sign_ins: Counters<1>,
    consents: Counters<1>,
    throttled: Counters<1>,
    clients_throttled: Counters<1>,
}

fn starting_at_zero(label: &'static str, values: &[&'static str]) -> Counters<1> {
    let counters = Counters::default();
    for value in values {
        counters.get_or_create_owned(&[(label, *value)]);
    }
    counters
}

impl AuditCounts {
    /// Counts of which those of grants are told apart by these labels.
    pub(super) fn new(grants: GrantLabels) -> Self {
        let built_in = GrantType::ALL.map(|grant| grants.of(Some(grant)));
        let labels: Vec<&str> = built_in
            .into_iter()
            .chain(grants.0.iter().copied())
            .collect();
        Self {
            grants,
            events: starting_at_zero("event", &AuditEvent::NAMES),
            issued: starting_at_zero("grant_type", &labels),
            refused: Counters::default(),
            revoked: starting_at_zero("kind", &["access_token", "grant"]),
            replayed: starting_at_zero("kind", &["code", "refresh_token"]),
            sign_ins: starting_at_zero(
                "outcome",
                &["succeeded", "failed", "throttled", "not_verified"],
            ),
            consents: starting_at_zero("decision", &["granted", "denied"]),
            throttled: starting_at_zero("limit", &["account_and_address", "address"]),
            clients_throttled: starting_at_zero("limit", &["client_and_address", "address"]),
        }
    }
}

impl AuditCounts {
    /// Registers all of them.
    pub fn register(&self, registry: &mut Registry) {
        let by_one_label = [
            ("audit_events", "Events of the audit stream", &self.events),
            ("tokens_issued", "Access tokens issued", &self.issued),
            (
                "tokens_revoked",
                "Tokens and grants that clients gave back",
                &self.revoked,
            ),
            (
                "tokens_replayed",
                "Codes and refresh tokens that were presented again",
                &self.replayed,
            ),
            ("sign_ins", "Attempts to sign in", &self.sign_ins),
            (
                "consent_decisions",
                "Decisions of owners who were asked",
                &self.consents,
            ),
            (
                "sign_ins_throttled",
                "Attempts to sign in that were one too many",
                &self.throttled,
            ),
            (
                "client_authentications_throttled",
                "Secrets of clients that were one too many",
                &self.clients_throttled,
            ),
        ];
        for (name, help, counters) in by_one_label {
            registry.register(format!("auth_server_{name}"), help, counters.clone());
        }
        registry.register(
            "auth_server_tokens_refused",
            "Token requests of authenticated clients that were refused",
            self.refused.clone(),
        );
    }
}

impl AuditListener for AuditCounts {
    #[allow(clippy::too_many_lines, reason = "a table, one row for each event")]
    fn hear(&self, event: &AuditEvent<'_>) {
        self.events.get_or_create(&[("event", event.name())]).inc();
        match event {
            AuditEvent::TokenIssued { issued, .. } => self.issue(issued.grant_type),
            AuditEvent::TokenRefused {
                grant_type, error, ..
            } => {
                self.refuse(*grant_type, error);
            }
            AuditEvent::AccessTokenRevoked { .. } => self.revoke("access_token"),
            AuditEvent::GrantRevoked { .. } => self.revoke("grant"),
            AuditEvent::CodeReplayed { .. } => one_more(&self.replayed, "kind", "code"),
            AuditEvent::RefreshTokenReused { .. } => {
                one_more(&self.replayed, "kind", "refresh_token");
            }
            AuditEvent::OwnerSignedIn { .. } => self.sign_in("succeeded"),
            AuditEvent::SignInFailed { .. }
            | AuditEvent::SecondFactorFailed { .. }
            | AuditEvent::PasskeyRefused { .. } => {
                self.sign_in("failed");
            }
            AuditEvent::SignInNotVerified { .. } => self.sign_in("not_verified"),
            AuditEvent::SignInThrottled { limit, .. } => self.throttle_sign_in(limit),
            AuditEvent::ClientThrottled { limit, .. } => {
                one_more(&self.clients_throttled, "limit", limit);
            }
            AuditEvent::ConsentDecided { granted, .. } => {
                let decision = granted.map_or("denied", |_| "granted");
                one_more(&self.consents, "decision", decision);
            }
            AuditEvent::OwnerSignedOut { .. }
            | AuditEvent::PasswordChanged { .. }
            | AuditEvent::PasswordResetAsked { .. }
            | AuditEvent::PasswordReset { .. }
            | AuditEvent::OwnerRegistered { .. }
            | AuditEvent::InvitationSent { .. }
            | AuditEvent::InvitationAccepted { .. }
            | AuditEvent::EmailChanged { .. }
            | AuditEvent::SecondFactorEnrolled { .. }
            | AuditEvent::SecondFactorRemoved { .. }
            | AuditEvent::RecoveryCodeUsed { .. }
            | AuditEvent::PasskeyAdded { .. }
            | AuditEvent::PasskeyRemoved { .. }
            | AuditEvent::PasskeyUsed { .. }
            | AuditEvent::RecoveryCodesRenewed { .. }
            | AuditEvent::CodeIssued { .. }
            | AuditEvent::AuthorizationRefused { .. }
            | AuditEvent::RequestRefused { .. }
            | AuditEvent::ClientRefused { .. }
            | AuditEvent::RevocationRefused { .. }
            | AuditEvent::TokenCheckRefused { .. }
            | AuditEvent::KeyRotated { .. }
            | AuditEvent::KeyRingChanged { .. }
            | AuditEvent::AccessEnded { .. }
            | AuditEvent::ClientRegistered { .. }
            | AuditEvent::ClientChanged { .. }
            | AuditEvent::OwnerChanged { .. }
            | AuditEvent::OperatorCommand { .. } => {}
        }
    }
}

impl AuditCounts {
    fn sign_in(&self, outcome: &'static str) {
        one_more(&self.sign_ins, "outcome", outcome);
    }

    fn revoke(&self, kind: &'static str) {
        one_more(&self.revoked, "kind", kind);
    }

    fn throttle_sign_in(&self, limit: &'static str) {
        self.sign_in("throttled");
        one_more(&self.throttled, "limit", limit);
    }

    fn issue(&self, grant_type: GrantType) {
        let grant_type = self.grants.of(Some(grant_type));
        one_more(&self.issued, "grant_type", grant_type);
    }

    fn refuse(&self, grant_type: Option<GrantType>, error: &ErrorCode) {
        let labels = [
            ("grant_type", self.grants.of(grant_type)),
            ("error", code_label(error)),
        ];
        self.refused.get_or_create(&labels).inc();
    }
}

fn one_more(counters: &Counters<1>, label: &'static str, value: &'static str) {
    counters.get_or_create(&[(label, value)]).inc();
}
