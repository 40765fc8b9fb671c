//! What a Spring server leaves to its container to say, as Spring Boot 2 has the container say it: where that habit is
//! on, at `check_token` and `token_key`.

use actix_web::cookie::time::OffsetDateTime;
use actix_web::{HttpRequest, HttpResponse, ResponseError as _};
use serde::Serialize;
use symbolon::clock::Timestamp;
use symbolon::error::ErrorCode;

use crate::http::answers;
use crate::http::refusals::Refusal;
use crate::server::Server;

/// In the order in which Spring Boot writes it.
#[derive(Serialize)]
struct ContainerError<'a> {
    timestamp: String,
    status: u16,
    error: &'static str,
    message: &'a str,
    path: &'a str,
}

/// The answer of `check_token` or `token_key` that says no.
pub(crate) fn answer(server: &Server, request: &HttpRequest, refusal: &Refusal) -> HttpResponse {
    if !server.spring.check_token_errors || is_ours(refusal) {
        return refusal.error_response();
    }
    let status = refusal.status_code();
    let body = ContainerError {
        timestamp: written(server.clock.now()),
        status: status.as_u16(),
        error: status.canonical_reason().unwrap_or_default(),
        message: refusal.description(),
        path: request.path(),
    };
    let mut response = answers::json(status, &body);
    refusal.complete(&mut response);
    response
}

/// What the library itself says at a Spring server, and what none says: there is no brake and no queue.
fn is_ours(refusal: &Refusal) -> bool {
    let codes = [ErrorCode::InvalidToken, ErrorCode::TemporarilyUnavailable];
    codes.contains(refusal.code())
}

/// As Jackson writes a `Date`. Our clock has no parts of seconds.
fn written(at: Timestamp) -> String {
    let secs = i64::try_from(at.as_secs()).unwrap_or_default();
    let at = OffsetDateTime::from_unix_timestamp(secs).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let (year, month, day) = (at.year(), u8::from(at.month()), at.day());
    let (hour, minute, second) = (at.hour(), at.minute(), at.second());
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.000+00:00")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_as_jackson_does() {
        for (secs, text) in [
            (0, "1970-01-01T00:00:00.000+00:00"),
            (951_827_696, "2000-02-29T12:34:56.000+00:00"),
            (4_102_444_799, "2099-12-31T23:59:59.000+00:00"),
        ] {
            assert_eq!(written(Timestamp::from_secs(secs)), text);
        }
        // Further than any calendar goes.
        let end = written(Timestamp::from_secs(u64::MAX));
        assert_eq!(end, "1970-01-01T00:00:00.000+00:00");
    }
}
