//! What would go wrong without a parameter. The sentences are in `locales/*/parameters.ftl`.

use super::lessons::{self, Lesson, Role};

/// The key of the sentence about what would go wrong without the parameter of this name, in the request of this lesson.
pub(super) fn without_sent(lesson: Lesson, name: &str) -> Option<&'static str> {
    let to_token_endpoint = lesson.from == Role::Client && lesson.to == Role::AuthorizationServer;
    Some(match name {
        "response_type" => "without-response-type",
        "client_id" => "without-client-id",
        "redirect_uri" if to_token_endpoint => "without-redirect-uri-again",
        "redirect_uri" => "without-redirect-uri",
        "scope" => "without-scope",
        "state" if lesson.to == Role::Client => "without-state-back",
        "state" => "without-state",
        "iss" => "without-iss",
        "code_challenge" => "without-code-challenge",
        "code_challenge_method" => "without-code-challenge-method",
        "code_verifier" => "without-code-verifier",
        "code" if lesson.to == Role::Client => "without-code-back",
        "code" => "without-code",
        "grant_type" => "without-grant-type",
        "refresh_token" => "without-refresh-token-sent",
        "username" | "password" => "without-password",
        "authorization" if lesson.to == Role::ResourceServer => "without-bearer",
        "authorization" => "without-client-authentication",
        "token" if lesson == lessons::CHECK_THE_TOKEN => "without-token-asked",
        "token" => "without-token-revoked",
        _ => return None,
    })
}

/// The same in an answer.
pub(super) fn without_received(lesson: Lesson, name: &str) -> Option<&'static str> {
    let is_check = lesson == lessons::CHECK_THE_TOKEN;
    Some(match name {
        "access_token" => "without-access-token",
        "token_type" => "without-token-type",
        "expires_in" => "without-expires-in",
        "refresh_token" => "without-refresh-token",
        "scope" if is_check => "without-scope-checked",
        "scope" => "without-scope-granted",
        "active" => "without-active",
        "aud" => "without-aud",
        "exp" => "without-exp",
        "client_id" if is_check => "without-client-id-checked",
        "user_name" | "sub" => "without-user-name",
        "authorities" => "without-authorities",
        "error" => "without-error",
        "www-authenticate" => "without-www-authenticate",
        "cache-control" => "without-no-store",
        _ => return None,
    })
}
