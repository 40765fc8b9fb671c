//! What everybody does first.

use e2e::person::{approve_if_asked, ask_with_code, sign_in};
use e2e::{Chromium, Device};

use crate::addresses::CLIENT;
use crate::engine::Engine;

/// From the first page to the log-out, with the compose file's addresses inside and the browser's outside.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs running containers: scripts/prove-containers"]
async fn the_whole_story_works_in_containers() {
    Engine::all_well().await;
    let chromium = Chromium::start(Device::Desktop).await;
    ask_with_code(&chromium, CLIENT).await;
    approve_if_asked(&chromium).await;
    assert_eq!(chromium.text("#owner").await, "xiaoming");
    assert_eq!(chromium.address().await, format!("{CLIENT}/photos"));

    chromium.click("#refresh").await;
    let old = chromium.text("#old-token code").await;
    let new = chromium.text("#new-token code").await;
    assert_ne!(old, new);

    chromium.click("#logout").await;
    chromium.click("#sign-out").await;
    chromium.click("#logoutForm button").await;
    chromium.find("main.apart").await;
    chromium.assert_no_complaints().await;
}

/// The page with the script calls both servers itself: it needs them to know the outside addresses.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs running containers: scripts/prove-containers"]
async fn a_script_gets_photos_across_origins() {
    Engine::all_well().await;
    let chromium = Chromium::start(Device::Desktop).await;
    chromium.open(&format!("{CLIENT}/spa")).await;
    chromium.click("#start-pkce").await;
    sign_in(&chromium, "lihua", "photos4me").await;
    approve_if_asked(&chromium).await;
    chromium.find("#spa-status.good").await;
    chromium.assert_no_complaints().await;
}
