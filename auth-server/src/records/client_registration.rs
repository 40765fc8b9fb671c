//! A client's registration, as it is written down
//! ([RFC 6749 §2](https://www.rfc-editor.org/rfc/rfc6749#section-2)).

use serde::{Deserialize, Deserializer, Serialize};
use symbolon::identifiers::ClientId;
use symbolon::scope::Scope;
use symbolon::secret::{self, Secret};
use symbolon::token::GrantType;

use crate::records::registered::{Registered, RetiringSecret};
use crate::records::{Dialect, Profile, RedirectMatching, SpringPieces, TokenFormat};

/// A registration as a settings file and a store hold it: not yet judged, and open where a profile or the
/// server's own settings decide.
///
/// A field that is not known is refused, in a file because it is a slip, in a store because a newer server
/// may have written a restriction there. So a field that is added later is written only when it differs
/// from its default: an older server then reads every record that it can do justice to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientRegistration {
    /// Its public name.
    pub client_id: ClientId,
    /// Its name for people.
    pub client_name: String,
    /// `{id}hash`; `None` (written also as an empty text) means a public client.
    #[serde(
        default,
        deserialize_with = "secret_if_any",
        serialize_with = "secret::expose_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub client_secret: Option<Secret>,
    /// What it may use.
    #[serde(default)]
    pub grant_types: Vec<GrantType>,
    /// Where browsers may be sent.
    #[serde(default)]
    pub redirect_uris: Vec<String>,
    /// How they are compared; `None`: as the profile says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirect_matching: Option<RedirectMatching>,
    /// What it may ask for.
    #[serde(default)]
    pub scope: Scope,
    /// What owners are not asked about.
    #[serde(default)]
    pub auto_approve: Scope,
    /// Whether owners are spared a question that they have answered with yes before; `None`: only where nobody
    /// else can pass for this client.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remember_approvals: Option<bool>,
    /// Where its tokens are good.
    #[serde(default)]
    pub resource_ids: Vec<String>,
    /// What it may do for itself.
    #[serde(default)]
    pub authorities: Vec<String>,
    /// Whether codes need PKCE; `None` here and in the next two: as the profile says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub require_pkce: Option<bool>,
    /// Whether refresh tokens are replaced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rotate_refresh_tokens: Option<bool>,
    /// Whether asking twice returns the same token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reuse_access_tokens: Option<bool>,
    /// Whether it may ask about tokens of others.
    #[serde(default)]
    pub may_introspect: bool,
    /// The form of its tokens; `None` here and below: as in `[tokens]` of the settings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_format: Option<TokenFormat>,
    /// How its token answers are written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dialect: Option<Dialect>,
    /// How long its access tokens are good, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_token_ttl_secs: Option<u64>,
    /// How long its refresh tokens are good, in seconds; 0 means that they do not expire.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token_ttl_secs: Option<u64>,
    /// Whether it is locked: as if it were not registered, until that is taken back.
    #[serde(default, skip_serializing_if = "is_no")]
    pub disabled: bool,
    /// Whose habits count where nothing else is said; `None`: those of the server's profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<Profile>,
    /// Habits of a Spring server, one by one.
    #[serde(default, skip_serializing_if = "SpringPieces::is_empty")]
    pub spring: SpringPieces,
    /// Where people read about it (RFC 7591 §2, as the next four).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_uri: Option<String>,
    /// Its picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo_uri: Option<String>,
    /// What it does with data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_uri: Option<String>,
    /// Its terms of service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tos_uri: Option<String>,
    /// Who answers for it, mostly addresses of e-mail.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<String>,
    /// Who registered it and when; `None` where an operator did, or nobody has noted it. A store alone has it and what
    /// follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registered: Option<Registered>,
    /// Whether an administrator has yet to let it in: until then it is as if it were locked.
    #[serde(default, skip_serializing_if = "is_no")]
    pub awaits_approval: bool,
    /// Secrets before this one, while they are good, too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub retiring_secrets: Vec<RetiringSecret>,
    /// The hash of what lets a client change its own registration (RFC 7592 §1.3).
    #[serde(
        default,
        serialize_with = "secret::expose_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub registration_access_token: Option<Secret>,
}

impl ClientRegistration {
    /// A registration that says no more than who it is: everything else as when it is left out.
    pub fn new(client_id: ClientId, client_name: impl Into<String>) -> Self {
        Self {
            client_id,
            client_name: client_name.into(),
            client_secret: None,
            grant_types: Vec::new(),
            redirect_uris: Vec::new(),
            redirect_matching: None,
            scope: Scope::default(),
            auto_approve: Scope::default(),
            remember_approvals: None,
            resource_ids: Vec::new(),
            authorities: Vec::new(),
            require_pkce: None,
            rotate_refresh_tokens: None,
            reuse_access_tokens: None,
            may_introspect: false,
            token_format: None,
            dialect: None,
            access_token_ttl_secs: None,
            refresh_token_ttl_secs: None,
            disabled: false,
            profile: None,
            spring: SpringPieces::default(),
            client_uri: None,
            logo_uri: None,
            policy_uri: None,
            tos_uri: None,
            contacts: Vec::new(),
            registered: None,
            awaits_approval: false,
            retiring_secrets: Vec::new(),
            registration_access_token: None,
        }
    }
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes what it asks about by reference"
)]
pub(super) const fn is_no(said: &bool) -> bool {
    !*said
}

fn secret_if_any<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Secret>, D::Error> {
    let written = Option::<Secret>::deserialize(from)?;
    Ok(written.filter(|secret| !secret.expose().is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_as_in_a_new_registration() {
        let read: ClientRegistration =
            serde_json::from_str(r#"{"client_id":"a","client_name":"A"}"#).unwrap();
        assert_eq!(read, ClientRegistration::new(ClientId::new("a"), "A"));
    }

    #[test]
    fn a_record_of_before_the_profiles_says_what_it_said() {
        let read: ClientRegistration = serde_json::from_str(
            r#"{"client_id":"a","client_name":"A","redirect_matching":"exact","require_pkce":true,
                "rotate_refresh_tokens":false,"reuse_access_tokens":false}"#,
        )
        .unwrap();
        assert_eq!(read.redirect_matching, Some(RedirectMatching::Exact));
        assert_eq!(read.require_pkce, Some(true));
        assert_eq!(read.rotate_refresh_tokens, Some(false));
        assert_eq!(read.reuse_access_tokens, Some(false));
    }

    #[test]
    fn what_is_not_said_is_not_written_so_that_older_servers_read_it() {
        let written =
            serde_json::to_value(ClientRegistration::new(ClientId::new("a"), "A")).unwrap();
        for later in [
            "client_uri",
            "logo_uri",
            "policy_uri",
            "tos_uri",
            "contacts",
            "registered",
            "awaits_approval",
            "retiring_secrets",
            "registration_access_token",
        ] {
            assert!(written.get(later).is_none(), "{later}");
        }
    }

    #[test]
    fn an_empty_secret_is_none() {
        let read: ClientRegistration =
            serde_json::from_str(r#"{"client_id":"a","client_name":"A","client_secret":""}"#)
                .unwrap();
        assert_eq!(read.client_secret, None);
    }

    #[test]
    fn what_is_not_known_is_refused() {
        let read: Result<ClientRegistration, _> =
            serde_json::from_str(r#"{"client_id":"a","client_name":"A","later":true}"#);
        assert!(read.unwrap_err().to_string().contains("later"));
    }
}
