//! What mails say, in plain text.

use crate::pages::frame::Frame;

/// A mail with links for whoever has forgotten a password.
pub struct PasswordResetMail<'a> {
    /// Whose: one, or several whose owners read mails at one address.
    pub accounts: &'a [AccountInMail],
    /// How long new ones can be chosen, in seconds.
    pub life_secs: u64,
}

/// An account that a mail is about.
pub struct AccountInMail {
    /// Its name.
    pub owner: String,
    /// Where a new password is chosen. It is a secret.
    pub link: String,
}

impl PasswordResetMail<'_> {
    /// The subject and the text.
    pub fn write(&self, frame: &Frame<'_>) -> (String, String) {
        let (words, brand) = (frame.words, frame.brand.name.as_str());
        let mut paragraphs = match self.accounts {
            [AccountInMail { owner, link }] => vec![
                words.saying("mail-reset-asked", brand, owner),
                words.say("mail-reset-choose"),
                link.clone(),
            ],
            several => {
                let asked = words.saying("mail-reset-asked-several", brand, "");
                let lines = |it: &AccountInMail| format!("{}\n{}", it.owner, it.link);
                let accounts = several.iter().map(lines);
                std::iter::once(asked).chain(accounts).collect()
            }
        };
        paragraphs.extend([
            words.spanning("mail-reset-lasts", self.life_secs),
            words.say("mail-reset-not-you"),
            brand.to_owned(),
        ]);
        let subject = words.saying("mail-reset-subject", brand, "");
        (subject, format!("{}\n", paragraphs.join("\n\n")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::Language;
    use crate::pages::samples::frame;

    fn account(owner: &str) -> AccountInMail {
        AccountInMail {
            owner: owner.to_owned(),
            link: format!("https://auth.example/login/reset?link={owner}"),
        }
    }

    #[test]
    fn a_mail_says_whose_password_where_and_for_how_long_in_every_language() {
        for accounts in [vec![account("wang")], vec![account("wang"), account("li")]] {
            let mail = PasswordResetMail {
                accounts: &accounts,
                life_secs: 1800,
            };
            for language in Language::ALL {
                let (subject, text) = mail.write(&frame(language));
                assert!(subject.starts_with("Symbolon"), "{subject}");
                let lines: Vec<&str> = text.lines().collect();
                for account in &accounts {
                    let at = lines.iter().position(|line| *line == account.link);
                    let at = at.expect("the link has a line of its own");
                    let before = lines[..at].join("\n");
                    assert!(before.contains(&account.owner), "{text}");
                }
                assert!(text.contains("30"), "{text}");
                assert!(!text.contains("Unknown localization"), "{text}");
            }
        }
    }
}
