//! The operator's command on what ought to end.

use symbolon::clock::Timestamp;

use super::words::{MOST_SHOWN, Named, counted, one_word};
use crate::administration::PAGE;
use crate::habits::{HabitBoard, HabitLine, HabitPlace};
use crate::records::Habit;
use crate::stores::StoreError;

/// What an operator can ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HabitCommand {
    /// List who has this one; `None`: or any.
    List(Option<Habit>),
}

impl HabitCommand {
    pub(super) const fn as_str(&self) -> &'static str {
        match self {
            Self::List(_) => "habits list",
        }
    }

    /// What it is about, as pairs.
    pub(super) fn pairs(&self) -> Vec<(&'static str, String)> {
        let Self::List(habit) = self;
        let habit = habit.map(|habit| ("habit", habit.as_str().to_owned()));
        habit.into_iter().collect()
    }

    pub(super) fn parse(words: &str, named: &Named) -> Option<Self> {
        if words != "habits list" {
            return None;
        }
        match named.value("habit") {
            Some(name) => Habit::parse(&name).map(|habit| Self::List(Some(habit))),
            None => Some(Self::List(None)),
        }
    }

    /// What the board says.
    pub(super) async fn told_by(&self, board: &HabitBoard) -> Result<String, StoreError> {
        let Self::List(habit) = self;
        let (mut lines, mut count) = (Vec::new(), 0_usize);
        let mut place = HabitPlace::start(habit.unwrap_or(Habit::ALL[0]));
        loop {
            let page = match habit {
                Some(_) => board.list(&place, PAGE).await?,
                None => board.list_all(&place, PAGE).await?,
            };
            count = count.saturating_add(page.lines.len());
            let room = MOST_SHOWN.saturating_sub(lines.len());
            lines.extend(page.lines.iter().take(room).map(line));
            match page.next {
                Some(next) => place = next,
                None => return Ok(counted(lines, count, "habits")),
            }
        }
    }
}

/// The habit, the client (- where nobody says a name), when it was last seen and how often on that day, or that it may and was
/// not seen.
fn line(line: &HabitLine) -> String {
    let habit = line.habit.as_str();
    let client = match line.client_id.as_str() {
        "" => "-".to_owned(),
        id => one_word(id),
    };
    let seen = line.last_seen.map(|seen| (seen.at, seen.uses));
    let seen = match seen {
        Some((at, uses)) => format!("{}  {uses}", Timestamp::as_secs(at)),
        None => "allowed, not seen".to_owned(),
    };
    format!("{habit:17}  {client}  {seen}")
}
