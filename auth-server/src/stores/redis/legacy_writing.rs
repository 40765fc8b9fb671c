//! Tokens of this server in the Redis of a Spring server: its keys, and beside them a note of ours for each grant, which says
//! what has to go when the grant ends.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use redis::{Script, ScriptInvocation};
use symbolon::clock::Timestamp;
use symbolon::secret::Secret;

use super::connection::Connection;
use super::legacy_tokens::{LegacyRedisStore, without_tokens};
use crate::legacy_tokens::{LegacyRefreshToken, SecurityRelease};
use crate::records::GrantId;
use crate::stores::{LegacyTokenWriter, StoreError, WrittenTokens};

/// How long nobody waits for a Redis that did not answer.
const PAUSE: Duration = Duration::from_secs(1);
/// How long a grant that has ended takes no tokens: longer than any request is under way.
const ENDED_SECS: u64 = 60 * 60;
/// Grants at most of which something is still to be told.
const MOST_UNTOLD: usize = 100_000;

/// Writes into the Redis of a Spring server.
pub struct LegacyRedisWriter(Arc<Writer>);

struct Writer {
    connection: Arc<Connection>,
    prefix: String,
    release: SecurityRelease,
    write: Script,
    end_access_token: Script,
    end_grant: Script,
    absence: Mutex<Absence>,
}

/// What there is to know of a Redis that is away.
#[derive(Default)]
struct Absence {
    /// Until when nobody asks.
    until: Option<Instant>,
    /// Grants whose tokens there are no longer good.
    untold: HashMap<GrantId, Untold>,
    /// How many more there were than are remembered.
    forgotten: u64,
    /// Whether somebody is there who will tell it.
    is_being_told: bool,
}

/// What a Redis was not told of a grant.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Untold {
    /// That others have taken the place of its tokens, or one of them ended: it has none until others are written.
    Replaced,
    /// That it has ended.
    Ended,
}

impl fmt::Debug for LegacyRedisWriter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("LegacyRedisWriter")
            .field("connection", &self.0.connection)
            .finish_non_exhaustive()
    }
}

impl LegacyRedisWriter {
    /// Writes over the connection of `store`, for a server with this release of Spring Security.
    pub fn new(store: &LegacyRedisStore, release: SecurityRelease) -> Self {
        let script = |text: &str| Script::new(&[include_str!("legacy_grant.lua"), text].concat());
        Self(Arc::new(Writer {
            connection: Arc::clone(&store.connection),
            prefix: store.prefix.clone(),
            release,
            write: script(include_str!("write_legacy_tokens.lua")),
            end_access_token: script(include_str!("end_legacy_access_token.lua")),
            end_grant: script(include_str!("end_legacy_grant.lua")),
            absence: Mutex::default(),
        }))
    }
}

#[async_trait]
impl LegacyTokenWriter for LegacyRedisWriter {
    async fn write_legacy_tokens(
        &self,
        grant_id: &GrantId,
        tokens: &WrittenTokens,
    ) -> Result<(), StoreError> {
        let writer = &self.0;
        let mut script = writer.write.prepare_invoke();
        script.key(writer.note(grant_id)).key(writer.mark(grant_id));
        writer.say_tokens(&mut script, tokens);
        let written = writer.invoke(&script).await;
        if written.is_ok() {
            writer.tell_no_more(grant_id);
        } else if tokens.takes_a_place {
            writer.tell_later(*grant_id, Untold::Replaced);
        }
        written
    }

    async fn end_legacy_access_token(
        &self,
        grant_id: &GrantId,
        access_token: &Secret,
    ) -> Result<(), StoreError> {
        let writer = &self.0;
        let mut script = writer.end_access_token.prepare_invoke();
        script.key(writer.note(grant_id)).arg(&writer.prefix);
        script.arg(access_token.expose());
        let ended = writer.invoke(&script).await;
        if ended.is_err() {
            writer.tell_later(*grant_id, Untold::Replaced);
        }
        ended
    }

    async fn end_legacy_grant(&self, grant_id: &GrantId) -> Result<(), StoreError> {
        let ended = self.0.end_grant(grant_id, Untold::Ended).await;
        if ended.is_err() {
            self.0.tell_later(*grant_id, Untold::Ended);
        }
        ended
    }
}

impl Writer {
    fn note(&self, grant_id: &GrantId) -> String {
        format!("{}symbolon_grant:{grant_id}", self.prefix)
    }

    fn mark(&self, grant_id: &GrantId) -> String {
        format!("{}symbolon_ended:{grant_id}", self.prefix)
    }

    fn say_tokens(&self, script: &mut ScriptInvocation<'_>, tokens: &WrittenTokens) {
        let access_token = &tokens.access_token;
        let refresh_token = access_token.refresh_token.as_ref();
        let authentication = &tokens.authentication;
        let refresh_authentication = tokens.refresh_authentication.as_ref();
        let refresh_end = refresh_token.map_or(access_token.expires_at, |token| token.expires_at);
        let last = [access_token.expires_at, refresh_end];
        // Without an end, where one of the two has none.
        let last: Option<Vec<Timestamp>> = last.into_iter().collect();
        let last = last.and_then(|ends| ends.into_iter().max());
        script.arg(&self.prefix).arg(secs(last));
        script.arg(access_token.value.expose());
        script.arg(access_token.write());
        script.arg(authentication.write(self.release));
        script.arg(secs(access_token.expires_at));
        script.arg(authentication.key());
        script.arg(&authentication.client_id);
        let owner = authentication.owner.as_ref();
        let owner = owner.map(|owner| format!("{}:{}", authentication.client_id, owner.name));
        script.arg(owner.unwrap_or_default());
        let value = refresh_token.map(|token| token.value.expose());
        script.arg(value.unwrap_or_default());
        script.arg(refresh_token.map_or_else(Vec::new, LegacyRefreshToken::write));
        let stream = refresh_authentication.map(|said| said.write(self.release));
        script.arg(stream.unwrap_or_default());
        script.arg(secs(refresh_end));
    }

    async fn end_grant(&self, grant_id: &GrantId, untold: Untold) -> Result<(), StoreError> {
        let mut script = self.end_grant.prepare_invoke();
        script.key(self.note(grant_id)).key(self.mark(grant_id));
        let marked_secs = match untold {
            Untold::Replaced => 0,
            Untold::Ended => ENDED_SECS,
        };
        script.arg(&self.prefix).arg(marked_secs);
        self.invoke(&script).await
    }

    async fn invoke(&self, script: &ScriptInvocation<'_>) -> Result<(), StoreError> {
        if !self.absence().may_ask() {
            let text = "the Redis of the Spring server did not answer a moment ago";
            return Err(StoreError::Unavailable(text.to_owned()));
        }
        let answer = self.connection.invoke::<()>(script).await;
        let answer = answer.map_err(without_tokens);
        self.absence().note(&answer);
        answer
    }

    fn absence(&self) -> MutexGuard<'_, Absence> {
        self.absence.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What ended here while the Spring server's Redis was away must not be good there when it comes back.
    fn tell_later(self: &Arc<Self>, grant_id: GrantId, untold: Untold) {
        let mut absence = self.absence();
        absence.remember(grant_id, untold);
        if !absence.is_being_told {
            absence.is_being_told = true;
            tokio::spawn(tell(Arc::clone(self)));
        }
    }

    /// Others have been written in the place of what was to go.
    fn tell_no_more(&self, grant_id: &GrantId) {
        let mut absence = self.absence();
        if absence.untold.get(grant_id) == Some(&Untold::Replaced) {
            absence.untold.remove(grant_id);
        }
    }

    fn next_untold(&self) -> Option<(GrantId, Untold)> {
        let mut absence = self.absence();
        let next = absence.untold.iter().next();
        let next = next.map(|(grant_id, untold)| (*grant_id, *untold));
        absence.is_being_told = next.is_some();
        next
    }
}

/// Tells it until there is nothing left to tell.
async fn tell(writer: Arc<Writer>) {
    while let Some((grant_id, untold)) = writer.next_untold() {
        if writer.end_grant(&grant_id, untold).await.is_ok() {
            writer.absence().told(&grant_id, untold);
        } else {
            tokio::time::sleep(PAUSE).await;
        }
    }
}

impl Absence {
    fn remember(&mut self, grant_id: GrantId, untold: Untold) {
        if self.untold.len() >= MOST_UNTOLD && !self.untold.contains_key(&grant_id) {
            self.forgotten += 1;
            return;
        }
        let known = self.untold.entry(grant_id).or_insert(untold);
        // What has ended does not begin again.
        if untold == Untold::Ended {
            *known = untold;
        }
    }

    /// It may have ended meanwhile.
    fn told(&mut self, grant_id: &GrantId, told: Untold) {
        if self.untold.get(grant_id) == Some(&told) {
            self.untold.remove(grant_id);
        }
    }

    /// While it is away one caller asks from time to time, and nobody else waits.
    fn may_ask(&mut self) -> bool {
        let now = Instant::now();
        match self.until {
            None => true,
            Some(until) if now < until => false,
            Some(_) => {
                self.until = Some(now + PAUSE);
                true
            }
        }
    }

    fn note(&mut self, answer: &Result<(), StoreError>) {
        match answer {
            Ok(()) => {
                if self.until.take().is_some() {
                    let forgotten = std::mem::take(&mut self.forgotten);
                    tracing::info!(event = "writing_back_again", ends_forgotten = forgotten);
                }
            }
            Err(error) => {
                if self.until.replace(Instant::now() + PAUSE).is_none() {
                    tracing::warn!(event = "not_writing_back", %error);
                }
            }
        }
    }
}

/// Zero where there is no end.
fn secs(end: Option<Timestamp>) -> u64 {
    end.map_or(0, Timestamp::as_secs)
}
