//! The directory of owners goes away under way, falls silent, and comes back.

use std::time::{Duration, Instant};

use e2e::{Answer, Directory, Store, World, run_auth_server};

const PATIENCE: Duration = Duration::from_secs(60);

async fn world(directory: &Directory) -> World {
    World::builder(Store::Memory)
        .on_directory(directory)
        .set("AUTH_SERVER__LDAP_OWNERS__TIMEOUT_MS", "1000")
        .start()
        .await
}

async fn by_password(world: &World, name: &str, password: &str) -> Answer {
    let form = [
        ("grant_type", "password"),
        ("username", name),
        ("password", password),
    ];
    world.token("photo-desktop", &form).await
}

async fn assert_what_was_known_goes_on(world: &World, token: &Answer) {
    world.clock.advance_secs(61);
    let later = by_password(world, "meilin", "photos4mei").await;
    later.assert_error(503, "temporarily_unavailable");
    // Whether it is right nobody knows: it is no wrong password.
    let later = by_password(world, "meilin", "wrong").await;
    later.assert_error(503, "temporarily_unavailable");
    let checked = world.check_token(&token.access_token()).await;
    assert_eq!(checked.status, 200, "{}", checked.text);
    let settings_own = by_password(world, "xiaoming", "photos4me").await;
    assert_eq!(settings_own.status, 200, "{}", settings_own.text);
    let metrics = world
        .browser()
        .get(&format!("{}/metrics", world.probes))
        .await
        .text;
    let line = "auth_server_registry_up{registry=\"ldap_owners\"} 0\n";
    assert!(metrics.contains(line), "{metrics}");
}

async fn until_it_is_back(world: &World) {
    let deadline = Instant::now() + PATIENCE;
    while by_password(world, "meilin", "photos4mei").await.status != 200 {
        assert!(
            Instant::now() < deadline,
            "the directory is not found again"
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_directory_is_killed_or_falls_silent_and_comes_back() {
    let mut directory = Directory::of_spring().await;
    let world = world(&directory).await;
    let token = by_password(&world, "meilin", "photos4mei").await;
    assert_eq!(token.status, 200, "{}", token.text);
    directory.kill();
    assert_what_was_known_goes_on(&world, &token).await;
    directory.restart().await;
    until_it_is_back(&world).await;
    directory.pause();
    assert_what_was_known_goes_on(&world, &token).await;
    directory.resume();
    until_it_is_back(&world).await;
}

#[tokio::test]
async fn check_config_finds_settings_of_a_directory_that_cannot_work_all_at_once() {
    let found = run_auth_server(
        &["check-config"],
        &[
            (
                "AUTH_SERVER__LDAP_OWNERS__URL",
                "ldap://u:s3cret@dir.example/dc=a",
            ),
            ("AUTH_SERVER__LDAP_OWNERS__USER_DN_PATTERN", "uid=meilin"),
            ("AUTH_SERVER__LDAP_OWNERS__GROUP_SEARCH_FILTER", "(cn=all"),
            ("AUTH_SERVER__LDAP_OWNERS__BIND_DN", "cn=searcher"),
        ],
        "",
    )
    .await;
    assert_eq!(found.code, Some(2), "{}", found.stderr);
    let said = format!("{}{}", found.stdout, found.stderr);
    for part in [
        "`ldap_owners.url` holds a user",
        "`ldap_owners.user_dn_pattern` does not hold who is meant",
        "`ldap_owners.group_search_filter` does not hold who is meant",
        "`ldap_owners.group_search_filter` is no filter",
        "`ldap_owners.bind_dn` and `ldap_owners.bind_password` are not both there",
        "passwords travel there",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(!said.contains("s3cret"), "{said}");
}
