//! The longest token that a caller may present. What is longer is nobody's: it is answered as a token that is not
//! known, and not looked at.

use symbolon::secret::Secret;

use crate::metrics::limits::LONGEST_TOKEN;
use crate::server::Server;

/// Whether a token is too long to be looked at, which is counted.
pub(crate) fn is_too_long(server: &Server, token: &Secret) -> bool {
    let is_too_long = token.expose().len() > server.longest_token_bytes;
    if is_too_long {
        server.metrics.limits_reached.count(LONGEST_TOKEN);
    }
    is_too_long
}
