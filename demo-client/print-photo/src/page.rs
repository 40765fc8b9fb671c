//! The pages as values: what each template is given.

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use askama::Template;
use serde::{Deserialize, Serialize};

use super::access::Access;
use super::flow::Step;
use super::session::Visitor;
use symbolon_client::{GrantType, mask};

/// What is around every page.
#[derive(Clone, Debug, Default)]
pub(super) struct Shell {
    /// The token that forms have to bring; `None` on pages that belong to no session.
    pub(super) csrf: Option<String>,
    /// How photos can be reached at present.
    pub(super) access: Option<AccessView>,
    /// What the inspector shows.
    pub(super) steps: Vec<Step>,
}

/// A token, fit to be shown.
#[derive(Clone, Debug)]
pub(super) struct AccessView {
    /// The grant, in a person's words.
    pub(super) grant: &'static str,
    /// The end of the access token; `None` when there is no token yet.
    pub(super) token: Option<String>,
    /// Seconds until it expires; `None` when it does not say.
    pub(super) expires_in_secs: Option<u64>,
    /// What it may be used for.
    pub(super) scope: String,
    /// Whether there is a refresh token.
    pub(super) can_refresh: bool,
}

impl Shell {
    /// What is around the pages of this visitor.
    pub(super) async fn of(visitor: &Visitor) -> Self {
        let session = visitor.session();
        let access = match session.access() {
            Some(access) => Some(AccessView::of(&access).await),
            None => None,
        };
        Self {
            csrf: Some(session.csrf.expose().to_owned()),
            access,
            steps: session.flow.steps(),
        }
    }
}

impl AccessView {
    async fn of(access: &Access) -> Self {
        let held = access.client.tokens().await.ok().flatten();
        let clock = access.client.registration().clock();
        let tokens = held.as_ref();
        Self {
            grant: grant_name(access.grant_type),
            token: tokens.map(|held| mask(held.access_token.expose())),
            expires_in_secs: tokens
                .and_then(|held| held.time_left(clock))
                .map(|left| left.as_secs()),
            scope: tokens
                .and_then(|held| held.scope.as_ref())
                .map_or_else(|| "as asked".to_owned(), ToString::to_string),
            can_refresh: tokens.is_some_and(|held| held.refresh_token.is_some()),
        }
    }
}

const fn grant_name(grant_type: GrantType) -> &'static str {
    match grant_type {
        GrantType::AuthorizationCode => "Authorization code",
        GrantType::Implicit => "Implicit",
        GrantType::Password => "Password",
        GrantType::ClientCredentials => "Client credentials",
        GrantType::RefreshToken => "Refresh token",
        GrantType::Extension(_) => "Extension",
    }
}

/// A photo as Photo Space describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Photo {
    /// Its number in addresses.
    pub(super) id: u64,
    /// Its title.
    pub(super) title: String,
    /// Whose it is.
    pub(super) owner: String,
}

/// `/`
#[derive(Debug, Template)]
#[template(path = "home.html")]
pub(super) struct HomePage {
    /// What is around the page.
    pub(super) shell: Shell,
}

/// `/code`
#[derive(Debug, Template)]
#[template(path = "code.html")]
pub(super) struct CodePage {
    /// What is around the page.
    pub(super) shell: Shell,
    /// Where the browser will go.
    pub(super) authorization_server: String,
}

/// `/password`
#[derive(Debug, Template)]
#[template(path = "password.html")]
pub(super) struct PasswordPage {
    /// What is around the page.
    pub(super) shell: Shell,
}

/// `/client-credentials`
#[derive(Debug, Template)]
#[template(path = "client_credentials.html")]
pub(super) struct ClientCredentialsPage {
    /// What is around the page.
    pub(super) shell: Shell,
}

/// `/spa`
#[derive(Debug, Template)]
#[template(path = "spa.html")]
pub(super) struct ScriptPage {
    /// What is around the page.
    pub(super) shell: Shell,
    /// For the script: the authorization server.
    pub(super) authorization_server: String,
    /// For the script: whether every answer says who it is from (RFC 9207).
    pub(super) require_iss: bool,
    /// For the script: Photo Space.
    pub(super) resource_server: String,
    /// For the script: who it is.
    pub(super) client_id: String,
    /// For the script: where the browser comes back to.
    pub(super) redirect_uri: String,
}

/// `/photos`
#[derive(Debug, Template)]
#[template(path = "photos.html")]
pub(super) struct PhotosPage {
    /// What is around the page.
    pub(super) shell: Shell,
    /// Who let us in, as far as we may know.
    pub(super) owner: Option<String>,
    /// The photos.
    pub(super) photos: Vec<Photo>,
}

/// `/refresh`
#[derive(Debug, Template)]
#[template(path = "refreshed.html")]
pub(super) struct RefreshedPage {
    /// What is around the page.
    pub(super) shell: Shell,
    /// The token before.
    pub(super) old: AccessView,
}

/// `/logout`
#[derive(Debug, Template)]
#[template(path = "logged_out.html")]
pub(super) struct LoggedOutPage {
    /// What is around the page.
    pub(super) shell: Shell,
    /// Whether the authorization server took the tokens back.
    pub(super) revoked: bool,
    /// Where to sign out there.
    pub(super) sign_out_url: String,
}

/// A link to another page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    /// What it says.
    pub(super) label: &'static str,
    /// Where it leads.
    pub(super) url: &'static str,
}

/// Something went wrong.
#[derive(Debug, Template)]
#[template(path = "problem.html")]
pub(super) struct ProblemPage<'a> {
    /// What is around the page.
    pub(super) shell: Shell,
    /// What happened.
    pub(super) title: &'a str,
    /// What it means.
    pub(super) text: &'a str,
    /// What the other side said.
    pub(super) detail: Option<&'a str>,
    /// What to do next.
    pub(super) next: Link,
    /// The status of the page.
    pub(super) status: u16,
}

/// A page as an answer.
pub(super) fn answer(status: StatusCode, page: &impl Template) -> HttpResponse {
    match page.render() {
        Ok(html) => HttpResponse::build(status)
            .content_type("text/html; charset=utf-8")
            .body(html),
        Err(error) => {
            tracing::error!(event = "page_not_rendered", %error);
            HttpResponse::InternalServerError()
                .content_type("text/plain; charset=utf-8")
                .body("The page cannot be shown.\n")
        }
    }
}

/// A page with status 200.
pub(super) fn ok(page: &impl Template) -> HttpResponse {
    answer(StatusCode::OK, page)
}

/// After a form: the browser gets another page, and reloading that sends nothing twice.
pub(super) fn see_other(url: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, url))
        .finish()
}
