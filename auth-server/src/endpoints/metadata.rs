//! `GET /.well-known/oauth-authorization-server` ([RFC 8414](https://www.rfc-editor.org/rfc/rfc8414)), the path of
//! the issuer behind or in front of it.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use symbolon::metadata::AuthorizationServerMetadata;
use symbolon::pkce::CODE_CHALLENGE_METHOD;
use symbolon::token::GrantType;

use crate::clients::self_registration::RegistrationApi;
use crate::http::answers;
use crate::pages::Language;
use crate::server::Server;

pub(super) async fn show(server: Data<Server>) -> HttpResponse {
    answers::json(StatusCode::OK, &describe(&server))
}

/// Tells what is switched on: a grant that no client is registered for is not supported here.
fn describe(server: &Server) -> AuthorizationServerMetadata {
    let at = &server.addresses;
    let facts = server.clients.facts();
    let grants = &facts.grant_types;
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
    let there_is = |grant: &&GrantType| server.grants.extension.grants.have(grant);
    let methods = words(["client_secret_basic", "client_secret_post", "none"]);
    let register = server.registration.access.api != RegistrationApi::Off;
    AuthorizationServerMetadata {
        issuer: server.issuer.to_string(),
        authorization_endpoint: Some(at.authorize.url.clone()),
        token_endpoint: Some(at.token.url.clone()),
        jwks_uri: Some(at.jwks.url.clone()),
        introspection_endpoint: Some(at.introspect.url.clone()),
        revocation_endpoint: Some(at.revoke.url.clone()),
        registration_endpoint: register.then(|| at.register.url.clone()),
        scopes_supported: facts.scopes.iter().cloned().collect(),
        response_types_supported: offered(responses),
        response_modes_supported: offered(modes),
        grant_types_supported: words(grants.iter().filter(there_is).map(GrantType::as_str)),
        token_endpoint_auth_methods_supported: methods.clone(),
        introspection_endpoint_auth_methods_supported: methods.clone(),
        revocation_endpoint_auth_methods_supported: methods,
        code_challenge_methods_supported: words([CODE_CHALLENGE_METHOD]),
        ui_locales_supported: words(Language::ALL.map(Language::tag)),
        authorization_response_iss_parameter_supported: !server.spring.answers_without_iss,
    }
}

fn words<'a>(list: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    list.into_iter().map(str::to_owned).collect()
}
