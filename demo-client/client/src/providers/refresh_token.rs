//! Renewing with a refresh token ([RFC 6749 §6](https://www.rfc-editor.org/rfc/rfc6749#section-6)).

use crate::context::TokenContext;
use crate::error::ClientError;
use crate::registration::Registration;
use crate::tokens::Tokens;

/// Renews what `context` holds. `None` when there is no refresh token, or when it is dead: the
/// context is then empty and the way to a first token has to be taken again. A server that cannot
/// be reached is an error, and the tokens stay.
pub(crate) async fn refresh(
    registration: &Registration,
    context: &dyn TokenContext,
    held: Option<Tokens>,
) -> Result<Option<Tokens>, ClientError> {
    let Some(refresh_token) = held.and_then(|tokens| tokens.refresh_token) else {
        return Ok(None);
    };
    match registration.refresh(refresh_token).await {
        Ok(tokens) => Ok(Some(tokens)),
        Err(error) if error.is_invalid_grant() => {
            tracing::info!(event = "refresh_refused", client.id = %registration.client_id());
            context.clear().await?;
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}
