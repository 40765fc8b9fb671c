//! Endpoints that an old server had mapped to other paths.

use e2e::{Browser, Landing, hidden_field, on_every_store};

use crate::Form;

const ITSELF: Form<'_> = &[("grant_type", "client_credentials")];

/// Signs in on the page that the mapped endpoint leads to, and says no on the approval page.
async fn denies(browser: &Browser) -> Landing {
    let asked = "response_type=code&client_id=print-photo&scope=photo.read";
    let answer = browser.get(&format!("/authorize?{asked}")).await;
    let page = browser
        .sign_in_after(&answer, "xiaoming", "photos4me")
        .await;
    assert_eq!(page.status, 200, "{}", page.text);
    assert!(page.text.contains("action=\"/authorize\""), "{}", page.text);
    let field = |name| hidden_field(&page.text, name).unwrap();
    let form = [
        ("user_oauth_approval", "false"),
        ("_csrf", &field("_csrf")),
        ("authorization", &field("authorization")),
    ];
    let answer = browser.post("/authorize", &form).await;
    Landing::of(&answer)
}

on_every_store! {
    /// Programs find them there, in the metadata too, and no more where they were.
    async fn a_mapped_endpoint_is_where_it_is_said_and_nowhere_else(
        world,
        "AUTH_SERVER__PATHS__TOKEN" = "/api/v1/token",
        "AUTH_SERVER__PATHS__CHECK_TOKEN" = "/api/v1/check"
    ) {
        let answer = world.post_as("photo-backup", "/api/v1/token", ITSELF).await;
        let token = answer.access_token();
        let checked = world.post_as("photo-space", "/api/v1/check", &[("token", &token)]).await;
        assert_eq!(checked.json["client_id"], "photo-backup", "{}", checked.text);
        world.post_as("photo-backup", "/oauth/token", ITSELF).await.assert_error(404, "not_found");
        let metadata = world.browser().get("/.well-known/oauth-authorization-server").await;
        assert_eq!(metadata.text_of("token_endpoint"), format!("{}/api/v1/token", world.auth));
    }

    /// Pages and redirects lead there.
    async fn people_are_led_to_the_mapped_endpoints(
        world,
        "AUTH_SERVER__PATHS__AUTHORIZE" = "/authorize",
        "AUTH_SERVER__PATHS__CONFIRM_ACCESS" = "/confirm"
    ) {
        let landing = denies(&world.browser()).await;
        assert_eq!(landing.parameter("error").as_deref(), Some("access_denied"));
    }
}
