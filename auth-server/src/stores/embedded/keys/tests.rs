//! Names of records do not meet.

use super::*;
use proptest::prelude::*;

proptest! {
    #[test]
    fn names_that_differ_have_keys_that_differ(
        one in ("\\PC{0,6}", "\\PC{0,6}", "\\PC{0,6}"),
        other in ("\\PC{0,6}", "\\PC{0,6}", "\\PC{0,6}"),
    ) {
        let key = |(owner, client, scope): &(String, String, String)| {
            Key::approval(owner, &ClientId::new(client.as_str()), scope)
        };
        prop_assert_eq!(key(&one) == key(&other), one == other);
    }

    #[test]
    fn an_approval_is_of_the_client_that_its_key_names(
        (owner, client, scope) in ("\\PC{0,6}", "\\PC{0,6}", "\\PC{0,6}"),
        other in "\\PC{0,6}",
    ) {
        let key = Key::approval(&owner, &ClientId::new(client.as_str()), &scope);
        prop_assert!(key.is_approval_of(&ClientId::new(client.as_str())));
        prop_assert_eq!(key.is_approval_of(&ClientId::new(other.as_str())), client == other);
    }
}
