use std::collections::HashMap;
use std::io::Write as _;

use symbolon::random::SystemRandom;
use symbolon_service::settings::{SettingsError, SettingsSources};

use super::*;
use crate::passwords::PasswordHash;
use crate::settings::Settings;
use symbolon::secret::Secret;

const YAML: &str = r#"
server:
  port: 8081
  servlet: {context-path: /uaa}
spring:
  datasource:
    url: jdbc:postgresql://db.example:5433/sso?user=ignored&sslmode=require&password=s3cret
    username: sso
    password: s3cret
  redis: {host: redis.example, database: 2, password: s3cret, ssl: true}
  security.user: {name: admin, password: "{noop}s3cret", roles: [ADMIN, USER]}
security:
  oauth2:
    client:
      clientId: shop
      client-secret: s3cret
      authorized-grant-types: [client_credentials, password, custom]
      scope: read,write
      auto-approve-scopes: ".*"
      access-token-validity-seconds: -1
    authorization:
      check-token-access: hasAuthority('ROLE_TRUSTED')
      jwt: {key-value: s3cret}
    unheard: of
logging.level.root: debug
"#;

fn drafted(text: &str) -> Draft {
    let mut file = tempfile::Builder::new().suffix(".yml").tempfile().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    let said = SpringConfiguration::read(file.path(), &[]).unwrap();
    Draft::of(&said, &SystemRandom).unwrap()
}

fn settings(toml: &str) -> Settings {
    loaded(toml).unwrap()
}

fn loaded(toml: &str) -> Result<Settings, SettingsError> {
    let mut file = tempfile::Builder::new().suffix(".toml").tempfile().unwrap();
    file.write_all(toml.as_bytes()).unwrap();
    let sources = SettingsSources {
        file: Some(file.path().as_os_str().to_owned().into()),
        environment: HashMap::new(),
    };
    sources.load()
}

#[test]
fn a_draft_is_a_settings_file_that_says_what_the_configuration_said() {
    let draft = drafted(YAML);
    let settings = settings(&draft.toml);
    assert_eq!(settings.http.port, 8081);
    assert_eq!(
        settings.access.check_token.as_deref(),
        Some("hasAuthority('ROLE_TRUSTED')")
    );
    let sql = settings.sql_clients.url.as_ref().unwrap().expose();
    assert_eq!(sql, "postgres://sso@db.example:5433/sso?sslmode=require");
    let redis = settings.legacy_tokens.redis_url.as_ref().unwrap().expose();
    assert_eq!(redis, "rediss://redis.example:6379/2");
    let client = settings.registered_clients().unwrap().remove(0);
    assert!(client.secret.unwrap().matches(&Secret::new("s3cret")));
    assert_eq!(client.access_token_ttl_secs, None);
    assert_eq!(client.grant_types.len(), 2);
    let owner = &settings.owners[0];
    assert_eq!((owner.name.as_str(), owner.authorities.len()), ("admin", 2));
    let password = PasswordHash::read(owner.password.expose(), None).unwrap();
    assert!(password.matches(&Secret::new("s3cret")) && password.is_slow());
}

#[test]
fn a_context_path_is_not_lost_with_the_host_that_is_not_known() {
    let draft = drafted(YAML);
    let issuer = settings(&draft.toml).issuer;
    assert_eq!(issuer.as_deref(), Some("http://localhost:8081/uaa"));
    let outside = "issuer = \"https://HOST/uaa\"";
    assert!(draft.toml.contains(outside), "{}", draft.toml);
    let both = drafted("server.servlet.context-path: /uaa/\nspring.mvc.servlet.path: /auth\n");
    let settings = settings(&both.toml);
    let here = format!("http://localhost:{}/uaa/auth", settings.http.port);
    assert_eq!(settings.issuer, Some(here));
    let elsewhere = drafted("server.servlet.context-path: ${PLACE}\n");
    let refused = loaded(&elsewhere.toml).unwrap_err().to_string();
    assert!(
        refused.contains("`http://localhost:9000/{PLACE}`"),
        "{refused}"
    );
    let root = drafted("server.servlet.context-path: /\n");
    assert_eq!(loaded(&root.toml).unwrap().issuer, None);
}

#[test]
fn nothing_secret_is_in_a_draft() {
    let draft = drafted(YAML);
    assert!(!draft.toml.contains("s3cret"), "{}", draft.toml);
    assert!(!format!("{:?}", draft.meanings).contains("s3cret"));
}

#[test]
fn what_a_setting_means_is_told_and_that_one_means_nothing() {
    let draft = drafted(YAML);
    let here = |name: &str| {
        let mut found = draft.meanings.iter();
        found
            .find(|meaning| meaning.name == name)
            .map(|meaning| meaning.here)
    };
    assert_eq!(
        here("security.oauth2.client.clientId"),
        Some(Some("client_id of [[clients]]"))
    );
    assert_eq!(
        here("spring.redis.ssl"),
        Some(Some("legacy_tokens.redis_url"))
    );
    assert_eq!(here("security.oauth2.unheard"), Some(None));
    assert_eq!(here("logging.level.root"), None);
}

#[test]
fn what_stands_elsewhere_is_left_to_whoever_reads_it() {
    let draft = drafted(
        "spring:\n  datasource.url: ${DB}\n  redis: {sentinel: {master: m}}\n  security.user.password: ${PW}\n\
         security.oauth2.client: {client-id: shop, client-secret: '${SECRET}', scope: [a]}\n",
    );
    settings(&draft.toml);
    for text in [
        "comes from ${DB}",
        "Sentinel",
        "${PW}",
        "hash-secret` makes of ${SECRET}",
    ] {
        assert!(draft.toml.contains(text), "{text}: {}", draft.toml);
    }
}

#[test]
fn a_client_whose_secret_is_not_known_is_left_to_whoever_reads_the_draft() {
    let of = |secret: &str| {
        drafted(&format!(
            "security.oauth2.client: {{client-id: shop, scope: [a], authorized-grant-types: client_credentials{secret}}}\n"
        ))
    };
    for secret in ["", ", client-secret: '${SECRET}'"] {
        let draft = of(secret);
        let settings = settings(&draft.toml);
        assert!(settings.clients.is_empty(), "{}", draft.toml);
        assert!(draft.toml.contains("# client_id = \"shop\""));
        let judged = &draft.clients[0];
        assert!(judged.client_secret.is_some());
    }
    let public = of(", client-secret: ''");
    assert!(public.clients[0].client_secret.is_none());
    let named_elsewhere = drafted("security.oauth2.client: {client-id: '${ID}'}\n");
    assert!(named_elsewhere.toml.contains("client_id comes from ${ID}"));
    settings(&named_elsewhere.toml);
}

#[test]
fn addresses_of_other_databases_are_not_guessed() {
    for jdbc in [
        "jdbc:h2:mem:x",
        "jdbc:oracle:thin:@db:1521:x",
        "jdbc:postgresql://a:1,b:2/x",
        "nonsense",
        "jdbc:postgresql:x",
    ] {
        let draft = drafted(&format!("spring.datasource.url: \"{jdbc}\"\n"));
        let settings = settings(&draft.toml);
        assert!(settings.sql_clients.url.is_none(), "{jdbc}: {}", draft.toml);
    }
    let mysql = drafted(
        "spring.datasource: {url: 'jdbc:mariadb://db/sso?useSSL=false', username: 'a b@c'}\n",
    );
    let settings = settings(&mysql.toml);
    assert_eq!(
        settings.sql_clients.url.unwrap().expose(),
        "mysql://a%20b%40c@db/sso"
    );
}

#[test]
fn what_a_configuration_says_forges_no_line_of_a_draft() {
    let draft = drafted(
        "server.servlet.context-path: \"/a\\nprofile = 1\"\nspring.ldap: {urls: \"ldap://x\\n[paths]\", base: \"dc\\n[paths]\"}\n\
         security.oauth2.client: {client-id: \"a\\\"\\n[x]\", scope: [b], client-secret: x}\n",
    );
    let read: toml::Table = draft.toml.parse().unwrap();
    assert_eq!(
        read.keys().collect::<Vec<_>>(),
        ["clients", "issuer", "ldap_owners", "profile"]
    );
    assert_eq!(read["ldap_owners"].as_table().unwrap().len(), 0);
    assert_eq!(read["clients"][0]["client_id"].as_str(), Some("a\"\n[x]"));
}

#[test]
fn a_hash_that_is_none_is_not_taken_for_a_plain_text() {
    let draft = drafted(
        "security.oauth2.client: {client-id: shop, scope: [a], client-secret: '{bcrypt}$2a$10$cut'}\n",
    );
    let told = "# client_secret is {bcrypt} and no hash of that kind; accepted: ";
    assert!(draft.toml.contains(told), "{}", draft.toml);
    assert!(!draft.toml.contains("$2a$10$cut"), "{}", draft.toml);
    let read: toml::Table = draft.toml.parse().unwrap();
    assert!(!read.contains_key("clients"));
}
