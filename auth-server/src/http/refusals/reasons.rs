//! What becomes of each error of the floors below.

use symbolon::client_authentication::PresentedCredentialsError;
use symbolon::error::{ErrorCode, ErrorResponse};

use super::{Refusal, Row};
use crate::authorization::request::UnsafeRequest;
use crate::clients::authentication::ClientAuthenticationError;
use crate::grants::TokenError;
use crate::grants::scope::ScopeError;
use crate::http::form_error::FormError;
use crate::keys::KeyRingError;
use crate::resource_owners::sign_in::SignInError;
use crate::stores::StoreError;
use crate::tokens::check::CheckError;
use crate::tokens::issue::IssueError;

impl From<FormError> for Refusal {
    fn from(error: FormError) -> Self {
        let row = match error {
            FormError::ContentType => Row::NoForm,
            FormError::Length => Row::BodyTooLong,
            FormError::TooSlow => Row::BodyTooSlow,
            FormError::Unreadable | FormError::Parameters(_) => Row::BadRequest,
        };
        Self::new(row, ErrorCode::InvalidRequest, error.to_string())
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(reason) => {
                tracing::error!(event = "store_unavailable", %reason);
                Self::unavailable("the token store cannot be reached")
            }
            StoreError::Damaged(reason) => {
                tracing::error!(event = "store_damaged", %reason);
                Self::our_failure()
            }
        }
    }
}

impl From<IssueError> for Refusal {
    fn from(error: IssueError) -> Self {
        match error {
            IssueError::Store(error) => error.into(),
            IssueError::Jwt(_) | IssueError::GrantGone | IssueError::HandleKeyGone => {
                tracing::error!(event = "token_not_issued", %error);
                Self::our_failure()
            }
        }
    }
}

impl From<KeyRingError> for Refusal {
    fn from(error: KeyRingError) -> Self {
        match error {
            KeyRingError::Store(error) => error.into(),
            KeyRingError::Configured | KeyRingError::Contended => Self::conflict(error.to_string()),
            KeyRingError::Sealing(_) | KeyRingError::Key(_) | KeyRingError::Handles(_) => {
                tracing::error!(event = "key_not_added", %error);
                Self::our_failure()
            }
        }
    }
}

impl From<askama::Error> for Refusal {
    fn from(error: askama::Error) -> Self {
        tracing::error!(event = "page_not_written", %error);
        Self::our_failure()
    }
}

impl From<ClientAuthenticationError> for Refusal {
    fn from(error: ClientAuthenticationError) -> Self {
        let text = error.to_string();
        match error {
            ClientAuthenticationError::Presented(PresentedCredentialsError::SeveralMethods) => {
                Self::bad_request(text)
            }
            ClientAuthenticationError::Presented(
                PresentedCredentialsError::Missing
                | PresentedCredentialsError::Malformed
                | PresentedCredentialsError::OtherClientNamed,
            )
            | ClientAuthenticationError::BadCredentials => {
                Self::new(Row::Unauthenticated, ErrorCode::InvalidClient, text)
            }
            ClientAuthenticationError::TooManyAttempts(throttled) => {
                Self::too_many_attempts(throttled.retry_after_secs, text)
            }
            ClientAuthenticationError::Busy(_) => Self::unavailable(text),
            ClientAuthenticationError::Store(error) => error.into(),
        }
    }
}

impl From<SignInError> for Refusal {
    fn from(error: SignInError) -> Self {
        let text = error.to_string();
        match error {
            SignInError::BadCredentials { .. } | SignInError::SecondFactorNeeded { .. } => {
                Self::new(Row::BadRequest, ErrorCode::InvalidGrant, text)
            }
            SignInError::TooManyAttempts(throttled) => {
                Self::too_many_attempts(throttled.retry_after_secs, text)
            }
            SignInError::Busy(_) => Self::unavailable(text),
            SignInError::Store(error) => error.into(),
        }
    }
}

impl From<TokenError> for Refusal {
    fn from(error: TokenError) -> Self {
        let text = error.to_string();
        let body = ErrorResponse::new(error.code(), text.as_str());
        let body = match error {
            TokenError::Issue(error) | TokenError::AfterSignIn { error, .. } => {
                return error.into();
            }
            TokenError::SignIn(error) => return error.into(),
            TokenError::ExtensionUnavailable { reason } => {
                tracing::error!(event = "extension_grant_unavailable", %reason);
                return Self::unavailable(text);
            }
            TokenError::Scope(ScopeError::Invalid { registered }) => body.with_scope(registered),
            TokenError::ScopeWidened { granted } => body.with_scope(granted),
            TokenError::Request(_)
            | TokenError::GrantNotRegistered
            | TokenError::Scope(ScopeError::Empty)
            | TokenError::UnknownCode
            | TokenError::CodeReplayed { .. }
            | TokenError::GrantRevoked
            | TokenError::CodeOfOtherClient
            | TokenError::RedirectMismatch
            | TokenError::VerifierMalformed
            | TokenError::PkceFailed
            | TokenError::UnknownRefreshToken
            | TokenError::RefreshTokenExpired
            | TokenError::RefreshTokenUnreadable
            | TokenError::NoRefreshToken
            | TokenError::RefreshTokenReused { .. }
            | TokenError::RefreshTokenOfOtherClient
            | TokenError::OwnerGone
            | TokenError::Extension(_) => body,
        };
        Self {
            row: Row::BadRequest,
            body: Box::new(body),
            way_back: None,
            untold: None,
        }
    }
}

impl From<CheckError> for Refusal {
    fn from(error: CheckError) -> Self {
        let text = error.to_string();
        match error {
            CheckError::NotRecognised | CheckError::Expired | CheckError::NotAllowed => {
                Self::new(Row::TokenAskedAbout, ErrorCode::InvalidToken, text)
            }
            CheckError::Store(error) => error.into(),
        }
    }
}

impl From<UnsafeRequest> for Refusal {
    fn from(error: UnsafeRequest) -> Self {
        Self::new(Row::BadRequest, error.code(), error.to_string())
    }
}
