//! Where a page is, for the links to it in other languages.

/// The path of a page that can be asked for again, in another language. What a form leads to cannot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Here(String);

impl Default for Here {
    fn default() -> Self {
        Self("/".to_owned())
    }
}

impl Here {
    /// The page at this path. What a browser could read as another host is none of ours.
    pub(super) fn at(path: &str) -> Self {
        let mut characters = path.chars();
        let is_path =
            characters.next() == Some('/') && !matches!(characters.next(), Some('/' | '\\'));
        let is_plain = path
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "/-_.".contains(c));
        if is_path && is_plain {
            Self(path.to_owned())
        } else {
            Self::default()
        }
    }

    /// The path.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}
