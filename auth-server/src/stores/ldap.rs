//! Owners in an LDAP directory: found by a service account or a pattern of names, believed when the directory lets them
//! bind, and with the authorities of their groups, as Spring's `BindAuthenticator` and `DefaultLdapAuthoritiesPopulator`
//! do it ([RFC 4511](https://www.rfc-editor.org/rfc/rfc4511)).

mod connection;
mod names;
mod owners;
mod settings;

pub use owners::LdapOwners;
pub use settings::{GroupSettings, LdapSettings, LdapSettingsError, UserSettings};
