//! How events stand in the log: a line each.

use symbolon::identifiers::ClientId;
use symbolon::scope::Scope;
use symbolon::token::GrantType;
use tracing::{info, warn};

use super::{AuditEvent, TARGET};
use crate::tokens::issue::Issued;
use crate::tokens::revoke::Ended;

impl AuditEvent<'_> {
    /// Writes it to the log. `warn` is for what no honest client, owner or operator does.
    #[rustfmt::skip]
    #[allow(clippy::too_many_lines, reason = "a table, one row for each event")]
    pub(super) fn log(&self) {
        let event = self.name();
        match *self {
            Self::OwnerSignedIn { owner, address } =>
                info!(target: TARGET, event, owner, client.address = address),
            Self::SignInFailed { owner, address } =>
                info!(target: TARGET, event, known = owner.is_some(), owner = or_empty(owner), client.address = address),
            Self::SignInThrottled { limit, address } =>
                warn!(target: TARGET, event, limit, client.address = address),
            Self::SignInNotVerified { reason, address } => warn!(target: TARGET, event, reason, client.address = address),
            Self::OwnerSignedOut { owner, address } => info!(target: TARGET, event, owner = or_empty(owner), client.address = address),
            Self::PasswordChanged { owner, address }
            | Self::PasswordResetAsked { owner, address }
            | Self::PasswordReset { owner, address }
            | Self::OwnerRegistered { owner, address }
            | Self::InvitationSent { owner, address }
            | Self::InvitationAccepted { owner, address }
            | Self::EmailChanged { owner, address }
            | Self::SecondFactorEnrolled { owner, address }
            | Self::SecondFactorRemoved { owner, address }
            | Self::RecoveryCodesRenewed { owner, address } => info!(target: TARGET, event, owner, client.address = address),
            Self::SecondFactorFailed { owner, reason, address } =>
                info!(target: TARGET, event, owner, reason, client.address = address),
            Self::RecoveryCodeUsed { owner, left, address } =>
                info!(target: TARGET, event, owner, left, client.address = address),
            Self::PasskeyAdded { owner, passkey, address }
            | Self::PasskeyRemoved { owner, passkey, address }
            | Self::PasskeyUsed { owner, passkey, address } =>
                info!(target: TARGET, event, owner, passkey, client.address = address),
            Self::PasskeyRefused { owner, reason, address } =>
                warn!(target: TARGET, event, owner = or_empty(owner), reason, client.address = address),
            Self::ConsentDecided { client, owner, granted, address } =>
                info!(target: TARGET, event, client.id = %client, owner = or_empty(owner), granted = granted.is_some(), scope = words(granted), client.address = address),
            Self::CodeIssued { issued: Issued { client_id, owner, grant_id, scope, .. }, address } =>
                info!(target: TARGET, event, client.id = %client_id, owner = or_empty(owner.as_deref()), grant.id = %grant_id, scope = %scope, client.address = address),
            Self::AuthorizationRefused { client, parameter, error, reason, address } =>
                info!(target: TARGET, event, client.id = name(client), parameter, error = error.as_str(), reason, client.address = address),
            Self::TokenIssued { issued: Issued { client_id, owner, grant_id, grant_type, scope }, address } =>
                info!(target: TARGET, event, client.id = %client_id, owner = or_empty(owner.as_deref()), grant.id = %grant_id, grant_type = grant_type.as_str(), scope = %scope, client.address = address),
            Self::TokenRefused { client, ref grant_type, error, parameter, reason, rule: _, address } =>
                info!(target: TARGET, event, client.id = %client, grant_type = grant_type.as_ref().map_or("", GrantType::as_str), error = error.as_str(), parameter, reason, client.address = address),
            Self::RequestRefused { client, owner, path, error, reason, address } =>
                info!(target: TARGET, event, client.id = name(client), owner = or_empty(owner), path, error = error.as_str(), reason, client.address = address),
            Self::ClientRefused { client, path, reason, address } =>
                info!(target: TARGET, event, client.id = name(client), path, reason, client.address = address),
            Self::ClientThrottled { client, limit, path, address } =>
                warn!(target: TARGET, event, client.id = name(client), limit, path, client.address = address),
            Self::CodeReplayed { client, grant_id, address } =>
                warn!(target: TARGET, event, client.id = %client, grant.id = %grant_id, client.address = address),
            Self::RefreshTokenReused { client, owner, grant_id, address } =>
                warn!(target: TARGET, event, client.id = %client, owner = or_empty(owner), grant.id = %grant_id, client.address = address),
            Self::AccessTokenRevoked { client, ended: Ended { grant_id, owner }, address }
            | Self::GrantRevoked { client, ended: Ended { grant_id, owner }, address } =>
                info!(target: TARGET, event, client.id = %client, owner = or_empty(owner.as_deref()), grant.id = %grant_id, client.address = address),
            Self::RevocationRefused { client, grant_id, address } =>
                warn!(target: TARGET, event, client.id = %client, grant.id = %grant_id, client.address = address),
            Self::TokenCheckRefused { client, path, address } =>
                warn!(target: TARGET, event, client.id = %client, path, client.address = address),
            Self::KeyRotated { key_id, cause, by, address } =>
                info!(target: TARGET, event, key.id = key_id, cause = cause.as_str(), by = or_empty(by), client.address = address),
            Self::KeyRingChanged { keys } => info!(target: TARGET, event, keys),
            Self::AccessEnded { client, owner, grant_id, by, address } =>
                info!(target: TARGET, event, client.id = %client, owner = or_empty(owner), grant.id = grant_id.map(|id| id.to_string()).unwrap_or_default(), by = or_empty(by), client.address = address),
            Self::ClientRegistered { client, owner, address } =>
                info!(target: TARGET, event, client.id = %client, owner = or_empty(owner), client.address = address),
            Self::ClientChanged { client, change, by, address } =>
                info!(target: TARGET, event, client.id = %client, change = change.as_str(), by = or_empty(by), client.address = address),
            Self::OwnerChanged { owner, change, by, address } =>
                info!(target: TARGET, event, owner, change = change.as_str(), by = or_empty(by), client.address = address),
            Self::OperatorCommand { command, done, .. } => info!(target: TARGET, event, command, done),
        }
    }
}

fn or_empty(text: Option<&str>) -> &str {
    text.unwrap_or_default()
}

fn name(client: Option<&ClientId>) -> &str {
    client.map_or("", ClientId::as_str)
}

fn words(scope: Option<&Scope>) -> String {
    scope.map(Scope::to_string).unwrap_or_default()
}
