//! One connection, a time limit on everything that goes over it, and errors that hold no password.

use std::fmt;
use std::future::Future;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{
    Client, Cmd, ConnectionInfo, ErrorKind, FromRedisValue, IntoConnectionInfo as _, Pipeline,
    ProtocolVersion, PushInfo, RedisError, RedisResult, ScriptInvocation, ServerErrorKind,
    TlsCertificates,
};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::settings::RedisSettings;
use crate::stores::StoreError;

/// When Redis itself refuses (out of memory, still loading), a new connection seldom helps, so it is
/// tried this seldom.
const RECONNECT_AFTER_REFUSAL: Duration = Duration::from_secs(1);

pub(super) struct Connection {
    client: Client,
    config: ConnectionManagerConfig,
    timeout: Duration,
    /// Host and port.
    address: String,
    password: Option<String>,
    current: Mutex<Current>,
}

/// The manager that serves now. It is replaced, not repaired: a manager whose handshake was refused
/// (a Redis that is still loading, a password that changes) would keep that answer for ever, and one
/// that waits on a silent peer would wait until the operating system gives up.
struct Current {
    manager: ConnectionManager,
    number: u64,
    since: Instant,
}

impl fmt::Debug for Connection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Connection")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

impl Connection {
    /// A connection, and what tells when it is closed: with RESP3 at once, with RESP2 never.
    pub(super) fn new(
        settings: &RedisSettings,
        timeout: Duration,
        protocol: ProtocolVersion,
    ) -> Result<(Self, UnboundedReceiver<PushInfo>), StoreError> {
        let info = connection_info(settings, protocol)?;
        // The manager spawns a task and would panic.
        if tokio::runtime::Handle::try_current().is_err() {
            return Err(unusable(
                "the Redis store must be made inside a tokio runtime",
            ));
        }
        let password = info.redis_settings().password().map(str::to_owned);
        let address = info.addr().to_string();
        let client = client(info, settings.authority.as_ref())?;
        let (sender, pushes) = unbounded_channel();
        let mut config = ConnectionManagerConfig::new()
            .set_number_of_retries(0)
            .set_connection_timeout(Some(timeout))
            .set_response_timeout(Some(timeout));
        if protocol.supports_resp3() {
            config = config.set_push_sender(sender);
        }
        let manager = ConnectionManager::new_lazy_with_config(client.clone(), config.clone())
            .map_err(|_| unusable("no connection to Redis could be prepared"))?;
        let current = Mutex::new(Current {
            manager,
            number: 0,
            since: Instant::now(),
        });
        let connection = Self {
            client,
            config,
            timeout,
            address,
            password,
            current,
        };
        Ok((connection, pushes))
    }

    /// One command.
    pub(super) async fn query<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, StoreError> {
        self.attempt(command)
            .await
            .map_err(|error| self.store_error(&error))
    }

    /// One command, with the error as Redis gave it: for [`super::configuration`].
    pub(super) async fn attempt<T: FromRedisValue>(&self, command: &Cmd) -> RedisResult<T> {
        let (mut manager, number) = self.current();
        self.within_limit(number, command.query_async(&mut manager))
            .await
    }

    /// Several commands in one round trip.
    pub(super) async fn query_all<T: FromRedisValue>(
        &self,
        commands: &Pipeline,
    ) -> Result<T, StoreError> {
        let (mut manager, number) = self.current();
        self.within_limit(number, commands.query_async(&mut manager))
            .await
            .map_err(|error| self.store_error(&error))
    }

    /// A script; it is loaded when Redis does not have it.
    pub(super) async fn invoke<T: FromRedisValue>(
        &self,
        script: &ScriptInvocation<'_>,
    ) -> Result<T, StoreError> {
        let (mut manager, number) = self.current();
        self.within_limit(number, script.invoke_async(&mut manager))
            .await
            .map_err(|error| self.store_error(&error))
    }

    fn current(&self) -> (ConnectionManager, u64) {
        let current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        (current.manager.clone(), current.number)
    }

    /// Nothing is sent twice: of a request without an answer nobody knows whether it was done.
    async fn within_limit<T>(
        &self,
        number: u64,
        answer: impl Future<Output = RedisResult<T>>,
    ) -> RedisResult<T> {
        let answer = tokio::time::timeout(self.timeout, answer)
            .await
            .unwrap_or_else(|_| {
                let late = std::io::Error::from(std::io::ErrorKind::TimedOut);
                Err(RedisError::from(late))
            });
        if let Err(error) = &answer {
            self.replace(number, error);
        }
        answer
    }

    /// Puts a fresh manager in the place of the one that failed, once, however many callers saw it
    /// fail. The next request connects.
    fn replace(&self, failed: u64, error: &RedisError) {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let too_soon = current.since.elapsed() < RECONNECT_AFTER_REFUSAL;
        if current.number != failed || (!error.is_io_error() && too_soon) {
            return;
        }
        let fresh =
            ConnectionManager::new_lazy_with_config(self.client.clone(), self.config.clone());
        if let Ok(manager) = fresh {
            *current = Current {
                manager,
                number: failed.wrapping_add(1),
                since: Instant::now(),
            };
        }
    }

    /// What the rest of the server sees of an error: nothing of Redis's own types, and no password.
    pub(super) fn store_error(&self, error: &RedisError) -> StoreError {
        if is_of_another_kind(error)
            || matches!(
                error.kind(),
                ErrorKind::UnexpectedReturnType | ErrorKind::Parse
            )
        {
            return StoreError::Damaged("Redis holds something else under our keys".to_owned());
        }
        if error.is_timeout() {
            return StoreError::Unavailable(format!(
                "Redis at {} did not answer within {} ms",
                self.address,
                self.timeout.as_millis()
            ));
        }
        if let Some(text) = why_it_takes_no_writes(error.kind()) {
            return StoreError::Unavailable(format!("Redis at {} {text}", self.address));
        }
        // Redis quotes what it does not understand, which may be the password.
        let text = match self.password.as_deref() {
            Some(password) if !password.is_empty() => {
                error.to_string().replace(password, "[redacted]")
            }
            _ => error.to_string(),
        };
        StoreError::Unavailable(format!("Redis at {}: {text}", self.address))
    }
}

/// Whether a key holds no text where a text is asked for, say; of several commands, any key.
fn is_of_another_kind(error: &RedisError) -> bool {
    const CODE: &str = "WRONGTYPE";
    let each = error.clone().into_server_errors();
    let of_several = each.is_some_and(|each| each.iter().any(|(_, error)| error.code() == CODE));
    of_several || error.code() == Some(CODE)
}

/// What a Redis is that is not the one Redis that everything is written to.
fn why_it_takes_no_writes(kind: ErrorKind) -> Option<&'static str> {
    let ErrorKind::Server(kind) = kind else {
        return None;
    };
    if kind == ServerErrorKind::ReadOnly {
        Some("is a replica and takes no writes: the address has to lead to the primary")
    } else if kind == ServerErrorKind::Moved || kind == ServerErrorKind::Ask {
        Some(
            "is one node of a cluster and keeps a part of the records only: the address has to lead to one Redis \
             with all of them",
        )
    } else if kind == ServerErrorKind::ClusterDown {
        Some("is a node of a cluster that is down, or that nobody has divided yet")
    } else {
        None
    }
}

fn unusable(text: &str) -> StoreError {
    StoreError::Unavailable(text.to_owned())
}

/// Whether a connection could be made with these settings.
pub(super) fn check(settings: &RedisSettings) -> Result<(), StoreError> {
    let info = connection_info(settings, ProtocolVersion::RESP3)?;
    client(info, settings.authority.as_ref()).map(drop)
}

fn connection_info(
    settings: &RedisSettings,
    protocol: ProtocolVersion,
) -> Result<ConnectionInfo, StoreError> {
    let url = settings.url.as_str();
    if !url.starts_with("redis://") && !url.starts_with("rediss://") {
        return Err(unusable(
            "the address of Redis starts with redis:// or rediss://",
        ));
    }
    // The library's own text could quote the address, and with it the password.
    let info = url
        .into_connection_info()
        .map_err(|_| unusable("the address of Redis cannot be read"))?;
    let mut of_redis = info.redis_settings().clone().set_protocol(protocol);
    if let Some(password) = &settings.password {
        of_redis = of_redis.set_password(password.expose());
    }
    Ok(info.set_redis_settings(of_redis))
}

fn client(info: ConnectionInfo, authority: Option<&Vec<u8>>) -> Result<Client, StoreError> {
    let Some(authority) = authority else {
        return Client::open(info).map_err(|_| unusable("the address of Redis cannot be used"));
    };
    let certificates = TlsCertificates {
        client_tls: None,
        root_cert: Some(authority.clone()),
    };
    Client::build_with_tls(info, certificates)
        .map_err(|_| unusable("the certificate authority of Redis cannot be read"))
}
