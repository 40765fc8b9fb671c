//! What forms make: a password or a secret that is told once.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use symbolon::secret::Secret;

use super::{BrowserSession, Sessions};

const MADE_DOMAIN: &[u8] = b"symbolon made by a form";

impl Sessions {
    /// What a form of this session makes for somebody: the same form makes the same again, so whoever sends it twice is told
    /// what holds, whichever answer arrives. `once` tells two forms apart. Nobody else can compute it. `None` when the form
    /// has no such field, or there is no key.
    pub fn made_by_form(
        &self,
        session: &BrowserSession,
        once: &str,
        about: &str,
    ) -> Option<Secret> {
        if once.is_empty() {
            return None;
        }
        let said = [session.cookie.expose(), once, about].join("\0");
        let ring = self.sources.keys.current();
        let digest = ring.handles.digest(MADE_DOMAIN, said.as_bytes())?;
        Some(Secret::new(URL_SAFE_NO_PAD.encode(digest)))
    }
}
