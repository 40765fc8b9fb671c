//! From a password that is none to choose to what the page says about it.

use symbolon::secret::Secret;

use crate::pages::PasswordRefusal;
use crate::resource_owners::password_change::PasswordFault;

/// A new password, as a form sends it.
pub(crate) struct NewPassword {
    /// The password.
    pub(crate) new: Secret,
    /// The same again.
    pub(crate) repeated: Secret,
}

impl NewPassword {
    /// What will not do of it for this account, in the place of that one.
    pub(crate) fn fault(&self, owner: &str, current: &Secret) -> Option<PasswordRefusal> {
        let fault = PasswordFault::of(owner, &self.new, current);
        let fault = fault.map(|fault| match fault {
            PasswordFault::TooShort => PasswordRefusal::TooShort(PasswordRefusal::FEWEST),
            PasswordFault::TooLong => PasswordRefusal::TooLong,
            PasswordFault::Name => PasswordRefusal::Name,
            PasswordFault::Common => PasswordRefusal::Common,
            PasswordFault::Same => PasswordRefusal::Same,
        });
        fault.or_else(|| (self.new != self.repeated).then_some(PasswordRefusal::Repeated))
    }
}
