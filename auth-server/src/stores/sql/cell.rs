//! What stands in one cell of a row, whatever the type of its column.

/// A cell. Which type a column has is the affair of whoever made the table: a number may be a text, and a yes a number.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Cell {
    Nothing,
    Text(String),
    Number(i64),
    Truth(bool),
    /// Bytes that are no text.
    Bytes(Vec<u8>),
    /// Of a type that is not read; its name.
    Unread(String),
}

/// The cells of a row, in the order of the statement's columns.
pub(super) type Row = Vec<Cell>;

/// Whether a row's name, which its first cell is, is this one.
pub(super) fn is_named(row: &Row, wanted: &str) -> bool {
    matches!(row.first(), Some(Cell::Text(name)) if name == wanted)
}

/// The name of a row, which its first cell is.
pub(super) fn name(row: &Row) -> Option<String> {
    match row.first() {
        Some(Cell::Text(name)) => Some(name.clone()),
        Some(
            Cell::Nothing | Cell::Number(_) | Cell::Truth(_) | Cell::Bytes(_) | Cell::Unread(_),
        )
        | None => None,
    }
}

/// Why a cell cannot be used. It never shows what is in the cell.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{column}` {found}; accepted: {accepted}")]
pub(super) struct CellError {
    pub(super) column: &'static str,
    pub(super) found: String,
    pub(super) accepted: &'static str,
}

impl CellError {
    pub(super) fn new(
        column: &'static str,
        found: impl Into<String>,
        accepted: &'static str,
    ) -> Self {
        Self {
            column,
            found: found.into(),
            accepted,
        }
    }
}

impl Cell {
    /// Of a column of bytes, which may be one of texts whose collation is binary.
    pub(super) fn of_bytes(bytes: Vec<u8>) -> Self {
        String::from_utf8(bytes).map_or_else(|error| Self::Bytes(error.into_bytes()), Self::Text)
    }

    /// Its bytes, if there are any.
    pub(super) fn bytes(self, column: &'static str) -> Result<Option<Vec<u8>>, CellError> {
        const ACCEPTED: &str = "bytes";
        match self {
            Self::Nothing => Ok(None),
            Self::Bytes(bytes) => Ok(Some(bytes)),
            Self::Text(text) => Ok(Some(text.into_bytes())),
            Self::Number(_) => Err(Self::of_type(column, "INTEGER", ACCEPTED)),
            Self::Truth(_) => Err(Self::of_type(column, "BOOLEAN", ACCEPTED)),
            Self::Unread(kind) => Err(Self::of_type(column, &kind, ACCEPTED)),
        }
    }

    fn of_type(column: &'static str, kind: &str, accepted: &'static str) -> CellError {
        CellError::new(column, format!("is of type {kind}"), accepted)
    }

    /// Its text, if there is any.
    pub(super) fn text(self, column: &'static str) -> Result<Option<String>, CellError> {
        match self {
            Self::Nothing => Ok(None),
            Self::Text(text) => Ok(Some(text)),
            Self::Number(number) => Ok(Some(number.to_string())),
            Self::Truth(truth) => Ok(Some(truth.to_string())),
            Self::Bytes(_) => Err(CellError::new(column, "is no text", "a text")),
            Self::Unread(kind) => Err(Self::of_type(column, &kind, "a text")),
        }
    }

    /// Its number, if there is any.
    pub(super) fn number(self, column: &'static str) -> Result<Option<i64>, CellError> {
        const ACCEPTED: &str = "a whole number, or NULL";
        match self {
            Self::Nothing => Ok(None),
            Self::Number(number) => Ok(Some(number)),
            Self::Text(text) => match text.trim().parse() {
                Ok(number) => Ok(Some(number)),
                Err(_) => Err(CellError::new(column, "is no number", ACCEPTED)),
            },
            Self::Truth(_) => Err(Self::of_type(column, "BOOLEAN", ACCEPTED)),
            Self::Bytes(_) => Err(CellError::new(column, "is no number", ACCEPTED)),
            Self::Unread(kind) => Err(Self::of_type(column, &kind, ACCEPTED)),
        }
    }

    /// Whether it says yes.
    pub(super) fn truth(self, column: &'static str) -> Result<bool, CellError> {
        const ACCEPTED: &str = "a boolean, 0 or 1";
        let unclear = || CellError::new(column, "says neither yes nor no", ACCEPTED);
        match self {
            Self::Nothing => Err(CellError::new(column, "is NULL", ACCEPTED)),
            Self::Truth(truth) => Ok(truth),
            Self::Number(number) => Ok(number != 0),
            Self::Text(text) => match text.trim().to_ascii_lowercase().as_str() {
                "1" | "t" | "true" | "y" | "yes" => Ok(true),
                "0" | "f" | "false" | "n" | "no" => Ok(false),
                _ => Err(unclear()),
            },
            Self::Bytes(_) => Err(unclear()),
            Self::Unread(kind) => Err(Self::of_type(column, &kind, ACCEPTED)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_cell_says_does_not_depend_on_the_type_of_its_column() {
        let text = |text: &str| Cell::Text(text.to_owned());
        for yes in [
            Cell::Truth(true),
            Cell::Number(1),
            text("1"),
            text("T "),
            text("yes"),
        ] {
            assert_eq!(yes.truth("enabled"), Ok(true));
        }
        for no in [
            Cell::Truth(false),
            Cell::Number(0),
            text("0"),
            text("false"),
        ] {
            assert_eq!(no.truth("enabled"), Ok(false));
        }
        assert_eq!(text("60 ").number("a"), Ok(Some(60)));
        assert_eq!(Cell::Nothing.number("a"), Ok(None));
        assert_eq!(Cell::Number(60).text("a"), Ok(Some("60".to_owned())));
    }

    #[test]
    fn a_cell_that_cannot_be_used_is_named_and_not_shown() {
        let shown = |error: CellError| error.to_string();
        let error = Cell::Text("s3cret".to_owned())
            .truth("enabled")
            .unwrap_err();
        assert_eq!(
            shown(error),
            "`enabled` says neither yes nor no; accepted: a boolean, 0 or 1"
        );
        let error = Cell::Unread("NUMERIC".to_owned()).number("a").unwrap_err();
        assert!(shown(error).contains("is of type NUMERIC"));
        let error = Cell::Text("s3cret".to_owned()).number("a").unwrap_err();
        assert!(!shown(error).contains("s3cret"));
    }
}
