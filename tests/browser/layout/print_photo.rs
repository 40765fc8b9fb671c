//! The pages of Print Photo and Photo Stats.

use e2e::person::{PHOTOS_ARE_DRAWN, approve, ask_with_code};

use super::Tour;

impl Tour {
    /// What happened, with everything opened, an attack, and Photo Stats.
    async fn inspector(&self) {
        let opened =
            "[...document.querySelectorAll('details')].map(one => one.open = true).length > 5";
        self.chromium.wait_until(opened).await;
        self.look("client-photos-opened").await;
        self.client_page("/attacks").await;
        self.look("client-attacks-with-access").await;
        self.chromium.click("#too-little-scope").await;
        self.chromium.find("#verdict").await;
        self.look("client-attacked").await;
        self.client_page("/stats").await;
        self.chromium.click("#count").await;
        approve(&self.chromium).await;
        self.chromium.find("#total").await;
        self.look("client-stats-counted").await;
    }

    /// What can be seen without access.
    async fn entrances(&self) {
        let entrances = [
            "/",
            "/code",
            "/password",
            "/client-credentials",
            "/spa",
            "/compare",
            "/own-client",
            "/attacks",
            "/stats",
        ];
        for path in entrances {
            self.client_page(path).await;
            let name = path.trim_start_matches('/');
            let name = if name.is_empty() { "home" } else { name };
            self.look(&format!("client-{name}")).await;
        }
        self.brought().await;
        self.client_page("/nothing-here").await;
        self.look("client-not-found").await;
        self.client_page("/callback?code=x&state=y").await;
        self.look("client-foreign-callback").await;
    }

    /// An application of one's own, which is taken and left.
    async fn brought(&self) {
        self.client_page("/own-client").await;
        self.chromium.click("#bring").await;
        self.chromium.find("#client-id-fault").await;
        self.look("client-own-client-refused").await;
        self.chromium.fill("#client_id", "print-photo-jwt").await;
        self.chromium.click("#bring").await;
        self.chromium.find("#brought").await;
        self.look("client-code-brought").await;
        self.chromium.click("#forget-own").await;
    }

    pub(super) async fn print_photo(&self) {
        self.entrances().await;
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
        self.inspector().await;
        self.client_page("/").await;
        self.look("client-home-with-token").await;
        self.chromium.click("#call").await;
        self.chromium.find("#call-status").await;
        self.look("client-called").await;
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
