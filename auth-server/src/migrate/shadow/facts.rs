//! What a request says, as far as the comparison needs it: who asks, for what, and which of its texts nobody may see.

use reqwest::Method;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, HeaderMap};
use symbolon::calls::FORM;
use symbolon::client_authentication::basic_credentials;
use symbolon::secret::Secret;
use url::form_urlencoded;

use super::endpoint::Endpoint;

/// Parameters whose values are secrets.
const SECRET_PARAMETERS: [&str; 11] = [
    "access_token",
    "assertion",
    "client_assertion",
    "client_secret",
    "code",
    "code_verifier",
    "id_token_hint",
    "password",
    "refresh_token",
    "state",
    "token",
];

/// A request as it was sent to the old server.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub(super) endpoint: Endpoint,
    pub(super) method: Method,
    /// The path and the query as they came.
    pub(super) target: String,
    pub(super) headers: HeaderMap,
    /// `None` when it was longer than what is kept, or broke off.
    pub(super) body: Option<Vec<u8>>,
}

/// What is read of a [`Sent`].
#[derive(Debug)]
pub(super) struct Facts {
    /// Who asks, as far as it says; nobody has checked it.
    pub(super) client: Option<String>,
    /// Whether all its parameters could be read.
    pub(super) is_readable: bool,
    /// Whether it brings a cookie or credentials.
    pub(super) is_signed_in: bool,
    parameters: Vec<(String, Secret)>,
    credentials: Vec<Secret>,
}

impl Facts {
    /// Reads a request: its query and, where it is a form, its body.
    pub(super) fn read(sent: &Sent) -> Self {
        let query = sent.target.split_once('?').map_or("", |(_, query)| query);
        let mut parameters = pairs(query.as_bytes());
        let body = sent.body.as_deref();
        let is_form = is_form(&sent.headers);
        if is_form {
            parameters.extend(pairs(body.unwrap_or_default()));
        }
        let basic = sent.headers.get(AUTHORIZATION);
        let basic = basic.and_then(|value| value.to_str().ok());
        let credentials = basic.and_then(basic_credentials);
        let named = parameters.iter().find(|(name, _)| name == "client_id");
        let client = match (&credentials, named) {
            (Some((name, _)), _) => Some(name.clone()),
            (None, Some((_, id))) => Some(id.expose().to_owned()),
            (None, None) => None,
        };
        let bearer = basic.and_then(|value| value.split_once(' '));
        let bearer = bearer.map(|(_, value)| Secret::new(value.trim()));
        let password = credentials.map(|(_, password)| password);
        Self {
            client,
            is_readable: body.is_some_and(|body| body.is_empty() || is_form),
            is_signed_in: sent.headers.contains_key(COOKIE) || basic.is_some(),
            parameters,
            credentials: bearer.into_iter().chain(password).collect(),
        }
    }

    /// The values of a parameter that are not empty.
    pub(super) fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        let of_the_name = self.parameters.iter().filter(move |(own, _)| own == name);
        let values = of_the_name.map(|(_, value)| value.expose());
        values.filter(|value| !value.is_empty())
    }

    /// Every text of it that nobody may see.
    pub(super) fn secrets(&self) -> impl Iterator<Item = &str> {
        let secret = |(name, _): &&(String, Secret)| SECRET_PARAMETERS.contains(&name.as_str());
        let of_parameters = self.parameters.iter().filter(secret);
        let of_parameters = of_parameters.map(|(_, value)| value);
        let all = of_parameters.chain(&self.credentials);
        all.map(Secret::expose).filter(|secret| !secret.is_empty())
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    let value = headers.get(CONTENT_TYPE);
    let value = value.and_then(|value| value.to_str().ok());
    let essence = value.and_then(|value| value.split(';').next());
    essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case(FORM))
}

fn pairs(encoded: &[u8]) -> Vec<(String, Secret)> {
    form_urlencoded::parse(encoded)
        .map(|(name, value)| (name.into_owned(), Secret::new(value.into_owned())))
        .collect()
}
