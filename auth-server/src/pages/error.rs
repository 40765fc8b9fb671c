//! The page that says what went wrong.

use askama::Template;

use crate::pages::frame::Frame;
use crate::pages::way_back::WayBack;

/// Says why an authorization request ends here instead of at the client ([RFC 6749 §4.1.2.1]: never
/// redirect to a URI that was not verified).
///
/// [RFC 6749 §4.1.2.1]: https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1
#[derive(Clone, Debug)]
pub struct ErrorPage {
    /// The code of the error.
    pub error: String,
    /// What the protocol says about it, in English: it is for whoever wrote the client.
    pub description: String,
    /// The status of the answer.
    pub status: u16,
    /// The request was answered or forgotten before: to start again is all that can be done.
    pub request_expired: bool,
    /// The client that somebody came from.
    pub way_back: Option<WayBack>,
    /// Which request that was.
    pub occurrence: Occurrence,
}

/// What finds a request in the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Occurrence {
    /// The id of the request, as the log has it.
    pub request_id: String,
    /// When it was answered.
    pub time: String,
}

impl ErrorPage {
    /// The page as HTML.
    pub fn render(&self, frame: &Frame<'_>) -> Result<String, askama::Error> {
        frame.write("error", &ErrorTemplate { page: self, frame })
    }

    /// What a person can do, by the key of the sentence.
    const fn advice(&self) -> &'static str {
        if self.request_expired {
            "error-advice-expired"
        } else if self.status == 429 {
            "error-advice-wait"
        } else if self.status >= 500 {
            "error-advice-server"
        } else {
            "error-advice-request"
        }
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorTemplate<'a> {
    page: &'a ErrorPage,
    frame: &'a Frame<'a>,
}
