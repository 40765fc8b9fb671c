//! Who administers.

use crate::pages::Language;

/// Whether and how this server is administered over HTTP, and by whom. By command the operator always can.
#[derive(Clone, Debug)]
pub struct Administrators {
    /// Whether there are pages.
    pub pages: bool,
    /// Whether there is an API.
    pub api: bool,
    /// The authority that an owner, or a client that acts for itself, needs for it.
    pub authority: String,
}

impl Administrators {
    /// Scope of tokens that may read.
    pub const READ: &str = "admin.read";
    /// Scope of tokens that may change something.
    pub const WRITE: &str = "admin.write";
    /// The resource id of the API: a token that is good there names it, whatever else it names.
    pub const RESOURCE_ID: &str = "administration";

    /// Whether these authorities are enough.
    pub fn include(&self, authorities: &[String]) -> bool {
        authorities.contains(&self.authority)
    }
}

/// Who administers, for the audit stream. By default it is the operator.
#[derive(Clone, Copy, Debug, Default)]
pub struct Administrator<'a> {
    /// The account, or a client that acts for itself; `None`: the operator, by command.
    pub by: Option<&'a str>,
    /// Where they are; empty where that is not known.
    pub address: &'a str,
    /// In which language they read, and the mails are that they have sent: that of whoever reads those nobody knows.
    pub language: Language,
}
