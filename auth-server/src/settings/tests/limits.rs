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
