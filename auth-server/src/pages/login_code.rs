//! The second step of a sign-in.

use askama::Template;

use crate::pages::frame::Frame;
use crate::pages::login::{ClientAtSignIn, LoginNotice};
use crate::pages::place::Place;

/// Asks for a code of the app or a recovery code: `POST /login/code` with `code`, `_csrf` and, when an authorization
/// waits, `authorization` and `client_id`.
#[derive(Clone, Debug)]
pub struct LoginCodePage {
    /// Bound to the session.
    pub csrf_token: String,
    /// Who has shown the password.
    pub owner: String,
    /// The id of the authorization request that waits for the sign-in.
    pub authorization: Option<String>,
    /// The client that asked.
    pub client: Option<ClientAtSignIn>,
    /// The page of ours that somebody wanted to see.
    pub next: Option<Place>,
    /// What the browser is asked for where the owner may show a passkey instead (`POST /login/passkey`).
    pub passkey: Option<String>,
    /// Where to sign in as somebody else.
    pub back: String,
    /// Why the page is shown once more.
    pub notice: Option<CodeNotice>,
}

/// What went wrong with the code before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeNotice {
    /// It is wrong, too old, or was used before.
    Wrong,
    /// It was a passkey, and that is not known, or its answer not good.
    PasskeyRefused,
    /// Too many wrong ones.
    TooManyAttempts {
        /// Seconds until the next one is looked at.
        retry_after_secs: u64,
    },
}

impl CodeNotice {
    pub(super) fn sentence(self, frame: &Frame<'_>) -> String {
        match self {
            Self::Wrong => frame.words.say("second-factor-wrong-code"),
            Self::PasskeyRefused => frame.words.say("passkeys-refused"),
            Self::TooManyAttempts { retry_after_secs } => {
                LoginNotice::TooManyAttempts { retry_after_secs }.sentence(frame)
            }
        }
    }
}

impl LoginCodePage {
    /// The page as HTML.
    pub fn render(&self, frame: &Frame<'_>) -> Result<String, askama::Error> {
        frame.write("login_code", &LoginCodeTemplate { page: self, frame })
    }
}

#[derive(Template)]
#[template(path = "login_code.html")]
struct LoginCodeTemplate<'a> {
    page: &'a LoginCodePage,
    frame: &'a Frame<'a>,
}
