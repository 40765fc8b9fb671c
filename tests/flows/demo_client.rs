//! Print Photo, the demo client, between the two real servers.

use e2e::{Answer, Browser, Landing, PrintPhoto, World, hidden_field, on_every_store};

/// Print Photo as a browser sees it.
fn print_photo(world: &World, browser: &Browser) -> PrintPhoto {
    PrintPhoto {
        address: world.client.clone(),
        browser: browser.clone(),
    }
}

/// Opens a page of Print Photo and sends one of its forms.
async fn press(
    world: &World,
    browser: &Browser,
    page: &str,
    action: &str,
    fields: &[(&str, &str)],
) -> Answer {
    print_photo(world, browser)
        .press(page, action, fields)
        .await
}

/// From Print Photo's button to the answer of its callback.
async fn authorize(world: &World, browser: &Browser, approved: &[&str]) -> Answer {
    print_photo(world, browser).authorize(approved).await
}

async fn photos(world: &World, browser: &Browser) -> Answer {
    print_photo(world, browser).open("/photos").await
}

/// What the pages show of the token in use: the first characters.
fn shown_token(page: &Answer) -> String {
    let (_, rest) = page
        .text
        .split_once("<dt>Access token</dt><dd><code>")
        .unwrap();
    rest.split_once('<').unwrap().0.to_owned()
}

#[track_caller]
fn assert_photos_of_xiaoming(page: &Answer) {
    assert_eq!(page.status, 200, "{}", page.text);
    for title in ["Sunrise over the mountains", "Lanterns", "At sea"] {
        assert!(page.text.contains(title), "{title}");
    }
    assert!(!page.text.contains("Bamboo grove"));
}

on_every_store! {
    /// From the button to the photos, by authorization code with PKCE.
    async fn print_photo_shows_the_photos_of_who_approved(world) {
        let browser = world.browser();
        let back = authorize(&world, &browser, &["photo.read", "profile"]).await;
        assert_eq!((back.status, back.header("location")), (303, "/photos"));
        let page = photos(&world, &browser).await;
        assert_photos_of_xiaoming(&page);
        assert!(page.text.contains("<strong id=\"owner\">xiaoming</strong>"));
        for step in ["Ask the owner", "Back with a code", "Exchange the code", "Use the token", "code_verifier"] {
            assert!(page.text.contains(step), "{step}");
        }
        assert!(!page.text.contains("print-photo-secret"));
        let picture = browser.get(&format!("{}/photos/1", world.client)).await;
        assert_eq!((picture.status, picture.header("content-type")), (200, "image/png"));
        // Somebody else's.
        assert_eq!(browser.get(&format!("{}/photos/4", world.client)).await.status, 404);
    }

    /// The page of the photos begins the grant by itself.
    async fn without_a_token_the_photos_lead_to_the_authorization_server(world) {
        let answer = photos(&world, &world.browser()).await;
        assert_eq!(answer.status, 303);
        assert!(answer.header("location").starts_with(&format!("{}/oauth/authorize?", world.auth)));
    }

    /// Seen by the client: without `profile` the photos are shown and nobody is greeted.
    async fn a_partial_approval_shows_the_photos_and_no_name(world) {
        let browser = world.browser();
        authorize(&world, &browser, &["photo.read"]).await;
        let page = photos(&world, &browser).await;
        assert_photos_of_xiaoming(&page);
        assert!(!page.text.contains("id=\"owner\""));
    }

    /// A denial is explained.
    async fn a_denial_is_explained(world) {
        let browser = world.browser();
        let answer = authorize(&world, &browser, &[]).await;
        assert_eq!(answer.status, 403);
        assert!(answer.text.contains("You said no"));
    }

    /// "Refresh now" brings another token, and the photos stay.
    async fn refreshing_now_replaces_the_token(world) {
        let browser = world.browser();
        authorize(&world, &browser, &["photo.read", "profile"]).await;
        let before = photos(&world, &browser).await;
        let answer = press(&world, &browser, "/photos", "/refresh", &[]).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert!(answer.text.contains("id=\"old-token\"") && answer.text.contains("id=\"new-token\""));
        let after = photos(&world, &browser).await;
        assert_photos_of_xiaoming(&after);
        assert_eq!(shown_token(&before).chars().count(), shown_token(&after).chars().count());
    }

    /// An expired token is renewed without asking anybody.
    async fn an_expired_token_is_renewed_unasked(world, "DEMO_CLIENT__SESSIONS__IDLE_SECS" = "100000") {
        let browser = world.browser();
        authorize(&world, &browser, &["photo.read", "profile"]).await;
        world.clock.advance_secs(43_200);
        assert_photos_of_xiaoming(&photos(&world, &browser).await);
    }

    /// A token that was revoked behind its back is renewed; a revoked grant asks the owner again.
    async fn a_refused_token_is_renewed_or_asked_for_again(world) {
        let browser = world.browser();
        let sent = press(&world, &browser, "/code", "/code", &[]).await;
        let page = browser.sign_in_after(&browser.follow(&sent).await, "xiaoming", "photos4me").await;
        let landing = Landing::of(&browser.decide(&page, &["photo.read", "profile"]).await);
        browser.get(landing.0.as_str()).await;
        assert_photos_of_xiaoming(&photos(&world, &browser).await);
        // Its grant ends at the server, as an operator may end it.
        let grants = &world.server.revoker.grants;
        for one in grants.list_grants("xiaoming").await.unwrap() {
            grants.revoke_grant(&one.grant_id).await.unwrap();
        }
        let answer = photos(&world, &browser).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        let asked = browser.follow(&answer).await;
        assert_eq!(asked.status, 302, "approved already: {}", asked.text);
        let back = browser.follow(&asked).await;
        assert_eq!(back.header("location"), "/photos");
        assert_photos_of_xiaoming(&photos(&world, &browser).await);
    }

    /// RFC 7009: signing out gives the tokens back; the sign-in at the server stays.
    async fn logging_out_gives_the_tokens_back(world) {
        let browser = world.browser();
        authorize(&world, &browser, &["photo.read", "profile"]).await;
        let answer = press(&world, &browser, "/photos", "/logout", &[]).await;
        assert_eq!(answer.status, 200);
        for words in ["The tokens were given back", "Give the token back", "id=\"sign-out\""] {
            assert!(answer.text.contains(words), "{words}");
        }
        assert_eq!(photos(&world, &browser).await.status, 303);
        let home = browser.get("/").await;
        assert!(home.text.contains("You are signed in as"));
        let page = browser.get("/logout").await;
        assert!(hidden_field(&page.text, "_csrf").is_some());
    }

    /// Single sign-on: the second application asks for an approval and for no password. Whoever signs out of applications
    /// ends both, which they learn at their next call.
    async fn one_sign_in_serves_photo_stats_and_one_sign_out_ends_both(world) {
        let browser = world.browser();
        authorize(&world, &browser, &["photo.read", "profile"]).await;
        let sent = press(&world, &browser, "/stats", "/stats", &[]).await;
        let approval = browser.follow(&sent).await;
        assert!(approval.text.contains("id=\"confirmationForm\"") && approval.text.contains("Photo Stats"));
        let decided = browser.decide(&approval, &["photo.read", "profile"]).await;
        let back = browser.follow(&decided).await;
        assert_eq!(back.header("location"), "/stats");
        let stats = print_photo(&world, &browser);
        let numbers = stats.open("/stats").await;
        assert!(numbers.text.contains("id=\"total\">3<"), "{}", numbers.text);
        assert_photos_of_xiaoming(&photos(&world, &browser).await);

        let page = browser.get("/logout").await;
        let csrf = hidden_field(&page.text, "_csrf").unwrap();
        let form = [("_csrf", csrf.as_str()), ("applications", "end")];
        assert_eq!(browser.post("/logout", &form).await.status, 200);
        let over = stats.open("/stats").await;
        assert!(over.text.contains("id=\"over\"") && !over.text.contains("id=\"total\""));
        let asked = browser.follow(&photos(&world, &browser).await).await;
        assert!(asked.header("location").starts_with("/login?authorization="));
        let asked = browser.follow(&press(&world, &browser, "/stats", "/stats", &[]).await).await;
        assert!(asked.header("location").starts_with("/login?authorization="));
    }

    /// A form that is not of the session ends nothing, whatever else it says.
    async fn a_foreign_form_signs_out_of_no_application(world) {
        let browser = world.browser();
        authorize(&world, &browser, &["photo.read", "profile"]).await;
        let form = [("_csrf", "forged"), ("applications", "end")];
        assert_eq!(browser.post("/logout", &form).await.status, 403);
        assert_photos_of_xiaoming(&photos(&world, &browser).await);
    }

    /// The page of the desktop program; a wrong password is explained.
    async fn the_password_page_leads_to_the_photos(world) {
        let browser = world.browser();
        let wrong = [("username", "xiaoming"), ("password", "wrong")];
        let answer = press(&world, &browser, "/password", "/password", &wrong).await;
        assert_eq!(answer.status, 403);
        assert!(answer.text.contains("Name or password is wrong"));
        let right = [("username", "xiaoming"), ("password", "photos4me")];
        let answer = press(&world, &browser, "/password", "/password", &right).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/photos"));
        let page = photos(&world, &browser).await;
        assert_photos_of_xiaoming(&page);
        assert!(!page.text.contains("photos4me"));
    }

    /// The backup sees everybody's photos with one token for the whole service.
    async fn the_backup_page_shows_everybodys_photos(world) {
        for browser in [world.browser(), world.browser()] {
            let at = "/client-credentials";
            let answer = press(&world, &browser, at, at, &[]).await;
            assert_eq!((answer.status, answer.header("location")), (303, "/photos"));
            let page = photos(&world, &browser).await;
            for title in ["Lanterns", "Bamboo grove"] {
                assert!(page.text.contains(title), "{title}");
            }
        }
    }

    /// RFC 9700 §4.7: a callback that this browser did not ask for is refused, and harms nothing.
    async fn a_callback_of_another_browser_is_refused(world) {
        let (browser, other) = (world.browser(), world.browser());
        let sent = press(&world, &browser, "/code", "/code", &[]).await;
        let page = browser.sign_in_after(&browser.follow(&sent).await, "xiaoming", "photos4me").await;
        let landing = Landing::of(&browser.decide(&page, &["photo.read", "profile"]).await);
        let answer = other.get(landing.0.as_str()).await;
        assert_eq!(answer.status, 400);
        assert!(answer.text.contains("does not belong to this browser"));
        assert_eq!(browser.get(landing.0.as_str()).await.status, 303);
        assert_photos_of_xiaoming(&photos(&world, &browser).await);
    }

    /// A JWT serves the client as a handle does.
    async fn print_photo_works_with_jwts_of_the_standard_dialect(
        world,
        "AUTH_SERVER__TOKENS__FORMAT" = "jwt",
        "AUTH_SERVER__TOKENS__DIALECT" = "standard",
        "RESOURCE_SERVER__VERIFIER__METHOD" = "jwks"
    ) {
        let browser = world.browser();
        authorize(&world, &browser, &["photo.read", "profile"]).await;
        assert_photos_of_xiaoming(&photos(&world, &browser).await);
    }
}
