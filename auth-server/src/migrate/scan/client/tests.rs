use symbolon::identifiers::ClientId;
use symbolon::scope::Scope;
use symbolon::secret::Secret;

use super::*;
use crate::dialects::Dialect;
use crate::records::TokenFormat;

fn settings(profile: Profile) -> ClientDefaults {
    ClientDefaults {
        token_format: TokenFormat::Opaque,
        dialect: Dialect::Spring,
        access_token_ttl_secs: 60,
        refresh_token_ttl_secs: 60,
        hash_without_id: None,
        spring: SpringChoice {
            profile: Some(profile),
            pieces: SpringPieces::default(),
        },
    }
}

fn shop() -> ClientRegistration {
    ClientRegistration {
        client_secret: Some(Secret::new(
            "{bcrypt}$2b$04$w16LmdIG4gVqerWtjql47elIYUC.LduVHvZaJiCsjeWLdUzkQgwBi",
        )),
        grant_types: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
        redirect_uris: vec!["https://shop.example/callback".to_owned()],
        scope: Scope::parse("orders").unwrap(),
        ..ClientRegistration::new(ClientId::new("shop"), "Shop")
    }
}

fn judged(registration: ClientRegistration, defaults: &ClientDefaults) -> ClientVerdict {
    let row = ReadRow {
        name: registration.client_id.as_str().to_owned(),
        read: Ok(registration),
        left_out: Vec::new(),
    };
    judge(row, defaults)
}

fn unmet(verdict: &ClientVerdict) -> Vec<&'static str> {
    let unmet = verdict.needs.iter().filter(|need| !need.is_met);
    unmet.map(|need| need.setting).collect()
}

#[test]
fn a_client_is_ready_where_the_settings_say_what_it_needs() {
    let standard = judged(shop(), &settings(Profile::Standard));
    assert_eq!(standard.grade, Grade::Switch);
    assert_eq!(
        unmet(&standard),
        [
            "spring.codes_without_pkce = true",
            "redirect_matching = \"spring\"",
            "rotate_refresh_tokens = false"
        ]
    );
    let spring = judged(shop(), &settings(Profile::Spring));
    assert_eq!((spring.grade, unmet(&spring).len()), (Grade::Ready, 0));
    assert_eq!(spring.weak, [""; 0]);
    let alone = ClientRegistration {
        require_pkce: Some(false),
        redirect_matching: Some(RedirectMatching::Spring),
        rotate_refresh_tokens: Some(false),
        ..shop()
    };
    assert_eq!(
        judged(alone, &settings(Profile::Standard)).grade,
        Grade::Ready
    );
}

#[test]
fn what_only_a_spring_server_takes_is_told_with_its_switch() {
    let open = ClientRegistration {
        client_secret: None,
        grant_types: Vec::new(),
        access_token_ttl_secs: Some(0),
        ..shop()
    };
    let verdict = judged(open, &settings(Profile::Standard));
    assert_eq!(verdict.grade, Grade::Switch);
    for setting in [
        "spring.secretless_clients = true",
        "spring.empty_means_all = true",
        "spring.never_expiring_tokens = true",
    ] {
        assert!(unmet(&verdict).contains(&setting), "{setting}: {verdict:?}");
    }
    assert!(
        verdict
            .weak
            .iter()
            .any(|weak| weak.contains("access_token_ttl_secs"))
    );
}

#[test]
fn a_bare_hash_names_the_setting_that_reads_it() {
    for (text, expected) in [
        (
            "$2b$04$w16LmdIG4gVqerWtjql47elIYUC.LduVHvZaJiCsjeWLdUzkQgwBi",
            "a hash",
        ),
        ("hunter2 of the shop", "a plain text"),
    ] {
        let bare = ClientRegistration {
            client_secret: Some(Secret::new(text)),
            ..shop()
        };
        let verdict = judged(bare, &settings(Profile::Spring));
        assert_eq!(verdict.grade, Grade::Switch, "{verdict:?}");
        assert_eq!(unmet(&verdict), ["client_authentication.hash_without_id"]);
        assert!(
            verdict.needs.iter().any(|need| need.why.contains(expected)),
            "{verdict:?}"
        );
        let shown = serde_json::to_string(&verdict).unwrap();
        assert!(!shown.contains(text), "{shown}");
    }
}

#[test]
fn what_means_nothing_here_and_what_cannot_be_is_told() {
    let left_out = LeftOut {
        column: "authorized_grant_types",
        entries: vec!["custom".to_owned()],
    };
    let row = ReadRow {
        name: "shop".to_owned(),
        read: Ok(shop()),
        left_out: vec![left_out],
    };
    let less = judge(row, &settings(Profile::Spring));
    assert_eq!(less.grade, Grade::Less);
    assert_eq!(less.left_out, ["`authorized_grant_types`: custom"]);
    let fragment = ClientRegistration {
        redirect_uris: vec!["https://shop.example/#here".to_owned()],
        ..shop()
    };
    let refused = judged(fragment, &settings(Profile::Spring));
    assert_eq!(refused.grade, Grade::Refused);
    assert!(refused.refused[0].contains("redirect_uris"), "{refused:?}");
    let row = ReadRow {
        name: "odd".to_owned(),
        read: Err("`scope` is odd".to_owned()),
        left_out: Vec::new(),
    };
    assert_eq!(
        judge(row, &settings(Profile::Spring)).refused,
        ["`scope` is odd"]
    );
}
