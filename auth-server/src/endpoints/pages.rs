//! What a person sees: pages that are rendered here and need no script.
//!
//! Each page is a plain struct; [`render`](LoginPage::render) writes it in a [`Language`]. Nothing is
//! inline, so the pages work under a policy as strict as
//! `default-src 'none'; style-src 'self'; img-src 'self'`. What is written by others (the name of a
//! client, a user name, the description of an error) is escaped.
//!
//! The forms of the approval page carry the names that pages and scripts of Spring's built-in page
//! look for.

mod language;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
mod words;

use askama::Template;
use symbolon::metadata;

pub use language::Language;

use words::Words;

/// The style sheet of all pages, served at `/style.css` as `text/css`.
pub const STYLE_CSS: &str = include_str!("templates/style.css");

/// The icon that all pages link, served at `/icon.svg` as `image/svg+xml`.
pub const ICON_SVG: &str = include_str!("templates/icon.svg");

/// Asks for a name and a password: `POST /login` with `username`, `password`, `_csrf` and, when an
/// authorization waits, `authorization`.
#[derive(Clone, Debug)]
pub struct LoginPage {
    /// Bound to the session.
    pub csrf_token: String,
    /// The id of the authorization request that waits for the login. With it the page offers to cancel:
    /// `POST /oauth/authorize` with `user_oauth_approval=false`.
    pub authorization: Option<String>,
    /// The client that asked, by the name that people know.
    pub client_name: Option<String>,
    /// The name that was typed before, or nothing.
    pub username: String,
    /// Why the page is shown once more.
    pub notice: Option<LoginNotice>,
}

/// What went wrong with the login before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginNotice {
    /// The name is unknown or the password wrong; the page does not say which.
    BadCredentials,
    /// Too many wrong passwords.
    TooManyAttempts {
        /// Seconds until the next attempt is looked at.
        retry_after_secs: u64,
    },
    /// The session of the form is over.
    SessionExpired,
    /// More logins than can be verified wait already.
    Busy,
}

/// Asks the owner whether a client may have what it asks for: `POST /oauth/authorize` with
/// `user_oauth_approval`, `_csrf`, `authorization` and one `scope.<name>` per scope.
#[derive(Clone, Debug)]
pub struct ApprovalPage {
    /// Bound to the session.
    pub csrf_token: String,
    /// The id of the authorization request that waits for the answer.
    pub authorization: String,
    /// The client as it is registered.
    pub client_id: String,
    /// The client by the name that people know.
    pub client_name: String,
    /// The host that the browser is sent to next.
    pub redirect_host: String,
    /// Who is signed in.
    pub owner: String,
    /// What the client asks for. Without scopes the page asks for everything at once.
    pub scopes: Vec<ScopeChoice>,
}

/// One scope, to allow or to refuse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeChoice {
    /// As in the request.
    pub name: String,
    /// What it permits, in words; may be empty.
    pub description: String,
    /// Which answer is chosen beforehand.
    pub approved: bool,
}

/// Asks whether to sign out: `POST /logout` with `_csrf`.
#[derive(Clone, Debug)]
pub struct LogoutPage {
    /// Bound to the session.
    pub csrf_token: String,
    /// Who is signed in.
    pub owner: String,
}

/// Says that the session is over.
#[derive(Clone, Copy, Debug)]
pub struct SignedOutPage {}

/// Says what this server is, to whoever finds it without being sent.
#[derive(Clone, Debug)]
pub struct HomePage {
    /// Who is signed in.
    pub owner: Option<String>,
}

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
}

impl LoginPage {
    /// The page as HTML.
    pub fn render(&self, language: Language) -> Result<String, askama::Error> {
        let words = Words::of(language);
        LoginTemplate { page: self, words }.render()
    }

    /// Whether what was typed is to be marked as wrong.
    fn is_refused(&self) -> bool {
        self.notice == Some(LoginNotice::BadCredentials)
    }
}

impl ApprovalPage {
    /// The page as HTML.
    pub fn render(&self, language: Language) -> Result<String, askama::Error> {
        let words = Words::of(language);
        ApprovalTemplate { page: self, words }.render()
    }
}

impl LogoutPage {
    /// The page as HTML.
    pub fn render(&self, language: Language) -> Result<String, askama::Error> {
        let words = Words::of(language);
        LogoutTemplate { page: self, words }.render()
    }
}

impl SignedOutPage {
    /// The page as HTML.
    pub fn render(&self, language: Language) -> Result<String, askama::Error> {
        let words = Words::of(language);
        SignedOutTemplate { words }.render()
    }
}

impl HomePage {
    /// The page as HTML.
    pub fn render(&self, language: Language) -> Result<String, askama::Error> {
        let template = HomeTemplate {
            page: self,
            words: Words::of(language),
            metadata: metadata::WELL_KNOWN_PATH,
        };
        template.render()
    }
}

impl ErrorPage {
    /// The page as HTML.
    pub fn render(&self, language: Language) -> Result<String, askama::Error> {
        let words = Words::of(language);
        ErrorTemplate { page: self, words }.render()
    }

    /// What a person can do, by the key of the sentence.
    const fn advice(&self) -> &'static str {
        if self.request_expired {
            "error-advice-expired"
        } else if self.status >= 500 {
            "error-advice-server"
        } else {
            "error-advice-request"
        }
    }
}

#[derive(Template)]
#[template(path = "login.html")]
struct LoginTemplate<'a> {
    page: &'a LoginPage,
    words: Words,
}

#[derive(Template)]
#[template(path = "approval.html")]
struct ApprovalTemplate<'a> {
    page: &'a ApprovalPage,
    words: Words,
}

#[derive(Template)]
#[template(path = "logout.html")]
struct LogoutTemplate<'a> {
    page: &'a LogoutPage,
    words: Words,
}

#[derive(Template)]
#[template(path = "signed_out.html")]
struct SignedOutTemplate {
    words: Words,
}

#[derive(Template)]
#[template(path = "home.html")]
struct HomeTemplate<'a> {
    page: &'a HomePage,
    words: Words,
    metadata: &'static str,
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorTemplate<'a> {
    page: &'a ErrorPage,
    words: Words,
}
