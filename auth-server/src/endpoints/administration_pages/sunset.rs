//! `/admin/sunset`: what ought to end, and who still does it.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::asked::{Asked, address_of, administrator, menu};
use crate::administration::PAGE;
use crate::habits::{HabitLine, HabitPage, HabitPlace};
use crate::http::answers::{self, Forms};
use crate::http::page_frame::frame;
use crate::http::refusals::Refusal;
use crate::pages::{HabitClient, HabitKind, HabitSection, SunsetPage};
use crate::records::Habit;
use crate::server::Server;

/// How many clients of each habit are shown where all habits are.
const OF_EACH: usize = 10;

/// All habits, or the one in which the place is that was asked for.
pub(super) async fn show(
    request: HttpRequest,
    server: Data<Server>,
) -> Result<HttpResponse, Refusal> {
    let visitor = match administrator(&server, &request).await? {
        Ok(visitor) => visitor,
        Err(sign_in) => return Ok(sign_in),
    };
    let after = Asked::of(&request).after;
    let place = after.and_then(|after| after.parse::<HabitPlace>().ok());
    let address = &server.addresses.administration.sunset;
    let (habits, all) = match place {
        Some(place) => {
            let found = server.habit_board.list(&place, PAGE).await?;
            let section = section(&server, place.habit, found);
            (vec![section], Some(address.to_string()))
        }
        None => (of_each(&server).await?, None),
    };
    let page = SunsetPage {
        menu: menu(&visitor),
        habits,
        all,
    };
    let html = page.render(&frame(&server, &request))?;
    Ok(answers::page(StatusCode::OK, Forms::StayHere).body(html))
}

async fn of_each(server: &Server) -> Result<Vec<HabitSection>, Refusal> {
    let mut habits = Vec::with_capacity(Habit::ALL.len());
    for habit in Habit::ALL {
        let start = HabitPlace::start(habit);
        let mut found = server.habit_board.list(&start, OF_EACH).await?;
        // The page of one habit shows more of them, from the first.
        found.next = found.next.map(|_| start);
        habits.push(section(server, habit, found));
    }
    Ok(habits)
}

fn section(server: &Server, habit: Habit, found: HabitPage) -> HabitSection {
    let address = &server.addresses.administration.sunset;
    let next = found.next.map(|next| next.to_string());
    let announced = server.habit_board.announcements.about(habit);
    HabitSection {
        habit: kind(habit),
        ends_at: announced.and_then(|announced| announced.ends_at),
        clients: found.lines.iter().map(client).collect(),
        next: next.map(|next| address_of(address, [("after", Some(next.as_str()))])),
    }
}

fn client(line: &HabitLine) -> HabitClient {
    HabitClient {
        client_id: line.client_id.to_string(),
        last_seen: line.last_seen.map(|seen| (seen.at, seen.uses)),
    }
}

const fn kind(habit: Habit) -> HabitKind {
    match habit {
        Habit::PasswordGrant => HabitKind::PasswordGrant,
        Habit::ImplicitGrant => HabitKind::ImplicitGrant,
        Habit::CodeWithoutPkce => HabitKind::CodeWithoutPkce,
        Habit::TokenByGet => HabitKind::TokenByGet,
        Habit::WeakSecret => HabitKind::WeakSecret,
        Habit::CheckToken => HabitKind::CheckToken,
        Habit::TokenKey => HabitKind::TokenKey,
        Habit::LegacyToken => HabitKind::LegacyToken,
    }
}
