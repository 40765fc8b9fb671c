//! A password that was forgotten: asking for a link, and choosing a new one with it.

use askama::Template;

use crate::pages::account::{Field, PasswordRefusal};
use crate::pages::frame::Frame;

/// Asks whose password is forgotten: `POST /login/forgotten` with `username`, `_csrf` and, when an authorization waits,
/// `authorization` and `client_id`. Then says that a mail is on its way, if there is such an account.
#[derive(Clone, Debug)]
pub struct ForgottenPage {
    /// Bound to the session.
    pub csrf_token: String,
    /// The id of the authorization request that waits for the sign-in.
    pub authorization: Option<String>,
    /// The client that asked.
    pub client_id: Option<String>,
    /// The sign-in page.
    pub back: String,
    /// Whether somebody has asked.
    pub is_sent: bool,
    /// How long a link is good, in seconds.
    pub life_secs: u64,
}

impl ForgottenPage {
    /// The page as HTML.
    pub fn render(&self, frame: &Frame<'_>) -> Result<String, askama::Error> {
        frame.write("forgotten", &ForgottenTemplate { page: self, frame })
    }
}

#[derive(Template)]
#[template(path = "forgotten.html")]
struct ForgottenTemplate<'a> {
    page: &'a ForgottenPage,
    frame: &'a Frame<'a>,
}

/// Asks for a new password: `POST /login/reset` with `link`, `new_password`, `repeated_password` and, when an authorization
/// waits, `authorization`.
#[derive(Clone)]
pub struct ResetPage {
    /// What there is to say.
    pub state: ResetState,
    /// Where a link is asked for.
    pub forgotten: String,
    /// The id of the authorization request that waits for the sign-in.
    pub authorization: Option<String>,
}

/// What the page says.
#[derive(Clone)]
pub enum ResetState {
    /// The link is good.
    Good {
        /// Whose account it is.
        owner: String,
        /// Whether the person was invited, and chooses the first password.
        is_invitation: bool,
        /// The secret of the link.
        link: String,
        /// What will not do of what was sent.
        refusal: Option<PasswordRefusal>,
        /// More passwords than can be looked at wait already.
        is_busy: bool,
    },
    /// The link is good for nothing.
    Over,
}

/// Without the link.
impl std::fmt::Debug for ResetPage {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("ResetPage").finish_non_exhaustive()
    }
}

impl ResetPage {
    /// The page as HTML.
    pub fn render(&self, frame: &Frame<'_>) -> Result<String, askama::Error> {
        frame.write("reset", &ResetTemplate { page: self, frame })
    }
}

#[derive(Template)]
#[template(path = "reset.html")]
struct ResetTemplate<'a> {
    page: &'a ResetPage,
    frame: &'a Frame<'a>,
}

impl ResetTemplate<'_> {
    const fn title(&self) -> &'static str {
        match self.page.state {
            ResetState::Good {
                is_invitation: true,
                ..
            } => "invitation-choose",
            ResetState::Good { .. } | ResetState::Over => "forgotten-choose",
        }
    }

    /// The two fields, with what is wrong beside the one that it is about.
    fn fields(&self) -> [Field; 2] {
        let refusal = match self.page.state {
            ResetState::Good { refusal, .. } => refusal,
            ResetState::Over => None,
        };
        Field::of_new_password(self.frame, "password-new", refusal)
    }
}
