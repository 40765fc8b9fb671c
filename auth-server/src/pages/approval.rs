//! The approval page.

use askama::Template;

use crate::pages::client_card::ClientCard;
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
    /// What it says of itself.
    pub card: ClientCard,
    /// The host that the browser is sent to next.
    pub redirect_host: String,
    /// Who is signed in.
    pub owner: String,
    /// Where somebody else signs in, for the same request.
    pub another_account: String,
    /// Whether there is one question about everything.
    pub at_once: bool,
    /// How long the answer lasts.
    pub lasts: Lasting,
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
    /// Whether its owner has said yes before.
    pub approved_before: bool,
}

/// How long an approval lasts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lasting {
    /// Seconds that a token is good for; `None`: it does not end by itself.
    pub token_secs: Option<u64>,
    /// Whether the client gets another without asking.
    pub is_renewed: bool,
    /// For how long owners are not asked again.
    pub memory: Memory,
}

/// For how long owners are not asked again about what they have allowed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Memory {
    /// They are asked each time.
    #[default]
    None,
    /// So many seconds.
    Secs(u64),
    /// As long as the client has access.
    WhileItHasAccess,
}

impl Lasting {
    /// What the page says of it.
    fn sentences(&self, frame: &Frame<'_>) -> Vec<String> {
        let words = frame.words;
        let token = match (self.token_secs, self.is_renewed) {
            (Some(secs), true) => words.spanning("approval-lasts-renewed", secs),
            (Some(secs), false) => words.spanning("approval-lasts", secs),
            (None, _) => words.say("approval-lasts-without-end"),
        };
        let memory = match self.memory {
            Memory::None => words.say("approval-not-remembered"),
            Memory::Secs(secs) => words.spanning("approval-remembered", secs),
            Memory::WhileItHasAccess => words.say("approval-remembered-while-access"),
        };
        vec![token, memory]
    }
}

impl ApprovalPage {
    /// The page as HTML.
    pub fn render(&self, frame: &Frame<'_>) -> Result<String, askama::Error> {
        frame.write("approval", &ApprovalTemplate { page: self, frame })
    }
}

#[derive(Template)]
#[template(path = "approval.html")]
struct ApprovalTemplate<'a> {
    page: &'a ApprovalPage,
    frame: &'a Frame<'a>,
}
