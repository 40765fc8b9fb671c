//! Browsers and what is remembered about them, in memory: the cookie holds a random name and nothing
//! else. Nothing is remembered of a browser that only looks around.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use symbolon::clock::Clock;
use symbolon::random::Random;
use symbolon::secret::Secret;
use symbolon::trace_context::LinkableSpan;
use tracing::Instrument as _;

use super::flow::Flow;
use super::settings::SessionsSettings;
use symbolon_client::{GrantType, OAuth2Client, Observer, PendingAuthorization};

/// How many authorization requests of one browser can be on their way (tabs).
const MAX_PENDING: usize = 4;

/// How many random bytes a session's name and its CSRF token have: nobody guesses 256 bits.
const RANDOM_BYTES: usize = 32;

/// How often sessions that have expired are looked for.
const SWEEP_EVERY: Duration = Duration::from_secs(60);

/// A full house makes room for this part of itself at once: to look through all sessions for each new one would
/// be slow.
const ROOM: usize = 64;

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
    /// The query of the callback that gave access last: browsers send a page twice.
    answered: Option<Secret>,
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

/// What somebody loses with a session. Those that hold less make room for those that hold more: whoever opens
/// many sessions drops their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Worth {
    /// A form that was looked at.
    Nothing,
    /// A request on its way, or the service's own token: anybody gets there without an account.
    Little,
    /// An owner's access.
    Access,
}

impl Access {
    /// Whether an owner gave it; the service's own token is not this visitor's to give back.
    pub(super) const fn is_of_an_owner(&self) -> bool {
        match self.grant_type {
            GrantType::AuthorizationCode
            | GrantType::Implicit
            | GrantType::Password
            | GrantType::RefreshToken => true,
            GrantType::ClientCredentials => false,
        }
    }

    /// Gives the tokens back that nobody will use any more.
    async fn give_back(self) {
        let client = self.client.with_observer(self.counts);
        if let Err(error) = client.log_out().await {
            tracing::warn!(event = "tokens_not_revoked", %error);
        }
    }
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

    /// Remembers the callback that gave access.
    pub(super) fn keep_answered(&self, callback_query: &str) {
        self.state().answered = Some(Secret::new(callback_query));
    }

    /// Whether this callback gave the access that is still there.
    pub(super) fn has_answered(&self, callback_query: &str) -> bool {
        let state = self.state();
        let is_the_same = |answered: &Secret| answered.expose() == callback_query;
        state.access.is_some() && state.answered.as_ref().is_some_and(is_the_same)
    }

    fn worth(&self) -> Worth {
        let state = self.state();
        match &state.access {
            Some(access) if access.is_of_an_owner() => Worth::Access,
            None if state.pending.is_empty() => Worth::Nothing,
            Some(_) | None => Worth::Little,
        }
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
    /// By the stopwatch: nobody is forgotten because somebody sets the hour.
    used_at: Duration,
    session: Arc<Session>,
}

/// The sessions that are kept, by their names.
type Kept = HashMap<String, KeptSession>;

/// All sessions.
pub(super) struct Sessions {
    settings: SessionsSettings,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    kept: Mutex<Kept>,
    swept_at: Mutex<Duration>,
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
            swept_at: Mutex::new(clock.elapsed()),
            clock,
            random,
            kept: Mutex::default(),
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn idle(&self) -> Duration {
        Duration::from_secs(self.settings.idle_secs)
    }

    fn is_alive(&self, kept: &KeptSession, now: Duration) -> bool {
        now.saturating_sub(kept.used_at) < self.idle()
    }

    /// How many have not been idle for too long.
    pub(super) fn alive(&self) -> u64 {
        let now = self.clock.elapsed();
        let kept = self.kept();
        let alive = kept.values().filter(|kept| self.is_alive(kept, now));
        u64::try_from(alive.count()).unwrap_or(u64::MAX)
    }

    /// The browser that presents these names: the first that is one of ours counts, for the others may be
    /// left over from another path or another program. Without one it is new.
    pub(super) fn visit(self: &Arc<Self>, presented: &[Secret]) -> Visitor {
        let now = self.clock.elapsed();
        self.sweep(now);
        let mut kept = self.kept();
        for name in presented {
            if let Some(known) = kept.get_mut(name.expose())
                && self.is_alive(known, now)
            {
                known.used_at = now;
                let session = Arc::clone(&known.session);
                return Visitor::new(self, Name::Kept(name.clone()), session);
            }
        }
        let session = Arc::new(Session::new(&*self.random));
        Visitor::new(self, Name::None, session)
    }

    fn keep(&self, session: &Arc<Session>) -> Secret {
        let name = self.random.text::<RANDOM_BYTES>();
        let new = KeptSession {
            used_at: self.clock.elapsed(),
            session: Arc::clone(session),
        };
        let mut kept = self.kept();
        if kept.len() >= self.settings.max_count {
            give_back(self.make_room(&mut kept).into_iter());
        }
        kept.insert(name.clone(), new);
        Secret::new(name)
    }

    /// Drops what has expired.
    fn sweep(&self, now: Duration) {
        let mut swept_at = self.swept_at.lock().unwrap_or_else(PoisonError::into_inner);
        if now.saturating_sub(*swept_at) < SWEEP_EVERY {
            return;
        }
        *swept_at = now;
        let mut kept = self.kept();
        let expired = kept.extract_if(|_, known| !self.is_alive(known, now));
        give_back(expired.map(|(_, known)| known.session));
    }

    /// Drops those that hold least and were not used for longest.
    fn make_room(&self, kept: &mut Kept) -> Vec<Arc<Session>> {
        let mut order: Vec<_> = kept
            .iter()
            .map(|(name, known)| (known.session.worth(), known.used_at, name.clone()))
            .collect();
        order.sort_unstable();
        let dropped = order.iter().take((self.settings.max_count / ROOM).max(1));
        dropped
            .filter_map(|(_, _, name)| kept.remove(name))
            .map(|known| known.session)
            .collect()
    }
}

/// Gives back, beside the requests and one after the other, what nobody can reach any more.
fn give_back(dropped: impl Iterator<Item = Arc<Session>>) {
    give_back_all(dropped.filter_map(|session| session.access()).collect());
}

fn give_back_all(mut accesses: Vec<Access>) {
    accesses.retain(Access::is_of_an_owner);
    if accesses.is_empty() {
        return;
    }
    let giving_back = async move {
        for access in accesses {
            access.give_back().await;
        }
    };
    tokio::spawn(giving_back.in_current_span());
}

/// What a session is called.
#[derive(Debug)]
enum Name {
    /// It is not kept: nothing has to be remembered.
    None,
    Kept(Secret),
    Ended,
}

/// What the browser is told about its cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SessionCookie {
    /// It needs none.
    None,
    /// The session's name.
    Named(Secret),
    /// The session has ended.
    Ended,
}

/// The browser behind a request.
#[derive(Clone, Debug)]
pub(super) struct Visitor {
    sessions: Arc<Sessions>,
    name: Arc<Mutex<Name>>,
    session: Arc<Session>,
}

impl Visitor {
    fn new(sessions: &Arc<Sessions>, name: Name, session: Arc<Session>) -> Self {
        Self {
            sessions: Arc::clone(sessions),
            name: Arc::new(Mutex::new(name)),
            session,
        }
    }

    /// What is remembered about it.
    pub(super) fn session(&self) -> &Session {
        &self.session
    }

    fn name(&self) -> MutexGuard<'_, Name> {
        self.name.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What its cookie should be.
    pub(super) fn cookie(&self) -> SessionCookie {
        match &*self.name() {
            Name::None => SessionCookie::None,
            Name::Kept(name) => SessionCookie::Named(name.clone()),
            Name::Ended => SessionCookie::Ended,
        }
    }

    /// Remembers this browser: it gets a form that it will bring back, or is sent away and will return.
    pub(super) fn remember(&self) {
        let mut name = self.name();
        if matches!(*name, Name::None) {
            *name = Name::Kept(self.sessions.keep(&self.session));
        }
    }

    /// Keeps the access under a new name: whoever planted the old cookie does not get it.
    pub(super) fn grant_access(&self, access: Access) {
        let replaced = self.session.state().access.replace(access);
        give_back_all(replaced.into_iter().collect());
        let mut name = self.name();
        if let Name::Kept(old) = &*name {
            self.sessions.kept().remove(old.expose());
        }
        *name = Name::Kept(self.sessions.keep(&self.session));
    }

    /// Forgets the session: nothing that was in it can be reached any more.
    pub(super) fn end(&self) {
        self.session.set_access(None);
        let ended = std::mem::replace(&mut *self.name(), Name::Ended);
        if let Name::Kept(name) = ended {
            self.sessions.kept().remove(name.expose());
        }
    }
}
