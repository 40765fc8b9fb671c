//! Why the token endpoint says no.

mod rule;

use symbolon::error::ErrorCode;
use symbolon::scope::Scope;
use symbolon::token::TokenRequestError;

use crate::grants::extension::GrantRefusal;
use crate::grants::scope::ScopeError;
use crate::records::{CodeMismatch, GrantId};
use crate::resource_owners::sign_in::SignInError;
use crate::stores::StoreError;
use crate::tokens::issue::IssueError;

/// Why the token endpoint says no. The texts are those of the Spring dialect where it has one; they
/// never repeat what was presented.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The request cannot be understood.
    #[error(transparent)]
    Request(#[from] TokenRequestError),
    /// The client is not registered for this grant (RFC 6749 §5.2).
    #[error("Unauthorized grant type")]
    GrantNotRegistered,
    /// The scope cannot be asked for.
    #[error(transparent)]
    Scope(#[from] ScopeError),
    /// RFC 6749 §6: more than was granted.
    #[error("Unable to narrow the scope of the client authentication")]
    ScopeWidened {
        /// What was granted.
        granted: Scope,
    },
    /// The code is garbage, unknown or expired.
    #[error("Invalid authorization code")]
    UnknownCode,
    /// The code was used before; everything that came from it is revoked.
    #[error("Invalid authorization code")]
    CodeReplayed {
        /// What is revoked.
        grant_id: GrantId,
    },
    /// The code was used again while it was exchanged, and its grant revoked: nothing was issued.
    #[error("Invalid authorization code")]
    GrantRevoked,
    /// The code was given to another client. It is as it was.
    #[error("Client ID mismatch")]
    CodeOfOtherClient,
    /// RFC 6749 §4.1.3: not the redirect URI of the authorization request. The code is as it was.
    #[error("Redirect URI mismatch.")]
    RedirectMismatch,
    /// RFC 7636 §4.1: the verifier has not the form of one. The code was not looked at and stays good.
    #[error("code_verifier is malformed")]
    VerifierMalformed,
    /// RFC 7636 §4.6: the verifier is missing, not the right one, or there was no challenge. The code is as it was.
    #[error("code_verifier does not match")]
    PkceFailed,
    /// The refresh token is garbage, unknown, expired or revoked.
    #[error("Invalid refresh token")]
    UnknownRefreshToken,
    /// The refresh token is a JWT of ours whose time has passed.
    #[error("Invalid refresh token")]
    RefreshTokenExpired,
    /// The refresh token is no JWT of ours, and those of the client are.
    #[error("Invalid refresh token")]
    RefreshTokenUnreadable,
    /// The refresh token is a JWT of ours that is an access token.
    #[error("Invalid refresh token")]
    NoRefreshToken,
    /// The refresh token was used before; the whole grant is revoked.
    #[error("Invalid refresh token")]
    RefreshTokenReused {
        /// What is revoked.
        grant_id: GrantId,
        /// Whose data it opened.
        owner: Option<String>,
    },
    /// The refresh token was given to another client.
    #[error("Wrong client for this refresh token")]
    RefreshTokenOfOtherClient,
    /// The owner's account is gone.
    #[error("user not found")]
    OwnerGone,
    /// The owner's name and password are not good, or may not be tried now.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    /// The owner's name and password are good, but no token could be issued.
    #[error("{error}")]
    AfterSignIn {
        /// Who signed in.
        owner: String,
        /// What went wrong then.
        error: IssueError,
    },
    /// An extension grant says no.
    #[error(transparent)]
    Extension(GrantRefusal),
    /// An extension grant cannot tell now.
    #[error("the grant cannot be decided at the moment")]
    ExtensionUnavailable {
        /// Why, for the log.
        reason: String,
    },
    /// The server failed.
    #[error(transparent)]
    Issue(#[from] IssueError),
}

impl From<StoreError> for TokenError {
    fn from(error: StoreError) -> Self {
        Self::Issue(error.into())
    }
}

impl From<CodeMismatch> for TokenError {
    fn from(mismatch: CodeMismatch) -> Self {
        match mismatch {
            CodeMismatch::Client => Self::CodeOfOtherClient,
            CodeMismatch::RedirectUri => Self::RedirectMismatch,
            CodeMismatch::CodeVerifier => Self::PkceFailed,
        }
    }
}

impl TokenError {
    /// Why, in the audit stream's words: the names of the error's variants. They are an interface, so what
    /// an error knows besides, which other events carry, does not change them.
    pub fn reason(&self) -> String {
        match self {
            Self::CodeReplayed { .. } | Self::GrantRevoked => "CodeReplayed".to_owned(),
            Self::RefreshTokenReused { .. } => "RefreshTokenReused".to_owned(),
            Self::Extension(_) => "Extension".to_owned(),
            Self::ExtensionUnavailable { .. } => "ExtensionUnavailable".to_owned(),
            Self::SignIn(error) => format!("SignIn({})", sign_in_reason(error)),
            Self::AfterSignIn { error, .. } => format!("Issue({error:?})"),
            Self::Request(_)
            | Self::GrantNotRegistered
            | Self::Scope(_)
            | Self::ScopeWidened { .. }
            | Self::UnknownCode
            | Self::CodeOfOtherClient
            | Self::RedirectMismatch
            | Self::VerifierMalformed
            | Self::PkceFailed
            | Self::UnknownRefreshToken
            | Self::RefreshTokenExpired
            | Self::RefreshTokenUnreadable
            | Self::NoRefreshToken
            | Self::RefreshTokenOfOtherClient
            | Self::OwnerGone
            | Self::Issue(_) => format!("{self:?}"),
        }
    }

    /// The `error` of the answer (RFC 6749 §5.2).
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Request(TokenRequestError::UnsupportedGrantType) => {
                ErrorCode::UnsupportedGrantType
            }
            Self::Request(TokenRequestError::ImplicitAtTokenEndpoint)
            | Self::UnknownCode
            | Self::CodeReplayed { .. }
            | Self::GrantRevoked
            | Self::CodeOfOtherClient
            | Self::RedirectMismatch
            | Self::VerifierMalformed
            | Self::PkceFailed
            | Self::UnknownRefreshToken
            | Self::RefreshTokenExpired
            | Self::RefreshTokenUnreadable
            | Self::NoRefreshToken
            | Self::RefreshTokenReused { .. }
            | Self::RefreshTokenOfOtherClient
            | Self::OwnerGone
            | Self::SignIn(
                SignInError::BadCredentials { .. } | SignInError::SecondFactorNeeded { .. },
            ) => ErrorCode::InvalidGrant,
            Self::Request(
                TokenRequestError::MissingGrantType
                | TokenRequestError::MissingCode
                | TokenRequestError::MissingRefreshToken
                | TokenRequestError::MissingOwnerCredentials,
            ) => ErrorCode::InvalidRequest,
            Self::GrantNotRegistered => ErrorCode::UnauthorizedClient,
            Self::Scope(_) | Self::ScopeWidened { .. } => ErrorCode::InvalidScope,
            Self::SignIn(SignInError::TooManyAttempts(_) | SignInError::Busy(_))
            | Self::ExtensionUnavailable { .. } => ErrorCode::TemporarilyUnavailable,
            Self::Extension(refusal) => refusal.code().clone(),
            Self::SignIn(SignInError::Store(error)) => store_code(error),
            Self::AfterSignIn { error, .. } | Self::Issue(error) => issue_code(error),
        }
    }
}

fn sign_in_reason(error: &SignInError) -> String {
    match error {
        SignInError::BadCredentials { .. } => "BadCredentials".to_owned(),
        SignInError::TooManyAttempts(throttled) => {
            let secs = throttled.retry_after_secs;
            format!("TooManyAttempts {{ retry_after_secs: {secs} }}")
        }
        SignInError::SecondFactorNeeded { .. } => "SecondFactorNeeded".to_owned(),
        SignInError::Busy(_) => "Busy".to_owned(),
        SignInError::Store(_) => format!("{error:?}"),
    }
}

const fn issue_code(error: &IssueError) -> ErrorCode {
    match error {
        IssueError::Store(error) => store_code(error),
        IssueError::Jwt(_) | IssueError::GrantGone | IssueError::HandleKeyGone => {
            ErrorCode::ServerError
        }
    }
}

const fn store_code(error: &StoreError) -> ErrorCode {
    match error {
        StoreError::Unavailable(_) => ErrorCode::TemporarilyUnavailable,
        StoreError::Damaged(_) => ErrorCode::ServerError,
    }
}

#[cfg(test)]
mod tests {
    use symbolon::random::SystemRandom;

    use super::*;
    use crate::passwords::VerificationError;
    use crate::resource_owners::throttle::{SignInLimit, Throttled};

    #[test]
    fn what_an_error_knows_does_not_change_the_words_of_the_audit_stream() {
        let grant_id = GrantId::mint(&SystemRandom);
        let owner = || "xiaoming".to_owned();
        let throttled = Throttled {
            limit: SignInLimit::AccountAndAddress,
            retry_after_secs: 7,
        };
        let reused = TokenError::RefreshTokenReused {
            grant_id,
            owner: Some(owner()),
        };
        let failed = TokenError::AfterSignIn {
            owner: owner(),
            error: IssueError::HandleKeyGone,
        };
        let wrong = SignInError::BadCredentials {
            owner: Some(owner()),
        };
        for (error, reason) in [
            (TokenError::CodeReplayed { grant_id }, "CodeReplayed"),
            (TokenError::GrantRevoked, "CodeReplayed"),
            (reused, "RefreshTokenReused"),
            (failed, "Issue(HandleKeyGone)"),
            (TokenError::SignIn(wrong), "SignIn(BadCredentials)"),
            (
                TokenError::SignIn(SignInError::TooManyAttempts(throttled)),
                "SignIn(TooManyAttempts { retry_after_secs: 7 })",
            ),
            (
                TokenError::SignIn(SignInError::Busy(VerificationError::Busy)),
                "SignIn(Busy)",
            ),
            (
                TokenError::Request(TokenRequestError::MissingCode),
                "Request(MissingCode)",
            ),
            (TokenError::UnknownCode, "UnknownCode"),
        ] {
            assert_eq!(error.reason(), reason);
        }
    }
}
