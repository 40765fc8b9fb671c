//! What mails say, in plain text.

use crate::pages::frame::Frame;

/// A mail with links for whoever has forgotten a password.
pub struct PasswordResetMail<'a> {
    /// Why it is sent.
    pub reason: ResetReason,
    /// Whose: one, or several whose owners read mails at one address.
    pub accounts: &'a [AccountInMail],
    /// How long new ones can be chosen, in seconds.
    pub life_secs: u64,
}

/// Why somebody is sent links for new passwords.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResetReason {
    /// A password is forgotten.
    Forgotten,
    /// Somebody wants an account with an address that has one.
    SignUp,
}

/// A mail with a link for whoever wants an account.
pub struct SignUpMail<'a> {
    /// Where its name and password are chosen. It is a secret.
    pub link: &'a str,
    /// How long that is possible, in seconds.
    pub life_secs: u64,
}

impl SignUpMail<'_> {
    /// The subject and the text.
    pub fn write(&self, frame: &Frame<'_>) -> (String, String) {
        let (words, brand) = (frame.words, frame.brand.name.as_str());
        let paragraphs = [
            words.saying("mail-sign-up-asked", brand, ""),
            words.say("mail-sign-up-choose"),
            self.link.to_owned(),
            words.spanning("mail-sign-up-lasts", self.life_secs),
            words.say("mail-sign-up-not-you"),
            brand.to_owned(),
        ];
        let subject = words.saying("mail-sign-up-subject", brand, "");
        (subject, format!("{}\n", paragraphs.join("\n\n")))
    }
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
                words.saying(self.reason.about_one(), brand, owner),
                words.say("mail-reset-choose"),
                link.clone(),
            ],
            several => {
                let asked = words.saying(self.reason.about_several(), brand, "");
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

impl ResetReason {
    const fn about_one(self) -> &'static str {
        match self {
            Self::Forgotten => "mail-reset-asked",
            Self::SignUp => "mail-sign-up-known",
        }
    }

    const fn about_several(self) -> &'static str {
        match self {
            Self::Forgotten => "mail-reset-asked-several",
            Self::SignUp => "mail-sign-up-known-several",
        }
    }
}

/// A mail with a link for whoever is to have an account.
pub struct InvitationMail<'a> {
    /// Its name.
    pub owner: &'a str,
    /// Where its first password is chosen. It is a secret.
    pub link: &'a str,
    /// How long that is possible, in seconds.
    pub life_secs: u64,
}

impl InvitationMail<'_> {
    /// The subject and the text.
    pub fn write(&self, frame: &Frame<'_>) -> (String, String) {
        let (words, brand) = (frame.words, frame.brand.name.as_str());
        let paragraphs = [
            words.saying("mail-invitation-what", brand, self.owner),
            words.say("mail-invitation-choose"),
            self.link.to_owned(),
            words.spanning("mail-reset-lasts", self.life_secs),
            words.say("mail-invitation-not-you"),
            brand.to_owned(),
        ];
        let subject = words.saying("mail-invitation-subject", brand, self.owner);
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
        let (one, several) = (vec![account("wang")], vec![account("wang"), account("li")]);
        for (reason, accounts) in [
            (ResetReason::Forgotten, &one),
            (ResetReason::Forgotten, &several),
            (ResetReason::SignUp, &one),
            (ResetReason::SignUp, &several),
        ] {
            let mail = PasswordResetMail {
                reason,
                accounts,
                life_secs: 1800,
            };
            for language in Language::ALL {
                let (subject, text) = mail.write(&frame(language));
                assert!(subject.starts_with("Symbolon"), "{subject}");
                let lines: Vec<&str> = text.lines().collect();
                for account in accounts {
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

    #[test]
    fn a_mail_for_an_account_says_where_and_for_how_long_in_every_language() {
        let mail = SignUpMail {
            link: "https://auth.example/login/sign-up/finish?link=abc",
            life_secs: 1800,
        };
        for language in Language::ALL {
            let (subject, text) = mail.write(&frame(language));
            assert!(subject.starts_with("Symbolon"), "{subject}");
            assert!(text.lines().any(|line| line == mail.link), "{text}");
            assert!(text.contains("30"), "{text}");
            assert!(!text.contains("Unknown localization"), "{text}");
        }
    }

    #[test]
    fn an_invitation_says_to_what_where_and_for_how_long_in_every_language() {
        let mail = InvitationMail {
            owner: "wang",
            link: "https://auth.example/login/reset?link=abc",
            life_secs: 7 * 24 * 60 * 60,
        };
        for language in Language::ALL {
            let (subject, text) = mail.write(&frame(language));
            assert!(subject.starts_with("Symbolon"), "{subject}");
            assert!(text.lines().any(|line| line == mail.link), "{text}");
            assert!(text.contains("wang") && text.contains('7'), "{text}");
            assert!(!text.contains("Unknown localization"), "{text}");
        }
    }
}
