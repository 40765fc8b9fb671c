//! The settings whose limits are this server's own, as `limit_reached_total` names them.

/// Sessions and authorization requests that one address begins.
pub const BEGUN_PER_ADDRESS: &str = "login.begun_per_address_per_minute";
/// The `state` of an authorization request.
pub const LONGEST_STATE: &str = "login.longest_state_bytes";
/// All that is kept of an authorization request.
pub const LONGEST_REQUEST: &str = "login.longest_request_bytes";
/// A token that somebody presents.
pub const LONGEST_TOKEN: &str = "tokens.longest_token_bytes";

/// All of them.
pub(super) const ALL: [&str; 4] = [
    BEGUN_PER_ADDRESS,
    LONGEST_STATE,
    LONGEST_REQUEST,
    LONGEST_TOKEN,
];
