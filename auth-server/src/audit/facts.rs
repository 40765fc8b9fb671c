//! What is known of an event besides its name, for whoever keeps it: the same that its line in the log says, and
//! of what was refused the rule in words.

use symbolon::identifiers::ClientId;
use symbolon::scope::Scope;
use symbolon::token::GrantType;

use super::AuditEvent;
use crate::records::GrantId;
use crate::tokens::issue::Issued;
use crate::tokens::revoke::Ended;

/// What is known of an event. What does not apply, or is not known, is `None` or empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts<'a> {
    /// The registered client.
    pub client: Option<&'a ClientId>,
    /// The account.
    pub owner: Option<&'a str>,
    /// The grant.
    pub grant_id: Option<GrantId>,
    /// Where whoever caused it is.
    pub address: &'a str,
    /// What else there is, by the names of the fields in the log.
    pub details: Vec<(&'static str, String)>,
}

impl<'a> Facts<'a> {
    fn at(address: &'a str) -> Self {
        Self {
            address,
            ..Self::default()
        }
    }

    fn client(self, client: impl Into<Option<&'a ClientId>>) -> Self {
        Self {
            client: client.into(),
            ..self
        }
    }

    fn owner(self, owner: impl Into<Option<&'a str>>) -> Self {
        Self {
            owner: owner.into(),
            ..self
        }
    }

    fn grant(self, grant_id: GrantId) -> Self {
        Self {
            grant_id: Some(grant_id),
            ..self
        }
    }

    fn with(mut self, name: &'static str, value: &(impl ToString + ?Sized)) -> Self {
        self.details.push((name, value.to_string()));
        self
    }

    fn issued(self, issued: &'a Issued) -> Self {
        self.client(&issued.client_id)
            .owner(issued.owner.as_deref())
            .grant(issued.grant_id)
            .with("scope", &issued.scope)
    }

    fn ended(self, ended: &'a Ended) -> Self {
        self.owner(ended.owner.as_deref()).grant(ended.grant_id)
    }
}

impl<'a> AuditEvent<'a> {
    /// What is known of it.
    #[rustfmt::skip]
    #[allow(clippy::too_many_lines, reason = "a table, one row for each event")]
    pub fn facts(&self) -> Facts<'a> {
        match *self {
            Self::OwnerSignedIn { owner, address }
            | Self::PasswordChanged { owner, address }
            | Self::PasswordResetAsked { owner, address }
            | Self::PasswordReset { owner, address }
            | Self::OwnerRegistered { owner, address }
            | Self::InvitationSent { owner, address }
            | Self::InvitationAccepted { owner, address }
            | Self::EmailChanged { owner, address }
            | Self::SecondFactorEnrolled { owner, address }
            | Self::SecondFactorRemoved { owner, address }
            | Self::RecoveryCodesRenewed { owner, address } => Facts::at(address).owner(owner),
            Self::SignInFailed { owner, address } =>
                Facts::at(address).owner(owner).with("known", &owner.is_some()),
            Self::SignInThrottled { limit, address } => Facts::at(address).with("limit", limit),
            Self::SignInNotVerified { reason, address } => Facts::at(address).with("reason", reason),
            Self::OwnerSignedOut { owner, address } => Facts::at(address).owner(owner),
            Self::SecondFactorFailed { owner, reason, address } => Facts::at(address).owner(owner).with("reason", reason),
            Self::RecoveryCodeUsed { owner, left, address } => Facts::at(address).owner(owner).with("left", &left),
            Self::PasskeyAdded { owner, passkey, address }
            | Self::PasskeyRemoved { owner, passkey, address }
            | Self::PasskeyUsed { owner, passkey, address } => Facts::at(address).owner(owner).with("passkey", passkey),
            Self::PasskeyRefused { owner, reason, address } => Facts::at(address).owner(owner).with("reason", reason),
            Self::ConsentDecided { client, owner, granted, address } =>
                Facts::at(address).client(client).owner(owner).with("granted", &granted.is_some()).with("scope", &words(granted)),
            Self::CodeIssued { issued, address } => Facts::at(address).issued(issued),
            Self::AuthorizationRefused { client, parameter, error, reason, address } =>
                Facts::at(address).client(client).with("parameter", parameter).with("error", error).with("reason", reason),
            Self::TokenIssued { issued, address } =>
                Facts::at(address).issued(issued).with("grant_type", issued.grant_type.as_str()),
            Self::TokenRefused { client, ref grant_type, error, parameter, reason, rule, address } =>
                Facts::at(address).client(client).with("grant_type", grant_type.as_ref().map_or("", GrantType::as_str)).with("error", error).with("parameter", parameter).with("reason", reason).with("rule", rule),
            Self::RequestRefused { client, owner, path, error, reason, address } =>
                Facts::at(address).client(client).owner(owner).with("path", path).with("error", error).with("reason", reason),
            Self::ClientRefused { client, path, reason, address } =>
                Facts::at(address).client(client).with("path", path).with("reason", reason),
            Self::ClientThrottled { client, limit, path, address } =>
                Facts::at(address).client(client).with("limit", limit).with("path", path),
            Self::CodeReplayed { client, grant_id, address }
            | Self::RevocationRefused { client, grant_id, address } => Facts::at(address).client(client).grant(grant_id),
            Self::RefreshTokenReused { client, owner, grant_id, address } =>
                Facts::at(address).client(client).owner(owner).grant(grant_id),
            Self::AccessTokenRevoked { client, ended, address }
            | Self::GrantRevoked { client, ended, address } => Facts::at(address).client(client).ended(ended),
            Self::TokenCheckRefused { client, path, address } => Facts::at(address).client(client).with("path", path),
            Self::KeyRotated { key_id, cause, by, address } =>
                Facts::at(address).with("key.id", key_id).with("cause", cause.as_str()).with("by", by.unwrap_or_default()),
            Self::KeyRingChanged { keys } => Facts::default().with("keys", &keys),
            Self::AccessEnded { client, owner, grant_id, by, address } => {
                let facts = Facts::at(address).client(client).owner(owner).with("by", by.unwrap_or_default());
                match grant_id {
                    Some(grant_id) => facts.grant(grant_id),
                    None => facts,
                }
            }
            Self::ClientRegistered { client, owner, address } => Facts::at(address).client(client).owner(owner),
            Self::ClientChanged { client, change, by, address } =>
                Facts::at(address).client(client).with("change", change.as_str()).with("by", by.unwrap_or_default()),
            Self::OwnerChanged { owner, change, by, address } =>
                Facts::at(address).owner(owner).with("change", change.as_str()).with("by", by.unwrap_or_default()),
            Self::OperatorCommand { command, done, .. } => Facts::default().with("command", command).with("done", &done),
        }
    }
}

fn words(scope: Option<&Scope>) -> String {
    scope.map(Scope::to_string).unwrap_or_default()
}
