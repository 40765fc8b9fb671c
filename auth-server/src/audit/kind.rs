//! What kinds of events there are.

use super::AuditEvent;

/// What kind of event it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditKind {
    /// Something was refused.
    Refused,
    /// Somebody came in, or went; something was granted or given back.
    Granted,
    /// Something was changed, or somebody was given the means: registrations, accounts, keys, what was granted.
    Changed,
}

impl AuditKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Refused, Self::Granted, Self::Changed];

    /// Its name, which is that of its setting in `[journal]`, too.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Granted => "granted",
            Self::Changed => "changed",
        }
    }
}

impl AuditEvent<'_> {
    /// What kind of event it is.
    #[allow(clippy::too_many_lines, reason = "a table, one row for each event")]
    pub const fn kind(&self) -> AuditKind {
        match self {
            Self::SignInFailed { .. }
            | Self::SignInThrottled { .. }
            | Self::SignInNotVerified { .. }
            | Self::SecondFactorFailed { .. }
            | Self::PasskeyRefused { .. }
            | Self::AuthorizationRefused { .. }
            | Self::TokenRefused { .. }
            | Self::RequestRefused { .. }
            | Self::ClientRefused { .. }
            | Self::ClientThrottled { .. }
            | Self::RevocationRefused { .. }
            | Self::TokenCheckRefused { .. } => AuditKind::Refused,
            // What was used twice comes with a refusal, as often as somebody likes.
            Self::OwnerSignedIn { .. }
            | Self::OwnerSignedOut { .. }
            | Self::PasskeyUsed { .. }
            | Self::ConsentDecided { .. }
            | Self::CodeIssued { .. }
            | Self::TokenIssued { .. }
            | Self::CodeReplayed { .. }
            | Self::RefreshTokenReused { .. }
            | Self::AccessTokenRevoked { .. }
            | Self::GrantRevoked { .. }
            // Looking at the journal must not push out what is looked for.
            | Self::OperatorCommand { changes: false, .. } => AuditKind::Granted,
            // A link is there that was not, and an account has so many of them in an hour at most.
            Self::PasswordResetAsked { .. }
            | Self::InvitationSent { .. }
            | Self::InvitationAccepted { .. }
            | Self::PasswordChanged { .. }
            | Self::PasswordReset { .. }
            | Self::OwnerRegistered { .. }
            | Self::EmailChanged { .. }
            | Self::SecondFactorEnrolled { .. }
            | Self::SecondFactorRemoved { .. }
            | Self::RecoveryCodeUsed { .. }
            | Self::RecoveryCodesRenewed { .. }
            | Self::PasskeyAdded { .. }
            | Self::PasskeyRemoved { .. }
            | Self::KeyRotated { .. }
            | Self::KeyRingChanged { .. }
            | Self::AccessEnded { .. }
            | Self::ClientRegistered { .. }
            | Self::ClientChanged { .. }
            | Self::OwnerChanged { .. }
            | Self::OperatorCommand { changes: true, .. } => AuditKind::Changed,
        }
    }
}
