//! What the server keeps: plain data, which knows nothing of who keeps it, issues it or asks for it.

mod additional;
mod approval;
mod authorization_code;
mod client_registration;
mod code_binding;
mod dialect;
mod email_address;
mod given;
mod grant;
mod habit;
mod ids;
mod journal;
mod key;
mod names;
mod one_time_link;
mod owner_registration;
mod passkey;
mod password_mark;
mod pending;
mod redirect_matching;
mod registered;
mod second_factor;
mod session;
mod sign_up;
mod spring;
mod tokens;

pub use additional::{AdditionalInformation, AdditionalInformationFault};
pub use approval::{Approval, ApprovalStatus};
pub use authorization_code::AuthorizationCode;
pub use client_registration::ClientRegistration;
pub use code_binding::{CodeBinding, CodeMismatch, ShownWithCode};
pub use dialect::Dialect;
pub use email_address::EmailAddress;
pub use given::Given;
pub use grant::Grant;
pub use habit::{Habit, LastSeen, SeenClient};
pub(crate) use ids::ID_BYTES;
pub use ids::{
    Access, AccessTokenId, Code, CodeId, GrantId, HandleId, Link, LinkId, Refresh, RefreshTokenId,
};
pub use journal::{
    JournalEntry, JournalPlace, NoJournalPlace, RefusalKind, Section, SectionBounds,
};
pub use key::{KeyPurpose, KeyRecord};
pub use names::{LONGEST_NAME, NameFault, name_faults};
pub use one_time_link::{AccountAsItWas, LinkPurpose, OneTimeLink};
pub use owner_registration::OwnerRegistration;
pub use passkey::{OwnerPasskeys, Passkey, UserHandle};
pub use password_mark::PasswordMark;
pub use pending::{AnswerContent, LocalesAsked, PendingAnswer, PendingAuthorization, PendingId};
pub use redirect_matching::RedirectMatching;
pub use registered::{Registered, RetiringSecret};
pub use second_factor::SecondFactor;
pub use session::{AuthenticatedOwner, Device, Session, SessionId};
pub use sign_up::SignUp;
pub use spring::{ApprovalHandler, Profile, RedirectStatus, SpringPieces};
pub use tokens::{AccessToken, NewTokens, RefreshToken, TokenFormat, WITHOUT_END_SECS};
