//! Tokens of this server in the Redis of a Spring server: its keys, and beside them a note of ours for each grant, which says
//! what was written of it.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use redis::{FromRedisValue, Script, ScriptInvocation};
use symbolon::clock::Timestamp;
use symbolon::secret::Secret;

use super::connection::Connection;
use super::legacy_tokens::{LegacyRedisStore, without_tokens};
use crate::legacy_tokens::{LegacyRefreshToken, SecurityRelease};
use crate::records::GrantId;
use crate::stores::log_limit::LogLimit;
use crate::stores::{LegacyTokenWriter, StoreError, TokensOfGrant, WrittenTokens};

/// How long nobody waits for a Redis that kept somebody waiting in vain.
const PAUSE: Duration = Duration::from_secs(1);
/// What takes longer is waiting. A Redis that refuses at once keeps nobody.
const AT_ONCE: Duration = Duration::from_millis(100);
/// How long a grant that has ended takes no tokens: longer than any request is under way.
const ENDED_SECS: u64 = 60 * 60;
/// What the fields of a note begin with.
const ACCESS: &str = "access:";
const REFRESH: &str = "refresh:";

/// Writes into the Redis of a Spring server.
pub struct LegacyRedisWriter {
    connection: Arc<Connection>,
    prefix: String,
    release: SecurityRelease,
    write: Script,
    end_tokens: Script,
    end_grant: Script,
    /// Until when nobody asks a Redis that does not answer.
    silent_until: Mutex<Option<Instant>>,
    failures: LogLimit,
}

impl fmt::Debug for LegacyRedisWriter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("LegacyRedisWriter")
            .field("connection", &self.connection)
            .finish_non_exhaustive()
    }
}

impl LegacyRedisWriter {
    /// Writes over the connection of `store`, for a server with this release of Spring Security.
    pub fn new(store: &LegacyRedisStore, release: SecurityRelease) -> Self {
        let script = |text: &str| Script::new(&[include_str!("legacy_grant.lua"), text].concat());
        Self {
            connection: Arc::clone(&store.connection),
            prefix: store.prefix.clone(),
            release,
            write: script(include_str!("write_legacy_tokens.lua")),
            end_tokens: script(include_str!("end_legacy_tokens.lua")),
            end_grant: script(include_str!("end_legacy_grant.lua")),
            silent_until: Mutex::default(),
            failures: LogLimit::new(),
        }
    }

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
        let refresh_end = refresh_token.map_or(access_token.expires_at, |token| token.expires_at);
        // Without an end, where one of the two has none.
        let ends: Option<Vec<Timestamp>> =
            [access_token.expires_at, refresh_end].into_iter().collect();
        let last = ends.and_then(|ends| ends.into_iter().max());
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
        let refresh_authentication = tokens.refresh_authentication.as_ref();
        let stream = refresh_authentication.map(|said| said.write(self.release));
        script.arg(stream.unwrap_or_default());
        script.arg(secs(refresh_end));
    }

    async fn invoke<T: FromRedisValue>(
        &self,
        script: &ScriptInvocation<'_>,
    ) -> Result<T, StoreError> {
        self.asked(|| self.connection.invoke(script)).await
    }

    /// What it answers, unless it has kept others waiting a moment ago. All that is asked may be asked twice, so a
    /// connection that was closed while nobody used it costs nothing.
    async fn asked<T, A>(&self, ask: impl Fn() -> A) -> Result<T, StoreError>
    where
        A: Future<Output = Result<T, StoreError>>,
    {
        let started = Instant::now();
        if !self.may_ask(started) {
            let text = "the Redis of the Spring server did not answer a moment ago";
            return Err(StoreError::Unavailable(text.to_owned()));
        }
        let mut answer = ask().await;
        if matches!(answer, Err(StoreError::Unavailable(_))) && started.elapsed() < AT_ONCE {
            answer = ask().await;
        }
        let answer = answer.map_err(without_tokens);
        self.heed(&answer, started.elapsed());
        answer
    }

    /// While it is silent one caller asks from time to time, and nobody else waits.
    fn may_ask(&self, now: Instant) -> bool {
        let mut silent_until = self.silent_until();
        match *silent_until {
            None => true,
            Some(until) if now < until => false,
            Some(_) => {
                *silent_until = Some(now + PAUSE);
                true
            }
        }
    }

    fn heed<T>(&self, answer: &Result<T, StoreError>, took: Duration) {
        match answer {
            Ok(_) => {
                if self.silent_until().take().is_some() {
                    tracing::info!(event = "writing_back_again");
                }
            }
            Err(error) => {
                if took > AT_ONCE {
                    *self.silent_until() = Some(Instant::now() + PAUSE);
                }
                if self.failures.is_due() {
                    tracing::warn!(event = "not_written_back", %error);
                }
            }
        }
    }

    fn silent_until(&self) -> std::sync::MutexGuard<'_, Option<Instant>> {
        self.silent_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl LegacyTokenWriter for LegacyRedisWriter {
    async fn write_legacy_tokens(
        &self,
        grant_id: &GrantId,
        tokens: &WrittenTokens,
    ) -> Result<TokensOfGrant, StoreError> {
        let mut script = self.write.prepare_invoke();
        script.key(self.note(grant_id)).key(self.mark(grant_id));
        self.say_tokens(&mut script, tokens);
        let fields: Vec<String> = self.invoke(&script).await?;
        Ok(noted(&fields))
    }

    async fn list_legacy_tokens(&self, grant_id: &GrantId) -> Result<TokensOfGrant, StoreError> {
        let mut command = redis::cmd("HKEYS");
        command.arg(self.note(grant_id));
        let fields: Vec<String> = self.asked(|| self.connection.query(&command)).await?;
        Ok(noted(&fields))
    }

    async fn end_legacy_tokens(
        &self,
        grant_id: &GrantId,
        tokens: &TokensOfGrant,
    ) -> Result<(), StoreError> {
        let mut script = self.end_tokens.prepare_invoke();
        script.key(self.note(grant_id)).arg(&self.prefix);
        for token in &tokens.access_tokens {
            script.arg([ACCESS, token.expose()].concat());
        }
        for token in &tokens.refresh_tokens {
            script.arg([REFRESH, token.expose()].concat());
        }
        self.invoke(&script).await
    }

    async fn end_legacy_grant(&self, grant_id: &GrantId) -> Result<(), StoreError> {
        let mut script = self.end_grant.prepare_invoke();
        script.key(self.note(grant_id)).key(self.mark(grant_id));
        script.arg(&self.prefix).arg(ENDED_SECS);
        self.invoke(&script).await
    }
}

/// What the fields of a note name.
fn noted(fields: &[String]) -> TokensOfGrant {
    let named = |kind: &'static str| {
        let values = fields
            .iter()
            .filter_map(move |field| field.strip_prefix(kind));
        values.map(Secret::new).collect()
    };
    TokensOfGrant {
        access_tokens: named(ACCESS),
        refresh_tokens: named(REFRESH),
    }
}

/// Zero where there is no end.
fn secs(end: Option<Timestamp>) -> u64 {
    end.map_or(0, Timestamp::as_secs)
}
