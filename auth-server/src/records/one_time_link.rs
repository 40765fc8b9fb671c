//! A link that somebody was sent, and that is good once.

use serde::{Deserialize, Serialize};
use symbolon::clock::Timestamp;

use crate::records::{EmailAddress, PasswordMark};

/// A link that was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OneTimeLink {
    /// What it lets somebody do, and what it hangs on.
    #[serde(flatten)]
    pub purpose: LinkPurpose,
    /// Where it was sent. With that account: when its owner reads mails elsewhere, or nowhere, it is good for nothing.
    pub email: EmailAddress,
    /// Until when.
    pub expires_at: Timestamp,
}

/// What a link is for, with what a link of that kind alone has: one that is for no account names none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "purpose", rename_all = "snake_case")]
pub enum LinkPurpose {
    /// Choosing a new password in the place of one that was forgotten.
    PasswordReset(AccountAsItWas),
    /// Choosing the first password of an account.
    Invitation(AccountAsItWas),
}

/// The account that a link is for, as it was when the link was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountAsItWas {
    /// Its name.
    pub owner: String,
    /// Which password it had: with another one the link is good for nothing.
    pub password_mark: PasswordMark,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_that_was_written_before_there_were_several_kinds_is_read() {
        let written = r#"{"purpose":"password_reset","owner":"wang","password_mark":"a mark","email":"wang@example.org","expires_at":1800}"#;
        let link: OneTimeLink = serde_json::from_str(written).unwrap();
        let expected = OneTimeLink {
            purpose: LinkPurpose::PasswordReset(AccountAsItWas {
                owner: "wang".to_owned(),
                password_mark: PasswordMark::new("a mark".to_owned()),
            }),
            email: EmailAddress::parse("wang@example.org").unwrap(),
            expires_at: Timestamp::from_secs(1800),
        };
        assert_eq!(link, expected);
        // A server of before reads those of now, too.
        assert_eq!(serde_json::to_string(&expected).unwrap(), written);
    }
}
