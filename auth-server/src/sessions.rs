//! Browser sessions: begun before anybody signs in, renewed by it, ended by signing out. A cookie that only
//! the browser knows stands for a session; what the store keeps of it cannot be presented.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use symbolon::clock::{Clock, Timestamp};
use symbolon::random::Random;
use symbolon::secret::Secret;

use crate::keys::KeyRing;
use crate::records::{AuthenticatedOwner, PasswordMark, Session, SessionId};
use crate::resource_owners::owner::ResourceOwner;
use crate::resource_owners::registry::Owners;
use crate::stores::{SessionStore, StoreError, or_if_damaged};

const CSRF_DOMAIN: &[u8] = b"symbolon form";

/// How long sessions last, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionLifetimes {
    /// Once somebody signed in.
    pub signed_in_secs: u64,
    /// Before.
    pub anonymous_secs: u64,
}

/// What sessions are made with.
#[derive(Clone)]
pub struct SessionSources {
    /// Where they are kept.
    pub store: Arc<dyn SessionStore>,
    /// Who signed in may still have an account, or not.
    pub owners: Owners,
    /// Bind forms to their session.
    pub keys: Arc<KeyRing>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
}

/// Begins, finds and ends sessions.
#[derive(Clone)]
pub struct Sessions {
    sources: SessionSources,
    lifetimes: SessionLifetimes,
}

/// A session, and the value of the cookie that stands for it.
#[derive(Debug)]
pub struct BrowserSession {
    /// What the browser presents.
    pub cookie: Secret,
    /// What the store knows it by.
    pub id: SessionId,
    record: Session,
}

impl Sessions {
    /// Sessions that last so long.
    pub const fn new(sources: SessionSources, lifetimes: SessionLifetimes) -> Self {
        Self { sources, lifetimes }
    }

    /// The session that a cookie stands for.
    pub async fn find(&self, cookie: Option<Secret>) -> Result<Option<BrowserSession>, StoreError> {
        let Some(cookie) = cookie else {
            return Ok(None);
        };
        let id = SessionId::of_cookie(&cookie);
        let found = self.sources.store.find_session(&id).await;
        let found = or_if_damaged(found, || None)?;
        Ok(found.map(|record| BrowserSession { cookie, id, record }))
    }

    /// That session, or a new one in which nobody has signed in.
    pub async fn find_or_begin(
        &self,
        cookie: Option<Secret>,
    ) -> Result<BrowserSession, StoreError> {
        if let Some(session) = self.find(cookie).await? {
            return Ok(session);
        }
        let expires_at = self.now().plus_secs(self.lifetimes.anonymous_secs);
        let session = self.mint(Session {
            owner: None,
            expires_at,
        });
        let store = &self.sources.store;
        store.store_session(&session.id, &session.record).await?;
        Ok(session)
    }

    /// The session after a sign-in: another cookie, so that whoever knew the old one knows nothing.
    pub async fn renew(
        &self,
        session: BrowserSession,
        owner: &ResourceOwner,
    ) -> Result<BrowserSession, StoreError> {
        let now = self.now();
        let renewed = self.mint(Session {
            owner: Some(AuthenticatedOwner {
                name: owner.name.clone(),
                authenticated_at: now,
                password_mark: self.password_mark(owner),
            }),
            expires_at: now.plus_secs(self.lifetimes.signed_in_secs),
        });
        let store = &self.sources.store;
        store
            .renew_session(&session.id, &renewed.id, &renewed.record)
            .await?;
        Ok(renewed)
    }

    /// Ends a session, and forgets what waits in it.
    pub async fn end(&self, session: &BrowserSession) -> Result<(), StoreError> {
        self.sources.store.delete_session(&session.id).await
    }

    /// The account that signed in, if it still exists, is not locked, and has the same password.
    pub async fn owner(
        &self,
        session: &BrowserSession,
    ) -> Result<Option<Arc<ResourceOwner>>, StoreError> {
        match &session.record.owner {
            Some(signed_in) => {
                let owner = self.sources.owners.find(&signed_in.name).await?;
                Ok(owner.filter(|owner| {
                    let mark = self.password_mark(owner);
                    mark.is_some() && mark == signed_in.password_mark
                }))
            }
            None => Ok(None),
        }
    }

    fn password_mark(&self, owner: &ResourceOwner) -> Option<PasswordMark> {
        let ring = self.sources.keys.current();
        ring.password_mark(owner.password.expose())
    }

    /// What forms of this session carry: only its own pages know it. `None` when there is no key to make it
    /// with.
    fn form_token(&self, session: &BrowserSession) -> Option<Secret> {
        let ring = self.sources.keys.current();
        let cookie = session.cookie.expose().as_bytes();
        let digest = ring.handles.digest(CSRF_DOMAIN, cookie)?;
        Some(Secret::new(URL_SAFE_NO_PAD.encode(digest)))
    }

    /// The CSRF token of a page of this session.
    pub fn csrf_token(&self, session: &BrowserSession) -> String {
        let token = self.form_token(session);
        token.map_or_else(String::new, |token| token.expose().to_owned())
    }

    /// Whether a form with this CSRF token came from a page of this session.
    pub fn is_own_form(&self, session: &BrowserSession, csrf_token: Option<String>) -> bool {
        let presented = csrf_token.map(Secret::new);
        let expected = self.form_token(session);
        presented
            .zip(expected)
            .is_some_and(|(presented, expected)| presented == expected)
    }

    fn mint(&self, record: Session) -> BrowserSession {
        let cookie = Secret::new(self.sources.random.text::<32>());
        BrowserSession {
            id: SessionId::of_cookie(&cookie),
            cookie,
            record,
        }
    }

    fn now(&self) -> Timestamp {
        self.sources.clock.now()
    }
}
