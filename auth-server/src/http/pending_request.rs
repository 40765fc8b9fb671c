//! Which waiting authorization request an address names.

use actix_web::HttpRequest;
use symbolon::parameters::Parameters;

use crate::records::PendingId;

/// The request that the query's `authorization` names.
pub(crate) fn named_in_query(request: &HttpRequest) -> Option<PendingId> {
    let mut query = Parameters::decode(request.query_string().as_bytes()).ok()?;
    PendingId::parse(&query.take("authorization")?)
}
