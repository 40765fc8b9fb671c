//! Events that a program can listen to: who was let in, who was not, and why.

use actix_web::HttpRequest;
use symbolon::identifiers::ClientId;

use crate::authentication::Authentication;
use crate::error::AccessError;

/// Hears about every check. Each method does nothing unless it is written; none of them ever sees a
/// token. They run inside the request, so they must not block.
///
/// ```
/// use std::sync::atomic::{AtomicU64, Ordering};
///
/// use symbolon_resource_server::actix_web::HttpRequest;
/// use symbolon_resource_server::{AccessError, AuthenticationEvents};
///
/// #[derive(Default)]
/// struct Refusals(AtomicU64);
///
/// impl AuthenticationEvents for Refusals {
///     fn failed(&self, _: &HttpRequest, _: &AccessError) {
///         self.0.fetch_add(1, Ordering::Relaxed);
///     }
/// }
/// ```
pub trait AuthenticationEvents: Send + Sync {
    /// A token was good.
    fn succeeded(&self, request: &HttpRequest, authentication: &Authentication) {
        let _ = (request, authentication);
    }

    /// A request has no good token, or whether it has cannot be said now
    /// ([`AccessError::Unavailable`]).
    fn failed(&self, request: &HttpRequest, error: &AccessError) {
        let _ = (request, error);
    }

    /// A token was good, but a rule said no.
    fn denied(&self, request: &HttpRequest, authentication: &Authentication, error: &AccessError) {
        let _ = (request, authentication, error);
    }
}

/// Writes the events to the log: the default. Paths are logged, queries never are, because a query may
/// hold a token.
#[derive(Clone, Copy, Debug, Default)]
pub struct LogEvents;

impl AuthenticationEvents for LogEvents {
    fn succeeded(&self, request: &HttpRequest, authentication: &Authentication) {
        tracing::debug!(
            event = "authenticated",
            client.id = client_id(authentication),
            http.method = %request.method(),
            http.path = request.path(),
        );
    }

    fn failed(&self, request: &HttpRequest, error: &AccessError) {
        let (method, path) = (request.method(), request.path());
        if let AccessError::Unavailable(_) = error {
            tracing::error!(event = "tokens_cannot_be_checked", reason = %error, http.method = %method, http.path = path);
        } else {
            tracing::info!(event = "not_authenticated", reason = %error, http.method = %method, http.path = path);
        }
    }

    fn denied(&self, request: &HttpRequest, authentication: &Authentication, error: &AccessError) {
        tracing::info!(
            event = "access_denied",
            reason = %error,
            client.id = client_id(authentication),
            http.method = %request.method(),
            http.path = request.path(),
        );
    }
}

/// As a value, which logs quote: the name is in the words of the authorization server.
fn client_id(authentication: &Authentication) -> Option<&str> {
    authentication.client_id.as_ref().map(ClientId::as_str)
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};

    use actix_web::test::TestRequest;
    use tracing_subscriber::fmt::MakeWriter;

    use super::*;
    use crate::authentication::TokenFacts;

    #[derive(Clone, Default)]
    struct Page(Arc<Mutex<Vec<u8>>>);

    impl Write for Page {
        fn write(&mut self, text: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(text)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl<'a> MakeWriter<'a> for Page {
        type Writer = Self;

        fn make_writer(&'a self) -> Self {
            self.clone()
        }
    }

    #[test]
    fn a_client_id_forges_no_line_of_the_log() {
        let page = Page::default();
        let log = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_writer(page.clone());
        let caller = Authentication::from(TokenFacts {
            client_id: Some(ClientId::new("a\n2026-01-01 ERROR \u{1b}[31mforged\u{7}")),
            ..TokenFacts::default()
        });
        tracing::subscriber::with_default(log.finish(), || {
            let request = TestRequest::get().to_http_request();
            LogEvents.denied(&request, &caller, &AccessError::AccessDenied);
        });
        let text = String::from_utf8(page.0.lock().unwrap().clone()).unwrap();
        assert!(text.contains("forged"), "{text}");
        assert_eq!(text.trim_end().lines().count(), 1, "{text}");
        assert!(!text.contains(['\u{1b}', '\u{7}']), "{text}");
    }
}
