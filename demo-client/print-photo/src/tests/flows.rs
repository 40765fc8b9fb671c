//! Each grant from the button to the photos, and what may go wrong on the way.

use url::Url;

use super::*;

#[actix_web::test]
async fn the_code_grant_ends_with_photos_and_every_step_on_the_page() {
    let server = servers().await;
    let mut browser = demo(&server.uri(), |_| ());
    let returned = browser.authorize().await;
    assert_eq!(
        (returned.status, returned.header("location")),
        (303, "/photos")
    );
    let photos = browser.get("/photos").await;
    assert_eq!(photos.status, 200);
    assert!(photos.text.contains("src=\"/photos/7\""));
    assert!(photos.text.contains("The &#60;sea&#62;"), "{}", photos.text);
    for step in [
        "Ask the owner",
        "Back with a code",
        "Exchange the code",
        "Use the token",
        "Ask who the owner is",
        "id=\"owner\">xiaoming<",
    ] {
        assert!(photos.text.contains(step), "{step}");
    }
    assert!(!photos.text.contains("print-photo-secret"));
    let picture = browser.get("/photos/7").await;
    assert_eq!(
        (picture.text.as_str(), picture.header("content-type")),
        ("pixels", "image/png")
    );
}

#[actix_web::test]
async fn photos_without_a_token_send_the_browser_to_the_authorization_server() {
    let server = servers().await;
    let mut browser = demo(&server.uri(), |_| ());
    let seen = browser.get("/photos").await;
    assert_eq!(seen.status, 303);
    let url = Url::parse(seen.header("location")).unwrap();
    assert_eq!(url.path(), "/oauth/authorize");
    let query = url.query().unwrap();
    for sent in [
        "response_type=code",
        "client_id=print-photo",
        "code_challenge_method=S256",
    ] {
        assert!(query.contains(sent), "{query}");
    }
}

#[actix_web::test]
async fn a_callback_for_another_browser_is_refused_and_uses_nothing_up() {
    let server = servers().await;
    let mut browser = demo(&server.uri(), |_| ());
    let sent = browser.press("/code", "/code", &[]).await;
    let mine = browser.cookie.take();
    let seen = browser
        .get(&format!("/callback?code=c&{}", answer_to(&sent)))
        .await;
    assert_eq!(seen.status, 400);
    assert!(seen.text.contains("does not belong to this browser"));
    browser.cookie = mine;
    let forged = browser.get("/callback?code=c&state=forged").await;
    assert_eq!(forged.status, 400);
    let seen = browser
        .get(&format!("/callback?code=c&{}", answer_to(&sent)))
        .await;
    assert_eq!(seen.status, 303);
}

#[actix_web::test]
async fn a_callback_that_comes_twice_leads_to_the_photos_and_is_exchanged_once() {
    let server = servers().await;
    let mut browser = demo(&server.uri(), |_| ());
    let sent = browser.press("/code", "/code", &[]).await;
    let callback = format!("/callback?code=c&{}", answer_to(&sent));
    for time in ["first", "second"] {
        let seen = browser.get(&callback).await;
        let seen = (seen.status, seen.header("location"));
        assert_eq!(seen, (303, "/photos"), "{time}");
    }
    let asked = server.received_requests().await.unwrap();
    let exchanges = asked
        .iter()
        .filter(|asked| asked.url.path() == "/oauth/token");
    assert_eq!(exchanges.count(), 1);
    browser.press("/", "/logout", &[]).await;
    assert_eq!(browser.get(&callback).await.status, 400);
}

#[actix_web::test]
async fn an_answer_of_another_issuer_or_of_none_is_refused() {
    let server = servers().await;
    for iss in ["&iss=https://attacker.example", ""] {
        let mut browser = demo(&server.uri(), |_| ());
        let sent = browser.press("/code", "/code", &[]).await;
        let answer = answer_to(&sent);
        let state = answer.split('&').next().unwrap();
        let seen = browser.get(&format!("/callback?code=c&{state}{iss}")).await;
        assert_eq!(seen.status, 400);
    }
    let asked = server.received_requests().await.unwrap();
    assert!(asked.is_empty());
}

#[actix_web::test]
async fn a_denied_authorization_is_explained() {
    let server = servers().await;
    let mut browser = demo(&server.uri(), |_| ());
    let sent = browser.press("/code", "/code", &[]).await;
    let seen = browser
        .get(&format!(
            "/callback?error=access_denied&{}",
            answer_to(&sent)
        ))
        .await;
    assert_eq!(seen.status, 403);
    assert!(seen.text.contains("You said no") && seen.text.contains("Back without a code"));
}

#[actix_web::test]
async fn a_server_that_is_down_is_explained() {
    let mut browser = demo("http://127.0.0.1:1", |_| ());
    let seen = browser.authorize().await;
    assert_eq!(seen.status, 502);
    assert!(
        seen.text
            .contains("The authorization server does not answer")
    );
    assert!(seen.text.contains("no answer"));
}

#[actix_web::test]
async fn a_wrong_password_is_explained_and_a_right_one_is_not_kept() {
    let server = servers().await;
    let mut browser = demo(&server.uri(), |_| ());
    let wrong = [("username", "xiaoming"), ("password", "wrong")];
    let seen = browser.press("/password", "/password", &wrong).await;
    assert_eq!(seen.status, 403);
    assert!(seen.text.contains("Name or password is wrong"));
    let right = [("username", "xiaoming"), ("password", "photos4me")];
    let seen = browser.press("/password", "/password", &right).await;
    assert_eq!((seen.status, seen.header("location")), (303, "/photos"));
    let photos = browser.get("/photos").await;
    assert_eq!(photos.status, 200);
    assert!(!photos.text.contains("photos4me"));
}

#[actix_web::test]
async fn the_services_own_token_is_asked_for_once() {
    let server = servers().await;
    let mut browser = demo(&server.uri(), |_| ());
    for _ in 0..2 {
        let at = "/client-credentials";
        assert_eq!(browser.press(at, at, &[]).await.status, 303);
    }
    let asked = server.received_requests().await.unwrap();
    let tokens = asked
        .iter()
        .filter(|request| request.url.path() == "/oauth/token");
    assert_eq!(tokens.count(), 1);
    let photos = browser.get("/photos").await;
    assert!(photos.text.contains("A token is already there"));
}

#[actix_web::test]
async fn refreshing_shows_the_old_and_the_new_life() {
    let server = servers().await;
    let mut browser = demo(&server.uri(), |_| ());
    browser.authorize().await;
    let seen = browser.press("/", "/refresh", &[]).await;
    assert_eq!(seen.status, 200);
    assert!(seen.text.contains("id=\"old-token\"") && seen.text.contains("600 s left"));
    assert!(seen.text.contains("Renew the token"));
}

#[actix_web::test]
async fn logging_out_gives_the_tokens_back_and_forgets_the_session() {
    let server = servers().await;
    let mut browser = demo(&server.uri(), |_| ());
    browser.authorize().await;
    let session = browser.cookie.clone();
    let seen = browser.press("/", "/logout", &[]).await;
    assert_eq!(seen.status, 200);
    assert!(seen.text.contains("id=\"logged-out\"") && seen.text.contains("Give the token back"));
    assert!(seen.header("set-cookie").contains("Max-Age=0"));
    browser.cookie = session;
    assert!(!browser.get("/").await.text.contains("Access token"));
}
