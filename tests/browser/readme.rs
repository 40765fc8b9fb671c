//! The pictures of README.md. `scripts/screenshots` draws them.

use e2e::person::{PHOTOS_ARE_DRAWN, approve, ask_with_code};
use e2e::{Chromium, Device, Store, World};

/// A person registers an application, grants it access, tries an attack and looks at what has access.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "scripts/screenshots draws pictures, at ports that may be taken"]
async fn the_pictures_of_the_readme() {
    let world = World::builder(Store::Memory)
        .at_ports_of_the_demo()
        .start()
        .await;
    let chromium = Chromium::start(Device::Desktop).await;
    ask_with_code(&chromium, &world.client).await;
    approve(&chromium).await;
    chromium.wait_until(PHOTOS_ARE_DRAWN).await;
    chromium
        .picture("photos", "body > header", ".drawing")
        .await;
    let (id, secret) = register(&world, &chromium).await;
    grant_and_attack(&world, &chromium, &id, &secret).await;
    // The attack has ended what was given.
    chromium.open(&format!("{}/code", world.client)).await;
    chromium.click("#start-code").await;
    chromium.click("#call").await;
    chromium.click("#account").await;
    chromium.to_new_tab().await;
    chromium.click(".card details summary").await;
    chromium.picture("account", "body > header", "main").await;
}

async fn register(world: &World, chromium: &Chromium) -> (String, String) {
    chromium.open(&format!("{}/developer", world.auth)).await;
    chromium.click("#new-application").await;
    chromium.fill("#client_name", "Holiday prints").await;
    let redirect_uri = format!("{}/callback", world.client);
    chromium.fill("#redirect_uris", &redirect_uri).await;
    chromium.click("[name='scope.photo.read']").await;
    chromium.click("[name='scope.profile']").await;
    chromium.picture("portal", "body > header", "main").await;
    chromium.click("#applicationForm .primary").await;
    let id = chromium.text("#client-id").await;
    let secret = chromium.text("#client-secret").await;
    (id, secret)
}

async fn grant_and_attack(world: &World, chromium: &Chromium, id: &str, secret: &str) {
    chromium.open(&format!("{}/own-client", world.client)).await;
    chromium.fill("#client_id", id).await;
    chromium.fill("#client_secret", secret).await;
    chromium.click("#bring").await;
    chromium.click("#start-code").await;
    chromium.find("#confirmationForm").await;
    chromium.picture("approval", "body", "body").await;
    approve(chromium).await;
    chromium.click("main a[href='/attacks']").await;
    chromium.click("#replay-the-code").await;
    chromium.find("#verdict").await;
    chromium.picture("attack", "#flow-title", ".drawing").await;
}
