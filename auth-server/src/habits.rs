//! Who still uses what ought to end, so that somebody can end it.
//!
//! Endpoints [count](HabitCounts) what they see, in memory; a task [writes](HabitWriter) it into the store once a minute, and
//! no request waits for that. The [board](HabitBoard) tells who was seen when, and who may and was not seen.
//! What is [announced](Announcements) is told to whoever uses it.

mod announcements;
mod board;
mod counts;
mod writer;

pub use announcements::{Announcement, Announcements};
pub use board::{HabitBoard, HabitLine, HabitPage, HabitPlace};
pub use counts::{HabitCounts, WorkerCounts};
pub use writer::HabitWriter;
