//! The pages without a journey to the authorization server, and pages without a script.

use e2e::person::{PHOTOS_ARE_DRAWN, approve, ask_with_code};
use e2e::{Chromium, Device, Store, World};

/// Name and password on the page of the desktop program lead to the photos.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_password_page_shows_the_photos_of_its_owner() {
    let world = World::builder(Store::Memory).start().await;
    let chromium = Chromium::start(Device::Desktop).await;
    chromium.open(&format!("{}/password", world.client)).await;
    chromium.fill("#username", "lihua").await;
    chromium.fill("#password", "photos4me").await;
    chromium.click("#start-password").await;
    chromium.find("#photos").await;
    chromium.wait_until(PHOTOS_ARE_DRAWN).await;
    let owners = "[...new Set([...document.querySelectorAll('.photo .owner')].map(owner => owner.textContent))].join()";
    assert_eq!(chromium.evaluate(owners).await, "lihua");
    chromium.assert_no_complaints().await;
}

/// A wrong password gets a page of its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_password_page_tells_of_a_wrong_password() {
    let world = World::builder(Store::Memory).start().await;
    let chromium = Chromium::start(Device::Desktop).await;
    chromium.open(&format!("{}/password", world.client)).await;
    chromium.fill("#username", "lihua").await;
    chromium.fill("#password", "wrong").await;
    chromium.click("#start-password").await;
    let title = chromium.text("#problem h1").await;
    assert_eq!(title, "Name or password is wrong");
}

/// The backup sees everybody's photos.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_backup_sees_the_photos_of_everybody() {
    let world = World::builder(Store::Memory).start().await;
    let chromium = Chromium::start(Device::Desktop).await;
    let page = format!("{}/client-credentials", world.client);
    chromium.open(&page).await;
    chromium.click("#start-client-credentials").await;
    chromium.find("#photos").await;
    chromium.wait_until(PHOTOS_ARE_DRAWN).await;
    let owners = "[...new Set([...document.querySelectorAll('.photo .owner')].map(owner => owner.textContent))].sort().join()";
    assert_eq!(chromium.evaluate(owners).await, "lihua,xiaoming");
    chromium.assert_no_complaints().await;
}

/// Signing in, approving and looking at photos need no script.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_but_the_one_with_the_script_works_without_scripts() {
    let world = World::builder(Store::Memory).start().await;
    let chromium = Chromium::start(Device::WithoutScript).await;
    chromium.open(&format!("{}/spa", world.client)).await;
    // Only a browser that runs no scripts shows this: the test tests what it says.
    chromium.find("noscript .notice").await;

    ask_with_code(&chromium, &world.client).await;
    approve(&chromium).await;
    assert_eq!(chromium.text("#owner").await, "xiaoming");
    chromium.click("#refresh").await;
    chromium.find("#new-token").await;
    chromium.click("#logout").await;
    chromium.find("#logged-out").await;
}
