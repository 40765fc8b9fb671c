//! `/admin/api/v1/settings`: the settings in force.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use symbolon_service::settings::InForce;
use utoipa::ToSchema;

use super::parts::Problem;
use crate::administration::Administrators;
use crate::http::administrator::administrator;
use crate::http::answers;
use crate::http::refusals::Refusal;
use crate::server::Server;

/// A setting that the server was started with.
#[derive(Serialize, ToSchema)]
pub(super) struct Setting {
    /// Its name, such as `http.port`.
    name: String,
    /// Its value, as a settings file writes it; of registrations how many there are. Secrets are `[redacted]`.
    value: String,
    /// The file or the environment's variable that it stands in, or `defaults`.
    place: String,
    /// What somebody may regret of it.
    warnings: Vec<String>,
}

impl From<&InForce> for Setting {
    fn from(one: &InForce) -> Self {
        Self {
            name: one.name.clone(),
            value: one.value.clone(),
            place: one.place.clone(),
            warnings: one.warnings.clone(),
        }
    }
}

/// The settings in force.
#[derive(Serialize, ToSchema)]
pub(super) struct SettingList {
    /// All of them, by name.
    items: Vec<Setting>,
    /// What somebody may regret that is no setting, such as a variable that sets none.
    warnings: Vec<String>,
}

/// Lists the settings that the server was started with: where each comes from, and what somebody may regret. Secrets are not
/// shown.
#[utoipa::path(get, path = "/admin/api/v1/settings", tag = "settings",
    security(("token" = ["admin.read"])),
    responses((status = OK, body = SettingList), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(super) async fn list(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, Refusal> {
    administrator(&server, &request, Administrators::READ).await?;
    let all = &server.in_force;
    let told = SettingList {
        items: all.settings.iter().map(Setting::from).collect(),
        warnings: all.others.clone(),
    };
    Ok(answers::json(StatusCode::OK, &told))
}
