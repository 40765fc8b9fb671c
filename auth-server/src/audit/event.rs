//! What happened: the events and their names.

use symbolon::error::ErrorCode;
use symbolon::identifiers::ClientId;
use symbolon::scope::Scope;
use symbolon::token::GrantType;

use super::changes::{ClientChange, OwnerChange};
use crate::keys::{KeyChange, RotationCause};
use crate::records::GrantId;
use crate::tokens::issue::Issued;
use crate::tokens::revoke::Ended;

/// Something that whoever answers for the server may be asked about later.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "fields that say no more than their names")]
pub enum AuditEvent<'a> {
    /// Somebody signed in.
    OwnerSignedIn { owner: &'a str, address: &'a str },
    /// A name and a password were not good. `owner` is there when the account exists.
    SignInFailed {
        owner: Option<&'a str>,
        address: &'a str,
    },
    /// A sign-in was not looked at: too many before it.
    SignInThrottled {
        limit: &'static str,
        address: &'a str,
    },
    /// A sign-in was not looked at: the server could not.
    SignInNotVerified { reason: &'a str, address: &'a str },
    /// Somebody signed out.
    OwnerSignedOut {
        owner: Option<&'a str>,
        address: &'a str,
    },
    /// An owner has another password.
    PasswordChanged { owner: &'a str, address: &'a str },
    /// Somebody has forgotten the password of an account, and its owner was sent a link.
    PasswordResetAsked { owner: &'a str, address: &'a str },
    /// An owner has another password, chosen with such a link.
    PasswordReset { owner: &'a str, address: &'a str },
    /// Somebody has made an account for themselves.
    OwnerRegistered { owner: &'a str, address: &'a str },
    /// Whoever is to have an account was sent a link for its first password.
    InvitationSent { owner: &'a str, address: &'a str },
    /// And has chosen that, with the link.
    InvitationAccepted { owner: &'a str, address: &'a str },
    /// An owner reads mails elsewhere.
    EmailChanged { owner: &'a str, address: &'a str },
    /// From now on an owner shows more than the password.
    SecondFactorEnrolled { owner: &'a str, address: &'a str },
    /// And no longer: the owner has switched it off.
    SecondFactorRemoved { owner: &'a str, address: &'a str },
    /// Somebody who has shown an owner's password did not show the second factor.
    SecondFactorFailed {
        owner: &'a str,
        reason: &'static str,
        address: &'a str,
    },
    /// A recovery code was good in the place of the app, and is so no more.
    RecoveryCodeUsed {
        owner: &'a str,
        left: usize,
        address: &'a str,
    },
    /// An owner has new recovery codes in the place of those before.
    RecoveryCodesRenewed { owner: &'a str, address: &'a str },
    /// An owner has another passkey.
    PasskeyAdded {
        owner: &'a str,
        passkey: &'a str,
        address: &'a str,
    },
    /// And one less.
    PasskeyRemoved {
        owner: &'a str,
        passkey: &'a str,
        address: &'a str,
    },
    /// Somebody signed in with a passkey.
    PasskeyUsed {
        owner: &'a str,
        passkey: &'a str,
        address: &'a str,
    },
    /// A passkey was not accepted. `owner` is there when it is proved whose it is.
    PasskeyRefused {
        owner: Option<&'a str>,
        reason: &'static str,
        address: &'a str,
    },
    /// An owner was asked and decided.
    ConsentDecided {
        client: &'a ClientId,
        owner: Option<&'a str>,
        granted: Option<&'a Scope>,
        address: &'a str,
    },
    /// A client was sent a code, whether its owner was asked or not.
    CodeIssued {
        issued: &'a Issued,
        address: &'a str,
    },
    /// An authorization request was refused. `client` is there when it is registered.
    AuthorizationRefused {
        client: Option<&'a ClientId>,
        parameter: &'static str,
        error: &'a ErrorCode,
        reason: &'a str,
        address: &'a str,
    },
    /// A client got a token.
    TokenIssued {
        issued: &'a Issued,
        address: &'a str,
    },
    /// A client that was authenticated got none.
    TokenRefused {
        client: &'a ClientId,
        grant_type: Option<GrantType>,
        error: &'a ErrorCode,
        parameter: &'static str,
        reason: &'a str,
        rule: &'static str,
        address: &'a str,
    },
    /// A request was refused for a reason that no other event tells. `client` and `owner` are there when it is proved who asked.
    RequestRefused {
        client: Option<&'a ClientId>,
        owner: Option<&'a str>,
        path: &'a str,
        error: &'a ErrorCode,
        reason: &'a str,
        address: &'a str,
    },
    /// A caller is not the client that it says it is. `client` is there when it is registered.
    ClientRefused {
        client: Option<&'a ClientId>,
        path: &'a str,
        reason: &'a str,
        address: &'a str,
    },
    /// A client's secret was not looked at: too many before it. `client` is there when it is registered.
    ClientThrottled {
        client: Option<&'a ClientId>,
        limit: &'static str,
        path: &'a str,
        address: &'a str,
    },
    /// A code was presented again; its whole grant is revoked.
    CodeReplayed {
        client: &'a ClientId,
        grant_id: GrantId,
        address: &'a str,
    },
    /// A refresh token was presented again; its whole grant is revoked.
    RefreshTokenReused {
        client: &'a ClientId,
        owner: Option<&'a str>,
        grant_id: GrantId,
        address: &'a str,
    },
    /// A client gave an access token back.
    AccessTokenRevoked {
        client: &'a ClientId,
        ended: &'a Ended,
        address: &'a str,
    },
    /// A client gave a refresh token back, and with it its grant.
    GrantRevoked {
        client: &'a ClientId,
        ended: &'a Ended,
        address: &'a str,
    },
    /// A client wanted to revoke a token that is not its own.
    RevocationRefused {
        client: &'a ClientId,
        grant_id: GrantId,
        address: &'a str,
    },
    /// A client asked about a token that it may not know about.
    TokenCheckRefused {
        client: &'a ClientId,
        path: &'a str,
        address: &'a str,
    },
    /// There is a new signing key. Where the cause is a command, `by` wanted it, or where nobody is signed in the operator.
    KeyRotated {
        key_id: &'a str,
        cause: RotationCause,
        by: Option<&'a str>,
        address: &'a str,
    },
    /// This server works with other keys than before, whoever changed them.
    KeyRingChanged { keys: usize },
    /// What a client was given, by an owner or for itself, was ended by `by`: an administrator or the owner, or where nobody
    /// is signed in the operator. Without a grant it had nothing, and is not given it again without asking.
    AccessEnded {
        client: &'a ClientId,
        owner: Option<&'a str>,
        grant_id: Option<GrantId>,
        by: Option<&'a str>,
        address: &'a str,
    },
    /// A client was registered, by an owner or by itself.
    ClientRegistered {
        client: &'a ClientId,
        owner: Option<&'a str>,
        address: &'a str,
    },
    /// A registration was changed: by `by`, or where nobody is signed in by the client itself or the operator.
    ClientChanged {
        client: &'a ClientId,
        change: ClientChange,
        by: Option<&'a str>,
        address: &'a str,
    },
    /// An account was changed by an administrator: `by`, or where nobody is signed in the operator.
    OwnerChanged {
        owner: &'a str,
        change: OwnerChange,
        by: Option<&'a str>,
        address: &'a str,
    },
    /// The operator gave a command.
    /// `changes` is whether it may have changed anything.
    OperatorCommand {
        command: &'static str,
        done: bool,
        changes: bool,
    },
}

impl<'a> AuditEvent<'a> {
    /// Nobody asked for what comes with the new key.
    pub(super) fn of_keys(change: &'a KeyChange, by: Option<&'a str>, address: &'a str) -> Self {
        match change {
            KeyChange::Rotated { key_id, cause } => {
                let is_wanted = *cause == RotationCause::Command;
                Self::KeyRotated {
                    key_id,
                    cause: *cause,
                    by: by.filter(|_| is_wanted),
                    address: if is_wanted { address } else { "" },
                }
            }
            KeyChange::RingReplaced { keys } => Self::KeyRingChanged { keys: *keys },
        }
    }
}

impl AuditEvent<'_> {
    /// The names of all events.
    pub const NAMES: [&'static str; 40] = [
        "owner_signed_in",
        "sign_in_failed",
        "sign_in_throttled",
        "sign_in_not_verified",
        "owner_signed_out",
        "password_changed",
        "password_reset_asked",
        "password_reset",
        "owner_registered",
        "email_changed",
        "second_factor_enrolled",
        "second_factor_removed",
        "second_factor_failed",
        "recovery_code_used",
        "recovery_codes_renewed",
        "passkey_added",
        "passkey_removed",
        "passkey_used",
        "passkey_refused",
        "consent_decided",
        "code_issued",
        "authorization_refused",
        "token_issued",
        "token_refused",
        "request_refused",
        "client_refused",
        "client_throttled",
        "code_replayed",
        "refresh_token_reused",
        "access_token_revoked",
        "grant_revoked",
        "revocation_refused",
        "token_check_refused",
        "key_rotated",
        "key_ring_changed",
        "access_ended",
        "client_registered",
        "client_changed",
        "owner_changed",
        "operator_command",
    ];

    /// Its name in the log.
    #[allow(clippy::too_many_lines, reason = "a table, one row for each event")]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::OwnerSignedIn { .. } => "owner_signed_in",
            Self::SignInFailed { .. } => "sign_in_failed",
            Self::SignInThrottled { .. } => "sign_in_throttled",
            Self::SignInNotVerified { .. } => "sign_in_not_verified",
            Self::OwnerSignedOut { .. } => "owner_signed_out",
            Self::PasswordChanged { .. } => "password_changed",
            Self::PasswordResetAsked { .. } => "password_reset_asked",
            Self::PasswordReset { .. } => "password_reset",
            Self::OwnerRegistered { .. } => "owner_registered",
            Self::InvitationSent { .. } => "invitation_sent",
            Self::InvitationAccepted { .. } => "invitation_accepted",
            Self::EmailChanged { .. } => "email_changed",
            Self::SecondFactorEnrolled { .. } => "second_factor_enrolled",
            Self::SecondFactorRemoved { .. } => "second_factor_removed",
            Self::SecondFactorFailed { .. } => "second_factor_failed",
            Self::RecoveryCodeUsed { .. } => "recovery_code_used",
            Self::RecoveryCodesRenewed { .. } => "recovery_codes_renewed",
            Self::PasskeyAdded { .. } => "passkey_added",
            Self::PasskeyRemoved { .. } => "passkey_removed",
            Self::PasskeyUsed { .. } => "passkey_used",
            Self::PasskeyRefused { .. } => "passkey_refused",
            Self::ConsentDecided { .. } => "consent_decided",
            Self::CodeIssued { .. } => "code_issued",
            Self::AuthorizationRefused { .. } => "authorization_refused",
            Self::TokenIssued { .. } => "token_issued",
            Self::TokenRefused { .. } => "token_refused",
            Self::RequestRefused { .. } => "request_refused",
            Self::ClientRefused { .. } => "client_refused",
            Self::ClientThrottled { .. } => "client_throttled",
            Self::CodeReplayed { .. } => "code_replayed",
            Self::RefreshTokenReused { .. } => "refresh_token_reused",
            Self::AccessTokenRevoked { .. } => "access_token_revoked",
            Self::GrantRevoked { .. } => "grant_revoked",
            Self::RevocationRefused { .. } => "revocation_refused",
            Self::TokenCheckRefused { .. } => "token_check_refused",
            Self::KeyRotated { .. } => "key_rotated",
            Self::KeyRingChanged { .. } => "key_ring_changed",
            Self::AccessEnded { .. } => "access_ended",
            Self::ClientRegistered { .. } => "client_registered",
            Self::ClientChanged { .. } => "client_changed",
            Self::OwnerChanged { .. } => "owner_changed",
            Self::OperatorCommand { .. } => "operator_command",
        }
    }
}
