//! Which parameter a token request was refused for, and by which rule, for whoever develops a client. The answer says less: it
//! must not help whoever guesses.

use symbolon::token::TokenRequestError;

use super::TokenError;
use crate::grants::scope::ScopeError;
use crate::resource_owners::sign_in::SignInError;

impl TokenError {
    /// The parameter that is at fault; empty where none is.
    pub const fn parameter(&self) -> &'static str {
        match self {
            Self::Request(
                TokenRequestError::MissingGrantType
                | TokenRequestError::ImplicitAtTokenEndpoint
                | TokenRequestError::UnsupportedGrantType,
            )
            | Self::GrantNotRegistered => "grant_type",
            Self::Request(TokenRequestError::MissingCode)
            | Self::UnknownCode
            | Self::CodeReplayed { .. }
            | Self::GrantRevoked
            | Self::CodeOfOtherClient => "code",
            Self::Request(TokenRequestError::MissingRefreshToken)
            | Self::UnknownRefreshToken
            | Self::RefreshTokenExpired
            | Self::RefreshTokenUnreadable
            | Self::NoRefreshToken
            | Self::RefreshTokenReused { .. }
            | Self::RefreshTokenOfOtherClient => "refresh_token",
            Self::Request(TokenRequestError::MissingOwnerCredentials)
            | Self::SignIn(
                SignInError::BadCredentials { .. } | SignInError::SecondFactorNeeded { .. },
            ) => "username, password",
            Self::Scope(_) | Self::ScopeWidened { .. } => "scope",
            Self::RedirectMismatch => "redirect_uri",
            Self::VerifierMalformed | Self::PkceFailed => "code_verifier",
            Self::OwnerGone
            | Self::SignIn(
                SignInError::TooManyAttempts(_) | SignInError::Busy(_) | SignInError::Store(_),
            )
            | Self::AfterSignIn { .. }
            | Self::Extension(_)
            | Self::ExtensionUnavailable { .. }
            | Self::Issue(_) => "",
        }
    }

    /// The rule that it breaks.
    #[allow(clippy::too_many_lines, reason = "a table, one row for each reason")]
    pub const fn rule(&self) -> &'static str {
        match self {
            Self::Request(error) => of_request(*error),
            Self::SignIn(error) => of_sign_in(error),
            Self::CodeReplayed { .. } => {
                "it is good once, and was exchanged before: all that came of it is revoked (RFC 6749 §4.1.2)"
            }
            Self::GrantRevoked => {
                "it was shown again while it was exchanged: all that came of it is revoked (RFC 6749 §4.1.2)"
            }
            Self::CodeOfOtherClient => "it was issued to another client (RFC 6749 §4.1.3)",
            Self::RedirectMismatch => {
                "it is not that of the authorization request, to the letter (RFC 6749 §4.1.3)"
            }
            Self::VerifierMalformed => "it has not the form of a verifier (RFC 7636 §4.1)",
            Self::PkceFailed => {
                "it is missing, or does not match the code_challenge of the authorization request, or there was none \
                 (RFC 7636 §4.6)"
            }
            Self::UnknownCode => {
                "it is none of this server, or its time has passed (RFC 6749 §4.1.2)"
            }
            Self::RefreshTokenExpired => "its time has passed (RFC 6749 §6)",
            Self::RefreshTokenUnreadable => {
                "it is no JWT of this server, and refresh tokens of this client are"
            }
            Self::NoRefreshToken => "it is an access token",
            Self::RefreshTokenReused { .. } => {
                "it was replaced when it was used before: its whole grant is revoked (RFC 9700 §4.14.2)"
            }
            Self::RefreshTokenOfOtherClient => "it was issued to another client (RFC 6749 §6)",
            Self::UnknownRefreshToken => {
                "it is none of this server, or its time has passed, or it was revoked (RFC 6749 §6)"
            }
            Self::GrantNotRegistered => {
                "the client is not registered for this grant (RFC 6749 §5.2)"
            }
            Self::Scope(ScopeError::Invalid { .. }) => {
                "it is malformed, or names what the client is not registered for (RFC 6749 §3.3)"
            }
            Self::Scope(ScopeError::Empty) => "nothing is left of it that the client may have",
            Self::ScopeWidened { .. } => "it names more than was granted (RFC 6749 §6)",
            Self::OwnerGone => "the owner's account is gone or locked, or has another password",
            Self::Extension(_) => "the extension grant says no",
            Self::ExtensionUnavailable { .. } => "the extension grant cannot tell now",
            Self::AfterSignIn { .. } | Self::Issue(_) => {
                "the server could not issue a token: its log says why"
            }
        }
    }
}

const fn of_request(error: TokenRequestError) -> &'static str {
    match error {
        TokenRequestError::MissingGrantType
        | TokenRequestError::MissingCode
        | TokenRequestError::MissingRefreshToken
        | TokenRequestError::MissingOwnerCredentials => "it is missing (RFC 6749 §4)",
        TokenRequestError::ImplicitAtTokenEndpoint => {
            "the implicit grant has no token request (RFC 6749 §4.2)"
        }
        TokenRequestError::UnsupportedGrantType => "there is no such grant here",
    }
}

const fn of_sign_in(error: &SignInError) -> &'static str {
    match error {
        SignInError::BadCredentials { .. } => "name and password are not good together",
        SignInError::SecondFactorNeeded { .. } => {
            "the owner has a second factor, which cannot be shown here"
        }
        SignInError::TooManyAttempts(_) => "there were too many attempts before it",
        SignInError::Busy(_) => "too many passwords wait to be checked",
        SignInError::Store(_) => "the store could not be asked",
    }
}
