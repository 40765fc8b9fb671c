//! What ought to end: who still does it, and what is announced to them.

use e2e::{Answer, World, WorldBuilder, on_every_store};
use serde_json::{Value, json};

use crate::administration_api::{console, get, on as with_api};

/// Clients that may what they are not seen with, and one whose secret is well kept.
const CLIENTS: &str = r#"
    [[clients]]
    client_id = "quiet"
    client_name = "Quiet"
    client_secret = "{sha-256}0d892d397a3aecc27c8c77b0463836124f1b680ceaeb9714e1b1a773b77e2e49"
    grant_types = ["password"]
    scope = ["photo.read"]
"#;

fn on(world: WorldBuilder) -> WorldBuilder {
    with_api(world)
        .with(CLIENTS)
        .set("AUTH_SERVER__SPRING__TOKEN_BY_GET", "true")
}

const PASSWORD: [(&str, &str); 3] = [
    ("grant_type", "password"),
    ("username", "xiaoming"),
    ("password", "photos4me"),
];

/// What the list says of a habit: clients, and whether each was seen.
async fn listed(world: &World, token: &str, habit: &str) -> Vec<(Option<String>, Option<u64>)> {
    let list = get(world, token, &format!("/habits?habit={habit}")).await;
    assert_eq!(list.status, 200, "{}", list.text);
    let items = list.json["items"].as_array().unwrap().iter();
    let client = |item: &Value| {
        assert_eq!(item["habit"], habit);
        assert_eq!(
            item.get("last_seen_at").is_some(),
            item.get("uses_on_that_day").is_some()
        );
        (
            item["client_id"].as_str().map(ToOwned::to_owned),
            item["uses_on_that_day"].as_u64(),
        )
    };
    items.map(client).collect()
}

fn one(client: &str, uses: Option<u64>) -> (Option<String>, Option<u64>) {
    (Some(client.to_owned()), uses)
}

async fn by_get(world: &World) -> Answer {
    let request = world.http().get(format!(
        "{}/oauth/token?grant_type=client_credentials&client_id=photo-backup&client_secret=photo-backup-secret",
        world.auth
    ));
    Answer::read(request.send().await.unwrap()).await
}

on_every_store! {
    /// Each use is counted with its client, and who may and does not is told behind them.
    async fn who_does_what_ought_to_end_is_told(world; on) {
        let token = console(&world).await;
        for _ in 0..2 {
            let issued = world.token("photo-desktop", &PASSWORD).await;
            assert_eq!(world.check_token(&issued.access_token()).await.status, 200);
        }
        world.exchange(&world.code().await).await.access_token();
        world.get("/oauth/token_key").await;
        by_get(&world).await.access_token();

        let passwords = listed(&world, &token, "password_grant").await;
        let expected = [one("photo-desktop", Some(2)), one("desk", None), one("quiet", None)];
        assert_eq!(passwords, expected);
        let checks = listed(&world, &token, "check_token").await;
        assert!(checks.contains(&one("photo-space", Some(2))), "{checks:?}");
        let codes = listed(&world, &token, "code_without_pkce").await;
        assert_eq!(codes[0], one("print-photo", Some(1)));
        assert_eq!(listed(&world, &token, "token_key").await, [(None, Some(1))]);
        assert_eq!(listed(&world, &token, "token_by_get").await, [one("photo-backup", Some(1))]);
        let secrets = listed(&world, &token, "weak_secret").await;
        assert!(secrets.contains(&one("console", Some(1))), "{secrets:?}");
        assert!(!secrets.contains(&one("quiet", None)), "{secrets:?}");
        assert_eq!(listed(&world, &token, "legacy_token").await, []);
    }

    /// What is refused is no use, whoever asks.
    async fn what_is_refused_is_not_counted(world; on) {
        let token = console(&world).await;
        let wrong = [PASSWORD[0], PASSWORD[1], ("password", "wrong")];
        world.token("photo-desktop", &wrong).await.assert_error(400, "invalid_grant");
        world.post("/oauth/check_token", &[("token", "x")]).await;
        let passwords = listed(&world, &token, "password_grant").await;
        assert!(passwords.iter().all(|(_, uses)| uses.is_none()), "{passwords:?}");
        let checks = listed(&world, &token, "check_token").await;
        assert!(checks.iter().all(|(_, uses)| uses.is_none()), "{checks:?}");
    }

    /// The list of all habits goes on where it was cut, and nobody is in it twice.
    async fn the_list_of_all_habits_is_whole(world; on) {
        let token = console(&world).await;
        world.token("photo-desktop", &PASSWORD).await.access_token();
        let (mut whole, mut after) = (Vec::new(), String::new());
        loop {
            let list = get(&world, &token, &format!("/habits{after}")).await;
            assert_eq!(list.status, 200, "{}", list.text);
            whole.extend(list.json["items"].as_array().unwrap().clone());
            match list.json["next"].as_str() {
                Some(next) => after = format!("?after={next}"),
                None => break,
            }
        }
        let mut names: Vec<String> = whole.iter().map(|item| format!("{} {}", item["habit"], item["client_id"])).collect();
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
        let seen = json!({ "habit": "password_grant", "client_id": "photo-desktop" });
        let found = whole.iter().find(|item| item["client_id"] == seen["client_id"] && item["habit"] == seen["habit"]);
        assert_eq!(found.unwrap()["uses_on_that_day"], 1);
        for wrong in ["?habit=other", "?after=x", "?habit=token_key&after=check_token%2Fseen", "?habit="] {
            get(&world, &token, &format!("/habits{wrong}")).await.assert_error(400, "invalid_request");
        }
    }

    /// The page says the same, with what to do instead.
    async fn the_page_says_who_and_what_instead(world; on) {
        world.token("photo-desktop", &PASSWORD).await.access_token();
        let browser = world.browser();
        browser.sign_in("admin", "admin4me").await;
        let page = browser.get("/admin/sunset").await;
        assert_eq!(page.status, 200);
        let (_, section) = page.text.split_once("<h2>Password grant</h2>").unwrap();
        let (section, _) = section.split_once("</li>").unwrap();
        for said in ["RFC 9700, section 2.4", "photo-desktop", "once that day", "quiet", "allowed, not seen"] {
            assert!(section.contains(said), "{said}: {section}");
        }
        let one = browser.get("/admin/sunset?after=password_grant%2Fseen").await;
        assert!(one.text.contains("photo-desktop") && !one.text.contains("Implicit grant"), "{}", one.text);
        let other = world.browser();
        other.sign_in("xiaoming", "photos4me").await;
        assert_eq!(other.get("/admin/sunset").await.status, 404);
    }

    /// Nothing is announced unless the settings say so.
    async fn nothing_is_announced_to_begin_with(world; on) {
        for answer in [
            world.token("photo-desktop", &PASSWORD).await,
            world.get("/oauth/token_key").await,
            by_get(&world).await,
        ] {
            for field in ["deprecation", "sunset", "link"] {
                assert_eq!(answer.header(field), "", "{field}");
            }
        }
    }

    /// Each habit is told on each answer of its requests, in the words of the RFCs, and on no other answer.
    async fn what_ends_is_announced_to_who_uses_it(world; announcing) {
        let issued = world.token("photo-desktop", &PASSWORD).await;
        let refused = world.token("photo-desktop", &PASSWORD[..1]).await;
        for answer in [&issued, &refused] {
            assert_eq!(answer.header("deprecation"), "@1767225600");
            assert_eq!(answer.header("sunset"), "Fri, 01 Jan 2027 00:00:00 GMT");
            let link = "<https://x.example/bye>; rel=\"deprecation\", <https://x.example/bye>; rel=\"sunset\"";
            assert_eq!(answer.header("link"), link);
        }
        let checked = world.check_token(&issued.access_token()).await;
        assert_eq!(checked.header("deprecation"), "@1767225600");
        assert_eq!(checked.header("sunset"), "");
        assert_eq!(checked.header("link"), "");
        let key = world.get("/oauth/token_key").await;
        assert_eq!(key.header("sunset"), "Sat, 29 Jan 2028 00:00:00 GMT");
        let code = world.exchange(&world.code().await).await;
        assert_eq!(code.header("sunset"), "Tue, 01 Feb 2028 00:00:00 GMT");
        assert_eq!(code.header("deprecation"), "");
        let own = world.token("photo-backup", &[("grant_type", "client_credentials")]).await;
        let introspected = world.post_as("photo-space", "/oauth/introspect", &[("token", &own.access_token())]).await;
        for answer in [&own, &introspected] {
            assert_eq!((answer.header("deprecation"), answer.header("sunset")), ("", ""));
        }
    }

    /// A request for a token in the browser is told on its redirects, and one for a code is not.
    async fn the_implicit_grant_is_told_on_its_redirects(world; announcing) {
        let browser = world.browser();
        let spa = format!("{}/spa", world.client);
        let asked = |response_type| format!(
            "/oauth/authorize?response_type={response_type}&client_id=photo-spa&redirect_uri={spa}&scope=photo.read"
        );
        let answer = browser.get(&asked("token")).await;
        assert_eq!(answer.header("deprecation"), "@1772323200", "{}", answer.text);
        let answer = browser.get(&asked("code")).await;
        assert_eq!(answer.header("deprecation"), "");
    }
}

fn announcing(world: WorldBuilder) -> WorldBuilder {
    let sunset = [
        ("PASSWORD_GRANT__DEPRECATED", "2026-01-01"),
        ("PASSWORD_GRANT__SUNSET", "2027-01-01"),
        ("PASSWORD_GRANT__LINK", "https://x.example/bye"),
        ("CHECK_TOKEN__DEPRECATED", "2026-01-01"),
        ("TOKEN_KEY__SUNSET", "2028-01-29"),
        ("CODE_WITHOUT_PKCE__SUNSET", "2028-02-01"),
        ("IMPLICIT_GRANT__DEPRECATED", "2026-03-01"),
    ];
    sunset.into_iter().fold(world, |world, (name, day)| {
        world.set(&format!("AUTH_SERVER__SUNSET__{name}"), day)
    })
}
