//! Names, limits and secrets that must not be.

use super::load;

/// The empty text as `{noop}`, and its SHA-256 without salt, with one, and of Spring's standard encoder.
const OF_NOTHING: [&str; 4] = [
    "{noop}",
    "{sha-256}e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "{SHA-256}{salt}c15caaa19a47180e2a04b175c39da7e436a79b20eba2075be4c2edfe042d2caa",
    "{sha256}0001020304050607d2c1d7adfb2efcd3f0e881adb503bf826b02349fe172da6a1201ba4915c1468e",
];

#[test]
fn an_empty_password_or_secret_is_refused() {
    for hash in OF_NOTHING {
        for (registration, setting) in [
            (
                format!("[[owners]]\nname = \"a\"\npassword = \"{hash}\"\n"),
                "owner `a`: `password`",
            ),
            (
                format!(
                    "[[clients]]\nclient_id = \"c\"\nclient_name = \"C\"\nclient_secret = \"{hash}\"\n"
                ),
                "client `c`: `client_secret`",
            ),
        ] {
            let told = format!("{setting} is the hash of an empty text; accepted: the {{id}}hash");
            let text = load(&registration).unwrap_err();
            assert!(text.contains(&told), "{hash}: {text}");
        }
    }
}

#[test]
fn a_name_that_cannot_be_told_from_another_is_refused() {
    let long = "长".repeat(86);
    for (name, told) in [
        (
            "shop ",
            "has a blank at an end; accepted: the name without it",
        ),
        ("\u{3000}shop", "has a blank at an end"),
        ("sh\u{200b}op", "holds \\u{200b}, which nobody sees"),
        ("\u{202e}pohs", "holds \\u{202e}, which nobody sees"),
        ("shop\u{feff}", "holds \\u{feff}"),
        (&long, "has 258 bytes; accepted: 255 bytes or fewer"),
    ] {
        let owner = load(&format!(
            "[[owners]]\nname = \"{name}\"\npassword = \"{{noop}}x\"\n"
        ));
        let owner = owner.unwrap_err();
        assert!(owner.contains(&format!("`name` {told}")), "{owner}");
        let client = load(&format!(
            "[[clients]]\nclient_id = \"{name}\"\nclient_name = \"C\"\n"
        ));
        let client = client.unwrap_err();
        assert!(client.contains(&format!("`client_id` {told}")), "{client}");
    }
    let longest = "长".repeat(85);
    for name in ["小明", "Zoë O'Neil", "a b", longest.as_str()] {
        load(&format!(
            "[[owners]]\nname = \"{name}\"\npassword = \"{{noop}}x\"\n"
        ))
        .unwrap();
    }
}

#[test]
fn a_scope_that_no_client_may_have_is_refused() {
    for name in ["a b", "照片", "a\\\"b", "a\\\\b"] {
        let text = load(&format!(
            "[[scopes]]\nname = \"{name}\"\ndescription = \"A\"\n"
        ))
        .unwrap_err();
        let told = "which no client may have; accepted: names of printable ASCII";
        assert!(
            text.contains("`scopes` holds `") && text.contains(told),
            "{text}"
        );
    }
    load("[[scopes]]\nname = \"photo.read:all/1\"\ndescription = \"A\"\n").unwrap();
}

#[test]
fn an_issuer_that_nobody_could_call_or_keep_a_cookie_of_is_refused() {
    let path = |length: usize| format!("https://as.example/{}", "a".repeat(length - 1));
    for (issuer, told) in [
        (path(256), "its path has 256 bytes; accepted: "),
        (
            "https://as.example:0".to_owned(),
            "nobody can call port 0; accepted: ",
        ),
        (
            "http://localhost:0/uaa".to_owned(),
            "nobody can call port 0",
        ),
    ] {
        let text = load(&format!("issuer = \"{issuer}\"")).unwrap_err();
        assert!(text.contains(told), "{issuer}: {text}");
    }
    load(&format!("issuer = \"{}\"", path(255))).unwrap();
}

#[test]
fn a_state_is_no_longer_than_the_request_that_it_is_in() {
    let text = load("[login]\nlongest_state_bytes = 4096\nlongest_request_bytes = 2048\n");
    let told = "`login.longest_state_bytes` is 4096, and `login.longest_request_bytes` is 2048, which counts it too; \
                accepted: at most 2048";
    assert!(text.unwrap_err().contains(told));
    load("[login]\nlongest_state_bytes = 2048\nlongest_request_bytes = 2048\n").unwrap();
}
