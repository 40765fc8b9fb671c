//! What administrators do, by the API.

use std::path::Path;

use e2e::{Answer, CONSOLE, Said, World, WorldBuilder, on_every_store, passkey_options};
use reqwest::Method;
use serde_json::{Value, json};
use symbolon::clock::{Clock as _, Timestamp};
use symbolon::identifiers::ClientId;
use symbolon_auth_server::records::{ClientRegistration, Registered};

use crate::journal::known_of;

const CLIENTS: &str = r#"
    [[clients]]
    client_id = "desk"
    client_name = "Desk"
    client_secret = "{noop}desk-secret"
    grant_types = ["password"]
    scope = ["admin.read", "admin.write"]
    resource_ids = ["administration"]

    [[clients]]
    client_id = "elsewhere"
    client_name = "Elsewhere"
    client_secret = "{noop}elsewhere-secret"
    grant_types = ["client_credentials"]
    scope = ["admin.read", "admin.write"]
    resource_ids = ["photo-space"]
    authorities = ["ROLE_ADMIN"]

    [[clients]]
    client_id = "everywhere"
    client_name = "Everywhere"
    client_secret = "{noop}everywhere-secret"
    grant_types = ["client_credentials"]
    scope = ["admin.read", "admin.write"]
    authorities = ["ROLE_ADMIN"]

    [[clients]]
    client_id = "nobody-much"
    client_name = "Nobody much"
    client_secret = "{noop}nobody-much-secret"
    grant_types = ["client_credentials"]
    scope = ["admin.read", "admin.write"]
    resource_ids = ["administration"]
"#;

pub(crate) fn on(world: WorldBuilder) -> WorldBuilder {
    world
        .set("AUTH_SERVER__ADMINISTRATION__API", "true")
        .with(CONSOLE)
        .with(CLIENTS)
}

/// A token of a client for itself.
async fn token_of(world: &World, client: &str, scope: &str) -> String {
    let form = [("grant_type", "client_credentials"), ("scope", scope)];
    world.token(client, &form).await.access_token()
}

/// An owner who signs in through the desk.
async fn at_the_desk(world: &World, (name, password): (&str, &str), scope: &str) -> Answer {
    let form = [
        ("grant_type", "password"),
        ("username", name),
        ("password", password),
        ("scope", scope),
    ];
    world.token("desk", &form).await
}

/// A token of an owner's.
async fn token_for(world: &World, owner: (&str, &str), scope: &str) -> String {
    at_the_desk(world, owner, scope).await.access_token()
}

pub(crate) async fn console(world: &World) -> String {
    token_of(world, "console", "admin.read admin.write").await
}

pub(crate) async fn call(
    world: &World,
    token: &str,
    (method, path): (Method, &str),
    body: &Value,
) -> Answer {
    let url = format!("{}/admin/api/v1{path}", world.auth);
    let mut request = world.http().request(method, url);
    if !token.is_empty() {
        request = request.bearer_auth(token);
    }
    if !body.is_null() {
        request = request.json(body);
    }
    Answer::read(request.send().await.unwrap()).await
}

pub(crate) async fn get(world: &World, token: &str, path: &str) -> Answer {
    call(world, token, (Method::GET, path), &Value::Null).await
}

pub(crate) async fn post(world: &World, token: &str, path: &str, body: &Value) -> Answer {
    call(world, token, (Method::POST, path), body).await
}

async fn delete(world: &World, token: &str, path: &str) -> Answer {
    call(world, token, (Method::DELETE, path), &Value::Null).await
}

/// An application of the store, as an owner registers it.
pub(crate) async fn with_application(world: &World, id: &str, by: Option<&str>, awaits: bool) {
    let registration = ClientRegistration {
        registered: Some(Registered {
            by: by.map(str::to_owned),
            at: Timestamp::from_secs(1_750_000_000),
        }),
        awaits_approval: awaits,
        ..ClientRegistration::new(ClientId::new(id), "An application")
    };
    let registrar = &world.server.registration.registrar;
    registrar.store_client(&registration).await.unwrap();
}

async fn signs_in(world: &World, name: &str, password: &str) -> bool {
    let answer = at_the_desk(world, (name, password), "admin.read").await;
    answer.status == 200
}

fn names(list: &Answer, member: &str) -> Vec<String> {
    let items = list.json["items"].as_array().unwrap().iter();
    let named = items.map(|item| item[member].as_str().unwrap().to_owned());
    named.collect()
}

/// Every call, with a body where it reads one.
fn calls() -> Vec<(Method, &'static str, Value)> {
    let none = || Value::Null;
    vec![
        (Method::GET, "/owners", none()),
        (Method::POST, "/owners", json!({"name": "wang"})),
        (Method::GET, "/owners/wang", none()),
        (Method::DELETE, "/owners/wang", none()),
        (Method::POST, "/owners/wang/lock", none()),
        (Method::POST, "/owners/wang/unlock", none()),
        (Method::POST, "/owners/wang/password", json!({})),
        (Method::POST, "/owners/wang/invitation", none()),
        (Method::PUT, "/owners/wang/email", json!({})),
        (Method::DELETE, "/owners/wang/second-factor", none()),
        (Method::GET, "/grants?owner=wang", none()),
        (Method::DELETE, "/grants?owner=wang", none()),
        (Method::GET, "/grants/AAAAAAAAAAAAAAAAAAAAAA", none()),
        (Method::DELETE, "/grants/AAAAAAAAAAAAAAAAAAAAAA", none()),
        (Method::GET, "/keys", none()),
        (Method::POST, "/keys", none()),
        (Method::GET, "/audit", none()),
        (Method::GET, "/settings", none()),
        (Method::GET, "/audit/some-request", none()),
        (Method::GET, "/habits", none()),
        (Method::GET, "/applications", none()),
        (
            Method::POST,
            "/applications",
            json!({"client_name": "A", "grant_types": ["password"], "scope": "a"}),
        ),
        (Method::POST, "/applications/app-1/secret", none()),
        (Method::GET, "/applications/app-1", none()),
        (Method::DELETE, "/applications/app-1", none()),
        (Method::POST, "/applications/app-1/approve", none()),
        (Method::POST, "/applications/app-1/suspend", none()),
        (Method::POST, "/applications/app-1/resume", none()),
    ]
}

on_every_store! {
    /// A good token that may not do this says in the journal whose it is.
    async fn who_shows_a_token_that_will_not_do_is_known_later(world; on) {
        let owner = token_for(&world, ("xiaoming", "photos4me"), "admin.read").await;
        let reads = token_of(&world, "console", "admin.read").await;
        let elsewhere = token_of(&world, "elsewhere", "admin.read").await;
        for (id, token, method, status, who) in [
            ("authority", &owner, Method::GET, 403, ("desk", "xiaoming")),
            ("scope", &reads, Method::POST, 403, ("console", "")),
            ("audience", &elsewhere, Method::GET, 401, ("elsewhere", "")),
        ] {
            let path = if method == Method::GET { "/owners" } else { "/keys" };
            let url = format!("{}/admin/api/v1{path}", world.auth);
            let asked = world.http().request(method, url).bearer_auth(token).header("x-request-id", id);
            assert_eq!(asked.send().await.unwrap().status(), status, "{id}");
            let found = known_of(&world, id, 1).await;
            assert_eq!(found.len(), 1, "{found:?}");
            assert_eq!(found[0].event, "request_refused");
            assert_eq!((found[0].client_id.as_str(), found[0].owner.as_str()), who, "{id}");
        }
    }

    /// What is said and left empty would mean all, or what has none; it means nothing.
    async fn what_is_said_and_empty_asks_for_nothing(world; on) {
        let token = console(&world).await;
        for path in ["/applications?registered_by=", "/audit?event=", "/audit?client_id=", "/audit?since=2026-11-28&until=2026-11-27"] {
            let answer = get(&world, &token, path).await;
            assert_eq!((answer.status, answer.text_of("error").as_str()), (400, "invalid_request"), "{path}");
        }
    }

    /// An application that is locked stays so, and is shown so, whatever its developer changes.
    async fn what_is_suspended_is_shown_so_also_while_it_waits(world; on) {
        with_application(&world, "app-1", Some("xiaoming"), true).await;
        let token = console(&world).await;
        post(&world, &token, "/applications/app-1/suspend", &Value::Null).await;
        let state = || async { get(&world, &token, "/applications/app-1").await.json["state"].clone() };
        assert_eq!(state().await, "suspended");
        post(&world, &token, "/applications/app-1/resume", &Value::Null).await;
        assert_eq!(state().await, "awaiting");
    }
}

on_every_store! {
    /// An account is added, signs in, is locked, let in again, gets another password, and is removed.
    async fn an_account_is_looked_after(world; on) {
        let token = console(&world).await;
        let added = json!({"name": "wang", "password": "green tea leaves", "authorities": ["ROLE_USER"]});
        let answer = post(&world, &token, "/owners", &added).await;
        let wang = json!({"name": "wang", "authorities": ["ROLE_USER"], "locked": false, "second_factor": false, "passkeys": 0});
        assert_eq!((answer.status, &answer.json), (201, &wang));
        assert!(answer.header("cache-control").contains("no-store"));
        assert!(signs_in(&world, "wang", "green tea leaves").await);
        assert_eq!(get(&world, &token, "/owners/wang").await.json, wang);

        for _ in 0..2 {
            // Whoever got no answer asks again.
            let answer = post(&world, &token, "/owners/wang/lock", &Value::Null).await;
            assert_eq!((answer.status, &answer.json["locked"]), (200, &json!(true)));
        }
        assert!(!signs_in(&world, "wang", "green tea leaves").await);
        let answer = post(&world, &token, "/owners/wang/unlock", &Value::Null).await;
        assert_eq!((answer.status, &answer.json["locked"]), (200, &json!(false)));

        let answer = post(&world, &token, "/owners/wang/password", &json!({})).await;
        let made = answer.text_of("password");
        assert!(!signs_in(&world, "wang", "green tea leaves").await);
        assert!(signs_in(&world, "wang", &made).await);
        // It is told once.
        assert_eq!(get(&world, &token, "/owners/wang").await.json, wang);

        let answer = delete(&world, &token, "/owners/wang").await;
        assert_eq!((answer.status, answer.text.as_str()), (204, ""));
        get(&world, &token, "/owners/wang").await.assert_error(404, "not_found");
        delete(&world, &token, "/owners/wang").await.assert_error(404, "not_found");
        assert!(!signs_in(&world, "wang", &made).await);
    }

    /// Where an owner reads mails is said with a new account and later, is looked at, and is taken away.
    async fn an_address_is_said_and_taken_away(world; on) {
        let token = console(&world).await;
        let added = json!({"name": "wang", "email": "wang@example.org"});
        let answer = post(&world, &token, "/owners", &added).await;
        assert_eq!((answer.status, &answer.json["email"]), (201, &json!("wang@example.org")));
        let put = async |body: &Value| call(&world, &token, (Method::PUT, "/owners/wang/email"), body).await;
        for wrong in ["wang", "", "a@example.org\r\nBcc: b@example.org"] {
            put(&json!({ "email": wrong })).await.assert_error(400, "invalid_request");
        }
        let answer = put(&json!({"email": "li@example.org"})).await;
        assert_eq!((answer.status, &answer.json["email"]), (200, &json!("li@example.org")));
        let found = get(&world, &token, "/owners/wang").await;
        assert_eq!(found.json["email"], "li@example.org");
        // Whoever got no answer asks again.
        assert_eq!(put(&json!({"email": "li@example.org"})).await.status, 200);
        assert!(put(&json!({})).await.json["email"].is_null());
    }

    /// Whoever has lost the app and the recovery codes is let in by the password again, wherever the account is kept.
    async fn a_second_factor_is_removed(world; on) {
        let token = console(&world).await;
        let owner = world.browser();
        owner.sign_in("xiaoming", "photos4me").await;
        owner.enrol("photos4me", world.clock.now()).await;
        assert!(!signs_in(&world, "xiaoming", "photos4me").await);
        for _ in 0..2 {
            // Whoever got no answer asks again.
            let answer = delete(&world, &token, "/owners/xiaoming/second-factor").await;
            assert_eq!((answer.status, answer.text.as_str()), (204, ""));
        }
        assert!(signs_in(&world, "xiaoming", "photos4me").await);
        let nobody = delete(&world, &token, "/owners/nobody/second-factor").await;
        nobody.assert_error(404, "not_found");
    }

    /// Whoever is locked out, has gone, or has been given another password is let in by no passkey either.
    async fn a_passkey_of_an_account_that_is_locked_or_gone_opens_nothing(world; on) {
        let token = console(&world).await;
        let account = json!({"name": "wang", "password": "hiking2026"});
        let added = post(&world, &token, "/owners", &account).await;
        assert_eq!(added.json["passkeys"], 0, "{}", added.text);
        let owner = world.browser();
        owner.sign_in("wang", "hiking2026").await;
        let passkey = owner.add_passkey(&world.auth, "hiking2026").await;
        let lets_in = async || {
            let browser = world.browser();
            let page = browser.get("/login").await;
            let shown = passkey.assertion(&passkey_options(&page), &Said::at(&world.auth));
            browser.show_passkey(&page, &shown).await.status == 303
        };
        assert!(lets_in().await);
        // Whoever looks after accounts sees it in the list already, here and on the page.
        let list = get(&world, &token, "/owners").await;
        let listed = list.json["items"].as_array().unwrap().iter();
        let listed: Vec<_> = listed.map(|item| (item["second_factor"].as_bool(), item["passkeys"].as_u64())).collect();
        assert_eq!(listed, [(Some(false), Some(1))], "{}", list.text);
        post(&world, &token, "/owners/wang/lock", &Value::Null).await;
        assert!(!lets_in().await);
        let unlocked = post(&world, &token, "/owners/wang/unlock", &Value::Null).await;
        assert_eq!(unlocked.json["passkeys"], 1, "{}", unlocked.text);
        assert!(lets_in().await);
        let other = json!({"password": "sailing2026"});
        let reset = post(&world, &token, "/owners/wang/password", &other).await;
        assert_eq!(reset.json["passkeys"], 0, "{}", reset.text);
        assert!(!lets_in().await);
        delete(&world, &token, "/owners/wang").await;
        assert!(!lets_in().await);
    }

    /// An account without a password that was said gets one that is told once.
    async fn a_password_is_made_where_none_is_said(world; on) {
        let token = console(&world).await;
        let answer = post(&world, &token, "/owners", &json!({"name": "wang"})).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        assert!(signs_in(&world, "wang", &answer.text_of("password")).await);
    }

    /// An application waits, is let in, locked, let in again, and removed.
    async fn an_application_is_looked_after(world; on) {
        with_application(&world, "app-1", Some("lihua"), true).await;
        let token = console(&world).await;
        let read = get(&world, &token, "/applications/app-1").await;
        assert_eq!(read.status, 200, "{}", read.text);
        assert_eq!(read.json["registered_by"], "lihua");
        assert_eq!(read.json["registered_at"], 1_750_000_000);
        let state = async |action: &str| {
            let path = format!("/applications/app-1/{action}");
            let answer = post(&world, &token, &path, &Value::Null).await;
            assert_eq!(answer.status, 200, "{}", answer.text);
            answer.text_of("state")
        };
        assert_eq!(read.json["state"], "awaiting");
        for _ in 0..2 {
            assert_eq!(state("approve").await, "active");
        }
        assert_eq!(state("suspend").await, "suspended");
        assert_eq!(state("resume").await, "active");
        assert_eq!(delete(&world, &token, "/applications/app-1").await.status, 204);
        get(&world, &token, "/applications/app-1").await.assert_error(404, "not_found");
    }

    /// Lists come in parts of 50, each named by the last one of the part before; those that wait and those of one owner apart.
    async fn lists_come_in_parts(world; on) {
        for number in 0..52 {
            let by = if number % 2 == 0 { "lihua" } else { "xiaoming" };
            with_application(&world, &format!("app-{number:02}"), Some(by), number < 3).await;
        }
        let token = console(&world).await;
        let first = get(&world, &token, "/applications").await;
        assert_eq!(names(&first, "client_id").len(), 50);
        let rest = format!("/applications?after={}", first.text_of("next"));
        let rest = get(&world, &token, &rest).await;
        assert_eq!(names(&rest, "client_id"), ["app-50", "app-51"]);
        assert!(rest.json.get("next").is_none());
        let awaiting = get(&world, &token, "/applications?awaiting=true").await;
        assert_eq!(names(&awaiting, "client_id"), ["app-00", "app-01", "app-02"]);
        let of_lihua = get(&world, &token, "/applications?registered_by=lihua").await;
        assert_eq!(names(&of_lihua, "client_id").len(), 26);
        for nonsense in ["awaiting=1", "awaiting=", "awaiting=true&registered_by=lihua", "after=a&after=b", "after=%ff"] {
            let answer = get(&world, &token, &format!("/applications?{nonsense}")).await;
            answer.assert_error(400, "invalid_request");
        }
    }

    /// Names hold any character, and stand in the path as one segment.
    async fn names_hold_any_character(world; on) {
        let token = console(&world).await;
        for name in ["小明", "a/b", "a%2Fb", "a b+c", "?x=1#y", "name;v=1", "a%00b", "{name}"] {
            let answer = post(&world, &token, "/owners", &json!({"name": name})).await;
            assert_eq!(answer.status, 201, "{name}: {}", answer.text);
            let encoded: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
            let path = format!("/owners/{}", encoded.replace('+', "%20"));
            assert_eq!(get(&world, &token, &path).await.text_of("name"), name);
            let locked = post(&world, &token, &format!("{path}/lock"), &Value::Null).await;
            assert_eq!(locked.json["locked"], true, "{name}: {}", locked.text);
            assert_eq!(delete(&world, &token, &path).await.status, 204, "{name}");
        }
        get(&world, &token, "/owners/%ff%fe").await.assert_error(404, "not_found");
    }

    /// What is kept elsewhere is not changed here, and a name that somebody has is not given away.
    async fn what_is_kept_elsewhere_stays(world; on) {
        let token = console(&world).await;
        for path in ["/owners/lihua/lock", "/applications/print-photo/suspend"] {
            post(&world, &token, path, &Value::Null).await.assert_error(409, "conflict");
        }
        for path in ["/owners/lihua", "/applications/print-photo"] {
            delete(&world, &token, path).await.assert_error(409, "conflict");
            get(&world, &token, path).await.assert_error(404, "not_found");
        }
        let taken = json!({"name": "lihua"});
        post(&world, &token, "/owners", &taken).await.assert_error(409, "conflict");
    }

    /// What is wrong with a body is told with the member, and no value is repeated.
    async fn what_is_wrong_with_a_body_is_told(world; on) {
        let token = console(&world).await;
        for (said, told) in [
            (json!({}), "missing field `name`"),
            (json!({"name": "wang", "age": 7}), "unknown field `age`"),
            (json!({"name": 7}), "`name` is of another type; accepted: a text"),
            (json!({"name": "wang", "password": ["s3cretive"]}), "`password` is of another type; accepted: a text"),
            (json!({"name": "wang", "authorities": "s3cretive"}), "`authorities` is of another type; accepted: a list"),
            (json!({"name": "wang", "email": "s3cretive"}), "`email` is of another form; accepted: an address as wang@example.org, in ASCII"),
            (json!(["s3cretive"]), "the body is of another type; accepted: an object"),
            (json!("s3cretive"), "the body is of another type; accepted: an object"),
            (json!({"name": ""}), "the name is empty"),
            (json!({"name": " wang"}), "blank at an end"),
            (json!({"name": "wa\nng"}), "control character"),
            (json!({"name": "wa\u{202e}ng"}), "nobody sees"),
            (json!({"name": "w".repeat(256)}), "256 bytes"),
            (json!({"name": "wang", "authorities": [""]}), "an authority is empty"),
            (json!({"name": "wang", "authorities": ["A\u{0}"]}), "an authority"),
            (json!({"name": "wang", "password": "short"}), "password: it is too short"),
            (json!({"name": "wang", "password": "password1"}), "many people have it"),
            (json!({"name": "wangwang", "password": "WangWang"}), "the name of the account"),
            (json!({"name": "wang", "password": "x".repeat(1025)}), "too long"),
        ] {
            let answer = post(&world, &token, "/owners", &said).await;
            answer.assert_error(400, "invalid_request");
            assert!(answer.text.contains(told), "{said}: {}", answer.text);
            assert!(!answer.text.contains("s3cretive"), "{said}: {}", answer.text);
        }
        let owners = get(&world, &token, "/owners").await;
        assert_eq!(names(&owners, "name"), Vec::<String>::new());
    }

    /// RFC 6750 §3.1: without a token, with one that is not good, and with too little, each call is refused as the RFC says.
    async fn who_may_not_is_told_as_rfc_6750_says(world; on) {
        with_application(&world, "app-1", None, true).await;
        let reading = token_of(&world, "console", "admin.read").await;
        let writing = token_of(&world, "console", "admin.write").await;
        let elsewhere = token_of(&world, "elsewhere", "admin.read admin.write").await;
        let everywhere = token_of(&world, "everywhere", "admin.read admin.write").await;
        let nobody = token_of(&world, "nobody-much", "admin.read admin.write").await;
        let photos = world.password_grant("photo.read").await.access_token();
        let revoked = console(&world).await;
        world.post_as("console", "/oauth/revoke", &[("token", &revoked)]).await;
        for (method, path, body) in calls() {
            let at = || (method.clone(), path);
            let answer = call(&world, "", at(), &body).await;
            answer.assert_error(401, "unauthorized");
            assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"administration\"");
            for token in ["garbage", &elsewhere, &everywhere, &photos, &revoked, &"x".repeat(5000)] {
                let answer = call(&world, token, at(), &body).await;
                answer.assert_error(401, "invalid_token");
                assert!(answer.header("www-authenticate").starts_with("Bearer error=\"invalid_token\""));
            }
            let (too_little, scope) = if method == Method::GET {
                (&writing, "admin.read")
            } else {
                (&reading, "admin.write")
            };
            let answer = call(&world, too_little, at(), &body).await;
            answer.assert_error(403, "insufficient_scope");
            let challenge = format!("Bearer error=\"insufficient_scope\", scope=\"{scope}\"");
            assert_eq!(answer.header("www-authenticate"), challenge);
            call(&world, &nobody, at(), &body).await.assert_error(403, "access_denied");
        }
        let token = console(&world).await;
        assert_eq!(get(&world, &token, "/applications/app-1").await.json["state"], "awaiting");
    }

    /// A token acts for an owner who administers now: one who does no more, or is locked, does nothing with it.
    async fn what_an_owner_may_do_is_asked_at_every_call(world; on) {
        let token = console(&world).await;
        let wang = json!({"name": "wang", "password": "green tea leaves", "authorities": ["ROLE_ADMIN"]});
        post(&world, &token, "/owners", &wang).await;
        let wangs = token_for(&world, ("wang", "green tea leaves"), "admin.read").await;
        assert_eq!(get(&world, &wangs, "/owners").await.status, 200);
        let owners = &world.server.password_changes.owners;
        let mut kept = owners.find_owner("wang").await.unwrap().unwrap();
        kept.authorities = vec!["ROLE_USER".to_owned()];
        owners.store_owner(&kept).await.unwrap();
        get(&world, &wangs, "/owners").await.assert_error(403, "access_denied");
        post(&world, &token, "/owners/wang/lock", &Value::Null).await;
        get(&world, &wangs, "/owners").await.assert_error(401, "invalid_token");
        // The demo's own administrator may, and its other owners may not.
        let xiaomings = token_for(&world, ("xiaoming", "photos4me"), "admin.read").await;
        get(&world, &xiaomings, "/owners").await.assert_error(403, "access_denied");
    }

    /// Where it is switched off, there is nothing, whatever somebody shows.
    async fn where_it_is_off_there_is_nothing(world; |world: WorldBuilder| world.with(CONSOLE)) {
        let token = console(&world).await;
        for (method, path, body) in calls() {
            call(&world, &token, (method, path), &body).await.assert_error(404, "not_found");
        }
        get(&world, &token, "/openapi.json").await.assert_error(404, "not_found");
    }

    /// Other methods are refused with those that there are.
    async fn other_methods_are_refused(world; on) {
        for (path, allow) in [
            ("/owners", "GET, HEAD, POST"),
            ("/owners/wang", "GET, HEAD, DELETE"),
            ("/owners/wang/lock", "POST"),
            ("/grants", "GET, HEAD, DELETE"),
            ("/keys", "GET, HEAD, POST"),
            ("/habits", "GET, HEAD"),
            ("/openapi.json", "GET, HEAD"),
        ] {
            let answer = call(&world, "", (Method::PATCH, path), &Value::Null).await;
            answer.assert_error(405, "method_not_allowed");
            assert_eq!(answer.header("allow"), allow);
        }
    }
}

/// The description that is served is the one that is kept in docs/. After a change that is meant, `INSTA_UPDATE=always` writes it
/// anew.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_description_is_the_one_in_the_docs() {
    let world = on(World::builder(e2e::Store::Memory)).start().await;
    let served = get(&world, "", "/openapi.json").await;
    assert_eq!(served.status, 200, "{}", served.text);
    let served = format!("{}\n", serde_json::to_string_pretty(&served.json).unwrap());
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/administration-api.json");
    if std::env::var_os("INSTA_UPDATE").is_some_and(|it| it == "always") {
        std::fs::write(&file, &served).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        kept == served,
        "docs/administration-api.json is another one than is served"
    );
}

/// Every call is described, and nothing else is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_call_is_described() {
    let world = on(World::builder(e2e::Store::Memory)).start().await;
    let described = get(&world, "", "/openapi.json").await;
    let paths = described.json["paths"].as_object().unwrap();
    let mut described: Vec<String> = Vec::new();
    for (path, methods) in paths {
        for method in methods.as_object().unwrap().keys() {
            described.push(format!("{} {path}", method.to_uppercase()));
        }
    }
    let named = |path: &str| {
        let path = path.split('?').next().unwrap_or_default();
        path.replace("wang", "{name}")
            .replace("AAAAAAAAAAAAAAAAAAAAAA", "{grant_id}")
            .replace("app-1", "{client_id}")
            .replace("some-request", "{request_id}")
    };
    let calls = calls().into_iter();
    let mut called: Vec<String> = calls
        .map(|(method, path, _)| format!("{method} /admin/api/v1{}", named(path)))
        .collect();
    described.sort();
    called.sort();
    assert_eq!(described, called);
}
