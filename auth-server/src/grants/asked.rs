//! From a form to a token request, in one of two orders of checks.

use symbolon::parameters::Parameters;
use symbolon::token::{GrantType, TokenRequest, TokenRequestError};

use crate::clients::client::Client;
use crate::grants::error::TokenError;
use crate::grants::scope::{ScopeError, requested_scope};

/// The request that a client makes with this form.
pub fn asked_by(client: &Client, form: &mut Parameters) -> Result<TokenRequest, TokenError> {
    if client.spring.token_errors {
        in_springs_order(client, form)
    } else {
        Ok(TokenRequest::decode(form)?)
    }
}

/// Spring checks the scope first, for all grants; and whether the grant is registered before what the grant cannot do
/// without. A code without a value is one that nobody knows.
fn in_springs_order(client: &Client, form: &mut Parameters) -> Result<TokenRequest, TokenError> {
    let scope = value_of(form, "scope");
    if scope.is_some_and(names_nothing_between) && !client.has_any_scope() {
        let registered = client.scope.clone();
        return Err(ScopeError::Invalid { registered }.into());
    }
    requested_scope(client, scope)?;
    let has_code = form.contains("code");
    TokenRequest::decode(form).map_err(|error| match error {
        TokenRequestError::MissingCode if !client.may_exchange(GrantType::AuthorizationCode) => {
            TokenError::GrantNotRegistered
        }
        TokenRequestError::MissingOwnerCredentials if !client.may_exchange(GrantType::Password) => {
            TokenError::GrantNotRegistered
        }
        TokenRequestError::MissingCode if has_code => TokenError::UnknownCode,
        TokenRequestError::MissingCode
        | TokenRequestError::MissingOwnerCredentials
        | TokenRequestError::MissingGrantType
        | TokenRequestError::ImplicitAtTokenEndpoint
        | TokenRequestError::UnsupportedGrantType
        | TokenRequestError::MissingRefreshToken => error.into(),
    })
}

fn value_of<'a>(form: &'a Parameters, name: &str) -> Option<&'a str> {
    let mut sent = form.iter();
    sent.find_map(|(known, value)| (known == name).then_some(value))
}

/// Each single blank separates, so two of them have an empty name between them, which no client has. What ends a text
/// counts for nothing.
fn names_nothing_between(scope: &str) -> bool {
    let is_separator = |character: char| character.is_ascii_whitespace() || character == '+';
    let names = scope.trim_end_matches(is_separator);
    !names.is_empty() && names.split(is_separator).any(str::is_empty)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_blanks_have_an_empty_name_between_them() {
        for (scope, expected) in [
            ("", false),
            ("  ", false),
            ("a", false),
            ("a b", false),
            ("a+b", false),
            ("a ", false),
            ("a  b", true),
            ("a +b", true),
            (" a", true),
        ] {
            assert_eq!(names_nothing_between(scope), expected, "{scope:?}");
        }
    }
}
