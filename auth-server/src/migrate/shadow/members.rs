//! Comparing JSON by what it means: members in any order, sets as sets, moments and lifetimes within a tolerance, and
//! what is random by its shape.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::difference::Difference;
use super::masking::{Mask, is_jwt, shape};

/// Another at every server, or at every time.
const RANDOM: [&str; 8] = [
    "access_token",
    "ati",
    "code",
    "id_token",
    "jti",
    "nonce",
    "refresh_token",
    "timestamp",
];

/// Seconds, of a moment or of a time.
const TIMES: [&str; 5] = ["auth_time", "exp", "expires_in", "iat", "nbf"];

/// Sets: texts with blanks between, or lists whose order means nothing.
const SETS: [&str; 3] = ["aud", "authorities", "scope"];

/// Compares what both servers say.
#[derive(Debug)]
pub(super) struct Members<'a> {
    pub(super) mask: &'a Mask<'a>,
    /// How far moments and lifetimes may be apart.
    pub(super) tolerance_secs: u64,
    found: Vec<Difference>,
}

impl<'a> Members<'a> {
    pub(super) const fn new(mask: &'a Mask<'a>, tolerance_secs: u64) -> Self {
        let found = Vec::new();
        Self {
            mask,
            tolerance_secs,
            found,
        }
    }

    /// Where the two differ.
    pub(super) fn compare(mut self, old: &Value, new: &Value) -> Vec<Difference> {
        self.values("body", "", old, new);
        self.found
    }

    fn values(&mut self, place: &str, name: &str, old: &Value, new: &Value) {
        match (old, new) {
            (Value::Object(old), Value::Object(new)) => self.objects(place, old, new),
            (Value::String(old), Value::String(new)) if RANDOM.contains(&name) => {
                self.random(place, old, new);
            }
            _ if self.are_equal(name, old, new) => {}
            (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
                for (old, new) in old.iter().zip(new) {
                    self.values(&format!("{place}[]"), name, old, new);
                }
            }
            _ => {
                let shown = |value| self.mask.member(name, value);
                let difference = Difference::new(place, shown(old), shown(new));
                self.found.push(difference);
            }
        }
    }

    fn objects(&mut self, place: &str, old: &Map<String, Value>, new: &Map<String, Value>) {
        let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        for name in names {
            let place = format!("{place}.{}", self.mask.shown(name));
            match (old.get(name), new.get(name)) {
                (Some(old), Some(new)) => self.values(&place, name, old, new),
                (old, new) => {
                    let shown = |value: Option<&Value>| {
                        value.map_or_else(
                            || "absent".to_owned(),
                            |value| self.mask.member(name, value),
                        )
                    };
                    let difference = Difference::new(&place, shown(old), shown(new));
                    self.found.push(difference);
                }
            }
        }
    }

    /// JWTs by what stands in them, anything else by its shape.
    fn random(&mut self, place: &str, old: &str, new: &str) {
        if is_jwt(old)
            && is_jwt(new)
            && let (Some(old), Some(new)) = (jwt(old), jwt(new))
        {
            self.values(&format!("{place}.header.alg"), "alg", &old.0, &new.0);
            self.values(&format!("{place}.claims"), "", &old.1, &new.1);
            return;
        }
        let [old, new] = [old, new].map(|text| shape(&Value::from(text)));
        if old != new {
            self.found.push(Difference::new(place, old, new));
        }
    }

    fn are_equal(&self, name: &str, old: &Value, new: &Value) -> bool {
        if TIMES.contains(&name)
            && let (Some(old), Some(new)) = (old.as_i64(), new.as_i64())
        {
            return old.abs_diff(new) <= self.tolerance_secs;
        }
        if SETS.contains(&name) {
            return match (old, new) {
                (Value::String(old), Value::String(new)) => words(old) == words(new),
                (Value::Array(old), Value::Array(new)) => texts(old) == texts(new),
                _ => old == new,
            };
        }
        match (old, new) {
            (Value::String(old), Value::String(new)) => {
                let [old, new] = [old, new].map(|text| self.mask.without_secrets(text));
                old == new || is_pem(&old) && unfolded(&old) == unfolded(&new)
            }
            _ => old == new,
        }
    }
}

/// The algorithm and the claims.
fn jwt(text: &str) -> Option<(Value, Value)> {
    let mut parts = text.split('.').map(|part| {
        let bytes = URL_SAFE_NO_PAD.decode(part).ok()?;
        serde_json::from_slice::<Value>(&bytes).ok()
    });
    let header = parts.next()??;
    let claims = parts.next()??;
    Some((header.get("alg")?.clone(), claims))
}

fn words(text: &str) -> BTreeSet<&str> {
    text.split_whitespace().collect()
}

fn texts(values: &[Value]) -> BTreeSet<String> {
    values.iter().map(Value::to_string).collect()
}

/// A key in PEM is the same however its lines are broken.
fn is_pem(text: &str) -> bool {
    text.starts_with("-----BEGIN ")
}

fn unfolded(text: &str) -> String {
    text.split_whitespace().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn found(old: &Value, new: &Value) -> Vec<String> {
        let found = Members::new(&Mask::default(), 5).compare(old, new);
        found.iter().map(ToString::to_string).collect()
    }

    fn jwt_of(claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        format!("{}.{}.c2ln", part(&json!({"alg": "RS256"})), part(claims))
    }

    #[test]
    fn the_same_said_in_other_words_is_the_same() {
        let old = json!({"access_token": "6f2b9c1e-5d0a-4c77-9d8e-1f6f3f0b1a2c", "expires_in": 43199,
            "scope": "read write", "aud": ["b", "a"], "value": "-----BEGIN X-----\nAA\n-----END X-----"});
        let new = json!({"scope": "write read", "access_token": "another", "expires_in": 43196,
            "aud": ["a", "b"], "value": "-----BEGIN X-----\r\nAA\r\n-----END X-----\r\n"});
        assert_eq!(found(&old, &new), [""; 0]);
    }

    #[test]
    fn what_differs_is_said_with_its_place() {
        let old =
            json!({"expires_in": 43199, "refresh_token": "r", "aud": ["a"], "user_name": "li"});
        let new = json!({"expires_in": 3600, "jti": "x", "aud": "a", "user_name": "la"});
        assert_eq!(
            found(&old, &new),
            [
                "body.aud: [\"a\"] → a",
                "body.expires_in: 43199 → 3600",
                "body.jti: absent → a text",
                "body.refresh_token: a text → absent",
                "body.user_name: a text → a text",
            ]
        );
    }

    #[test]
    fn a_jwt_is_compared_by_its_claims() {
        let old =
            json!({"access_token": jwt_of(&json!({"jti": "1", "scope": ["a"], "exp": 1000}))});
        let new =
            json!({"access_token": jwt_of(&json!({"jti": "2", "scope": ["b"], "exp": 1003}))});
        assert_eq!(
            found(&old, &new),
            ["body.access_token.claims.scope[]: a → b"]
        );
        let opaque = json!({"access_token": "2YotnFZFEjr1zCsicMWpAA"});
        assert_eq!(found(&old, &opaque), ["body.access_token: a JWT → a text"]);
    }
}
