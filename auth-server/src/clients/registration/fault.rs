//! What can be wrong with a registration.

use std::fmt;
use std::ops::RangeInclusive;

use symbolon::token::GrantType;
use symbolon_service::settings::{AddressError, shown};

use crate::clients::redirect_uri::RedirectUriFault;
use crate::passwords::HashFormatError;

/// What is wrong with a registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegistrationFault {
    /// A name holds a character that cannot be seen: it would forge lines of logs and answers.
    ControlCharacter {
        /// The field that it is in.
        setting: &'static str,
    },
    /// The secret is no hash that can be verified.
    Secret(HashFormatError),
    /// A grant that redirects has no place to redirect to.
    NoRedirectUri,
    /// RFC 6749 §3.1.2: redirect URIs are absolute and have no fragment.
    RedirectUri {
        /// The URI.
        uri: String,
        /// What is wrong with it.
        fault: RedirectUriFault,
    },
    /// RFC 6749 §4.4: a client that acts for itself must be able to prove who it is.
    PublicClientGrant(GrantType),
    /// RFC 7662 §2.1: whoever asks about tokens of others must prove who it is.
    PublicIntrospection,
    /// A client without scopes gets no token.
    NoScope,
    /// What is approved automatically must be possible.
    AutoApprove,
    /// RFC 9068 §2.2: a JWT of the standard dialect says where it is good.
    NoAudience,
    /// A habit that counts before any client is known.
    OfTheServer {
        /// The habit.
        piece: &'static str,
    },
    /// Where people are sent to read about a client is on the web.
    Link {
        /// The field.
        setting: &'static str,
        /// What is wrong with it.
        error: AddressError,
    },
    /// A token must live, and end.
    TokenLife {
        /// The field.
        setting: &'static str,
        /// Seconds.
        secs: u64,
        /// Seconds that are accepted.
        accepted: RangeInclusive<u64>,
    },
}

impl RegistrationFault {
    /// The field that it is in.
    pub const fn setting(&self) -> &'static str {
        match self {
            Self::ControlCharacter { setting }
            | Self::Link { setting, .. }
            | Self::TokenLife { setting, .. } => setting,
            Self::Secret(_) => "client_secret",
            Self::NoRedirectUri | Self::RedirectUri { .. } => "redirect_uris",
            Self::PublicClientGrant(_) => "grant_types",
            Self::PublicIntrospection => "may_introspect",
            Self::NoScope => "scope",
            Self::AutoApprove => "auto_approve",
            Self::NoAudience => "resource_ids",
            Self::OfTheServer { .. } => "spring",
        }
    }

    /// What is in it.
    pub fn found(&self) -> String {
        match self {
            Self::ControlCharacter { .. } => "holds a control character".to_owned(),
            Self::Secret(error) => error.found(),
            Self::NoRedirectUri => "is empty".to_owned(),
            Self::RedirectUri { uri, fault } => format!("holds `{}`: {fault}", shown(uri)),
            Self::PublicClientGrant(grant) => {
                format!("holds `{}` without a `client_secret` (RFC 6749 §4.4)", grant.as_str())
            }
            Self::PublicIntrospection => "is true without a `client_secret` (RFC 7662 §2.1)".to_owned(),
            Self::NoScope => "is empty: it could never get a token".to_owned(),
            Self::AutoApprove => "holds scopes that `scope` does not".to_owned(),
            Self::NoAudience => {
                "is empty, and a JWT of the standard dialect has to say where it is good (RFC 9068 §2.2)"
                    .to_owned()
            }
            Self::OfTheServer { piece } => {
                format!("holds `{piece}`, which counts before it is known which client asks")
            }
            Self::Link { error, .. } => format!("is no address that people can follow: {error}"),
            Self::TokenLife { secs, .. } => format!("is {secs}"),
        }
    }

    /// What to write instead.
    pub fn accepted(&self) -> String {
        let text = match self {
            Self::ControlCharacter { .. } => "printable text",
            Self::Secret(error) => return error.accepted(),
            Self::NoRedirectUri => "one or more for authorization_code and implicit",
            Self::RedirectUri { fault, .. } => fault.accepted(),
            Self::PublicClientGrant(_) => "a client with a secret",
            Self::PublicIntrospection => "true for a client with a secret",
            Self::NoScope => "what it may ask for",
            Self::AutoApprove => "scopes that it may ask for",
            Self::NoAudience => {
                "the ids of the resource servers that its tokens are for, or dialect = \"spring\", or \
                 token_format = \"opaque\""
            }
            Self::OfTheServer { .. } => "it in the server's table [spring]",
            Self::Link { .. } => "https://… or http://…, or nothing",
            Self::TokenLife { accepted, .. } => {
                return format!("{} to {} seconds", accepted.start(), accepted.end());
            }
        };
        text.to_owned()
    }
}

impl fmt::Display for RegistrationFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (setting, found, accepted) = (self.setting(), self.found(), self.accepted());
        write!(formatter, "`{setting}` {found}; accepted: {accepted}")
    }
}
