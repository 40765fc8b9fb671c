//! Browser sessions: begun before anybody signs in, renewed by it, ended by signing out. A cookie that only
//! the browser knows stands for a session; what the store keeps of it cannot be presented.

pub mod known_browsers;
mod made_by_forms;
mod second_step;

use std::cmp::Reverse;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use symbolon::clock::{Clock, Timestamp};
use symbolon::random::Random;
use symbolon::secret::Secret;

use crate::keys::KeyRing;
use crate::records::{AuthenticatedOwner, Device, PasswordMark, Session, SessionId};
use crate::resource_owners::owner::ResourceOwner;
use crate::resource_owners::registry::Owners;
use crate::stores::{SessionStore, StoreError, or_if_damaged};

const CSRF_DOMAIN: &[u8] = b"symbolon form";
const RENEWAL_DOMAIN: &[u8] = b"symbolon renewed session";

/// How often it is written that whoever is signed in was seen, in seconds.
const SEEN_EVERY_SECS: u64 = 300;

/// How long a sign-in form that was sent twice leads to the same session, in seconds.
const REPEAT_SECS: u64 = 60;

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
    device: Device,
}

/// A session of somebody who is signed in, as its owner may know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownSession {
    /// What the store knows it by; it cannot be presented.
    pub id: SessionId,
    /// In which browser.
    pub device: Device,
    /// Since when.
    pub signed_in_at: Timestamp,
    /// When it was last seen, as far as that is noted: every five minutes at most.
    pub seen_at: Option<Timestamp>,
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

impl BrowserSession {
    /// The name that somebody signed in with, who may have no account any more.
    pub fn signed_in_as(&self) -> Option<&str> {
        self.record.owner.as_ref().map(|owner| owner.name.as_str())
    }
}

/// Which session a form came from.
#[derive(Debug)]
pub enum FormSession {
    /// A page of this session: only such a form does something.
    Own(BrowserSession),
    /// Not a page of this session, which the browser is in: the page is older than the sign-in, or it is
    /// somebody else's.
    Other(BrowserSession),
    /// A page of the session of this cookie, which is over.
    Over(Secret),
    /// No page that we know.
    Unknown,
}

impl Sessions {
    /// Sessions that last so long.
    pub fn new(sources: SessionSources, lifetimes: SessionLifetimes) -> Self {
        let device = Device::default();
        Self {
            sources,
            lifetimes,
            device,
        }
    }

    /// The same, for whoever signs in in this browser.
    #[must_use]
    pub fn in_browser(&self, device: Device) -> Self {
        Self {
            device,
            ..self.clone()
        }
    }

    /// The session that one of the presented cookies stands for: the first in which somebody signed in, else
    /// the first. A browser may present several, when another program on the host has set one of our name.
    pub async fn find(
        &self,
        cookies: impl IntoIterator<Item = Secret>,
    ) -> Result<Option<BrowserSession>, StoreError> {
        let mut first = None;
        for cookie in cookies {
            match self.find_one(cookie).await? {
                Some(session) if session.record.owner.is_some() => return Ok(Some(session)),
                Some(session) if first.is_none() => first = Some(session),
                Some(_) | None => {}
            }
        }
        Ok(first)
    }

    /// A new session, in which nobody has signed in.
    pub async fn begin(&self) -> Result<BrowserSession, StoreError> {
        self.begin_with(None).await
    }

    /// Which session a form came from, by its CSRF token and the presented cookies.
    pub async fn find_of_form(
        &self,
        cookies: Vec<Secret>,
        csrf_token: Option<String>,
    ) -> Result<FormSession, StoreError> {
        let presented = csrf_token.map(Secret::new);
        let is_own = |cookie: &Secret| {
            let expected = self.form_token(cookie);
            presented.is_some() && presented == expected
        };
        let own = cookies.iter().find(|cookie| is_own(cookie)).cloned();
        if let Some(cookie) = &own
            && let Some(session) = self.find_one(cookie.clone()).await?
        {
            return Ok(FormSession::Own(session));
        }
        Ok(match (self.find(cookies).await?, own) {
            (Some(session), _) => FormSession::Other(session),
            (None, Some(cookie)) => FormSession::Over(cookie),
            (None, None) => FormSession::Unknown,
        })
    }

    async fn find_one(&self, cookie: Secret) -> Result<Option<BrowserSession>, StoreError> {
        let id = SessionId::of_cookie(&cookie);
        let found = self.sources.store.find_session(&id).await;
        let found = or_if_damaged(found, || None)?;
        Ok(found.map(|record| BrowserSession { cookie, id, record }))
    }

    /// A new session, in which this owner has signed in; it lasts no longer than one in which nobody has. Who signs in
    /// with each request needs it for what that request leads to.
    pub async fn begin_briefly_as(
        &self,
        owner: &ResourceOwner,
    ) -> Result<BrowserSession, StoreError> {
        let mut session = self.session(self.new_cookie(), Some(owner));
        session.record.expires_at = self.now().plus_secs(self.lifetimes.anonymous_secs);
        self.keep(session).await
    }

    async fn begin_with(
        &self,
        owner: Option<&ResourceOwner>,
    ) -> Result<BrowserSession, StoreError> {
        self.keep(self.session(self.new_cookie(), owner)).await
    }

    async fn keep(&self, session: BrowserSession) -> Result<BrowserSession, StoreError> {
        let store = &self.sources.store;
        store.store_session(&session.id, &session.record).await?;
        Ok(session)
    }

    fn new_cookie(&self) -> Secret {
        Secret::new(self.sources.random.text::<32>())
    }

    /// The session after a sign-in: another cookie, so that whoever knew the old one knows nothing.
    pub async fn renew(
        &self,
        session: BrowserSession,
        owner: &ResourceOwner,
    ) -> Result<BrowserSession, StoreError> {
        let cookie = self.renewed_cookie(&session.cookie, owner);
        let renewed = self.session(cookie, Some(owner));
        let store = &self.sources.store;
        store
            .renew_session(&session.id, &renewed.id, &renewed.record)
            .await?;
        Ok(renewed)
    }

    /// The session after a sign-in by a form whose own session is over. When it is over because the same form
    /// came before, a moment ago, that is the session which began then.
    pub async fn renew_again(
        &self,
        cookie: &Secret,
        owner: &ResourceOwner,
    ) -> Result<BrowserSession, StoreError> {
        let renewed = self.renewed_cookie(cookie, owner);
        let now = self.now();
        let is_recent = |session: &BrowserSession| {
            let signed_in = session.record.owner.as_ref();
            signed_in.is_some_and(|owner| owner.authenticated_at.plus_secs(REPEAT_SECS) > now)
        };
        match self.find_one(renewed).await?.filter(is_recent) {
            Some(session) => Ok(session),
            None => self.begin_with(Some(owner)).await,
        }
    }

    /// The account, if it still exists, is not locked, and has the same password.
    async fn unchanged(
        &self,
        signed_in: &AuthenticatedOwner,
    ) -> Result<Option<Arc<ResourceOwner>>, StoreError> {
        let suits = |owner: &ResourceOwner| {
            let mark = self.password_mark(owner);
            mark.is_some() && mark == signed_in.password_mark
        };
        let owners = &self.sources.owners;
        owners.find_suiting(&signed_in.name, suits).await
    }

    /// The cookie of the session that follows on a sign-in. It can be made again from the old cookie, by us and
    /// nobody else, so that whoever sends a form twice ends in one session.
    fn renewed_cookie(&self, cookie: &Secret, owner: &ResourceOwner) -> Secret {
        let parts = [cookie.expose().as_bytes(), &[0], owner.name.as_bytes()];
        let ring = self.sources.keys.current();
        match ring.handles.digest(RENEWAL_DOMAIN, &parts.concat()) {
            Some(digest) => Secret::new(URL_SAFE_NO_PAD.encode(digest)),
            None => self.new_cookie(),
        }
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
                let owner = self.unchanged(signed_in).await?;
                if owner.is_some() {
                    self.note_seen(session).await;
                }
                Ok(owner)
            }
            None => Ok(None),
        }
    }

    /// Writes that whoever signed in was seen, now and then. A store that takes nothing costs that, and no page.
    async fn note_seen(&self, session: &BrowserSession) {
        let now = self.now();
        let seen_at = session.record.seen_at;
        if seen_at.is_some_and(|seen_at| seen_at.plus_secs(SEEN_EVERY_SECS) > now) {
            return;
        }
        let record = Session {
            seen_at: Some(now),
            ..session.record.clone()
        };
        let store = &self.sources.store;
        if let Err(error) = store.note_session_seen(&session.id, &record).await {
            tracing::debug!(event = "session_not_noted", %error);
        }
    }

    /// In which browsers an owner is signed in, the last first.
    pub async fn list(&self, owner: &ResourceOwner) -> Result<Vec<KnownSession>, StoreError> {
        let listed = self.sources.store.list_sessions(&owner.name).await?;
        let mark = self.password_mark(owner);
        let mut known = Vec::new();
        for (id, session) in listed {
            let signed_in = session.owner.filter(|signed_in| {
                signed_in.name == owner.name && mark.is_some() && signed_in.password_mark == mark
            });
            known.extend(signed_in.map(|signed_in| KnownSession {
                id,
                device: session.device,
                signed_in_at: signed_in.authenticated_at,
                seen_at: session.seen_at,
            }));
        }
        known.sort_by_key(|session| Reverse((session.seen_at, session.signed_in_at)));
        Ok(known)
    }

    /// Ends a session of this owner; false when it is none of theirs, or over.
    pub async fn end_of(&self, owner: &ResourceOwner, id: &SessionId) -> Result<bool, StoreError> {
        let is_theirs = self.list(owner).await?.iter().any(|known| known.id == *id);
        if is_theirs {
            self.sources.store.delete_session(id).await?;
        }
        Ok(is_theirs)
    }

    /// Ends all sessions of this owner.
    pub async fn end_all_of(&self, owner: &ResourceOwner) -> Result<(), StoreError> {
        self.sources.store.end_sessions_of(&owner.name).await
    }

    fn password_mark(&self, owner: &ResourceOwner) -> Option<PasswordMark> {
        let ring = self.sources.keys.current();
        owner.mark(|hash| ring.password_mark(hash))
    }

    /// What forms of this session carry: only its own pages know it. `None` when there is no key to make it
    /// with.
    fn form_token(&self, cookie: &Secret) -> Option<Secret> {
        let ring = self.sources.keys.current();
        let digest = ring
            .handles
            .digest(CSRF_DOMAIN, cookie.expose().as_bytes())?;
        Some(Secret::new(URL_SAFE_NO_PAD.encode(digest)))
    }

    /// The CSRF token of a page of this session.
    pub fn csrf_token(&self, session: &BrowserSession) -> String {
        let token = self.form_token(&session.cookie);
        token.map_or_else(String::new, |token| token.expose().to_owned())
    }

    fn session(&self, cookie: Secret, owner: Option<&ResourceOwner>) -> BrowserSession {
        let now = self.now();
        let life_secs = match owner {
            Some(_) => self.lifetimes.signed_in_secs,
            None => self.lifetimes.anonymous_secs,
        };
        let record = Session {
            owner: owner.map(|owner| self.authenticated(owner)),
            password_shown_by: None,
            expires_at: now.plus_secs(life_secs),
            device: owner.map(|_| self.device.clone()).unwrap_or_default(),
            seen_at: owner.map(|_| now),
        };
        BrowserSession {
            id: SessionId::of_cookie(&cookie),
            cookie,
            record,
        }
    }

    fn authenticated(&self, owner: &ResourceOwner) -> AuthenticatedOwner {
        AuthenticatedOwner {
            name: owner.name.clone(),
            authenticated_at: self.now(),
            password_mark: self.password_mark(owner),
        }
    }

    fn now(&self) -> Timestamp {
        self.sources.clock.now()
    }
}
