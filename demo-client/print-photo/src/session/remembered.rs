//! What is remembered about one browser.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use symbolon::random::Random;
use symbolon::secret::Secret;
use symbolon::trace_context::LinkableSpan;
use symbolon_client::PendingAuthorization;

use crate::access::Access;
use crate::attack::Attack;
use crate::code_client::CodeClient;
use crate::exchange::Exchange;
use crate::flow::Flow;

/// How many authorization requests of one browser can be on their way (tabs).
const MAX_PENDING: usize = 4;

/// How many random bytes a session's name and its CSRF token have: nobody guesses 256 bits.
pub(super) const RANDOM_BYTES: usize = 32;

/// What is remembered about one browser.
#[derive(Debug)]
pub(crate) struct Session {
    /// Forms have to bring it (RFC 6749 §10.12).
    pub(crate) csrf: Secret,
    /// What the inspector shows.
    pub(crate) flow: Arc<Flow>,
    state: Mutex<State>,
}

/// Who asked an owner, and what the code is for.
#[derive(Debug)]
pub(crate) struct Asked {
    /// The client.
    pub(crate) access: Access,
    /// The attack that the code is used for first.
    pub(crate) ambush: Option<Attack>,
}

impl From<Access> for Asked {
    fn from(access: Access) -> Self {
        let ambush = None;
        Self { access, ambush }
    }
}

#[derive(Debug, Default)]
pub(super) struct State {
    pending: VecDeque<(PendingAuthorization, Asked)>,
    pub(super) access: Option<Access>,
    /// The access token that Photo Space refused last: one that was good.
    refused: Option<Secret>,
    /// What asks owners in the place of Print Photo's own client.
    brought: Option<CodeClient>,
    /// The last callback that was taken: browsers send a page twice.
    pub(super) exchange: Option<Arc<Exchange>>,
    last_request: Option<LinkableSpan>,
}

/// What somebody loses with a session. Those that hold less make room for those that hold more: whoever opens
/// many sessions drops their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Worth {
    /// A form that was looked at.
    Nothing,
    /// A request on its way, a client that was brought, or the service's own token: anybody gets there without an
    /// account.
    Little,
    /// An owner's access.
    Access,
}

impl Session {
    pub(super) fn new(random: &dyn Random) -> Self {
        Self {
            csrf: Secret::new(random.text::<RANDOM_BYTES>()),
            flow: Arc::default(),
            state: Mutex::default(),
        }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps the other half of an authorization request, and who asked; the oldest one makes room.
    pub(crate) fn keep_pending(&self, pending: PendingAuthorization, asked: Asked) {
        let mut state = self.state();
        if state.pending.len() >= MAX_PENDING {
            state.pending.pop_front();
        }
        state.pending.push_back((pending, asked));
    }

    /// What this callback comes to: what it came to before, or what `begin` makes of the authorization request that
    /// it answers. A callback that answers none of this session's requests uses up none of them (RFC 6749 §10.12).
    pub(crate) fn exchange(
        &self,
        callback_query: &str,
        begin: impl FnOnce(PendingAuthorization, Asked) -> Exchange,
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
            .position(|(pending, _)| pending.is_answered_by(callback_query))?;
        let (pending, asked) = state.pending.remove(position)?;
        let exchange = Arc::new(begin(pending, asked));
        state.exchange = Some(Arc::clone(&exchange));
        Some(exchange)
    }

    pub(super) fn worth(&self) -> Worth {
        let state = self.state();
        match &state.access {
            Some(access) if access.is_of_an_owner() => Worth::Access,
            None if state.pending.is_empty()
                && state.exchange.is_none()
                && state.brought.is_none() =>
            {
                Worth::Nothing
            }
            Some(_) | None => Worth::Little,
        }
    }

    /// The present way to the photos.
    pub(crate) fn access(&self) -> Option<Access> {
        self.state().access.clone()
    }

    /// Replaces the way to the photos.
    pub(crate) fn set_access(&self, access: Option<Access>) {
        self.state().access = access;
    }

    /// Photo Space refuses this access token.
    pub(crate) fn note_refused(&self, access_token: Secret) {
        self.state().refused = Some(access_token);
    }

    /// Whether this access token is known to have ended before its time.
    pub(crate) fn is_refused(&self, access_token: &Secret) -> bool {
        self.state().refused.as_ref() == Some(access_token)
    }

    /// The client that the visitor has brought.
    pub(crate) fn brought(&self) -> Option<CodeClient> {
        self.state().brought.clone()
    }

    /// Has this client ask in the place of Print Photo's own from now on, or that one again.
    pub(crate) fn bring(&self, client: Option<CodeClient>) {
        self.state().brought = client;
    }

    /// Links the trace of this request to that of the one before: between them the browser was
    /// elsewhere, and a grant is one story.
    pub(crate) fn follow_last_request(&self) {
        let last = self.state().last_request.replace(LinkableSpan::current());
        if let Some(last) = last {
            last.link_to_current();
        }
    }
}
