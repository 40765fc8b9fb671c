//! The way back to the client, on pages where a journey ends.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::pages::frame::Frame;
use crate::pages::words::Words;

/// The client that somebody came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WayBack {
    /// The client as it is registered.
    pub client_id: String,
    /// The client by the name that people know.
    pub client_name: String,
    /// Where it is on the web; nothing for an application that a browser cannot open.
    pub address: Option<String>,
}

impl WayBack {
    /// A button that leads there, or a sentence that says where to go.
    pub(super) fn offer(&self, frame: &Frame<'_>) -> Offer<'_> {
        Offer {
            way_back: self,
            words: frame.words,
        }
    }
}

/// What a page says of it.
#[derive(Template)]
#[template(path = "way_back.html")]
pub(super) struct Offer<'a> {
    way_back: &'a WayBack,
    words: Words,
}

/// The template escapes what others wrote.
impl HtmlSafe for Offer<'_> {}
