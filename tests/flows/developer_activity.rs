//! What developers see of what became of their applications: what was refused, and how much they hold.

use std::time::Duration;

use e2e::{Answer, World, WorldBuilder, on_every_store};
use symbolon::clock::Clock as _;
use symbolon::identifiers::ClientId;
use symbolon_auth_server::records::{JournalEntry, RefusalKind, Section, SectionBounds};

use crate::developer::{element, page_of, portal, register, signed_in, token};

/// Waits until that much is known of what was refused to a client.
async fn refusals(world: &World, id: &str, how_many: usize) -> Vec<JournalEntry> {
    let client = ClientId::new(id);
    let written = async {
        loop {
            let found = world.server.journal.refused_to(&client, 50).await.unwrap();
            if found.len() >= how_many {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let limit = Duration::from_secs(20);
    tokio::time::timeout(limit, written).await.unwrap()
}

/// A part of a page, by its id.
fn section<'p>(page: &'p Answer, id: &str) -> &'p str {
    let found = page.text.split_once(&format!("id=\"{id}\">"));
    assert!(found.is_some(), "no {id}: {}", page.text);
    found.unwrap().1.split("</section>").next().unwrap()
}

on_every_store! {
    /// The time, the id of the request, the parameter and the rule; nothing of any other application.
    async fn a_developer_sees_what_was_refused(world; portal) {
        let browser = signed_in(&world, "xiaoming", "photos4me").await;
        let told = register(&browser).await;
        let (id, secret) = (element(&told, "client-id"), element(&told, "client-secret"));
        let page = browser.get(&page_of(&id)).await;
        assert!(section(&page, "refusals").contains("Nothing was refused lately"), "{}", page.text);

        let form = [("grant_type", "authorization_code"), ("code", "abc"), ("redirect_uri", "https://x.example")];
        world.post_with((&id, &secret), "/oauth/token", &form).await;
        world.post_with((&id, "wrong"), "/oauth/token", &form).await;
        world.post_as("print-photo", "/oauth/token", &[("grant_type", "refresh_token"), ("refresh_token", "x")]).await;
        let found = refusals(&world, &id, 2).await;
        refusals(&world, "print-photo", 1).await;
        let page = browser.get(&page_of(&id)).await;
        let section = section(&page, "refusals");
        for fact in ["token_refused", "invalid_grant", ">code<", "none of this server", "client_refused", "/oauth/token"] {
            assert!(section.contains(fact), "{fact}: {section}");
        }
        for entry in &found {
            assert!(section.contains(&entry.request_id), "{section}");
        }
        assert_eq!(section.matches("<h3>").count(), 2, "{section}");
        // Where anybody is, and what the server calls it inside, is nobody's business here.
        for other in ["127.0.0.1", "UnknownCode", "refresh_token"] {
            assert!(!section.contains(other), "{other}: {section}");
        }
        // Somebody else sees nothing of it.
        let other = signed_in(&world, "lihua", "photos4me").await;
        assert_eq!(other.get(&page_of(&id)).await.status, 303);
    }

    /// Of people who sign in through it, an application and its developer learn nothing but what it was told.
    async fn a_developer_learns_nothing_of_owners(world; portal) {
        let browser = signed_in(&world, "xiaoming", "photos4me").await;
        let id = element(&register(&browser).await, "client-id");
        let entry = |reason: &str, rule: &str| JournalEntry {
            at: world.clock.now(),
            event: "token_refused".to_owned(),
            request_id: "r".to_owned(),
            client_id: id.clone(),
            owner: "lihua".to_owned(),
            grant_id: "the-grant".to_owned(),
            address: "192.0.2.7".to_owned(),
            details: [
                ("grant_type", "password"),
                ("error", "invalid_grant"),
                ("parameter", "password"),
                ("reason", reason),
                ("rule", rule),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        };
        let entries = vec![entry("SignIn(SecondFactorNeeded)", "a second factor is needed"); 30];
        let bounds = SectionBounds { entries: 50, life_secs: 60 };
        let of_client = Section::RefusedTo(ClientId::new(id.as_str()), RefusalKind::Token);
        let store = &world.server.journal.store;
        store.add_to_journal(&of_client, &entries, bounds).await.unwrap();
        let page = browser.get(&page_of(&id)).await;
        let section = section(&page, "refusals");
        assert_eq!(section.matches("invalid_grant").count(), 5, "{section}");
        for other in ["lihua", "192.0.2.7", "the-grant", "SecondFactor", "second factor", "password"] {
            assert!(!section.contains(other), "{other}: {section}");
        }

        // What became of an account is its owner's business.
        let gone = [entry("OwnerGone", "the owner's account is gone or locked, or has another password")];
        store.add_to_journal(&of_client, &gone, bounds).await.unwrap();
        let page = browser.get(&page_of(&id)).await;
        let section = self::section(&page, "refusals");
        assert!(section.contains("what was granted is over"), "{section}");
        for other in ["gone", "locked", "lihua"] {
            assert!(!section.contains(other), "{other}: {section}");
        }
    }

    /// Whoever knows the name of an application can send authorization requests and wrong secrets without end.
    async fn what_strangers_have_refused_pushes_out_no_other_refusal(world; portal) {
        let browser = signed_in(&world, "xiaoming", "photos4me").await;
        let told = register(&browser).await;
        let (id, secret) = (element(&told, "client-id"), element(&told, "client-secret"));
        let form = [("grant_type", "authorization_code"), ("code", "abc"), ("redirect_uri", "https://x.example")];
        world.post_with((&id, &secret), "/oauth/token", &form).await;
        refusals(&world, &id, 1).await;
        let (stranger, form) = (world.browser(), [("grant_type", "client_credentials")]);
        let elsewhere = format!("/oauth/authorize?response_type=code&client_id={id}&redirect_uri=https%3A%2F%2Felsewhere.example");
        for _ in 0..25 {
            assert_eq!(stranger.get(&elsewhere).await.status, 400);
            assert_eq!(world.post_with((&id, "wrong"), "/oauth/token", &form).await.status, 401);
        }
        // Of the last of both kinds as many as are kept.
        refusals(&world, &id, 21).await;
        let page = browser.get(&page_of(&id)).await;
        let section = section(&page, "refusals");
        for (fact, times) in [("token_refused", 1), ("authorization_refused", 5), ("client_refused", 5)] {
            assert_eq!(section.matches(fact).count(), times, "{fact}: {section}");
        }
    }

    /// What people granted and what the application has for itself are counted, and no more when it is over.
    async fn a_developer_sees_how_much_an_application_holds(world; portal) {
        let browser = signed_in(&world, "xiaoming", "photos4me").await;
        let told = register(&browser).await;
        let (id, secret) = (element(&told, "client-id"), element(&told, "client-secret"));
        let counted = async || {
            let page = browser.get(&page_of(&id)).await;
            let held = section(&page, "held");
            let numbers = held.split("<dd>").skip(1);
            let numbers: Vec<_> = numbers.map(|rest| rest.split('<').next().unwrap().to_owned()).collect();
            numbers
        };
        assert_eq!(counted().await, ["0", "0"]);
        for _ in 0..2 {
            assert_eq!(token(&world, &id, &secret).await.status, 200);
        }
        world.password_grant("photo.read").await;
        assert_eq!(counted().await, ["2", "0"]);
        world.clock.advance_secs(365 * 24 * 60 * 60);
        let browser = signed_in(&world, "xiaoming", "photos4me").await;
        let page = browser.get(&page_of(&id)).await;
        assert!(section(&page, "held").contains("<dd>0</dd>"), "{}", page.text);
    }

    /// Where nothing is kept, that is said.
    async fn a_server_without_a_journal_says_so(world; |world: WorldBuilder| portal(world)
        .set("AUTH_SERVER__JOURNAL__REFUSED", "0")) {
        let browser = signed_in(&world, "xiaoming", "photos4me").await;
        let id = element(&register(&browser).await, "client-id");
        let page = browser.get(&page_of(&id)).await;
        assert!(section(&page, "refusals").contains("keeps no journal"), "{}", page.text);
    }
}
