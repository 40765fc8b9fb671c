//! What ought to end, and who still does it.

use askama::Template;
use symbolon::clock::Timestamp;

use crate::pages::frame::Frame;
use crate::pages::place::Menu;

/// Lists clients, habit by habit.
#[derive(Clone, Debug)]
pub struct SunsetPage {
    /// Whose pages they are.
    pub menu: Menu,
    /// What is shown: all habits, or one.
    pub habits: Vec<HabitSection>,
    /// Where all are, when one is shown.
    pub all: Option<String>,
}

/// Who has a habit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HabitSection {
    /// Which.
    pub habit: HabitKind,
    /// When it is announced to end.
    pub ends_at: Option<Timestamp>,
    /// A part of those who have it, or may.
    pub clients: Vec<HabitClient>,
    /// Where the others are, when there may be more.
    pub next: Option<String>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HabitClient {
    /// Its name; empty where nobody says one.
    pub client_id: String,
    /// When it was last seen, and how often on that day; `None`: it may, and was not seen.
    pub last_seen: Option<(Timestamp, u64)>,
}

/// What ought to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "variants that say no more than their names")]
pub enum HabitKind {
    PasswordGrant,
    ImplicitGrant,
    CodeWithoutPkce,
    TokenByGet,
    WeakSecret,
    CheckToken,
    TokenKey,
    LegacyToken,
}

impl HabitKind {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::PasswordGrant,
        Self::ImplicitGrant,
        Self::CodeWithoutPkce,
        Self::TokenByGet,
        Self::WeakSecret,
        Self::CheckToken,
        Self::TokenKey,
        Self::LegacyToken,
    ];

    fn name(self, frame: &Frame<'_>) -> String {
        frame.words.say(match self {
            Self::PasswordGrant => "sunset-password-grant",
            Self::ImplicitGrant => "sunset-implicit-grant",
            Self::CodeWithoutPkce => "sunset-code-without-pkce",
            Self::TokenByGet => "sunset-token-by-get",
            Self::WeakSecret => "sunset-weak-secret",
            Self::CheckToken => "sunset-check-token",
            Self::TokenKey => "sunset-token-key",
            Self::LegacyToken => "sunset-legacy-token",
        })
    }

    /// What to do instead.
    fn instead(self, frame: &Frame<'_>) -> String {
        frame.words.say(match self {
            Self::PasswordGrant => "sunset-password-grant-instead",
            Self::ImplicitGrant => "sunset-implicit-grant-instead",
            Self::CodeWithoutPkce => "sunset-code-without-pkce-instead",
            Self::TokenByGet => "sunset-token-by-get-instead",
            Self::WeakSecret => "sunset-weak-secret-instead",
            Self::CheckToken => "sunset-check-token-instead",
            Self::TokenKey => "sunset-token-key-instead",
            Self::LegacyToken => "sunset-legacy-token-instead",
        })
    }
}

impl HabitClient {
    /// When it was last seen, and how often on that day.
    fn seen(&self, frame: &Frame<'_>) -> Option<(String, String)> {
        let (at, uses) = self.last_seen?;
        let uses = frame.words.counting("sunset-uses", uses);
        Some((frame.words.date(&at), uses))
    }
}

impl HabitSection {
    fn none(&self, frame: &Frame<'_>) -> String {
        frame.words.say(if self.next.is_none() {
            "sunset-nobody"
        } else {
            "sunset-nobody-yet"
        })
    }
}

impl SunsetPage {
    /// What leads to the others: of one habit a page, on that page the next one.
    fn more(&self, frame: &Frame<'_>) -> String {
        frame.words.say(if self.all.is_none() {
            "sunset-all-clients"
        } else {
            "sunset-more"
        })
    }

    /// The page as HTML.
    pub fn render(&self, frame: &Frame<'_>) -> Result<String, askama::Error> {
        let menu = &self.menu;
        let page = self;
        frame.write(
            "administration_sunset",
            &SunsetTemplate { page, menu, frame },
        )
    }
}

#[derive(Template)]
#[template(path = "administration/sunset.html")]
struct SunsetTemplate<'a> {
    page: &'a SunsetPage,
    menu: &'a Menu,
    frame: &'a Frame<'a>,
}
