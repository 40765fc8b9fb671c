//! The settings of the demo. `config/default.toml` documents each.

mod verifier;

use std::ops::RangeInclusive;

use serde::Deserialize;
use symbolon_service::http::HttpSettings;
use symbolon_service::settings::{Findings, ServiceSettings, SharedSettings};
use symbolon_service::telemetry::{LogSettings, TraceSettings};

use symbolon_resource_server::{Dialect, TokenParameters};

pub use verifier::{JwtSettings, OldVerifierSettings, VerificationMethod, VerifierSettings};

/// Shorter than any token is, and longer than any header may be.
const LONGEST_TOKEN_BYTES: RangeInclusive<u64> = 64..=1024 * 1024;
/// Pictures are kept in memory.
const LARGEST_PICTURE: u64 = 64 * 1024 * 1024;
const MOST_PICTURES: u64 = 10_000;

/// All settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoSettings {
    /// The id of this resource server, and the realm of its challenges.
    pub resource_id: String,
    /// Refuse tokens that name no resource.
    pub require_audience: bool,
    /// The longest token that is looked at, in bytes.
    pub longest_token_bytes: usize,
    /// How refusals look.
    pub dialect: Dialect,
    /// Whether whoever brings a token may see what was asked about it.
    pub show_questions: bool,
    /// Where to listen.
    pub http: HttpSettings,
    /// How to log.
    pub log: LogSettings,
    /// Where traces go.
    pub traces: TraceSettings,
    /// Which pages may call.
    pub cors: CorsSettings,
    /// Where a token may be besides the header.
    pub token_parameters: TokenParameters,
    /// Limits for pictures.
    pub photos: PhotoSettings,
    /// How tokens are checked.
    pub verifier: VerifierSettings,
    /// How those of an authorization server are checked that is being left.
    pub old_verifier: OldVerifierSettings,
    /// Which habits of a Spring resource server callers may count on.
    pub spring: SpringSettings,
}

/// Habits of Spring's resource servers that are weaker than ours.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpringSettings {
    /// Find tokens as Spring does.
    pub token_extraction: bool,
}

/// Cross-origin requests.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorsSettings {
    /// Pages of these origins may call the API from a script.
    pub allowed_origins: Vec<String>,
}

/// Limits for pictures.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhotoSettings {
    /// The largest picture, in bytes.
    pub max_bytes: usize,
    /// How many pictures one owner may keep.
    pub max_per_owner: usize,
}

impl ServiceSettings for DemoSettings {
    const DEFAULTS: &'static str = include_str!("../config/default.toml");
    const ENVIRONMENT_PREFIX: &'static str = "RESOURCE_SERVER";

    fn check(&self, findings: &mut Findings) {
        if self.resource_id.is_empty() {
            findings.error("resource_id", "is empty", "a name");
        }
        findings.number(
            "longest_token_bytes",
            self.longest_token_bytes,
            LONGEST_TOKEN_BYTES,
        );
        findings.number(
            "photos.max_bytes",
            self.photos.max_bytes,
            1..=LARGEST_PICTURE,
        );
        findings.number(
            "photos.max_per_owner",
            self.photos.max_per_owner,
            1..=MOST_PICTURES,
        );
        self.verifier.check("verifier", findings);
        self.old_verifier.verifier.check("old_verifier", findings);
    }

    fn shared(&self) -> SharedSettings<'_> {
        SharedSettings::new(&self.http, &self.log, &self.traces)
    }
}

#[cfg(test)]
mod tests;
