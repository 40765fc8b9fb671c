//! What an administrator did a moment ago.

use crate::pages::frame::Frame;

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdministrationNotice {
    /// It is done.
    Done,
    /// Something is gone.
    Removed,
    /// Nothing was changed.
    Nothing,
    /// Nothing was changed: it is not any more what was looked at.
    SaysOther,
    /// An address is none.
    NoEmail,
    /// Somebody is sent an invitation.
    Invited,
    /// Nobody is.
    NotInvited,
}

impl AdministrationNotice {
    /// The word in an address.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Removed => "removed",
            Self::Nothing => "nothing",
            Self::SaysOther => "says-other",
            Self::NoEmail => "no-email",
            Self::Invited => "invited",
            Self::NotInvited => "not-invited",
        }
    }

    /// The notice with this word in an address.
    pub fn parse(word: &str) -> Option<Self> {
        let all = [
            Self::Done,
            Self::Removed,
            Self::Nothing,
            Self::SaysOther,
            Self::NoEmail,
            Self::Invited,
            Self::NotInvited,
        ];
        all.into_iter().find(|notice| notice.as_str() == word)
    }

    pub(super) fn sentence(self, frame: &Frame<'_>) -> String {
        frame.words.say(match self {
            Self::Done => "administration-notice-done",
            Self::Removed => "administration-notice-removed",
            Self::Nothing => "administration-notice-nothing",
            Self::SaysOther => "administration-notice-says-other",
            Self::NoEmail => "administration-no-email",
            Self::Invited => "administration-notice-invited",
            Self::NotInvited => "administration-notice-not-invited",
        })
    }
}
