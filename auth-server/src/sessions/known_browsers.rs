//! Browsers in which an owner has signed in: they carry a cookie that says so, and nobody who guesses at that owner's
//! password elsewhere can brake them
//! ([OWASP's device cookies](https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies)).
//! The cookie opens nothing: who has stolen it may try passwords at the pace of one browser.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use symbolon::random::Random;
use symbolon::secret::Secret;

use crate::keys::KeyRing;

const DOMAIN: &[u8] = b"symbolon known browser";

/// Makes and reads the cookies. Nothing is kept of them.
#[derive(Clone)]
pub struct KnownBrowsers {
    /// Sign them; the same at all servers of one store.
    pub keys: Arc<KeyRing>,
    /// Name browsers.
    pub random: Arc<dyn Random>,
}

impl KnownBrowsers {
    /// The cookie of a browser in which this owner has signed in.
    pub fn vouch(&self, owner: &str) -> Option<Secret> {
        let name = self.random.text::<16>();
        let check = self.check(&name, owner)?;
        Some(Secret::new(format!("{name}.{check}")))
    }

    /// The browser's own name, if its cookie says that this owner has signed in there.
    pub fn recognise(&self, cookie: &Secret, owner: &str) -> Option<String> {
        let (name, check) = cookie.expose().split_once('.')?;
        // Secrets are compared in constant time.
        let is_ours = Secret::new(self.check(name, owner)?) == Secret::new(check);
        is_ours.then(|| name.to_owned())
    }

    fn check(&self, name: &str, owner: &str) -> Option<String> {
        let message = format!("{name}.{owner}");
        let ring = self.keys.current();
        let digest = ring.handles.digest(DOMAIN, message.as_bytes())?;
        Some(URL_SAFE_NO_PAD.encode(digest))
    }
}
