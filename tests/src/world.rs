//! The three services in one process.

use std::path::PathBuf;
use std::sync::Arc;

use symbolon::clock::SettableClock;
use symbolon_auth_server::app::Upkeep;
use tempfile::TempDir;

use crate::{Answer, Store, WorldBuilder};

/// Three services that run until this is dropped.
pub struct World {
    /// The authorization server's address, without a slash at the end.
    pub auth: String,
    /// The resource server's address.
    pub resource: String,
    /// The demo client's address.
    pub client: String,
    /// The authorization server's probes.
    pub probes: String,
    /// The resource server's probes.
    pub resource_probes: String,
    /// The demo client's probes.
    pub client_probes: String,
    /// The time of all three.
    pub clock: Arc<SettableClock>,
    /// Where the authorization server keeps things.
    pub store: Store,
    /// The settings file of the authorization server.
    pub settings_file: PathBuf,
    /// What the authorization server's logic was given.
    pub server: symbolon_auth_server::server::Server,
    pub(crate) http: reqwest::Client,
    pub(crate) handles: Vec<actix_web::dev::ServerHandle>,
    pub(crate) upkeep: Option<Upkeep>,
    pub(crate) directory: TempDir,
}

/// A client that administers: settings to add to those of the demo.
pub const CONSOLE: &str = r#"
[[clients]]
client_id = "console"
client_name = "Console"
client_secret = "{noop}console-secret"
grant_types = ["client_credentials"]
scope = ["admin.read", "admin.write"]
resource_ids = ["administration"]
authorities = ["ROLE_ADMIN"]
"#;

/// The demo's clients keep these secrets.
pub fn secret_of(client_id: &str) -> String {
    format!("{client_id}-secret")
}

impl World {
    /// A world on this store with the demo's clients and owners.
    pub fn builder(store: Store) -> WorldBuilder {
        WorldBuilder::new(store)
    }

    /// Sends a form to the token endpoint as one of the demo's confidential clients, by HTTP Basic.
    pub async fn token(&self, client_id: &str, form: &[(&str, &str)]) -> Answer {
        self.post_as(client_id, "/oauth/token", form).await
    }

    /// Sends a form to any endpoint of the authorization server as one of the demo's confidential
    /// clients, by HTTP Basic.
    pub async fn post_as(&self, client_id: &str, path: &str, form: &[(&str, &str)]) -> Answer {
        let request = self.http.post(format!("{}{path}", self.auth)).form(form);
        let request = request.basic_auth(client_id, Some(secret_of(client_id)));
        Answer::read(request.send().await.expect("the server answers")).await
    }

    /// Sends a form to an endpoint of the authorization server without an `Authorization` header.
    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let request = self.http.post(format!("{}{path}", self.auth)).form(form);
        Answer::read(request.send().await.expect("the server answers")).await
    }

    /// Asks about a token as the resource server does.
    pub async fn check_token(&self, token: &str) -> Answer {
        self.post_as("photo-space", "/oauth/check_token", &[("token", token)])
            .await
    }

    /// Calls the demo's API with a bearer token.
    pub async fn call(&self, path: &str, token: &str) -> Answer {
        let request = self
            .http
            .get(format!("{}{path}", self.resource))
            .bearer_auth(token);
        Answer::read(request.send().await.expect("the resource server answers")).await
    }

    /// Adds a signing key, as the operator's command does; returns its name.
    pub async fn rotate_keys(&self) -> String {
        let facts = self.server.clients.facts();
        let keys = &self.server.keys;
        let rotated = keys.rotate(facts.longest_token_life_secs).await;
        self.server.audit.record_key_changes(&rotated.changes);
        rotated.outcome.expect("the keys are rotated")
    }

    /// Looks after the keys, as upkeep does now and then.
    pub async fn reload_keys(&self) {
        let facts = self.server.clients.facts();
        let keys = &self.server.keys;
        let reloaded = keys.reload(facts.longest_token_life_secs).await;
        self.server.audit.record_key_changes(&reloaded.changes);
        reloaded.outcome.expect("the keys are reloaded");
    }

    /// For requests that no other method here makes. Redirects are not followed.
    pub const fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// Where `print-photo` has its browsers sent.
    pub fn callback(&self) -> String {
        format!("{}/callback", self.client)
    }

    /// A code for `print-photo`, asked for without PKCE, approved by `xiaoming` for `photo.read` and
    /// `profile`.
    pub async fn code(&self) -> String {
        let parameters = [
            ("response_type", "code"),
            ("client_id", "print-photo"),
            ("redirect_uri", &self.callback()),
            ("scope", "photo.read profile"),
            ("state", "xyz"),
        ];
        self.browser()
            .journey(&parameters, &["photo.read", "profile"])
            .await
            .code()
    }

    /// Exchanges a code as `print-photo`.
    pub async fn exchange(&self, code: &str) -> Answer {
        let redirect_uri = self.callback();
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect_uri.as_str()),
        ];
        self.token("print-photo", &form).await
    }

    /// Exchanges a refresh token as `print-photo`.
    pub async fn refresh(&self, refresh_token: &str) -> Answer {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token),
        ];
        self.token("print-photo", &form).await
    }

    /// The owner's tokens by the shortest way: the password grant of `photo-desktop`, as `xiaoming`.
    pub async fn password_grant(&self, scope: &str) -> Answer {
        let form = [
            ("grant_type", "password"),
            ("username", "xiaoming"),
            ("password", "photos4me"),
            ("scope", scope),
        ];
        self.token("photo-desktop", &form).await
    }

    /// Sends a form to an endpoint of the authorization server with these Basic credentials, exactly.
    pub async fn post_with(
        &self,
        (id, secret): (&str, &str),
        path: &str,
        form: &[(&str, &str)],
    ) -> Answer {
        let request = self.http.post(format!("{}{path}", self.auth)).form(form);
        let request = request.basic_auth(id, Some(secret));
        Answer::read(request.send().await.expect("the server answers")).await
    }

    /// Gets a page or document of the authorization server, without cookies.
    pub async fn get(&self, path: &str) -> Answer {
        let request = self.http.get(format!("{}{path}", self.auth));
        Answer::read(request.send().await.expect("the server answers")).await
    }
}

impl Drop for World {
    fn drop(&mut self) {
        // Asked now, done by the runtime that the services run on; nobody waits for it.
        for handle in &self.handles {
            drop(handle.stop(false));
        }
    }
}
