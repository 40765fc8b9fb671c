//! A row as a command goes through it: those too of which nothing can be used.

/// A row, and what it describes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadRow<T> {
    /// Whose it is.
    pub name: String,
    /// What it describes, or why it describes nothing. No secret is in the reason.
    pub read: Result<T, String>,
    /// What stands in it and means nothing here.
    pub left_out: Vec<LeftOut>,
}

impl<T> ReadRow<T> {
    /// After what the next row is looked for; `None` of a row without a name, which nothing can be said to follow.
    pub fn next(&self) -> Option<String> {
        Some(self.name.clone()).filter(|name| !name.is_empty())
    }
}

/// What stands in a column and means nothing here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The column.
    pub column: &'static str,
    /// Which entries of it.
    pub entries: Vec<String>,
}

impl LeftOut {
    /// Adds what of a column means nothing, if anything does.
    pub(super) fn note(all: &mut Vec<Self>, column: &'static str, entries: Vec<String>) {
        if !entries.is_empty() {
            all.push(Self { column, entries });
        }
    }
}
