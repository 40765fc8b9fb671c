//! Middleware that makes the request's id known to whoever records what happens in it, and records what was refused for a
//! reason that nobody has recorded.

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web::Data;
use symbolon_service::request_log::request_id;

use crate::audit::{AuditEvent, in_request, is_refusal_told};
use crate::http::caller::{address, endpoint};
use crate::http::refusals::NotedRefusal;
use crate::server::Server;

/// Works on the request as one of this id.
pub(crate) async fn known_to_all(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let id = request_id(request.request()).unwrap_or_default();
    in_request(id, next.call(request), |answer| {
        if let Ok(answer) = answer {
            record_refusal(answer);
        }
    })
    .await
}

fn record_refusal(answer: &ServiceResponse<impl MessageBody>) {
    let request = answer.request();
    let extensions = answer.response().extensions();
    let noted = extensions.get::<NotedRefusal>();
    let server = request.app_data::<Data<Server>>();
    if let (Some(noted), Some(server), false) = (noted, server, is_refusal_told()) {
        server.audit.record(&AuditEvent::RequestRefused {
            path: endpoint(request),
            error: &noted.error,
            reason: &noted.reason,
            address: &address(request),
        });
    }
}
