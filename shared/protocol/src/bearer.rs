//! Bearer tokens in HTTP headers ([RFC 6750](https://www.rfc-editor.org/rfc/rfc6750)).

use crate::error::{ErrorCode, ErrorResponse, readable};
use crate::secret::Secret;

/// What an `Authorization` header says about a bearer token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BearerCredentials {
    /// Another scheme, or none.
    Absent,
    /// The scheme is `Bearer` but no `b64token` (RFC 6750 §2.1) follows it.
    Malformed,
    /// A token.
    Token(Secret),
}

impl BearerCredentials {
    /// Reads the value of an `Authorization` header; the scheme may be in any letter case.
    pub fn parse(header: &str) -> Self {
        let (scheme, rest) = header.split_once(' ').unwrap_or((header, ""));
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Self::Absent;
        }
        let token = rest.trim();
        let body = token.trim_end_matches('=');
        let b64token = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte);
        if !body.is_empty() && body.bytes().all(b64token) {
            Self::Token(Secret::new(token))
        } else {
            Self::Malformed
        }
    }
}

/// The value of a `WWW-Authenticate: Bearer …` header (RFC 6750 §3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BearerChallenge {
    /// Where the credentials are good.
    pub realm: Option<String>,
    /// What is wrong; absent when no token was presented.
    pub error: Option<ErrorCode>,
    /// The same for developers.
    pub error_description: Option<String>,
    /// The scope that would do.
    pub scope: Option<String>,
}

impl BearerChallenge {
    /// A challenge that names what is wrong.
    pub fn new(realm: Option<&str>, error: &ErrorResponse) -> Self {
        Self {
            realm: realm.map(str::to_owned),
            error: Some(error.error.clone()),
            error_description: error.error_description.clone(),
            scope: error.scope.clone(),
        }
    }

    /// The header's value. Characters that a quoted string cannot hold become `'`.
    pub fn encode(&self) -> String {
        let members = [
            ("realm", self.realm.as_deref()),
            ("error", self.error.as_ref().map(ErrorCode::as_str)),
            ("error_description", self.error_description.as_deref()),
            ("scope", self.scope.as_deref()),
        ];
        let quoted: Vec<String> = members
            .into_iter()
            .filter_map(|(name, value)| Some(format!("{name}=\"{}\"", quotable(value?))))
            .collect();
        if quoted.is_empty() {
            "Bearer".to_owned()
        } else {
            format!("Bearer {}", quoted.join(", "))
        }
    }

    /// Reads the `Bearer` challenges of a `WWW-Authenticate` header, among those of other schemes (RFC 9110
    /// §11.6.1). Members that are not known or cannot be read are let go.
    pub fn all_in(header: &str) -> Vec<Self> {
        Self::all_of(&["bearer"], header)
    }

    /// The same for challenges of any of these schemes: old servers call theirs `OAuth2`.
    pub fn all_of(schemes: &[&str], header: &str) -> Vec<Self> {
        let mut found = Vec::new();
        let mut in_bearer = false;
        for element in outside_quotes(header) {
            let (scheme, member) = scheme_and_member(element.trim());
            if let Some(scheme) = scheme {
                in_bearer = schemes.iter().any(|one| scheme.eq_ignore_ascii_case(one));
                if in_bearer {
                    found.push(Self::default());
                }
            }
            if let (true, Some(challenge)) = (in_bearer, found.last_mut()) {
                challenge.add(member);
            }
        }
        found
    }

    /// Of a member that is there twice the first one counts.
    fn add(&mut self, member: &str) {
        let Some((name, value)) = member.split_once('=') else {
            return;
        };
        let value = Some(readable(&unquoted(value.trim()))).filter(|value| !value.is_empty());
        let place = match name.trim().to_ascii_lowercase().as_str() {
            "realm" => &mut self.realm,
            "error_description" => &mut self.error_description,
            "scope" => &mut self.scope,
            "error" => {
                self.error = self.error.take().or(value.map(ErrorCode::from));
                return;
            }
            name => {
                tracing::debug!(event = "member_let_go", from = "challenge", member = name);
                return;
            }
        };
        *place = place.take().or(value);
    }
}

/// An element of the list begins a challenge when two words are in it, or one without a `=` behind it.
fn scheme_and_member(element: &str) -> (Option<&str>, &str) {
    let token = |character: char| {
        character.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(character)
    };
    let word = element.trim_start_matches(token);
    let (scheme, rest) = element.split_at(element.len() - word.len());
    let member = rest.trim_start();
    if scheme.is_empty() || member.starts_with('=') {
        (None, element)
    } else {
        (Some(scheme), member)
    }
}

/// The text of a quoted string (RFC 9110 §5.6.4), or of a token.
fn unquoted(value: &str) -> String {
    let Some(quoted) = value.strip_prefix('"') else {
        return value.to_owned();
    };
    let mut text = String::new();
    let mut characters = quoted.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => break,
            '\\' => text.extend(characters.next()),
            other => text.push(other),
        }
    }
    text
}

fn quotable(text: &str) -> String {
    let fits = |character: char| matches!(character, ' ' | '!' | '#'..='[' | ']'..='~');
    text.chars()
        .map(|character| if fits(character) { character } else { '\'' })
        .collect()
}

/// The elements of a list; a comma in a quoted string separates nothing.
fn outside_quotes(list: &str) -> Vec<&str> {
    let (mut quoted, mut escaped) = (false, false);
    list.split(|character| {
        let literal = escaped;
        escaped = quoted && !literal && character == '\\';
        quoted ^= character == '"' && !literal;
        character == ',' && !quoted
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_scheme_may_be_in_any_letter_case() {
        for header in ["Bearer abc", "bearer abc", "BEARER  abc "] {
            assert_eq!(
                BearerCredentials::parse(header),
                BearerCredentials::Token(Secret::new("abc"))
            );
        }
    }

    #[test]
    fn another_scheme_is_no_bearer_token() {
        assert_eq!(
            BearerCredentials::parse("Basic YTpi"),
            BearerCredentials::Absent
        );
        assert_eq!(
            BearerCredentials::parse("Bearerabc"),
            BearerCredentials::Absent
        );
    }

    #[test]
    fn an_empty_or_odd_token_is_malformed() {
        for header in [
            "Bearer",
            "Bearer ",
            "Bearer a b",
            "Bearer a,b",
            "Bearer =",
            "Bearer ü",
        ] {
            assert_eq!(
                BearerCredentials::parse(header),
                BearerCredentials::Malformed,
                "{header}"
            );
        }
    }

    #[test]
    fn a_challenge_survives_the_wire() {
        let error =
            ErrorResponse::new(ErrorCode::InsufficientScope, "no, not \"this\"").with_scope("a b");
        let challenge = BearerChallenge::new(Some("photo-space"), &error);
        let parsed = BearerChallenge::all_in(&challenge.encode());
        let [parsed] = &parsed[..] else {
            panic!("{parsed:?}");
        };
        assert_eq!(parsed.scope.as_deref(), Some("a b"));
        assert_eq!(parsed.error_description.as_deref(), Some("no, not 'this'"));
        assert_eq!(parsed.realm, challenge.realm);
    }

    #[test]
    fn without_a_token_the_challenge_names_no_error() {
        assert_eq!(BearerChallenge::default().encode(), "Bearer");
    }

    #[test]
    fn a_bearer_challenge_is_found_among_others() {
        for header in [
            r#"Bearer error="invalid_token""#,
            "bearer  Error = invalid_token ",
            r#"Basic realm="x", Bearer error="invalid_token""#,
            r#"Bearer realm="a, \"b\", Basic", error="invalid_token", Basic realm="Bearer error=no""#,
            "Negotiate, NTLM, Bearer error=\"invalid_token\"",
            "Negotiate YWJj==, Bearer , error=\"invalid_token\"",
            "Digest qop=\"auth, auth-int\", nonce=\"a\\\"\", Bearer\terror=\"invalid_token\"",
            r#"Bearer realm="x", DPoP algs="ES256", Bearer error="invalid_token""#,
            r#"Bearer error="invalid_token", error="other", max_age"#,
        ] {
            let challenges = BearerChallenge::all_in(header);
            let named = challenges
                .iter()
                .any(|challenge| challenge.error == Some(ErrorCode::InvalidToken));
            assert!(named, "{header}: {challenges:?}");
        }
    }

    #[test]
    fn old_servers_have_another_name_for_the_scheme() {
        let header = r#"OAUTH2 realm="x", error="invalid_token", Basic realm="y""#;
        assert!(BearerChallenge::all_in(header).is_empty());
        let found = BearerChallenge::all_of(&["bearer", "oauth2"], header);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].error, Some(ErrorCode::InvalidToken));
        assert_eq!(found[0].realm.as_deref(), Some("x"));
    }

    #[test]
    fn the_words_of_another_scheme_are_not_those_of_bearer() {
        for header in [
            r#"Basic realm="x", error="invalid_token""#,
            r#"DPoP error="invalid_token", Bearer realm="x""#,
            r#"Bearer realm="x", DPoP error="invalid_token""#,
            r#"Basic realm="Bearer error=\"invalid_token\"""#,
            "Bearers error=\"invalid_token\"",
            "",
        ] {
            let challenges = BearerChallenge::all_in(header);
            let named = challenges.iter().any(|challenge| challenge.error.is_some());
            assert!(!named, "{header}: {challenges:?}");
        }
    }

    #[test]
    fn a_challenge_forges_no_line_of_a_log() {
        let header = "Bearer error=\"a\tb\", error_description=\"\u{1b}[31m\u{85}x\"";
        let challenges = BearerChallenge::all_in(header);
        let described = challenges[0].error_description.as_deref();
        assert_eq!(described, Some("?[31m?x"));
        assert_eq!(challenges[0].error.as_ref().unwrap().as_str(), "a?b");
    }

    proptest! {
        #[test]
        fn no_header_makes_the_reader_panic(header in "\\PC*") {
            let _ = BearerCredentials::parse(&header);
            let _ = BearerChallenge::all_in(&header);
        }

        #[test]
        fn no_optional_member_hides_the_error(
            odd in prop::collection::vec(("realm|scope|error_description|x", "[a-z=;\\t ]{0,5}", "[\\PC&&[^\"\\\\]]{0,8}"), 0..5),
            place in 0..5_usize,
        ) {
            let mut members: Vec<String> = odd.iter().flat_map(|(name, blank, value)| {
                let blank = blank.replace(|other: char| !other.is_whitespace(), "");
                [format!("{name}{blank}={blank}\"{value}\""), format!("{name}={blank}\"{value}\"")]
            }).collect();
            members.insert(place.min(members.len()), "error=\"invalid_token\"".to_owned());
            let header = format!("Negotiate, Bearer {}, Basic realm=\"x\"", members.join(" , "));
            let challenges = BearerChallenge::all_in(&header);
            prop_assert_eq!(challenges.len(), 1);
            prop_assert_eq!(&challenges[0].error, &Some(ErrorCode::InvalidToken), "{}", header);
        }
    }
}
