//! What of a request must not come back in an error: servers repeat a bad code, a refresh token or the header
//! with the client's secret in their descriptions, and descriptions end in logs and on pages.

use serde_json::{Map, Value};
use symbolon::client_authentication::{ClientAuthentication, EncodedCredentials};
use symbolon::parameters::{self, AnswerParameters};
use symbolon::secret::Secret;

use crate::registration::Registration;

/// Parameters of a request whose values nobody else may see.
const SECRET: [&str; 6] = [
    "client_secret",
    "code",
    "code_verifier",
    "password",
    "refresh_token",
    "token",
];

/// The secrets of one request, in each form in which they may be repeated, the longest first.
#[derive(Clone)]
pub(crate) struct SentSecrets(Vec<Secret>);

impl SentSecrets {
    /// Those of a request of this client with this form.
    pub(crate) fn new(registration: &Registration, form: &Secret) -> Self {
        let sent = AnswerParameters::decode(form.expose().as_bytes()).unwrap_or_default();
        let mut secrets: Vec<Secret> = sent
            .iter()
            .filter(|(name, _)| SECRET.contains(name))
            .flat_map(|(_, value)| both_forms(value))
            .collect();
        match registration.authentication() {
            ClientAuthentication::Basic(secret)
            | ClientAuthentication::RawBasic(secret)
            | ClientAuthentication::Form(secret) => secrets.extend(both_forms(secret.expose())),
            ClientAuthentication::None | ClientAuthentication::Unsaid => {}
        }
        let credentials = registration
            .authentication()
            .encode(registration.client_id());
        if let EncodedCredentials::Header(header) = credentials {
            let credentials = header.expose().trim_start_matches("Basic ");
            secrets.push(Secret::new(credentials));
        }
        secrets.retain(|secret| !secret.expose().is_empty());
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.expose().len()));
        Self(secrets)
    }

    /// The token of a call to a resource server.
    pub(crate) fn of_call(token: &Secret) -> Self {
        Self(both_forms(token.expose()).into())
    }

    /// The text without them.
    pub(crate) fn hidden_in(&self, text: String) -> String {
        self.0.iter().fold(text, |text, secret| {
            text.replace(secret.expose(), "[redacted]")
        })
    }

    /// The JSON without them, however deep they are.
    pub(crate) fn hidden_in_value(&self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.hidden_in(text)),
            Value::Array(entries) => {
                let entries = entries.into_iter();
                Value::Array(entries.map(|entry| self.hidden_in_value(entry)).collect())
            }
            Value::Object(members) => {
                let members = members.into_iter();
                let hidden: Map<String, Value> = members
                    .map(|(name, value)| (name, self.hidden_in_value(value)))
                    .collect();
                Value::Object(hidden)
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => value,
        }
    }
}

/// A text as it is, and as a form has it.
fn both_forms(text: &str) -> [Secret; 2] {
    let encoded = parameters::encode([("", Some(text))]);
    let encoded = encoded.trim_start_matches('=');
    [Secret::new(text), Secret::new(encoded)]
}
