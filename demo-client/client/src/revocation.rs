//! Giving tokens back ([RFC 7009](https://www.rfc-editor.org/rfc/rfc7009)).

use symbolon::revocation::RevocationRequest;
use symbolon::secret::Secret;

use crate::endpoint_call::{EndpointCall, TokenError};
use crate::exchange_kind::ExchangeKind;
use crate::registration::Registration;

impl Registration {
    /// Gives a token back (RFC 7009). The server answers 200 to unknown tokens too.
    pub async fn revoke(&self, token: Secret) -> Result<(), TokenError> {
        let form = RevocationRequest { token }.encode();
        let call = EndpointCall {
            registration: self,
            kind: ExchangeKind::Revocation,
            endpoint: self.authorization_server().revocation_endpoint()?,
            form: &form,
        };
        let answer = call.send().await?;
        if answer.success {
            Ok(())
        } else {
            Err(call.refusal(answer))
        }
    }
}
