//! A protected application in about twenty lines: `GET /hello` with a token of the authorization server
//! on port 9000.

use std::sync::Arc;

use actix_web::{App, HttpServer, web};
use symbolon_resource_server::verifier::{RemoteVerifier, Timeouts, Transport};
use symbolon_resource_server::{Authentication, ResourceServer, SystemClock, Url};

async fn hello(caller: Authentication) -> String {
    format!("hello {}\n", caller.owner.as_deref().unwrap_or("client"))
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let transport =
        Transport::new(Timeouts::default())?.with_credentials("photo-space", "photo-space-secret");
    let url = Url::parse("http://localhost:9000/oauth/check_token")?;
    let verifier = RemoteVerifier::check_token(transport, url, Arc::new(SystemClock))?;
    let protection = ResourceServer::new(Arc::new(verifier)).resource_id("photo-space");
    let application = move || {
        App::new()
            .wrap(protection.clone())
            .route("/hello", web::get().to(hello))
    };
    Ok(HttpServer::new(application)
        .bind(("127.0.0.1", 9001))?
        .run()
        .await?)
}
