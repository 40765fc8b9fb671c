//! Where an owner chooses a new password.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::pages::frame::Frame;
use crate::pages::login::LoginNotice;
use crate::pages::place::Menu;

/// Asks for the old password and for a new one: `POST` with `_csrf`, `current_password`, `new_password` and
/// `repeated_password`.
#[derive(Clone, Debug)]
pub struct PasswordPage {
    /// Whose account it is.
    pub menu: Menu,
    /// Bound to the session.
    pub csrf_token: String,
    /// What there is to say.
    pub state: PasswordState,
}

/// What the page says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordState {
    /// Nothing was sent yet.
    Asked,
    /// Something that was sent will not do.
    Refused(PasswordRefusal),
    /// The account has another password now.
    Changed,
    /// The account is kept by somebody else, who changes its password.
    KeptElsewhere,
}

/// What will not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordRefusal {
    /// The old password, as a sign-in with it would be refused.
    Current(LoginNotice),
    /// The new one has fewer characters than this.
    TooShort(u64),
    /// It is longer than anybody types.
    TooLong,
    /// It is the name of the account.
    Name,
    /// Many people have it.
    Common,
    /// It is the old one.
    Same,
    /// It was not typed twice alike.
    Repeated,
    /// The account was changed meanwhile.
    ChangedMeanwhile,
}

impl PasswordPage {
    /// The page as HTML.
    pub fn render(&self, frame: &Frame<'_>) -> Result<String, askama::Error> {
        let menu = &self.menu;
        let page = self;
        frame.write("account_password", &PasswordTemplate { page, menu, frame })
    }

    const fn is_refused(&self) -> bool {
        matches!(self.state, PasswordState::Refused(_))
    }

    /// The three fields, with what is wrong beside the one that it is about.
    fn fields(&self, frame: &Frame<'_>) -> [Field; 3] {
        let words = frame.words;
        let field = |name, label: &str, autocomplete| Field {
            name,
            label: words.say(label),
            autocomplete,
            hint: None,
            fault: self.fault(name, frame),
        };
        let fewest = words.counting("password-hint", PasswordRefusal::FEWEST);
        [
            field("current_password", "password-current", "current-password"),
            Field {
                hint: Some(fewest),
                ..field("new_password", "password-new", "new-password")
            },
            field("repeated_password", "password-repeated", "new-password"),
        ]
    }

    fn fault(&self, name: &str, frame: &Frame<'_>) -> Option<String> {
        let PasswordState::Refused(refusal) = self.state else {
            return None;
        };
        (refusal.field() == name).then(|| refusal.sentence(frame))
    }
}

impl PasswordRefusal {
    /// How many characters a password has at least.
    pub const FEWEST: u64 = 8;

    pub(in crate::pages) const fn field(self) -> &'static str {
        match self {
            Self::Current(_) | Self::ChangedMeanwhile => "current_password",
            Self::TooShort(_) | Self::TooLong | Self::Name | Self::Common | Self::Same => {
                "new_password"
            }
            Self::Repeated => "repeated_password",
        }
    }

    pub(in crate::pages) fn sentence(self, frame: &Frame<'_>) -> String {
        let words = frame.words;
        match self {
            Self::Current(LoginNotice::BadCredentials) => words.say("password-wrong"),
            Self::Current(notice) => notice.sentence(frame),
            Self::TooShort(fewest) => words.counting("password-too-short", fewest),
            Self::TooLong => words.say("password-too-long"),
            Self::Name => words.say("password-is-name"),
            Self::Common => words.say("password-common"),
            Self::Same => words.say("password-same"),
            Self::Repeated => words.say("password-differs"),
            Self::ChangedMeanwhile => words.say("password-changed-meanwhile"),
        }
    }
}

#[derive(Template)]
#[template(path = "account/password.html")]
struct PasswordTemplate<'a> {
    page: &'a PasswordPage,
    menu: &'a Menu,
    frame: &'a Frame<'a>,
}

/// A field that a password is typed into; none is ever shown again.
#[derive(Template)]
#[template(path = "account/password_field.html")]
pub(in crate::pages) struct Field {
    pub(in crate::pages) name: &'static str,
    pub(in crate::pages) label: String,
    pub(in crate::pages) autocomplete: &'static str,
    pub(in crate::pages) hint: Option<String>,
    pub(in crate::pages) fault: Option<String>,
}

/// The template escapes what others wrote.
impl HtmlSafe for Field {}

impl Field {
    /// Those of a new password and its repetition, with what is wrong beside the one that it is about.
    pub(in crate::pages) fn of_new_password(
        frame: &Frame<'_>,
        label: &str,
        refusal: Option<PasswordRefusal>,
    ) -> [Self; 2] {
        let words = frame.words;
        let field = |name, label: &str, hint| Self {
            name,
            label: words.say(label),
            autocomplete: "new-password",
            hint,
            fault: refusal
                .filter(|refusal| refusal.field() == name)
                .map(|refusal| refusal.sentence(frame)),
        };
        let fewest = words.counting("password-hint", PasswordRefusal::FEWEST);
        [
            field("new_password", label, Some(fewest)),
            field("repeated_password", "password-repeated", None),
        ]
    }

    /// The places of its hint and of what is wrong.
    fn described_by(&self) -> String {
        let fault = self.fault.as_ref().map(|_| format!("{}-fault", self.name));
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.name));
        let places: Vec<String> = fault.into_iter().chain(hint).collect();
        places.join(" ")
    }
}
