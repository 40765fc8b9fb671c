//! The page with the script, and what the script says.

use askama::Template;

use super::Shell;

/// `/spa`
#[derive(Debug, Template)]
#[template(path = "spa.html")]
pub(crate) struct ScriptPage {
    /// What is around the page.
    pub(crate) shell: Shell,
    /// For the script: the authorization server.
    pub(crate) authorization_server: String,
    /// For the script: whether every answer says who it is from (RFC 9207).
    pub(crate) require_iss: bool,
    /// For the script: Photo Space.
    pub(crate) resource_server: String,
    /// For the script: who it is.
    pub(crate) client_id: String,
    /// For the script: where the browser comes back to.
    pub(crate) redirect_uri: String,
}

/// The keys of what the script says.
const SENTENCES: [&str; 36] = [
    "script-ask",
    "script-ask-pkce-text",
    "script-ask-implicit-text",
    "script-browser-to-server",
    "script-to-server",
    "script-to-photos",
    "script-back",
    "script-back-with-code",
    "script-back-with-token",
    "script-back-without",
    "script-in-fragment",
    "script-in-query",
    "script-compares",
    "script-exchange",
    "script-exchange-text",
    "script-whose",
    "script-whose-text",
    "script-use",
    "script-use-text",
    "script-answer",
    "script-getting",
    "script-photos",
    "script-says-no",
    "script-photos-say-no",
    "script-unknown-type",
    "script-not-ours",
    "script-not-this-tab",
    "script-other-issuer",
    "script-denied",
    "script-other-kind",
    "script-unreachable",
    "script-lifeline",
    "inspector-diagram",
    "role-owner",
    "role-authorization-server",
    "role-resource-server",
];

impl ScriptPage {
    fn sentences(&self) -> Vec<(&'static str, String)> {
        let words = self.shell.words;
        SENTENCES.map(|key| (key, words.say(key))).to_vec()
    }
}
