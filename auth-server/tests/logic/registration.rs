//! The rules that every registration passes, and what it comes to.

use symbolon::identifiers::ClientId;
use symbolon::scope::Scope;
use symbolon::secret::Secret;
use symbolon::token::GrantType;
use symbolon_auth_server::clients::registration::{RegistrationError, RegistrationFault, register};
use symbolon_auth_server::passwords::HashFormatError;
use symbolon_auth_server::records::{ClientRegistration, Dialect, RedirectMatching, TokenFormat};
use symbolon_auth_server::resource_owners::registration::{
    OwnerRegistrationError, register as register_owner,
};

use crate::bench::{ACCESS_TOKEN_SECS, REFRESH_TOKEN_SECS, defaults};
use crate::samples::{CALLBACK, SCRIPT, SHOP, owner, scope, script, shop};

/// What is wrong with a registration of the shop or of the script.
fn fault(registration: &ClientRegistration) -> RegistrationFault {
    let RegistrationError { client_id, reason } = register(registration, &defaults()).unwrap_err();
    assert_eq!(client_id, registration.client_id);
    reason
}

#[test]
fn what_a_registration_leaves_open_the_defaults_decide() {
    let client = register(&shop(), &defaults()).unwrap();
    assert_eq!(client.token_format, TokenFormat::Opaque);
    assert_eq!(client.dialect, Dialect::Standard);
    assert_eq!(client.access_token_ttl_secs, ACCESS_TOKEN_SECS);
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
    assert_eq!(client.access_token_ttl_secs, 7);
    assert_eq!(client.refresh_token_ttl_secs, None);
}

#[test]
fn a_client_without_grants_needs_nothing_else() {
    let registration = ClientRegistration::new(ClientId::new("quiet"), "A quiet client");
    let client = register(&registration, &defaults()).unwrap();
    assert!(client.is_public());
    assert!(client.lax_habits().is_empty());
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
        let expected = RegistrationFault::RedirectUri(uri.to_owned());
        assert_eq!(fault(&registration), expected);
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
fn a_token_lives_for_a_second_at_least() {
    let registration = ClientRegistration {
        access_token_ttl_secs: Some(0),
        ..shop()
    };
    assert_eq!(fault(&registration), RegistrationFault::NoLife);
}

#[test]
fn lax_habits_are_named() {
    let strict = ClientRegistration {
        grant_types: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
        ..shop()
    };
    let client = register(&strict, &defaults()).unwrap();
    assert!(client.lax_habits().is_empty());
    let lax = ClientRegistration {
        require_pkce: false,
        rotate_refresh_tokens: false,
        reuse_access_tokens: true,
        redirect_matching: RedirectMatching::Spring,
        ..shop()
    };
    let client = register(&lax, &defaults()).unwrap();
    let expected = [
        "grant_types holds `implicit`",
        "grant_types holds `password`",
        "require_pkce is off",
        "rotate_refresh_tokens is off",
        "reuse_access_tokens is on",
        "redirect_matching is `spring`",
    ];
    assert_eq!(client.lax_habits(), expected);
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
        let habit = "remember_approvals is on, and others could pass for this client";
        let is_lax = client.lax_habits().contains(&habit);
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
        let expected =
            format!("client `{name}`: `access_token_ttl_secs` is 0; accepted: 1 or more");
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn the_password_of_an_account_is_a_hash_that_can_be_verified() {
    let error = register_owner(&owner("eve", "the password itself")).unwrap_err();
    let expected = OwnerRegistrationError {
        name: "eve".to_owned(),
        reason: HashFormatError::UnknownId,
    };
    assert_eq!(error, expected);
    assert!(!error.to_string().contains("the password itself"));
    let account = register_owner(&owner("eve", "{noop}apple")).unwrap();
    assert_eq!(account.name, "eve");
    assert_eq!(account.authorities, ["ROLE_USER"]);
}
