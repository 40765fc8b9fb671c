//! A message as it went over the wire, taken apart for the inspector: each header and each parameter with how much of it
//! may be seen.

use serde_json::Value;
use symbolon::parameters::AnswerParameters;
use symbolon::secret::Secret;
use symbolon_client::{WholeRequest, WholeResponse, mask};
use url::Url;

/// No value is kept longer, in bytes.
const LONGEST_VALUE: usize = 4096;
/// No body that is neither a form nor an object is kept longer, in bytes.
const LONGEST_BODY: usize = 700;
/// No name is kept longer, in bytes.
const LONGEST_NAME: usize = 80;
/// As many headers or parameters of one message are kept.
const MOST_ITEMS: usize = 40;
/// No message is kept longer, in bytes.
const LONGEST_MESSAGE: usize = 16 * 1024;
/// Nor a query: strangers bring those, and sessions are many.
const LONGEST_QUERY: usize = 2 * 1024;

/// Where a value stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A header.
    Header,
    /// In the query, in a form, or in a JSON object.
    Parameter,
    /// The whole body.
    Body,
}

/// Who may see a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sight {
    /// Everybody who sees the page.
    Public,
    /// Whoever clicks on it: it belongs to this visitor.
    Masked,
    /// Nobody: it belongs to whoever runs Print Photo, or is a password.
    Hidden,
}

/// A header or a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item {
    /// Its name.
    pub(super) name: String,
    /// What stands before the value and is no secret: `Bearer `.
    pub(super) prefix: &'static str,
    /// Its value.
    pub(super) value: Secret,
    /// Where it stood.
    pub(super) place: Place,
    /// Who may see it.
    pub(super) sight: Sight,
}

/// A request or an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Message {
    /// Its headers and parameters, in their order.
    pub(super) items: Vec<Item>,
}

/// Values that say nothing secret, by the names of parameters and members.
const PUBLIC: &[&str] = &[
    "active",
    "aud",
    "authorities",
    "client_id",
    "code_challenge",
    "code_challenge_method",
    "error",
    "error_description",
    "error_uri",
    "exp",
    "expires_in",
    "grant_type",
    "iat",
    "iss",
    "jti",
    "nbf",
    "owner",
    "realm",
    "redirect_uri",
    "response_type",
    "scope",
    "sub",
    "title",
    "token_type",
    "token_type_hint",
    "user_name",
    "username",
];

/// Those that nobody may see.
const HIDDEN: &[&str] = &["client_secret", "password"];

/// Headers that say nothing secret.
const PUBLIC_HEADERS: &[&str] = &[
    "accept",
    "allow",
    "cache-control",
    "connection",
    "content-length",
    "content-security-policy",
    "content-type",
    "date",
    "host",
    "location",
    "pragma",
    "retry-after",
    "vary",
    "www-authenticate",
    "x-content-type-options",
    "x-frame-options",
    "x-request-id",
];

impl Item {
    fn new(name: &str, value: &str, place: Place, sight: Sight) -> Self {
        Self {
            name: beginning(name, LONGEST_NAME),
            prefix: "",
            value: Secret::new(beginning(value, LONGEST_VALUE)),
            place,
            sight,
        }
    }

    /// A header that anybody may see.
    pub(super) fn header(name: &str, value: &str) -> Self {
        Self::new(name, value, Place::Header, Sight::Public)
    }

    /// A parameter or member.
    pub(super) fn parameter(name: &str, value: &str) -> Self {
        let sight = if PUBLIC.contains(&name) {
            Sight::Public
        } else if HIDDEN.contains(&name) {
            Sight::Hidden
        } else {
            Sight::Masked
        };
        Self::new(name, value, Place::Parameter, sight)
    }

    /// What everybody may see of it.
    pub(super) fn shown(&self) -> String {
        let value = match self.sight {
            Sight::Public => self.value.expose().to_owned(),
            Sight::Masked | Sight::Hidden => mask(self.value.expose()),
        };
        format!("{}{value}", self.prefix)
    }
}

impl Message {
    /// A request, with the name that its client is known by.
    pub(super) fn request(whole: &WholeRequest, client_id: &str) -> Self {
        let mut items = Vec::new();
        if let Ok(url) = Url::parse(whole.url.expose()) {
            items.push(Item::header("host", url.authority()));
            items.extend(parameters(url.query().unwrap_or_default()));
        }
        let headers = whole.headers.iter();
        items.extend(headers.map(|(name, value)| header(name, value.expose(), client_id)));
        if let Some(body) = &whole.body {
            items.extend(parameters(body.expose()));
        }
        Self::of(items, LONGEST_MESSAGE)
    }

    /// As many of these as have room.
    fn of(mut items: Vec<Item>, longest: usize) -> Self {
        let mut bytes = 0;
        items.truncate(MOST_ITEMS);
        items.retain(|item| {
            bytes += item.name.len() + item.value.expose().len();
            bytes <= longest
        });
        Self { items }
    }

    /// An answer.
    pub(super) fn response(whole: &WholeResponse) -> Self {
        let headers = whole.headers.iter();
        let items = headers.map(|(name, value)| header(name, value.expose(), ""));
        let mut message = Self::of(items.collect(), LONGEST_MESSAGE);
        if let Some(body) = &whole.body {
            message.add_body(body.expose());
        }
        message
    }

    /// A query that the browser carries.
    pub(super) fn query(query: &str) -> Self {
        Self::of(parameters(query), LONGEST_QUERY)
    }

    /// Adds what the body of an answer says.
    pub(super) fn add_body(&mut self, body: &str) {
        if body.is_empty() || self.items.iter().any(|item| item.place != Place::Header) {
            return;
        }
        if let Ok(Value::Object(members)) = serde_json::from_str(body) {
            let members = members.iter().take(MOST_ITEMS);
            let members = members.map(|(name, value)| Item::parameter(name, &text_of(value)));
            self.items
                .extend(Self::of(members.collect(), LONGEST_MESSAGE).items);
        } else {
            let beginning = beginning(body, LONGEST_BODY);
            let item = Item::new("", &beginning, Place::Body, Sight::Public);
            self.items.push(item);
        }
    }

    /// The value of a header.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.find(Place::Header, name)
    }

    /// The value of a parameter or member.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.find(Place::Parameter, name)
    }

    /// The code of an error, from the body or a challenge (RFC 6749 §5.2, RFC 6750 §3).
    pub(super) fn error(&self) -> Option<String> {
        if let Some(code) = self.parameter("error") {
            return Some(code.to_owned());
        }
        let challenge = self.header("www-authenticate")?;
        let (_, rest) = challenge.split_once("error=\"")?;
        rest.split_once('"').map(|(code, _)| code.to_owned())
    }

    fn find(&self, place: Place, name: &str) -> Option<&str> {
        let mut items = self.items.iter();
        let item = items.find(|item| item.place == place && item.name == name)?;
        Some(item.value.expose())
    }
}

/// A member as text; what is no text as JSON.
pub(super) fn text_of(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn parameters(encoded: &str) -> Vec<Item> {
    let decoded = AnswerParameters::decode(encoded.as_bytes()).unwrap_or_default();
    let items = decoded.iter().take(MOST_ITEMS);
    items
        .map(|(name, value)| Item::parameter(name, value))
        .collect()
}

fn header(name: &str, value: &str, client_id: &str) -> Item {
    if name == "authorization" {
        return match value.strip_prefix("Bearer ") {
            Some(token) => Item {
                prefix: "Bearer ",
                ..Item::new(name, token, Place::Header, Sight::Masked)
            },
            // The secret in it is that of whoever runs Print Photo.
            None => Item::header(name, &format!("Basic {client_id}:…")),
        };
    }
    let sight = if PUBLIC_HEADERS.contains(&name) {
        Sight::Public
    } else {
        Sight::Hidden
    };
    Item::new(name, value, Place::Header, sight)
}

fn beginning(text: &str, longest: usize) -> String {
    if text.len() <= longest {
        return text.to_owned();
    }
    let (kept, _) = text.split_at(text.floor_char_boundary(longest));
    format!("{kept}…")
}

#[cfg(test)]
mod tests {
    use symbolon_client::WholeRequest;

    use super::*;

    fn request(headers: &[(&str, &str)], body: &str) -> Message {
        let headers = headers.iter();
        let whole = WholeRequest {
            method: "POST".to_owned(),
            url: Secret::new("http://localhost:9000/oauth/token?x=1"),
            headers: headers
                .map(|(name, value)| ((*name).to_owned(), Secret::new(*value)))
                .collect(),
            body: Some(Secret::new(body)),
        };
        Message::request(&whole, "print-photo")
    }

    #[test]
    fn a_clients_secret_and_a_password_are_hidden_and_a_code_is_masked() {
        let sent = request(
            &[("authorization", "Basic cHJpbnQtcGhvdG86aHVzaA==")],
            "grant_type=password&password=hush-password-of-the-owner&code=hush-code-of-the-owner-is-long",
        );
        let shown: Vec<_> = sent
            .items
            .iter()
            .map(|item| (item.name.as_str(), item.shown(), item.sight))
            .collect();
        assert!(shown.contains(&(
            "authorization",
            "Basic print-photo:…".to_owned(),
            Sight::Public
        )));
        assert!(shown.contains(&("host", "localhost:9000".to_owned(), Sight::Public)));
        assert!(shown.contains(&("password", "…-owner".to_owned(), Sight::Hidden)));
        assert!(shown.contains(&("code", "…s-long".to_owned(), Sight::Masked)));
        assert!(!format!("{sent:?}").contains("hush"));
    }

    #[test]
    fn what_nobody_knows_is_masked() {
        let sent = request(&[("x-novel", "hush"), ("cookie", "hush")], "novel=hush");
        let novel = sent
            .items
            .iter()
            .filter(|item| item.value.expose() == "hush");
        assert!(novel.into_iter().all(|item| item.sight != Sight::Public));
    }

    #[test]
    fn what_a_stranger_brings_has_a_length() {
        let many: Vec<String> = (0..150)
            .map(|place| format!("{}{place}={}", "n".repeat(500), "v".repeat(3_000)))
            .collect();
        let kept = Message::query(&format!("state=s&{}", many.join("&")));
        assert_eq!(kept.parameter("state"), Some("s"));
        let bytes = kept.items.iter();
        let bytes = bytes.map(|item| item.name.len() + item.value.expose().len());
        assert!(bytes.sum::<usize>() <= LONGEST_QUERY);
        let body = format!(
            "{{\"a\":\"{0}\",\"b\":\"{0}\",\"c\":[\"{0}\"],\"d\":\"{0}\",\"e\":\"{0}\"}}",
            "x".repeat(9_000)
        );
        let mut answer = Message::default();
        answer.add_body(&body);
        let bytes = answer.items.iter().map(|item| item.value.expose().len());
        assert!(bytes.sum::<usize>() <= LONGEST_MESSAGE);
    }

    #[test]
    fn a_long_body_has_an_end() {
        let mut answer = Message::default();
        answer.add_body(&"ü".repeat(100_000));
        assert!(answer.items[0].value.expose().len() <= LONGEST_BODY + 3);
    }
}
