//! One of the two authorization servers is killed under way, or both.

use std::time::{Duration, Instant};

use e2e::person::{approve_if_asked, sign_in};
use e2e::{Answer, Chromium, Device};

use crate::addresses::{AUTH, CLIENT, client_credentials, http, photos};
use crate::engine::Engine;

/// How long somebody goes on asking after the kill.
const AFTERWARDS: Duration = Duration::from_secs(5);

/// Whichever of the two goes while an owner signs in, no page fails: what has been done so far is in the store
/// that both share. Somebody who comes afterwards notices nothing at all.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs running containers: scripts/prove-containers"]
async fn the_journey_goes_on_whichever_authorization_server_is_killed() {
    let engine = Engine::all_well().await;
    for victim in ["auth-server-1", "auth-server-2"] {
        let owner = at_the_sign_in().await;
        engine.kill(victim);
        go_on(&owner, "lihua", "photos4me").await;
        let newcomer = at_the_sign_in().await;
        go_on(&newcomer, "xiaoming", "photos4me").await;
        engine.start(victim).await;
    }
}

async fn at_the_sign_in() -> Chromium {
    let chromium = Chromium::start(Device::Desktop).await;
    chromium.open(&format!("{CLIENT}/code")).await;
    chromium.click("#start-code").await;
    chromium.find("#loginForm").await;
    chromium
}

/// From the sign-in to the photos and to a new token.
async fn go_on(chromium: &Chromium, name: &str, password: &str) {
    sign_in(chromium, name, password).await;
    approve_if_asked(chromium).await;
    chromium.click("#refresh").await;
    chromium.find("#new-token code").await;
    chromium.assert_no_complaints().await;
}

/// Somebody who asks all the time does not notice either: a page that is only read is asked for again elsewhere,
/// and a connection that was not made carried no request. Nor does a token of the time before end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs running containers: scripts/prove-containers"]
async fn whoever_asks_on_and_on_is_always_answered() {
    let engine = Engine::all_well().await;
    let http = http();
    let token = client_credentials(&http).await.access_token();
    engine.kill("auth-server-1");
    let killed = Instant::now();
    let (mut asked, mut slowest) = (0, Duration::ZERO);
    while killed.elapsed() < AFTERWARDS {
        let start = Instant::now();
        assert_eq!(login_page(&http).await.status, 200);
        let answer = client_credentials(&http).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let answer = photos(&http, &token).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        slowest = slowest.max(start.elapsed());
        asked += 3;
    }
    println!("{asked} requests, none failed; the slowest three together took {slowest:?}");
    engine.start("auth-server-1").await;
}

/// Without both, the proxy says so, and says when to come back. Nobody has to tell it that they are there again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs running containers: scripts/prove-containers"]
async fn without_any_authorization_server_the_proxy_explains_it() {
    let engine = Engine::all_well().await;
    let http = http();
    let servers = ["auth-server-1", "auth-server-2"];
    for server in servers {
        engine.kill(server);
    }
    let answer = login_page(&http).await;
    assert_eq!(answer.status, 503, "{}", answer.text);
    assert!(answer.text.contains("Please try again soon"));
    assert!(!answer.header("retry-after").is_empty());
    for server in servers {
        engine.start(server).await;
    }
    let deadline = Instant::now() + AFTERWARDS;
    while login_page(&http).await.status != 200 {
        assert!(Instant::now() < deadline, "the proxy does not find them");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn login_page(http: &reqwest::Client) -> Answer {
    let answer = http.get(format!("{AUTH}/login")).send().await;
    Answer::read(answer.expect("the proxy answers")).await
}
