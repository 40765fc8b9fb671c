//! A web application that acts for its users, with actix-web: one registration for the program, one client for
//! each browser's session. Start the demo's authorization server and resource server (not the demo client: this
//! is one), then run `cargo run -p symbolon-client --example web_application` and open
//! <http://localhost:9002/photos>.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::cookie::{Cookie, SameSite};
use actix_web::error::{ErrorBadGateway, ErrorBadRequest};
use actix_web::http::header::LOCATION;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use symbolon_client::{
    AuthorizationCodeProvider, AuthorizationServer, ClientAuthentication, ClientError,
    OAuth2Client, PendingAuthorization, Random, Registration, Scope, Secret, SystemRandom, reqwest,
};

const PHOTOS: &str = "http://localhost:9001/photos";
const COOKIE: &str = "example_session";

struct Application {
    registration: Registration,
    provider: AuthorizationCodeProvider,
    /// In memory; a real application forgets those that were not used for long.
    sessions: Mutex<HashMap<String, Arc<Session>>>,
}

/// What is remembered of one browser: its tokens are in the client.
struct Session {
    client: OAuth2Client,
    pending: Mutex<Option<PendingAuthorization>>,
}

impl Application {
    fn session(&self, request: &HttpRequest) -> Option<Arc<Session>> {
        let name = request.cookie(COOKIE)?;
        let sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.get(name.value()).cloned()
    }

    /// A new session costs nothing: clones of a registration share connections and TLS.
    fn new_session(&self) -> Arc<Session> {
        Arc::new(Session {
            client: OAuth2Client::new(self.registration.clone(), self.provider.clone()),
            pending: Mutex::default(),
        })
    }

    /// Keeps a session under a name that nobody guesses.
    fn keep(&self, session: Arc<Session>) -> Cookie<'static> {
        let random: &dyn Random = &SystemRandom;
        let name = random.text::<32>();
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.insert(name.clone(), session);
        Cookie::build(COOKIE, name)
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .finish()
    }
}

async fn photos(
    request: HttpRequest,
    application: web::Data<Application>,
) -> actix_web::Result<HttpResponse> {
    let session = application.session(&request);
    let session = session.unwrap_or_else(|| application.new_session());
    match session.client.get(PHOTOS).await {
        // Only the owner can help: the browser goes there, and the other half of the request waits here.
        Err(ClientError::AuthorizationRequired(required)) => {
            *session
                .pending
                .lock()
                .unwrap_or_else(PoisonError::into_inner) = Some(required.pending);
            Ok(HttpResponse::SeeOther()
                .cookie(application.keep(session))
                .insert_header((LOCATION, required.url.as_str()))
                .finish())
        }
        answer => {
            let answer = answer.map_err(ErrorBadGateway)?;
            let body = answer.bytes().await.map_err(ErrorBadGateway)?;
            Ok(HttpResponse::Ok()
                .content_type("application/json")
                .body(body))
        }
    }
}

async fn callback(
    request: HttpRequest,
    application: web::Data<Application>,
) -> actix_web::Result<HttpResponse> {
    let foreign = || ErrorBadRequest("this browser has asked for nothing");
    let session = application.session(&request).ok_or_else(foreign)?;
    let pending = session
        .pending
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take();
    // Checks state and iss, exchanges the code with the PKCE verifier, keeps the tokens.
    let query = request.query_string();
    let completed = session
        .client
        .complete(pending.ok_or_else(foreign)?, query)
        .await;
    completed.map_err(ErrorBadGateway)?;
    // A new name with the token: whoever planted the old cookie does not get it.
    Ok(HttpResponse::SeeOther()
        .cookie(application.keep(session))
        .insert_header((LOCATION, "/photos"))
        .finish())
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let http = reqwest::Client::builder().build()?;
    let server = AuthorizationServer::from_issuer(&http, "http://localhost:9000").await?;
    let secret = ClientAuthentication::Basic(Secret::new("print-photo-secret"));
    let application = web::Data::new(Application {
        registration: Registration::new(server, "print-photo", secret)?,
        provider: AuthorizationCodeProvider::new("http://localhost:9002/callback")
            .with_scope(Scope::parse("photo.read")?),
        sessions: Mutex::default(),
    });
    HttpServer::new(move || {
        App::new()
            .app_data(application.clone())
            .route("/photos", web::get().to(photos))
            .route("/callback", web::get().to(callback))
    })
    .bind(("127.0.0.1", 9002))?
    .run()
    .await?;
    Ok(())
}
