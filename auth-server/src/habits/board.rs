//! Who was seen with a habit, and who may have it and was not seen: a bounded search for each request.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use symbolon::identifiers::ClientId;

use super::announcements::Announcements;
use super::writer::HabitWriter;
use crate::clients::registry::{Clients, StoredClients};
use crate::records::{Habit, LastSeen, SeenClient};
use crate::stores::{HabitStore, StoreError};

/// How many clients of the store are looked at together.
const PART: usize = 100;
/// How many parts are looked at for one page: more take another.
const PARTS: usize = 20;

/// A client with a habit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HabitLine {
    /// Which.
    pub habit: Habit,
    /// Who. One without a name is whoever says none.
    pub client_id: ClientId,
    /// When it was last seen; `None`: it may have the habit and was not seen.
    pub last_seen: Option<LastSeen>,
}

/// A part of what is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HabitPage {
    /// Who was seen, then who was not.
    pub lines: Vec<HabitLine>,
    /// Where it goes on, when there may be more, also when nothing was found so far.
    pub next: Option<HabitPlace>,
}

/// Whom a list is about at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Among {
    /// Those that were seen.
    Seen,
    /// Those of the settings.
    Configured,
    /// Those of the store.
    Stored,
}

impl Among {
    const ALL: [Self; 3] = [Self::Seen, Self::Configured, Self::Stored];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Seen => "seen",
            Self::Configured => "settings",
            Self::Stored => "store",
        }
    }

    const fn next(self) -> Option<Self> {
        match self {
            Self::Seen => Some(Self::Configured),
            Self::Configured => Some(Self::Stored),
            Self::Stored => None,
        }
    }
}

/// Where a list goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HabitPlace {
    /// Which habit it is about.
    pub habit: Habit,
    among: Among,
    after: Option<ClientId>,
}

impl HabitPlace {
    /// Where the list of a habit begins.
    pub const fn start(habit: Habit) -> Self {
        Self {
            habit,
            among: Among::Seen,
            after: None,
        }
    }

    const fn is_start(&self) -> bool {
        self.after.is_none() && matches!(self.among, Among::Seen)
    }

    /// Behind this client of the same part.
    fn behind(&self, client_id: ClientId) -> Self {
        Self {
            after: Some(client_id),
            ..*self
        }
    }

    /// Where the next part begins.
    fn next_part(&self) -> Option<Self> {
        Some(Self {
            habit: self.habit,
            among: self.among.next()?,
            after: None,
        })
    }
}

/// That a text is no place in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no place in a list of habits")]
pub struct NoHabitPlace;

impl fmt::Display for HabitPlace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.habit.as_str(), self.among.as_str())?;
        match &self.after {
            Some(id) => write!(formatter, "/{id}"),
            None => Ok(()),
        }
    }
}

impl FromStr for HabitPlace {
    type Err = NoHabitPlace;

    fn from_str(text: &str) -> Result<Self, NoHabitPlace> {
        let mut parts = text.splitn(3, '/');
        let habit = parts.next().and_then(Habit::parse).ok_or(NoHabitPlace)?;
        let word = parts.next().ok_or(NoHabitPlace)?;
        let mut all = Among::ALL.into_iter();
        let among = all.find(|among| among.as_str() == word);
        Ok(Self {
            habit,
            among: among.ok_or(NoHabitPlace)?,
            after: parts.next().map(ClientId::new),
        })
    }
}

/// Tells who has which habit.
#[derive(Clone)]
pub struct HabitBoard {
    /// Who was seen.
    pub store: Arc<dyn HabitStore>,
    /// All that are registered.
    pub clients: Clients,
    /// Those of the store, which can be gone through.
    pub stored: Arc<StoredClients>,
    /// What this server has seen is written before it is read.
    pub writer: HabitWriter,
    /// What is announced.
    pub announcements: Arc<Announcements>,
}

impl HabitBoard {
    /// A page of a habit: first who was seen, in the order of their ids, then who may and was not. Clients that a database of
    /// others holds are told only when they were seen.
    pub async fn list(&self, from: &HabitPlace, limit: usize) -> Result<HabitPage, StoreError> {
        if from.is_start() {
            self.writer.write().await?;
        }
        let mut page = HabitPage::default();
        let mut place = from.clone();
        for _ in 0..PARTS {
            let room = limit.saturating_sub(page.lines.len());
            if room == 0 {
                break;
            }
            let (lines, next) = match place.among {
                Among::Seen => self.seen(&place, room).await?,
                Among::Configured => self.configured(&place, room).await?,
                Among::Stored => self.stored(&place, room).await?,
            };
            page.lines.extend(lines);
            let Some(next) = next.or_else(|| place.next_part()) else {
                return Ok(page);
            };
            place = next;
        }
        page.next = Some(place);
        Ok(page)
    }

    /// The same from one habit to the next.
    pub async fn list_all(&self, from: &HabitPlace, limit: usize) -> Result<HabitPage, StoreError> {
        let mut page = self.list(from, limit).await?;
        let following = Habit::ALL.into_iter().skip(from.habit.place() + 1);
        for habit in following {
            if page.next.is_some() {
                break;
            }
            let start = HabitPlace::start(habit);
            let room = limit.saturating_sub(page.lines.len());
            if room == 0 {
                page.next = Some(start);
                break;
            }
            let more = self.list(&start, room).await?;
            page.lines.extend(more.lines);
            page.next = more.next;
        }
        Ok(page)
    }

    async fn seen(&self, place: &HabitPlace, room: usize) -> Result<Found, StoreError> {
        let seen = self
            .store
            .list_habit(place.habit, place.after.as_ref(), room);
        let seen = seen.await?;
        let next = seen.last().map(|last| place.behind(last.client_id.clone()));
        let line = |one: SeenClient| HabitLine {
            habit: place.habit,
            client_id: one.client_id,
            last_seen: Some(one.last_seen),
        };
        Ok((seen.into_iter().map(line).collect(), next))
    }

    async fn configured(&self, place: &HabitPlace, room: usize) -> Result<Found, StoreError> {
        let allowed = self.clients.configured().into_iter();
        let allowed = allowed.filter(|client| client.is_allowed(place.habit));
        let ids = allowed.map(|client| client.id.clone());
        let mut ids: Vec<ClientId> = ids.filter(|id| Some(id) > place.after.as_ref()).collect();
        ids.sort();
        ids.truncate(room);
        let next = ids.last().cloned().map(|last| place.behind(last));
        Ok((self.not_seen(place.habit, ids).await?, next))
    }

    async fn stored(&self, place: &HabitPlace, room: usize) -> Result<Found, StoreError> {
        let (clients, next) = self.stored.list(place.after.as_ref(), PART).await?;
        let of_settings = |id: &ClientId| self.clients.is_configured(id);
        let allowed = clients.into_iter();
        let allowed = allowed.filter(|client| client.is_allowed(place.habit));
        let ids = allowed
            .map(|client| client.id)
            .filter(|id| !of_settings(id));
        let mut lines = self.not_seen(place.habit, ids.collect()).await?;
        let next = if lines.len() > room {
            lines.truncate(room);
            lines.last().map(|last| last.client_id.clone())
        } else {
            next
        };
        Ok((lines, next.map(|next| place.behind(next))))
    }

    /// Those of them that were not seen.
    async fn not_seen(
        &self,
        habit: Habit,
        clients: Vec<ClientId>,
    ) -> Result<Vec<HabitLine>, StoreError> {
        let seen = self.store.find_habit(habit, &clients).await?;
        let both = clients.into_iter().zip(seen);
        let not_seen = both.filter(|(_, seen)| seen.is_none());
        let line = |(client_id, _)| HabitLine {
            habit,
            client_id,
            last_seen: None,
        };
        Ok(not_seen.map(line).collect())
    }
}

/// What was found of one part, and where that goes on.
type Found = (Vec<HabitLine>, Option<HabitPlace>);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_was_written_whatever_names_hold() {
        for habit in Habit::ALL {
            for among in Among::ALL {
                for after in [None, Some(""), Some("a"), Some("/a/ \u{e9}?&")] {
                    let place = HabitPlace {
                        habit,
                        among,
                        after: after.map(ClientId::new),
                    };
                    assert_eq!(place.to_string().parse(), Ok(place));
                }
            }
        }
        for nonsense in [
            "",
            "check_token",
            "check_token/",
            "other/seen",
            "check_token/other",
        ] {
            assert_eq!(nonsense.parse::<HabitPlace>(), Err(NoHabitPlace));
        }
    }
}
