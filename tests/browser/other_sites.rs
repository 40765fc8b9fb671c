//! Clients that send their browsers on, and pages of strangers: what a policy or a cookie does to them, only a
//! browser shows.

use e2e::person::{approve, sign_in};
use e2e::{Chromium, Device, Site, Store, World};

/// A client of this name that is sent its answers there.
fn client(client_id: &str, redirect_uri: &str) -> String {
    format!(
        "[[clients]]\nclient_id = \"{client_id}\"\nclient_name = \"{client_id}\"\nclient_secret = \"{{noop}}secret\"\n\
         grant_types = [\"authorization_code\"]\nredirect_uris = [\"{redirect_uri}\"]\nscope = [\"photo.read\"]\n\
         require_pkce = false\n"
    )
}

/// Authorize and Cancel lead to the client, wherever it is and wherever it sends the browser on to.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_redirect_after_a_form_is_stopped() {
    let ipv6 = Site::client_on_ipv6();
    let sends_on = Site::client_that_sends_on(&ipv6.at("/cb"));
    let world = World::builder(Store::Memory)
        .with(&client("on-ipv6", &ipv6.at("/cb")))
        .with(&client("sends-on", &sends_on.at("/cb")))
        .start()
        .await;
    for client_id in ["on-ipv6", "sends-on"] {
        let chromium = Chromium::start(Device::Desktop).await;
        let query = format!("response_type=code&client_id={client_id}&scope=photo.read");
        let url = format!("{}/oauth/authorize?{query}", world.auth);
        chromium.open(&url).await;
        chromium.click("#cancelForm button").await;
        assert_eq!(chromium.text("#landed").await, "no", "{client_id}");
        chromium.open(&url).await;
        sign_in(&chromium, "xiaoming", "photos4me").await;
        chromium.click("#denialForm button").await;
        assert_eq!(chromium.text("#landed").await, "no", "{client_id}");
        chromium.open(&url).await;
        approve(&chromium).await;
        assert_eq!(chromium.text("#landed").await, "yes", "{client_id}");
        // What is approved already leads there from the sign-in form.
        let other = Chromium::start(Device::Desktop).await;
        other.open(&url).await;
        sign_in(&other, "xiaoming", "photos4me").await;
        assert_eq!(other.text("#landed").await, "yes", "{client_id}");
    }
}

/// A form on a stranger's page signs nobody out and nobody in: browsers keep our cookie back, and an answer to a form
/// without it sets and removes none.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_on_a_strangers_page_changes_no_session() {
    let world = World::builder(Store::Memory).start().await;
    let form = |path: &str, fields: &str| {
        let id = path.rsplit('/').next().unwrap_or_default();
        format!(
            "<form id={id} method=post action=\"{}{path}\">{fields}<button>Win</button></form>",
            world.auth
        )
    };
    let request = "<input name=response_type value=code><input name=client_id value=print-photo>\
                   <input name=scope value=photo.read>";
    let sign_in_as = "<input name=username value=lihua><input name=password value=photos4me><input name=_csrf value=x>";
    let body = [
        form("/logout", ""),
        form("/login", sign_in_as),
        form("/oauth/authorize", request),
    ];
    let stranger = Site::with_page(&body.concat());
    let chromium = Chromium::start(Device::Desktop).await;
    chromium.open(&format!("{}/login", world.auth)).await;
    sign_in(&chromium, "xiaoming", "photos4me").await;
    chromium.find("a[href='/logout']").await;
    for id in ["logout", "login", "authorize"] {
        chromium.open(&stranger.at("/")).await;
        chromium.click(&format!("#{id} button")).await;
        chromium.find("main.token").await;
        if id == "authorize" {
            // A client may ask by a form: it finds who is signed in.
            assert!(chromium.text(".account").await.contains("xiaoming"));
        }
        chromium.open(&world.auth).await;
        assert!(
            chromium.text("main").await.contains("xiaoming"),
            "after {id}"
        );
    }
}
