//! What administrators see and end of what was granted, by the API and on pages.

use std::collections::BTreeSet;

use e2e::{Answer, Browser, World, hidden_field, on_every_store};
use reqwest::Method;
use serde_json::Value;

use crate::administration_api::{call, console, get, on};

/// A token of `photo-desktop` for an owner.
async fn token_of(world: &World, owner: &str) -> String {
    let form = [
        ("grant_type", "password"),
        ("username", owner),
        ("password", "photos4me"),
        ("scope", "photo.read"),
    ];
    world.token("photo-desktop", &form).await.access_token()
}

/// A token of a client for itself.
async fn own_token(world: &World) -> String {
    let form = [("grant_type", "client_credentials")];
    world.token("photo-backup", &form).await.access_token()
}

async fn is_good(world: &World, token: &str) -> bool {
    world.check_token(token).await.status == 200
}

async fn delete(world: &World, token: &str, path: &str) -> Answer {
    call(world, token, (Method::DELETE, path), &Value::Null).await
}

fn ids(list: &Answer) -> Vec<String> {
    let items = list.json["items"].as_array().unwrap().iter();
    let ids = items.map(|item| item["grant_id"].as_str().unwrap().to_owned());
    ids.collect()
}

/// All pages of a list, and how many there were.
async fn all(world: &World, token: &str, query: &str) -> (Vec<String>, usize) {
    let (mut found, mut pages, mut after) = (Vec::new(), 0, String::new());
    loop {
        let list = get(world, token, &format!("/grants?{query}{after}")).await;
        assert_eq!(list.status, 200, "{}", list.text);
        let some = ids(&list);
        assert!(some.len() <= 50);
        found.extend(some);
        pages += 1;
        match list.json["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return (found, pages),
        }
    }
}

async fn administrator(world: &World) -> Browser {
    let browser = world.browser();
    browser.sign_in("admin", "admin4me").await;
    browser
}

/// A form of the page at `address`.
async fn submit(browser: &Browser, address: &str, said: &[(&str, &str)]) -> Answer {
    let page = browser.get(address).await;
    assert_eq!(page.status, 200, "{}", page.text);
    let csrf = hidden_field(&page.text, "_csrf").unwrap();
    let mut form = vec![("_csrf", csrf.as_str())];
    form.extend_from_slice(said);
    let answer = browser.post("/admin/access", &form).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    browser.follow(&answer).await
}

on_every_store! {
    /// A grant is listed with whom it is about and until when, read, and ended, and its token is good for nothing at once.
    async fn one_grant_is_listed_and_ended(world; on) {
        let token = console(&world).await;
        let (ending, staying) = (token_of(&world, "xiaoming").await, token_of(&world, "lihua").await);
        let list = get(&world, &token, "/grants?owner=xiaoming").await;
        let id = ids(&list).remove(0);
        let item = &list.json["items"][0];
        let text = |member: &str| item[member].as_str().unwrap().to_owned();
        assert_eq!(text("client_id"), "photo-desktop");
        assert_eq!(text("owner"), "xiaoming");
        assert_eq!(text("grant_type"), "password");
        assert_eq!(text("scope"), "photo.read");
        assert_eq!(item["exchanged"], true);
        let secs = |member: &str| item[member].as_u64().unwrap();
        assert!(secs("given_at") <= secs("last_token_at") && secs("last_token_at") < secs("expires_at"));
        assert!(!list.text.contains(&ending), "{}", list.text);
        let path = format!("/grants/{id}");
        assert_eq!(&get(&world, &token, &path).await.json, item);
        let ended = delete(&world, &token, &path).await;
        assert_eq!((ended.status, ended.text.as_str()), (204, ""));
        assert!(!is_good(&world, &ending).await && is_good(&world, &staying).await);
        for path in [path.as_str(), "/grants/x", "/grants/AAAAAAAAAAAAAAAAAAAAAA", "/grants/%ff"] {
            get(&world, &token, path).await.assert_error(404, "not_found");
            delete(&world, &token, path).await.assert_error(404, "not_found");
        }
    }

    /// All of an owner, of an owner for one client, and of a client, are listed and ended, and nothing of others.
    async fn all_of_one_ends_and_nothing_of_others(world; on) {
        let token = console(&world).await;
        let (one, two) = (token_of(&world, "xiaoming").await, token_of(&world, "lihua").await);
        let own = own_token(&world).await;
        for (query, count) in [
            ("owner=xiaoming&client_id=print-photo", 0),
            ("owner=xiaoming&client_id=photo-desktop", 1),
            ("owner=nobody", 0),
            ("client_id=photo-desktop", 2),
            ("client_id=photo-backup", 1),
            ("client_id=nobody", 0),
        ] {
            assert_eq!(all(&world, &token, query).await.0.len(), count, "{query}");
        }
        let end = async |query: &str| {
            let ended = delete(&world, &token, &format!("/grants?{query}")).await;
            assert_eq!(ended.status, 200, "{}", ended.text);
            assert!(ended.json.get("next").is_none());
            ended.json["ended"].as_u64().unwrap()
        };
        assert_eq!(end("owner=xiaoming&client_id=print-photo").await, 0);
        assert!(is_good(&world, &one).await);
        assert_eq!(end("owner=xiaoming").await, 1);
        assert!(!is_good(&world, &one).await && is_good(&world, &two).await);
        assert_eq!(end("client_id=photo-desktop").await, 1);
        assert!(!is_good(&world, &two).await && is_good(&world, &own).await);
        assert_eq!(end("client_id=photo-backup").await, 1);
        assert!(!is_good(&world, &own).await);
    }

    /// Pages of a list hold 50, none twice, and all of them all there is.
    async fn a_list_comes_in_pages(world; on) {
        let token = console(&world).await;
        for _ in 0..60 {
            own_token(&world).await;
            token_of(&world, "xiaoming").await;
        }
        for query in ["client_id=photo-backup", "owner=xiaoming"] {
            let (found, pages) = all(&world, &token, query).await;
            let distinct: BTreeSet<_> = found.iter().collect();
            assert_eq!((found.len(), distinct.len()), (60, 60), "{query}");
            assert!(pages >= 2, "{query}");
        }
        for nonsense in ["", "?after=x", "?owner=a&after=x", "?owner=a&after=.x", "?owner=a&owner=b", "?owner=%ff", "?owner=&client_id=photo-desktop", "?owner=a&client_id="] {
            let path = format!("/grants{nonsense}");
            get(&world, &token, &path).await.assert_error(400, "invalid_request");
            delete(&world, &token, &path).await.assert_error(400, "invalid_request");
        }
        // A place that is none of this store leads somewhere, and harms nothing.
        for after in [".", "AAAAAAAAAAE.", "__________8.AAAAAAAAAAAAAAAAAAAAAA", "AA."] {
            let list = get(&world, &token, &format!("/grants?client_id=photo-backup&after={after}")).await;
            assert_eq!(list.status, 200, "{after}: {}", list.text);
        }
    }

    /// The page lists what an owner granted, ends one grant by its button, and the rest after a question.
    async fn an_administrator_ends_access_on_the_page(world; on) {
        let browser = administrator(&world).await;
        let [one, two, others] = [
            token_of(&world, "xiaoming").await,
            token_of(&world, "xiaoming").await,
            token_of(&world, "lihua").await,
        ];
        let asked = browser.get("/admin/access").await;
        assert!(asked.text.contains("id=\"searchForm\"") && !asked.text.contains("grantsForm"));
        let here = "/admin/access?username=xiaoming&client_id=";
        let page = browser.get(here).await;
        assert_eq!(page.text.matches("name=\"grant_id\"").count(), 2, "{}", page.text);
        assert!(!page.text.contains(&one) && page.text.contains("photo.read"));
        let (_, rest) = page.text.split_once("name=\"grant_id\" value=\"").unwrap();
        let id = rest.split('"').next().unwrap();
        let said = [("username", "xiaoming"), ("client_id", ""), ("grant_id", id)];
        let after = submit(&browser, here, &said).await;
        assert!(after.text.contains("id=\"notice\""), "{}", after.text);
        assert_eq!(after.text.matches("name=\"grant_id\"").count(), 1);
        let good = [is_good(&world, &one).await, is_good(&world, &two).await];
        assert!(good[0] != good[1]);
        let said = [("username", "xiaoming"), ("client_id", ""), ("action", "end-all")];
        let after = submit(&browser, here, &said).await;
        assert!(after.text.contains("Nothing that is still good was found"), "{}", after.text);
        assert!(!is_good(&world, &one).await && !is_good(&world, &two).await);
        assert!(is_good(&world, &others).await);
        let said = [("client_id", "photo-desktop"), ("action", "end-all")];
        submit(&browser, "/admin/access?client_id=photo-desktop", &said).await;
        assert!(!is_good(&world, &others).await);
    }
}
