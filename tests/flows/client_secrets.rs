//! Secrets of clients and passwords of owners in every `{id}` form that a Spring server may have left.

use std::fmt::Write as _;

use e2e::{Store, World};

const SECRET: &str = "correct horse 电池";

/// Computed by other implementations; the origins are told in `passwords/vectors.rs` of the server.
const HASHES: [&str; 13] = [
    "{bcrypt}$2a$10$2zFs12qyJ6GD7f19JEPx7uykXB0N7PBbJeNkXbLYQEigychLG/4kS",
    "{bcrypt}$2b$04$w16LmdIG4gVqerWtjql47elIYUC.LduVHvZaJiCsjeWLdUzkQgwBi",
    "{argon2}$argon2id$v=19$m=4096,t=3,p=1$AAECAwQFBgcICQoLDA0ODw$L9ZPOW5Fd9Vs/UJqv28CnFIaRuedOy2Kc8UBCaNXcWQ",
    "{argon2@SpringSecurity_v5_8}$argon2id$v=19$m=16384,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$zRNVN7JD37wm/aRAO2G5ar5lOzW3xVNu/HbzaDHIGuM",
    "{pbkdf2}00010203040506079f38c15e9abe864c1b940f699fc4d4d6993572e9cb2517b349ea0ae2f2f79cb4",
    "{pbkdf2@SpringSecurity_v5_8}000102030405060708090a0b0c0d0e0fcff603b209473577d619e9e74377e7f4407feb63c7aa22d767f136738be9e05e",
    "{scrypt}$e0801$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==$/zowdq5oeAbHDIWCGPOa0LYgvo/RAcBiJT3rGWMLvR0=",
    "{scrypt}$a0402$AAECAwQFBgcICQoLDA0ODw==$zPvolOiR5gh58SGve2vrmpbyoe2gjr+IXriPR9HTuA8=",
    "{scrypt@SpringSecurity_v5_8}$100801$AAECAwQFBgcICQoLDA0ODw==$ShtNFBvmNuk/SfJqdzeS2e54VZ5iMzsiQsJ63T2UAzk=",
    "{sha256}00010203040506071e9c276b0e09a592fbe17f772b474ffbb8f9d742af303e01367b9099180c4fdb",
    "{SHA-256}{c2FsdA==}fb5f2970377ebd1c77b214fe8cf81711ebde7c22a9cfbfca513b78b353921059",
    "{sha-256}42934bd560af920e906391c99437616719e628d5be824bd45576b2824fbe8bbd",
    "{noop}correct horse 电池",
];

/// A client and an owner for each hash.
fn registrations() -> String {
    let mut toml = String::new();
    for (position, hash) in HASHES.iter().enumerate() {
        write!(
            toml,
            r#"
            [[clients]]
            client_id = "client-{position}"
            client_name = "Client {position}"
            client_secret = "{hash}"
            grant_types = ["password"]
            scope = ["photo.read"]
            [[owners]]
            name = "owner-{position}"
            password = "{hash}"
            "#
        )
        .unwrap();
    }
    toml
}

/// A client's secret and an owner's password verify in every form, and the hash itself
/// does not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_verifies_in_every_form() {
    let world = World::builder(Store::Memory)
        .with(&registrations())
        .start()
        .await;
    for (position, hash) in HASHES.iter().enumerate() {
        let (client, owner) = (format!("client-{position}"), format!("owner-{position}"));
        let form = |password| {
            [
                ("grant_type", "password"),
                ("username", owner.as_str()),
                ("password", password),
            ]
        };
        let path = "/oauth/token";
        let answer = world
            .post_with((&client, SECRET), path, &form(SECRET))
            .await;
        assert_eq!(answer.status, 200, "{hash}: {}", answer.text);
        let wrong = world.post_with((&client, hash), path, &form(SECRET)).await;
        wrong.assert_error(401, "invalid_client");
    }
}
