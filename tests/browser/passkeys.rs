//! Passkeys in a real browser, with an authenticator that it plays itself.

use e2e::person::{PHOTOS_ARE_DRAWN, approve, sign_in};
use e2e::{Chromium, Database, DatabaseKind, Device, Directory, Store, World};

/// Adds a passkey for whoever is signed in.
async fn add(chromium: &Chromium, world: &World, name: &str, password: &str) {
    chromium
        .open(&format!("{}/account/passkeys", world.auth))
        .await;
    chromium.fill("#passkey_name", name).await;
    chromium.fill("#current_password", password).await;
    chromium.click("#beginForm button").await;
    chromium.find("#addForm").await;
    chromium.click("#addForm button").await;
    chromium.find("#done").await;
}

/// A passkey is made, the browser signs out, and an application's request goes on with it, without a name or a password.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_passkey_is_made_and_lets_an_application_in() {
    let world = World::builder(Store::Memory).start().await;
    let chromium = Chromium::start(Device::Desktop).await;
    chromium.offer_nothing_while_typing().await;
    chromium.add_authenticator().await;
    chromium.open(&format!("{}/login", world.auth)).await;
    sign_in(&chromium, "xiaoming", "photos4me").await;
    add(&chromium, &world, "Laptop", "photos4me").await;
    assert_eq!(chromium.text("#passkeys h2").await, "Laptop");
    chromium.open(&format!("{}/logout", world.auth)).await;
    chromium.click("#logoutForm button").await;

    chromium.open(&format!("{}/code", world.client)).await;
    chromium.click("#start-code").await;
    chromium.find("#passkeyForm").await;
    chromium.click("#passkeyForm button").await;
    approve(&chromium).await;
    assert_eq!(chromium.text("#owner").await, "xiaoming");
    chromium.wait_until(PHOTOS_ARE_DRAWN).await;
    chromium.assert_no_complaints().await;
}

/// Whoever's device has no passkey, or says no, is told so on the page and goes on with the password.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_device_without_a_passkey_is_told_and_the_password_goes_on() {
    let world = World::builder(Store::Memory).start().await;
    let chromium = Chromium::start(Device::Desktop).await;
    chromium.add_authenticator().await;
    chromium.open(&format!("{}/login", world.auth)).await;
    chromium.click("#passkeyForm button").await;
    let told = "!document.querySelector('[data-passkey-fault]').hidden";
    chromium.wait_until(told).await;
    sign_in(&chromium, "xiaoming", "photos4me").await;
    chromium.open(&format!("{}/account", world.auth)).await;
    chromium.find("#content").await;
}

/// Browsers before `toJSON` and `parseRequestOptionsFromJSON` have the same passkeys.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_that_reads_no_json_has_passkeys() {
    let world = World::builder(Store::Memory).start().await;
    let chromium = Chromium::start(Device::Desktop).await;
    chromium.offer_nothing_while_typing().await;
    chromium.add_authenticator().await;
    let forget = "delete PublicKeyCredential.parseRequestOptionsFromJSON && \
        delete PublicKeyCredential.parseCreationOptionsFromJSON && delete PublicKeyCredential.prototype.toJSON";
    chromium.open(&format!("{}/login", world.auth)).await;
    sign_in(&chromium, "xiaoming", "photos4me").await;
    chromium
        .open(&format!("{}/account/passkeys", world.auth))
        .await;
    chromium.fill("#passkey_name", "Old").await;
    chromium.fill("#current_password", "photos4me").await;
    chromium.click("#beginForm button").await;
    chromium.find("#addForm").await;
    chromium.evaluate(forget).await;
    chromium.click("#addForm button").await;
    chromium.find("#done").await;
    chromium.open(&format!("{}/logout", world.auth)).await;
    chromium.click("#logoutForm button").await;
    chromium
        .open(&format!("{}/login?next=passkeys", world.auth))
        .await;
    chromium.evaluate(forget).await;
    chromium.click("#passkeyForm button").await;
    assert_eq!(chromium.text("#passkeys h2").await, "Old");
}

/// A browser that can offers a passkey where a name is typed; whoever chooses it is signed in, and presses no button.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_passkey_is_offered_where_a_name_is_typed() {
    let world = World::builder(Store::Memory).start().await;
    let chromium = Chromium::start(Device::Desktop).await;
    chromium.add_authenticator().await;
    chromium.open(&format!("{}/login", world.auth)).await;
    // There is none yet, so the password goes on.
    sign_in(&chromium, "xiaoming", "photos4me").await;
    add(&chromium, &world, "Laptop", "photos4me").await;
    chromium.open(&format!("{}/logout", world.auth)).await;
    chromium.click("#logoutForm button").await;
    chromium.open(&format!("{}/code", world.client)).await;
    chromium.click("#start-code").await;
    approve(&chromium).await;
    assert_eq!(chromium.text("#owner").await, "xiaoming");
    chromium.assert_no_complaints().await;
}

/// Without scripts nobody is offered what cannot be had, and everything else works.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_scripts_the_pages_say_so_and_work() {
    let world = World::builder(Store::Memory).start().await;
    let chromium = Chromium::start(Device::WithoutScript).await;
    chromium
        .open(&format!("{}/login?next=passkeys", world.auth))
        .await;
    let told = chromium.text("noscript .aside").await;
    assert!(told.contains("needs JavaScript"), "{told}");
    assert!(!chromium.is_shown("#passkeyForm").await);
    sign_in(&chromium, "xiaoming", "photos4me").await;
    let told = chromium.text("noscript .notice").await;
    assert!(told.contains("needs JavaScript"), "{told}");
    assert!(!chromium.is_shown("#beginForm").await);
}

/// A passkey hangs on the account's name: one that somebody else keeps, in a directory or in a database, has them, too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_of_a_directory_or_a_database_signs_in_with_a_passkey() {
    let directory = Directory::of_spring().await;
    let pattern = (
        "AUTH_SERVER__LDAP_OWNERS__USER_DN_PATTERN",
        "uid={0},ou=people",
    );
    let of_directory = World::builder(Store::Memory)
        .on_directory(&directory)
        .set("AUTH_SERVER__LDAP_OWNERS__DEFAULT_AUTHORITIES", "ROLE_USER")
        .set(pattern.0, pattern.1);
    let database = Database::of_spring(DatabaseKind::Sqlite).await;
    let rows = "insert into users (username, password, enabled) values ('meilin', '{noop}photos4mei', true); \
                insert into authorities (username, authority) values ('meilin', 'ROLE_USER');";
    database.execute(rows).await;
    let of_database = World::builder(Store::Memory).on_tables_of(&database);
    for builder in [of_directory, of_database] {
        let world = builder.start().await;
        let chromium = Chromium::start(Device::Desktop).await;
        chromium.offer_nothing_while_typing().await;
        chromium.add_authenticator().await;
        chromium.open(&format!("{}/login", world.auth)).await;
        sign_in(&chromium, "meilin", "photos4mei").await;
        add(&chromium, &world, "Laptop", "photos4mei").await;
        chromium.open(&format!("{}/logout", world.auth)).await;
        chromium.click("#logoutForm button").await;
        let passkeys = format!("{}/login?next=passkeys", world.auth);
        chromium.open(&passkeys).await;
        chromium.click("#passkeyForm button").await;
        assert_eq!(chromium.text("#passkeys h2").await, "Laptop");
        chromium.assert_no_complaints().await;
    }
}
