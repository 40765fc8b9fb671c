//! What an exchange with a server was for.

use symbolon::token::GrantType;

/// What an exchange was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExchangeKind {
    /// A request to the token endpoint (RFC 6749 §3.2), for this grant.
    TokenRequest(GrantType),
    /// A token given back (RFC 7009).
    Revocation,
    /// A call with a token to a resource server (RFC 6750).
    Resource,
}
