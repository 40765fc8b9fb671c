//! The page that is a client by itself: only a browser shows that CORS and the content security policies
//! let it do its work.

use e2e::person::{PHOTOS_ARE_DRAWN, approve, sign_in};
use e2e::{Chromium, Device, Store, World};

async fn photos_by(start: &str) {
    let world = World::builder(Store::Memory).start().await;
    let chromium = Chromium::start(Device::Desktop).await;
    chromium.open(&format!("{}/spa", world.client)).await;
    chromium.click(start).await;
    sign_in(&chromium, "xiaoming", "photos4me").await;
    approve(&chromium).await;

    chromium.find("#spa-photos .photo img").await;
    chromium.wait_until(PHOTOS_ARE_DRAWN).await;
    chromium.find("#spa-status.good").await;
    chromium.assert_no_complaints().await;
    // Neither a code nor a token stays in the address bar.
    assert_eq!(chromium.address().await, format!("{}/spa", world.client));
}

/// The code grant with PKCE works for a script: token endpoint and API answer across origins.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_script_gets_photos_with_code_and_pkce() {
    photos_by("#start-pkce").await;
}

/// The implicit grant works for a script, which asks whom the token was issued to before it uses it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_script_gets_photos_with_the_implicit_grant() {
    photos_by("#start-implicit").await;
}

/// A denial reaches the script in the fragment, and it says so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_script_learns_of_a_denial() {
    let world = World::builder(Store::Memory).start().await;
    let chromium = Chromium::start(Device::Desktop).await;
    chromium.open(&format!("{}/spa", world.client)).await;
    chromium.click("#start-implicit").await;
    sign_in(&chromium, "xiaoming", "photos4me").await;
    chromium.click("#denialForm button").await;
    let status = chromium.text("#spa-status.bad").await;
    assert!(status.contains("You said no"), "{status}");
    chromium.assert_no_complaints().await;
}

/// A token that the page did not ask for is not used (RFC 6749 §10.12).
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_nobody_asked_for_is_not_used() {
    let world = World::builder(Store::Memory).start().await;
    let chromium = Chromium::start(Device::Desktop).await;
    let address = format!(
        "{}/spa#access_token=stolen&token_type=bearer&state=x",
        world.client
    );
    chromium.open(&address).await;
    let status = chromium.text("#spa-status.bad").await;
    assert!(status.contains("does not belong to this tab"), "{status}");
    assert!(!chromium.holds("#spa-photos .photo").await);
}
