//! The keys under which a Spring server finds tokens.

use md5::{Digest as _, Md5};

use super::authentication::LegacyAuthentication;

impl LegacyAuthentication {
    /// What follows `auth_to_access:` in Redis, the column `authentication_id` of `oauth_access_token`: the same for the same
    /// client, owner and scope.
    pub fn key(&self) -> String {
        let owner = self.owner.as_ref();
        let owner = owner.map(|owner| format!("username={}, ", owner.name));
        let mut scope: Vec<&str> = self.scope.names().collect();
        scope.sort_unstable();
        md5_digits(&format!(
            "{{{}client_id={}, scope={}}}",
            owner.unwrap_or_default(),
            self.client_id,
            scope.join(" ")
        ))
    }
}

/// The MD5 of a text, as a Spring server writes it: 32 digits, with those that are zero at the beginning.
pub(crate) fn md5_digits(text: &str) -> String {
    hex::encode(Md5::digest(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use symbolon::scope::Scope;

    use super::super::authentication::LegacyOwner;
    use super::*;

    #[test]
    fn an_md5_has_all_its_digits() {
        // RFC 1321 §A.5, and a digest that begins with zeros.
        assert_eq!(md5_digits("abc"), "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(md5_digits("jk8ssl"), "0000000018e6137ac2caab16074784a6");
    }

    #[test]
    fn the_token_of_one_client_owner_and_scope_has_one_key() {
        let mut said = LegacyAuthentication {
            client_id: "shop".to_owned(),
            scope: Scope::parse("write read").unwrap(),
            grant_type: Some("password".to_owned()),
            authorities: vec![],
            resource_ids: vec!["orders".to_owned()],
            redirect_uri: None,
            is_approved: true,
            owner: Some(LegacyOwner {
                name: "li".to_owned(),
                authorities: vec![],
            }),
        };
        let text = "{username=li, client_id=shop, scope=read write}";
        assert_eq!(said.key(), md5_digits(text));
        said.owner = None;
        said.scope = Scope::default();
        assert_eq!(said.key(), md5_digits("{client_id=shop, scope=}"));
    }
}
