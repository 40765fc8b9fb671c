//! Where the endpoints of a Spring server are said to be.

use serde::Deserialize;

use super::issuer::{IssuerError, check_path};

/// Where the endpoints of a Spring server are, below the issuer's path: an old server may have had them mapped.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paths {
    /// RFC 6749 §3.1.
    pub authorize: String,
    /// The approval page.
    pub confirm_access: String,
    /// The page of an error that nobody else shows.
    pub error: String,
    /// RFC 6749 §3.2.
    pub token: String,
    /// What Spring's resource servers ask.
    pub check_token: String,
    /// The key that checks JWTs, in Spring's form.
    pub token_key: String,
}

impl Default for Paths {
    fn default() -> Self {
        Self {
            authorize: "/oauth/authorize".to_owned(),
            confirm_access: "/oauth/confirm_access".to_owned(),
            error: "/oauth/error".to_owned(),
            token: "/oauth/token".to_owned(),
            check_token: "/oauth/check_token".to_owned(),
            token_key: "/oauth/token_key".to_owned(),
        }
    }
}

impl Paths {
    /// What each is called in the settings.
    fn by_setting(&self) -> [(&'static str, &str); 6] {
        [
            ("authorize", &self.authorize),
            ("confirm_access", &self.confirm_access),
            ("error", &self.error),
            ("token", &self.token),
            ("check_token", &self.check_token),
            ("token_key", &self.token_key),
        ]
    }

    /// Whether each is a path.
    pub(super) fn check(&self) -> Result<(), AddressError> {
        for (setting, path) in self.by_setting() {
            let checked = if path.len() > 1 && path.starts_with('/') {
                check_path(path).map_err(PathError::from)
            } else {
                Err(PathError::NoPath)
            };
            checked.map_err(|error| AddressError::Path { setting, error })?;
        }
        Ok(())
    }
}

/// Why endpoints cannot be where they are said to be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Nothing can be below the issuer.
    #[error("`issuer`: {0}")]
    Issuer(#[from] IssuerError),
    /// A path is none.
    #[error("`paths.{setting}`: {error}")]
    Path {
        /// Which.
        setting: &'static str,
        /// Why.
        error: PathError,
    },
}

/// Why a path is none that an endpoint can be at.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// It does not begin with a slash, or has no more.
    #[error("a path begins with a slash, and something follows it")]
    NoPath,
    /// It is written as no issuer's path may be.
    #[error(transparent)]
    Written(#[from] IssuerError),
    /// A request for it would be one for something else.
    #[error("`{path}` is where `{other}` is heard")]
    Taken {
        /// The path.
        path: String,
        /// What is there.
        other: &'static str,
    },
}

impl AddressError {
    /// The endpoint of this name is mapped to where another is.
    pub(super) fn taken(name: &'static str, path: &str, other: &'static str) -> Self {
        Self::Path {
            // All that can be mapped are called by the last part of their name.
            setting: name.strip_prefix("/oauth/").unwrap_or(name),
            error: PathError::Taken {
                path: path.to_owned(),
                other,
            },
        }
    }
}
