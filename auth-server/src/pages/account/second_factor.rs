//! What is asked for besides the password: setting it up, the recovery codes, switching it off.

use askama::Template;
use symbolon::clock::Timestamp;

use crate::pages::account::password::{Field, PasswordRefusal};
use crate::pages::account::qr_code::QrImage;
use crate::pages::frame::Frame;
use crate::pages::login::LoginNotice;
use crate::pages::login_code::CodeNotice;
use crate::pages::place::Menu;

/// Letters in a group of the key.
const GROUP: usize = 4;

/// Shows the second factor of an account, and changes it: `POST` with `_csrf`, `current_password` and `change`, which is
/// `enrol` (with `setup` and `code`), `codes` or `remove`.
pub struct SecondFactorPage {
    /// Whose account it is.
    pub menu: Menu,
    /// Bound to the session.
    pub csrf_token: String,
    /// What there is to say.
    pub state: SecondFactorState,
}

/// What the page says.
pub enum SecondFactorState {
    /// There is none: how to set one up.
    Off(SecondFactorSetUp),
    /// There is one.
    On {
        /// Since when.
        since: Timestamp,
        /// How many recovery codes are left.
        recovery_codes: u64,
        /// What will not do of the form for this.
        fault: Option<(SecondFactorSubject, LoginNotice)>,
    },
    /// The recovery codes, which are known to nobody later.
    RecoveryCodes(Vec<String>),
}

/// A secret that an app is to take over.
pub struct SecondFactorSetUp {
    /// The same, sealed: what the form brings back.
    pub sealed: String,
    /// In letters and digits.
    pub key: String,
    /// Whose pages and whose account it is for, as the app lists it.
    pub issuer: String,
    /// What will not do.
    pub fault: Option<SecondFactorFault>,
    /// It has just been switched off.
    pub removed: bool,
}

/// What is to be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondFactorSubject {
    /// The recovery codes.
    RecoveryCodes,
    /// Whether there is a second factor.
    Removal,
}

/// What will not do of a set-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondFactorFault {
    /// The code.
    Code,
    /// The password, as a sign-in with it would be refused.
    Password(LoginNotice),
}

/// Without secrets and codes.
impl std::fmt::Debug for SecondFactorPage {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "SecondFactorPage({})", self.menu.owner)
    }
}

impl SecondFactorPage {
    /// The page as HTML.
    pub fn render(&self, frame: &Frame<'_>) -> Result<String, askama::Error> {
        let menu = &self.menu;
        let page = self;
        frame.write(
            "account_second_factor",
            &SecondFactorTemplate { page, menu, frame },
        )
    }

    const fn is_refused(&self) -> bool {
        match &self.state {
            SecondFactorState::Off(set_up) => set_up.fault.is_some(),
            SecondFactorState::On { fault, .. } => fault.is_some(),
            SecondFactorState::RecoveryCodes(_) => false,
        }
    }

    /// The field of the password in one of the forms. Each has a name of its own for its label.
    fn password(&self, frame: &Frame<'_>) -> Field {
        let fault = match &self.state {
            SecondFactorState::Off(set_up) => match set_up.fault {
                Some(SecondFactorFault::Password(notice)) => Some(notice),
                Some(SecondFactorFault::Code) | None => None,
            },
            SecondFactorState::On { .. } | SecondFactorState::RecoveryCodes(_) => None,
        };
        password_field("current_password", fault, frame)
    }

    fn password_for(&self, subject: SecondFactorSubject, frame: &Frame<'_>) -> Field {
        let fault = match &self.state {
            SecondFactorState::On { fault, .. } => fault.filter(|(about, _)| *about == subject),
            SecondFactorState::Off(_) | SecondFactorState::RecoveryCodes(_) => None,
        };
        password_field(subject.field(), fault.map(|(_, notice)| notice), frame)
    }
}

fn password_field(name: &'static str, fault: Option<LoginNotice>, frame: &Frame<'_>) -> Field {
    Field {
        name,
        label: frame.words.say("password-current"),
        autocomplete: "current-password",
        hint: None,
        fault: fault.map(|notice| PasswordRefusal::Current(notice).sentence(frame)),
    }
}

impl SecondFactorSubject {
    /// The name of the password's field in the form about this.
    pub const fn field(self) -> &'static str {
        match self {
            Self::RecoveryCodes => "password_for_codes",
            Self::Removal => "password_for_removal",
        }
    }
}

impl SecondFactorSetUp {
    /// The key in groups, for whoever types it.
    fn groups(&self) -> Vec<String> {
        let letters: Vec<char> = self.key.chars().collect();
        let groups = letters.chunks(GROUP);
        groups.map(|group| group.iter().collect()).collect()
    }

    /// What apps read: <https://github.com/google/google-authenticator/wiki/Key-Uri-Format>.
    fn link(&self, owner: &str) -> String {
        let issuer = encoded(&self.issuer);
        let (account, key) = (encoded(owner), &self.key);
        format!("otpauth://totp/{issuer}:{account}?secret={key}&issuer={issuer}")
    }

    fn image(&self, owner: &str) -> Option<QrImage> {
        QrImage::of(&self.link(owner))
    }

    fn code_fault(&self, frame: &Frame<'_>) -> Option<String> {
        let is_wrong = self.fault == Some(SecondFactorFault::Code);
        is_wrong.then(|| CodeNotice::Wrong.sentence(frame))
    }
}

/// A name of a label. The colon divides the two there, so neither has one.
fn encoded(name: &str) -> String {
    let name = name.replace(':', " ");
    let encoded: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
    // A space that is a plus stays one in apps.
    encoded.replace('+', "%20")
}

#[derive(Template)]
#[template(path = "account/second_factor.html")]
struct SecondFactorTemplate<'a> {
    page: &'a SecondFactorPage,
    menu: &'a Menu,
    frame: &'a Frame<'a>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_names_issuer_and_account_whatever_letters_they_have() {
        let set_up = SecondFactorSetUp {
            sealed: String::new(),
            key: "JBSWY3DPEHPK3PXP".to_owned(),
            issuer: "Photo: & Co".to_owned(),
            fault: None,
            removed: false,
        };
        assert_eq!(
            set_up.link("小明+1"),
            "otpauth://totp/Photo%20%20%26%20Co:%E5%B0%8F%E6%98%8E%2B1?secret=JBSWY3DPEHPK3PXP\
             &issuer=Photo%20%20%26%20Co"
        );
        assert_eq!(set_up.groups(), ["JBSW", "Y3DP", "EHPK", "3PXP"]);
    }
}
