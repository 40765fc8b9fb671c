//! The path of an issuer, and what any path is made of.

/// Why an issuer is none that endpoints can be below.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IssuerError {
    /// The parser's reason.
    #[error(transparent)]
    Url(#[from] url::ParseError),
    /// Endpoints bring a slash of their own.
    #[error("a slash is at its end")]
    SlashAtEnd,
    /// Two slashes with nothing between them.
    #[error("nothing is between two slashes of its path")]
    EmptySegment,
    /// A segment that browsers resolve before they send a request (RFC 3986 §5.2.4).
    #[error("its path has the segment `{0}`, which browsers take away")]
    DotSegment(String),
    /// More than one spelling, or a meaning in the patterns of a route table.
    #[error("`{0}` stands behind its host")]
    Character(char),
}

/// The path of an issuer as it is written; empty when it has none. Of what RFC 3986 §3.3 allows there, only what
/// has one spelling is accepted: every proxy, browser and route table takes it for the same.
pub fn issuer_path(issuer: &str) -> Result<&str, IssuerError> {
    let (_, behind_scheme) = issuer.split_once("://").unwrap_or(("", issuer));
    let host_ends = behind_scheme.find(['/', '?', '#']);
    let (_, path) = behind_scheme.split_at(host_ends.unwrap_or(behind_scheme.len()));
    if let Some(other) = path.chars().next().filter(|first| *first != '/') {
        return Err(IssuerError::Character(other));
    }
    check_path(path)?;
    Ok(path)
}

/// Of what RFC 3986 §3.3 allows in a path, what has one spelling.
pub(super) fn check_path(path: &str) -> Result<(), IssuerError> {
    if path.ends_with('/') {
        return Err(IssuerError::SlashAtEnd);
    }
    for segment in path.split('/').skip(1) {
        // RFC 3986 §2.3: the unreserved characters.
        let fits =
            |character: char| character.is_ascii_alphanumeric() || "-._~".contains(character);
        match segment {
            "" => return Err(IssuerError::EmptySegment),
            "." | ".." => return Err(IssuerError::DotSegment(segment.to_owned())),
            _ => {
                if let Some(other) = segment.chars().find(|character| !fits(*character)) {
                    return Err(IssuerError::Character(other));
                }
            }
        }
    }
    Ok(())
}
