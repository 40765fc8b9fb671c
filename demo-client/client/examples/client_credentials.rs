//! A program that calls an API for itself. Start the demo's servers, then:
//! `cargo run -p symbolon-client --example client_credentials`

#![allow(
    clippy::print_stdout,
    reason = "an example talks to the person who runs it"
)]

use symbolon_client::{
    AuthorizationServer, ClientAuthentication, ClientCredentialsProvider, OAuth2Client,
    Registration, Scope, Secret, reqwest,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // What the server says about itself (RFC 8414). For a server that says nothing, such as
    // Spring's: `AuthorizationServer::new(token_endpoint)`.
    let http = reqwest::Client::builder().build()?;
    let server = AuthorizationServer::from_issuer(&http, "http://localhost:9000").await?;
    let secret = ClientAuthentication::Basic(Secret::new("photo-backup-secret"));
    let registration = Registration::new(server, "photo-backup", secret)?;

    let provider = ClientCredentialsProvider::default().with_scope(Scope::parse("photo.read")?);
    let client = OAuth2Client::new(registration, provider);

    // The first call gets a token, the second one uses it again.
    for _ in 0..2 {
        let photos = client.get("http://localhost:9001/photos").await?;
        println!("{} {}", photos.status(), photos.text().await?);
    }
    Ok(())
}
