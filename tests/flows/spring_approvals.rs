//! What counts as an approval where a Spring server's handlers are wanted, and what is approved automatically.

use e2e::{Answer, Browser, Landing, World, on_every_store};

use crate::{Form, OTHER_CALLBACK};

const OWNER: Form<'_> = &[
    ("grant_type", "password"),
    ("username", "xiaoming"),
    ("password", "photos4me"),
];

/// A client that asks one owner for one thing after the other.
const SHOP: &str = r#"
    [[clients]]
    client_id = "shop"
    client_name = "Shop"
    client_secret = "{noop}shop-secret"
    grant_types = ["authorization_code", "password"]
    redirect_uris = ["https://shop.example/callback"]
    scope = ["photo.read", "photo.write", "profile"]
    profile = "spring"
    spring = { PIECES }
"#;

fn shop(pieces: &str) -> String {
    SHOP.replace("PIECES", pieces)
}

async fn asks(browser: &Browser, scope: &str) -> Answer {
    let parameters = [
        ("response_type", "code"),
        ("client_id", "shop"),
        ("redirect_uri", OTHER_CALLBACK),
        ("scope", scope),
    ];
    browser.authorize(&parameters).await
}

async fn signed_in(world: &World) -> Browser {
    let browser = world.browser();
    browser.sign_in("xiaoming", "photos4me").await;
    browser
}

/// A token of xiaoming's that nobody was asked about.
async fn token_by_password(world: &World, scope: &str) {
    let form = [OWNER, &[("scope", scope)]].concat();
    let answer = world
        .post_with(("shop", "shop-secret"), "/oauth/token", &form)
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}

/// Redeems the code that an answer brings.
async fn scope_of(world: &World, answer: &Answer) -> String {
    let code = Landing::of(answer).code();
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", OTHER_CALLBACK),
    ];
    let token = world
        .post_with(("shop", "shop-secret"), "/oauth/token", &form)
        .await;
    token.text_of("scope")
}

/// Presses a button of a page with one question.
async fn says(browser: &Browser, page: &Answer, word: &str) -> Answer {
    let field = |name| e2e::hidden_field(&page.text, name).unwrap();
    let (csrf, authorization) = (field("_csrf"), field("authorization"));
    let form = [
        ("user_oauth_approval", word),
        ("_csrf", &csrf),
        ("authorization", &authorization),
    ];
    browser.post("/oauth/authorize", &form).await
}

on_every_store! {
    /// Whatever the client holds of the owner counts, also what nobody was asked about, and what it holds adds up.
    async fn what_a_client_holds_is_approved(world; |world| world.with(&shop(""))) {
        let browser = signed_in(&world).await;
        assert_eq!(asks(&browser, "photo.read").await.status, 200);
        token_by_password(&world, "photo.read").await;
        assert_eq!(scope_of(&world, &asks(&browser, "photo.read").await).await, "photo.read");
        let page = asks(&browser, "photo.read profile").await;
        assert_eq!(page.status, 200);
        assert!(page.text.contains("type=\"radio"));
        token_by_password(&world, "profile").await;
        assert_eq!(scope_of(&world, &asks(&browser, "photo.read profile").await).await, "photo.read profile");
    }

    /// Nothing is remembered: what came of a yes counts as long as it is there.
    async fn what_a_client_holds_no_more_is_asked_about(world; |world| world.with(&shop(""))) {
        let browser = signed_in(&world).await;
        let page = asks(&browser, "profile").await;
        let code = Landing::of(&browser.decide(&page, &["profile"]).await).code();
        let form = [
            ("grant_type", "authorization_code"), ("code", code.as_str()), ("redirect_uri", OTHER_CALLBACK),
        ];
        let token = world.post_with(("shop", "shop-secret"), "/oauth/token", &form).await.access_token();
        assert_eq!(asks(&browser, "profile").await.status, 302);
        // That gave another code; what came of it is over, too.
        let listed = world.post_with(("shop", "shop-secret"), "/oauth/revoke", &[("token", &token)]).await;
        assert_eq!(listed.status, 200);
        world.clock.advance_secs(61);
        assert_eq!(asks(&browser, "profile").await.status, 200);
    }

    /// One question about everything: a yes is the word, in any letter case, and everything else a no.
    async fn there_is_one_question_where_the_same_token_counts(
        world; |world| world.with(&shop("approval_handler = \"same_token\""))
    ) {
        let browser = signed_in(&world).await;
        for word in ["false", "yes"] {
            let page = asks(&browser, "photo.read profile").await;
            assert_eq!(page.status, 200);
            assert!(page.text.contains("photo.read") && !page.text.contains("type=\"radio"), "{}", page.text);
            let told = Landing::of(&says(&browser, &page, word).await);
            assert_eq!(told.parameter("error").as_deref(), Some("access_denied"), "{word}");
        }
        let page = asks(&browser, "photo.read profile").await;
        let answer = says(&browser, &page, "TRUE").await;
        assert_eq!(scope_of(&world, &answer).await, "photo.read profile");
        assert_eq!(scope_of(&world, &asks(&browser, "profile photo.read").await).await, "photo.read profile");
        assert_eq!(asks(&browser, "profile").await.status, 200);
    }

    /// Nothing spares the question, automatic approval neither.
    async fn owners_are_asked_every_time_where_that_is_said(
        world; |world| {
            let lines = shop("approval_handler = \"every_time\"");
            world.with(&lines.replace("client_name", "auto_approve = [\"profile\"]\n    client_name"))
        }
    ) {
        let browser = signed_in(&world).await;
        for _ in 0..2 {
            let page = asks(&browser, "profile").await;
            assert_eq!(page.status, 200);
            let answer = says(&browser, &page, "true").await;
            assert_eq!(scope_of(&world, &answer).await, "profile");
        }
    }

    /// Regular expressions that match a whole name, and `true`.
    async fn what_is_approved_automatically_may_be_a_pattern(
        world; |world| {
            let lines = shop("");
            world.with(&lines.replace("client_name", "auto_approve = [\"photo[.].*\"]\n    client_name"))
        }
    ) {
        let browser = signed_in(&world).await;
        assert_eq!(scope_of(&world, &asks(&browser, "photo.read photo.write").await).await, "photo.read photo.write");
        assert_eq!(asks(&browser, "photo.read profile").await.status, 200);
    }

    /// Everything.
    async fn true_approves_everything_automatically(
        world; |world| {
            let lines = shop("");
            world.with(&lines.replace("client_name", "auto_approve = [\"true\"]\n    client_name"))
        }
    ) {
        let browser = signed_in(&world).await;
        assert_eq!(scope_of(&world, &asks(&browser, "photo.read profile").await).await, "photo.read profile");
    }
}
