//! Clients, owners and requests that tests begin with.

use symbolon::authorization::AuthorizationRequest;
use symbolon::identifiers::ClientId;
use symbolon::scope::Scope;
use symbolon::secret::Secret;
use symbolon::token::{
    AuthorizationCodeRequest, ClientCredentialsRequest, GrantType, PasswordRequest, TokenRequest,
};
use symbolon_auth_server::passwords::hash_generated_secret;
use symbolon_auth_server::records::{ClientRegistration, OwnerRegistration};

/// A confidential client of every grant.
pub(crate) const SHOP: &str = "shop";
/// Another one.
pub(crate) const OTHER_SHOP: &str = "other-shop";
/// A public client.
pub(crate) const SCRIPT: &str = "script";
/// Where all of them are.
pub(crate) const CALLBACK: &str = "https://shop.example/callback";
/// RFC 7636 appendix B.
pub(crate) const CODE_VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// RFC 7636 appendix B.
pub(crate) const CODE_CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
/// Alice's, and nobody else's.
pub(crate) const PASSWORD: &str = "wonderland";
/// The bcrypt hash of [`BCRYPT_SECRET`], of the lowest cost there is.
pub(crate) const BCRYPT: &str =
    "{bcrypt}$2b$04$w16LmdIG4gVqerWtjql47elIYUC.LduVHvZaJiCsjeWLdUzkQgwBi";
/// What [`BCRYPT`] was made of.
pub(crate) const BCRYPT_SECRET: &str = "correct horse 电池";

pub(crate) fn shop() -> ClientRegistration {
    confidential(SHOP)
}

pub(crate) fn other_shop() -> ClientRegistration {
    confidential(OTHER_SHOP)
}

pub(crate) fn confidential(id: &str) -> ClientRegistration {
    ClientRegistration {
        client_secret: Some(Secret::new(hash_generated_secret(&secret_of(id)).expose())),
        grant_types: GrantType::ALL.to_vec(),
        redirect_uris: vec![CALLBACK.to_owned()],
        scope: scope("delete read write"),
        resource_ids: vec!["photos".to_owned()],
        authorities: vec!["ROLE_CLIENT".to_owned()],
        ..ClientRegistration::new(ClientId::new(id), "A shop")
    }
}

pub(crate) fn script() -> ClientRegistration {
    ClientRegistration {
        client_secret: None,
        grant_types: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
        authorities: Vec::new(),
        ..confidential(SCRIPT)
    }
}

pub(crate) fn secret_of(id: &str) -> Secret {
    Secret::new(format!("the secret of {id}"))
}

pub(crate) fn alice() -> OwnerRegistration {
    owner("alice", &format!("{{noop}}{PASSWORD}"))
}

pub(crate) fn bob() -> OwnerRegistration {
    owner("bob", BCRYPT)
}

pub(crate) fn owner(name: &str, hash: &str) -> OwnerRegistration {
    OwnerRegistration {
        name: name.to_owned(),
        password: Secret::new(hash),
        authorities: vec!["ROLE_USER".to_owned()],
        disabled: false,
        password_mark: None,
        invited: false,
        email: None,
    }
}

pub(crate) fn scope(names: &str) -> Scope {
    Scope::parse(names).unwrap()
}

/// A request for a code that is in order.
pub(crate) fn asks(client_id: &str) -> AuthorizationRequest {
    AuthorizationRequest {
        response_type: Some("code".to_owned()),
        client_id: Some(client_id.to_owned()),
        redirect_uri: Some(CALLBACK.to_owned()),
        scope: Some("read write".to_owned()),
        state: Some("a state".to_owned()),
        code_challenge: Some(CODE_CHALLENGE.to_owned()),
        code_challenge_method: Some("S256".to_owned()),
        ui_locales: None,
    }
}

/// The exchange of a code that [`asks`] came to.
pub(crate) fn by_code(code: &Secret) -> AuthorizationCodeRequest {
    AuthorizationCodeRequest {
        code: code.clone(),
        redirect_uri: Some(CALLBACK.to_owned()),
        code_verifier: Some(Secret::new(CODE_VERIFIER)),
    }
}

/// Alice's password.
pub(crate) fn by_password(scope: Option<&str>) -> TokenRequest {
    TokenRequest::Password(PasswordRequest {
        username: "alice".to_owned(),
        password: Secret::new(PASSWORD),
        scope: scope.map(str::to_owned),
    })
}

pub(crate) fn for_itself(scope: Option<&str>) -> TokenRequest {
    TokenRequest::ClientCredentials(ClientCredentialsRequest {
        scope: scope.map(str::to_owned),
    })
}
