//! What is wrong with a field, in words.

use crate::pages::frame::Frame;
use crate::pages::words::Named;

/// Something that is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldFault {
    /// What.
    pub kind: FaultKind,
    /// What it is about: an address, a name, a number; may be empty.
    pub about: String,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is what its sentence says")]
pub enum FaultKind {
    Empty,
    BlankAtAnEnd,
    Unseen,
    ControlCharacter,
    TooLong,
    TooMany,
    NoAddress,
    Relative,
    Fragment,
    Pattern,
    Scheme,
    NameOfAnswer,
    PlainHttp,
    SchemeOfNobody,
    Link,
    NoRedirectUri,
    NoGrant,
    GrantNotGiven,
    RefreshAlone,
    GrantNeedsSecret,
    NoScope,
    ScopeNotGiven,
}

impl FaultKind {
    /// All of them.
    pub const ALL: [Self; 22] = [
        Self::Empty,
        Self::BlankAtAnEnd,
        Self::Unseen,
        Self::ControlCharacter,
        Self::TooLong,
        Self::TooMany,
        Self::NoAddress,
        Self::Relative,
        Self::Fragment,
        Self::Pattern,
        Self::Scheme,
        Self::NameOfAnswer,
        Self::PlainHttp,
        Self::SchemeOfNobody,
        Self::Link,
        Self::NoRedirectUri,
        Self::NoGrant,
        Self::GrantNotGiven,
        Self::RefreshAlone,
        Self::GrantNeedsSecret,
        Self::NoScope,
        Self::ScopeNotGiven,
    ];

    const fn key(self) -> &'static str {
        match self {
            Self::Empty => "developer-fault-empty",
            Self::BlankAtAnEnd => "developer-fault-blank",
            Self::Unseen => "developer-fault-unseen",
            Self::ControlCharacter => "developer-fault-control",
            Self::TooLong => "developer-fault-too-long",
            Self::TooMany => "developer-fault-too-many",
            Self::NoAddress => "developer-fault-no-address",
            Self::Relative => "developer-fault-relative",
            Self::Fragment => "developer-fault-fragment",
            Self::Pattern => "developer-fault-pattern",
            Self::Scheme => "developer-fault-scheme",
            Self::NameOfAnswer => "developer-fault-name-of-answer",
            Self::PlainHttp => "developer-fault-plain-http",
            Self::SchemeOfNobody => "developer-fault-scheme-of-nobody",
            Self::Link => "developer-fault-link",
            Self::NoRedirectUri => "developer-fault-no-redirect-uri",
            Self::NoGrant => "developer-fault-no-grant",
            Self::GrantNotGiven => "developer-fault-grant",
            Self::RefreshAlone => "developer-fault-refresh-alone",
            Self::GrantNeedsSecret => "developer-fault-grant-needs-secret",
            Self::NoScope => "developer-fault-no-scope",
            Self::ScopeNotGiven => "developer-fault-scope-not-given",
        }
    }
}

impl FieldFault {
    pub(in crate::pages) fn sentence<'a>(&'a self, frame: &Frame<'_>) -> Named<'a> {
        frame.words.naming(self.kind.key(), &self.about)
    }
}
