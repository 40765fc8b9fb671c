//! The story of the demo from its first page to the last, and the ways it can end early.

use e2e::person::{PHOTOS_ARE_DRAWN, approve, ask_with_code, sign_in};
use e2e::{Chromium, Device, Store, World};

/// Signing in and approving leads to one's own photos, each of them drawn; the token can be
/// renewed; after the log-out nothing is left.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_whole_story_from_sign_in_to_log_out() {
    let world = World::builder(Store::Memory).start().await;
    let chromium = Chromium::start(Device::Desktop).await;
    ask_with_code(&chromium, &world.client).await;
    approve(&chromium).await;

    assert_eq!(chromium.text("#owner").await, "xiaoming");
    chromium.wait_until(PHOTOS_ARE_DRAWN).await;
    assert_eq!(chromium.address().await, format!("{}/photos", world.client));

    chromium.click("#refresh").await;
    let old = chromium.text("#old-token code").await;
    let new = chromium.text("#new-token code").await;
    assert_ne!(old, new);
    chromium.open(&format!("{}/photos", world.client)).await;
    chromium.wait_until(PHOTOS_ARE_DRAWN).await;
    chromium.assert_no_complaints().await;

    chromium.click("#logout").await;
    chromium.find("#logged-out").await;
    chromium.assert_no_complaints().await;
    chromium.open(&world.client).await;
    chromium.find(".cards").await;
    assert!(!chromium.holds(".access").await, "a token is left");
}

/// One sign-in serves every client, until the owner signs out there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_out_at_the_authorization_server_ends_the_single_sign_on() {
    let world = World::builder(Store::Memory).start().await;
    let chromium = Chromium::start(Device::Desktop).await;
    ask_with_code(&chromium, &world.client).await;
    approve(&chromium).await;
    chromium.click("#logout").await;

    // Still signed in there, and the approval is remembered: straight to the photos.
    chromium.open(&format!("{}/code", world.client)).await;
    chromium.click("#start-code").await;
    chromium.find("#photos").await;

    chromium.click("#logout").await;
    chromium.click("#sign-out").await;
    chromium.click("#logoutForm button").await;
    chromium.find("main.apart").await;
    chromium.open(&format!("{}/code", world.client)).await;
    chromium.click("#start-code").await;
    chromium.find("#loginForm").await;
    chromium.assert_no_complaints().await;
}

/// Photo Stats after Print Photo: no second sign-in, and one sign-out that ends both.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_sign_in_and_one_sign_out_serve_two_applications_in_a_window() {
    two_applications(Device::Desktop).await;
}

/// The same on a telephone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_sign_in_and_one_sign_out_serve_two_applications_on_a_phone() {
    two_applications(Device::Phone).await;
}

async fn two_applications(device: Device) {
    let world = World::builder(Store::Memory).start().await;
    let chromium = Chromium::start(device).await;
    ask_with_code(&chromium, &world.client).await;
    approve(&chromium).await;
    chromium.find("#photos").await;
    chromium.click("#stats").await;
    look(&chromium, "#count", "stats-entrance").await;
    chromium.click("#count").await;
    // Asked for the approval, and for no password.
    chromium.find("#confirmationForm").await;
    approve(&chromium).await;
    look(&chromium, "#total", "stats").await;
    assert_eq!(chromium.text("#total").await, "3");
    assert_eq!(chromium.address().await, format!("{}/stats", world.client));

    chromium.click("#sign-out").await;
    look(&chromium, "#logoutForm", "auth-logout-of-applications").await;
    chromium.click("#logoutForm [name=applications]").await;
    chromium.find("main.apart").await;
    chromium.open(&format!("{}/stats", world.client)).await;
    look(&chromium, "#over", "stats-over").await;
    chromium.open(&format!("{}/photos", world.client)).await;
    chromium.find("#loginForm").await;
    chromium.assert_no_complaints().await;
}

/// The page with this element fits and is drawn.
async fn look(chromium: &Chromium, element: &str, name: &str) {
    chromium.find(element).await;
    chromium.assert_fits().await;
    chromium.screenshot(name).await;
}

/// Whoever says no gets a page that takes it well, and Print Photo gets nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_denial_ends_on_a_clear_page() {
    let world = World::builder(Store::Memory).start().await;
    let chromium = Chromium::start(Device::Desktop).await;
    ask_with_code(&chromium, &world.client).await;
    chromium.click("#denialForm button").await;
    let title = chromium.text("#problem h1").await;
    assert_eq!(title, "You said no, and that is fine");
    assert_only_refusals(&chromium.complaints().await);
}

/// The sign-in page can be left without a sign-in, and the client learns of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sign_in_can_be_cancelled() {
    let world = World::builder(Store::Memory).start().await;
    let chromium = Chromium::start(Device::Desktop).await;
    chromium.open(&format!("{}/code", world.client)).await;
    chromium.click("#start-code").await;
    chromium.click("#cancelForm button").await;
    let title = chromium.text("#problem h1").await;
    assert_eq!(title, "You said no, and that is fine");
    assert_only_refusals(&chromium.complaints().await);
}

/// A wrong password shows the page again, with the name and without the password.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_password_can_be_typed_again() {
    let world = World::builder(Store::Memory).start().await;
    let chromium = Chromium::start(Device::Desktop).await;
    chromium.open(&format!("{}/code", world.client)).await;
    chromium.click("#start-code").await;
    sign_in(&chromium, "xiaoming", "wrong").await;
    chromium.find("#notice").await;
    let typed = "[...document.querySelectorAll('.field input')].map(field => field.value).join()";
    assert_eq!(chromium.evaluate(typed).await, "xiaoming,");
    chromium.fill("#password", "photos4me").await;
    chromium.click("#loginForm button").await;
    approve(&chromium).await;
    chromium.find("#photos").await;
}

/// The page itself has the status 403, of which the browser tells; it may tell of nothing else.
fn assert_only_refusals(complaints: &[String]) {
    for complaint in complaints {
        assert!(complaint.contains("status of 403"), "{complaint}");
    }
}
