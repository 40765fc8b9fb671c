//! From a form to a token request, in one of two orders of checks.

use symbolon::parameters::Parameters;
use symbolon::token::{GrantType, TokenRequest, TokenRequestError};

use crate::clients::client::Client;
use crate::grants::error::TokenError;
use crate::grants::scope::requested_as_of_spring;

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
    requested_as_of_spring(client, value_of(form, "scope"))?;
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
