//! What comes back to the demo client (RFC 6749 §10.12, RFC 9207, RFC 9700 §4.4 and §4.7).

use e2e::{Answer, Browser, Landing, World, on_every_store};
use url::Url;

/// A browser in which Print Photo was authorized, and the address that it is sent back to.
async fn on_the_way_back(world: &World) -> (Browser, Url) {
    let browser = world.browser();
    let page = browser.get(&format!("{}/code", world.client)).await;
    let (_, rest) = page.text.split_once("name=\"csrf\" value=\"").unwrap();
    let csrf = rest.split('"').next().unwrap();
    let answer = browser
        .post(&format!("{}/code", world.client), &[("csrf", csrf)])
        .await;
    let answer = browser.get(answer.header("location")).await;
    let mut answer = browser
        .sign_in_after(&answer, "xiaoming", "photos4me")
        .await;
    if answer.status == 200 {
        answer = browser.decide(&answer, &["photo.read", "profile"]).await;
    }
    (browser, Landing::of(&answer).0)
}

/// The same address with this parameter replaced, or left out.
fn with(address: &Url, name: &str, value: Option<&str>) -> String {
    let mut changed = address.clone();
    let pairs: Vec<(String, String)> = address.query_pairs().into_owned().collect();
    let kept = pairs.into_iter().filter(|(key, _)| key != name);
    let added = value.map(|value| (name.to_owned(), value.to_owned()));
    changed
        .query_pairs_mut()
        .clear()
        .extend_pairs(kept.chain(added));
    changed.into()
}

fn assert_refused(answer: &Answer) {
    assert_eq!(
        (answer.status, answer.header("location")),
        (400, ""),
        "{}",
        answer.text
    );
}

/// True when the page with the photos is shown; without a token it leads to the sign-in.
async fn sees_photos(world: &World, browser: &Browser) -> bool {
    let page = browser.get(&format!("{}/photos", world.client)).await;
    assert!(
        [200, 303].contains(&page.status),
        "{} {}",
        page.status,
        page.text
    );
    page.status == 200
}

on_every_store! {
    /// The answer to the request of this browser is taken, once: a code that was exchanged again would end what
    /// it gave. When the page is loaded twice it leads to the photos, and nobody else's browser anywhere.
    async fn the_own_answer_is_taken_once(world) {
        let (browser, address) = on_the_way_back(&world).await;
        for time in ["first", "second"] {
            let answer = browser.get(address.as_str()).await;
            let seen = (answer.status, answer.header("location"));
            assert_eq!(seen, (303, "/photos"), "{time}: {}", answer.text);
            assert!(sees_photos(&world, &browser).await, "{time}");
        }
        assert_refused(&world.browser().get(address.as_str()).await);
    }

    /// RFC 6749 §10.12: the answer to somebody else's request is not taken, and the code in it stays
    /// unused.
    async fn the_answer_to_another_browser_is_refused(world) {
        let (owner, address) = on_the_way_back(&world).await;
        let (victim, own) = on_the_way_back(&world).await;
        for browser in [&world.browser(), &victim] {
            assert_refused(&browser.get(address.as_str()).await);
        }
        // A code that was injected under the victim's own state fails at its PKCE verifier.
        let code = Landing(address.clone()).code();
        let injected = victim.get(&with(&own, "code", Some(&code))).await;
        assert_eq!((injected.status, injected.header("location")), (502, ""), "{}", injected.text);
        assert!(!sees_photos(&world, &victim).await);
        assert_refused(&owner.get(&with(&address, "state", Some("made-up"))).await);
    }

    /// An answer without `state`, or with a foreign one, uses up nothing.
    async fn a_missing_or_foreign_state_is_refused(world) {
        let (browser, address) = on_the_way_back(&world).await;
        for state in [None, Some("xyz"), Some("")] {
            assert_refused(&browser.get(&with(&address, "state", state)).await);
            assert!(!sees_photos(&world, &browser).await);
        }
        assert_eq!(browser.get(address.as_str()).await.status, 303);
    }

    /// RFC 9207 §2.4: mix-up. The answer of another issuer is refused, and so is one that does not say.
    async fn the_answer_of_another_issuer_is_refused(world) {
        let issuers = [Some("https://attacker.example"), Some("http://localhost"), None];
        for iss in issuers {
            let (browser, address) = on_the_way_back(&world).await;
            assert_refused(&browser.get(&with(&address, "iss", iss)).await);
            assert!(!sees_photos(&world, &browser).await);
        }
    }

    /// RFC 9207 §2.4: where servers are known not to say who they are, one that does must still be the
    /// right one.
    async fn a_foreign_issuer_is_refused_even_where_none_is_required(
        world,
        "DEMO_CLIENT__AUTHORIZATION_SERVER__REQUIRE_ISS" = "false",
    ) {
        let (browser, address) = on_the_way_back(&world).await;
        assert_refused(&browser.get(&with(&address, "iss", Some("https://attacker.example"))).await);
        let (browser, address) = on_the_way_back(&world).await;
        assert_eq!(browser.get(&with(&address, "iss", None)).await.status, 303);
    }

    /// An answer that was repeated or that makes no sense is no answer.
    async fn an_answer_that_makes_no_sense_is_refused(world) {
        let (browser, address) = on_the_way_back(&world).await;
        for changed in [
            format!("{address}&state=other"),
            format!("{address}&code=other"),
            format!("{}?code=%zz&state=%ff", world.callback()),
            world.callback(),
        ] {
            assert_refused(&browser.get(&changed).await);
        }
    }
}
