//! `/admin/settings`: the settings in force.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use symbolon_service::settings::InForce;

use super::asked::{administrator, menu};
use crate::http::answers::{self, Forms};
use crate::http::page_frame::frame;
use crate::http::refusals::Refusal;
use crate::pages::{AdministeredSettingsPage, SettingGroup, SettingLine};
use crate::server::Server;

/// What a setting stands in that is the server's own default.
const DEFAULTS: &str = "defaults";

pub(super) async fn show(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, Refusal> {
    let visitor = match administrator(&server, &request).await? {
        Ok(visitor) => visitor,
        Err(sign_in) => return Ok(sign_in),
    };
    let all = &server.in_force;
    let page = AdministeredSettingsPage {
        menu: menu(&visitor),
        warnings: all.others.clone(),
        groups: groups(&all.settings),
    };
    let html = page.render(&frame(&server, &request))?;
    Ok(answers::page(StatusCode::OK, Forms::StayHere).body(html))
}

/// Those of one section stand together; what is in none is first.
fn groups(settings: &[InForce]) -> Vec<SettingGroup> {
    let mut sections: BTreeMap<&str, Vec<SettingLine>> = BTreeMap::new();
    for one in settings {
        let section = one.name.split_once('.').map_or("", |(section, _)| section);
        sections.entry(section).or_default().push(line(one));
    }
    let groups = sections.into_iter().map(|(section, lines)| SettingGroup {
        section: section.to_owned(),
        lines,
    });
    groups.collect()
}

fn line(one: &InForce) -> SettingLine {
    SettingLine {
        name: one.name.clone(),
        value: one.value.clone(),
        place: (one.place != DEFAULTS).then(|| one.place.clone()),
        warnings: one.warnings.clone(),
    }
}
