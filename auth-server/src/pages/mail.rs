//! What mails say, in plain text.

use crate::pages::frame::Frame;

/// A mail with a link for whoever has forgotten a password.
pub struct PasswordResetMail<'a> {
    /// Whose.
    pub owner: &'a str,
    /// Where a new one is chosen. It is a secret.
    pub link: &'a str,
    /// How long that is possible, in seconds.
    pub life_secs: u64,
}

impl PasswordResetMail<'_> {
    /// The subject and the text.
    pub fn write(&self, frame: &Frame<'_>) -> (String, String) {
        let (words, brand) = (frame.words, frame.brand.name.as_str());
        let paragraphs = [
            words.saying("mail-reset-asked", brand, self.owner),
            words.say("mail-reset-choose"),
            self.link.to_owned(),
            words.spanning("mail-reset-lasts", self.life_secs),
            words.say("mail-reset-not-you"),
            brand.to_owned(),
        ];
        let subject = words.saying("mail-reset-subject", brand, self.owner);
        (subject, format!("{}\n", paragraphs.join("\n\n")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::Language;
    use crate::pages::samples::frame;

    #[test]
    fn a_mail_says_whose_password_where_and_for_how_long_in_every_language() {
        let mail = PasswordResetMail {
            owner: "wang",
            link: "https://auth.example/login/reset?link=abc",
            life_secs: 1800,
        };
        for language in Language::ALL {
            let (subject, text) = mail.write(&frame(language));
            assert!(subject.starts_with("Symbolon"), "{subject}");
            let lines: Vec<&str> = text.lines().collect();
            assert!(
                lines.contains(&mail.link),
                "the link has a line of its own: {text}"
            );
            assert!(text.contains("wang") && text.contains("30"), "{text}");
            assert!(!text.contains("Unknown localization"), "{text}");
        }
    }
}
