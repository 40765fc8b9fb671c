//! The lists that registrations of one kind are in, as one sorted set: a member is the name of a list and the name of a
//! registration in it. All have one score, so Redis keeps them in the order of their bytes. What it is in, a registration says
//! itself: a member that its record does not bear out leads to nobody.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::records::{ClientRegistration, EmailAddress, OwnerRegistration};
use crate::stores::ClientList;

/// A registration that is in lists.
pub(super) trait Listed {
    /// What its members of the lists begin with.
    fn lists(&self) -> Vec<String>;

    /// Its name.
    fn name(&self) -> &str;

    /// Its members of the lists.
    fn members(&self) -> Vec<String> {
        let lists = self.lists().into_iter();
        lists.map(|list| list + self.name()).collect()
    }
}

impl Listed for ClientRegistration {
    fn lists(&self) -> Vec<String> {
        ClientList::of(self).iter().map(of_clients).collect()
    }

    fn name(&self) -> &str {
        self.client_id.as_str()
    }
}

impl Listed for OwnerRegistration {
    fn lists(&self) -> Vec<String> {
        self.email.iter().map(of_email).collect()
    }

    fn name(&self) -> &str {
        &self.name
    }
}

/// What every member of a list of clients begins with. Names may hold any character, so they are written in base64url.
pub(super) fn of_clients(list: &ClientList) -> String {
    match list {
        ClientList::RegisteredBy(owner) => format!("by/{}/", URL_SAFE_NO_PAD.encode(owner)),
        ClientList::AwaitingApproval => "awaiting/".to_owned(),
    }
}

/// The same of the owners who read mails at an address.
pub(super) fn of_email(email: &EmailAddress) -> String {
    format!("email/{}/", URL_SAFE_NO_PAD.encode(email.folded()))
}
