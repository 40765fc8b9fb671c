//! Going through the tokens in the Redis of a Spring server.

use async_trait::async_trait;

use super::legacy_tokens::{LegacyRedisStore, without_tokens};
use crate::java_stream::LONGEST_STREAM;
use crate::stores::{LegacyTokenSurvey, StoreError, SurveyPage, SurveyedKind, SurveyedToken};

/// Keys that Redis looks at for a page.
const KEYS_AT_ONCE: usize = 500;
/// The names that keys of tokens begin with, and those of what belongs to each.
const KINDS: [(SurveyedKind, &str, &str); 2] = [
    (SurveyedKind::Access, "access:", "auth:"),
    (SurveyedKind::Refresh, "refresh:", "refresh_auth:"),
];

impl LegacyRedisStore {
    /// What of the keys is a token: its kind, and the two keys that make it up.
    fn tokens(&self, keys: Vec<Vec<u8>>) -> Vec<(SurveyedKind, String, String)> {
        let texts = keys
            .into_iter()
            .filter_map(|key| String::from_utf8(key).ok());
        let tokens = texts.filter_map(|key| {
            let name = key.strip_prefix(&self.prefix)?;
            let (kind, value, beside) =
                KINDS.into_iter().find_map(|(kind, name_of_it, beside)| {
                    Some((kind, name.strip_prefix(name_of_it)?, beside))
                })?;
            let beside = format!("{}{beside}{value}", self.prefix);
            Some((kind, key, beside))
        });
        tokens.collect()
    }
}

#[async_trait]
impl LegacyTokenSurvey for LegacyRedisStore {
    async fn survey(&self, place: Option<&str>) -> Result<SurveyPage, StoreError> {
        let mut scan = redis::cmd("SCAN");
        scan.arg(place.unwrap_or("0"))
            .arg("COUNT")
            .arg(KEYS_AT_ONCE);
        let scanned: Result<(String, Vec<Vec<u8>>), _> = self.connection.query(&scan).await;
        let (cursor, keys) = scanned.map_err(without_tokens)?;
        let next = Some(cursor).filter(|cursor| cursor != "0");
        let tokens = self.tokens(keys);
        if tokens.is_empty() {
            let tokens = Vec::new();
            return Ok(SurveyPage { tokens, next });
        }
        let mut commands = redis::pipe();
        for key in tokens.iter().flat_map(|(_, token, beside)| [token, beside]) {
            let range = commands.cmd("GETRANGE").arg(key);
            range.arg(0).arg(LONGEST_STREAM);
        }
        let found: Result<Vec<Vec<u8>>, _> = self.connection.query_all(&commands).await;
        let found = found.map_err(without_tokens)?;
        let streams = found.chunks_exact(2);
        let read = tokens
            .iter()
            .zip(streams)
            .filter_map(|((kind, ..), pair)| match pair {
                [token, beside] => surveyed(*kind, token, beside),
                _ => None,
            });
        Ok(SurveyPage {
            tokens: read.collect(),
            next,
        })
    }
}

/// `None` of one that has gone meanwhile.
fn surveyed(kind: SurveyedKind, token: &[u8], authentication: &[u8]) -> Option<SurveyedToken> {
    let is_there = !token.is_empty() && !authentication.is_empty();
    is_there.then(|| SurveyedToken::of(kind, token, authentication))
}
