//! From whoever asks to the writer.

use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::pages::Language;

/// How many wishes may wait.
const ROOM: usize = 256;

/// Somebody wants a link for a new password.
#[derive(Clone, Debug)]
pub struct LinkWanted {
    /// What was typed: the name of an account, or not.
    pub owner: String,
    /// In which language the mail is.
    pub language: Language,
    /// The request that waits for a sign-in, as the address of the link names it; empty where none does.
    pub query: String,
    /// Where who asks is.
    pub address: String,
}

/// What was asked for and is not done yet.
#[derive(Debug)]
pub struct LinksWaiting(pub(super) Receiver<LinkWanted>);

/// A queue: the end that takes wishes and the end that is worked off.
pub fn link_queue() -> (Sender<LinkWanted>, LinksWaiting) {
    let (sender, waiting) = channel(ROOM);
    (sender, LinksWaiting(waiting))
}
