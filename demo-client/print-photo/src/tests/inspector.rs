//! What the inspector shows, and what it never does.

use super::*;

const CODE: &str = "hush-code-that-nobody-may-see-either";

/// All that stands in the page but only shows when somebody clicks on it.
fn behind_clicks(page: &str) -> Vec<&str> {
    let secrets = page.split("<details class=\"secret\">").skip(1);
    secrets
        .map(|rest| rest.split("<code>").nth(1).unwrap())
        .map(|rest| rest.split("</code>").next().unwrap())
        .collect()
}

/// The page without what only shows when somebody clicks on it.
fn at_first_sight(page: &str) -> String {
    let mut shown = page.to_owned();
    for secret in behind_clicks(page) {
        shown = shown.replace(&format!("<code>{secret}</code>"), "");
    }
    shown
}

#[actix_web::test]
async fn codes_and_tokens_of_the_visitor_are_masked_until_they_are_clicked() {
    let server = servers().await;
    let mut browser = demo(&server.uri(), |_| ());
    browser.authorize().await;
    let page = browser.get("/photos").await.text;
    let revealed = behind_clicks(&page);
    for secret in [CODE, ACCESS_TOKEN, REFRESH_TOKEN] {
        assert!(revealed.contains(&secret), "{secret}");
        assert!(!at_first_sight(&page).contains(secret), "{secret}");
    }
    assert!(page.contains("…ay-see"));
    assert!(!page.contains("print-photo-secret"));
}

#[actix_web::test]
async fn where_the_settings_say_so_nothing_is_shown_but_masks() {
    let server = servers().await;
    let mut browser = demo(&server.uri(), |settings| {
        settings.inspector.reveals_secrets = false;
    });
    browser.authorize().await;
    let page = browser.get("/photos").await.text;
    assert!(page.contains("Exchange the code") && page.contains("…ay-see"));
    for secret in [CODE, ACCESS_TOKEN, REFRESH_TOKEN] {
        assert!(!page.contains(secret), "{secret}");
    }
    assert!(behind_clicks(&page).is_empty());
}

#[actix_web::test]
async fn the_services_own_token_is_shown_to_nobody() {
    let server = servers().await;
    let mut browser = demo(&server.uri(), |_| ());
    browser
        .press("/client-credentials", "/client-credentials", &[])
        .await;
    let page = browser.get("/photos").await.text;
    assert!(page.contains("client’s own credentials") && !page.contains(ACCESS_TOKEN));
    browser
        .press("/attacks", "/attack", &[("attack", "another-audience")])
        .await;
    assert!(!browser.get("/attacks").await.text.contains(ACCESS_TOKEN));
}

#[actix_web::test]
async fn a_password_is_in_no_page() {
    let server = servers().await;
    let mut browser = demo(&server.uri(), |_| ());
    let typed = [("username", "xiaoming"), ("password", "photos4me")];
    browser.press("/password", "/password", &typed).await;
    let page = browser.get("/photos").await.text;
    assert!(page.contains("Exchange name and password") && !page.contains("photos4me"));
}

#[actix_web::test]
async fn the_diagram_has_an_arrow_for_each_step_and_leads_to_it() {
    let server = servers().await;
    let mut browser = demo(&server.uri(), |_| ());
    browser.authorize().await;
    let page = browser.get("/photos").await.text;
    for number in 1..=5 {
        assert!(
            page.contains(&format!("href=\"#step-{number}\"")),
            "{number}"
        );
        assert!(page.contains(&format!("id=\"step-{number}\"")), "{number}");
    }
    // A page that is loaded again makes its calls again, and they are the same steps.
    let again = browser.get("/photos").await.text;
    assert!(!again.contains("id=\"step-6\""));
}

#[actix_web::test]
async fn what_photo_space_asked_stands_inside_of_the_call() {
    let server = servers().await;
    let photos = json!([{ "id": 7, "title": "The sea", "owner": "xiaoming" }]);
    Mock::given(path("/photos"))
        .respond_with(
            ResponseTemplate::new(200)
                .set_body_json(photos)
                .insert_header("x-request-id", "call-1"),
        )
        .with_priority(1)
        .mount(&server)
        .await;
    let asked = json!([{
        "method": "POST", "url": "http://localhost:9000/oauth/check_token", "status": 200,
        "answer": { "active": true, "aud": ["photo-space"], "user_name": "xiaoming" },
    }]);
    let bearer = format!("Bearer {ACCESS_TOKEN}");
    Mock::given(path("/demo/questions/call-1"))
        .and(has_header("authorization", bearer.as_str()))
        .respond_with(ResponseTemplate::new(200).set_body_json(asked))
        .expect(1)
        .mount(&server)
        .await;
    let mut browser = demo(&server.uri(), |settings| {
        settings.inspector.shows_questions = true;
    });
    browser.authorize().await;
    let page = browser.get("/photos").await.text;
    assert!(page.contains("id=\"step-4a\"") && page.contains("/oauth/check_token"));
    assert!(page.contains("Check the token") && page.contains("The sea"));
}

#[actix_web::test]
async fn a_flow_is_taken_home_without_secrets() {
    let server = servers().await;
    let mut browser = demo(&server.uri(), |_| ());
    assert_eq!(browser.get("/flow.md").await.status, 404);
    browser.authorize().await;
    browser.get("/photos").await;
    let markdown = browser.get("/flow.md").await;
    assert!(
        markdown
            .header("content-disposition")
            .contains("attachment")
    );
    assert!(
        markdown.text.contains("```mermaid") && markdown.text.contains("## 3. Exchange the code")
    );
    let picture = browser.get("/flow.svg").await;
    assert_eq!(picture.header("content-type"), "image/svg+xml");
    assert!(picture.text.starts_with("<svg xmlns="));
    for text in [markdown.text, picture.text] {
        for secret in [CODE, ACCESS_TOKEN, REFRESH_TOKEN, "-secret"] {
            assert!(!text.contains(secret), "{secret}");
        }
    }
}

#[actix_web::test]
async fn what_another_server_says_is_no_markup() {
    let server = servers().await;
    let odd = json!({ "error": "<b>odd", "error_description": "<script>alert(1)</script>" });
    Mock::given(path("/oauth/token"))
        .respond_with(ResponseTemplate::new(400).set_body_json(odd))
        .with_priority(1)
        .mount(&server)
        .await;
    let mut browser = demo(&server.uri(), |_| ());
    let page = browser.authorize().await.text;
    assert!(
        page.contains("&#60;b&#62;odd") && page.contains("&lt;b&gt;odd"),
        "{page}"
    );
    assert!(!page.contains("<script>") && !page.contains("<b>odd"));
}

#[actix_web::test]
async fn an_attack_needs_a_form_of_the_session_and_a_name_that_is_known() {
    let server = servers().await;
    let mut browser = demo(&server.uri(), |_| ());
    let forged = [("csrf", "forged"), ("attack", "replay-the-code")];
    browser.get("/attacks").await;
    assert_eq!(browser.post("/attack", &forged).await.status, 403);
    let unknown = [("attack", "drop-the-table")];
    let seen = browser.press("/attacks", "/attack", &unknown).await;
    assert_eq!(seen.status, 404);
    let early = [("attack", "replay-the-code")];
    let seen = browser.press("/attacks", "/attack", &early).await;
    assert_eq!(seen.status, 403);
}

#[actix_web::test]
async fn a_mixed_up_issuer_is_refused_before_anybody_is_asked() {
    let server = servers().await;
    let mut browser = demo(&server.uri(), |_| ());
    let attack = [("attack", "mix-up-the-issuer")];
    let seen = browser.press("/attacks", "/attack", &attack).await;
    assert_eq!(
        (seen.status, seen.header("location")),
        (303, "/attacks#verdict")
    );
    let page = browser.get("/attacks").await.text;
    assert!(page.contains("Refused by Print Photo itself"), "{page}");
    let asked = server.received_requests().await.unwrap();
    assert!(asked.iter().all(|asked| asked.url.path() != "/oauth/token"));
}

#[actix_web::test]
async fn an_attack_that_is_not_refused_is_called_by_its_name() {
    // These servers take everything.
    let server = servers().await;
    let mut browser = demo(&server.uri(), |_| ());
    browser.authorize().await;
    browser.get("/photos").await;
    let attack = [("attack", "replay-the-code")];
    browser.press("/attacks", "/attack", &attack).await;
    let page = browser.get("/attacks").await.text;
    assert!(page.contains("Not refused!"), "{page}");
}

#[actix_web::test]
async fn a_token_that_was_withdrawn_is_seen_to_be_dead() {
    let server = servers().await;
    let mut browser = demo(&server.uri(), |_| ());
    browser.authorize().await;
    let seen = browser.press("/photos", "/call", &[]).await;
    assert!(seen.text.contains("The token opens the photos"));
    let again = browser.press("/photos", "/call", &[]).await.text;
    let shown = again.matches("<b>Call with the token as it is</b>").count();
    assert_eq!(shown, 2, "each call is shown: {again}");
    let challenge = "Bearer realm=\"photo-space\", error=\"invalid_token\"";
    Mock::given(path("/photos"))
        .respond_with(ResponseTemplate::new(401).insert_header("WWW-Authenticate", challenge))
        .with_priority(1)
        .mount(&server)
        .await;
    let seen = browser.press("/", "/call", &[]).await;
    assert_eq!(seen.status, 200);
    assert!(seen.text.contains("The token opens nothing any more"));
    assert!(seen.text.contains("401 invalid_token"), "{}", seen.text);
    let asked = server.received_requests().await.unwrap();
    let token_requests = asked
        .iter()
        .filter(|asked| asked.url.path() == "/oauth/token");
    assert_eq!(token_requests.count(), 1, "nothing was renewed");
}
