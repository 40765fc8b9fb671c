//! An old Spring server: the endpoints that its resource servers and clients call, and a page that it protects, with answers
//! to the letter of Spring Security OAuth 2.5.2.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use actix_web::error::InternalError;
use actix_web::http::StatusCode;
use actix_web::http::header::AUTHORIZATION;
use actix_web::web::{Data, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, web};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::{EncodingKey, Header};
use serde_json::{Value, json};

use crate::small_server::SmallServer;

/// The only client that it has, whose secret nobody may form-encode.
pub const SPRING_CLIENT: (&str, &str) = ("old-client", "p%+: ä");

const SPRING_JSON: &str = "application/json;charset=UTF-8";

type Form = HashMap<String, String>;

/// An old server, until this is dropped.
#[derive(Debug)]
pub struct SpringServer {
    /// Its context path is part of it.
    pub url: String,
    state: Arc<Mutex<State>>,
    _server: SmallServer,
}

#[derive(Debug, Default)]
struct State {
    tokens: HashMap<String, Value>,
    given: usize,
    key: String,
    answers_in_forms: bool,
    is_down: bool,
    asked: Vec<String>,
}

impl SpringServer {
    /// One that knows no token yet.
    pub fn start() -> Self {
        let state = Arc::<Mutex<State>>::default();
        let data = Data::from(Arc::clone(&state));
        let server = SmallServer::start(move |routes| configure(routes, &data));
        Self {
            url: format!("{}/uaa", server.url),
            state,
            _server: server,
        }
    }

    /// Lets a token be good that stands for this.
    pub fn know(&self, token: &str, facts: Value) {
        self.state().tokens.insert(token.to_owned(), facts);
    }

    /// Lets no token be good.
    pub fn forget(&self) {
        self.state().tokens.clear();
    }

    /// Signs from now on with this secret, which `token_key` tells.
    pub fn sign_with(&self, secret: &str) {
        secret.clone_into(&mut self.state().key);
    }

    /// A JWT with these claims.
    pub fn jwt(&self, claims: &Value) -> String {
        let key = EncodingKey::from_secret(self.state().key.as_bytes());
        jsonwebtoken::encode(&Header::default(), claims, &key).expect("it is signed")
    }

    /// Answers at the token endpoint with forms from now on.
    pub fn answer_in_forms(&self) {
        self.state().answers_in_forms = true;
    }

    /// Answers nothing but 503 from now on.
    pub fn go_down(&self) {
        self.state().is_down = true;
    }

    /// What was asked of it, in order: method, path, and what distinguishes the question.
    pub fn asked(&self) -> Vec<String> {
        self.state().asked.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        locked(&self.state)
    }
}

fn locked(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn configure(routes: &mut ServiceConfig, state: &Data<Mutex<State>>) {
    routes
        .app_data(state.clone())
        .route("/uaa/oauth/check_token", web::post().to(check_token))
        .route("/uaa/oauth/token_key", web::get().to(token_key))
        .route("/uaa/oauth/token", web::post().to(token))
        .route("/uaa/user", web::get().to(user))
        .route("/uaa/photos", web::get().to(photos));
}

/// Writes the question down; the answer of a server that is down.
fn enter(state: &Mutex<State>, request: &HttpRequest, what: &str) -> actix_web::Result<()> {
    let mut state = locked(state);
    let question = format!("{} {} {what}", request.method(), request.path());
    state.asked.push(question.trim_end().to_owned());
    if state.is_down {
        let page = HttpResponse::ServiceUnavailable().body("<html>starting</html>");
        return Err(refused(page));
    }
    Ok(())
}

fn check_client(request: &HttpRequest) -> actix_web::Result<()> {
    let (id, secret) = SPRING_CLIENT;
    let basic = format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")));
    let sent = request.headers().get(AUTHORIZATION);
    if sent.is_some_and(|sent| sent.as_bytes() == basic.as_bytes()) {
        return Ok(());
    }
    let mut refusal = HttpResponse::Unauthorized();
    refusal.insert_header(("WWW-Authenticate", "Basic realm=\"oauth2/client\""));
    let message = "Full authentication is required to access this resource";
    let body = json!({"timestamp": 1, "status": 401, "error": "Unauthorized", "message": message});
    Err(refused(refusal.json(body)))
}

/// §7.1.
async fn check_token(
    request: HttpRequest,
    form: web::Form<Form>,
    state: Data<Mutex<State>>,
) -> actix_web::Result<HttpResponse> {
    let token = form.get("token").map(String::as_str);
    enter(&state, &request, token.unwrap_or_default())?;
    check_client(&request)?;
    let Some(token) = token else {
        let body = json!({"status": 400, "error": "Bad Request",
            "message": "Required String parameter 'token' is not present"});
        return Err(refused(HttpResponse::BadRequest().json(body)));
    };
    let known = locked(&state).tokens.get(token).cloned();
    known
        .map(|facts| HttpResponse::Ok().content_type(SPRING_JSON).json(facts))
        .ok_or_else(|| oauth_error(400, None, ("invalid_token", "Token was not recognised")))
}

/// §7.2.
async fn token_key(
    request: HttpRequest,
    state: Data<Mutex<State>>,
) -> actix_web::Result<HttpResponse> {
    enter(&state, &request, "")?;
    check_client(&request)?;
    let value = locked(&state).key.clone();
    let body = json!({"alg": "HMACSHA256", "value": value});
    Ok(HttpResponse::Ok().content_type(SPRING_JSON).json(body))
}

/// §3: whoever is the client gets a token, and each one another.
async fn token(
    request: HttpRequest,
    form: web::Form<Form>,
    state: Data<Mutex<State>>,
) -> actix_web::Result<HttpResponse> {
    let grant = form.get("grant_type").map(String::as_str);
    enter(&state, &request, grant.unwrap_or_default())?;
    check_client(&request)?;
    let Some("client_credentials" | "password") = grant else {
        let text = ("unsupported_grant_type", "Unsupported grant type");
        return Err(oauth_error(400, None, text));
    };
    let mut state = locked(&state);
    state.given += 1;
    let value = format!("given-{}", state.given);
    let facts = json!({"client_id": SPRING_CLIENT.0, "scope": ["photo.read"]});
    state.tokens.insert(value.clone(), facts);
    if state.answers_in_forms {
        let body = format!("access_token={value}&token_type=bearer&expires_in=43199");
        let media_type = "application/x-www-form-urlencoded";
        return Ok(HttpResponse::Ok().content_type(media_type).body(body));
    }
    let body = json!({"access_token": value, "token_type": "bearer", "expires_in": 43199,
        "scope": "photo.read"});
    let mut answer = HttpResponse::Ok();
    answer.insert_header(("Cache-Control", "no-store"));
    Ok(answer.content_type(SPRING_JSON).json(body))
}

/// The user-info endpoint that tutorials have, behind a resource server.
async fn user(request: HttpRequest, state: Data<Mutex<State>>) -> actix_web::Result<HttpResponse> {
    enter(&state, &request, "")?;
    let (_, facts) = authenticated(&request, &state)?;
    let authorities = facts["authorities"].as_array().into_iter().flatten();
    let authorities: Vec<Value> = authorities
        .map(|authority| json!({ "authority": authority }))
        .collect();
    let body =
        json!({"authorities": authorities, "authenticated": true, "name": facts["user_name"]});
    Ok(HttpResponse::Ok().content_type(SPRING_JSON).json(body))
}

/// A page that wants `photo.read`.
async fn photos(
    request: HttpRequest,
    state: Data<Mutex<State>>,
) -> actix_web::Result<HttpResponse> {
    enter(&state, &request, "")?;
    let (token, facts) = authenticated(&request, &state)?;
    let scope = facts["scope"].as_array().into_iter().flatten();
    if scope.into_iter().any(|name| name == "photo.read") {
        return Ok(HttpResponse::Ok().body(token));
    }
    let challenge = "Bearer error=\"insufficient_scope\", \
        error_description=\"Insufficient scope for this resource\", scope=\"photo.read\"";
    let mut refusal = HttpResponse::Forbidden();
    refusal.insert_header(("WWW-Authenticate", challenge));
    let body = json!({"error": "insufficient_scope", "scope": "photo.read",
        "error_description": "Insufficient scope for this resource"});
    Err(refused(refusal.content_type(SPRING_JSON).json(body)))
}

/// §9.1 to §9.3: the token, and what it stands for.
fn authenticated(
    request: &HttpRequest,
    state: &Mutex<State>,
) -> actix_web::Result<(String, Value)> {
    let realm = |rest: &str| format!("Bearer realm=\"oauth2-resource\", {rest}");
    let Some(token) = presented(request) else {
        let text = "Full authentication is required to access this resource";
        let said = format!("error=\"unauthorized\", error_description=\"{text}\"");
        return Err(oauth_error(401, Some(realm(&said)), ("unauthorized", text)));
    };
    let known = locked(state).tokens.get(&token).cloned();
    known.map(|facts| (token, facts)).ok_or_else(|| {
        let said = "error=\"invalid_token\", error_description=\"Invalid access token\"";
        let text = ("invalid_token", "Invalid access token");
        oauth_error(401, Some(realm(said)), text)
    })
}

fn presented(request: &HttpRequest) -> Option<String> {
    let in_headers = request.headers().get_all(AUTHORIZATION).find_map(|header| {
        let header = header.to_str().ok()?;
        let scheme = header.get(..6)?;
        let token = header.get(6..)?.split(',').next()?.trim();
        scheme
            .eq_ignore_ascii_case("bearer")
            .then(|| token.to_owned())
    });
    in_headers.or_else(|| {
        let query = Query::<Form>::from_query(request.query_string()).ok()?;
        query.get("access_token").cloned()
    })
}

fn refused(answer: HttpResponse) -> actix_web::Error {
    InternalError::from_response("refused", answer).into()
}

fn oauth_error(
    status: u16,
    challenge: Option<String>,
    (code, text): (&str, &str),
) -> actix_web::Error {
    let status = StatusCode::from_u16(status).expect("it is a status");
    let mut refusal = HttpResponse::build(status);
    refusal.insert_header(("Cache-Control", "no-store"));
    refusal.insert_header(("Pragma", "no-cache"));
    if let Some(challenge) = challenge {
        refusal.insert_header(("WWW-Authenticate", challenge));
    }
    let body = json!({"error": code, "error_description": text});
    refused(refusal.content_type(SPRING_JSON).json(body))
}
