//! Whether Redis would throw records away.

use redis::{ErrorKind, ServerErrorKind};

use super::connection::Connection;
use crate::stores::StoreError;

/// Reads `maxmemory` and `maxmemory_policy` from `INFO memory`: unlike `CONFIG GET`, hosted Redis
/// answers it too.
pub(super) async fn check(connection: &Connection) -> Result<(), StoreError> {
    let answer: redis::RedisResult<String> =
        connection.attempt(redis::cmd("INFO").arg("memory")).await;
    match answer {
        Ok(memory) => judge(&memory),
        Err(error) if is_forbidden(error.kind()) => {
            tracing::warn!(
                "Redis does not let this server read INFO: make sure that its maxmemory-policy is \
                 noeviction, or it will forget tokens when its memory is full"
            );
            Ok(())
        }
        Err(error) => Err(connection.store_error(&error)),
    }
}

/// The ACL forbids it, or the command was renamed.
fn is_forbidden(kind: ErrorKind) -> bool {
    kind == ErrorKind::Server(ServerErrorKind::NoPerm)
        || kind == ErrorKind::Server(ServerErrorKind::ResponseError)
}

fn judge(memory: &str) -> Result<(), StoreError> {
    let field = |name: &str| {
        memory
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
            .map(str::trim)
    };
    let (Some(limit), Some(policy)) = (field("maxmemory"), field("maxmemory_policy")) else {
        tracing::warn!("Redis does not say what it does when its memory is full");
        return Ok(());
    };
    if limit == "0" || policy == "noeviction" {
        return Ok(());
    }
    Err(StoreError::Unavailable(format!(
        "Redis has maxmemory {limit} with maxmemory-policy {policy}, so it would forget tokens, \
         revocations and used codes when its memory is full; accepted are maxmemory-policy noeviction, \
         or maxmemory 0"
    )))
}
