//! Tokens of a Spring server, as its Redis and its tables keep them. `tests/java/src/Write.java` says what is in each.

use proptest::prelude::*;
use serde_json::{Value as Json, json};
use symbolon::clock::Timestamp;
use symbolon::scope::Scope;
use symbolon::secret::Secret;
use symbolon_auth_server::java_stream::StreamError;
use symbolon_auth_server::legacy_tokens::{
    LegacyAccessToken, LegacyAuthentication, LegacyOwner, LegacyRefreshToken, LegacyTokenError,
};

use super::java_streams::{names, stream};

const FAR: Timestamp = Timestamp::from_secs(4_000_000_000);

fn access_token(name: &str) -> Result<LegacyAccessToken, LegacyTokenError> {
    LegacyAccessToken::read(&stream(name))
}

fn authentication(name: &str) -> Result<LegacyAuthentication, LegacyTokenError> {
    LegacyAuthentication::read(&stream(name))
}

fn information(name: &str) -> Json {
    Json::Object(access_token(name).unwrap().additional_information)
}

fn scope(names: &str) -> Scope {
    Scope::parse(names).unwrap()
}

fn texts(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

#[test]
fn an_access_token_of_a_spring_server_is_read() {
    let expected = LegacyAccessToken {
        value: Secret::new("0ld-access-token-of-the-owner"),
        expires_at: Some(FAR),
        token_type: "bearer".to_owned(),
        refresh_token: Some(LegacyRefreshToken {
            value: Secret::new("0ld-refresh-token-of-the-owner"),
            expires_at: Some(FAR),
        }),
        scope: scope("photo.read photo.write"),
        additional_information: serde_json::Map::new(),
    };
    assert_eq!(access_token("access_token"), Ok(expected));
}

#[test]
fn an_access_token_of_a_spring_server_may_be_without_end_refresh_token_and_scope() {
    let token = access_token("access_token_of_client").unwrap();
    assert_eq!(token.expires_at, None);
    assert_eq!(token.refresh_token, None);
    assert!(token.scope.is_empty());
}

#[test]
fn refresh_tokens_of_a_spring_server_are_read_with_and_without_end() {
    let value = Secret::new("0ld-refresh-token-of-the-owner");
    for (name, expires_at) in [
        ("expiring_refresh_token", Some(FAR)),
        ("refresh_token", None),
    ] {
        let value = value.clone();
        let expected = LegacyRefreshToken { value, expires_at };
        assert_eq!(LegacyRefreshToken::read(&stream(name)), Ok(expected));
    }
}

#[test]
fn what_a_token_of_a_spring_server_says_besides_becomes_json() {
    let expected = json!({
        "jti": "7d9a",
        "text": "nul \0, é, 中文, 𝄞",
        "long_text": "mü".repeat(22_000),
        "numbers": [7, 8, 9, -1, 1.5, "c"],
        "unit": "SECONDS",
        "at": 4_000_000_000_789_i64,
        "nested": {"list": ["a", 1, null, 2.5, true], "array": ["x", "y"], "none": {}},
    });
    assert_eq!(information("access_token_with_information"), expected);
}

#[test]
fn every_common_collection_of_java_is_read() {
    let information = information("collections");
    let lists = information["lists"].as_array().unwrap();
    assert_eq!(lists.len(), 16);
    for (place, list) in lists.iter().enumerate() {
        let mut found = list.as_array().unwrap().clone();
        found.sort_by_key(Json::to_string);
        assert_eq!(json!(found), json!(["a", "b"]), "{place}");
        // The first nine have an order of their own.
        assert!(place >= 9 || *list == json!(["b", "a"]), "{place}");
    }
    assert_eq!(information["maps"], json!(vec![json!({"k": "v"}); 9]));
    assert_eq!(information["ones"], json!(vec![json!(["a"]); 4]));
    assert_eq!(information["none"], json!(vec![json!([]); 6]));
    assert_eq!(information["empty_maps"], json!(vec![json!({}); 3]));
}

#[test]
fn an_authentication_of_a_spring_server_is_read() {
    let expected = LegacyAuthentication {
        client_id: "print-photo".to_owned(),
        scope: scope("photo.read photo.write"),
        grant_type: Some("authorization_code".to_owned()),
        authorities: texts(&["ROLE_CLIENT"]),
        resource_ids: texts(&["photo-space"]),
        redirect_uri: Some("http://localhost:9002/callback".to_owned()),
        is_approved: true,
        owner: Some(LegacyOwner {
            name: "xiaoming".to_owned(),
            authorities: texts(&["ROLE_USER", "ROLE_ADMIN"]),
        }),
    };
    assert_eq!(authentication("authentication"), Ok(expected));
}

#[test]
fn an_authentication_of_a_spring_server_may_be_without_owner() {
    let read = authentication("authentication_of_client").unwrap();
    assert_eq!(read.owner, None);
    assert_eq!(read.grant_type.as_deref(), Some("client_credentials"));
    assert_eq!(read.authorities, ["ROLE_CLIENT"]);
    assert!(read.is_approved);
}

#[test]
fn an_owner_may_be_a_name_alone() {
    let read = authentication("authentication_of_named_owner").unwrap();
    assert_eq!(read.owner.unwrap().name, "xiaoming");
}

#[test]
fn a_renewal_does_not_change_how_the_client_came_to_its_grant() {
    let read = authentication("authentication_by_password").unwrap();
    assert_eq!(read.client_id, "photo-desktop");
    assert_eq!(read.grant_type.as_deref(), Some("password"));
    assert_eq!(read.owner.unwrap().name, "lihua");
}

#[test]
fn a_sign_in_that_was_not_finished_approves_nothing() {
    let read = authentication("authentication_not_finished").unwrap();
    assert!(!read.is_approved);
}

#[test]
fn an_account_of_an_applications_own_class_is_refused_by_name() {
    let class = "com.example.OwnUser".to_owned();
    let expected = LegacyTokenError::Stream(StreamError::UnknownClass { class });
    let refused = authentication("authentication_of_own_user");
    assert_eq!(refused, Err(expected));
}

#[test]
fn one_object_is_not_taken_for_another() {
    assert!(access_token("authentication").is_err());
    assert!(authentication("access_token").is_err());
    assert!(LegacyRefreshToken::read(&stream("access_token")).is_err());
    let class = "org.springframework.security.oauth2.common.DefaultOAuth2RefreshToken".to_owned();
    let what = "the object";
    let expected = LegacyTokenError::OtherClass { what, class };
    assert_eq!(access_token("refresh_token"), Err(expected));
    assert!(LegacyRefreshToken::read(&stream("strange/text")).is_err());
}

#[test]
fn another_version_of_a_class_is_refused() {
    let mut changed = stream("refresh_token");
    let name = b"DefaultOAuth2RefreshToken";
    let place = changed
        .windows(name.len())
        .position(|part| part == name)
        .unwrap();
    changed[place + name.len()] ^= 1;
    let refused = LegacyRefreshToken::read(&changed).unwrap_err();
    assert!(matches!(refused, LegacyTokenError::OtherVersion { .. }));
}

#[test]
fn a_short_stream_that_unfolds_without_end_is_refused() {
    for name in [
        "information_in_a_loop",
        "bomb_as_information",
        "many_values",
        "one_long_text_many_times",
    ] {
        let refused = access_token(&format!("strange/{name}"));
        assert_eq!(refused, Err(LegacyTokenError::TooMuch), "{name}");
    }
}

#[test]
fn neither_a_token_nor_an_error_prints_what_was_kept() {
    for name in names() {
        let printed = [
            format!("{:?}", LegacyRefreshToken::read(&stream(&name))),
            format!("{:?}", access_token(&name).map(|token| token.value)),
        ];
        assert!(printed.iter().all(|text| !text.contains("0ld-")), "{name}");
    }
}

fn read_all(stream: &[u8]) {
    let _ = LegacyAccessToken::read(stream);
    let _ = LegacyRefreshToken::read(stream);
    let _ = LegacyAuthentication::read(stream);
}

proptest! {
    /// Streams of a JDK in which some bytes have been changed: what is read first is mostly in order.
    #[test]
    fn reading_a_token_ends_whatever_was_done_to_it(
        name in prop::sample::select(vec!["access_token", "authentication", "collections", "expiring_refresh_token", "authentication_by_password"]),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut stream = stream(name);
        for (place, byte) in changes {
            let place = place.index(stream.len());
            stream[place] = byte;
        }
        read_all(&stream);
    }
}
