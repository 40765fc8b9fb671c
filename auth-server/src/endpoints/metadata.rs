//! `GET /.well-known/oauth-authorization-server` ([RFC 8414](https://www.rfc-editor.org/rfc/rfc8414)).

use std::collections::BTreeSet;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use symbolon::metadata::{AuthorizationServerMetadata, WELL_KNOWN_PATH};
use symbolon::pkce::CODE_CHALLENGE_METHOD;
use symbolon::token::GrantType;
use url::Url;

use crate::endpoints::errors::EndpointError;
use crate::endpoints::responses;
use crate::server::Server;

pub(super) const PATH: &str = WELL_KNOWN_PATH;

pub(super) async fn show(server: Data<Server>) -> Result<HttpResponse, EndpointError> {
    let metadata = describe(&server)
        .map_err(|_| EndpointError::bad_request("the issuer of this server is not a URL"))?;
    Ok(responses::json(StatusCode::OK, &metadata))
}

/// Tells what is switched on: a grant that no client is registered for is not supported here.
fn describe(server: &Server) -> Result<AuthorizationServerMetadata, url::ParseError> {
    let url = |path: &str| Url::parse(&format!("{}{path}", server.issuer));
    let grants: BTreeSet<GrantType> = server
        .clients
        .iter()
        .flat_map(|client| client.grant_types.iter().copied())
        .collect();
    let responses = [
        (GrantType::AuthorizationCode, "code"),
        (GrantType::Implicit, "token"),
    ];
    let modes = [
        (GrantType::AuthorizationCode, "query"),
        (GrantType::Implicit, "fragment"),
    ];
    let offered = |list: [(GrantType, &str); 2]| {
        let on = list.into_iter().filter(|(grant, _)| grants.contains(grant));
        on.map(|(_, word)| word.to_owned()).collect::<Vec<_>>()
    };
    let words = |list: &[&str]| {
        list.iter()
            .map(|word| (*word).to_owned())
            .collect::<Vec<_>>()
    };
    let scopes: BTreeSet<&str> = server
        .clients
        .iter()
        .flat_map(|client| client.scope.names())
        .collect();
    let methods = words(&["client_secret_basic", "client_secret_post", "none"]);
    Ok(AuthorizationServerMetadata {
        issuer: server.issuer.clone(),
        authorization_endpoint: url("/oauth/authorize")?,
        token_endpoint: url("/oauth/token")?,
        jwks_uri: Some(url("/oauth/jwks")?),
        introspection_endpoint: Some(url("/oauth/introspect")?),
        revocation_endpoint: Some(url("/oauth/revoke")?),
        scopes_supported: scopes.into_iter().map(str::to_owned).collect(),
        response_types_supported: offered(responses),
        response_modes_supported: offered(modes),
        grant_types_supported: grants
            .iter()
            .map(|grant| grant.as_str().to_owned())
            .collect(),
        token_endpoint_auth_methods_supported: methods.clone(),
        introspection_endpoint_auth_methods_supported: methods.clone(),
        revocation_endpoint_auth_methods_supported: methods,
        code_challenge_methods_supported: words(&[CODE_CHALLENGE_METHOD]),
        authorization_response_iss_parameter_supported: true,
    })
}
