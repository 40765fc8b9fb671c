//! Where an owner reads mails.

use askama::Template;

use super::password::Field;
use crate::pages::frame::Frame;
use crate::pages::login::LoginNotice;
use crate::pages::place::Menu;

/// Asks for an address and for the password: `POST` with `_csrf`, `email` and `current_password`.
#[derive(Clone, Debug)]
pub struct EmailPage {
    /// Whose account it is.
    pub menu: Menu,
    /// Bound to the session.
    pub csrf_token: String,
    /// The address, or what was typed as one.
    pub email: String,
    /// What there is to say.
    pub state: EmailState,
}

/// What the page says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailState {
    /// Nothing was sent yet.
    Asked,
    /// Something that was sent will not do.
    Refused(EmailRefusal),
    /// The account has this address now.
    Changed,
    /// The account is kept by somebody else, who changes its password.
    KeptElsewhere,
}

/// What will not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailRefusal {
    /// The password, as a sign-in with it would be refused.
    Current(LoginNotice),
    /// The address is none.
    Address,
    /// The account was changed meanwhile.
    ChangedMeanwhile,
}

impl EmailPage {
    /// The page as HTML.
    pub fn render(&self, frame: &Frame<'_>) -> Result<String, askama::Error> {
        let menu = &self.menu;
        let page = self;
        frame.write("account_email", &EmailTemplate { page, menu, frame })
    }

    const fn is_refused(&self) -> bool {
        matches!(self.state, EmailState::Refused(_))
    }

    fn is_no_address(&self) -> bool {
        self.state == EmailState::Refused(EmailRefusal::Address)
    }

    /// The field of the password.
    fn password(&self, frame: &Frame<'_>) -> Field {
        let words = frame.words;
        let fault = match self.state {
            EmailState::Refused(EmailRefusal::Current(LoginNotice::BadCredentials)) => {
                Some(words.say("password-wrong"))
            }
            EmailState::Refused(EmailRefusal::Current(notice)) => Some(notice.sentence(frame)),
            EmailState::Refused(EmailRefusal::ChangedMeanwhile) => {
                Some(words.say("password-changed-meanwhile"))
            }
            EmailState::Refused(EmailRefusal::Address)
            | EmailState::Asked
            | EmailState::Changed
            | EmailState::KeptElsewhere => None,
        };
        Field {
            name: "current_password",
            label: words.say("mailbox-password"),
            autocomplete: "current-password",
            hint: None,
            fault,
        }
    }
}

#[derive(Template)]
#[template(path = "account/email.html")]
struct EmailTemplate<'a> {
    page: &'a EmailPage,
    menu: &'a Menu,
    frame: &'a Frame<'a>,
}
