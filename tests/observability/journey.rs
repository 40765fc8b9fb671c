//! A walk that moves every metric of the three services.

use e2e::{PrintPhoto, World};

use crate::scrape::Scrape;

/// What the three services show.
pub(crate) struct Scrapes {
    pub(crate) auth: Scrape,
    pub(crate) resource: Scrape,
    pub(crate) client: Scrape,
}

impl Scrapes {
    pub(crate) async fn of(world: &World) -> Self {
        Self {
            auth: Scrape::of(&world.probes).await,
            resource: Scrape::of(&world.resource_probes).await,
            client: Scrape::of(&world.client_probes).await,
        }
    }

    pub(crate) fn all(&self) -> [(&'static str, &Scrape); 3] {
        [
            ("auth-server", &self.auth),
            ("resource-server", &self.resource),
            ("demo-client", &self.client),
        ]
    }
}

/// The settings under which [`walk`] moves every metric.
pub(crate) const CACHED: (&str, &str) = ("RESOURCE_SERVER__VERIFIER__CACHE__ENABLED", "true");

/// One of everything. What the tests expect is counted along in its comments.
pub(crate) async fn walk(world: &World) {
    let print_photo = show_photos(world).await;
    codes_and_refresh_tokens(world).await;
    questions(world).await;
    refusals(world).await;
    ends(world).await;
    log_out(&print_photo).await;
}

/// Print Photo shows the photos: sign-in, approval, code, token; two calls with it, one of them checked.
async fn show_photos(world: &World) -> PrintPhoto {
    let print_photo = PrintPhoto {
        address: world.client.clone(),
        browser: world.browser(),
    };
    let back = print_photo.authorize(&["photo.read", "profile"]).await;
    assert_eq!((back.status, back.header("location")), (303, "/photos"));
    let photos = print_photo.open("/photos").await;
    assert_eq!(photos.status, 200, "{}", photos.text);
    print_photo
}

/// A second code of the same owner, who is not asked again; its tokens; then code and refresh token again.
async fn codes_and_refresh_tokens(world: &World) {
    let code = world.code().await;
    let first = world.exchange(&code).await.refresh_token();
    let second = world.refresh(&first).await.refresh_token();
    assert_eq!(world.refresh(&second).await.status, 200);
    world
        .refresh(&first)
        .await
        .assert_error(400, "invalid_grant");
    world
        .exchange(&code)
        .await
        .assert_error(400, "invalid_grant");
}

/// What others ask about a token of the backup, and about none.
async fn questions(world: &World) {
    let form = [("grant_type", "client_credentials")];
    let token = world.token("photo-backup", &form).await.access_token();
    for token in [token.as_str(), "garbage"] {
        world.check_token(token).await;
        let form = [("token", token)];
        world
            .post_as("photo-space", "/oauth/introspect", &form)
            .await;
    }
    let form = [("token", token.as_str())];
    world
        .post_as("photo-desktop", "/oauth/check_token", &form)
        .await;
    assert_eq!(world.call("/photos", "garbage").await.status, 401);
    let without = world.http().get(format!("{}/photos", world.resource));
    assert_eq!(without.send().await.unwrap().status().as_u16(), 401);
}

async fn refusals(world: &World) {
    let odd = [("grant_type", "odd")];
    world
        .token("print-photo", &odd)
        .await
        .assert_error(400, "unsupported_grant_type");
    let wrong = ("photo-backup", "wrong");
    let form = [("grant_type", "client_credentials")];
    world
        .post_with(wrong, "/oauth/token", &form)
        .await
        .assert_error(401, "invalid_client");
    let public = [
        ("grant_type", "authorization_code"),
        ("code", "garbage"),
        ("client_id", "photo-spa"),
    ];
    world
        .post("/oauth/token", &public)
        .await
        .assert_error(400, "invalid_grant");
    let guess = [
        ("grant_type", "password"),
        ("username", "lihua"),
        ("password", "wrong"),
    ];
    world
        .token("photo-desktop", &guess)
        .await
        .assert_error(400, "invalid_grant");
}

/// Tokens that are given back, one alone and one with its grant.
async fn ends(world: &World) {
    let answer = world.password_grant("photo.read").await;
    for token in [answer.access_token(), answer.refresh_token()] {
        let form = [("token", token.as_str())];
        let answer = world.post_as("photo-desktop", "/oauth/revoke", &form).await;
        assert_eq!(answer.status, 200);
    }
}

/// Print Photo gives its tokens back: two requests.
async fn log_out(print_photo: &PrintPhoto) {
    let answer = print_photo.press("/", "/logout", &[]).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}
