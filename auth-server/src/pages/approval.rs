//! The approval page.

use askama::Template;

use crate::pages::frame::Frame;

/// Asks the owner whether a client may have what it asks for: `POST /oauth/authorize` with
/// `user_oauth_approval`, `_csrf`, `authorization`, `client_id` and one `scope.<name>` per scope.
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
    /// Where somebody else signs in, for the same request.
    pub another_account: String,
    /// Whether there is one question about everything.
    pub at_once: bool,
    /// What the client asks for.
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

impl ApprovalPage {
    /// The page as HTML.
    pub fn render(&self, frame: &Frame<'_>) -> Result<String, askama::Error> {
        ApprovalTemplate { page: self, frame }.render()
    }
}

#[derive(Template)]
#[template(path = "approval.html")]
struct ApprovalTemplate<'a> {
    page: &'a ApprovalPage,
    frame: &'a Frame<'a>,
}
