//! What pages hand to `navigator.credentials` and bring back, in JSON
//! ([WebAuthn §5.1.9](https://www.w3.org/TR/webauthn-3/#sctn-parseCreationOptionsFromJSON) and
//! [§5.1.7](https://www.w3.org/TR/webauthn-3/#dom-publickeycredential-tojson)).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::error::PasskeyError;
use super::public_key::ALGORITHMS;
use super::relying_party::RelyingParty;
use crate::records::{OwnerPasskeys, UserHandle};

/// How long a browser waits for its owner, in milliseconds.
const TIMEOUT_MS: u32 = 300_000;

/// What the sign-in page asks for: whichever passkey of this server, and that its owner is verified.
pub(super) fn request_options(relying_party: &RelyingParty, challenge: &str) -> String {
    let options = json!({
        "challenge": challenge,
        "rpId": relying_party.id,
        "timeout": TIMEOUT_MS,
        "userVerification": "required",
        "allowCredentials": [],
    });
    options.to_string()
}

/// What is asked for to add a passkey to these: one that its authenticator finds by itself, and no second one on the same.
pub(super) fn creation_options(
    relying_party: &RelyingParty,
    known: &OwnerPasskeys,
    challenge: &str,
) -> String {
    let algorithms = ALGORITHMS.map(|alg| json!({ "type": "public-key", "alg": alg }));
    let known_ids: Vec<Value> = known
        .passkeys
        .iter()
        .map(|passkey| json!({ "type": "public-key", "id": passkey.id }))
        .collect();
    let options = json!({
        "rp": { "id": relying_party.id, "name": relying_party.name },
        "user": {
            "id": known.user_handle.to_string(),
            "name": known.owner,
            "displayName": known.owner,
        },
        "challenge": challenge,
        "pubKeyCredParams": algorithms,
        "timeout": TIMEOUT_MS,
        "excludeCredentials": known_ids,
        "authenticatorSelection": {
            "residentKey": "required",
            "requireResidentKey": true,
            "userVerification": "required",
        },
        "attestation": "none",
    });
    options.to_string()
}

#[derive(Deserialize)]
struct Credential<R> {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    response: R,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AttestationResponse {
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    attestation_object: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AssertionResponse {
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    authenticator_data: String,
    signature: String,
    user_handle: Option<String>,
}

/// A passkey that was made.
pub(super) struct NewCredential {
    pub(super) id: Vec<u8>,
    pub(super) client_data: Vec<u8>,
    pub(super) authenticator_data: Vec<u8>,
}

/// A passkey that was shown.
pub(super) struct Assertion {
    /// In base64url.
    pub(super) id: String,
    pub(super) client_data: Vec<u8>,
    pub(super) authenticator_data: Vec<u8>,
    pub(super) signature: Vec<u8>,
    pub(super) user_handle: UserHandle,
}

impl NewCredential {
    pub(super) fn parse(text: &str) -> Result<Self, PasskeyError> {
        let Credential { id, response, .. } = read::<AttestationResponse>(text)?;
        let attestation = decode(&response.attestation_object)?;
        Ok(Self {
            id: decode(&id)?,
            client_data: decode(&response.client_data)?,
            authenticator_data: authenticator_data(&attestation)?,
        })
    }
}

impl Assertion {
    pub(super) fn parse(text: &str) -> Result<Self, PasskeyError> {
        let Credential { id, response, .. } = read::<AssertionResponse>(text)?;
        // As it is kept: without padding, in one spelling.
        let id = URL_SAFE_NO_PAD.encode(decode(&id)?);
        let handle = response.user_handle.ok_or(PasskeyError::Malformed)?;
        let handle = decode(&handle)?.try_into();
        Ok(Self {
            id,
            client_data: decode(&response.client_data)?,
            authenticator_data: decode(&response.authenticator_data)?,
            signature: decode(&response.signature)?,
            user_handle: UserHandle::from_bytes(handle.map_err(|_| PasskeyError::Unknown)?),
        })
    }
}

fn read<R: DeserializeOwned>(text: &str) -> Result<Credential<R>, PasskeyError> {
    let read: Option<Credential<R>> = serde_json::from_str(text).ok();
    let read = read.filter(|credential| credential.kind == "public-key");
    read.ok_or(PasskeyError::Malformed)
}

fn decode(text: &str) -> Result<Vec<u8>, PasskeyError> {
    URL_SAFE_NO_PAD
        .decode(text)
        .map_err(|_| PasskeyError::Malformed)
}

/// What the authenticator says of itself beside it is not asked for, and not looked at.
fn authenticator_data(attestation_object: &[u8]) -> Result<Vec<u8>, PasskeyError> {
    let read = || {
        let object: ciborium::Value = ciborium::from_reader(attestation_object).ok()?;
        let mut members = object.into_map().ok()?.into_iter();
        let (_, data) = members.find(|(name, _)| name.as_text() == Some("authData"))?;
        data.into_bytes().ok()
    };
    read().ok_or(PasskeyError::Malformed)
}
