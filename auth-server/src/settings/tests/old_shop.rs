//! What an old Spring shop has, and what it is told to write instead.

use super::{load, refusal};

/// What an old Spring shop writes into a client, and what the message must tell to write instead.
const OF_AN_OLD_SHOP: [(&str, &[&str]); 20] = [
    (
        "client_secret = \"$2a$10$2zFs12qyJ6GD7f19JEPx7uykXB0N7PBbJeNkXbLYQEigychLG/4kS\"",
        &[
            "`client_secret` has no {id} before it",
            "accepted: {bcrypt} and the hash",
        ],
    ),
    (
        "client_secret = \"secret\"",
        &["`client_secret`", "hash-secret"],
    ),
    (
        "client_secret = \"{MD6}5ebe2294ecd0e0f08eab7690d2a6ee69\"",
        &["`client_secret`", "{argon2}"],
    ),
    (
        "secret = \"{noop}x\"",
        &["no setting `secret`", "accepted: `client_secret`"],
    ),
    (
        "autoapprove = true",
        &[
            "no setting `autoapprove`",
            "accepted: `auto_approve`",
            "list of scope names",
        ],
    ),
    (
        "auto_approve = \"true\"",
        &["`auto_approve` holds scopes that `scope` does not"],
    ),
    (
        "redirect_uris = [\"https://shop.example/**\"]",
        &[
            "`https://shop.example/**`: it is a pattern",
            "an entry for each whole address",
        ],
    ),
    (
        "redirect_uris = [\"https://*.shop.example/cb\"]",
        &["it is a pattern"],
    ),
    (
        "redirect_uris = [\"shop.example/cb\"]",
        &["it is not absolute", "https://app.example/callback"],
    ),
    (
        "redirect_uris = \"https://a.example/cb,https://b.example/cb\"",
        &[
            "`redirect_uris` is one text",
            "[\"https://a.example/cb\", \"https://b.example/cb\"]",
        ],
    ),
    (
        "registeredRedirectUri = [\"https://a.example/cb\"]",
        &["accepted: `redirect_uris`"],
    ),
    (
        "web_server_redirect_uri = \"https://a.example/cb\"",
        &["accepted: `redirect_uris`", "is one text"],
    ),
    (
        "scope = \"read,write\"",
        &[
            "`scope` holds `read,write`, which is one name",
            "[\"read\", \"write\"]",
        ],
    ),
    (
        "scope = [\"read,write\"]",
        &["`scope` holds `read,write`", "[\"read\", \"write\"]"],
    ),
    (
        "authorities = \"ROLE_A,ROLE_B\"",
        &[
            "`authorities` is one text",
            "a list: [\"ROLE_A\", \"ROLE_B\"]",
        ],
    ),
    (
        "authorities = [\"ROLE_A,ROLE_B\"]",
        &["`authorities` holds `ROLE_A,ROLE_B`", "an entry for each"],
    ),
    (
        "authorizedGrantTypes = [\"password\"]\nscope = [\"a\"]",
        &["accepted: `grant_types`"],
    ),
    (
        "authorized_grant_types = \"password,refresh_token\"\nscope = [\"a\"]",
        &[
            "accepted: `grant_types`",
            "a list: [\"password\", \"refresh_token\"]",
        ],
    ),
    (
        "grant_types = [\"authorization-code\"]",
        &["authorization-code", "`authorization_code`"],
    ),
    (
        "accessTokenValiditySeconds = -1",
        &[
            "accepted: `access_token_ttl_secs`",
            "a whole number, not below 0",
        ],
    ),
];

#[test]
fn what_an_old_spring_shop_writes_is_refused_with_what_to_write_instead() {
    for (registration, told) in OF_AN_OLD_SHOP {
        let text = refusal(registration);
        assert!(text.contains("client `c`: "), "{registration}: {text}");
        for words in told {
            assert!(text.contains(words), "{registration}: no {words} in {text}");
        }
    }
}

#[test]
fn hashes_of_old_tables_are_read_where_the_settings_say_how() {
    let tables = "[[clients]]\nclient_id = \"c\"\nclient_name = \"C\"\nclient_secret = \"secret\"\n\
                  [[owners]]\nname = \"o\"\npassword = \"5ebe2294ecd0e0f08eab7690d2a6ee69\"\n";
    let said = |client: &str, owner: &str| {
        format!(
            "[client_authentication]\nhash_without_id = \"{client}\"\n\
             [login]\nhash_without_id = \"{owner}\"\n{tables}"
        )
    };
    load(&said("noop", "MD5")).unwrap();
    assert!(
        load(&said("", "MD5"))
            .unwrap_err()
            .contains("`client_secret`")
    );
    assert!(load(&said("noop", "")).unwrap_err().contains("`password`"));
    let unknown = load(&said("noop", "md5")).unwrap_err();
    assert!(unknown.contains("`md5` is no id of a hash"), "{unknown}");
    assert!(unknown.contains("SHA-1, MD5, MD4, ldap, noop"), "{unknown}");
}
