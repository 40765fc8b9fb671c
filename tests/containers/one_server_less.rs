//! One of the two authorization servers is killed under way, or both.

use std::time::{Duration, Instant};

use e2e::person::{approve_if_asked, sign_in};
use e2e::{Answer, Chromium, Device};

use crate::addresses::{AUTH, CLIENT, client_credentials, http, photos};
use crate::engine::Engine;

/// How long it takes at most until things are as they will be.
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

/// Somebody who asks all the time does not notice that a server has been killed: a request that was not sent
/// goes to the other one. (One that was being answered is a 502, unless it can be repeated.) A token of before
/// is as good as before.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs running containers: scripts/prove-containers"]
async fn whoever_asks_on_and_on_does_not_notice_a_kill() {
    let engine = Engine::all_well().await;
    let token = client_credentials(&http()).await.access_token();
    engine.kill("auth-server-1");
    println!("{}", ask_on(token, AFTERWARDS).await);
    engine.start("auth-server-1").await;
}

/// A server that is stopped and started again, as an update does, is noticed by nobody, whatever they ask.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs running containers: scripts/prove-containers"]
async fn whoever_asks_on_and_on_does_not_notice_an_update() {
    let engine = Engine::all_well().await;
    let token = client_credentials(&http()).await.access_token();
    let asking = tokio::spawn(ask_on(token, 4 * AFTERWARDS));
    engine.stop("auth-server-2").await;
    engine.start("auth-server-2").await;
    println!("{}", asking.await.unwrap());
}

/// Asks for pages, for tokens and with a token, one after the other, and fails when one request does.
async fn ask_on(token: String, time: Duration) -> String {
    let http = http();
    let start = Instant::now();
    let (mut asked, mut slowest) = (0, Duration::ZERO);
    while start.elapsed() < time {
        let round = Instant::now();
        let page = login_page(&http).await;
        assert_eq!(page.status, 200, "{}", page.text);
        let answer = client_credentials(&http).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let answer = photos(&http, &token).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        slowest = slowest.max(round.elapsed());
        asked += 3;
    }
    format!("{asked} requests, none failed; the slowest three together took {slowest:?}")
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
