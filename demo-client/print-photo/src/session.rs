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

use super::access::{Access, give_back_all};
use super::exchange::Exchange;
use super::flow::Flow;
use super::settings::SessionsSettings;
use symbolon_client::PendingAuthorization;

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
    /// The last callback that was taken: browsers send a page twice.
    exchange: Option<Arc<Exchange>>,
    last_request: Option<LinkableSpan>,
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

    /// What this callback comes to: what it came to before, or what `begin` makes of the authorization request that
    /// it answers. A callback that answers none of this session's requests uses up none of them (RFC 6749 §10.12).
    pub(super) fn exchange(
        &self,
        callback_query: &str,
        begin: impl FnOnce(PendingAuthorization) -> Exchange,
    ) -> Option<Arc<Exchange>> {
        let mut state = self.state();
        if let Some(known) = &state.exchange
            && known.callback_query.expose() == callback_query
        {
            return Some(Arc::clone(known));
        }
        let position = state
            .pending
            .iter()
            .position(|pending| pending.is_answered_by(callback_query))?;
        let exchange = Arc::new(begin(state.pending.remove(position)?));
        state.exchange = Some(Arc::clone(&exchange));
        Some(exchange)
    }

    fn worth(&self) -> Worth {
        let state = self.state();
        match &state.access {
            Some(access) if access.is_of_an_owner() => Worth::Access,
            None if state.pending.is_empty() && state.exchange.is_none() => Worth::Nothing,
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

    /// Gives access by what an exchange came to. The same callback may come twice, at the same time or later: then
    /// it leads to the access that is there; false when there is none any more.
    pub(super) fn grant_access_of(&self, exchange: &Exchange) -> bool {
        if let Some(access) = exchange.take() {
            self.grant_access(access);
            return true;
        }
        if self.session.access().is_none() {
            return false;
        }
        // The answer before may have named the session anew, while this request came by its old name.
        let mut name = self.name();
        let is_known = |name: &Name| matches!(name, Name::Kept(name) if self.sessions.kept().contains_key(name.expose()));
        if !is_known(&name) {
            *name = Name::Kept(self.sessions.keep(&self.session));
        }
        true
    }

    /// Forgets the session: nothing that was in it can be reached any more.
    pub(super) fn end(&self) {
        self.session.set_access(None);
        self.session.state().exchange = None;
        let ended = std::mem::replace(&mut *self.name(), Name::Ended);
        if let Name::Kept(name) = ended {
            self.sessions.kept().remove(name.expose());
        }
    }
}
