//! Browsers and what is remembered about them, in memory: the cookie holds a random name and nothing
//! else. Nothing is remembered of a browser that only looks around.

mod remembered;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use symbolon::clock::Clock;
use symbolon::random::Random;
use symbolon::secret::Secret;

use super::access::{Access, give_back_all};
use super::application::Application;
use super::exchange::Exchange;
use super::here::Here;
use super::language::Language;
use super::settings::SessionsSettings;
use super::words::Words;
use remembered::RANDOM_BYTES;

pub(super) use remembered::{Asked, Session};

/// How often sessions that have expired are looked for.
const SWEEP_EVERY: Duration = Duration::from_secs(60);

/// A full house makes room for this part of itself at once: to look through all sessions for each new one would
/// be slow.
const ROOM: usize = 64;

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
    application: Application,
    reveals: bool,
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
            application: Application::default(),
            reveals: false,
            kept: Mutex::default(),
        }
    }

    /// The same, of this application.
    #[must_use]
    pub(super) const fn of(mut self, application: Application) -> Self {
        self.application = application;
        self
    }

    /// The same, whose visitors may look at their own codes and tokens where `reveals` says so.
    #[must_use]
    pub(super) const fn revealing(mut self, reveals: bool) -> Self {
        self.reveals = reveals;
        self
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
    words: Words,
    here: Here,
}

impl Visitor {
    fn new(sessions: &Arc<Sessions>, name: Name, session: Arc<Session>) -> Self {
        Self {
            sessions: Arc::clone(sessions),
            name: Arc::new(Mutex::new(name)),
            session,
            words: Words::default(),
            here: Here::default(),
        }
    }

    /// The same, at this page and spoken to in this language.
    #[must_use]
    pub(super) fn at(mut self, here: Here, language: Language) -> Self {
        self.here = here;
        self.words = Words {
            language,
            application: self.application(),
        };
        self
    }

    /// The application that it visits.
    pub(super) fn application(&self) -> Application {
        self.sessions.application
    }

    /// What is remembered about it.
    pub(super) fn session(&self) -> &Session {
        &self.session
    }

    /// Speaks the language of the person in front of it.
    pub(super) const fn words(&self) -> Words {
        self.words
    }

    /// Where it is.
    pub(super) const fn here(&self) -> &Here {
        &self.here
    }

    /// Whether it may look at its own codes and tokens.
    pub(super) fn reveals(&self) -> bool {
        self.sessions.reveals
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
