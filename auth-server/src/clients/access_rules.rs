//! Rules of Spring Security for the endpoints that Spring servers have rules for.

use symbolon::access_expression::{AccessExpression, Caller};

use crate::clients::authentication::AuthenticatedClient;

/// The rules; `None` means this server's own.
#[derive(Clone, Debug, Default)]
pub struct AccessRules {
    /// Who may call `/oauth/check_token`: whoever may asks about every token.
    pub check_token: Option<AccessExpression>,
    /// Who may call `/oauth/token_key`.
    pub token_key: Option<AccessExpression>,
}

/// Whether a rule lets in who shows nothing.
pub fn admits_anybody(rule: &AccessExpression) -> bool {
    rule.decide(&Caller::anonymous()).is_allowed
}

/// Whether a rule lets this client in. A public client proves nothing, so it is as good as nobody: else
/// `isAuthenticated()` would let in whoever knows its name.
pub fn admits(rule: &AccessExpression, client: &AuthenticatedClient) -> bool {
    if client.is_public() {
        return admits_anybody(rule);
    }
    rule.decide(&Caller::authenticated(&client.authorities))
        .is_allowed
}
