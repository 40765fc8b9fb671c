//! A program that acts for its user, with the smallest web server there is. Start the demo's
//! authorization server and resource server (not the demo client: this is one), then run
//! `cargo run -p symbolon-client --example authorization_code` and open the address that it prints.

#![allow(
    clippy::print_stdout,
    reason = "an example talks to the person who runs it"
)]

use symbolon_client::{
    AuthorizationCodeProvider, AuthorizationServer, ClientAuthentication, ClientError,
    OAuth2Client, Registration, Scope, Secret, reqwest,
};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let http = reqwest::Client::builder().build()?;
    let server = AuthorizationServer::from_issuer(&http, "http://localhost:9000").await?;
    let secret = ClientAuthentication::Basic(Secret::new("print-photo-secret"));
    let registration = Registration::new(server, "print-photo", secret)?;

    let provider = AuthorizationCodeProvider::new("http://localhost:9002/callback")
        .with_scope(Scope::parse("photo.read")?);
    let client = OAuth2Client::new(registration, provider);
    let listener = TcpListener::bind(("127.0.0.1", 9002)).await?;

    // Without a token, the call says where the browser has to go. `pending` is the other half of the
    // request; a web application keeps it in the session of this browser.
    let call = client.get("http://localhost:9001/photos").await;
    if let Err(ClientError::AuthorizationRequired(required)) = call {
        println!("Open {}", required.url);
        let query = callback_query(&listener).await?;
        // Checks state and iss, exchanges the code with the PKCE verifier, keeps the tokens.
        client.complete(required.pending, &query).await?;
    }
    let photos = client.get("http://localhost:9001/photos").await?;
    println!("{} {}", photos.status(), photos.text().await?);
    Ok(())
}

/// Waits for the browser to come back to `/callback?…`.
async fn callback_query(listener: &TcpListener) -> std::io::Result<String> {
    loop {
        let (mut browser, _) = listener.accept().await?;
        let mut request = String::new();
        BufReader::new(&mut browser).read_line(&mut request).await?;
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nDone.";
        browser.write_all(answer.as_bytes()).await?;
        let target = request.split(' ').nth(1).unwrap_or_default();
        if let Some(query) = target.strip_prefix("/callback?") {
            return Ok(query.to_owned());
        }
    }
}
