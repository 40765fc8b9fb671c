//! Known answers for every form of a hash, computed by other implementations: the standard library
//! of Python (PBKDF2, scrypt, SHA-256), the reference implementation of Argon2, pyca's bcrypt, the
//! test suite of jBCrypt, and `java.security.MessageDigest` of a JDK 17 (SHA-256, SHA-1, MD5, MD4) over the UTF-8 of the
//! password, the salt behind it where Spring's encoders put it.

use symbolon::random::SystemRandom;
use symbolon::secret::Secret;

use super::*;

const PASSWORD: &str = "correct horse 电池";

const HASHES: [&str; 23] = [
    "{bcrypt}$2a$10$2zFs12qyJ6GD7f19JEPx7uykXB0N7PBbJeNkXbLYQEigychLG/4kS",
    "{bcrypt}$2b$04$w16LmdIG4gVqerWtjql47elIYUC.LduVHvZaJiCsjeWLdUzkQgwBi",
    "{argon2}$argon2id$v=19$m=4096,t=3,p=1$AAECAwQFBgcICQoLDA0ODw$L9ZPOW5Fd9Vs/UJqv28CnFIaRuedOy2Kc8UBCaNXcWQ",
    "{argon2}$argon2i$v=19$m=1024,t=2,p=2$AAECAwQFBgcICQoLDA0ODw$dzTG0M+lApWZAjMZx3957bBx6agxz//vGMNrN0Sdb9k",
    "{argon2@SpringSecurity_v5_8}$argon2id$v=19$m=16384,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$zRNVN7JD37wm/aRAO2G5ar5lOzW3xVNu/HbzaDHIGuM",
    "{pbkdf2}00010203040506079f38c15e9abe864c1b940f699fc4d4d6993572e9cb2517b349ea0ae2f2f79cb4",
    "{pbkdf2@SpringSecurity_v5_8}000102030405060708090a0b0c0d0e0fcff603b209473577d619e9e74377e7f4407feb63c7aa22d767f136738be9e05e",
    "{scrypt}$e0801$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==$/zowdq5oeAbHDIWCGPOa0LYgvo/RAcBiJT3rGWMLvR0=",
    "{scrypt}$a0402$AAECAwQFBgcICQoLDA0ODw==$zPvolOiR5gh58SGve2vrmpbyoe2gjr+IXriPR9HTuA8=",
    "{scrypt@SpringSecurity_v5_8}$100801$AAECAwQFBgcICQoLDA0ODw==$ShtNFBvmNuk/SfJqdzeS2e54VZ5iMzsiQsJ63T2UAzk=",
    "{sha256}00010203040506071e9c276b0e09a592fbe17f772b474ffbb8f9d742af303e01367b9099180c4fdb",
    "{SHA-256}{c2FsdA==}fb5f2970377ebd1c77b214fe8cf81711ebde7c22a9cfbfca513b78b353921059",
    "{sha-256}42934bd560af920e906391c99437616719e628d5be824bd45576b2824fbe8bbd",
    "{SHA-256}42934bd560af920e906391c99437616719e628d5be824bd45576b2824fbe8bbd",
    "{SHA-1}6e65c0075da2ae26cd83268decfd113ee18de5eb",
    "{SHA-1}{c2FsdA==}b591297ad1bb0b145370a2573a9b9214d51c5c3f",
    "{MD5}55d2fddf8ba5768bbc44b083846cf439",
    "{MD5}{c2FsdA==}59de2c094dc6608efb9e652b76fddb0a",
    "{MD4}0c78d5574a5b5b9640de55ccdc1bdb92",
    "{MD4}{c2FsdA==}66596878232b813a6c9583f479c4ebaa",
    "{ldap}{SSHA}UROUnpES/7MsrSUqHAoJIWqIrlMAAQIDBAUGBw==",
    "{ldap}{SHA}bmXAB12iribNgyaN7P0RPuGN5es=",
    "{noop}correct horse 电池",
];

fn parsed(text: &str) -> PasswordHash {
    text.parse().unwrap()
}

#[test]
fn every_form_verifies_its_password_and_no_other() {
    for text in HASHES {
        let hash = parsed(text);
        assert!(hash.matches(&Secret::new(PASSWORD)), "{text}");
        // Each try of a slow hash costs the tests what it costs a thief.
        let wrong = ["correct horse 电池 ", "", "correct horse", text];
        let tries = if hash.is_slow() { 1 } else { wrong.len() };
        for wrong in wrong.into_iter().take(tries) {
            assert!(!hash.matches(&Secret::new(wrong)), "{text}: {wrong}");
        }
        assert_eq!(hash.expose(), text);
    }
}

#[test]
fn the_vectors_of_jbcrypt_verify() {
    for (password, hash) in [
        (
            "",
            "$2a$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s.",
        ),
        (
            "a",
            "$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe",
        ),
        (
            "abc",
            "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i",
        ),
    ] {
        let hash = parsed(&format!("{{bcrypt}}{hash}"));
        assert!(hash.matches(&Secret::new(password)), "{password}");
    }
}

#[test]
fn what_is_costly_is_called_slow() {
    for text in HASHES {
        let slow = ["{bcrypt}", "{argon2", "{pbkdf2", "{scrypt"];
        let expected = slow.iter().any(|id| text.starts_with(id));
        assert_eq!(parsed(text).is_slow(), expected, "{text}");
    }
}

#[test]
fn bcrypt_counts_the_first_72_bytes() {
    let hash = parsed("{bcrypt}$2a$04$vpnMrSNjb02KqlQOTxjVFOFO2kGEjInnu5Ai7Yqc/NYIQLL4bOLIW");
    assert!(hash.matches(&Secret::new("x".repeat(72))));
    assert!(hash.matches(&Secret::new("x".repeat(100))));
    assert!(!hash.matches(&Secret::new("x".repeat(71))));
}

#[test]
fn an_unknown_id_is_answered_with_those_that_are_known() {
    for text in ["hunter2", "{MD6}hunter2", "{}hunter2", "{bcrypt", ""] {
        let error = text.parse::<PasswordHash>().unwrap_err();
        assert_eq!(error, HashFormatError::UnknownId);
        let message = error.to_string();
        assert!(message.contains("{argon2}, ") && message.contains("{noop}"));
        assert!(!message.contains("hunter2"));
    }
}

#[test]
fn a_hash_without_its_id_is_answered_with_the_id() {
    for (text, accepted) in [
        (
            "$2a$10$2zFs12qyJ6GD7f19JEPx7uykXB0N7PBbJeNkXbLYQEigychLG/4kS",
            "{bcrypt} and the hash",
        ),
        ("$argon2id$v=19$x", "{argon2} and the hash"),
        ("$e0801$x", "{scrypt} and the hash"),
    ] {
        let error = text.parse::<PasswordHash>().unwrap_err();
        assert_eq!(error.accepted(), accepted);
        assert!(!error.to_string().contains(text), "{error}");
    }
}

#[test]
fn a_hash_without_id_is_read_as_the_setting_says() {
    for (id, bare) in [
        (HashId::Bcrypt, HASHES[0].trim_start_matches("{bcrypt}")),
        (HashId::Md5, "55d2fddf8ba5768bbc44b083846cf439"),
        (HashId::Md5, "{c2FsdA==}59de2c094dc6608efb9e652b76fddb0a"),
        (HashId::Sha1, "6E65C0075DA2AE26CD83268DECFD113EE18DE5EB"),
        (HashId::Ldap, "{SHA}bmXAB12iribNgyaN7P0RPuGN5es="),
        (HashId::Noop, PASSWORD),
    ] {
        let hash = PasswordHash::read(bare, Some(id)).unwrap();
        assert!(hash.matches(&Secret::new(PASSWORD)), "{id}");
        // When the id is written down later, that is no change of the password.
        assert_eq!(hash, parsed(&format!("{id}{bare}")));
        // What has an id is read as it says.
        let with_id = PasswordHash::read("{noop}x", Some(id)).unwrap();
        assert!(with_id.matches(&Secret::new("x")));
    }
}

#[test]
fn a_slip_in_an_id_becomes_no_password() {
    for text in [
        "{bcyrpt}$2a$10$x",
        "{MD5 }x",
        "{x}y",
        "{bcrypt$2a$10$x",
        "{",
        " {bcrypt}$2a$10$x",
        "bcrypt}$2a$10$x",
        "noop}x",
        "$2a$10$x",
        " $argon2id$v=19$x",
        "$e0801$x",
    ] {
        let refused = PasswordHash::read(text, Some(HashId::Noop)).unwrap_err();
        let expected = [
            HashFormatError::UnknownId,
            HashFormatError::without_id(text),
        ];
        assert!(expected.contains(&refused), "{text}: {refused}");
    }
    for text in ["a{bcrypt}", "$2", "noop", "x}y"] {
        assert!(
            PasswordHash::read(text, Some(HashId::Noop)).is_ok(),
            "{text}"
        );
    }
    let refused = PasswordHash::read("hunter2", Some(HashId::Bcrypt)).unwrap_err();
    assert!(matches!(refused, HashFormatError::Malformed { .. }));
}

#[test]
fn what_is_soon_guessed_is_called_weak() {
    for text in HASHES {
        let weak = ["{MD", "{SHA-1}", "{ldap}", "{noop}"];
        let expected = weak.iter().any(|id| text.starts_with(id));
        assert_eq!(parsed(text).weakness().is_some(), expected, "{text}");
    }
}

#[test]
fn a_malformed_hash_is_refused_and_not_shown() {
    for text in [
        "{bcrypt}hunter2",
        "{bcrypt}$2x$10$2zFs12qyJ6GD7f19JEPx7uykXB0N7PBbJeNkXbLYQEigychLG/4kS",
        "{bcrypt}$2a$03$2zFs12qyJ6GD7f19JEPx7uykXB0N7PBbJeNkXbLYQEigychLG/4kS",
        "{argon2}hunter2",
        "{argon2}$argon2id$v=19$m=4096,t=3,p=1$AAECAwQFBgcICQoLDA0ODw",
        "{argon2}$scrypt$v=19$m=4096,t=3,p=1$AAECAwQFBgcICQoLDA0ODw$L9ZPOW5Fd9Vs",
        "{pbkdf2}hunter2",
        "{pbkdf2}0001020304050607",
        "{pbkdf2@SpringSecurity_v5_8}00010203040506079f38c15e9abe864c1b940f699fc4d4d6993572e9cb2517b349ea0ae2f2f79cb4",
        "{scrypt}hunter2",
        "{scrypt}$e0801$AAEC$",
        "{scrypt}$e0001$AAECAwQFBgcICQoLDA0ODw==$zPvolOiR5gh58SGve2vrmpbyoe2gjr+IXriPR9HTuA8=",
        "{scrypt}$a0402$AAECAwQFBgcICQoLDA0ODw==$zPvolOiR5gh58SGve2vrmpbyoe2gjr+IXriPR9HTuA8=$",
        "{scrypt}$801$AAECAwQFBgcICQoLDA0ODw==$zPvolOiR5gh58SGve2vrmpbyoe2gjr+IXriPR9HTuA8=",
        "{sha256}hunter2",
        "{SHA-256}hunter2",
        "{SHA-256}{hunter2}",
        "{SHA-1}42934bd560af920e906391c99437616719e628d5be824bd45576b2824fbe8bbd",
        "{MD5}{hunter2",
        "{MD4}hunter2",
        "{ldap}hunter2",
        "{ldap}{SHA}UROUnpES/7MsrSUqHAoJIWqIrlMAAQIDBAUGBw==",
        "{ldap}{SSHA}bmXAB12iribNgyaN7P0RPuGN5es=",
        "{ldap}{MD5}bmXAB12iribNgyaN7P0RPuGN5es=",
    ] {
        let error = text.parse::<PasswordHash>().unwrap_err();
        assert!(matches!(error, HashFormatError::Malformed { .. }), "{text}");
        assert!(!error.to_string().contains("hunter2"));
    }
}

#[test]
fn a_hash_that_could_hang_the_server_is_refused() {
    for text in [
        "{bcrypt}$2a$17$2zFs12qyJ6GD7f19JEPx7uykXB0N7PBbJeNkXbLYQEigychLG/4kS",
        "{argon2}$argon2id$v=19$m=1048577,t=1,p=1$AAECAwQFBgcICQoLDA0ODw$L9ZPOW5Fd9Vs/UJqv28CnFIaRuedOy2Kc8UBCaNXcWQ",
        "{argon2}$argon2id$v=19$m=4096,t=4294967295,p=1$AAECAwQFBgcICQoLDA0ODw$L9ZPOW5Fd9Vs/UJqv28CnFIaRuedOy2Kc8UBCaNXcWQ",
        "{scrypt}$150801$AAECAwQFBgcICQoLDA0ODw==$zPvolOiR5gh58SGve2vrmpbyoe2gjr+IXriPR9HTuA8=",
        "{scrypt}$1008ff$AAECAwQFBgcICQoLDA0ODw==$zPvolOiR5gh58SGve2vrmpbyoe2gjr+IXriPR9HTuA8=",
    ] {
        let error = text.parse::<PasswordHash>().unwrap_err();
        assert!(matches!(error, HashFormatError::TooCostly { .. }), "{text}");
    }
}

#[test]
fn the_print_of_a_hash_is_its_id() {
    assert_eq!(format!("{:?}", parsed("{noop}hunter2")), "{noop}[redacted]");
}

#[test]
fn a_new_password_is_argon2id_and_salted() {
    let password = Secret::new(PASSWORD);
    let first = hash_password(&password, &SystemRandom).unwrap();
    let second = hash_password(&password, &SystemRandom).unwrap();
    assert_ne!(first, second);
    for hash in [first, second] {
        let prefix = "{argon2}$argon2id$v=19$m=19456,t=2,p=1$";
        assert!(hash.expose().starts_with(prefix));
        assert!(hash.matches(&password));
        assert!(parsed(hash.expose()).matches(&password));
    }
}

#[test]
fn a_generated_secret_is_kept_as_one_plain_digest() {
    let hash = hash_generated_secret(&Secret::new(PASSWORD));
    assert_eq!(hash.expose(), HASHES[12]);
    assert!(hash.matches(&Secret::new(PASSWORD)));
}

#[test]
fn a_hash_is_read_from_a_file_and_its_error_does_not_show_it() {
    let hash: PasswordHash = serde_json::from_str(r#""{noop}secret""#).unwrap();
    assert!(hash.matches(&Secret::new("secret")));
    let error = serde_json::from_str::<PasswordHash>(r#""hunter2""#).unwrap_err();
    assert!(!error.to_string().contains("hunter2"));
}
