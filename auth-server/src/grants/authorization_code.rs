//! The authorization code grant ([RFC 6749 §4.1.3](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3),
//! [RFC 7636 §4.6](https://www.rfc-editor.org/rfc/rfc7636#section-4.6)).

use symbolon::pkce::CodeVerifier;
use symbolon::secret::Secret;
use symbolon::token::AuthorizationCodeRequest;

use crate::audit::AuditEvent;
use crate::clients::authentication::AuthenticatedClient;
use crate::grants::{TokenError, with_refresh_token};
use crate::records::AuthorizationCode;
use crate::records::CodeId;
use crate::server::Server;
use crate::stores::{Issuance, Redemption};
use crate::tokens::issue::{IssuedTokens, answer_with, issue_or_reuse_tokens, mint_tokens};

/// Exchanges a code. Whatever is wrong with the request, the code is used up: whoever presented it knows
/// it, and a second try would be a guess.
pub(super) async fn exchange(
    server: &Server,
    client: &AuthenticatedClient,
    address: &str,
    request: AuthorizationCodeRequest,
) -> Result<IssuedTokens, TokenError> {
    let AuthorizationCodeRequest {
        code,
        redirect_uri,
        code_verifier,
    } = request;
    let id: CodeId = server
        .ring()
        .handles
        .read(&code)
        .ok_or(TokenError::UnknownCode)?;
    let code = match server.store.redeem_code(&id).await? {
        Redemption::Redeemed(code) => code,
        Redemption::Replayed { grant_id } => {
            server.store.revoke_grant(&grant_id).await?;
            server.audit.record(&AuditEvent::CodeReplayed {
                client: &client.id,
                grant_id,
                address,
            });
            return Err(TokenError::CodeReplayed);
        }
        Redemption::Unknown => return Err(TokenError::UnknownCode),
    };
    if code.grant.client_id != client.id {
        return Err(TokenError::CodeOfOtherClient);
    }
    check_redirect_uri(&code, redirect_uri.as_deref())?;
    check_verifier(&code, code_verifier)?;
    issue(server, client, &id, code).await
}

async fn issue(
    server: &Server,
    client: &AuthenticatedClient,
    id: &CodeId,
    code: AuthorizationCode,
) -> Result<IssuedTokens, TokenError> {
    let with_refresh_token = with_refresh_token(client);
    let tokens = mint_tokens(
        server,
        client,
        id.grant_id(),
        code.grant,
        with_refresh_token,
    );
    if client.reuse_access_tokens {
        let issued = issue_or_reuse_tokens(server, client, &tokens).await?;
        return issued.ok_or(TokenError::CodeReplayed);
    }
    match server.store.issue_tokens_of_code(&tokens).await? {
        Issuance::Issued => Ok(answer_with(server, client, &tokens)?),
        Issuance::GrantRevoked => Err(TokenError::CodeReplayed),
    }
}

/// RFC 6749 §4.1.3: required if it was in the authorization request, and equal. One that is sent without
/// need must be equal too.
fn check_redirect_uri(code: &AuthorizationCode, sent: Option<&str>) -> Result<(), TokenError> {
    match sent {
        Some(sent) if sent == code.redirect_uri => Ok(()),
        None if !code.redirect_uri_was_sent => Ok(()),
        Some(_) | None => Err(TokenError::RedirectMismatch),
    }
}

/// RFC 7636 §4.6, and RFC 9700 §4.8.2 against downgrade: a verifier without a challenge is refused too.
fn check_verifier(code: &AuthorizationCode, sent: Option<Secret>) -> Result<(), TokenError> {
    let kept = match (&code.code_challenge, sent) {
        (None, None) => return Ok(()),
        (Some(challenge), Some(verifier)) => {
            let verifier = CodeVerifier::parse(verifier.expose().to_owned());
            verifier.is_ok_and(|verifier| challenge.is_met_by(verifier))
        }
        (Some(_), None) | (None, Some(_)) => false,
    };
    if kept {
        Ok(())
    } else {
        Err(TokenError::PkceFailed)
    }
}
