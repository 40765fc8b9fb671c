//! `/admin/api/v1/habits`: what ought to end, and who still does it.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use symbolon::parameters::Parameters;
use utoipa::ToSchema;

use super::parts::Problem;
use crate::administration::{Administrators, PAGE};
use crate::habits::{HabitLine, HabitPlace};
use crate::http::administrator::administrator;
use crate::http::answers;
use crate::http::form_error::FormError;
use crate::http::refusals::Refusal;
use crate::records::Habit;
use crate::server::Server;

/// A client that does something that ought to end, or may.
#[derive(Serialize, ToSchema)]
pub(super) struct HabitOfClient {
    /// `password_grant`, `implicit_grant`, `code_without_pkce`, `token_by_get`, `weak_secret`, `check_token`, `token_key` or
    /// `legacy_token`.
    habit: &'static str,
    /// Who; absent for whoever says no name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    client_id: Option<String>,
    /// When it was last seen, in seconds since 1970, to about a minute; absent where it is allowed and was not seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    last_seen_at: Option<u64>,
    /// About how often on that day (UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    uses_on_that_day: Option<u64>,
}

impl From<HabitLine> for HabitOfClient {
    fn from(line: HabitLine) -> Self {
        let id = line.client_id.to_string();
        Self {
            habit: line.habit.as_str(),
            client_id: Some(id).filter(|id| !id.is_empty()),
            last_seen_at: line.last_seen.map(|seen| seen.at.as_secs()),
            uses_on_that_day: line.last_seen.map(|seen| seen.uses),
        }
    }
}

/// A part of them: of each habit who was seen in 90 days, then who is allowed to and was not seen, each in the order of ids.
#[derive(Serialize, ToSchema)]
pub(super) struct HabitList {
    /// At most 50. There may be none, and yet some behind them: one call searches some thousand records and no more.
    items: Vec<HabitOfClient>,
    /// `after` of the next call; absent when all has been searched.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    next: Option<String>,
}

/// Lists who does what ought to end: every such habit, or one.
#[utoipa::path(get, path = "/admin/api/v1/habits", tag = "habits",
    params(
        ("habit" = Option<String>, Query, nullable = false, description = "One of them"),
        ("after" = Option<String>, Query, nullable = false, description = "`next` of the list before")),
    security(("token" = ["admin.read"])),
    responses((status = OK, body = HabitList), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(super) async fn list(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, Refusal> {
    administrator(&server, &request, Administrators::READ).await?;
    let query = Parameters::decode(request.query_string().as_bytes());
    let mut query = query.map_err(FormError::from)?;
    let is_said = query.contains("habit");
    let habit = query.take("habit").as_deref().and_then(Habit::parse);
    if is_said && habit.is_none() {
        return Err(Refusal::bad_request("there is no such habit"));
    }
    let place = match query.take("after") {
        Some(after) => after.parse::<HabitPlace>().ok(),
        None => Some(HabitPlace::start(habit.unwrap_or(Habit::ALL[0]))),
    };
    let place = place.filter(|place| habit.is_none_or(|habit| habit == place.habit));
    let place = place.ok_or_else(|| Refusal::bad_request("after is no next of such a list"))?;
    let board = &server.habit_board;
    let page = match habit {
        Some(_) => board.list(&place, PAGE).await?,
        None => board.list_all(&place, PAGE).await?,
    };
    let told = HabitList {
        items: page.lines.into_iter().map(HabitOfClient::from).collect(),
        next: page.next.map(|next| next.to_string()),
    };
    Ok(answers::json(StatusCode::OK, &told))
}
