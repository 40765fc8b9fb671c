use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::odd;

fn read_by(names: &ClaimNames, claims: &Value) -> AccessTokenClaims {
    let said = Members::decode("access token", claims.to_string().as_bytes()).unwrap();
    AccessTokenClaims::read(&said, names).unwrap()
}

fn read(claims: &Value) -> AccessTokenClaims {
    read_by(&ClaimNames::default(), claims)
}

#[test]
fn both_dialects_name_the_owner() {
    let spring =
        json!({"user_name": "xiaoming", "client_id": "c", "scope": ["a"], "exp": 1, "jti": "j"});
    let standard = json!({"iss": "i", "sub": "xiaoming", "client_id": "c", "scope": "a", "aud": "x",
        "exp": 1, "iat": 0, "jti": "j"});
    for claims in [spring, standard] {
        let claims = read(&claims);
        assert_eq!(claims.owner.as_deref(), Some("xiaoming"));
        assert!(claims.scope.contains("a"));
    }
}

#[test]
fn a_client_that_acts_for_itself_is_no_owner() {
    let claims = read(&json!({"iss": "i", "sub": "c", "client_id": "c", "scope": "a", "exp": 1}));
    assert_eq!(claims.owner, None);
    // A person may be called what a client is called.
    let claims = read(&json!({"user_name": "c", "client_id": "c", "exp": 1}));
    assert_eq!(claims.owner.as_deref(), Some("c"));
}

#[test]
fn the_usual_names_of_other_issuers_are_known() {
    for (claims, client_id, scope) in [
        (
            json!({"azp": "c", "scope": "openid a"}),
            Some("c"),
            "a openid",
        ),
        (json!({"cid": "c", "scp": ["a", "b"]}), Some("c"), "a b"),
        (json!({"appid": "c", "scp": "a b"}), Some("c"), "a b"),
        (json!({"client_id": "c", "azp": "other"}), Some("c"), ""),
        (json!({}), None, ""),
    ] {
        let read = read(&claims);
        assert_eq!(read.client_id, client_id.map(ClientId::new), "{claims}");
        assert_eq!(read.scope.to_string(), scope, "{claims}");
    }
}

#[test]
fn names_of_ones_own_replace_the_usual_ones() {
    let names = ClaimNames {
        owner: vec!["preferred_username".to_owned()],
        authorities: vec!["roles".to_owned()],
        ..ClaimNames::default()
    };
    let claims = json!({"sub": "7f", "preferred_username": "lihua", "roles": ["admin"], "authorities": ["x"]});
    let claims = read_by(&names, &claims);
    assert_eq!(claims.owner.as_deref(), Some("lihua"));
    assert_eq!(claims.authorities, ["admin"]);
}

#[test]
fn one_text_is_one_audience_and_one_authority() {
    let claims = read(&json!({"aud": "a,photo-space", "authorities": "ROLE_A,ROLE_B"}));
    assert_eq!(claims.aud, ["a,photo-space"]);
    assert_eq!(claims.authorities, ["ROLE_A,ROLE_B"]);
}

#[test]
fn whoever_says_that_it_is_a_refresh_token_is_believed() {
    for claims in [
        json!({"ati": "j"}),
        json!({"ati": {}}),
        json!({"token_use": "refresh_token"}),
        json!({"typ": "Refresh"}),
        json!({"typ": "Offline"}),
    ] {
        assert!(read(&claims).is_refresh_token, "{claims}");
    }
    for claims in [
        json!({"ati": null}),
        json!({"typ": "Bearer"}),
        json!({"token_use": "access"}),
    ] {
        assert!(!read(&claims).is_refresh_token, "{claims}");
    }
}

proptest! {
    #[test]
    fn no_optional_claim_spoils_a_token(odd in prop::collection::vec((any::<usize>(), odd::json()), 0..8)) {
        let required = json!({"exp": 1_900_000_000.5, "aud": "photo-space", "sub": "xiaoming"});
        let optional = ["iss", "client_id", "azp", "scope", "scp", "authorities", "jti", "iat", "tenant"];
        let message = odd::message(&required, &optional, &odd);
        let said = Members::decode("access token", message.as_bytes()).unwrap();
        let claims = AccessTokenClaims::read(&said, &ClaimNames::default()).unwrap();
        prop_assert_eq!(claims.exp, Some(Timestamp::from_secs(1_900_000_000)));
        prop_assert_eq!(claims.aud, ["photo-space"]);
        prop_assert!(!claims.is_refresh_token);
    }

    /// An audience that is let go would be none, and the token good everywhere.
    #[test]
    fn what_limits_a_token_is_read_or_refused(odd in odd::json()) {
        let message = json!({"aud": odd, "exp": odd, "nbf": odd, "user_name": odd}).to_string();
        let said = Members::decode("access token", message.as_bytes()).unwrap();
        if let Ok(claims) = AccessTokenClaims::read(&said, &ClaimNames::default()) {
            let nothing = odd.is_null();
            prop_assert_eq!(claims.aud.is_empty(), nothing);
            prop_assert_eq!(claims.exp.is_none(), nothing);
            prop_assert_eq!(claims.nbf.is_none(), nothing);
        }
    }
}
