//! What a resource server is called where tokens name it.

/// The id of a resource server, and whether tokens have to name it. Any text is one, of which tokens need not name
/// any resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceId {
    name: String,
    audience_required: bool,
}

impl ResourceId {
    /// A token for other resources only is refused; one that names no resource is good everywhere, as in the
    /// Spring dialect.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            audience_required: false,
        }
    }

    /// Refuses tokens that name no resource at all (RFC 9068 §4, RFC 8707).
    #[must_use]
    pub fn require_audience(mut self, require: bool) -> Self {
        self.audience_required = require;
        self
    }

    /// The name itself.
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// True when a token for these resources is good here.
    pub(super) fn is_among(&self, audience: &[String]) -> bool {
        let anywhere = audience.is_empty() && !self.audience_required;
        anywhere || audience.contains(&self.name)
    }
}

impl From<&str> for ResourceId {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl From<String> for ResourceId {
    fn from(name: String) -> Self {
        Self::new(name)
    }
}
