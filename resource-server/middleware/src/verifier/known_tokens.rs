//! A verifier for the tests of a program that has no authorization server at hand.

use std::collections::HashMap;
use std::fmt;

use async_trait::async_trait;
use symbolon::secret::Secret;

use crate::authentication::{Authentication, TokenFacts};
use crate::verdict::{InvalidToken, VerificationError};
use crate::verifier::TokenVerifier;

/// Knows what each of a few tokens gets for an answer, and refuses all others. For tests:
///
/// ```
/// use std::sync::Arc;
///
/// use actix_web::{App, test, web};
/// use symbolon_resource_server::verifier::{KnownTokens, VerificationError};
/// use symbolon_resource_server::{Authentication, ResourceServer, TokenFacts};
///
/// async fn me(caller: Authentication) -> String {
///     caller.owner.clone().unwrap_or_default()
/// }
///
/// # #[actix_web::main]
/// # async fn main() {
/// let facts = TokenFacts {
///     owner: Some("xiaoming".to_owned()),
///     ..TokenFacts::default()
/// };
/// let tokens = KnownTokens::default()
///     .good("xiaomings-token", facts)
///     .refused("down", VerificationError::Unavailable("it is down".to_owned()));
/// let protection = ResourceServer::new(Arc::new(tokens));
/// let application = App::new().wrap(protection).route("/me", web::get().to(me));
/// let service = test::init_service(application).await;
/// let call = |token| {
///     let request = test::TestRequest::get().uri("/me").insert_header(("authorization", token));
///     test::call_service(&service, request.to_request())
/// };
/// let answer = call("Bearer xiaomings-token").await;
/// assert_eq!(test::read_body(answer).await, "xiaoming");
/// assert_eq!(call("Bearer another").await.status(), 401);
/// assert_eq!(call("Bearer down").await.status(), 503);
/// # }
/// ```
#[derive(Default)]
pub struct KnownTokens(HashMap<String, Result<Authentication, VerificationError>>);

impl KnownTokens {
    /// The same, and this token is good and stands for this.
    #[must_use]
    pub fn good(mut self, token: impl Into<String>, facts: TokenFacts) -> Self {
        self.0.insert(token.into(), Ok(facts.into()));
        self
    }

    /// The same, and this token gets this answer.
    #[must_use]
    pub fn refused(
        mut self,
        token: impl Into<String>,
        error: impl Into<VerificationError>,
    ) -> Self {
        self.0.insert(token.into(), Err(error.into()));
        self
    }
}

#[async_trait]
impl TokenVerifier for KnownTokens {
    async fn verify(&self, token: &Secret) -> Result<Authentication, VerificationError> {
        self.0
            .get(token.expose())
            .cloned()
            .unwrap_or_else(|| Err(InvalidToken::Refused.into()))
    }
}

/// Without the tokens.
impl fmt::Debug for KnownTokens {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.0.values()).finish()
    }
}
