//! Redis is killed under way, and comes back.

use std::time::{Duration, Instant};

use e2e::person::{approve_if_asked, sign_in};
use e2e::{Chromium, Device};
use reqwest::header::RETRY_AFTER;

use crate::addresses::{AUTH, CLIENT, client_credentials, http, password_grant, photos};
use crate::engine::Engine;

/// How long all may take to be well once Redis is.
const PATIENCE: Duration = Duration::from_secs(30);

/// The status of the page that the browser shows.
const STATUS: &str = "performance.getEntriesByType('navigation')[0].responseStatus";

/// Without Redis everybody is told to come back, in the server's own words. With Redis again nobody has to
/// repair anything, and what was there before is there: the page under way, and tokens.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs running containers: scripts/prove-containers"]
async fn a_journey_waits_for_redis() {
    let engine = Engine::all_well().await;
    let http = http();
    let token = password_grant(&http).await.access_token();
    let chromium = Chromium::start(Device::Desktop).await;
    chromium.open(&format!("{CLIENT}/code")).await;
    chromium.click("#start-code").await;
    chromium.find("#loginForm").await;

    engine.kill("redis");
    sign_in(&chromium, "xiaoming", "photos4me").await;
    chromium.wait_until(&format!("{STATUS} === 503")).await;
    assert!(chromium.address().await.starts_with(AUTH));
    assert!(chromium.text("dl").await.contains("OAuth Error"));
    everybody_is_told_to_come_back(&http, &token).await;

    engine.start("redis").await;
    let recovery = until_all_is_well(&http).await;
    println!("all well {recovery:?} after Redis was");
    let answer = photos(&http, &token).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    // The way back leads to the page that was there; the server still knows what that sign-in is for.
    chromium.evaluate("history.back()").await;
    let is_back =
        "document.readyState === 'complete' && document.querySelector('#loginForm') !== null";
    chromium.wait_until(is_back).await;
    for kept in ["#username", "#password"] {
        chromium.find(kept).await.clear().await.unwrap();
    }
    sign_in(&chromium, "xiaoming", "photos4me").await;
    approve_if_asked(&chromium).await;
    assert_eq!(chromium.address().await, format!("{CLIENT}/photos"));
}

/// However long Redis has been away: the proxy has seen by then that no server is ready.
async fn everybody_is_told_to_come_back(http: &reqwest::Client, token: &str) {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(5) {
        let answer = client_credentials(http).await;
        answer.assert_error(503, "temporarily_unavailable");
        assert!(!answer.header("retry-after").is_empty(), "{answer:?}");
        let page = http.get(format!("{AUTH}/login")).send().await;
        let page = page.expect("the proxy answers");
        assert_eq!(page.status(), 503);
        assert!(page.headers().contains_key(RETRY_AFTER));
        assert_eq!(photos(http, token).await.status, 503);
    }
}

async fn until_all_is_well(http: &reqwest::Client) -> Duration {
    let start = Instant::now();
    let mut in_a_row = 0;
    while in_a_row < 12 {
        let good = client_credentials(http).await.status == 200;
        in_a_row = if good { in_a_row + 1 } else { 0 };
        assert!(start.elapsed() < PATIENCE, "it does not find back to Redis");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    start.elapsed()
}
