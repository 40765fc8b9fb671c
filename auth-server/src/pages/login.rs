//! The sign-in page.

use askama::Template;

use crate::pages::frame::Frame;
use crate::pages::place::Place;
use crate::pages::way_back::WayBack;

/// Up to so many seconds a waiting time is written in seconds, beyond it in minutes.
const SECONDS_AS_SECONDS: u64 = 90;

/// Asks for a name and a password: `POST /login` with `username`, `password`, `_csrf` and, when an
/// authorization waits, `authorization` and `client_id`.
#[derive(Clone, Debug)]
pub struct LoginPage {
    /// Bound to the session.
    pub csrf_token: String,
    /// The id of the authorization request that waits for the sign-in. With it the page offers to cancel:
    /// `POST /oauth/authorize` with `user_oauth_approval=false`.
    pub authorization: Option<String>,
    /// The client that asked.
    pub client: Option<ClientAtSignIn>,
    /// The page of ours that somebody wanted to see.
    pub next: Option<Place>,
    /// The client that asked, when its request does not wait any more.
    pub ended: Option<WayBack>,
    /// What the browser is asked for where somebody signs in with a passkey (`POST /login/passkey`); `None`: nobody does.
    pub passkey: Option<String>,
    /// Where a link is asked for by whoever has forgotten the password; `None` where no mails are sent.
    pub forgotten: Option<String>,
    /// Where a link for an account is asked for; `None` where people make none for themselves.
    pub sign_up: Option<String>,
    /// The name that was typed before, or nothing.
    pub username: String,
    /// Why the page is shown once more.
    pub notice: Option<LoginNotice>,
}

/// The client that a sign-in is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientAtSignIn {
    /// As it is registered.
    pub id: String,
    /// The name that people know.
    pub name: String,
}

/// What went wrong with the sign-in before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginNotice {
    /// The name is unknown or the password wrong; the page does not say which.
    BadCredentials,
    /// Too many wrong passwords.
    TooManyAttempts {
        /// Seconds until the next attempt is looked at.
        retry_after_secs: u64,
    },
    /// The page was older than the session of its browser.
    SessionExpired,
    /// A passkey is not known, or its answer not good.
    PasskeyRefused,
    /// More sign-ins than can be verified wait already.
    Busy,
    /// Nothing: a new password was chosen in the place of one that was forgotten.
    NewPassword,
    /// Nothing: an account was made.
    NewAccount,
}

impl LoginPage {
    /// The page as HTML.
    pub fn render(&self, frame: &Frame<'_>) -> Result<String, askama::Error> {
        frame.write("login", &LoginTemplate { page: self, frame })
    }

    /// Whether what was typed is to be marked as wrong.
    fn is_refused(&self) -> bool {
        self.notice == Some(LoginNotice::BadCredentials)
    }
}

impl LoginNotice {
    /// Whether nothing went wrong.
    const fn is_good(self) -> bool {
        matches!(self, Self::NewPassword | Self::NewAccount)
    }

    /// Why the page is shown once more, in words.
    pub(super) fn sentence(self, frame: &Frame<'_>) -> String {
        let words = frame.words;
        match self {
            Self::BadCredentials => words.say("notice-bad-credentials"),
            Self::SessionExpired => words.say("notice-session-expired"),
            Self::PasskeyRefused => words.say("passkeys-refused"),
            Self::Busy => words.say("notice-busy"),
            Self::NewPassword => words.say("forgotten-done"),
            Self::NewAccount => words.say("sign-up-done"),
            Self::TooManyAttempts { retry_after_secs } if retry_after_secs > SECONDS_AS_SECONDS => {
                let minutes = retry_after_secs.div_ceil(60);
                words.counting("notice-too-many-attempts-minutes", minutes)
            }
            Self::TooManyAttempts { retry_after_secs } => {
                let seconds = retry_after_secs.max(1);
                words.counting("notice-too-many-attempts-seconds", seconds)
            }
        }
    }
}

#[derive(Template)]
#[template(path = "login.html")]
struct LoginTemplate<'a> {
    page: &'a LoginPage,
    frame: &'a Frame<'a>,
}
