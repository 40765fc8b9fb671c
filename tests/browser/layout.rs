//! Every page fits on a telephone and in a window, is accessible, and is drawn for a person to look at: in each language, in
//! the light and in the dark.

mod forgotten;
mod print_photo;
mod sign_up;

use std::sync::Mutex;

use e2e::person::sign_in;
use e2e::{Authenticator, Chromium, Device, Store, World};
use symbolon::clock::Clock as _;

use crate::accessibility::violations;

struct Tour {
    world: World,
    chromium: Chromium,
    device: Device,
    language: &'static str,
    /// What is not accessible, by the name of its picture.
    violations: Mutex<Vec<String>>,
}

impl Tour {
    /// Of somebody who has chosen this language, which each of our services keeps.
    async fn begin(device: Device, language: &'static str) -> Self {
        let tour = Self {
            world: World::builder(Store::Memory).with_sign_up().start().await,
            chromium: Chromium::start(device).await,
            device,
            language,
            violations: Mutex::default(),
        };
        for page in [&tour.world.auth, &tour.world.client] {
            tour.chromium.open(page).await;
            let choice =
                format!(".languages a[lang='{language}'], #languages a[lang='{language}']");
            tour.chromium.click(&choice).await;
        }
        tour
    }

    /// The page that is shown now is in the language of this tour, loads nothing that its own policy forbids, fits and is
    /// accessible, and is drawn under this name.
    async fn look(&self, name: &str) {
        let language = self
            .chromium
            .evaluate("document.documentElement.lang")
            .await;
        assert_eq!(language, self.language, "{name}");
        for complaint in self.chromium.complaints().await {
            assert!(!complaint.contains("Content Security"), "{complaint}");
        }
        for scheme in ["light", "dark"] {
            self.chromium.prefer_scheme(scheme).await;
            self.chromium.assert_fits().await;
            let language = self.language;
            let name = format!("{name}-{language}-{scheme}");
            // Which colours there are does not depend on the width.
            if scheme == "light" || self.device != Device::Phone {
                let found = violations(&self.chromium).await;
                let found = found.iter().map(|violation| format!("{name}: {violation}"));
                self.violations.lock().unwrap().extend(found);
            }
            self.chromium.screenshot(&name).await;
        }
    }

    /// Fails when anything is not accessible, and says all of it.
    fn end(self) {
        let found = self.violations.into_inner().unwrap();
        assert!(found.is_empty(), "{}", found.join("\n"));
    }

    async fn client_page(&self, path: &str) {
        let url = format!("{}{path}", self.world.client);
        self.chromium.open(&url).await;
    }

    async fn auth_page(&self, path: &str) {
        let url = format!("{}{path}", self.world.auth);
        self.chromium.open(&url).await;
    }

    /// What is there before anybody signs in.
    async fn strangers(&self) {
        self.auth_page("/").await;
        self.look("auth-home").await;
        self.auth_page("/login").await;
        self.look("auth-login").await;
        self.auth_page("/oauth/authorize?client_id=nobody&response_type=code")
            .await;
        self.look("auth-error").await;
        // Of a request that waits no more, two pages know the way back.
        let ended = "authorization=AAAAAAAAAAAAAAAAAAAAAA&client_id=print-photo";
        self.auth_page(&format!("/login?{ended}")).await;
        self.chromium.find("#ended #back").await;
        self.look("auth-login-ended").await;
        self.auth_page(&format!("/oauth/confirm_access?{ended}"))
            .await;
        self.chromium.find("#back").await;
        self.look("auth-error-with-way-back").await;
    }

    async fn authorization_server(&self) {
        self.strangers().await;
        self.client_page("/code").await;
        self.chromium.click("#start-code").await;
        self.chromium.find("#cancelForm").await;
        self.look("auth-login-for-client").await;
        sign_in(&self.chromium, "xiaoming", "wrong").await;
        self.chromium.find("#notice").await;
        self.look("auth-login-refused").await;
        self.chromium.fill("#password", "photos4me").await;
        self.chromium.click("#loginForm button").await;
        self.chromium.find("#confirmationForm").await;
        self.look("auth-approval").await;
        self.chromium.click("#confirmationForm button").await;
        self.chromium.find("#photos").await;

        self.auth_page("/").await;
        self.look("auth-home-signed-in").await;
        self.account().await;
        self.developer().await;
        self.passkeys().await;
        self.second_factor().await;
        self.auth_page("/logout").await;
        self.look("auth-logout").await;
        self.chromium.click("#logoutForm button").await;
        self.chromium.find("main.apart").await;
        self.look("auth-signed-out").await;
        self.forgotten().await;
        self.sign_up(1).await;
    }

    /// An administrator looks at the application, and adds an account.
    async fn administration(&self) {
        self.auth_page("/admin").await;
        sign_in(&self.chromium, "admin", "admin4me").await;
        self.chromium.find("#content").await;
        self.look("auth-admin").await;
        self.auth_page("/admin/applications").await;
        self.chromium.find(".card .badge").await;
        self.look("auth-admin-applications").await;
        self.chromium.click(".card h2 a").await;
        self.chromium.find("#suspensionForm").await;
        self.look("auth-admin-application").await;
        self.auth_page("/admin/accounts").await;
        self.chromium.find("#accountForm").await;
        self.chromium.fill("#authorities", "ROLE_USER").await;
        self.chromium.click("#accountForm .primary").await;
        self.chromium.find("#username-fault").await;
        self.look("auth-admin-accounts-refused").await;
        self.chromium.fill("#username", "wang").await;
        self.chromium.click("#accountForm .primary").await;
        self.chromium.find("#password").await;
        self.look("auth-admin-password").await;
        self.chromium.click("#content .primary").await;
        self.chromium.find("#lockForm").await;
        self.look("auth-admin-account").await;
        self.what_is_used().await;
    }

    /// An administrator looks at access, keys, events and what ought to end.
    async fn what_is_used(&self) {
        self.auth_page("/admin/access?client_id=print-photo").await;
        self.chromium.find("#endForm").await;
        self.look("auth-admin-access").await;
        self.auth_page("/admin/keys").await;
        self.chromium.find("#rotationForm").await;
        self.look("auth-admin-keys").await;
        self.journal_and_settings().await;
    }

    async fn journal_and_settings(&self) {
        self.auth_page("/admin/audit?since=yesterday&kind=refused")
            .await;
        self.chromium.find("#since-fault").await;
        self.look("auth-admin-audit-refused").await;
        self.auth_page("/admin/audit").await;
        self.chromium.find("#export").await;
        self.look("auth-admin-audit").await;
        self.auth_page("/admin/settings").await;
        self.chromium.find("#lax").await;
        self.look("auth-admin-settings").await;
        self.auth_page("/admin/sunset").await;
        self.chromium.find(".card dl").await;
        self.look("auth-admin-sunset").await;
    }

    async fn account(&self) {
        for page in [
            "account",
            "account/applications",
            "account/sessions",
            "account/password",
            "account/second-factor",
            "account/email",
            "account/passkeys",
        ] {
            self.auth_page(&format!("/{page}")).await;
            self.chromium.find("#content").await;
            self.look(&format!("auth-{}", page.replace('/', "-"))).await;
        }
    }

    /// A second factor from its set-up to the next sign-in.
    async fn second_factor(&self) {
        let app = Authenticator::of_key(&self.chromium_key().await);
        let clock = &self.world.clock;
        self.chromium.fill("#code", "000000").await;
        self.chromium.fill("#current_password", "photos4me").await;
        self.chromium.click("#enrolForm button").await;
        self.chromium.find("#code-fault").await;
        self.look("auth-second-factor-refused").await;
        self.chromium.fill("#code", &app.code(clock.now())).await;
        self.chromium.fill("#current_password", "photos4me").await;
        self.chromium.click("#enrolForm button").await;
        self.chromium.find("#recovery-codes").await;
        self.look("auth-second-factor-codes").await;
        self.chromium.click("#content .primary").await;
        self.chromium.find("#on").await;
        self.look("auth-second-factor-on").await;
        self.chromium.click("details summary").await;
        self.chromium.fill("#password_for_codes", "wrong").await;
        self.chromium.click("#codesForm button").await;
        self.chromium.find("#password_for_codes-fault").await;
        self.look("auth-second-factor-codes-refused").await;

        self.auth_page("/login?another_account=true").await;
        sign_in(&self.chromium, "xiaoming", "photos4me").await;
        self.chromium.find("#codeForm").await;
        self.look("auth-login-code").await;
        self.chromium.fill("#code", "000000").await;
        self.chromium.click("#codeForm button").await;
        self.chromium.find("#code-fault").await;
        self.look("auth-login-code-refused").await;
        clock.advance_secs(30);
        self.chromium.fill("#code", &app.code(clock.now())).await;
        self.chromium.click("#codeForm button").await;
        self.auth_page("/account").await;
        self.chromium.find("#content").await;
    }

    /// A passkey from its making to the next sign-in.
    async fn passkeys(&self) {
        self.chromium.offer_nothing_while_typing().await;
        self.chromium.add_authenticator().await;
        self.auth_page("/account/passkeys").await;
        self.chromium.fill("#passkey_name", "Laptop").await;
        self.chromium.fill("#current_password", "wrong").await;
        self.chromium.click("#beginForm button").await;
        self.chromium.find("#current_password-fault").await;
        self.look("auth-passkeys-refused").await;
        self.chromium.fill("#current_password", "photos4me").await;
        self.chromium.click("#beginForm button").await;
        self.chromium.find("#addForm").await;
        self.look("auth-passkeys-confirm").await;
        self.chromium.click("#addForm button").await;
        self.chromium.find("#done").await;
        self.look("auth-passkeys-added").await;
        self.chromium.click("#passkeys a").await;
        self.chromium.find("#renameForm").await;
        self.chromium.click("summary").await;
        self.look("auth-passkeys-one").await;
    }

    async fn chromium_key(&self) -> String {
        self.auth_page("/account/second-factor").await;
        self.chromium.text("#key").await
    }

    /// An application from its registration to its removal.
    async fn developer(&self) {
        self.auth_page("/developer").await;
        self.look("auth-developer-none").await;
        self.chromium.click("#new-application").await;
        self.chromium.find("#applicationForm").await;
        self.look("auth-developer-new").await;
        self.chromium.fill("#client_name", "Calendar").await;
        let wrong = "http://calendar.example/callback";
        self.chromium.fill("#redirect_uris", wrong).await;
        self.chromium.click("#applicationForm .primary").await;
        self.chromium.find("#redirect_uris-fault").await;
        self.look("auth-developer-refused").await;
        let right = "\nhttps://calendar.example/callback";
        self.chromium
            .evaluate("document.querySelector('#redirect_uris').value = ''")
            .await;
        self.chromium.fill("#redirect_uris", right).await;
        self.chromium.click("#scopes .option input").await;
        self.chromium.click("#applicationForm .primary").await;
        self.chromium.find("#client-secret").await;
        self.look("auth-developer-registered").await;
        self.chromium.click("#content .primary").await;
        self.chromium.find("#secretForm").await;
        self.look("auth-developer-application").await;
        self.chromium.click("#secretForm button").await;
        self.chromium.find("#client-secret").await;
        self.look("auth-developer-secret").await;
        self.auth_page("/developer").await;
        self.chromium.find(".badge").await;
        self.look("auth-developer").await;
    }
}

/// Each page of the authorization server, in this language and on this device.
async fn see_the_authorization_server(device: Device, language: &'static str) {
    let tour = Box::pin(Tour::begin(device, language)).await;
    Box::pin(tour.authorization_server()).await;
    Box::pin(tour.administration()).await;
    tour.end();
}

/// Each page of Print Photo.
async fn see_print_photo(device: Device, language: &'static str) {
    let tour = Box::pin(Tour::begin(device, language)).await;
    Box::pin(tour.print_photo()).await;
    tour.end();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_the_authorization_server_fit_and_are_accessible_on_a_phone_in_english() {
    see_the_authorization_server(Device::Phone, "en").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_the_client_fit_and_are_accessible_on_a_phone_in_english() {
    see_print_photo(Device::Phone, "en").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_the_authorization_server_fit_and_are_accessible_on_a_phone_in_chinese() {
    see_the_authorization_server(Device::Phone, "zh-CN").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_the_client_fit_and_are_accessible_on_a_phone_in_chinese() {
    see_print_photo(Device::Phone, "zh-CN").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_the_authorization_server_fit_and_are_accessible_on_a_phone_in_russian() {
    see_the_authorization_server(Device::Phone, "ru").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_the_client_fit_and_are_accessible_on_a_phone_in_russian() {
    see_print_photo(Device::Phone, "ru").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_the_authorization_server_fit_and_are_accessible_in_a_window_in_english() {
    see_the_authorization_server(Device::Desktop, "en").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_the_client_fit_and_are_accessible_in_a_window_in_english() {
    see_print_photo(Device::Desktop, "en").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_the_authorization_server_fit_and_are_accessible_in_a_window_in_chinese() {
    see_the_authorization_server(Device::Desktop, "zh-CN").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_the_client_fit_and_are_accessible_in_a_window_in_chinese() {
    see_print_photo(Device::Desktop, "zh-CN").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_the_authorization_server_fit_and_are_accessible_in_a_window_in_russian() {
    see_the_authorization_server(Device::Desktop, "ru").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_the_client_fit_and_are_accessible_in_a_window_in_russian() {
    see_print_photo(Device::Desktop, "ru").await;
}
