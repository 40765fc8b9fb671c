//! What happened lately, for administrators: by the API, on the page, and as a file.

use std::collections::BTreeMap;
use std::time::Duration;

use e2e::{Answer, Browser, World, WorldBuilder, on_every_store};
use serde_json::Value;
use symbolon::clock::Clock as _;
use symbolon_auth_server::records::{JournalEntry, Section, SectionBounds};

use crate::administration_api::{console, get, on};

const ODD_NAME: &str = "\"><script>alert(1)</script>";

const ODD_CLIENT: &str = r#"
    [[clients]]
    client_id = '"><script>alert(1)</script>'
    client_name = "Odd"
    client_secret = "{noop}odd-secret"
    grant_types = ["client_credentials"]
    scope = ["photo.read"]
"#;

/// An authorization request of this id that is refused for its client.
async fn refused(world: &World, id: &str, client: &str) {
    let client: String = url::form_urlencoded::byte_serialize(client.as_bytes()).collect();
    let url = format!("{}/oauth/authorize?client_id={client}", world.auth);
    let asked = world.http().get(url).header("x-request-id", id);
    asked.send().await.unwrap();
}

/// A token request of this id, of Print Photo, that is refused for its code.
async fn refused_code(world: &World, id: &str) {
    let url = format!("{}/oauth/token", world.auth);
    let form = [("grant_type", "authorization_code"), ("code", "abc")];
    let asked = world.http().post(url).form(&form);
    let asked = asked.basic_auth("print-photo", Some("print-photo-secret"));
    asked.header("x-request-id", id).send().await.unwrap();
}

/// Waits until that much is known of a request.
async fn is_written(world: &World, id: &str, events: usize) {
    let written = async {
        while world.server.journal.of_request(id).await.unwrap().len() < events {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let limit = Duration::from_secs(20);
    tokio::time::timeout(limit, written).await.unwrap();
}

async fn administrator(world: &World) -> Browser {
    let browser = world.browser();
    browser.sign_in("admin", "admin4me").await;
    browser
}

fn ids(list: &Answer) -> Vec<&str> {
    let items = list.json["items"].as_array().unwrap().iter();
    items
        .map(|item| item["request_id"].as_str().unwrap())
        .collect()
}

/// Where a link of a page leads that says this.
fn link(page: &Answer, text: &str) -> Option<String> {
    let (before, _) = page.text.split_once(&format!("\">{text}</a>"))?;
    let (_, address) = before.rsplit_once("href=\"")?;
    Some(address.replace("&#38;", "&"))
}

on_every_store! {
    /// What is asked for comes, newest first, and nothing else.
    async fn events_are_found_by_the_api(world; on) {
        let token = console(&world).await;
        refused(&world, "one", "nobody").await;
        world.clock.advance_secs(60);
        refused_code(&world, "two").await;
        is_written(&world, "one", 1).await;
        is_written(&world, "two", 1).await;
        let all = get(&world, &token, "/audit?kind=refused").await;
        assert_eq!(all.status, 200, "{}", all.text);
        assert!(all.header("cache-control").contains("no-store"));
        assert_eq!(ids(&all), ["two", "one"]);
        assert!(all.json.get("next").is_none());
        let two = &all.json["items"][0];
        assert_eq!(two["event"], "token_refused");
        assert_eq!(two["client_id"], "print-photo");
        assert_eq!(two["address"], "127.0.0.1");
        assert_eq!(two["details"]["parameter"], "code");
        let moment = two["time"].as_str().unwrap();
        for (query, found) in [
            ("client_id=print-photo".to_owned(), vec!["two"]),
            ("event=authorization_refused".to_owned(), vec!["one"]),
            ("request_id=one".to_owned(), vec!["one"]),
            ("request_id=three".to_owned(), vec![]),
            ("kind=refused&address=127.0.0.1".to_owned(), vec!["two", "one"]),
            ("address=192.0.2.1".to_owned(), vec![]),
            (format!("kind=refused&since={moment}"), vec!["two"]),
            (format!("kind=refused&until={moment}"), vec!["two", "one"]),
            ("kind=refused&until=2001-01-01".to_owned(), vec![]),
            ("kind=changed&request_id=one".to_owned(), vec![]),
        ] {
            let list = get(&world, &token, &format!("/audit?{query}")).await;
            assert_eq!(ids(&list), found, "{query}");
        }
    }

    /// The words are those of `auth-server explain`; of requests that share an id all are told, the oldest first.
    async fn a_request_is_explained_by_the_api(world; on) {
        let token = console(&world).await;
        refused(&world, "a/b@c", "nobody").await;
        world.clock.advance_secs(1);
        refused_code(&world, "a/b@c").await;
        is_written(&world, "a/b@c", 2).await;
        let told = get(&world, &token, "/audit/a%2Fb@c").await;
        assert_eq!(told.status, 200, "{}", told.text);
        let events: Vec<_> = told.json["items"].as_array().unwrap().iter().map(|item| &item["event"]).collect();
        assert_eq!(events, ["authorization_refused", "token_refused"]);
        let text = told.text_of("text");
        assert!(text.contains("\n  parameter  code\n  reason     UnknownCode\n"), "{text}");
        let unknown = get(&world, &token, "/audit/unknown").await;
        unknown.assert_error(404, "not_found");
        assert!(unknown.text_of("error_description").contains("nothing is known"), "{}", unknown.text);
    }

    /// What is wrong is named, and nothing is taken for something else.
    async fn what_the_api_does_not_understand_is_refused(world; on) {
        let token = console(&world).await;
        for (query, named) in [
            ("kind=odd", "kind"),
            ("event=nothing", "event"),
            ("since=yesterday", "since"),
            ("until=2026-02-30", "until"),
            ("since=2026-11-28&until=2026-11-27", "until"),
            ("owner=", "owner"),
            ("after=x", "after"),
            ("after=1-1", "after"),
            ("kind=refused&kind=granted", ""),
        ] {
            let answer = get(&world, &token, &format!("/audit?{query}")).await;
            answer.assert_error(400, "invalid_request");
            assert!(answer.text_of("error_description").contains(named), "{}", answer.text);
        }
        let answer = get(&world, &token, "/audit/one?after=x").await;
        answer.assert_error(400, "invalid_request");
    }

    /// Each page of a list goes on where the one before ended, on the page with everything that was asked for.
    async fn a_long_list_comes_in_parts(world; on) {
        for number in 0..60 {
            refused(&world, &format!("part-{number}"), "nobody").await;
        }
        is_written(&world, "part-59", 1).await;
        let token = console(&world).await;
        let first = get(&world, &token, "/audit?event=authorization_refused").await;
        assert_eq!(ids(&first).len(), 50);
        let next = first.text_of("next");
        let second = get(&world, &token, &format!("/audit?event=authorization_refused&after={next}")).await;
        assert_eq!(ids(&second).len(), 10);
        assert!(second.json.get("next").is_none());
        assert!(ids(&first).iter().all(|id| !ids(&second).contains(id)));

        let browser = administrator(&world).await;
        let page = browser.get("/admin/audit?event=authorization_refused&address=127.0.0.1").await;
        assert_eq!(page.text.matches("<code>authorization_refused</code>").count(), 50);
        let next = link(&page, "Search on").unwrap();
        assert!(next.contains("event=authorization_refused&address=127.0.0.1&after="), "{next}");
        let page = browser.get(&next).await;
        assert_eq!(page.text.matches("<code>authorization_refused</code>").count(), 10);
        assert!(link(&page, "Search on").is_none());
    }

    /// The page says why, by parameter and rule, and leads from one event to all of its request.
    async fn a_request_is_explained_on_the_page(world) {
        refused(&world, "why", "nobody").await;
        refused_code(&world, "why").await;
        refused_code(&world, "other").await;
        is_written(&world, "why", 2).await;
        is_written(&world, "other", 1).await;
        let browser = administrator(&world).await;
        let page = browser.get("/admin/audit").await;
        assert_eq!(page.status, 200, "{}", page.text);
        let why = link(&page, "<bdi>why</bdi>").unwrap();
        let page = browser.get(&why).await;
        for fact in ["<bdi>UnknownCode</bdi>", "<bdi>no client of this name is registered", "<bdi>print-photo</bdi>"] {
            assert!(page.text.contains(fact), "{fact}: {}", page.text);
        }
        assert!(!page.text.contains("<bdi>other</bdi>"));
        let [first, second] = ["<code>authorization_refused</code>", "<code>token_refused</code>"]
            .map(|event| page.text.find(event).unwrap());
        assert!(first < second, "the oldest stands first");
        let unknown = browser.get("/admin/audit?request_id=unknown").await;
        assert!(unknown.text.contains("Nothing is known of this request"), "{}", unknown.text);
        // What is not kept is said.
        assert!(page.text.contains("<bdi class=\"name\">granted</bdi>"), "{}", page.text);
    }

    /// What is wrong is told beside its field, and what was typed stays.
    async fn what_the_page_does_not_understand_is_told_beside_its_field(world) {
        refused(&world, "one", "nobody").await;
        is_written(&world, "one", 1).await;
        let browser = administrator(&world).await;
        for (query, field) in [
            ("since=yesterday", "since"),
            ("until=2026-02-30", "until"),
            ("since=2026-11-28&until=2026-11-27", "until"),
            ("event=nothing", "event"),
            ("kind=odd", "kind"),
        ] {
            let page = browser.get(&format!("/admin/audit?client_id=a%22b&{query}")).await;
            assert_eq!(page.status, 400, "{query}");
            assert!(page.text.contains(&format!("id=\"{field}-fault\"")), "{query}: {}", page.text);
            assert_eq!(page.text.matches("-fault\"><li>").count(), 1, "{query}");
            assert!(page.text.contains("value=\"a&#34;b\""), "{query}");
            let (_, typed) = query.rsplit_once('=').unwrap();
            assert!(field == "kind" || page.text.contains(&format!("value=\"{typed}\"")), "{query}");
            assert!(!page.text.contains("<code>authorization_refused</code>"), "{query}");
        }
        let page = browser.get("/admin/audit?client_id=a&after=x").await;
        assert_eq!(page.status, 400);
        assert!(page.text.contains("role=\"alert\"") && page.text.contains("value=\"a\""), "{}", page.text);
        // Blanks around what was pasted are nothing that anybody meant.
        let page = browser.get("/admin/audit?request_id=%20one%20").await;
        assert!(page.text.contains("<code>authorization_refused</code>"), "{}", page.text);
    }

    /// What cannot be read asks for nothing, and least of all for everything.
    async fn a_query_that_cannot_be_read_shows_nothing(world) {
        let browser = administrator(&world).await;
        for query in ["owner=Jos%E9&kind=changed", "client_id=a&client_id=b", "client_id=%00"] {
            for page in ["/admin/audit", "/admin/audit/export"] {
                let answer = browser.get(&format!("{page}?{query}")).await;
                assert_eq!(answer.status, 400, "{page}?{query}: {}", answer.text);
            }
        }
    }

    /// A file has the lines of `audit export`, a bounded number, and says where the next ones are.
    async fn events_are_had_as_a_file(world) {
        for number in 0..3 {
            refused(&world, &format!("line-{number}"), "nobody").await;
            is_written(&world, &format!("line-{number}"), 1).await;
        }
        let browser = administrator(&world).await;
        let page = browser.get("/admin/audit?event=authorization_refused").await;
        let file = browser.get(&e2e::link(&page.text, "export").unwrap()).await;
        assert_eq!(file.status, 200, "{}", file.text);
        assert!(file.header("content-type").starts_with("application/x-ndjson"));
        assert!(file.header("content-disposition").starts_with("attachment;"));
        assert!(file.header("cache-control").contains("no-store"));
        let lines: Vec<Value> = file.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let found: Vec<_> = lines.iter().map(|line| line["request.id"].as_str().unwrap()).collect();
        assert_eq!(found, ["line-2", "line-1", "line-0"]);
        assert_eq!(lines[0]["parameter"], "client_id");
        assert_eq!(file.header("link"), "");
        // What is wrong is told by the page.
        let wrong = browser.get("/admin/audit/export?since=yesterday").await;
        assert_eq!((wrong.status, wrong.header("location")), (303, "/admin/audit?since=yesterday"));
    }

    /// A name that others chose is a text, wherever it is shown, also in the address of a link.
    async fn what_others_wrote_is_shown_as_text(world; |world: WorldBuilder| world.with(ODD_CLIENT)) {
        let url = format!("{}/oauth/token", world.auth);
        let asked = world.http().post(url).form(&[("grant_type", "client_credentials")]);
        let asked = asked.basic_auth(ODD_NAME, Some("wrong"));
        asked.header("x-request-id", "odd").send().await.unwrap();
        is_written(&world, "odd", 1).await;
        let browser = administrator(&world).await;
        let page = browser.get("/admin/audit").await;
        assert!(page.text.contains("<bdi>&#34;&#62;&#60;script&#62;alert(1)&#60;/script&#62;</bdi>"), "{}", page.text);
        assert!(!page.text.contains("<script>"), "{}", page.text);
    }
}

on_every_store! {
    /// More than one file holds is in the next.
    async fn a_long_file_comes_in_parts(world) {
        let browser = administrator(&world).await;
        let entry = JournalEntry {
            at: world.clock.now(),
            event: "token_refused".to_owned(),
            request_id: "many".to_owned(),
            client_id: String::new(),
            owner: String::new(),
            grant_id: String::new(),
            address: String::new(),
            details: BTreeMap::new(),
        };
        let bounds = SectionBounds { entries: 5_000, life_secs: 60 };
        let store = &world.server.journal.store;
        let many = vec![entry; 1_100];
        store.add_to_journal(&Section::Refused, &many, bounds).await.unwrap();
        let file = browser.get("/admin/audit/export?request_id=many").await;
        assert_eq!(file.text.lines().count(), 1_000);
        let next = file.header("link");
        let next = next.strip_prefix('<').unwrap().strip_suffix(">; rel=\"next\"").unwrap();
        let file = browser.get(next).await;
        assert_eq!(file.text.lines().count(), 100);
        assert_eq!(file.header("link"), "");
    }
}
