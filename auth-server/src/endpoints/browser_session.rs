//! The browser's session: a cookie that only the browser knows, and what the store keeps of it.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use symbolon::secret::Secret;

use crate::records::{AuthenticatedOwner, Session, SessionId};
use crate::resource_owners::owner::ResourceOwner;
use crate::server::Server;
use crate::stores::StoreError;

/// Cookies ignore ports: a name of our own keeps the services on one host apart.
pub(super) const COOKIE: &str = "auth_server_session";

const CSRF_DOMAIN: &[u8] = b"symbolon form";

/// A session and the cookie that stands for it.
#[derive(Debug)]
pub(super) struct BrowserSession {
    cookie: Secret,
    pub(super) id: SessionId,
    pub(super) login: Session,
}

impl BrowserSession {
    /// The session that the request's cookie stands for.
    pub(super) async fn find(
        server: &Server,
        request: &HttpRequest,
    ) -> Result<Option<Self>, StoreError> {
        let Some(cookie) = request.cookie(COOKIE) else {
            return Ok(None);
        };
        let cookie = Secret::new(cookie.value());
        let id = SessionId::of_cookie(&cookie);
        let login = server.store.find_session(&id).await?;
        Ok(login.map(|login| Self { cookie, id, login }))
    }

    /// That session, or a new one in which nobody has signed in.
    pub(super) async fn find_or_begin(
        server: &Server,
        request: &HttpRequest,
    ) -> Result<Self, StoreError> {
        if let Some(session) = Self::find(server, request).await? {
            return Ok(session);
        }
        let expires_at = server.now().plus_secs(server.lifetimes.pending_secs);
        let session = Self::mint(
            server,
            Session {
                owner: None,
                expires_at,
            },
        );
        server
            .store
            .store_session(&session.id, &session.login)
            .await?;
        Ok(session)
    }

    /// The session after a sign-in: another cookie, so that whoever knew the old one knows nothing.
    pub(super) async fn renew(self, server: &Server, owner: &str) -> Result<Self, StoreError> {
        let now = server.now();
        let owner = AuthenticatedOwner {
            name: owner.to_owned(),
            authenticated_at: now,
        };
        let expires_at = now.plus_secs(server.lifetimes.login_secs);
        let renewed = Self::mint(
            server,
            Session {
                owner: Some(owner),
                expires_at,
            },
        );
        server
            .store
            .renew_session(&self.id, &renewed.id, &renewed.login)
            .await?;
        Ok(renewed)
    }

    /// The account that signed in, if it still exists.
    pub(super) fn owner<'a>(&self, server: &'a Server) -> Option<&'a ResourceOwner> {
        server.owners.find(&self.login.owner.as_ref()?.name)
    }

    /// What forms carry: only pages of this session know it.
    pub(super) fn csrf_token(&self, server: &Server) -> Secret {
        let digest = server
            .ring()
            .handles
            .digest(CSRF_DOMAIN, self.cookie.expose().as_bytes());
        Secret::new(
            digest
                .map(|digest| URL_SAFE_NO_PAD.encode(digest))
                .unwrap_or_default(),
        )
    }

    /// True when a form came from a page of this session.
    pub(super) fn sent(&self, server: &Server, csrf_token: Option<String>) -> bool {
        let expected = self.csrf_token(server);
        let presented = csrf_token
            .filter(|token| !token.is_empty())
            .map(Secret::new);
        presented.is_some_and(|presented| presented == expected)
    }

    /// The cookie to set.
    pub(super) fn cookie(&self, server: &Server) -> Cookie<'static> {
        cookie(server, self.cookie.expose().to_owned())
    }

    fn mint(server: &Server, login: Session) -> Self {
        let cookie = Secret::new(server.random.text::<32>());
        Self {
            id: SessionId::of_cookie(&cookie),
            cookie,
            login,
        }
    }
}

/// The cookie that ends a session in the browser.
pub(super) fn removal(server: &Server) -> Cookie<'static> {
    let mut cookie = cookie(server, String::new());
    cookie.make_removal();
    cookie
}

fn cookie(server: &Server, value: String) -> Cookie<'static> {
    Cookie::build(COOKIE, value)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(server.is_https())
        .finish()
}
