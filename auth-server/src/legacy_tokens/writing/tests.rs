use serde_json::json;
use symbolon::scope::Scope;
use symbolon::secret::Secret;

use super::*;

const RELEASE: SecurityRelease = SecurityRelease(420);

fn refresh(expires_at: Option<u64>) -> LegacyRefreshToken {
    LegacyRefreshToken {
        value: Secret::new("refresh \0 é 中 𝄞"),
        expires_at: expires_at.map(Timestamp::from_secs),
    }
}

fn access() -> LegacyAccessToken {
    let information = json!({"jti": "x", "n": 7, "long": 5_000_000_000_i64, "half": 0.5, "yes": true, "none": null,
        "list": ["a", 1, [], {}], "nested": {"deep": {"er": "y"}}, "long_text": "mü".repeat(40_000)});
    let Json::Object(additional_information) = information else {
        unreachable!();
    };
    LegacyAccessToken {
        value: Secret::new("access"),
        expires_at: Some(Timestamp::from_secs(4_000_000_000)),
        token_type: "bearer".to_owned(),
        refresh_token: Some(refresh(Some(4_000_000_001))),
        scope: Scope::parse("b a").unwrap(),
        additional_information,
    }
}

fn authentication(owner: Option<&str>) -> LegacyAuthentication {
    LegacyAuthentication {
        client_id: "shop".to_owned(),
        scope: Scope::parse("b a").unwrap(),
        grant_type: Some("authorization_code".to_owned()),
        authorities: vec!["ROLE_CLIENT".to_owned()],
        resource_ids: vec!["orders".to_owned(), "stock".to_owned()],
        redirect_uri: Some("https://shop.example/cb".to_owned()),
        is_approved: true,
        owner: owner.map(|name| LegacyOwner {
            name: name.to_owned(),
            authorities: vec!["ROLE_USER".to_owned(), "ROLE_ADMIN".to_owned()],
        }),
    }
}

#[test]
fn what_is_written_reads_back() {
    for token in [refresh(None), refresh(Some(7))] {
        assert_eq!(LegacyRefreshToken::read(&token.write()).unwrap(), token);
    }
    let token = access();
    assert_eq!(LegacyAccessToken::read(&token.write()).unwrap(), token);
    for owner in [None, Some("李华")] {
        let said = authentication(owner);
        let read = LegacyAuthentication::read(&said.write(RELEASE)).unwrap();
        assert_eq!(read, said);
    }
    let implicit = LegacyAuthentication {
        grant_type: Some("implicit".to_owned()),
        redirect_uri: None,
        ..authentication(Some("li"))
    };
    let read = LegacyAuthentication::read(&implicit.write(RELEASE)).unwrap();
    assert_eq!(read, implicit);
}

#[test]
fn a_release_is_known_by_the_two_numbers_that_it_is_spoken_of_by() {
    for (text, number) in [("3.1", 310), ("4.0", 400), ("4.2", 420), ("5.8", 580)] {
        assert_eq!(SecurityRelease::parse(text), Some(SecurityRelease(number)));
    }
    for text in [
        "", "4", "4.", "4.20", "4.2.3", "04.2", "4.+2", "4.-1", "3.0", "4.3", "5.9", "6.0", "420",
    ] {
        assert_eq!(SecurityRelease::parse(text), None, "{text}");
    }
}
