//! The registration that a row describes.

use serde_json::{Map, Value};
use symbolon::scope::Scope;
use symbolon::scope_pattern::ScopePattern;
use symbolon::secret::Secret;
use symbolon::token::GrantType;

use crate::records::ClientRegistration;
use crate::stores::LONGEST_LIFE_SECS;
use crate::stores::sql::cell::{Cell, CellError, Row, name};
use crate::stores::sql::read_row::{LeftOut, ReadRow};
use crate::stores::sql::statements::CLIENT_COLUMNS;

/// The member of `additional_information` that holds what no column of Spring's can say.
const OURS: &str = "symbolon";
/// What a column says, which that member therefore may not.
const IN_COLUMNS: [&str; 9] = [
    "client_id",
    "client_secret",
    "redirect_uris",
    "scope",
    "auto_approve",
    "resource_ids",
    "authorities",
    "access_token_ttl_secs",
    "refresh_token_ttl_secs",
];

/// What a row describes, or why it describes nothing.
pub(super) fn read_row(row: Row, grants: &[GrantType]) -> ReadRow<ClientRegistration> {
    let mut left_out = Vec::new();
    ReadRow {
        name: name(&row).unwrap_or_default(),
        read: read(row, grants, &mut left_out).map_err(|error| error.to_string()),
        left_out,
    }
}

/// The registration that a row describes, as Spring reads it.
fn read(
    row: Row,
    grants: &[GrantType],
    left_out: &mut Vec<LeftOut>,
) -> Result<ClientRegistration, CellError> {
    let mut cells = CLIENT_COLUMNS.iter().copied().zip(row);
    let mut next = || {
        let missing = || {
            CellError::new(
                "client_id",
                "stands in a row of fewer columns",
                "11 columns",
            )
        };
        cells.next().ok_or_else(missing)
    };
    let text = |(column, cell): (&'static str, Cell)| cell.text(column);
    let id = text(next()?)?;
    let id = id.ok_or_else(|| CellError::new("client_id", "is NULL", "a name"))?;
    let client_secret = text(next()?)?.filter(|secret| !secret.is_empty());
    let resource_ids = list(next()?)?;
    let scope = scope_of(next()?, left_out)?;
    let written_grants = grant_types_of(next()?, grants, left_out)?;
    let redirect_uris = list(next()?)?;
    let authorities = list(next()?)?;
    let access_token_ttl_secs = life_secs(next()?)?;
    let refresh_token_ttl_secs = life_secs(next()?)?;
    let ours = ours(&id, text(next()?)?, left_out)?;
    let grant_types = match written_grants {
        Some(written) => written,
        None if ours.says_grants => ours.registration.grant_types.clone(),
        None => vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
    };
    Ok(ClientRegistration {
        client_secret: client_secret.map(Secret::new),
        grant_types: possible_grants(grant_types, &redirect_uris, left_out),
        redirect_uris,
        auto_approve: auto_approved(list(next()?)?, &scope, left_out),
        scope,
        resource_ids,
        authorities,
        access_token_ttl_secs,
        refresh_token_ttl_secs,
        ..ours.registration
    })
}

/// A cell, with the name of its column.
type Named = (&'static str, Cell);

/// A list: separated by commas, without trimming. A blank text is an empty one.
fn list((column, cell): Named) -> Result<Vec<String>, CellError> {
    let text = cell.text(column)?.unwrap_or_default();
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let entries = text.split(',').filter(|entry| !entry.is_empty());
    Ok(entries.map(str::to_owned).collect())
}

/// The grants that are written down; `None` where nothing is.
fn grant_types_of(
    cell: Named,
    extensions: &[GrantType],
    left_out: &mut Vec<LeftOut>,
) -> Result<Option<Vec<GrantType>>, CellError> {
    let column = cell.0;
    let written = list(cell)?;
    if written.is_empty() {
        return Ok(None);
    }
    let extension = |word: &str| extensions.iter().find(|grant| grant.as_str() == word);
    let read = |word: &str| GrantType::built_in(word).or_else(|| extension(word).copied());
    let (known, unknown) = sorted_out(written, read);
    LeftOut::note(left_out, column, unknown);
    // An empty list can mean all of them.
    if known.is_empty() {
        let found = "names no grant that there is here";
        return Err(CellError::new(column, found, GRANTS));
    }
    Ok(Some(known))
}

/// Without the grants that redirect where there is no place to redirect to: a Spring server refuses those requests, and
/// its client goes on with others. What is left is never an empty list in the place of a full one, which can mean all.
fn possible_grants(
    grant_types: Vec<GrantType>,
    redirect_uris: &[String],
    left_out: &mut Vec<LeftOut>,
) -> Vec<GrantType> {
    if !redirect_uris.is_empty() || grant_types.is_empty() {
        return grant_types;
    }
    let redirects =
        |grant: &GrantType| matches!(grant, GrantType::AuthorizationCode | GrantType::Implicit);
    let (impossible, mut possible): (Vec<_>, Vec<_>) = grant_types.into_iter().partition(redirects);
    let names = impossible.iter().map(|grant| grant.as_str().to_owned());
    LeftOut::note(left_out, "authorized_grant_types", names.collect());
    if possible.is_empty() {
        possible.push(GrantType::RefreshToken);
    }
    possible
}

const GRANTS: &str =
    "authorization_code, refresh_token, client_credentials, implicit and password, without blanks";

fn scope_of(cell: Named, left_out: &mut Vec<LeftOut>) -> Result<Scope, CellError> {
    let column = cell.0;
    let written = list(cell)?;
    let is_empty = written.is_empty();
    let is_name = |entry: &str| Scope::try_from(vec![entry.to_owned()]).ok();
    let (known, unknown) = sorted_out(written, is_name);
    LeftOut::note(left_out, column, unknown);
    let names = known.iter().flat_map(Scope::names).map(str::to_owned);
    match Scope::try_from(names.collect::<Vec<_>>()) {
        // No scope at all can mean any.
        Ok(scope) if is_empty || !scope.is_empty() => Ok(scope),
        Ok(_) | Err(_) => Err(CellError::new(
            column,
            "names no scope that anybody can ask for",
            "printable ASCII without blanks (RFC 6749 §3.3)",
        )),
    }
}

/// The scopes that owners are not asked about: all for `true`, else those that an entry matches as a whole, which is
/// a regular expression. One that is none matches nothing, and its scopes are asked about.
fn auto_approved(entries: Vec<String>, scope: &Scope, left_out: &mut Vec<LeftOut>) -> Scope {
    if entries.iter().any(|entry| entry == "true") {
        return scope.clone();
    }
    let (patterns, unknown) = sorted_out(entries, ScopePattern::parse);
    LeftOut::note(left_out, "autoapprove", unknown);
    let is_meant = |name: &&str| {
        let matches = |pattern: &ScopePattern| pattern.as_str() == *name || pattern.matches(name);
        patterns.iter().any(matches)
    };
    let names = scope.names().filter(is_meant).map(str::to_owned);
    Scope::try_from(names.collect::<Vec<_>>()).unwrap_or_default()
}

/// Seconds; nothing means the server's default, and 0 or less that it does not expire. What is longer than anything is
/// kept here is as long as that.
fn life_secs((column, cell): Named) -> Result<Option<u64>, CellError> {
    let secs = cell.number(column)?;
    Ok(secs.map(|secs| u64::try_from(secs).unwrap_or(0).min(LONGEST_LIFE_SECS)))
}

/// What no column says.
struct Ours {
    registration: ClientRegistration,
    /// Whether the grants are among it: then they count where the column is empty, and may be none.
    says_grants: bool,
}

/// What `additional_information` says to us, and what goes without saying. What is no JSON says nothing, as at a
/// Spring server.
fn ours(
    client_id: &str,
    text: Option<String>,
    left_out: &mut Vec<LeftOut>,
) -> Result<Ours, CellError> {
    const COLUMN: &str = "additional_information";
    let text = text.filter(|text| !text.trim().is_empty());
    let text = text.unwrap_or_else(|| "{}".to_owned());
    let refused = |found: String| {
        CellError::new(COLUMN, found, "fields of a registration that no column has")
    };
    let mut said = match serde_json::from_str::<Map<String, Value>>(&text) {
        Ok(mut members) => match members.remove(OURS) {
            None => Map::new(),
            Some(Value::Object(said)) => said,
            Some(_) => return Err(refused(format!("has a member `{OURS}` that is no object"))),
        },
        // What was meant for us may have been a restriction.
        Err(_) if text.contains(OURS) => {
            return Err(refused(format!("is no JSON, and names `{OURS}`")));
        }
        Err(_) => {
            LeftOut::note(left_out, COLUMN, vec!["no JSON object".to_owned()]);
            Map::new()
        }
    };
    if let Some(name) = IN_COLUMNS.iter().find(|name| said.contains_key(**name)) {
        return Err(refused(format!("holds `{name}`, which has a column")));
    }
    let says_grants = said.contains_key("grant_types");
    said.insert("client_id".to_owned(), client_id.into());
    said.entry("client_name")
        .or_insert_with(|| client_id.into());
    match serde_json::from_value(Value::Object(said)) {
        Ok(registration) => Ok(Ours {
            registration,
            says_grants,
        }),
        Err(error) => Err(refused(format!("cannot be used: {error}"))),
    }
}

/// What can be read of a list, and what cannot.
fn sorted_out<T>(entries: Vec<String>, read: impl Fn(&str) -> Option<T>) -> (Vec<T>, Vec<String>) {
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for entry in entries {
        match read(&entry) {
            Some(value) => known.push(value),
            None => unknown.push(entry),
        }
    }
    (known, unknown)
}

#[cfg(test)]
mod tests;
