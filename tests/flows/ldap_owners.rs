//! Owners of a directory: they sign in by binding there, and may do what their groups say.

use e2e::{Answer, Directory, Store, World, WorldBuilder};
use serde_json::json;

use crate::assert_described;

struct Estate {
    directory: Directory,
    world: World,
}

async fn estate(prepare: impl FnOnce(WorldBuilder) -> WorldBuilder) -> Estate {
    let directory = Directory::of_spring().await;
    let world = World::builder(Store::Memory)
        .on_directory(&directory)
        .set("AUTH_SERVER__LDAP_OWNERS__USER_SEARCH_BASE", "ou=people")
        .set("AUTH_SERVER__LDAP_OWNERS__GROUP_SEARCH_BASE", "ou=groups")
        .set("AUTH_SERVER__LDAP_OWNERS__DEFAULT_AUTHORITIES", "ROLE_USER")
        .prepared_by(prepare);
    Estate {
        world: world.start().await,
        directory,
    }
}

fn by_pattern(builder: WorldBuilder) -> WorldBuilder {
    builder.set(
        "AUTH_SERVER__LDAP_OWNERS__USER_DN_PATTERN",
        "uid={0},ou=people",
    )
}

impl Estate {
    async fn by_password(&self, name: &str, password: &str) -> Answer {
        let form = [
            ("grant_type", "password"),
            ("username", name),
            ("password", password),
        ];
        self.world.token("photo-desktop", &form).await
    }

    async fn check(&self, token: &Answer) -> Answer {
        self.world.check_token(&token.access_token()).await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_can_bind_signs_in_and_groups_are_authorities() {
    for prepare in [by_pattern, |builder| builder] {
        let estate = estate(prepare).await;
        let token = estate.by_password("meilin", "photos4mei").await;
        let checked = estate.check(&token).await;
        assert_eq!(checked.json["user_name"], "meilin", "{}", checked.text);
        let authorities = json!(["ROLE_DEVELOPERS", "ROLE_MANAGERS", "ROLE_USER"]);
        assert_eq!(checked.json["authorities"], authorities);
        // A name is a value, whatever characters it has.
        let token = estate.by_password("c, d", "photos4cd").await;
        let checked = estate.check(&token).await;
        assert_eq!(
            checked.json["authorities"],
            json!(["ROLE_DEVELOPERS", "ROLE_USER"])
        );
        // Typed in another letter case it is the same person, under the name as the directory has it.
        let token = estate.by_password("MeiLin", "photos4mei").await;
        assert_eq!(estate.check(&token).await.json["user_name"], "meilin");
        // Those of the settings are there too.
        let token = estate.by_password("xiaoming", "photos4me").await;
        assert_eq!(token.status, 200, "{}", token.text);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_signs_in_with_the_directorys_password() {
    let estate = estate(|builder| builder).await;
    let browser = estate.world.browser();
    browser.sign_in("meilin", "photos4mei").await;
    let home = browser.get(&format!("{}/", estate.world.auth)).await;
    assert!(home.text.contains("meilin"), "{}", home.text);
    // Whoever is gone is signed out once what was known counts no more.
    estate
        .directory
        .change("dn: uid=meilin,ou=people,dc=example\nchangetype: delete\n");
    estate.world.clock.advance_secs(61);
    let home = browser.get(&format!("{}/", estate.world.auth)).await;
    assert!(!home.text.contains("meilin"), "{}", home.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn neither_an_empty_password_nor_an_injected_name_signs_anybody_in() {
    for prepare in [by_pattern, |builder| builder] {
        let estate = estate(prepare).await;
        for (name, password) in [
            ("meilin", "wrong"),
            ("nobody", "photos4mei"),
            ("*", "photos4mei"),
            ("mei*", "photos4mei"),
            ("meilin)(uid=*", "photos4mei"),
            ("*)(|(uid=*", "photos4mei"),
            ("x)(|(uid=meilin)", "photos4mei"),
            ("meilin,ou=people,dc=example", "photos4mei"),
            ("meilin,ou=people", "photos4mei"),
            ("meilin+cn=Meilin", "photos4mei"),
            ("\\6deilin", "photos4mei"),
            ("cn=searcher", "s3cret of the searcher"),
            ("{0}", "photos4mei"),
            (" meilin", "photos4mei "),
        ] {
            let answer = estate.by_password(name, password).await;
            assert_described(&answer, 400, "invalid_grant", "Bad credentials");
        }
        // This directory answers an unauthenticated bind with success.
        let answer = estate.by_password("meilin", "").await;
        assert_eq!(answer.status, 400, "{}", answer.text);
        let token = estate.by_password("meilin", "photos4mei").await;
        assert_eq!(token.status, 200, "{}", token.text);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_locked_by_the_filter_or_gone_signs_in_no_more_and_tokens_end() {
    let estate = estate(|builder| {
        builder.set(
            "AUTH_SERVER__LDAP_OWNERS__USER_SEARCH_FILTER",
            "(&(uid={0})(employeeType=active))",
        )
    })
    .await;
    let answer = estate.by_password("weiwei", "photos4wei").await;
    assert_described(&answer, 400, "invalid_grant", "Bad credentials");
    let token = estate.by_password("meilin", "photos4mei").await;
    assert_eq!(estate.check(&token).await.status, 200);
    let lock = "dn: uid=meilin,ou=people,dc=example\nchangetype: modify\nreplace: employeeType\nemployeeType: locked\n";
    estate.directory.change(lock);
    let answer = estate.by_password("meilin", "photos4mei").await;
    assert_described(&answer, 400, "invalid_grant", "Bad credentials");
    estate.world.clock.advance_secs(61);
    assert_eq!(estate.check(&token).await.status, 400);
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", &token.refresh_token()),
    ];
    let renewed = estate.world.token("photo-desktop", &form).await;
    renewed.assert_error(400, "invalid_grant");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_password_ends_what_was_granted_where_an_attribute_tells_it() {
    let estate = estate(|builder| {
        builder.set(
            "AUTH_SERVER__LDAP_OWNERS__PASSWORD_CHANGED_ATTRIBUTE",
            "description",
        )
    })
    .await;
    let token = estate.by_password("meilin", "photos4mei").await;
    assert_eq!(estate.check(&token).await.status, 200);
    let change = "dn: uid=meilin,ou=people,dc=example\nchangetype: modify\nreplace: userPassword\nuserPassword: changed\n-\n\
                  replace: description\ndescription: 20261127\n";
    estate.directory.change(change);
    let answer = estate.by_password("meilin", "photos4mei").await;
    assert_described(&answer, 400, "invalid_grant", "Bad credentials");
    assert_eq!(estate.by_password("meilin", "changed").await.status, 200);
    assert_eq!(estate.check(&token).await.status, 400);
}
