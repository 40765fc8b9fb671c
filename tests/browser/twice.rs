//! Buttons pressed twice, and another account: which of two answers a browser hears, and which cookie it keeps, only
//! a browser shows.

use e2e::person::{approve, sign_in};
use e2e::{Chromium, Device, Store, World};

/// Presses the button of a form, and once more before the answer is there.
async fn press_twice(chromium: &Chromium, form: &str, pause_ms: u32) {
    let presses = format!(
        "(() => {{ const button = document.querySelector('{form} button'); button.click(); \
         setTimeout(() => button.click(), {pause_ms}); }})()"
    );
    chromium.find(form).await;
    chromium.evaluate(&presses).await;
}

/// An impatient person gets to Print Photo all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn buttons_that_are_pressed_twice_lead_on() {
    let world = World::builder(Store::Memory).start().await;
    for pause_ms in [1, 60, 300] {
        let chromium = Chromium::start(Device::Desktop).await;
        chromium.open(&format!("{}/code", world.client)).await;
        chromium.click("#start-code").await;
        chromium.fill("#username", "lihua").await;
        chromium.fill("#password", "photos4me").await;
        press_twice(&chromium, "#loginForm", pause_ms).await;
        chromium
            .wait_until(
                "document.querySelector('#confirmationForm, .photo') !== null \
                 || location.pathname === '/callback'",
            )
            .await;
        if chromium.holds("#confirmationForm").await {
            press_twice(&chromium, "#confirmationForm", pause_ms).await;
        }
        chromium
            .wait_until("location.pathname === '/photos' || location.pathname === '/callback'")
            .await;
        // Print Photo may hear the same answer twice; who is signed in here is so in any case.
        chromium.open(&world.auth).await;
        assert!(chromium.text("main").await.contains("lihua"), "{pause_ms}");
    }
}

/// "Use another account" comes back to the approval of the same client.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_account_is_asked_by_the_same_client() {
    let world = World::builder(Store::Memory).start().await;
    let chromium = Chromium::start(Device::Desktop).await;
    chromium.open(&format!("{}/code", world.client)).await;
    chromium.click("#start-code").await;
    sign_in(&chromium, "xiaoming", "photos4me").await;
    chromium.click("#another-account").await;
    let heading = chromium.text("h1").await;
    assert!(heading.contains("Print Photo"), "{heading}");
    sign_in(&chromium, "lihua", "photos4me").await;
    let account = chromium.text(".account").await;
    assert!(account.contains("lihua"), "{account}");
    approve(&chromium).await;
    assert_eq!(chromium.text("#owner").await, "lihua");
    chromium.assert_no_complaints().await;
}
