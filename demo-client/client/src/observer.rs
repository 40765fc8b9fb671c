//! Watching the protocol: what was sent and what came back, with everything secret masked before
//! anyone sees it. Good for a page that explains OAuth, and for finding out why a server says no.

use symbolon::parameters::Parameters;
use symbolon::token::GrantType;
use url::Url;

/// Hears about every exchange with the authorization server and the resource server.
pub trait Observer: Send + Sync + std::fmt::Debug {
    /// One exchange is over.
    fn observe(&self, exchange: Exchange);
}

/// The observer of those who do not watch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoObserver;

impl Observer for NoObserver {
    fn observe(&self, _: Exchange) {}
}

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

/// A request and its answer, fit to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// What it was for.
    pub kind: ExchangeKind,
    /// The HTTP method.
    pub method: String,
    /// The address, without its query.
    pub url: String,
    /// Parameters and headers that matter, secrets masked.
    pub sent: Vec<(String, String)>,
    /// The status; `None` when there was no answer.
    pub status: Option<u16>,
    /// Members and headers that matter, secrets masked.
    pub received: Vec<(String, String)>,
}

/// Members that say nothing secret. What is not listed is masked: a server may add anything.
const PUBLIC: [&str; 18] = [
    "client_id",
    "code_challenge",
    "code_challenge_method",
    "error",
    "error_description",
    "error_uri",
    "expires_in",
    "grant_type",
    "iss",
    "redirect_uri",
    "response_type",
    "scope",
    "token_type",
    "token_type_hint",
    "username",
    "WWW-Authenticate",
    "Content-Type",
    "Accept",
];

/// How much of a secret is shown, in characters: enough to recognise it on the next line, not to
/// use it.
const SHOWN: usize = 6;

/// How much of a secret has to stay hidden, in characters; of a shorter one nothing is shown.
const LEAST_HIDDEN: usize = 3 * SHOWN;

/// The last characters of a secret. One that is so short that they would give it away is hidden.
///
/// The start does not distinguish tokens: a JWT begins with its header, which is the same in all, and
/// the handles of one grant may begin with the grant.
pub fn mask(secret: &str) -> String {
    let hidden = secret.chars().count().saturating_sub(SHOWN);
    if hidden < LEAST_HIDDEN {
        "…".to_owned()
    } else {
        let end: String = secret.chars().skip(hidden).collect();
        format!("…{end}")
    }
}

/// `value` when a member of this name may be seen, else its mask.
pub fn shown(name: &str, value: &str) -> String {
    if PUBLIC.contains(&name) {
        value.to_owned()
    } else {
        mask(value)
    }
}

/// The parameters of a query or form, fit to be shown, in alphabetical order.
pub fn shown_parameters(encoded: &str) -> Vec<(String, String)> {
    let decoded = Parameters::decode(encoded.as_bytes()).unwrap_or_default();
    let mut pairs: Vec<_> = decoded
        .iter()
        .map(|(name, value)| (name.to_owned(), shown(name, value)))
        .collect();
    pairs.sort();
    pairs
}

/// An address without its query, fragment and user information.
pub(crate) fn shown_url(url: &Url) -> String {
    format!("{}{}", url.origin().ascii_serialization(), url.path())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_end_of_a_secret_is_shown() {
        let shown = shown_parameters(
            "grant_type=authorization_code&code=SplxlOBeZQQYbYS6WxSbIA1234567890&password=short&novel=abc",
        );
        let expected = [
            ("code", "…567890"),
            ("grant_type", "authorization_code"),
            ("novel", "…"),
            ("password", "…"),
        ];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(shown, expected);
    }
}
