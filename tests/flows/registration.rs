//! Clients that register and manage themselves: RFC 7591 and RFC 7592.

use e2e::{Answer, World, WorldBuilder, on_every_store};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{CODE_CHALLENGE, CODE_VERIFIER, assert_photos_of};

/// The hash of `initial`.
const INITIAL: &str = "{sha-256}ac1b5c0961a7269b6a053ee64276ed0e20a7f48aefb9f67519539d23aaf10149";
const CALLBACK: &str = "http://localhost:9002/callback";

fn open(world: WorldBuilder) -> WorldBuilder {
    by_api("open", "false")(world)
}

fn by_api(api: &'static str, approval: &'static str) -> impl FnOnce(WorldBuilder) -> WorldBuilder {
    move |world| {
        let section = "AUTH_SERVER__REGISTRATION__";
        [
            ("API", api),
            ("APPROVAL_REQUIRED", approval),
            ("INITIAL_ACCESS_TOKENS", INITIAL),
            ("SCOPE", "photo.read, profile"),
            (
                "GRANT_TYPES",
                "authorization_code, refresh_token, client_credentials",
            ),
        ]
        .into_iter()
        .fold(world, |world, (name, value)| {
            world.set(&format!("{section}{name}"), value)
        })
    }
}

/// A request with a token and a body, either of them empty.
async fn call(world: &World, method: Method, url: &str, token: &str, body: &Value) -> Answer {
    let mut request = world.http().request(method, url);
    if !token.is_empty() {
        request = request.bearer_auth(token);
    }
    if !body.is_null() {
        request = request.json(body);
    }
    Answer::read(request.send().await.unwrap()).await
}

async fn register(world: &World, token: &str, said: &Value) -> Answer {
    let url = format!("{}/oauth/register", world.auth);
    call(world, Method::POST, &url, token, said).await
}

fn app() -> Value {
    json!({
        "client_name": "Calendar",
        "redirect_uris": [CALLBACK],
        "grant_types": ["authorization_code", "refresh_token"],
        "scope": "photo.read",
        "client_uri": "https://calendar.example/",
        "contacts": ["dev@calendar.example"],
    })
}

/// Where a client manages itself, and with what.
fn management(told: &Answer) -> (String, String) {
    (
        told.text_of("registration_client_uri"),
        told.text_of("registration_access_token"),
    )
}

/// The token request of a client for itself or with more.
async fn token(world: &World, (id, secret): (&str, &str), form: &[(&str, &str)]) -> Answer {
    world.post_with((id, secret), "/oauth/token", form).await
}

/// Through the browser to a token.
async fn token_by_code(world: &World, told: &Answer) -> Answer {
    let id = told.text_of("client_id");
    let parameters = [
        ("response_type", "code"),
        ("client_id", id.as_str()),
        ("redirect_uri", CALLBACK),
        ("scope", "photo.read"),
        ("code_challenge", CODE_CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let code = world
        .browser()
        .journey(&parameters, &["photo.read"])
        .await
        .code();
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", CALLBACK),
        ("code_verifier", CODE_VERIFIER),
    ];
    token(world, (&id, &told.text_of("client_secret")), &form).await
}

on_every_store! {
    /// RFC 7591 §3: who is registered is a client from that moment on, up to the photos.
    async fn what_registers_is_a_client_at_once(world; open) {
        let told = register(&world, "", &app()).await;
        assert_eq!(told.status, 201, "{}", told.text);
        assert!(told.header("cache-control").contains("no-store"));
        for (member, value) in app().as_object().unwrap() {
            assert_eq!(&told.json[member], value, "{member}");
        }
        assert_eq!(told.json["response_types"], json!(["code"]));
        assert_eq!(told.json["token_endpoint_auth_method"], "client_secret_basic");
        assert_eq!(told.json["client_secret_expires_at"], 0);
        assert!(told.json["client_id_issued_at"].as_u64().unwrap() > 1_700_000_000);
        let answer = token_by_code(&world, &told).await;
        assert_photos_of("xiaoming", &world.call("/photos", &answer.access_token()).await);
    }

    /// RFC 7591 §2: without a secret it is public; what says nothing gets what the settings give.
    async fn what_is_left_out_is_filled_in(world; open) {
        let said = json!({"redirect_uris": [CALLBACK], "token_endpoint_auth_method": "none", "jwks": {"keys": []}});
        let told = register(&world, "", &said).await;
        assert_eq!(told.status, 201, "{}", told.text);
        assert!(told.json.get("client_secret").is_none());
        assert!(told.json.get("client_secret_expires_at").is_none());
        assert_eq!(told.json["grant_types"], json!(["authorization_code"]));
        assert_eq!(told.json["scope"], "photo.read profile");
        assert_eq!(told.json["client_name"], told.json["client_id"]);
        assert!(told.json.get("jwks").is_none());
    }

    /// RFC 7591 §3.2.2: each refusal has its code, and names the member.
    async fn what_cannot_be_registered_is_told(world; |world: WorldBuilder| open(world)
        .set("AUTH_SERVER__REGISTRATION__PER_ADDRESS_PER_MINUTE", "1000")) {
        let with = |member: &str, value: Value| {
            let mut said = app();
            said[member] = value;
            said
        };
        for (said, code, text) in [
            (with("redirect_uris", json!([])), "invalid_redirect_uri", "redirect_uris is empty"),
            (with("redirect_uris", json!(["http://a.example/"])), "invalid_redirect_uri", "others can read"),
            (with("redirect_uris", json!(["javascript:alert(1)"])), "invalid_redirect_uri", "javascript"),
            (with("redirect_uris", json!(["https://a.example/#x"])), "invalid_redirect_uri", "fragment"),
            (with("redirect_uris", json!(["https://*.a.example/"])), "invalid_redirect_uri", "pattern"),
            (with("redirect_uris", json!(["https://u:p@a.example/"])), "invalid_redirect_uri", "name or password"),
            (with("redirect_uris", json!(["https://a.example/?code=1"])), "invalid_redirect_uri", "code"),
            (with("redirect_uris", json!(["myapp:/cb"])), "invalid_redirect_uri", "any other program"),
            (with("redirect_uris", json!("https://a.example/")), "invalid_client_metadata", "type"),
            (with("redirect_uris", json!(vec!["https://a.example/"; 21])), "invalid_redirect_uri", "more than 20"),
            (with("client_name", json!("A\u{202e}B")), "invalid_client_metadata", "nobody sees"),
            (with("client_name", json!("A\nB")), "invalid_client_metadata", "control"),
            (with("client_name", json!("x".repeat(256))), "invalid_client_metadata", "256 bytes"),
            (with("client_uri", json!("javascript:alert(1)")), "invalid_client_metadata", "client_uri"),
            (with("logo_uri", json!("http://a.example/logo.png")), "invalid_client_metadata", "logo_uri"),
            (with("scope", json!("photo.read photo.write")), "invalid_client_metadata", "photo.write"),
            (with("grant_types", json!(["password"])), "invalid_client_metadata", "password"),
            (with("grant_types", json!(["implicit"])), "invalid_client_metadata", "implicit"),
            (with("grant_types", json!(["refresh_token"])), "invalid_client_metadata", "without a grant that gives refresh tokens"),
            (with("token_endpoint_auth_method", json!("private_key_jwt")), "invalid_client_metadata", "method"),
            (with("response_types", json!(["token"])), "invalid_client_metadata", "response_types"),
            (with("software_statement", json!("a.b.c")), "unapproved_software_statement", "not taken"),
            (json!([1]), "invalid_client_metadata", "type"),
        ] {
            let answer = register(&world, "", &said).await;
            answer.assert_error(400, code);
            assert!(answer.text_of("error_description").contains(text), "{said}: {}", answer.text);
        }
    }

    /// RFC 7591 §3: with an initial access token, and never without.
    async fn without_the_initial_access_token_nothing_is_registered(
        world; by_api("initial_access_token", "false")
    ) {
        for wrong in ["", "wrong", INITIAL] {
            let answer = register(&world, wrong, &app()).await;
            answer.assert_error(401, "invalid_token");
            assert!(answer.header("www-authenticate").starts_with("Bearer"), "{answer:?}");
        }
        assert_eq!(register(&world, "initial", &app()).await.status, 201);
    }

    /// What is off is not there.
    async fn where_it_is_off_there_is_nothing(world, "AUTH_SERVER__REGISTRATION__API" = "off") {
        register(&world, "initial", &app()).await.assert_error(404, "not_found");
        let url = format!("{}/oauth/register?client_id=print-photo", world.auth);
        for method in [Method::GET, Method::PUT, Method::DELETE] {
            call(&world, method, &url, "x", &app()).await.assert_error(404, "not_found");
        }
    }

    /// Until an administrator lets it in, it is as if it were not registered.
    async fn what_waits_for_its_approval_gets_nothing(world; by_api("open", "true")) {
        let mut said = app();
        said["grant_types"] = json!(["client_credentials"]);
        let told = register(&world, "", &said).await;
        assert_eq!(told.status, 201, "{}", told.text);
        let (id, secret) = (told.text_of("client_id"), told.text_of("client_secret"));
        let itself = [("grant_type", "client_credentials")];
        token(&world, (&id, &secret), &itself).await.assert_error(401, "invalid_client");
        // It can manage itself meanwhile.
        let (url, key) = management(&told);
        assert_eq!(call(&world, Method::GET, &url, &key, &Value::Null).await.status, 200);
    }

    /// RFC 7592: a client reads, changes and removes what it has registered.
    async fn a_client_manages_itself(world; open) {
        let told = register(&world, "", &app()).await;
        let (url, key) = management(&told);
        let read = call(&world, Method::GET, &url, &key, &Value::Null).await;
        assert_eq!(read.status, 200, "{}", read.text);
        for member in ["client_id", "client_name", "scope", "registration_access_token", "registration_client_uri"] {
            assert_eq!(read.json[member], told.json[member], "{member}");
        }
        assert!(read.json.get("client_secret").is_none(), "a secret is told once");
        let first = token_by_code(&world, &told).await;

        let mut said = app();
        said["client_id"] = told.json["client_id"].clone();
        said["client_secret"] = told.json["client_secret"].clone();
        said["client_name"] = json!("Calendar 2");
        said["contacts"] = json!([]);
        let updated = call(&world, Method::PUT, &url, &key, &said).await;
        assert_eq!(updated.status, 200, "{}", updated.text);
        assert_eq!(updated.json["client_name"], "Calendar 2");
        assert!(updated.json.get("contacts").is_none());
        for (member, value, text) in [
            ("client_id", json!("print-photo"), "client_id"),
            ("client_secret", json!("wrong"), "client_secret"),
            ("client_id_issued_at", json!(1), "server alone"),
        ] {
            let mut said = said.clone();
            said[member] = value;
            let answer = call(&world, Method::PUT, &url, &key, &said).await;
            answer.assert_error(400, "invalid_client_metadata");
            assert!(answer.text.contains(text), "{}", answer.text);
        }

        let removed = call(&world, Method::DELETE, &url, &key, &Value::Null).await;
        assert_eq!((removed.status, removed.text.as_str()), (204, ""));
        for method in [Method::GET, Method::DELETE] {
            call(&world, method, &url, &key, &Value::Null).await.assert_error(401, "invalid_token");
        }
        world.call("/photos", &first.access_token()).await.assert_error(401, "invalid_token");
    }

    /// Somebody else's client is as good as none: neither its token nor that of another opens it.
    async fn nobody_manages_somebody_elses_client(world; open) {
        let [mine, other] = [register(&world, "", &app()).await, register(&world, "", &app()).await];
        let (url, key) = management(&mine);
        let (other_url, other_key) = management(&other);
        let endpoint = format!("{}/oauth/register", world.auth);
        let configured = format!("{endpoint}?client_id=print-photo");
        for (url, key) in [
            (&url, other_key.as_str()),
            (&other_url, key.as_str()),
            (&url, ""),
            (&url, "garbage"),
            (&configured, key.as_str()),
            (&configured, "print-photo-secret"),
            (&endpoint, key.as_str()),
        ] {
            for method in [Method::GET, Method::PUT, Method::DELETE] {
                call(&world, method, url, key, &app()).await.assert_error(401, "invalid_token");
            }
        }
        assert_eq!(call(&world, Method::GET, &url, &key, &Value::Null).await.status, 200);
    }

    /// So many a minute from one address.
    async fn who_registers_too_often_waits(world; |world: WorldBuilder| open(world)
        .set("AUTH_SERVER__REGISTRATION__PER_ADDRESS_PER_MINUTE", "2")) {
        for _ in 0..2 {
            assert_eq!(register(&world, "", &app()).await.status, 201);
        }
        let answer = register(&world, "", &app()).await;
        answer.assert_error(429, "temporarily_unavailable");
        let wait: u64 = answer.header("retry-after").parse().unwrap();
        world.clock.advance_secs(wait + 1);
        assert_eq!(register(&world, "", &app()).await.status, 201);
    }

    /// A body that is too long, that is no JSON, or that says it is something else.
    async fn a_body_that_is_no_json_is_refused(world; |world: WorldBuilder| open(world)
        .set("AUTH_SERVER__REGISTRATION__PER_ADDRESS_PER_MINUTE", "1000")) {
        let url = format!("{}/oauth/register", world.auth);
        let post = |content_type: &'static str, body: String| {
            let request = world.http().post(&url).header("content-type", content_type).body(body);
            async move { Answer::read(request.send().await.unwrap()).await }
        };
        let json = "application/json";
        post(json, "x".repeat(40 * 1024)).await.assert_error(413, "invalid_request");
        post(json, format!("{{\"client_name\":\"{}\"}}", "x".repeat(1024 * 1024))).await
            .assert_error(413, "invalid_request");
        post(json, "[".repeat(30_000)).await.assert_error(400, "invalid_request");
        post(json, "{".to_owned()).await.assert_error(400, "invalid_request");
        // What a form of another site can send without asking for leave.
        for simple in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
            post(simple, app().to_string()).await.assert_error(415, "invalid_request");
        }
    }

    /// RFC 8414: where it is on, metadata says where.
    async fn metadata_names_the_endpoint(world; open) {
        let metadata = world.get("/.well-known/oauth-authorization-server").await;
        let endpoint = metadata.text_of("registration_endpoint");
        assert_eq!(endpoint, format!("{}/oauth/register", world.auth));
    }
}
