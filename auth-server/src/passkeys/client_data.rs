//! What the browser says that it asked an authenticator for
//! ([WebAuthn §5.8.1](https://www.w3.org/TR/webauthn-3/#dictionary-client-data)).

use serde::Deserialize;

use super::error::PasskeyError;
use super::relying_party::RelyingParty;

/// What was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ceremony {
    Create,
    Get,
}

#[derive(Deserialize)]
struct ClientData {
    #[serde(rename = "type")]
    ceremony: String,
    challenge: String,
    origin: String,
    #[serde(rename = "crossOrigin")]
    cross_origin: Option<bool>,
}

/// The challenge in it, when it was asked for by a page of ours that stood in no page of somebody else.
pub(super) fn challenge_in(
    client_data: &[u8],
    ceremony: Ceremony,
    relying_party: &RelyingParty,
) -> Result<String, PasskeyError> {
    let said: ClientData =
        serde_json::from_slice(client_data).map_err(|_| PasskeyError::Malformed)?;
    let expected = match ceremony {
        Ceremony::Create => "webauthn.create",
        Ceremony::Get => "webauthn.get",
    };
    let is_framed = said.cross_origin.unwrap_or(false);
    if said.ceremony == expected && said.origin == relying_party.origin && !is_framed {
        Ok(said.challenge)
    } else {
        Err(PasskeyError::Origin)
    }
}
