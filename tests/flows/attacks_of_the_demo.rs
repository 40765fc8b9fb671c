//! The attacks that Print Photo lets a visitor try, against the real servers: each is refused, and the tokens end where
//! they have to.

use e2e::{Answer, PrintPhoto, World, on_every_store};

fn print_photo(world: &World) -> PrintPhoto {
    PrintPhoto {
        address: world.client.clone(),
        browser: world.browser(),
    }
}

/// Presses the button of an attack and shows what came of it.
async fn attack(print_photo: &PrintPhoto, name: &str) -> Answer {
    let answer = print_photo
        .press("/attacks", "/attack", &[("attack", name)])
        .await;
    assert_eq!(
        answer.header("location"),
        "/attacks#verdict",
        "{name}: {}",
        answer.text
    );
    print_photo.open("/attacks").await
}

/// What the page says came of the last attack.
fn outcome(page: &Answer) -> String {
    let (_, rest) = page.text.split_once("id=\"outcome\">").unwrap();
    let text = rest.split_once("</p>").unwrap().0;
    let text = text.replace("<code>", "").replace("</code>", "");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

async fn with_photos(world: &World) -> PrintPhoto {
    let print_photo = print_photo(world);
    print_photo.authorize(&["photo.read", "profile"]).await;
    assert_eq!(print_photo.open("/photos").await.status, 200);
    print_photo
}

async fn call(print_photo: &PrintPhoto) -> Answer {
    print_photo.press("/photos", "/call", &[]).await
}

on_every_store! {
    /// RFC 6749 §4.1.2: the tokens of a code that comes twice end.
    async fn a_replayed_code_ends_the_tokens_in_sight(world) {
        let print_photo = with_photos(&world).await;
        let page = attack(&print_photo, "replay-the-code").await;
        assert_eq!(outcome(&page), "Refused: 400 invalid_grant");
        // The call after it shows what is left.
        assert!(page.text.contains("401 invalid_token"), "{}", page.text);
    }

    /// Of a token that was seen to be dead no page says that it is good, and nothing that needs a good one can be tried with it.
    async fn a_dead_token_is_shown_as_dead_until_there_is_another(world) {
        let print_photo = with_photos(&world).await;
        let needing = ["id=\"too-little-scope\"", "id=\"old-refresh-token\"", "id=\"replay-the-code\""];
        let alive = print_photo.open("/attacks").await;
        assert!(alive.text.contains("id=\"expires-in\"") && needing.iter().all(|it| alive.text.contains(it)));
        let dead = attack(&print_photo, "replay-the-code").await;
        assert!(dead.text.contains("id=\"ended\"") && !dead.text.contains("id=\"expires-in\""), "{}", dead.text);
        assert!(needing.iter().all(|it| !dead.text.contains(it)), "{}", dead.text);
        assert!(dead.text.contains("id=\"another-audience\""), "what needs no token can be tried");
        // The owner is signed in still, and has approved it before.
        let mut again = print_photo.press("/code", "/code", &[]).await;
        while matches!(again.status, 302 | 303) {
            again = print_photo.browser.follow(&again).await;
        }
        let alive = print_photo.open("/attacks").await;
        assert!(alive.text.contains("id=\"expires-in\"") && alive.text.contains("id=\"too-little-scope\""));
    }

    /// RFC 9700 §4.14.2: so do those of a refresh token that was replaced.
    async fn an_old_refresh_token_ends_the_tokens_in_sight(world) {
        let print_photo = with_photos(&world).await;
        let page = attack(&print_photo, "old-refresh-token").await;
        assert_eq!(outcome(&page), "Refused: 400 invalid_grant");
        assert!(page.text.contains("401 invalid_token"), "{}", page.text);
    }

    /// What is refused without harm leaves the tokens as they are.
    async fn attacks_from_outside_end_nothing(world) {
        let print_photo = with_photos(&world).await;
        for (name, expected) in [
            ("change-the-redirect-uri", "Refused: 400"),
            ("mix-up-the-issuer", "Refused by Print Photo itself, before any request was sent."),
            ("another-audience", "Refused: 401 invalid_token"),
            ("too-little-scope", "Refused: 403 insufficient_scope"),
        ] {
            let page = attack(&print_photo, name).await;
            assert_eq!(outcome(&page), expected, "{name}");
        }
        assert!(call(&print_photo).await.text.contains("The token opens the photos"));
    }

    /// ADR 0051: a thief without the verifier gets nothing, and uses nothing up.
    async fn a_stolen_code_is_worth_nothing_and_still_good_for_its_owner(world) {
        let print_photo = with_photos(&world).await;
        let sent = print_photo.press("/attacks", "/attack", &[("attack", "drop-the-verifier")]).await;
        let back = print_photo.browser.follow(&sent).await;
        let landed = print_photo.browser.follow(&back).await;
        assert_eq!(landed.header("location"), "/attacks", "{}", landed.text);
        let page = print_photo.open("/attacks").await;
        assert_eq!(outcome(&page), "Refused: 400 invalid_grant");
        assert!(call(&print_photo).await.text.contains("The token opens the photos"));
    }

    /// A JWT is withdrawn as a handle is, because Photo Space asks.
    async fn a_withdrawn_token_is_dead_whatever_its_form(world) {
        for tokens in ["handle", "jwt"] {
            let print_photo = print_photo(&world);
            let sent = print_photo.press("/code", "/code", &[("tokens", tokens)]).await;
            let asked = print_photo.browser.follow(&sent).await;
            let page = print_photo.browser.sign_in_after(&asked, "xiaoming", "photos4me").await;
            let decided = print_photo.browser.decide(&page, &["photo.read", "profile"]).await;
            print_photo.browser.follow(&decided).await;
            assert!(call(&print_photo).await.text.contains("The token opens the photos"), "{tokens}");
            let grants = &world.server.revoker.grants;
            for one in grants.list_grants("xiaoming").await.unwrap() {
                grants.revoke_grant(&one.grant_id).await.unwrap();
            }
            let dead = print_photo.press("/", "/call", &[]).await;
            assert!(dead.text.contains("The token opens nothing any more"), "{tokens}");
        }
    }

    /// What Photo Space asked is shown to whoever has the token, and to nobody else.
    async fn questions_are_told_to_whoever_brings_the_token(world) {
        let token = world.password_grant("photo.read").await.access_token();
        let http = world.http();
        let call = http.get(format!("{}/photos", world.resource)).bearer_auth(&token);
        let called = call.send().await.unwrap();
        let id = called.headers()["x-request-id"].to_str().unwrap().to_owned();
        let ask = |token: Option<&str>| {
            let request = http.get(format!("{}/demo/questions/{id}", world.resource));
            match token {
                Some(token) => request.bearer_auth(token),
                None => request,
            }
        };
        let told = ask(Some(&token)).send().await.unwrap();
        assert_eq!(told.headers()["cache-control"], "private, no-store");
        let told = told.text().await.unwrap();
        assert!(told.contains("/oauth/check_token") && told.contains("xiaoming"), "{told}");
        assert!(!told.contains(&token) && !told.contains("photo-space-secret"), "{told}");
        let other = world.password_grant("photo.read").await.access_token();
        for stranger in [None, Some("x"), Some(other.as_str())] {
            assert_eq!(ask(stranger).send().await.unwrap().status(), 404);
        }
    }

    /// In operation nobody is told.
    async fn questions_are_told_where_the_settings_say_so(world, "RESOURCE_SERVER__SHOW_QUESTIONS" = "false") {
        let print_photo = with_photos(&world).await;
        let page = print_photo.open("/photos").await;
        assert!(page.text.contains("Use the token") && !page.text.contains("/oauth/check_token"));
    }
}
