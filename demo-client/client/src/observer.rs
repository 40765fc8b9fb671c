//! Watching the protocol: what was sent and what came back, with everything secret masked before
//! anyone sees it. Good for a page that explains OAuth, and for finding out why a server says no.

use symbolon::parameters::AnswerParameters;
use url::Url;

use crate::exchange_kind::ExchangeKind;
use crate::whole_exchange::WholeObserver;

/// Hears about every exchange with the authorization server and the resource server.
pub trait Observer: Send + Sync + std::fmt::Debug {
    /// One exchange is over.
    fn observe(&self, exchange: Exchange);

    /// Who is shown exchanges as they were, secrets included: nobody, unless this says otherwise. For programs that teach.
    fn whole(&self) -> Option<&dyn WholeObserver> {
        None
    }
}

/// The observer of those who do not watch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoObserver;

impl Observer for NoObserver {
    fn observe(&self, _: Exchange) {}
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

/// No value is shown longer, in bytes, and no name: whoever keeps what is shown has to know how much that is.
const LONGEST_SHOWN: usize = 160;
const LONGEST_NAME: usize = 40;

/// As many parameters, members or headers of one message are shown.
pub(crate) const MOST_SHOWN: usize = 12;

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

/// `value`, or the beginning of a long one, when a member of this name may be seen, else its mask.
pub fn shown(name: &str, value: &str) -> String {
    if is_public(name) {
        beginning(value, LONGEST_SHOWN)
    } else {
        mask(value)
    }
}

/// True when a member of this name says nothing secret.
pub(crate) fn is_public(name: &str) -> bool {
    PUBLIC.contains(&name)
}

/// A name that somebody else chose.
pub(crate) fn shown_name(name: &str) -> String {
    beginning(name, LONGEST_NAME)
}

fn beginning(text: &str, longest: usize) -> String {
    if text.len() <= longest {
        return text.to_owned();
    }
    let ends = text.char_indices().map(|(start, c)| start + c.len_utf8());
    let end = ends.take_while(|end| *end <= longest).last();
    format!("{}…", text.get(..end.unwrap_or(0)).unwrap_or_default())
}

/// The parameters of a query or form, fit to be shown, in alphabetical order. Of very many the first are shown.
pub fn shown_parameters(encoded: &str) -> Vec<(String, String)> {
    let decoded = AnswerParameters::decode(encoded.as_bytes()).unwrap_or_default();
    let mut pairs: Vec<_> = decoded
        .iter()
        .map(|(name, value)| (shown_name(name), shown(name, value)))
        .take(MOST_SHOWN)
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

    #[test]
    fn what_is_shown_of_one_message_has_a_length() {
        let long = "ü".repeat(60_000);
        let many: Vec<String> = (0..150).map(|place| format!("{long}{place}=1")).collect();
        let query = format!("error=x&error_description={long}&{}", many.join("&"));
        let shown = shown_parameters(&query);
        assert!(shown.iter().any(|(name, _)| name == "error_description"));
        let bytes = shown.iter().map(|(name, value)| name.len() + value.len());
        assert!(bytes.sum::<usize>() < 4_000, "{shown:?}");
    }
}
