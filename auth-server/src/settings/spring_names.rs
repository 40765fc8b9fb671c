//! What a Spring server calls the fields of a registration, in its classes and in its tables
//! (`oauth_client_details`, `users`). Fields that differ by underscores and letter case alone need no entry.

use symbolon_service::settings::{Registrations, fields_of};

use super::sections::{CLIENTS, OWNERS, SCOPES};
use crate::records::{ClientRegistration, OwnerRegistration};
use crate::scopes::ScopeDescription;

const CLIENT_NAMES: &[(&str, &str)] = &[
    ("id", "client_id"),
    ("name", "client_name"),
    ("secret", "client_secret"),
    ("scopes", "scope"),
    ("authorized_grant_types", "grant_types"),
    ("authorization_grant_types", "grant_types"),
    ("redirect_uri", "redirect_uris"),
    ("registered_redirect_uri", "redirect_uris"),
    ("registered_redirect_uris", "redirect_uris"),
    ("web_server_redirect_uri", "redirect_uris"),
    ("auto_approve_scopes", "auto_approve"),
    ("access_token_validity", "access_token_ttl_secs"),
    ("access_token_validity_seconds", "access_token_ttl_secs"),
    ("refresh_token_validity", "refresh_token_ttl_secs"),
    ("refresh_token_validity_seconds", "refresh_token_ttl_secs"),
    ("require_proof_key", "require_pkce"),
];

/// The lists of registrations.
pub(super) fn registrations() -> Vec<Registrations> {
    vec![
        Registrations {
            list: SCOPES,
            noun: "scope",
            named_by: "name",
            fields: fields_of::<ScopeDescription>(),
            other_names: &[("scope", "name")],
        },
        Registrations {
            list: CLIENTS,
            noun: "client",
            named_by: "client_id",
            fields: fields_of::<ClientRegistration>(),
            other_names: CLIENT_NAMES,
        },
        Registrations {
            list: OWNERS,
            noun: "owner",
            named_by: "name",
            fields: fields_of::<OwnerRegistration>(),
            other_names: &[
                ("username", "name"),
                ("user_name", "name"),
                ("roles", "authorities"),
                ("authority", "authorities"),
            ],
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_springs_stands_for_a_field() {
        for one in registrations() {
            assert!(one.fields.contains(&one.named_by), "{}", one.list);
            for (name, field) in one.other_names {
                assert!(one.fields.contains(field), "{name}: {field}");
                assert!(!one.fields.contains(name), "{name}");
            }
        }
    }
}
