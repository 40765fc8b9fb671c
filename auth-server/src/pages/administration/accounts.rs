//! The accounts that are kept in the store.

use askama::Template;

use super::notice::AdministrationNotice;
use crate::pages::developer::FieldFault;
use crate::pages::frame::Frame;
use crate::pages::place::Menu;

/// One of the accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountLine {
    /// Its name.
    pub name: String,
    /// Whether nobody signs in.
    pub is_locked: bool,
    /// Whether its password is not enough.
    pub has_second_factor: bool,
    /// How many passkeys sign in in its place.
    pub passkeys: u64,
    /// Whether the person was invited and has not chosen a password yet.
    pub is_invited: bool,
    /// Where it is shown and changed.
    pub address: String,
}

impl AccountLine {
    const fn has_passkeys(&self) -> bool {
        self.passkeys > 0
    }
}

/// Why nobody was invited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotInvited {
    /// There is no address.
    NoAddress,
    /// No mail can be sent now.
    NoMails,
}

/// Lists accounts, and adds one.
#[allow(
    clippy::struct_excessive_bools,
    reason = "what a page shows, each for itself"
)]
#[derive(Clone, Debug)]
pub struct AccountsPage {
    /// Whose pages they are.
    pub menu: Menu,
    /// Bound to the session.
    pub csrf_token: String,
    /// Tells two sendings of one form from two forms.
    pub once: String,
    /// What happened a moment ago.
    pub notice: Option<AdministrationNotice>,
    /// Those on this page.
    pub accounts: Vec<AccountLine>,
    /// Where the next ones are.
    pub next: Option<String>,
    /// What was typed as a name.
    pub name: String,
    /// What is wrong with it.
    pub name_fault: Option<FieldFault>,
    /// Whether somebody has it.
    pub is_taken: bool,
    /// What was typed as authorities, one a line.
    pub authorities: String,
    /// Whether one of them is none.
    pub is_no_authority: bool,
    /// What was typed as an address.
    pub email: String,
    /// Whether it is none.
    pub is_no_email: bool,
    /// Whether somebody can be invited: mails are sent.
    pub can_invite: bool,
    /// Whether that was wanted.
    pub is_invitation: bool,
    /// Whether nobody was, and why.
    pub not_invited: Option<NotInvited>,
}

impl AccountsPage {
    fn is_refused(&self) -> bool {
        self.is_name_refused()
            || self.is_no_authority
            || self.is_no_email
            || self.not_invited.is_some()
    }

    fn is_email_refused(&self) -> bool {
        self.is_no_email || self.lacks_address()
    }

    fn lacks_address(&self) -> bool {
        self.not_invited == Some(NotInvited::NoAddress)
    }

    fn is_too_busy(&self) -> bool {
        self.not_invited == Some(NotInvited::NoMails)
    }

    fn is_name_refused(&self) -> bool {
        self.name_fault.is_some() || self.is_taken
    }

    /// The page as HTML.
    pub fn render(&self, frame: &Frame<'_>) -> Result<String, askama::Error> {
        let menu = &self.menu;
        let page = self;
        frame.write(
            "administration_accounts",
            &AccountsTemplate { page, menu, frame },
        )
    }
}

#[derive(Template)]
#[template(path = "administration/accounts.html")]
struct AccountsTemplate<'a> {
    page: &'a AccountsPage,
    menu: &'a Menu,
    frame: &'a Frame<'a>,
}

/// Shows an account, locks it, gives it another password, and removes it.
#[allow(
    clippy::struct_excessive_bools,
    reason = "what a page shows, each for itself"
)]
#[derive(Clone, Debug)]
pub struct AdministeredAccountPage {
    /// Whose pages they are.
    pub menu: Menu,
    /// Bound to the session.
    pub csrf_token: String,
    /// Tells two sendings of one form from two forms.
    pub once: String,
    /// What happened a moment ago.
    pub notice: Option<AdministrationNotice>,
    /// Its name.
    pub name: String,
    /// What the person may do.
    pub authorities: Vec<String>,
    /// Where the person reads mails, or nothing.
    pub email: String,
    /// Whether nobody signs in.
    pub is_locked: bool,
    /// Whether the person was invited and has not chosen a password yet.
    pub is_invited: bool,
    /// Whether another invitation can be sent: mails are, and there is an address.
    pub can_invite: bool,
    /// Whether its password is not enough.
    pub has_second_factor: bool,
    /// Where what it granted is shown.
    pub access: String,
    /// How many passkeys sign in in its place.
    pub passkeys: u64,
}

impl AdministeredAccountPage {
    const fn has_passkeys(&self) -> bool {
        self.passkeys > 0
    }

    /// The page as HTML.
    pub fn render(&self, frame: &Frame<'_>) -> Result<String, askama::Error> {
        let menu = &self.menu;
        let page = self;
        frame.write(
            "administration_account",
            &AccountTemplate { page, menu, frame },
        )
    }
}

#[derive(Template)]
#[template(path = "administration/account.html")]
struct AccountTemplate<'a> {
    page: &'a AdministeredAccountPage,
    menu: &'a Menu,
    frame: &'a Frame<'a>,
}

/// Tells a password that was made for an account. It is known to nobody later.
#[derive(Clone)]
pub struct NewPasswordPage {
    /// Whose pages they are.
    pub menu: Menu,
    /// Whose it is.
    pub name: String,
    /// The password.
    pub password: String,
    /// Where the account is shown and changed.
    pub address: String,
}

/// Without the password.
impl std::fmt::Debug for NewPasswordPage {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "NewPasswordPage({})", self.name)
    }
}

impl NewPasswordPage {
    /// The page as HTML.
    pub fn render(&self, frame: &Frame<'_>) -> Result<String, askama::Error> {
        let menu = &self.menu;
        let page = self;
        frame.write(
            "administration_password",
            &PasswordTemplate { page, menu, frame },
        )
    }
}

#[derive(Template)]
#[template(path = "administration/new_password.html")]
struct PasswordTemplate<'a> {
    page: &'a NewPasswordPage,
    menu: &'a Menu,
    frame: &'a Frame<'a>,
}
