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
    /// After what the rows behind these are looked for, of which at most `limit` were wanted; `None` when these are the
    /// last, or when the last one has no name that anything could follow.
    pub fn next(rows: &[Self], limit: usize) -> Option<String> {
        let last = rows.last().filter(|_| rows.len() == limit)?;
        Some(last.name.clone()).filter(|name| !name.is_empty())
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
