//! What Spring Security OAuth says at the token endpoint, at `check_token` and at the authorization endpoint where this server has other
//! codes and statuses: for clients with that habit. What is not here both say alike.

use symbolon::client_authentication::{PresentedCredentials, PresentedCredentialsError};
use symbolon::error::ErrorCode;
use symbolon::token::TokenRequestError;

use crate::authorization::request::UnsafeRequest;
use crate::clients::authentication::ClientAuthenticationError;
use crate::clients::redirect_match::RedirectMismatch;
use crate::grants::TokenError;
use crate::http::refusals::Refusal;
use crate::tokens::check::{CheckError, JwtKind};

/// After credentials in the form.
const FORM: &str = "Form realm=\"oauth2/client\",";
/// After all that is wrong once the client is known: there is no realm, even though nobody showed a bearer token.
const BEARER: &str = "Bearer";

/// Spring's no to who is no client, by what was presented.
pub(crate) fn of_client(
    error: ClientAuthenticationError,
    presented: Option<&PresentedCredentials>,
) -> Refusal {
    match error {
        ClientAuthenticationError::Presented(PresentedCredentialsError::Missing) => {
            Refusal::unauthorized("Full authentication is required to access this resource")
        }
        ClientAuthenticationError::Presented(PresentedCredentialsError::Malformed) => {
            Refusal::unauthorized("Failed to decode basic authentication token")
        }
        ClientAuthenticationError::Presented(PresentedCredentialsError::OtherClientNamed) => {
            let text = "Given client ID does not match authenticated client";
            Refusal::challenged(BEARER, ErrorCode::InvalidClient, text)
        }
        ClientAuthenticationError::BadCredentials => match presented {
            Some(PresentedCredentials::Form(_) | PresentedCredentials::None(_)) => {
                let text = "Bad client credentials";
                Refusal::challenged(FORM, ErrorCode::InvalidClient, text)
            }
            Some(PresentedCredentials::Basic { .. }) | None => {
                Refusal::unauthorized("Bad credentials")
            }
        },
        ClientAuthenticationError::Presented(PresentedCredentialsError::SeveralMethods)
        | ClientAuthenticationError::TooManyAttempts(_)
        | ClientAuthenticationError::Busy(_)
        | ClientAuthenticationError::Store(_) => error.into(),
    }
}

/// Spring's no to a token that is not good, where what is presented tells why.
pub(crate) fn of_token(kind: Option<JwtKind>, error: CheckError) -> Refusal {
    match kind {
        Some(JwtKind::Unreadable) => Refusal::bad_token("Cannot convert access token to JSON"),
        Some(JwtKind::Refresh) => Refusal::bad_token("Encoded token is a refresh token"),
        Some(JwtKind::Access) | None => error.into(),
    }
}

/// Spring's no to an authorization request whose answer can be sent nowhere.
pub(crate) fn of_authorization_request(error: UnsafeRequest) -> Refusal {
    match error {
        UnsafeRequest::NoClient | UnsafeRequest::UnknownClient => {
            Refusal::unknown_client(error.to_string())
        }
        UnsafeRequest::NoGrant
        | UnsafeRequest::NoRedirectingGrant
        | UnsafeRequest::Redirect(RedirectMismatch::NoMatch) => {
            Refusal::bad_grant(error.to_string())
        }
        UnsafeRequest::Redirect(RedirectMismatch::NoneRegistered) | UnsafeRequest::ResponseType => {
            error.into()
        }
    }
}

/// Spring's no to a token request.
pub(crate) fn of_token_request(error: TokenError) -> Refusal {
    match error {
        TokenError::GrantNotRegistered => {
            let text = "Unauthorized grant type";
            Refusal::challenged(BEARER, ErrorCode::InvalidClient, text)
        }
        TokenError::CodeOfOtherClient => {
            Refusal::challenged(BEARER, ErrorCode::InvalidClient, "Client ID mismatch")
        }
        TokenError::RefreshTokenExpired => bad_refresh_token("Invalid refresh token (expired)"),
        TokenError::RefreshTokenUnreadable => {
            bad_refresh_token("Cannot convert access token to JSON")
        }
        TokenError::NoRefreshToken => bad_refresh_token("Encoded token is not a refresh token"),
        TokenError::Request(TokenRequestError::MissingOwnerCredentials) => {
            Refusal::bad_grant("Bad credentials")
        }
        TokenError::Extension(refusal) if is_of_who_asks(refusal.code()) => {
            Refusal::challenged(BEARER, refusal.code().clone(), refusal.to_string())
        }
        TokenError::Request(_)
        | TokenError::Scope(_)
        | TokenError::ScopeWidened { .. }
        | TokenError::UnknownCode
        | TokenError::CodeReplayed { .. }
        | TokenError::GrantRevoked
        | TokenError::RedirectMismatch
        | TokenError::VerifierMalformed
        | TokenError::PkceFailed
        | TokenError::UnknownRefreshToken
        | TokenError::RefreshTokenReused { .. }
        | TokenError::RefreshTokenOfOtherClient
        | TokenError::OwnerGone
        | TokenError::SignIn(_)
        | TokenError::AfterSignIn { .. }
        | TokenError::Extension(_)
        | TokenError::ExtensionUnavailable { .. }
        | TokenError::Issue(_) => error.into(),
    }
}

/// The codes whose exceptions have the status 401.
fn is_of_who_asks(code: &ErrorCode) -> bool {
    let codes = [
        ErrorCode::InvalidClient,
        ErrorCode::UnauthorizedClient,
        ErrorCode::InvalidToken,
        ErrorCode::Unauthorized,
    ];
    codes.contains(code)
}

fn bad_refresh_token(description: &'static str) -> Refusal {
    Refusal::challenged(BEARER, ErrorCode::InvalidToken, description)
}
