//! What is announced to a request that has a habit which ought to end
//! ([RFC 9745](https://www.rfc-editor.org/rfc/rfc9745), [RFC 8594](https://www.rfc-editor.org/rfc/rfc8594)).

use actix_web::HttpResponse;
use actix_web::http::header::{HeaderName, HeaderValue, LINK};

use crate::records::Habit;
use crate::server::Server;

const DEPRECATION: HeaderName = HeaderName::from_static("deprecation");
const SUNSET: HeaderName = HeaderName::from_static("sunset");

/// Says on an answer what is announced of the habits of its request, where anything is.
pub(crate) fn announce(server: &Server, habits: &[Habit], response: &mut HttpResponse) {
    let told = server.habit_board.announcements.told_about(habits);
    let Some(announcement) = told else {
        return;
    };
    for (name, value) in [
        (DEPRECATION, &announcement.deprecation),
        (SUNSET, &announcement.sunset),
        (LINK, &announcement.link),
    ] {
        let value = value.as_deref().map(HeaderValue::from_str);
        // What the settings accept can stand in a field.
        if let Some(Ok(value)) = value {
            response.headers_mut().insert(name, value);
        }
    }
}
