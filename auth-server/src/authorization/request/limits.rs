//! How long an authorization request may be.

use symbolon::authorization::AuthorizationRequest;
use symbolon::error::ErrorCode;
use url::form_urlencoded;

use super::error::{Fault, TooLong};

/// How long a request may be, in bytes of what it says: it is kept while its owner signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestLimits {
    /// Its `state`, as it is written in an address.
    pub longest_state: usize,
    /// All of its values together.
    pub longest_request: usize,
}

impl RequestLimits {
    pub(super) fn exceeded_by(self, request: &AuthorizationRequest) -> Option<TooLong> {
        if self.has_long_state(request) {
            Some(TooLong::State)
        } else {
            (request.value_bytes() > self.longest_request).then_some(TooLong::Request)
        }
    }

    pub(super) fn has_long_state(self, request: &AuthorizationRequest) -> bool {
        let state = request.state.as_deref();
        // As it goes back, in an address.
        let written = |state: &str| {
            form_urlencoded::byte_serialize(state.as_bytes())
                .map(str::len)
                .sum()
        };
        let length: usize = state.map_or(0, written);
        length > self.longest_state
    }

    pub(super) fn told(self, too_long: TooLong) -> Fault {
        let parameter = match too_long {
            TooLong::State => "state",
            TooLong::Request => "",
        };
        let text = match too_long {
            TooLong::State => format!("state is longer than {} bytes", self.longest_state),
            TooLong::Request => {
                format!("the request is longer than {} bytes", self.longest_request)
            }
        };
        Fault::new(parameter, ErrorCode::InvalidRequest, text)
    }
}
