//! Who asks authenticators.

use sha2::{Digest as _, Sha256};
use url::{Host, Url};

/// This server, as authenticators know it ([WebAuthn §4](https://www.w3.org/TR/webauthn-3/#relying-party)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelyingParty {
    /// The issuer's host: passkeys are good there and nowhere else.
    pub id: String,
    /// Where its pages are, as browsers name it.
    pub origin: String,
    /// What people call it.
    pub name: String,
}

impl RelyingParty {
    /// The server at this address; `None` where no browser has passkeys: at a host that is a number, or without TLS, unless
    /// it is the machine itself.
    pub fn at(home: &Url, name: &str) -> Option<Self> {
        let Some(Host::Domain(host)) = home.host() else {
            return None;
        };
        let is_here = host == "localhost" || host.ends_with(".localhost");
        (home.scheme() == "https" || is_here).then(|| Self {
            id: host.to_owned(),
            origin: home.origin().ascii_serialization(),
            name: name.to_owned(),
        })
    }

    /// What authenticators sign of the id.
    pub(super) fn id_hash(&self) -> [u8; 32] {
        Sha256::digest(&self.id).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(home: &str) -> Option<(String, String)> {
        let party = RelyingParty::at(&home.parse().unwrap(), "Photos")?;
        Some((party.id, party.origin))
    }

    #[test]
    fn passkeys_are_for_hosts_with_a_name_and_tls_and_for_the_machine_itself() {
        for (home, id, origin) in [
            (
                "https://auth.example/uaa/",
                "auth.example",
                "https://auth.example",
            ),
            (
                "https://auth.example:8443/",
                "auth.example",
                "https://auth.example:8443",
            ),
            (
                "http://localhost:9000/",
                "localhost",
                "http://localhost:9000",
            ),
        ] {
            let found = at(home);
            assert_eq!(found, Some((id.to_owned(), origin.to_owned())), "{home}");
        }
        for home in [
            "http://auth.example/",
            "https://192.0.2.1/",
            "http://127.0.0.1:9000/",
            "https://[2001:db8::1]/",
        ] {
            assert_eq!(at(home), None, "{home}");
        }
    }
}
