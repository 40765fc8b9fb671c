//! One endpoint, and how it is placed below the issuer's path.

use std::fmt;

use symbolon::metadata::{WELL_KNOWN_PATH, well_known_path};
use url::Url;

use super::issuer::IssuerError;

/// Where one endpoint is. As text it is the path that browsers and clients know, with the issuer's before it.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// What it is called wherever it is: a word for logs and metrics.
    pub name: &'static str,
    /// The whole address.
    pub url: Url,
    /// Every path that a request for it may come with.
    pub heard_at: Vec<String>,
    pub(super) path: String,
}

impl fmt::Display for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.path)
    }
}

/// What endpoints are below.
pub(super) struct Below<'a> {
    pub(super) issuer: &'a str,
    pub(super) path: &'a str,
}

impl Below<'_> {
    pub(super) fn endpoint(&self, name: &'static str) -> Result<Endpoint, IssuerError> {
        self.at(name, name)
    }

    pub(super) fn at(&self, name: &'static str, place: &str) -> Result<Endpoint, IssuerError> {
        let path = format!("{}{place}", self.path);
        let mut heard_at = vec![place.to_owned()];
        if path != place {
            heard_at.push(path.clone());
        }
        Ok(Endpoint {
            name,
            url: Url::parse(&format!("{}{place}", self.issuer))?,
            heard_at,
            path,
        })
    }

    /// People leave the slash at the end out.
    pub(super) fn home(&self) -> Result<Endpoint, IssuerError> {
        let mut home = self.endpoint("/")?;
        if !self.path.is_empty() {
            home.heard_at.push(self.path.to_owned());
        }
        Ok(home)
    }

    /// RFC 8414 §3.1: clients look for it in front of the issuer's path. Behind it, as all else is, a proxy passes
    /// it on that knows nothing of this.
    pub(super) fn metadata(&self) -> Result<Endpoint, IssuerError> {
        let mut metadata = self.endpoint(WELL_KNOWN_PATH)?;
        if !self.path.is_empty() {
            metadata.heard_at.push(well_known_path(self.path));
        }
        Ok(metadata)
    }
}
