//! A protected application that checks JWTs itself: `GET /hello` with a token of an authorization server on
//! port 9000 that gives JWTs (`tokens.format = "jwt"`, `tokens.dialect = "standard"`). Its keys come from the
//! JWK set, and tokens are remembered for half a minute.

use std::sync::Arc;

use actix_web::{App, HttpServer, web};
use symbolon_resource_server::verifier::{
    CacheLimits, CachedVerifier, JwtVerifier, KeySource, Timeouts, Transport, VerificationAlgorithm,
};
use symbolon_resource_server::{Authentication, Clock, Require, ResourceServer, SystemClock, Url};

const AUTHORIZATION_SERVER: &str = "http://localhost:9000";
const REMEMBERED: CacheLimits = CacheLimits {
    capacity: 10_000,
    max_age_secs: 30,
};

async fn hello(caller: Authentication) -> String {
    format!("hello {}\n", caller.owner.as_deref().unwrap_or("client"))
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    // Anybody may read the set, so the transport has no credentials.
    let transport = Transport::new(Timeouts::default())?;
    let url = Url::parse(&format!("{AUTHORIZATION_SERVER}/oauth/jwks"))?;
    let algorithms = [VerificationAlgorithm::ES256, VerificationAlgorithm::EdDSA];
    let verifier = JwtVerifier::new(KeySource::jwks(transport, url)?, algorithms, clock.clone())
        // RFC 9068 §4: the issuer and the type. Tokens of the Spring dialect have neither.
        .issuer(AUTHORIZATION_SERVER)
        .only_standard_type(true);
    let remembering = CachedVerifier::new(Arc::new(verifier), REMEMBERED, clock);
    let protection = ResourceServer::new(Arc::new(remembering)).resource_id("photo-space");
    let application = move || {
        App::new().wrap(protection.clone()).service(
            web::resource("/hello")
                .wrap(Require::scope("photo.read"))
                .get(hello),
        )
    };
    Ok(HttpServer::new(application)
        .bind(("127.0.0.1", 9001))?
        .run()
        .await?)
}
