//! The statements. Nothing that a caller says is ever part of one: names are bound, and what comes from the settings is
//! the name of a table, which is checked, or the operator's own query.

use std::fmt;

/// The columns of a client, in the order in which a statement names them.
pub(super) const CLIENT_COLUMNS: [&str; 11] = [
    "client_id",
    "client_secret",
    "resource_ids",
    "scope",
    "authorized_grant_types",
    "web_server_redirect_uri",
    "authorities",
    "access_token_validity",
    "refresh_token_validity",
    "additional_information",
    "autoapprove",
];
/// The columns of an account.
pub(super) const USER_COLUMNS: [&str; 3] = ["username", "password", "enabled"];
/// The columns of what an account may do.
pub(super) const AUTHORITY_COLUMNS: [&str; 2] = ["username", "authority"];

/// The columns that say which row is an access token's, and what is kept of it; the last one leads from a refresh token to
/// it.
pub(super) const ACCESS_TOKEN_COLUMNS: [&str; 4] =
    ["token_id", "token", "authentication", "refresh_token"];
/// The columns of a refresh token.
pub(super) const REFRESH_TOKEN_COLUMNS: [&str; 3] = ["token_id", "token", "authentication"];

/// The parts of the longest name of a table: database, schema and table.
const MOST_PARTS: usize = 3;

/// Where rows come from.
#[derive(Clone, PartialEq, Eq)]
pub struct Source(String);

/// Why rows cannot come from there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// It is no name.
    #[error(
        "is no name of a table; accepted: letters, digits, _ and $, with a schema and a dot before it or without"
    )]
    Name,
    /// It is no query, or more than one.
    #[error("is no single SELECT; accepted: one SELECT (or WITH) of all rows, without a semicolon")]
    Query,
}

impl fmt::Debug for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Source {
    /// A table or a view. Its name is not quoted, so that letter case counts as little as it did for Spring.
    pub fn table(name: &str) -> Result<Self, SourceError> {
        let is_name = |part: &str| {
            let mut characters = part.chars();
            let first = characters.next();
            first.is_some_and(|first| first == '_' || first.is_ascii_alphabetic())
                && characters.all(|one| matches!(one, '_' | '$') || one.is_ascii_alphanumeric())
        };
        let parts: Vec<&str> = name.split('.').collect();
        if parts.len() <= MOST_PARTS && parts.into_iter().all(is_name) {
            Ok(Self(name.to_owned()))
        } else {
            Err(SourceError::Name)
        }
    }

    /// A query of all rows, whose columns have Spring's names.
    pub fn query(text: &str) -> Result<Self, SourceError> {
        let text = text.trim();
        let first = text.split_whitespace().next().unwrap_or_default();
        let is_select = ["select", "with"]
            .iter()
            .any(|word| first.eq_ignore_ascii_case(word));
        // The rest of a line after `--` would take our own end of the statement with it.
        if !is_select || text.contains(';') || text.contains("--") || text.contains('#') {
            return Err(SourceError::Query);
        }
        Ok(Self(format!("({text})")))
    }

    /// The rows, under a name of their own.
    fn rows(&self, name: &str) -> String {
        format!("{} {name}", self.0)
    }

    /// A statement that finds no row, and fails where the rows cannot be read.
    pub(super) fn probe(&self, columns: &str) -> String {
        format!("SELECT {columns} FROM {} WHERE 1 = 0", self.rows("r"))
    }

    /// A statement that removes no row, and fails where rows may not be removed.
    pub(super) fn removal_probe(&self) -> String {
        format!("DELETE FROM {} WHERE 1 = 0", self.0)
    }
}

/// How a database writes the place of the first bound value, and of the only one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Placeholder {
    Numbered,
    QuestionMark,
}

impl Placeholder {
    const fn text(self) -> &'static str {
        match self {
            Self::Numbered => "$1",
            Self::QuestionMark => "?",
        }
    }
}

/// The client of a name, which is bound.
pub(super) fn find_client(clients: &Source, placeholder: Placeholder) -> String {
    let (columns, rows) = (CLIENT_COLUMNS.join(", "), clients.rows("r"));
    let name = placeholder.text();
    format!("SELECT {columns} FROM {rows} WHERE client_id = {name}")
}

/// So many clients in the order of their ids: all, or those after the one that is bound.
pub(super) fn list_clients(clients: &Source, after: Option<Placeholder>, limit: usize) -> String {
    let (columns, rows) = (CLIENT_COLUMNS.join(", "), clients.rows("r"));
    let after = after.map(|place| format!("WHERE client_id > {} ", place.text()));
    let after = after.unwrap_or_default();
    format!("SELECT {columns} FROM {rows} {after}ORDER BY client_id LIMIT {limit}")
}

/// The account of a name, which is bound: one row for each thing that it may do.
pub(super) fn find_owner(users: &Source, authorities: &Source, placeholder: Placeholder) -> String {
    let wanted = format!("WHERE username = {}", placeholder.text());
    with_authorities(users, authorities, &wanted)
}

/// So many accounts in the order of their names: all, or those after the one that is bound.
pub(super) fn list_owners(
    users: &Source,
    authorities: &Source,
    after: Option<Placeholder>,
    limit: usize,
) -> String {
    let after = after.map(|place| format!("WHERE username > {} ", place.text()));
    let wanted = format!(
        "{}ORDER BY username LIMIT {limit}",
        after.unwrap_or_default()
    );
    with_authorities(users, authorities, &wanted)
}

/// The streams of a token whose digest is bound. Of one that is longer than `longest` bytes no more is fetched than shows
/// it.
pub(super) fn find_token(tokens: &Source, placeholder: Placeholder, longest: usize) -> String {
    let (rows, digest, upto) = (
        tokens.rows("r"),
        placeholder.text(),
        longest.saturating_add(1),
    );
    format!(
        "SELECT substr(token, 1, {upto}), substr(authentication, 1, {upto}) FROM {rows} WHERE token_id = {digest} LIMIT 1"
    )
}

/// So many tokens in the order of their digests: all, or those after the one that is bound. Of each the digest, and no more of
/// its streams than [`find_token`] fetches.
pub(super) fn list_tokens(
    tokens: &Source,
    after: Option<Placeholder>,
    limit: usize,
    longest: usize,
) -> String {
    let (rows, upto) = (tokens.rows("r"), longest.saturating_add(1));
    let after = after.map(|place| format!("WHERE token_id > {} ", place.text()));
    let after = after.unwrap_or_default();
    format!(
        "SELECT token_id, substr(token, 1, {upto}), substr(authentication, 1, {upto}) FROM {rows} {after}ORDER BY token_id \
         LIMIT {limit}"
    )
}

/// Removes the rows where a column has the digest that is bound.
pub(super) fn remove_tokens(
    tokens: &Source,
    column: &'static str,
    placeholder: Placeholder,
) -> String {
    // No name of its own for the table: not every MySQL knows one here.
    format!(
        "DELETE FROM {} WHERE {column} = {}",
        tokens.0,
        placeholder.text()
    )
}

fn with_authorities(users: &Source, authorities: &Source, wanted: &str) -> String {
    let columns = USER_COLUMNS.join(", ");
    let (users, authorities) = (users.rows("r"), authorities.rows("a"));
    format!(
        "SELECT u.username, u.password, u.enabled, a.authority FROM (SELECT {columns} FROM {users} {wanted}) u \
         LEFT JOIN {authorities} ON a.username = u.username ORDER BY u.username, a.authority"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_name_is_the_name_of_a_table() {
        for name in ["oauth_client_details", "sso.users", "DB.dbo.Users2", "_a$"] {
            assert!(Source::table(name).is_ok(), "{name}");
        }
        for name in [
            "",
            ".",
            "a.",
            "1a",
            "a b",
            "a;drop table users",
            "a--",
            "\"a\"",
            "a.b.c.d",
            "usérs",
            "(SELECT 1)",
        ] {
            assert_eq!(Source::table(name), Err(SourceError::Name), "{name}");
        }
    }

    #[test]
    fn a_query_is_one_select() {
        for text in ["SELECT a FROM b", " with a as (select 1) select * from a\n"] {
            assert!(Source::query(text).is_ok(), "{text}");
        }
        for text in [
            "",
            "DELETE FROM a",
            "select 1; drop table a",
            "select 1 -- a",
            "selection",
        ] {
            assert_eq!(Source::query(text), Err(SourceError::Query), "{text}");
        }
    }

    #[test]
    fn what_is_looked_for_is_bound() {
        let clients = Source::table("oauth_client_details").unwrap();
        let found = find_client(&clients, Placeholder::Numbered);
        assert!(found.ends_with("FROM oauth_client_details r WHERE client_id = $1"));
        let listed = list_clients(&clients, Some(Placeholder::QuestionMark), 7);
        assert!(listed.ends_with("r WHERE client_id > ? ORDER BY client_id LIMIT 7"));
        let tokens = Source::table("oauth_access_token").unwrap();
        let found = find_token(&tokens, Placeholder::Numbered, 7);
        assert!(found.ends_with("FROM oauth_access_token r WHERE token_id = $1 LIMIT 1"));
        let removed = remove_tokens(&tokens, "refresh_token", Placeholder::QuestionMark);
        assert_eq!(
            removed,
            "DELETE FROM oauth_access_token WHERE refresh_token = ?"
        );
        let users = Source::query("SELECT * FROM people").unwrap();
        let found = find_owner(&users, &users, Placeholder::QuestionMark);
        assert!(found.contains("FROM (SELECT * FROM people) r WHERE username = ?) u "));
    }
}
