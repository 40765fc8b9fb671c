//! An account that somebody makes for themselves: asking for a link, and choosing a name and a password with it.

use askama::Template;

use crate::pages::account::{Field, PasswordRefusal};
use crate::pages::developer::FieldFault;
use crate::pages::frame::Frame;

/// Asks for an address: `POST /login/sign-up` with `email`, `_csrf` and, when an authorization waits, `authorization` and
/// `client_id`. Then says that a mail is on its way, to whomever.
#[derive(Clone, Debug)]
pub struct SignUpPage {
    /// Bound to the session.
    pub csrf_token: String,
    /// The id of the authorization request that waits for the sign-in.
    pub authorization: Option<String>,
    /// The client that asked.
    pub client_id: Option<String>,
    /// The sign-in page.
    pub back: String,
    /// What there is to say.
    pub state: SignUpState,
    /// How long a link is good, in seconds.
    pub life_secs: u64,
}

/// What the page says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignUpState {
    /// Nothing was sent yet.
    Asked,
    /// This is no address.
    NoAddress(String),
    /// A mail is on its way.
    Sent,
}

impl SignUpPage {
    /// The page as HTML.
    pub fn render(&self, frame: &Frame<'_>) -> Result<String, askama::Error> {
        frame.write("sign_up", &SignUpTemplate { page: self, frame })
    }

    /// What was typed, where it is no address.
    fn typed(&self) -> Option<&str> {
        match &self.state {
            SignUpState::NoAddress(typed) => Some(typed),
            SignUpState::Asked | SignUpState::Sent => None,
        }
    }
}

#[derive(Template)]
#[template(path = "sign_up.html")]
struct SignUpTemplate<'a> {
    page: &'a SignUpPage,
    frame: &'a Frame<'a>,
}

/// Asks for a name and a password: `POST /login/sign-up/finish` with `link`, `username`, `new_password`, `repeated_password`
/// and, when an authorization waits, `authorization`.
#[derive(Clone)]
pub struct SignUpFinishPage {
    /// What there is to say.
    pub state: SignUpFinishState,
    /// Where a link is asked for.
    pub sign_up: String,
    /// Where a link for a new password is asked for.
    pub forgotten: String,
    /// The id of the authorization request that waits for the sign-in.
    pub authorization: Option<String>,
}

/// What the page says.
#[derive(Clone)]
pub enum SignUpFinishState {
    /// The link is good.
    Good {
        /// Where it was sent.
        email: String,
        /// The secret of the link.
        link: String,
        /// The name that was typed, or nothing.
        name: String,
        /// What will not do of it.
        name_refusal: Option<AccountNameRefusal>,
        /// What will not do of the password.
        refusal: Option<PasswordRefusal>,
        /// More passwords than can be looked at wait already.
        is_busy: bool,
    },
    /// The address has an account by now.
    HasAccount,
    /// The link is good for nothing.
    Over,
}

/// What will not do of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountNameRefusal {
    /// It breaks a rule.
    Fault(FieldFault),
    /// It is neither plain nor their own address.
    NotPlain,
    /// Somebody has it.
    Taken,
    /// Too many were tried.
    TooMany,
}

/// Without the link.
impl std::fmt::Debug for SignUpFinishPage {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("SignUpFinishPage")
            .finish_non_exhaustive()
    }
}

impl SignUpFinishPage {
    /// The page as HTML.
    pub fn render(&self, frame: &Frame<'_>) -> Result<String, askama::Error> {
        frame.write("sign_up_finish", &FinishTemplate { page: self, frame })
    }
}

impl AccountNameRefusal {
    /// The rule that is broken, which has its own words.
    const fn fault(&self) -> Option<&FieldFault> {
        match self {
            Self::Fault(fault) => Some(fault),
            Self::NotPlain | Self::Taken | Self::TooMany => None,
        }
    }

    fn sentence(&self, frame: &Frame<'_>) -> String {
        let words = frame.words;
        match self {
            Self::Fault(_) => String::new(),
            Self::NotPlain => words.say("sign-up-not-plain"),
            Self::Taken => words.say("sign-up-taken"),
            Self::TooMany => words.say("sign-up-too-many"),
        }
    }
}

#[derive(Template)]
#[template(path = "sign_up_finish.html")]
struct FinishTemplate<'a> {
    page: &'a SignUpFinishPage,
    frame: &'a Frame<'a>,
}

impl FinishTemplate<'_> {
    /// The two fields of the password, with what is wrong beside the one that it is about.
    fn fields(&self, refusal: Option<&PasswordRefusal>) -> [Field; 2] {
        Field::of_new_password(self.frame, "login-password", refusal.copied())
    }
}
