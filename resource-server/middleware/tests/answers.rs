//! Every refusal as it goes on the wire, and what may be replaced or switched on.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "the helpers of a test may fail it"
)]

mod support;

use std::sync::{Arc, Mutex};

use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::{App, HttpRequest, HttpResponse, web};
use support::{KnownTokens, wire};
use symbolon_resource_server::{
    AccessError, Authentication, AuthenticationEvents, Dialect, Require, ResourceId,
    ResourceServer, TokenExtraction, TokenParameters,
};

const GOOD: &str = "Bearer xiaoming~photo.read~photo-space";

async fn who(caller: Authentication) -> String {
    caller.owner.clone().unwrap_or_default()
}

async fn echo(form: web::Form<std::collections::HashMap<String, String>>) -> String {
    form.get("title").cloned().unwrap_or_default()
}

async fn checks_itself(caller: Authentication) -> Result<String, AccessError> {
    caller.require_scope("photo.write")?;
    Ok("written".to_owned())
}

fn server() -> ResourceServer {
    ResourceServer::new(Arc::new(KnownTokens)).resource_id("photo-space")
}

async fn call(protection: ResourceServer, request: TestRequest) -> String {
    let application = App::new()
        .wrap(protection)
        .route("/who", web::get().to(who))
        .route("/form", web::post().to(echo))
        .route("/checks", web::get().to(checks_itself))
        .service(
            web::resource("/write")
                .wrap(Require::all_scopes(["photo.write", "profile"]))
                .get(who),
        )
        .service(
            web::resource("/admin")
                .wrap(Require::authority("ROLE_ADMIN"))
                .get(who),
        )
        .service(web::resource("/person").wrap(Require::owner()).get(who));
    let service = init_service(application).await;
    wire(call_service(&service, request.to_request()).await.into()).await
}

fn get(uri: &str, authorization: &str) -> TestRequest {
    let request = TestRequest::get().uri(uri);
    if authorization.is_empty() {
        request
    } else {
        request.insert_header(("authorization", authorization))
    }
}

const NO_STORE: &str =
    "cache-control: no-store\npragma: no-cache\ncontent-type: application/json\n";

#[actix_web::test]
async fn a_good_token_opens_in_any_letter_case_of_the_scheme() {
    for scheme in ["Bearer", "bearer", "BEARER"] {
        let answer = call(server(), get("/who", &GOOD.replace("Bearer", scheme))).await;
        assert!(answer.starts_with("200\n"), "{answer}");
        assert!(answer.ends_with("xiaoming"), "{answer}");
    }
}

#[actix_web::test]
async fn without_a_token_the_challenge_names_no_error() {
    let expected = format!(
        "401\nwww-authenticate: Bearer realm=\"photo-space\"\n{NO_STORE}\
         {{\"error\":\"unauthorized\",\"error_description\":\"Full authentication is required to access this resource\"}}"
    );
    assert_eq!(call(server(), get("/who", "")).await, expected);
    assert_eq!(call(server(), get("/who", "Basic YTpi")).await, expected);
}

#[actix_web::test]
async fn a_bad_token_is_invalid_and_never_repeated() {
    let answer = call(server(), get("/who", "Bearer sesame")).await;
    assert_eq!(
        answer,
        format!(
            "401\nwww-authenticate: Bearer realm=\"photo-space\", error=\"invalid_token\", error_description=\"Invalid access token\"\n{NO_STORE}\
             {{\"error\":\"invalid_token\",\"error_description\":\"Invalid access token\"}}"
        )
    );
    assert!(!answer.contains("sesame"));
}

#[actix_web::test]
async fn an_expired_token_is_said_to_be_expired() {
    let answer = call(server(), get("/who", "Bearer expired")).await;
    assert!(answer.contains("error=\"invalid_token\", error_description=\"Access token expired\""));
}

#[actix_web::test]
async fn a_malformed_header_is_an_invalid_request() {
    for header in ["Bearer", "Bearer ", "Bearer a b", "Bearer a,b"] {
        assert_eq!(
            call(server(), get("/who", header)).await,
            format!(
                "400\nwww-authenticate: Bearer realm=\"photo-space\", error=\"invalid_request\", error_description=\"The Authorization header holds no bearer token\"\n{NO_STORE}\
                 {{\"error\":\"invalid_request\",\"error_description\":\"The Authorization header holds no bearer token\"}}"
            )
        );
    }
}

#[actix_web::test]
async fn a_token_for_another_resource_is_invalid_here() {
    let answer = call(
        server(),
        get("/who", "Bearer xiaoming~photo.read~elsewhere"),
    )
    .await;
    assert_eq!(
        answer,
        format!(
            "401\nwww-authenticate: Bearer realm=\"photo-space\", error=\"invalid_token\", error_description=\"Invalid token does not contain resource id (photo-space)\"\n{NO_STORE}\
             {{\"error\":\"invalid_token\",\"error_description\":\"Invalid token does not contain resource id (photo-space)\"}}"
        )
    );
}

#[actix_web::test]
async fn a_token_for_no_resource_is_good_unless_the_server_is_strict() {
    let request = || get("/who", "Bearer xiaoming~photo.read~-");
    assert!(call(server(), request()).await.starts_with("200\n"));
    let strict = server().resource_id(ResourceId::new("photo-space").require_audience(true));
    assert!(call(strict, request()).await.starts_with("401\n"));
}

#[actix_web::test]
async fn a_missing_scope_is_named() {
    let expected = format!(
        "403\nwww-authenticate: Bearer realm=\"photo-space\", error=\"insufficient_scope\", error_description=\"Insufficient scope for this resource\", scope=\"photo.write profile\"\n{NO_STORE}\
         {{\"error\":\"insufficient_scope\",\"error_description\":\"Insufficient scope for this resource\",\"scope\":\"photo.write profile\"}}"
    );
    assert_eq!(call(server(), get("/write", GOOD)).await, expected);
    let by_handler = call(server(), get("/checks", GOOD)).await;
    assert_eq!(
        by_handler,
        expected.replace("photo.write profile", "photo.write")
    );
}

#[actix_web::test]
async fn another_failed_rule_is_access_denied() {
    let expected = format!(
        "403\nwww-authenticate: Bearer realm=\"photo-space\"\n{NO_STORE}\
         {{\"error\":\"access_denied\",\"error_description\":\"Access is denied\"}}"
    );
    assert_eq!(call(server(), get("/admin", GOOD)).await, expected);
    let client = "Bearer -~photo.read~photo-space";
    assert_eq!(call(server(), get("/person", client)).await, expected);
}

#[actix_web::test]
async fn an_outage_is_503_and_not_a_refusal() {
    let replaced = server().entry_point(|_, _| HttpResponse::Unauthorized().finish());
    for protection in [server(), replaced] {
        assert_eq!(
            call(protection, get("/who", "Bearer down")).await,
            "503\ncache-control: no-store\npragma: no-cache\nretry-after: 5\ncontent-type: application/json\n\
             {\"error\":\"temporarily_unavailable\",\"error_description\":\"Tokens cannot be checked at the moment\"}"
        );
    }
}

/// Spring §9.3, whole answers: what is presented, where, the challenge, and code and text of the body.
const SPRING_ROWS: [(&str, &str, &str, &str); 6] = [
    (
        "",
        "/who",
        "401 Bearer realm=\"photo-space\", error=\"unauthorized\", error_description=\"Full authentication is required to access this resource\"",
        "unauthorized: Full authentication is required to access this resource",
    ),
    (
        "Bearer sesame",
        "/who",
        "401 Bearer realm=\"photo-space\", error=\"invalid_token\", error_description=\"Invalid access token\"",
        "invalid_token: Invalid access token",
    ),
    (
        "Bearer expired",
        "/who",
        "401 Bearer realm=\"photo-space\", error=\"invalid_token\", error_description=\"Access token expired\"",
        "invalid_token: Access token expired",
    ),
    (
        "Bearer x~y~elsewhere",
        "/who",
        "403 Bearer realm=\"photo-space\"",
        "access_denied: Invalid token does not contain resource id (photo-space)",
    ),
    (
        GOOD,
        "/write",
        "403 Bearer error=\"insufficient_scope\", error_description=\"Insufficient scope for this resource\", scope=\"photo.write profile\"",
        "insufficient_scope: Insufficient scope for this resource",
    ),
    (GOOD, "/admin", "403", "access_denied: Access is denied"),
];

#[actix_web::test]
async fn the_spring_dialect_answers_as_spring_did() {
    for (token, path, head, body) in SPRING_ROWS {
        let answer = call(server().dialect(Dialect::Spring), get(path, token)).await;
        let head = head.replacen(' ', "\nwww-authenticate: ", 1);
        let (code, text) = body.split_once(": ").unwrap();
        let scope = if code == "insufficient_scope" {
            ",\"scope\":\"photo.write profile\""
        } else {
            ""
        };
        let expected = format!(
            "{head}\ncache-control: no-store\npragma: no-cache\ncontent-type: application/json;charset=UTF-8\n\
             {{\"error\":\"{code}\",\"error_description\":\"{text}\"{scope}}}"
        );
        assert_eq!(answer, expected);
    }
    let nameless = ResourceServer::new(Arc::new(KnownTokens)).dialect(Dialect::Spring);
    let answer = call(nameless, get("/who", "Bearer sesame")).await;
    let realm = "401\nwww-authenticate: Bearer realm=\"oauth2-resource\", error=\"invalid_token\"";
    assert!(answer.starts_with(realm), "{answer}");
}

#[actix_web::test]
async fn entry_point_and_denied_handler_can_be_replaced() {
    let replaced = || {
        server()
            .entry_point(|_, _| HttpResponse::Found().body("sign in"))
            .denied_handler(|_, error| HttpResponse::NotFound().body(error.to_string()))
    };
    assert_eq!(
        call(replaced(), get("/who", "")).await.lines().last(),
        Some("sign in")
    );
    let denied = call(replaced(), get("/write", GOOD)).await;
    assert!(denied.starts_with("404"), "{denied}");
}

#[actix_web::test]
async fn a_refusal_of_ones_own_keeps_the_challenge() {
    let replaced = || {
        server()
            .entry_point(|_, _| HttpResponse::Unauthorized().body("sign in"))
            .denied_handler(|_, _| HttpResponse::Forbidden().body("no"))
    };
    let challenge = |request| async {
        let answer = call(replaced(), request).await;
        answer.lines().nth(1).map(str::to_owned)
    };
    let realm = "www-authenticate: Bearer realm=\"photo-space\"";
    assert_eq!(challenge(get("/who", "")).await.as_deref(), Some(realm));
    let invalid = challenge(get("/who", "Bearer bad")).await.unwrap();
    assert!(
        invalid.starts_with(&format!("{realm}, error=\"invalid_token\"")),
        "{invalid}"
    );
    let denied = challenge(get("/write", GOOD)).await.unwrap();
    assert!(
        denied.ends_with("scope=\"photo.write profile\""),
        "{denied}"
    );
    let own = server().entry_point(|_, _| {
        HttpResponse::Unauthorized()
            .insert_header(("www-authenticate", "Negotiate"))
            .finish()
    });
    let answer = call(own, get("/who", "")).await;
    assert!(
        answer.starts_with("401\nwww-authenticate: Negotiate\n"),
        "{answer}"
    );
    assert_eq!(answer.matches("www-authenticate").count(), 1);
}

#[actix_web::test]
async fn a_challenge_has_at_least_one_parameter() {
    let nameless = || ResourceServer::new(Arc::new(KnownTokens));
    let usual = "401\nwww-authenticate: Bearer realm=\"oauth2-resource\"\n";
    assert!(call(nameless(), get("/who", "")).await.starts_with(usual));
    let bad = call(nameless(), get("/who", "Bearer bad")).await;
    assert!(
        bad.starts_with("401\nwww-authenticate: Bearer error=\"invalid_token\""),
        "{bad}"
    );
}

#[actix_web::test]
async fn a_token_that_is_too_long_is_invalid_and_nobody_is_asked() {
    // Whoever asked would find the server down.
    for (token, status) in [("down".to_owned(), "503"), ("d".repeat(33_000), "401")] {
        let answer = call(server(), get("/who", &format!("Bearer {token}"))).await;
        assert!(answer.starts_with(status), "{answer}");
    }
    let short = server().longest_token_bytes(3);
    let answer = call(short, get("/who", "Bearer down")).await;
    assert!(
        answer.starts_with("401\n") && answer.contains("error=\"invalid_token\""),
        "{answer}"
    );
}

#[actix_web::test]
async fn a_token_in_the_query_or_a_form_counts_only_where_switched_on() {
    let token = "access_token=xiaoming~photo.read~photo-space";
    let query = || get(&format!("/who?{token}"), "");
    let form = || {
        TestRequest::post()
            .uri("/form")
            .insert_header(("content-type", "application/x-www-form-urlencoded"))
            .set_payload(format!("title=sea&{token}"))
    };
    assert!(call(server(), query()).await.starts_with("401\n"));
    assert!(call(server(), form()).await.starts_with("401\n"));
    let on = || {
        server().token_parameters(TokenParameters {
            query: true,
            form: true,
        })
    };
    let answer = call(on(), query()).await;
    assert!(
        answer.starts_with("200\ncache-control: private\n"),
        "{answer}"
    );
    let answer = call(on(), form()).await;
    assert!(
        answer.starts_with("200\n") && answer.ends_with("sea"),
        "{answer}"
    );
}

fn as_spring() -> ResourceServer {
    server()
        .dialect(Dialect::Spring)
        .token_extraction(TokenExtraction::Spring)
}

/// Spring §9.1.
#[actix_web::test]
async fn a_header_is_read_as_spring_reads_it_where_that_is_switched_on() {
    let token = GOOD.trim_start_matches("Bearer ");
    for header in [
        format!("BEARER{token}"),
        format!("bearer   {token} "),
        format!("Bearer {token}, Basic YTpi"),
    ] {
        let answer = call(as_spring(), get("/who", &header)).await;
        assert!(answer.ends_with("xiaoming"), "{header}: {answer}");
        let strict = call(server(), get("/who", &header)).await;
        assert_eq!(
            strict.starts_with("200\n"),
            header.starts_with("bearer "),
            "{header}"
        );
    }
    // Of several headers the first counts; one of another scheme is passed over.
    let second = get("/who", "Basic YTpi").append_header(("authorization", GOOD));
    assert!(call(as_spring(), second).await.starts_with("200\n"));
    let first = get("/who", "Bearer bad").append_header(("authorization", GOOD));
    assert!(call(as_spring(), first).await.starts_with("401\n"));
    for empty in ["Bearer", "bearer ", "Bearer ,x"] {
        let answer = call(as_spring(), get("/who", empty)).await;
        let expected = "401\nwww-authenticate: Bearer realm=\"photo-space\", error=\"invalid_token\", error_description=\"Invalid access token\"\n";
        assert!(answer.starts_with(expected), "{empty}: {answer}");
    }
    let none = call(as_spring(), get("/who", "Basic YTpi")).await;
    assert!(none.contains("error=\"unauthorized\""), "{none}");
}

#[actix_web::test]
async fn parameters_are_read_as_spring_reads_them_where_that_is_switched_on() {
    let token = "access_token=xiaoming~photo.read~photo-space";
    let form = |query: &str, body: String| {
        TestRequest::post()
            .uri(&format!("/form{query}"))
            .insert_header(("content-type", "application/x-www-form-urlencoded"))
            .set_payload(body)
    };
    let query = call(
        as_spring(),
        get(&format!("/who?x&{token}&access_token=b"), ""),
    )
    .await;
    let private = "200\ncache-control: private\n";
    assert!(query.starts_with(private), "{query}");
    let body = call(as_spring(), form("", format!("title=sea&{token}"))).await;
    assert!(body.starts_with("200\n") && body.ends_with("sea"), "{body}");
    // The header comes before the query, the query before the form.
    let header = get("/who?access_token=bad", GOOD);
    assert!(call(as_spring(), header).await.starts_with("200\n"));
    let both = call(as_spring(), form("?access_token=bad", token.to_owned())).await;
    assert!(both.starts_with("401\n"), "{both}");
    let empty = call(as_spring(), get("/who?access_token=", "")).await;
    assert!(empty.contains("error=\"unauthorized\""), "{empty}");
}

#[actix_web::test]
async fn a_token_sent_in_two_ways_is_an_invalid_request() {
    let on = server().token_parameters(TokenParameters {
        query: true,
        form: false,
    });
    let request = get("/who?access_token=xiaoming~photo.read~photo-space", GOOD);
    assert!(call(on, request).await.starts_with("400\n"));
    let twice = get("/who", GOOD).append_header(("authorization", GOOD));
    assert!(call(server(), twice).await.starts_with("400\n"));
}

#[actix_web::test]
async fn an_anonymous_request_may_pass_but_a_bad_token_never_does() {
    let lenient = || server().allow_anonymous(true);
    assert!(
        call(lenient(), get("/person", ""))
            .await
            .starts_with("401\n")
    );
    assert!(
        call(lenient(), get("/nowhere", ""))
            .await
            .starts_with("404\n")
    );
    assert!(
        call(lenient(), get("/nowhere", "Bearer bad"))
            .await
            .starts_with("401\n")
    );
}

#[derive(Default)]
struct Heard(Mutex<Vec<&'static str>>);

impl AuthenticationEvents for Heard {
    fn succeeded(&self, _: &HttpRequest, _: &Authentication) {
        self.0.lock().unwrap().push("succeeded");
    }

    fn failed(&self, _: &HttpRequest, _: &AccessError) {
        self.0.lock().unwrap().push("failed");
    }

    fn denied(&self, _: &HttpRequest, _: &Authentication, _: &AccessError) {
        self.0.lock().unwrap().push("denied");
    }
}

#[actix_web::test]
async fn success_failure_and_denial_are_events() {
    let heard = Arc::new(Heard::default());
    let listened = || server().events(Arc::<Heard>::clone(&heard));
    call(listened(), get("/who", GOOD)).await;
    call(listened(), get("/who", "Bearer bad")).await;
    call(listened(), get("/write", GOOD)).await;
    let heard = heard.0.lock().unwrap().clone();
    assert_eq!(heard, ["succeeded", "failed", "succeeded", "denied"]);
}
