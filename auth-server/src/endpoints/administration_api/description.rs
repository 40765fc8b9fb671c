//! `GET /admin/api/v1/openapi.json`: the API, described by [OpenAPI 3.1](https://spec.openapis.org/oas/v3.1.1.html).

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{OpenApi as Description, Server as At};
use utoipa::{Modify, OpenApi};

use super::{applications, audit, grants, habits, keys, owners, settings};
use crate::http::answers;
use crate::http::refusals::Refusal;
use crate::server::Server;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Symbolon administration",
        description = "What administrators do with owners and applications of the store, with what was granted, and with keys; what happened lately, and who does what ought to end; and the settings in force.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    paths(
        owners::list,
        owners::add,
        owners::read,
        owners::remove,
        owners::lock,
        owners::unlock,
        owners::reset_password,
        owners::invite,
        owners::set_email,
        owners::remove_second_factor,
        applications::list,
        applications::add,
        applications::read,
        applications::remove,
        applications::rotate_secret,
        applications::approve,
        applications::suspend,
        applications::resume,
        grants::list,
        grants::end,
        grants::read,
        grants::end_one,
        keys::list,
        keys::rotate,
        audit::list,
        audit::explain,
        settings::list,
        habits::list,
    ),
    modifiers(&Tokens)
)]
struct AdministrationApi;

struct Tokens;

impl Modify for Tokens {
    fn modify(&self, description: &mut Description) {
        let token = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(
                "An access token of this server, good at the resource id `administration`.",
            ))
            .build();
        let components = description.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(token));
    }
}

/// The description, which is no secret.
pub(super) async fn show(server: Data<Server>) -> Result<HttpResponse, Refusal> {
    if !server.administrators.api {
        return Err(Refusal::not_found());
    }
    let mut description = AdministrationApi::openapi();
    // Its paths are below the issuer's.
    let home = server.addresses.home.to_string();
    let below = home.trim_end_matches('/');
    if !below.is_empty() {
        description.servers = Some(vec![At::new(below)]);
    }
    Ok(answers::json(StatusCode::OK, &description))
}
