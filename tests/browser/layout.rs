//! Every page fits on a telephone and is drawn for a person to look at.

use e2e::person::{PHOTOS_ARE_DRAWN, approve, ask_with_code, sign_in};
use e2e::{Authenticator, Chromium, Device, Store, World};
use symbolon::clock::Clock as _;

struct Tour {
    world: World,
    chromium: Chromium,
}

impl Tour {
    async fn begin(device: Device) -> Self {
        Self {
            world: World::builder(Store::Memory).start().await,
            chromium: Chromium::start(device).await,
        }
    }

    /// The page that is shown now fits, loads nothing that its own policy forbids, and is drawn under this
    /// name.
    async fn look(&self, name: &str) {
        self.chromium.assert_fits().await;
        for complaint in self.chromium.complaints().await {
            assert!(!complaint.contains("Content Security"), "{complaint}");
        }
        self.chromium.screenshot(name).await;
    }

    async fn client_page(&self, path: &str) {
        let url = format!("{}{path}", self.world.client);
        self.chromium.open(&url).await;
    }

    async fn auth_page(&self, path: &str) {
        let url = format!("{}{path}", self.world.auth);
        self.chromium.open(&url).await;
    }

    async fn authorization_server(&self) {
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
        self.second_factor().await;
        self.auth_page("/logout").await;
        self.look("auth-logout").await;
        self.chromium.click("#logoutForm button").await;
        self.chromium.find("main.apart").await;
        self.look("auth-signed-out").await;
    }

    async fn account(&self) {
        for page in [
            "account",
            "account/applications",
            "account/sessions",
            "account/password",
            "account/second-factor",
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

    async fn print_photo(&self) {
        let entrances = ["/", "/code", "/password", "/client-credentials", "/spa"];
        for path in entrances {
            self.client_page(path).await;
            let name = path.trim_start_matches('/');
            let name = if name.is_empty() { "home" } else { name };
            self.look(&format!("client-{name}")).await;
        }
        self.client_page("/nothing-here").await;
        self.look("client-not-found").await;
        self.client_page("/callback?code=x&state=y").await;
        self.look("client-foreign-callback").await;

        ask_with_code(&self.chromium, &self.world.client).await;
        self.chromium.click("#denialForm button").await;
        self.chromium.find("#problem").await;
        self.look("client-denied").await;
        self.chromium.click("#next").await;
        self.chromium.click("#start-code").await;
        approve(&self.chromium).await;
        self.chromium.find("#photos").await;
        self.chromium.wait_until(PHOTOS_ARE_DRAWN).await;
        self.look("client-photos").await;
        self.client_page("/").await;
        self.look("client-home-with-token").await;
        self.chromium.click("#refresh").await;
        self.chromium.find("#new-token").await;
        self.look("client-refreshed").await;

        self.client_page("/spa").await;
        self.chromium.click("#start-pkce").await;
        approve(&self.chromium).await;
        self.chromium.find("#spa-status.good").await;
        self.chromium.wait_until(PHOTOS_ARE_DRAWN).await;
        self.look("client-spa-photos").await;
        self.chromium.click("#logout").await;
        self.chromium.find("#logged-out").await;
        self.look("client-logged-out").await;
    }
}

/// The pages of the authorization server fit.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_the_authorization_server_fit_on_a_phone() {
    Tour::begin(Device::Phone)
        .await
        .authorization_server()
        .await;
}

/// The pages of Print Photo fit.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_the_client_fit_on_a_phone() {
    Tour::begin(Device::Phone).await.print_photo().await;
}

/// The same in a window.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_the_authorization_server_fit_in_a_window() {
    Tour::begin(Device::Desktop)
        .await
        .authorization_server()
        .await;
}

/// The same in a window.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_the_client_fit_in_a_window() {
    Tour::begin(Device::Desktop).await.print_photo().await;
}
