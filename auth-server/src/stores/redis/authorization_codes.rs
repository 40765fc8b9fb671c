//! Authorization codes.

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use symbolon::pkce::CodeChallenge;

use super::RedisStore;
use super::records::{damaged, decode, encode, with_time};
use crate::records::{
    AuthorizationCode, CodeBinding, CodeId, CodeMismatch, Given, GrantId, ShownWithCode,
};
use crate::stores::{
    AuthorizationCodeStore, Issuance, LONGEST_LIFE_SECS, MEMORY_OF_THE_ENDED_SECS, Redemption,
    StoreError,
};

/// How scripts compare texts: only characters that mean nothing to them.
fn written(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

/// `<client>:<redirect URI>:<challenge>`, and a question mark after a redirect URI that may be left out.
fn written_binding(binding: &CodeBinding) -> String {
    let client = written(binding.client_id.as_str());
    let redirect_uri = written(&binding.redirect_uri);
    let left_out = if binding.redirect_uri_was_sent {
        ""
    } else {
        "?"
    };
    let challenge = written_challenge(binding.code_challenge.as_ref());
    format!("{client}:{redirect_uri}{left_out}:{challenge}")
}

/// No challenge is written as nothing, which is none.
fn written_challenge(challenge: Option<&CodeChallenge>) -> &str {
    challenge.map_or("", CodeChallenge::as_str)
}

/// The code of a value of which `redeem_code.lua` says what it holds; `None` when it has been used.
pub(super) fn read_fresh(value: &str) -> Result<Option<AuthorizationCode>, StoreError> {
    let record = value.splitn(5, ':').nth(4);
    let record = record.ok_or_else(|| damaged("a code that cannot be read"))?;
    let is_used = record.is_empty() || record.starts_with('+');
    (!is_used).then(|| decode(record)).transpose()
}

#[async_trait]
impl AuthorizationCodeStore for RedisStore {
    /// The entry in the owner's index is in another slot: it is there before the code.
    async fn store_code(&self, id: &CodeId, code: &AuthorizationCode) -> Result<(), StoreError> {
        if let Some((owner, given)) = Given::by_code(code) {
            self.keep_given(owner, &id.grant_id(), &given, code.expires_at)
                .await?;
        }
        let record = format!("{}:{}", written_binding(&code.binding()), encode(code)?);
        let mut command = redis::cmd("SET");
        command
            .arg(self.keys.code(id))
            .arg(with_time(code.expires_at, &record))
            .arg("EX")
            .arg(self.ttl_secs(code.expires_at));
        self.connection.query(&command).await
    }

    async fn redeem_code(
        &self,
        id: &CodeId,
        shown: &ShownWithCode,
    ) -> Result<Redemption, StoreError> {
        let redirect_uri = shown.redirect_uri.as_deref();
        let redirect_uri = redirect_uri.map_or_else(|| "?".to_owned(), written);
        let mut script = self.scripts.redeem_code.key(self.keys.code(id));
        script
            .arg(self.now().as_secs())
            .arg(MEMORY_OF_THE_ENDED_SECS)
            .arg(LONGEST_LIFE_SECS)
            .arg(written(shown.client_id.as_str()))
            .arg(redirect_uri)
            .arg(written_challenge(shown.code_challenge.as_ref()));
        let answer: Vec<String> = self.connection.invoke(&script).await?;
        let answer: Vec<&str> = answer.iter().map(String::as_str).collect();
        match answer.as_slice() {
            ["redeemed", code] => Ok(Redemption::Redeemed(decode(code)?)),
            ["replayed", reused] => Ok(Redemption::Replayed {
                grant_id: id.grant_id(),
                reused: GrantId::from_text(reused),
            }),
            ["other_client"] => Ok(Redemption::NotBoundTo(CodeMismatch::Client)),
            ["other_redirect_uri"] => Ok(Redemption::NotBoundTo(CodeMismatch::RedirectUri)),
            ["other_verifier"] => Ok(Redemption::NotBoundTo(CodeMismatch::CodeVerifier)),
            ["unknown"] => Ok(Redemption::Unknown),
            _ => Err(damaged("a code that cannot be read")),
        }
    }

    async fn note_reuse(&self, id: &CodeId, reused: &GrantId) -> Result<Issuance, StoreError> {
        let mut script = self.scripts.note_reuse.key(self.keys.code(id));
        script
            .key(self.keys.revoked(&id.grant_id()))
            .arg(self.now().as_secs())
            .arg(reused.to_string());
        let answer: String = self.connection.invoke(&script).await?;
        match answer.as_str() {
            "noted" => Ok(Issuance::Issued),
            "grant_revoked" => Ok(Issuance::GrantRevoked),
            _ => Err(damaged("an answer about a code")),
        }
    }
}
