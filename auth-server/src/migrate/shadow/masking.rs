//! What a report shows of a text: no secret, no token, no code, no password, and not much.

use serde_json::Value;

const MASKED: &str = "[masked]";

/// A longer run of letters and digits is taken for a token.
const LONGEST_WORD: usize = 20;

/// No text is shown longer, in characters.
const LONGEST_TEXT: usize = 120;

/// Members whose values say nothing of anybody: protocol, not people.
const SHOWN_MEMBERS: [&str; 14] = [
    "active",
    "alg",
    "aud",
    "authorities",
    "client_id",
    "error",
    "error_description",
    "exp",
    "expires_in",
    "grant_type",
    "message",
    "scope",
    "status",
    "token_type",
];

/// The texts of one exchange that nobody may see.
#[derive(Debug, Default)]
pub(super) struct Mask<'a>(Vec<&'a str>);

impl<'a> Mask<'a> {
    /// Masks these wherever they stand.
    pub(super) fn of(secrets: impl Iterator<Item = &'a str>) -> Self {
        let mut secrets: Vec<&str> = secrets.filter(|secret| !secret.is_empty()).collect();
        // One that holds another goes first.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        Self(secrets)
    }

    /// A text with every known secret taken out, whole: for comparing.
    pub(super) fn without_secrets(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in &self.0 {
            text = text.replace(secret, MASKED);
        }
        text
    }

    /// A text as a report may show it: also without what looks like a token, on one line, and not long.
    pub(super) fn shown(&self, text: &str) -> String {
        let text = self.without_secrets(text);
        let mut shown = String::new();
        let mut word = String::new();
        for character in text.chars() {
            if character.is_ascii_alphanumeric() || "-_.+/=~".contains(character) {
                word.push(character);
            } else {
                push_word(&mut shown, &mut word);
                let blank = character.is_control();
                shown.push(if blank { ' ' } else { character });
            }
        }
        push_word(&mut shown, &mut word);
        shown.chars().take(LONGEST_TEXT).collect()
    }

    /// A JSON value as a report may show it under this name.
    pub(super) fn member(&self, name: &str, value: &Value) -> String {
        if SHOWN_MEMBERS.contains(&name) {
            let json = || value.to_string();
            return self.shown(&value.as_str().map_or_else(json, str::to_owned));
        }
        shape(value)
    }
}

fn push_word(shown: &mut String, word: &mut String) {
    let looks_like_a_token =
        word.len() > LONGEST_WORD && word.bytes().any(|byte| byte.is_ascii_digit());
    shown.push_str(if looks_like_a_token { MASKED } else { word });
    word.clear();
}

/// What kind of value it is, and nothing of it.
pub(super) fn shape(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) => "true or false".to_owned(),
        Value::Number(_) => "a number".to_owned(),
        Value::String(text) if text.is_empty() => "an empty text".to_owned(),
        Value::String(text) if is_jwt(text) => "a JWT".to_owned(),
        Value::String(_) => "a text".to_owned(),
        Value::Array(items) => format!("a list of {}", items.len()),
        Value::Object(_) => "an object".to_owned(),
    }
}

/// Whether a text has the three parts of a JWS ([RFC 7515 §3.1](https://www.rfc-editor.org/rfc/rfc7515#section-3.1)).
pub(super) fn is_jwt(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let of_base64 = |part: &&str| {
        let known = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        !part.is_empty() && part.bytes().all(known)
    };
    parts.len() == 3 && parts.iter().all(of_base64) && text.starts_with("ey")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn nothing_of_a_secret_is_shown() {
        let mask = Mask::of(["pw", "pw-of-mine", ""].into_iter());
        let text = "Bad: pw-of-mine, pw, 6f2b9c1e-5d0a-4c77-9d8e-1f6f3f0b1a2c\nand more";
        assert_eq!(
            mask.shown(text),
            "Bad: [masked], [masked], [masked] and more"
        );
        assert_eq!(
            mask.shown(&"long ".repeat(100)).chars().count(),
            LONGEST_TEXT
        );
    }

    #[test]
    fn only_members_of_the_protocol_are_shown() {
        let mask = Mask::default();
        assert_eq!(
            mask.member("error", &json!("invalid_grant")),
            "invalid_grant"
        );
        assert_eq!(mask.member("user_name", &json!("xiaoming")), "a text");
        assert_eq!(
            mask.member("access_token", &json!("eyJh.eyJz.c2ln")),
            "a JWT"
        );
        assert_eq!(mask.member("scope", &json!(["a", "b"])), r#"["a","b"]"#);
    }
}
