//! An authorization server below a path of a host that it shares.

use e2e::person::{PHOTOS_ARE_DRAWN, approve, ask_with_code, sign_in};
use e2e::{Chromium, Device, PassesOn, PathProxy, Store, World};

/// From the client's button to the photos and to the sign-out, behind both kinds of proxies: the browser sends forms and
/// cookies, loads the style, and asks for nothing of the other program.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_whole_story_below_the_path_of_an_issuer() {
    for passes in [PassesOn::Below, PassesOn::Whole] {
        let proxy = PathProxy::for_path("/uaa", passes);
        let world = proxy.start(World::builder(Store::Memory)).await;
        let chromium = Chromium::start(Device::Desktop).await;
        ask_with_code(&chromium, &world.client).await;
        chromium.find("#confirmationForm").await;
        chromium
            .wait_until("document.styleSheets[0].cssRules.length > 0")
            .await;
        chromium.click("#another-account").await;
        sign_in(&chromium, "lihua", "photos4me").await;
        approve(&chromium).await;
        assert_eq!(chromium.text("#owner").await, "lihua");
        chromium.wait_until(PHOTOS_ARE_DRAWN).await;

        chromium.click("#logout").await;
        chromium.click("#sign-out").await;
        chromium.click("#logoutForm button").await;
        chromium.click("main.apart a.button").await;
        chromium.find("#loginForm").await;
        let here = chromium.address().await;
        assert_eq!(here, format!("{}/login", proxy.issuer()));
        chromium.assert_no_complaints().await;
        assert_eq!(proxy.strays(), Vec::<String>::new());
    }
}

/// A script calls the token endpoint and the check across origins there, too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_script_gets_photos_from_below_the_path_of_an_issuer() {
    for start in ["#start-pkce", "#start-implicit"] {
        let proxy = PathProxy::for_path("/uaa", PassesOn::Below);
        let world = proxy.start(World::builder(Store::Memory)).await;
        let chromium = Chromium::start(Device::Desktop).await;
        chromium.open(&format!("{}/spa", world.client)).await;
        chromium.click(start).await;
        sign_in(&chromium, "xiaoming", "photos4me").await;
        approve(&chromium).await;
        chromium.find("#spa-photos .photo img").await;
        chromium.wait_until(PHOTOS_ARE_DRAWN).await;
        chromium.find("#spa-status.good").await;
        chromium.assert_no_complaints().await;
        assert_eq!(proxy.strays(), Vec::<String>::new());
    }
}
