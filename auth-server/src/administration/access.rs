//! What was given: listed and ended with a bounded search for each request, however much there is.

use symbolon::clock::Timestamp;

use super::{Administration, Administrator, PAGE, Page};
use crate::audit::AuditEvent;
use crate::records::{Given, GrantId};
use crate::stores::{GivenGrant, SearchPlace, StoreError};
use crate::tokens::end::{AccessOf, EndPlace};

/// Parts of a search that one request looks at: some thousand records.
const PARTS: usize = 32;

/// Grants that one request ends, and those of one part more.
const ENDED: usize = 512;

/// Where a list goes on: at a part of the search, behind the grant that was listed last.
struct ListPlace {
    part: Option<SearchPlace>,
    behind: Option<GrantId>,
}

impl ListPlace {
    fn to_text(&self) -> String {
        let part = self.part.as_ref().map(SearchPlace::to_text);
        let behind = self.behind.map(|grant_id| grant_id.to_string());
        let (part, behind) = (part.unwrap_or_default(), behind.unwrap_or_default());
        format!("{part}.{behind}")
    }

    fn from_text(text: &str) -> Option<Self> {
        let (part, behind) = text.split_once('.')?;
        let part = match part {
            "" => None,
            part => Some(SearchPlace::from_text(part)?),
        };
        let behind = match behind {
            "" => None,
            behind => Some(GrantId::from_text(behind)?),
        };
        Some(Self { part, behind })
    }
}

/// A grant that still opens something. No token is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedGrant {
    /// Its id, which opens nothing.
    pub grant_id: GrantId,
    /// Who gave it; `None` where the client acts for itself.
    pub owner: Option<String>,
    /// To whom, what for, and when.
    pub given: Given,
    /// When it is over at the latest.
    pub expires_at: Timestamp,
}

impl From<GivenGrant> for ListedGrant {
    fn from(one: GivenGrant) -> Self {
        Self {
            grant_id: one.grant_id,
            owner: one.owner,
            given: one.given,
            expires_at: one.expires_at,
        }
    }
}

/// What came of a request to end something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// How many grants have ended.
    pub count: usize,
    /// Where the next request goes on, when not all has been searched.
    pub next: Option<String>,
}

impl Administration {
    /// A page of what still opens something. It may be empty, and yet there may be more behind it. `None`: no list has a page
    /// that goes on there.
    pub async fn list_access(
        &self,
        of: &AccessOf,
        after: Option<&str>,
    ) -> Result<Option<Page<ListedGrant>>, StoreError> {
        let (mut part, mut behind) = (None, None);
        if let Some(after) = after {
            let Some(place) = ListPlace::from_text(after) else {
                return Ok(None);
            };
            (part, behind) = (place.part, place.behind);
        }
        let mut items: Vec<ListedGrant> = Vec::new();
        for _ in 0..PARTS {
            let looked = self.access.list(of, part.as_ref()).await?;
            let is_new = |one: &GivenGrant| behind.is_none_or(|behind| one.grant_id > behind);
            let more = looked.found.into_iter().filter(is_new);
            let more = more.map(ListedGrant::from);
            let room = PAGE.saturating_sub(items.len());
            let (now, later) = split(more, room);
            items.extend(now);
            if later {
                behind = items.last().map(|one| one.grant_id);
                break;
            }
            (part, behind) = (looked.next, None);
            if part.is_none() {
                return Ok(Some(Page { items, next: None }));
            }
        }
        let next = Some(ListPlace { part, behind }.to_text());
        Ok(Some(Page { items, next }))
    }

    /// The grant of this id, if it has tokens.
    pub async fn find_grant(&self, grant_id: &GrantId) -> Result<Option<ListedGrant>, StoreError> {
        let of = AccessOf::Grant(*grant_id);
        let found = self.access.list(&of, None).await?.found;
        Ok(found.into_iter().next().map(ListedGrant::from))
    }

    /// Ends what was given, as much as one request may search. `None`: nothing goes on there.
    pub async fn end_some_access(
        &self,
        who: Administrator<'_>,
        of: &AccessOf,
        after: Option<&str>,
    ) -> Result<Option<Ended>, StoreError> {
        let mut place = None;
        if let Some(after) = after {
            let Some(from) = EndPlace::from_text(after) else {
                return Ok(None);
            };
            place = Some(from);
        }
        let mut count = 0_usize;
        for _ in 0..PARTS {
            let part = self.access.end(of, place.as_ref()).await?;
            self.access_ended(who, &part.found);
            count = count.saturating_add(part.found.len());
            place = part.next;
            if place.is_none() || count >= ENDED {
                break;
            }
        }
        let next = place.map(|place| place.to_text());
        Ok(Some(Ended { count, next }))
    }

    /// Ends what was given, however long it takes. What has ended is recorded part by part, so it is known also when the next
    /// part fails.
    pub async fn end_access(
        &self,
        who: Administrator<'_>,
        of: &AccessOf,
        mut ended: impl FnMut(&[GivenGrant]) + Send,
    ) -> Result<(), StoreError> {
        let mut from = None;
        loop {
            let part = self.access.end(of, from.as_ref()).await?;
            self.access_ended(who, &part.found);
            ended(&part.found);
            from = part.next;
            if from.is_none() {
                return Ok(());
            }
        }
    }

    fn access_ended(&self, who: Administrator<'_>, found: &[GivenGrant]) {
        for one in found {
            self.audit.record(&AuditEvent::AccessEnded {
                client: &one.given.client_id,
                owner: one.owner.as_deref(),
                grant_id: Some(one.grant_id),
                by: who.by,
                address: who.address,
            });
        }
    }
}

/// The first of them, and whether there are more.
fn split<T>(mut items: impl Iterator<Item = T>, room: usize) -> (Vec<T>, bool) {
    let first = items.by_ref().take(room).collect();
    (first, items.next().is_some())
}
