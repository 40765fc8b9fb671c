//! What can be wrong with a token request before anything in it is checked.

/// A token request that cannot be understood. The texts are those of the Spring dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenRequestError {
    /// `grant_type` is absent.
    #[error("Missing grant type")]
    MissingGrantType,
    /// `grant_type=implicit`.
    #[error("Implicit grant type not supported from token endpoint")]
    ImplicitAtTokenEndpoint,
    /// A `grant_type` that the server does not have.
    #[error("Unsupported grant type")]
    UnsupportedGrantType,
    /// `code` is absent.
    #[error("An authorization code must be supplied.")]
    MissingCode,
    /// `refresh_token` is absent.
    #[error("refresh_token parameter not provided")]
    MissingRefreshToken,
    /// `username` or `password` is absent.
    #[error("username and password must be supplied")]
    MissingOwnerCredentials,
}
