//! What happened lately, and why a request was refused.

use askama::Template;

use crate::pages::frame::Frame;
use crate::pages::place::Menu;

/// Asks what is looked for, lists it, and offers it as a file.
#[derive(Clone, Debug)]
pub struct AdministeredJournalPage {
    /// Whose pages they are.
    pub menu: Menu,
    /// What can be said of what is looked for, and what was.
    pub fields: Vec<JournalField>,
    /// The kinds of events.
    pub kinds: [&'static str; 3],
    /// The names of all events.
    pub events: &'static [&'static str],
    /// Whether the list was to go on where none does.
    pub is_no_place: bool,
    /// The kinds that the settings keep nothing of.
    pub not_kept: Vec<&'static str>,
    /// What was found, unless something is wrong.
    pub found: Option<FoundEvents>,
}

/// What was said of what is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalField {
    /// The name in addresses.
    pub name: &'static str,
    /// As it was typed; empty where nothing was.
    pub text: String,
    /// What is wrong with it.
    pub fault: Option<JournalFault>,
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JournalFault {
    /// There is no such kind.
    Kind,
    /// There is no such event.
    Event,
    /// It is no moment.
    Moment,
    /// It is over before it begins.
    Ends,
}

/// A part of what there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundEvents {
    /// What was found.
    pub lines: Vec<EventLine>,
    /// Where the search goes on, when not all has been searched.
    pub next: Option<String>,
    /// Where it is as a file.
    pub export: String,
    /// Whether those of one request were asked for. The oldest stands first then.
    pub of_request: bool,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventLine {
    /// When, in UTC.
    pub time: String,
    /// Its name in the audit stream.
    pub event: String,
    /// What else is known, by the words of `auth-server explain`.
    pub facts: Vec<EventFact>,
}

/// One thing that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventFact {
    /// What it is.
    pub name: String,
    /// As it is kept.
    pub value: String,
    /// Where all events are that have it in common, if that is of use.
    pub address: Option<String>,
}

impl JournalField {
    fn label(&self, frame: &Frame<'_>) -> String {
        frame.words.say(match self.name {
            "request_id" => "error-request-id",
            "client_id" => "administration-access-to",
            "owner" => "administration-access-of",
            "kind" => "administration-event-kind",
            "event" => "administration-event",
            "grant_id" => "administration-event-grant",
            "address" => "administration-event-address",
            "since" => "administration-event-since",
            _ => "administration-event-until",
        })
    }

    fn is_chosen(&self, word: &str) -> bool {
        self.text == word
    }

    fn is_moment(&self) -> bool {
        ["since", "until"].contains(&self.name)
    }
}

impl JournalFault {
    fn sentence(self, frame: &Frame<'_>) -> String {
        frame.words.say(match self {
            Self::Kind => "administration-no-kind",
            Self::Event => "administration-no-event",
            Self::Moment => "administration-no-moment",
            Self::Ends => "administration-ends-before",
        })
    }
}

impl FoundEvents {
    fn none(&self, frame: &Frame<'_>) -> String {
        frame.words.say(match (&self.next, self.of_request) {
            (Some(_), _) => "administration-no-access-yet",
            (None, true) => "administration-nothing-known",
            (None, false) => "administration-no-events",
        })
    }
}

impl AdministeredJournalPage {
    /// What is asked for most.
    fn main_fields(&self) -> impl Iterator<Item = &JournalField> {
        let main = ["request_id", "client_id", "owner"].into_iter();
        main.filter_map(|name| self.fields.iter().find(|field| field.name == name))
    }

    fn kind(&self) -> Option<&JournalField> {
        self.fields.iter().find(|field| field.name == "kind")
    }

    fn more_fields(&self) -> impl Iterator<Item = &JournalField> {
        let more = ["event", "since", "until", "address", "grant_id"].into_iter();
        more.filter_map(|name| self.fields.iter().find(|field| field.name == name))
    }

    fn says_more(&self) -> bool {
        let mut more = self.more_fields().chain(self.kind());
        more.any(|field| !field.text.is_empty())
    }

    fn is_refused(&self) -> bool {
        self.fields.iter().any(|field| field.fault.is_some())
    }

    /// The page as HTML.
    pub fn render(&self, frame: &Frame<'_>) -> Result<String, askama::Error> {
        let menu = &self.menu;
        let page = self;
        let not_kept = self.not_kept.join(", ");
        frame.write(
            "administration_audit",
            &JournalTemplate {
                page,
                menu,
                frame,
                not_kept,
            },
        )
    }
}

#[derive(Template)]
#[template(path = "administration/audit.html")]
struct JournalTemplate<'a> {
    page: &'a AdministeredJournalPage,
    menu: &'a Menu,
    frame: &'a Frame<'a>,
    not_kept: String,
}
