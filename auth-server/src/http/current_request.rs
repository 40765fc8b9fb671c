//! Middleware that makes the request's id known to whoever records what happens in it, and records what was refused for a
//! reason that nobody has recorded.

use actix_web::body::MessageBody;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse};
use actix_web::web::Data;
use actix_web::{Error, HttpMessage as _};
use symbolon_service::request_log::request_id;

use crate::audit::{AuditEvent, in_request, is_refusal_told};
use crate::http::caller::{address, endpoint};
use crate::http::noted_refusal::NotedRefusal;
use crate::server::Server;

/// Works on the request as one of this id.
pub(crate) fn known_to_all<S, B>(
    request: ServiceRequest,
    service: &S,
) -> impl Future<Output = Result<ServiceResponse<B>, Error>> + use<S, B>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    let id = request_id(request.request()).unwrap_or_default();
    in_request(id, service.call(request), |answer| {
        if let Ok(answer) = answer {
            record_refusal(answer);
        }
    })
}

fn record_refusal(answer: &ServiceResponse<impl MessageBody>) {
    let request = answer.request();
    let extensions = answer.response().extensions();
    let of_request = request.extensions();
    let noted = extensions.get::<NotedRefusal>();
    // A form that came to nothing is answered with a page, or the way to one.
    let noted = match noted {
        None if !answer.status().is_success() => of_request.get(),
        noted => noted,
    };
    let server = request.app_data::<Data<Server>>();
    if let (Some(noted), Some(server), false) = (noted, server, is_refusal_told()) {
        let asker = &noted.asker;
        server.audit.record(&AuditEvent::RequestRefused {
            client: asker.client.as_ref(),
            owner: asker.owner.as_deref(),
            path: endpoint(request),
            error: &noted.error,
            reason: &noted.reason,
            address: &address(request),
        });
    }
}
