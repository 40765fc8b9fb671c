//! The rules that every registration passes, and what it comes to.

use symbolon::identifiers::ClientId;
use symbolon::scope::Scope;
use symbolon::secret::Secret;
use symbolon::token::GrantType;
use symbolon_auth_server::clients::registration::{
    ClientDefaults, RegistrationError, RegistrationFault, register,
};
use symbolon_auth_server::clients::regrets::regrets;
use symbolon_auth_server::passwords::{HashFormatError, HashId, hash_generated_secret};
use symbolon_auth_server::records::{
    ClientRegistration, Dialect, Profile, RedirectMatching, SpringPieces, TokenFormat,
};
use symbolon_auth_server::resource_owners::registration::{
    OwnerRegistrationError, register as register_owner,
};

use crate::bench::{ACCESS_TOKEN_SECS, REFRESH_TOKEN_SECS, defaults};
use crate::samples::{CALLBACK, SCRIPT, SHOP, owner, scope, script, shop};

/// What is wrong with a registration of the shop or of the script.
fn fault(registration: &ClientRegistration) -> RegistrationFault {
    let error = register(registration, &defaults()).unwrap_err();
    let RegistrationError {
        client_id,
        mut faults,
    } = error;
    assert_eq!(client_id, registration.client_id);
    assert_eq!(faults.len(), 1, "{faults:?}");
    faults.pop().unwrap()
}

#[test]
fn what_a_registration_leaves_open_the_defaults_decide() {
    let client = register(&shop(), &defaults()).unwrap();
    assert_eq!(client.token_format, TokenFormat::Opaque);
    assert_eq!(client.dialect, Dialect::Standard);
    assert_eq!(client.access_token_ttl_secs, Some(ACCESS_TOKEN_SECS));
    assert_eq!(client.refresh_token_ttl_secs, Some(REFRESH_TOKEN_SECS));
    let client = register(
        &ClientRegistration {
            token_format: Some(TokenFormat::Jwt),
            dialect: Some(Dialect::Spring),
            access_token_ttl_secs: Some(7),
            refresh_token_ttl_secs: Some(0),
            ..shop()
        },
        &defaults(),
    );
    let client = client.unwrap();
    assert_eq!(client.token_format, TokenFormat::Jwt);
    assert_eq!(client.dialect, Dialect::Spring);
    assert_eq!(client.access_token_ttl_secs, Some(7));
    assert_eq!(client.refresh_token_ttl_secs, None);
}

#[test]
fn a_client_without_grants_needs_nothing_else() {
    let registration = ClientRegistration::new(ClientId::new("quiet"), "A quiet client");
    let client = register(&registration, &defaults()).unwrap();
    assert!(client.is_public());
    assert_eq!(regrets(&client), []);
}

#[test]
fn a_secret_is_a_hash_that_can_be_verified() {
    let registration = ClientRegistration {
        client_secret: Some(Secret::new("the secret itself")),
        ..shop()
    };
    let unknown = RegistrationFault::Secret(HashFormatError::UnknownId);
    assert_eq!(fault(&registration), unknown);
    let error = register(&registration, &defaults()).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("client `shop`: `client_secret`")
    );
    assert!(!error.to_string().contains("the secret itself"));
}

#[test]
fn a_grant_that_redirects_needs_an_address() {
    for grant_type in [GrantType::AuthorizationCode, GrantType::Implicit] {
        let registration = ClientRegistration {
            grant_types: vec![grant_type],
            redirect_uris: Vec::new(),
            ..shop()
        };
        assert_eq!(fault(&registration), RegistrationFault::NoRedirectUri);
    }
    let registration = ClientRegistration {
        grant_types: vec![GrantType::ClientCredentials],
        redirect_uris: Vec::new(),
        ..shop()
    };
    assert!(register(&registration, &defaults()).is_ok());
}

#[test]
fn a_redirect_uri_is_absolute_without_a_fragment_and_runs_no_script() {
    for uri in [
        "/callback",
        "https://shop.example/#there",
        "javascript:alert(1)",
        "data:text/html,hello",
        "vbscript:x",
        "file:///etc/hosts",
        "https://shop.example/a b",
    ] {
        let registration = ClientRegistration {
            redirect_uris: vec![CALLBACK.to_owned(), uri.to_owned()],
            ..shop()
        };
        let fault = fault(&registration);
        let RegistrationFault::RedirectUri { uri: named, .. } = &fault else {
            panic!("{fault:?}");
        };
        assert_eq!(named, uri);
    }
    let registration = ClientRegistration {
        redirect_uris: vec!["com.example.app:/callback".to_owned()],
        ..shop()
    };
    assert!(register(&registration, &defaults()).is_ok());
}

#[test]
fn a_client_that_acts_for_itself_needs_a_secret() {
    let grant_type = GrantType::ClientCredentials;
    let registration = ClientRegistration {
        grant_types: vec![grant_type],
        ..script()
    };
    let expected = RegistrationFault::PublicClientGrant(grant_type);
    assert_eq!(fault(&registration), expected);
}

#[test]
fn a_client_that_asks_about_tokens_of_others_needs_a_secret() {
    let registration = ClientRegistration {
        may_introspect: true,
        ..script()
    };
    assert_eq!(fault(&registration), RegistrationFault::PublicIntrospection);
}

#[test]
fn a_client_with_grants_needs_a_scope() {
    let registration = ClientRegistration {
        scope: Scope::default(),
        ..shop()
    };
    assert_eq!(fault(&registration), RegistrationFault::NoScope);
}

#[test]
fn only_what_a_client_may_ask_for_is_approved_automatically() {
    let registration = ClientRegistration {
        auto_approve: scope("read everything"),
        ..shop()
    };
    assert_eq!(fault(&registration), RegistrationFault::AutoApprove);
}

#[test]
fn a_token_lives_for_a_second_at_least_and_ten_years_at_most() {
    let registration = ClientRegistration {
        access_token_ttl_secs: Some(0),
        ..shop()
    };
    let expected = "`access_token_ttl_secs` is 0; accepted: 1 to 315360000 seconds";
    assert_eq!(fault(&registration).to_string(), expected);
    let registration = ClientRegistration {
        refresh_token_ttl_secs: Some(u64::MAX),
        ..shop()
    };
    let expected =
        "`refresh_token_ttl_secs` is 18446744073709551615; accepted: 0 to 315360000 seconds";
    assert_eq!(fault(&registration).to_string(), expected);
}

/// The fields that somebody may regret.
fn regretted(registration: &ClientRegistration) -> Vec<&'static str> {
    let client = register(registration, &defaults()).unwrap();
    let regrets = regrets(&client);
    regrets.iter().map(|regret| regret.setting).collect()
}

/// The shop without its habits.
fn strict() -> ClientRegistration {
    ClientRegistration {
        client_secret: Some(Secret::new(
            hash_generated_secret(&Secret::new("x")).expose(),
        )),
        grant_types: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
        ..shop()
    }
}

#[test]
fn lax_habits_are_regretted() {
    assert!(regretted(&strict()).is_empty());
    let lax = ClientRegistration {
        require_pkce: Some(false),
        rotate_refresh_tokens: Some(false),
        reuse_access_tokens: Some(true),
        redirect_matching: Some(RedirectMatching::Spring),
        ..shop()
    };
    let expected = [
        "grant_types",
        "grant_types",
        "require_pkce",
        "rotate_refresh_tokens",
        "reuse_access_tokens",
        "redirect_matching",
    ];
    assert_eq!(regretted(&lax), expected);
}

#[test]
fn what_a_profile_weakens_is_not_regretted_habit_by_habit() {
    let spring = ClientRegistration {
        profile: Some(Profile::Spring),
        ..strict()
    };
    assert!(regretted(&spring).is_empty());
    let piece = ClientRegistration {
        spring: SpringPieces {
            codes_without_pkce: Some(true),
            ..SpringPieces::default()
        },
        ..strict()
    };
    assert_eq!(regretted(&piece), ["spring.codes_without_pkce"]);
}

#[test]
fn what_a_habit_opens_is_regretted_where_it_makes_a_difference() {
    let open = SpringPieces {
        empty_means_all: Some(true),
        secretless_clients: Some(true),
        never_expiring_tokens: Some(true),
        ..SpringPieces::default()
    };
    let with = |client| ClientRegistration {
        spring: open.clone(),
        ..client
    };
    assert!(regretted(&with(strict())).is_empty());
    let nothing = ClientRegistration::new(ClientId::new("open"), "Open");
    let expected = ["spring.empty_means_all", "spring.secretless_clients"];
    assert_eq!(regretted(&with(nothing.clone())), expected);
    let endless = ClientRegistration {
        access_token_ttl_secs: Some(0),
        profile: Some(Profile::Spring),
        ..nothing
    };
    assert_eq!(regretted(&with(endless)), ["access_token_ttl_secs"]);
}

#[test]
fn a_secret_that_everybody_can_read_is_regretted() {
    let registration = ClientRegistration {
        client_secret: Some(Secret::new("{noop}x")),
        ..strict()
    };
    assert_eq!(regretted(&registration), ["client_secret"]);
}

#[test]
fn a_public_client_whose_refresh_tokens_stay_is_regretted() {
    let registration = ClientRegistration {
        client_secret: None,
        rotate_refresh_tokens: Some(false),
        ..strict()
    };
    assert_eq!(regretted(&registration), ["rotate_refresh_tokens"]);
}

#[test]
fn a_refresh_token_that_no_grant_gives_is_regretted() {
    let registration = ClientRegistration {
        grant_types: vec![GrantType::RefreshToken, GrantType::ClientCredentials],
        ..strict()
    };
    assert_eq!(regretted(&registration), ["grant_types"]);
}

#[test]
fn redirect_uris_that_others_can_read_or_take_are_regretted() {
    let registration = ClientRegistration {
        redirect_uris: vec![
            "http://shop.example/cb".to_owned(),
            "myapp:/cb".to_owned(),
            "https://shop.example/cb".to_owned(),
        ],
        ..strict()
    };
    assert_eq!(regretted(&registration), ["redirect_uris"; 2]);
}

#[test]
fn a_jwt_of_the_standard_dialect_needs_an_audience() {
    let registration = ClientRegistration {
        token_format: Some(TokenFormat::Jwt),
        dialect: Some(Dialect::Standard),
        resource_ids: Vec::new(),
        ..strict()
    };
    assert_eq!(fault(&registration), RegistrationFault::NoAudience);
    let spring = ClientRegistration {
        dialect: Some(Dialect::Spring),
        ..registration
    };
    assert!(register(&spring, &defaults()).is_ok());
}

#[test]
fn a_name_holds_no_control_character() {
    for (registration, setting) in [
        (
            ClientRegistration {
                client_id: ClientId::new("shop\n"),
                ..strict()
            },
            "client_id",
        ),
        (
            ClientRegistration {
                client_name: "\u{1b}[31mShop".to_owned(),
                ..strict()
            },
            "client_name",
        ),
    ] {
        let expected = RegistrationFault::ControlCharacter { setting };
        assert_eq!(fault(&registration), expected);
    }
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let registration = ClientRegistration {
        client_secret: Some(Secret::new("$2a$10$abc")),
        redirect_uris: vec!["/cb".to_owned(), "https://shop.example/**".to_owned()],
        auto_approve: scope("everything"),
        ..shop()
    };
    let error = register(&registration, &defaults()).unwrap_err();
    assert_eq!(error.faults.len(), 4, "{error}");
    assert!(
        error.to_string().contains("{bcrypt} and the hash"),
        "{error}"
    );
    assert!(!error.to_string().contains("$2a$"), "{error}");
}

#[test]
fn approvals_are_remembered_where_nobody_else_can_pass_for_the_client() {
    let remembers = |redirect_uri: &str, remember_approvals, registration| {
        let registration = ClientRegistration {
            redirect_uris: vec![redirect_uri.to_owned()],
            remember_approvals,
            ..registration
        };
        let client = register(&registration, &defaults()).unwrap();
        let mut regrets = regrets(&client).into_iter();
        let is_lax = regrets.any(|regret| regret.setting == "remember_approvals");
        (client.remembers_approvals, is_lax)
    };
    let web = "https://shop.example/cb";
    let native = "com.example.shop:/cb";
    assert_eq!(remembers(web, None, shop()), (true, false));
    assert_eq!(remembers(web, Some(false), shop()), (false, false));
    assert_eq!(remembers(native, None, shop()), (false, false));
    assert_eq!(remembers(native, Some(true), shop()), (true, true));
    assert_eq!(remembers(web, None, script()), (false, false));
    assert_eq!(remembers(web, Some(true), script()), (true, true));
}

#[test]
fn an_error_names_the_client() {
    for (registration, name) in [(shop(), SHOP), (script(), SCRIPT)] {
        let registration = ClientRegistration {
            access_token_ttl_secs: Some(0),
            ..registration
        };
        let error = register(&registration, &defaults()).unwrap_err();
        let expected = format!(
            "client `{name}`: `access_token_ttl_secs` is 0; accepted: 1 to 315360000 seconds"
        );
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn the_password_of_an_account_is_a_hash_that_can_be_verified() {
    let error = register_owner(&owner("eve", "the password itself"), None).unwrap_err();
    let expected = OwnerRegistrationError {
        name: "eve".to_owned(),
        reason: HashFormatError::UnknownId,
    };
    assert_eq!(error, expected);
    assert!(!error.to_string().contains("the password itself"));
    let account = register_owner(&owner("eve", "{noop}apple"), None).unwrap();
    assert_eq!(account.name, "eve");
    assert_eq!(account.authorities, ["ROLE_USER"]);
}

#[test]
fn a_hash_without_an_id_is_read_as_the_settings_say() {
    let old = "55d2fddf8ba5768bbc44b083846cf439";
    let presented = Secret::new("correct horse 电池");
    let registration = ClientRegistration {
        client_secret: Some(Secret::new(old)),
        ..shop()
    };
    assert!(register(&registration, &defaults()).is_err());
    let md5 = ClientDefaults {
        hash_without_id: Some(HashId::Md5),
        ..defaults()
    };
    let client = register(&registration, &md5).unwrap();
    assert!(client.secret.unwrap().matches(&presented));
    assert!(register_owner(&owner("eve", old), None).is_err());
    let account = register_owner(&owner("eve", old), Some(HashId::Md5)).unwrap();
    assert!(account.password.matches(&presented));
}
