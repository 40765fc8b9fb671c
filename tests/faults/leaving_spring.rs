//! The resource server's program with the settings that the guide shows for the time between the old server and this one.

use e2e::{
    Answer, AuthServerProcess, SPRING_CLIENT, ServiceProcess, SpringServer, run_auth_server,
    secret_of,
};
use serde_json::json;

/// The settings of the guide, for these two servers.
fn settings_of_the_guide(new: &str, old: &str) -> String {
    let guide = include_str!("../../docs/leaving-spring.md");
    let (_, after) = guide.split_once("```toml\ndialect").unwrap();
    let (settings, _) = after.split_once("```").unwrap();
    let own = "client_id = \"orders\"\nclient_secret = \"…\"";
    assert_eq!(settings.matches(own).count(), 2, "{settings}");
    let credentials = |id: &str, secret: &str| {
        format!(
            "client_id = {}\nclient_secret = {}",
            json!(id),
            json!(secret)
        )
    };
    let (old_id, old_secret) = SPRING_CLIENT;
    let settings = settings
        .replace("https://login.example/uaa", new)
        .replace("https://old.example/uaa", old)
        .replacen(
            own,
            &credentials("photo-space", &secret_of("photo-space")),
            1,
        )
        .replacen(own, &credentials(old_id, old_secret), 1);
    format!("dialect{settings}")
}

async fn me(server: &ServiceProcess, token: &str) -> Answer {
    let url = format!("{}/me", server.address);
    let request = reqwest::Client::builder().build().unwrap().get(url);
    Answer::read(request.bearer_auth(token).send().await.unwrap()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_guides_resource_server_lives_through_the_move() {
    let profile = [("AUTH_SERVER__PROFILE", "spring")];
    let new = AuthServerProcess::start("memory:", &profile).await;
    let old = SpringServer::start();
    let facts = json!({"aud": ["photo-space"], "user_name": "lihua", "scope": ["profile"],
        "active": true, "authorities": ["ROLE_USER"], "client_id": "old-shop"});
    old.know("sesame-of-the-old-server", facts);
    let settings = settings_of_the_guide(&new.auth, &old.url);
    let server = ServiceProcess::start("resource-server", Some(&settings), &[]).await;
    let form = [
        ("grant_type", "password"),
        ("username", "xiaoming"),
        ("password", "photos4me"),
        ("scope", "profile"),
    ];
    let given = new.post_as("photo-desktop", "/oauth/token", &form).await;
    let new_token = given.access_token();
    for (token, owner) in [
        (new_token.as_str(), "xiaoming"),
        ("sesame-of-the-old-server", "lihua"),
    ] {
        let answer = me(&server, token).await;
        assert_eq!(answer.json["user_name"], owner, "{}", answer.text);
    }
    me(&server, "sesame-of-nobody")
        .await
        .assert_error(401, "invalid_token");
    // The old server is switched off: what is not known here nobody can tell of, and callers keep it.
    old.go_down();
    let answer = me(&server, "sesame-of-nobody").await;
    answer.assert_error(503, "temporarily_unavailable");
    assert_eq!(me(&server, &new_token).await.status, 200);
    let log = server.log();
    for secret in ["sesame", new_token.as_str(), SPRING_CLIENT.1] {
        assert!(!log.contains(secret), "{log}");
    }
}

#[tokio::test]
async fn check_config_names_a_key_of_the_old_server_that_cannot_be_used_and_never_shows_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key");
    std::fs::write(&file, "s3cret").unwrap();
    let file = file.display();
    for (named, found) in [
        (format!("HS256:{file}"), "is too short a secret"),
        (format!("RS256:{file}"), "is no RSA key"),
        (format!("none:{file}"), "names no algorithm"),
        (file.to_string(), "names no file"),
        (format!("HS256:{file}.gone"), "No such file"),
    ] {
        let environment = [("AUTH_SERVER__LEGACY_TOKENS__JWT_KEYS", named.as_str())];
        let finished = run_auth_server(&["check-config"], &environment, "").await;
        assert_eq!(finished.code, Some(2), "{named}: {}", finished.stderr);
        let said = format!("{}{}", finished.stdout, finished.stderr);
        assert!(said.contains("`legacy_tokens.jwt_keys`"), "{said}");
        assert!(said.contains(found), "{named}: {said}");
        assert!(!said.contains("s3cret"), "{said}");
    }
}
