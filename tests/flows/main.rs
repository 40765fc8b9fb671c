//! Every grant from its start to the photos, and every error on the way.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a JSON member that is absent is null, and a test may fail"
)]

mod access_rules;
mod account;
mod account_password;
mod administered_access;
mod administered_applications;
mod administered_journal;
mod administered_keys;
mod administered_settings;
mod administration_api;
mod administration_pages;
mod approvals;
mod attacks_of_the_demo;
mod authorization_code;
mod authorization_errors;
mod check_token;
mod client_authentication;
mod client_secrets;
mod demo_client;
mod developer;
mod developer_activity;
mod direct_grants;
mod extension_grants;
mod extensions;
mod forgotten_password;
mod implicit;
mod introspection;
mod invitations;
mod issuer_path;
mod journal;
mod jwt;
mod jwt_refresh_tokens;
mod key_publication;
mod key_rotation;
mod languages;
mod late_forms;
mod ldap_owners;
mod legacy_jwts;
mod legacy_tokens;
mod legacy_tokens_in_sql;
mod lifetimes;
mod mapped_paths;
mod metadata;
mod odd_browsers;
mod old_server;
mod old_server_clients;
mod own_templates;
mod passkeys;
mod refresh;
mod refresh_settings;
mod registration;
mod registry_certificates;
mod resource_server;
mod reuse;
mod revocation;
mod second_factor;
mod sign_in;
mod sign_up;
mod spring_approvals;
mod spring_authorize_endpoint;
mod spring_authorize_scopes;
mod spring_check_token;
mod spring_grants;
mod spring_profile;
mod spring_token_endpoint;
mod spring_xml_answers;
mod sql_registries;
mod sunset;
mod tabs;
mod token_errors;
mod token_formats;
mod way_back;

/// RFC 7636 appendix B.
const CODE_VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// RFC 7636 appendix B.
const CODE_CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
/// The URL of [`OTHER_SHOP`].
const OTHER_CALLBACK: &str = "https://shop.example/callback";
/// A second client of the authorization code grant.
const OTHER_SHOP: &str = r#"
    [[clients]]
    client_id = "other-shop"
    client_name = "Other Shop"
    client_secret = "{noop}other-shop-secret"
    grant_types = ["authorization_code", "refresh_token"]
    redirect_uris = ["https://shop.example/callback"]
    scope = ["photo.read", "profile"]
    resource_ids = ["photo-space"]
    require_pkce = false
"#;

/// Parameters of a query or a form.
type Form<'a> = &'a [(&'a str, &'a str)];

/// Every photo that an answer of the resource server holds belongs to this owner, and there is one.
#[track_caller]
fn assert_photos_of(owner: &str, answer: &e2e::Answer) {
    assert_eq!(answer.status, 200, "{}", answer.text);
    let photos = answer.json.as_array().unwrap();
    assert!(!photos.is_empty());
    assert!(photos.iter().all(|photo| photo["owner"] == owner));
}

/// The `error_description` and the rest of an error.
#[track_caller]
fn assert_described(answer: &e2e::Answer, status: u16, code: &str, description: &str) {
    answer.assert_error(status, code);
    assert_eq!(answer.json["error_description"], description);
}

/// Each rule as a test on each database.
macro_rules! on_every_database {
    ($($rule:ident),+ $(,)?) => {
        on_every_database!(@on sqlite, Sqlite, $($rule),+);
        on_every_database!(@on postgresql, Postgresql, $($rule),+);
        on_every_database!(@on mariadb, Mariadb, $($rule),+);
    };
    (@on $name:ident, $kind:ident, $($rule:ident),+) => {
        mod $name {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $rule() {
                    super::$rule(e2e::DatabaseKind::$kind).await;
                }
            )+
        }
    };
}
pub(crate) use on_every_database;
