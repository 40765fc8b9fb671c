//! Compares the answers of two servers to one request.

use std::collections::BTreeMap;

use actix_web::web::Bytes;
use reqwest::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, LOCATION,
    WWW_AUTHENTICATE,
};
use serde_json::Value;
use url::Url;

use super::difference::Difference;
use super::facts::Facts;
use super::masking::Mask;
use super::members::Members;

/// Parameters of a redirect that are another at every time.
const RANDOM_PARAMETERS: [&str; 5] = ["access_token", "code", "expires_in", "id_token", "jti"];

/// Members of answers that are secrets, wherever else they stand.
const SECRET_MEMBERS: [&str; 4] = ["access_token", "id_token", "jti", "refresh_token"];

/// The answer of one server.
#[derive(Clone, Debug)]
pub(super) struct Answered {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// Where they differ, in status, in the headers that somebody reads, and in what the bodies mean.
pub(super) fn compare(
    facts: &Facts,
    old: &Answered,
    new: &Answered,
    tolerance_secs: u64,
) -> Vec<Difference> {
    let [old_json, new_json] = [old, new].map(json);
    let members = [&old_json, &new_json].map(|json| json.as_ref().map_or(Vec::new(), secrets_of));
    let mask = Mask::of(facts.secrets().chain(members.iter().flatten().copied()));
    let mut found = Vec::new();
    if old.status != new.status {
        let [old, new] = [old.status, new.status].map(|status| status.to_string());
        found.push(Difference::new("status", old, new));
    }
    found.extend(compare_headers(&mask, old, new));
    match (&old_json, &new_json) {
        (Some(old), Some(new)) => {
            found.extend(Members::new(&mask, tolerance_secs).compare(old, new));
        }
        _ => found.extend(compare_other_bodies(old, new)),
    }
    found
}

fn compare_headers(mask: &Mask<'_>, old: &Answered, new: &Answered) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut note = |name: &HeaderName, old: String, new: String| {
        if old != new {
            let place = format!("header {name}");
            found.push(Difference::new(&place, mask.shown(&old), mask.shown(&new)));
        }
    };
    note(&CONTENT_TYPE, media_type(old), media_type(new));
    note(&CACHE_CONTROL, may_be_stored(old), may_be_stored(new));
    let [challenge, other] = [old, new].map(|answer| {
        let text = header(answer, &WWW_AUTHENTICATE).unwrap_or("absent");
        mask.without_secrets(text)
    });
    note(&WWW_AUTHENTICATE, challenge, other);
    let [target, other] = [old, new].map(|answer| Target::read(mask, answer));
    note(&LOCATION, target.to_text(), other.to_text());
    found
}

fn header<'a>(answer: &'a Answered, name: &HeaderName) -> Option<&'a str> {
    answer.headers.get(name)?.to_str().ok()
}

fn media_type(answer: &Answered) -> String {
    // A body of nothing is of no type, whatever is written above it.
    if answer.body.is_empty() {
        return "absent".to_owned();
    }
    let value = header(answer, &CONTENT_TYPE).unwrap_or("absent");
    let essence = value.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// What servers say of caches differs in many words; that a token is kept by none is what counts.
fn may_be_stored(answer: &Answered) -> String {
    let values = answer.headers.get_all(CACHE_CONTROL).iter();
    let mut texts = values.filter_map(|value| value.to_str().ok());
    let forbids = texts.any(|text| text.to_ascii_lowercase().contains("no-store"));
    let text = if forbids { "no-store" } else { "may be stored" };
    text.to_owned()
}

/// Where a redirect leads: a page of the server itself by its last segment, a client with what it is told.
struct Target {
    place: String,
    parameters: BTreeMap<String, String>,
}

impl Target {
    fn read(mask: &Mask<'_>, answer: &Answered) -> Self {
        let Some(location) = header(answer, &LOCATION) else {
            return Self::of("absent");
        };
        let Ok(url) = Url::parse(location) else {
            return Self::own_page(location);
        };
        if url.path().ends_with("/login") {
            return Self::own_page(url.path());
        }
        let mut target = Self::of(&location[..location.find(['?', '#']).unwrap_or(location.len())]);
        let fragment = url.fragment().unwrap_or_default().as_bytes();
        let pairs = url
            .query_pairs()
            .chain(url::form_urlencoded::parse(fragment));
        for (name, value) in pairs {
            let is_random = RANDOM_PARAMETERS.contains(&name.as_ref());
            let value = if is_random {
                "…".to_owned()
            } else {
                mask.without_secrets(&value)
            };
            target.parameters.insert(name.into_owned(), value);
        }
        target
    }

    fn of(place: &str) -> Self {
        let (place, parameters) = (place.to_owned(), BTreeMap::new());
        Self { place, parameters }
    }

    /// Each server carries other things in the address of its own page.
    fn own_page(path: &str) -> Self {
        let path = path.split('?').next().unwrap_or_default();
        Self::of(path.rsplit('/').next().unwrap_or_default())
    }

    fn to_text(&self) -> String {
        let pairs = self.parameters.iter();
        let pairs = pairs.map(|(name, value)| format!("{name}={value}"));
        let all: Vec<String> = std::iter::once(self.place.clone()).chain(pairs).collect();
        all.join(" ")
    }
}

fn json(answer: &Answered) -> Option<Value> {
    if header(answer, &CONTENT_ENCODING).is_some() {
        return None;
    }
    serde_json::from_slice(&answer.body).ok()
}

fn secrets_of(value: &Value) -> Vec<&str> {
    let texts = SECRET_MEMBERS.iter().filter_map(|name| value.get(name));
    texts.filter_map(Value::as_str).collect()
}

/// Pages are made for people, and compressed bodies are not opened; anything else is compared as it is.
fn compare_other_bodies(old: &Answered, new: &Answered) -> Option<Difference> {
    let is_opaque = |answer: &Answered| {
        media_type(answer).ends_with("html") || header(answer, &CONTENT_ENCODING).is_some()
    };
    let both_are_opaque = is_opaque(old) && is_opaque(new);
    if both_are_opaque || old.body == new.body {
        return None;
    }
    let [old, new] = [old, new].map(|answer| {
        let kind = if json(answer).is_some() {
            "JSON"
        } else {
            "no JSON"
        };
        format!("{} bytes, {kind}", answer.body.len())
    });
    Some(Difference::new("body", old, new))
}

#[cfg(test)]
mod tests {
    use super::super::endpoint::Endpoint;
    use super::super::facts::Sent;
    use super::*;
    use reqwest::Method;

    fn facts(target: &str) -> Facts {
        Facts::read(&Sent {
            endpoint: Endpoint::Authorize,
            method: Method::GET,
            target: target.to_owned(),
            headers: HeaderMap::new(),
            body: Some(Vec::new()),
        })
    }

    fn answer(status: u16, headers: &[(HeaderName, &str)], body: &str) -> Answered {
        let pair = |(name, value): &(HeaderName, &str)| (name.clone(), value.parse().unwrap());
        Answered {
            status,
            headers: headers.iter().map(pair).collect(),
            body: Bytes::copy_from_slice(body.as_bytes()),
        }
    }

    fn found(old: &Answered, new: &Answered) -> Vec<String> {
        let found = compare(&facts("/?token=t0p-secret"), old, new, 5);
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn redirects_agree_when_they_lead_to_the_same_place() {
        let to = |location| answer(302, &[(LOCATION, location)], "");
        let login = to("https://old.example/uaa/login");
        assert_eq!(found(&login, &to("/login?request=77")), [""; 0]);
        let refused = to("https://shop.example/cb?error=invalid_scope&state=x");
        let other = to("https://shop.example/cb?state=x&error=invalid_request");
        assert_eq!(
            found(&refused, &other),
            [
                "header location: https://shop.example/cb error=invalid_scope state=x → \
              https://shop.example/cb error=invalid_request state=x"
            ]
        );
    }

    #[test]
    fn a_secret_of_the_request_is_in_no_difference() {
        let challenge = "Bearer error_description=\"Unknown: t0p-secret\"";
        let json = (CONTENT_TYPE, "application/json;charset=UTF-8");
        let old = answer(
            401,
            &[json.clone(), (WWW_AUTHENTICATE, challenge)],
            r#"{"error_description":"Unknown: t0p-secret"}"#,
        );
        let new = answer(
            400,
            &[json],
            r#"{"error_description":"Token was not recognised"}"#,
        );
        let found = found(&old, &new);
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(!found.concat().contains("t0p"), "{found:?}");
    }

    #[test]
    fn pages_are_not_compared_but_another_type_is_noticed() {
        let html = |body| answer(200, &[(CONTENT_TYPE, "text/html")], body);
        assert_eq!(found(&html("<p>old"), &html("<p>new")), [""; 0]);
        let json = answer(200, &[(CONTENT_TYPE, "application/json")], "{}");
        assert_eq!(
            found(&html("<p>old"), &json),
            [
                "header content-type: text/html → application/json",
                "body: 6 bytes, no JSON → 2 bytes, JSON"
            ]
        );
    }
}
