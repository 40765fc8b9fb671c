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

/// The rule that a form of a new password broke, for whoever asks later.
pub(crate) const fn rule_of(refusal: &PasswordRefusal) -> &'static str {
    match refusal {
        PasswordRefusal::Current(_) => "current_password is not that of the account",
        PasswordRefusal::TooShort(_) => "new_password is too short",
        PasswordRefusal::TooLong => "new_password is too long",
        PasswordRefusal::Name => "new_password is the name of the account",
        PasswordRefusal::Common => "new_password is one that many people have",
        PasswordRefusal::Same => "new_password is the one before",
        PasswordRefusal::Repeated => "repeated_password is not new_password",
        PasswordRefusal::ChangedMeanwhile => "the account was changed meanwhile",
    }
}
