//! Browsers and what is remembered about them, in memory: the cookie holds a random name and nothing
//! else.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use symbolon::clock::{Clock, Timestamp};
use symbolon::random::Random;
use symbolon::secret::Secret;
use symbolon::trace_context::LinkableSpan;

use super::flow::Flow;
use super::settings::SessionsSettings;
use symbolon_client::{GrantType, OAuth2Client, Observer, PendingAuthorization};

/// Cookies ignore ports, so each of the three demos on localhost has a name of its own.
pub(super) const COOKIE: &str = "print_photo_session";

/// How many authorization requests of one browser can be on their way (tabs).
const MAX_PENDING: usize = 4;

/// How many random bytes a session's name and its CSRF token have: nobody guesses 256 bits.
const RANDOM_BYTES: usize = 32;

/// What is remembered about one browser.
#[derive(Debug)]
pub(super) struct Session {
    /// Forms have to bring it (RFC 6749 §10.12).
    pub(super) csrf: Secret,
    /// What the inspector shows.
    pub(super) flow: Arc<Flow>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    pending: VecDeque<PendingAuthorization>,
    access: Option<Access>,
    last_request: Option<LinkableSpan>,
}

/// A way to the photos: a client with tokens.
#[derive(Clone, Debug)]
pub(super) struct Access {
    /// The grant that the tokens came by.
    pub(super) grant_type: GrantType,
    /// The client.
    pub(super) client: OAuth2Client,
    /// Counts its exchanges.
    pub(super) counts: Arc<dyn Observer>,
}

impl Session {
    fn new(random: &dyn Random) -> Self {
        Self {
            csrf: Secret::new(random.text::<RANDOM_BYTES>()),
            flow: Arc::default(),
            state: Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps the other half of an authorization request; the oldest one makes room.
    pub(super) fn keep_pending(&self, pending: PendingAuthorization) {
        let mut state = self.state();
        if state.pending.len() >= MAX_PENDING {
            state.pending.pop_front();
        }
        state.pending.push_back(pending);
    }

    /// Takes out the authorization request that this callback answers.
    pub(super) fn take_pending(&self, callback_query: &str) -> Option<PendingAuthorization> {
        let mut state = self.state();
        let position = state
            .pending
            .iter()
            .position(|pending| pending.is_answered_by(callback_query))?;
        state.pending.remove(position)
    }

    /// The present way to the photos.
    pub(super) fn access(&self) -> Option<Access> {
        self.state().access.clone()
    }

    /// Replaces the way to the photos.
    pub(super) fn set_access(&self, access: Option<Access>) {
        self.state().access = access;
    }

    /// Links the trace of this request to that of the one before: between them the browser was
    /// elsewhere, and a grant is one story.
    pub(super) fn follow_last_request(&self) {
        let last = self.state().last_request.replace(LinkableSpan::current());
        if let Some(last) = last {
            last.link_to_current();
        }
    }
}

#[derive(Debug)]
struct KeptSession {
    used_at: Timestamp,
    session: Arc<Session>,
}

/// All sessions.
pub(super) struct Sessions {
    settings: SessionsSettings,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    kept: Mutex<HashMap<String, KeptSession>>,
}

impl fmt::Debug for Sessions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The names are the keys to the sessions.
        formatter.write_str("Sessions(…)")
    }
}

impl Sessions {
    /// No sessions yet.
    pub(super) fn new(
        settings: SessionsSettings,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Self {
        Self {
            settings,
            clock,
            random,
            kept: Mutex::default(),
        }
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<String, KeptSession>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many have not been idle for too long.
    pub(super) fn alive(&self) -> u64 {
        let now = self.clock.now();
        let kept = self.kept();
        let alive = kept
            .values()
            .filter(|kept| kept.used_at.secs_until(now) < self.settings.idle_secs);
        u64::try_from(alive.count()).unwrap_or(u64::MAX)
    }

    /// The session of this name, or a new one.
    pub(super) fn open(self: &Arc<Self>, name: Option<&str>) -> Visitor {
        let now = self.clock.now();
        let mut kept = self.kept();
        if let Some(name) = name
            && let Some(known) = kept.get_mut(name)
            && known.used_at.secs_until(now) < self.settings.idle_secs
        {
            known.used_at = now;
            return Visitor::new(self, name.to_owned(), Arc::clone(&known.session));
        }
        if kept.len() >= self.settings.max_count {
            make_room(&mut kept, now, self.settings.idle_secs);
        }
        let name = self.random.text::<RANDOM_BYTES>();
        let session = Arc::new(Session::new(&*self.random));
        let new = KeptSession {
            used_at: now,
            session: Arc::clone(&session),
        };
        kept.insert(name.clone(), new);
        Visitor::new(self, name, session)
    }
}

/// Drops the sessions that have expired or, when none has, the one that was used longest ago.
fn make_room(kept: &mut HashMap<String, KeptSession>, now: Timestamp, idle_secs: u64) {
    let before = kept.len();
    kept.retain(|_, known| known.used_at.secs_until(now) < idle_secs);
    if kept.len() < before {
        return;
    }
    let oldest = kept
        .iter()
        .min_by_key(|(_, known)| known.used_at)
        .map(|(name, _)| name.clone());
    if let Some(oldest) = oldest {
        kept.remove(&oldest);
    }
}

/// The browser behind a request.
#[derive(Clone, Debug)]
pub(super) struct Visitor {
    sessions: Arc<Sessions>,
    /// `None` when the session has ended.
    name: Arc<Mutex<Option<Secret>>>,
    session: Arc<Session>,
}

impl Visitor {
    fn new(sessions: &Arc<Sessions>, name: String, session: Arc<Session>) -> Self {
        Self {
            sessions: Arc::clone(sessions),
            name: Arc::new(Mutex::new(Some(Secret::new(name)))),
            session,
        }
    }

    /// What is remembered about it.
    pub(super) fn session(&self) -> &Session {
        &self.session
    }

    fn name(&self) -> MutexGuard<'_, Option<Secret>> {
        self.name.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The value of its cookie; `None` when the session has ended.
    pub(super) fn cookie(&self) -> Option<String> {
        let name = self.name();
        name.as_ref().map(|name| name.expose().to_owned())
    }

    /// Keeps the access under a new name: whoever planted the old cookie does not get it.
    pub(super) fn grant_access(&self, access: Access) {
        self.session.set_access(Some(access));
        let new = self.sessions.random.text::<RANDOM_BYTES>();
        let mut name = self.name();
        let mut kept = self.sessions.kept();
        let old = name.as_ref().and_then(|name| kept.remove(name.expose()));
        if let Some(session) = old {
            kept.insert(new.clone(), session);
            *name = Some(Secret::new(new));
        }
    }

    /// Forgets the session: nothing that was in it can be reached any more.
    pub(super) fn end(&self) {
        self.session.set_access(None);
        if let Some(name) = self.name().take() {
            self.sessions.kept().remove(name.expose());
        }
    }
}
