//! Recovery codes: ten, shown once, each good once. What is kept of them cannot be presented.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use symbolon::random::Random;
use symbolon::secret::Secret;

const COUNT: usize = 10;

/// Bytes: 80 bit, sixteen letters and digits. A digest of so much needs neither salt nor time: nobody guesses it.
const BYTES: usize = 10;

/// Letters in a group.
const GROUP: usize = 4;

/// New codes, which are known to nobody later.
pub struct RecoveryCodes(Vec<Secret>);

impl fmt::Debug for RecoveryCodes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "RecoveryCodes({})", self.0.len())
    }
}

impl RecoveryCodes {
    pub(super) fn mint(random: &dyn Random) -> Self {
        let code = || totp_rs::Secret::from(random.bytes::<BYTES>()).to_base32();
        Self((0..COUNT).map(|_| Secret::new(code())).collect())
    }

    /// What is kept of them.
    pub(super) fn digests(&self) -> Vec<String> {
        self.0.iter().map(|code| digest(code.expose())).collect()
    }

    /// As their owner writes them down.
    pub fn in_groups(&self) -> Vec<String> {
        self.0.iter().map(|code| in_groups(code.expose())).collect()
    }
}

fn in_groups(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    let groups: Vec<String> = letters
        .chunks(GROUP)
        .map(|group| group.iter().collect())
        .collect();
    groups.join("-")
}

/// The digests that are left when this code is used; `None` when it is none of them. Case, spaces and strokes do not count.
pub(super) fn without(digests: &[String], typed: &str) -> Option<Vec<String>> {
    let letters = typed.chars().filter(char::is_ascii_alphanumeric);
    let code: String = letters.map(|letter| letter.to_ascii_uppercase()).collect();
    let used = digest(&code);
    let left: Vec<String> = digests.iter().filter(|it| **it != used).cloned().collect();
    (left.len() < digests.len()).then_some(left)
}

fn digest(code: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(code))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use symbolon::random::SystemRandom;

    use super::*;

    #[test]
    fn ten_codes_that_are_kept_nowhere_are_each_good_once() {
        let codes = RecoveryCodes::mint(&SystemRandom);
        let (mut kept, shown) = (codes.digests(), codes.in_groups());
        assert_eq!(shown.iter().collect::<BTreeSet<_>>().len(), COUNT);
        for (left, code) in (0..COUNT).rev().zip(&shown) {
            assert_eq!(code.len(), 19, "{code}");
            assert!(!kept.concat().contains(&code.replace('-', "")));
            let typed = format!(" {} ", code.to_lowercase().replace('-', " "));
            kept = without(&kept, &typed).unwrap();
            assert_eq!(kept.len(), left);
            assert_eq!(without(&kept, code), None);
        }
        assert_eq!(without(&codes.digests(), ""), None);
        assert!(!format!("{codes:?}").contains(&shown[0]));
    }
}
