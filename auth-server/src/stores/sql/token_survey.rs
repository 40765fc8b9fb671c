//! Going through the tokens in the tables of a Spring server.

use async_trait::async_trait;

use super::cell::{Cell, Row};
use super::statements;
use super::tokens::SqlTokens;
use crate::java_stream::LONGEST_STREAM;
use crate::stores::{LegacyTokenSurvey, StoreError, SurveyPage, SurveyedKind, SurveyedToken};

/// Rows that are read at a time.
const PAGE: usize = 500;
/// Where the refresh tokens begin, and what stands before the place of one. Digests have no such letter.
const REFRESH: &str = "refresh:";

impl SqlTokens {
    /// The tokens of a table that follow a digest, and that of the last one where there may be more.
    async fn page(
        &self,
        kind: SurveyedKind,
        after: Option<&str>,
    ) -> Result<(Vec<SurveyedToken>, Option<String>), StoreError> {
        let table = match kind {
            SurveyedKind::Access => &self.access_tokens,
            SurveyedKind::Refresh => &self.refresh_tokens,
        };
        let place = after.map(|_| self.database.placeholder());
        let statement = statements::list_tokens(table, place, PAGE, LONGEST_STREAM);
        let rows = self
            .database
            .rows(statement, after.map(str::to_owned))
            .await?;
        let last = rows.last().filter(|_| rows.len() == PAGE);
        let next = last.and_then(|row| match row.first() {
            Some(Cell::Text(digest)) => Some(digest.clone()),
            _ => None,
        });
        let tokens = rows.into_iter().map(|row| surveyed(kind, row));
        Ok((tokens.collect(), next))
    }
}

#[async_trait]
impl LegacyTokenSurvey for SqlTokens {
    async fn survey(&self, place: Option<&str>) -> Result<SurveyPage, StoreError> {
        if let Some(after) = place.and_then(|place| place.strip_prefix(REFRESH)) {
            let after = Some(after).filter(|after| !after.is_empty());
            let (tokens, next) = self.page(SurveyedKind::Refresh, after).await?;
            let next = next.map(|digest| format!("{REFRESH}{digest}"));
            return Ok(SurveyPage { tokens, next });
        }
        let (tokens, next) = self.page(SurveyedKind::Access, place).await?;
        let next = next.or_else(|| Some(REFRESH.to_owned()));
        Ok(SurveyPage { tokens, next })
    }
}

fn surveyed(kind: SurveyedKind, row: Row) -> SurveyedToken {
    let mut streams = row.into_iter().skip(1).map(|cell| cell.bytes("token"));
    let mut next = || streams.next().and_then(Result::ok).flatten();
    match (next(), next()) {
        (Some(token), Some(authentication)) => SurveyedToken::of(kind, &token, &authentication),
        (None, _) | (_, None) => SurveyedToken {
            kind,
            read: Err("its columns hold no bytes".to_owned()),
        },
    }
}
