//! The time between the wish to stop and the stop: whoever balances load learns to send requests elsewhere,
//! and what it still sends is answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::ConnectionType;
use actix_web::middleware::Next;
use actix_web::web::Data;

use crate::http::HttpSettings;
use crate::probes::Readiness;

/// Whether a service has begun to leave. Its clones are the same one.
#[derive(Clone, Debug)]
pub struct Drain {
    has_begun: Arc<AtomicBool>,
    lasts: Duration,
}

impl Drain {
    /// A service that stays until [`begin`](Self::begin), and then drains for `http.drain_secs`.
    pub fn new(settings: &HttpSettings) -> Self {
        Self {
            has_begun: Arc::default(),
            lasts: Duration::from_secs(settings.drain_secs),
        }
    }

    /// From now on `/readyz` says no, and every answer ends its connection.
    pub fn begin(&self) {
        self.has_begun.store(true, Ordering::Relaxed);
    }

    /// True once it began.
    pub fn has_begun(&self) -> bool {
        self.has_begun.load(Ordering::Relaxed)
    }

    /// How long requests are still taken after it began.
    pub const fn lasts(&self) -> Duration {
        self.lasts
    }

    /// The readiness of a service that is not ready once it drains, whatever else holds.
    #[must_use]
    pub fn readiness(&self, readiness: &Readiness) -> Readiness {
        let (drain, readiness) = (self.clone(), readiness.clone());
        Readiness::asking(move || {
            let (drain, readiness) = (drain.clone(), readiness.clone());
            async move {
                if drain.has_begun() {
                    return Err("stopping".to_owned());
                }
                readiness.ask().await
            }
        })
    }
}

/// Middleware that ends the connection of every request that is answered while the service drains.
///
/// A proxy that keeps connections open would otherwise send request after request to a server that is
/// about to go, whatever the probes say, and lose the one that meets the end.
pub async fn close_connections(
    drain: Data<Drain>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let mut answer = next.call(request).await?;
    if drain.has_begun() {
        let head = answer.response_mut().head_mut();
        head.set_connection_type(ConnectionType::Close);
    }
    Ok(answer)
}
