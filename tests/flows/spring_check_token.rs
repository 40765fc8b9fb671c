//! `check_token` and `token_key` as a Spring server has them: what its container says, why a token is not good, and what
//! is said about one that is. Answers are compared whole.

use e2e::{Answer, World, on_every_store};
use reqwest::Method;

const CHECK: &str = "/oauth/check_token";
const KEY: &str = "/oauth/token_key";
const BASIC: &str = "Basic realm=\"oauth2/client\"";
const FULL: &str = "Full authentication is required to access this resource";
const NO_TOKEN: &str = "Required String parameter 'token' is not present";

/// Asks as a client or as nobody.
async fn ask(world: &World, method: Method, path: &str, client: Option<&str>) -> Answer {
    let mut request = world
        .http()
        .request(method, format!("{}{path}", world.auth));
    if let Some(id) = client {
        request = request.basic_auth(id, Some(e2e::secret_of(id)));
    }
    Answer::read(request.send().await.unwrap()).await
}

/// What Spring Boot writes when its container refuses: members in this order, and a moment with its milliseconds.
#[track_caller]
fn assert_container(answer: &Answer, status: u16, error: &str, (path, message): (&str, &str)) {
    let (before, rest) = answer.text.split_at(14);
    let (timestamp, rest) = rest.split_at(29);
    assert_eq!(before, "{\"timestamp\":\"", "{}", answer.text);
    let shape = timestamp.replace(|digit: char| digit.is_ascii_digit(), "9");
    assert_eq!(shape, "9999-99-99T99:99:99.999+99:99");
    let expected = format!(
        "\",\"status\":{status},\"error\":\"{error}\",\"message\":\"{message}\",\"path\":\"{path}\"}}"
    );
    assert_eq!((answer.status, rest), (status, expected.as_str()));
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(
        answer.header("content-type"),
        "application/json;charset=UTF-8"
    );
    let challenge = if status == 401 { BASIC } else { "" };
    assert_eq!(answer.header("www-authenticate"), challenge);
}

/// Why a token is not good: OAuth's JSON without a challenge.
async fn assert_not_good(world: &World, token: &str, text: &str) {
    let answer = world.check_token(token).await;
    let body = format!("{{\"error\":\"invalid_token\",\"error_description\":\"{text}\"}}");
    assert_eq!((answer.status, answer.text), (400, body));
    assert_eq!(answer.headers.get("www-authenticate"), None);
}

on_every_store! {
    /// Who may not ask, in the wrong way, or about nothing.
    async fn the_container_refuses_questions_about_tokens(world, "AUTH_SERVER__PROFILE" = "spring") {
        let nobody = ask(&world, Method::POST, CHECK, None).await;
        assert_container(&nobody, 401, "Unauthorized", (CHECK, FULL));
        let wrong = world.post_with(("photo-space", "wrong"), CHECK, &[("token", "x")]).await;
        assert_container(&wrong, 401, "Unauthorized", (CHECK, "Bad credentials"));
        let nothing = world.post_as("photo-space", CHECK, &[]).await;
        assert_container(&nothing, 400, "Bad Request", (CHECK, NO_TOKEN));
        for client in [None, Some("photo-space")] {
            let by_get = ask(&world, Method::GET, CHECK, client).await;
            assert_container(&by_get, 405, "Method Not Allowed", (CHECK, "Request method 'GET' not supported"));
            assert_eq!(by_get.header("allow"), "POST");
        }
    }

    /// Rules that let nobody in: a challenge for who is anonymous, and 403 for a client.
    async fn the_container_refuses_whom_a_rule_does_not_let_in(
        world,
        "AUTH_SERVER__PROFILE" = "spring",
        "AUTH_SERVER__ACCESS__CHECK_TOKEN" = "hasAuthority('ROLE_TRUSTED_CLIENT')",
        "AUTH_SERVER__ACCESS__TOKEN_KEY" = "denyAll()"
    ) {
        let denied = world.post_as("photo-space", CHECK, &[("token", "x")]).await;
        assert_container(&denied, 403, "Forbidden", (CHECK, "Access is denied"));
        let nobody = ask(&world, Method::GET, KEY, None).await;
        assert_container(&nobody, 401, "Unauthorized", (KEY, FULL));
        let denied = ask(&world, Method::GET, KEY, Some("photo-space")).await;
        assert_container(&denied, 403, "Forbidden", (KEY, "Access is denied"));
    }

    /// A shared key is shown to clients that a rule lets in, and by no rule to who is anonymous.
    async fn the_container_shows_no_shared_key_to_nobody(
        world,
        "AUTH_SERVER__PROFILE" = "spring",
        "AUTH_SERVER__KEYS__ALGORITHM" = "HS256",
        "AUTH_SERVER__ACCESS__TOKEN_KEY" = "permitAll()"
    ) {
        let nobody = ask(&world, Method::GET, KEY, None).await;
        let text = "You need to authenticate to see a shared key";
        assert_container(&nobody, 401, "Unauthorized", (KEY, text));
        let told = ask(&world, Method::GET, KEY, Some("photo-backup")).await;
        assert_eq!((told.status, told.text_of("alg").as_str()), (200, "HMACSHA256"), "{}", told.text);
        assert!(told.text.starts_with("{\"alg\":\"HMACSHA256\",\"value\":\""), "{}", told.text);
    }

    /// As far as the token tells it by itself.
    async fn a_token_that_is_not_good_is_told_why(
        world, "AUTH_SERVER__PROFILE" = "spring", "AUTH_SERVER__TOKENS__FORMAT" = "jwt"
    ) {
        let token = world.password_grant("photo.read").await.access_token();
        let (claims, _) = token.rsplit_once('.').unwrap();
        for unreadable in ["a.b.c", &format!("{claims}.AAAA"), &format!("{claims}.")] {
            assert_not_good(&world, unreadable, "Cannot convert access token to JSON").await;
        }
        for unknown in ["garbage", &"A".repeat(64)] {
            assert_not_good(&world, unknown, "Token was not recognised").await;
        }
        world.post_as("photo-desktop", "/oauth/revoke", &[("token", &token)]).await;
        assert_not_good(&world, &token, "Token was not recognised").await;
        let token = world.password_grant("photo.read").await.access_token();
        world.clock.advance_secs(43_200);
        assert_not_good(&world, &token, "Token has expired").await;
    }

    /// Spring 2.3.5 and 2.3.6; who asks as those releases want it takes the token for good.
    async fn an_answer_may_be_without_active(
        world, "AUTH_SERVER__SPRING__CHECK_TOKEN_WITHOUT_ACTIVE" = "true"
    ) {
        let token = world.password_grant("photo.read").await.access_token();
        let answer = world.check_token(&token).await;
        assert_eq!(answer.status, 200);
        let beginning = "{\"client_id\":\"photo-desktop\",\"user_name\":\"xiaoming\",\
                         \"authorities\":[\"ROLE_USER\"],\"scope\":[\"photo.read\"],\"aud\":[\"photo-space\"],\"exp\":";
        assert!(answer.text.starts_with(beginning), "{}", answer.text);
        assert_eq!(world.call("/photos", &token).await.status, 200);
        assert_eq!(world.check_token("garbage").await.status, 400);
    }

    /// Resource ids are a list, and a token is good at each of them.
    async fn a_token_is_good_at_each_of_several_resources(
        world, "AUTH_SERVER__PROFILE" = "spring";
        |world| world.replace(
            "resource_ids = [\"photo-space\"]\nauthorities",
            "resource_ids = [\"print-shop\", \"photo-space\"]\nauthorities",
        )
    ) {
        let token = world.token("photo-backup", &[("grant_type", "client_credentials")]).await.access_token();
        let answer = world.check_token(&token).await;
        assert_eq!(answer.json["aud"], serde_json::json!(["print-shop", "photo-space"]), "{}", answer.text);
        assert_eq!(world.call("/photos", &token).await.status, 200);
    }
}
