//! Which habits a registration allows.

use symbolon::token::GrantType;

use crate::clients::client::Client;
use crate::passwords::PasswordHash;
use crate::records::Habit;

impl Client {
    /// Whether it may have a habit by its own registration. What no registration says is allowed to nobody here.
    pub fn is_allowed(&self, habit: Habit) -> bool {
        match habit {
            Habit::PasswordGrant => self.may_exchange(GrantType::Password),
            Habit::ImplicitGrant => self.may_use(GrantType::Implicit),
            Habit::CodeWithoutPkce => {
                self.may_use(GrantType::AuthorizationCode) && !self.require_pkce
            }
            Habit::WeakSecret => self.has_weak_secret(),
            Habit::CheckToken => self.may_introspect,
            Habit::TokenByGet | Habit::TokenKey | Habit::LegacyToken => false,
        }
    }

    /// Whether its secret is kept in plain text, or as a hash that is soon undone.
    pub fn has_weak_secret(&self) -> bool {
        let secret = self.secret.as_ref();
        secret.and_then(PasswordHash::weakness).is_some()
    }
}
