//! The pages where administrators look after applications, accounts, access and keys, and at what happened.

mod access;
mod accounts;
mod applications;
mod audit;
mod keys;
mod notice;
mod settings;
mod sunset;

pub use access::{AdministeredAccessPage, FoundAccess, GrantLine};
pub use accounts::{
    AccountLine, AccountsPage, AdministeredAccountPage, NewPasswordPage, NotInvited,
};
pub use applications::{
    AdministeredApplicationPage, AdministeredApplicationsPage, ApplicationLinks,
};
pub use audit::{
    AdministeredJournalPage, EventFact, EventLine, FoundEvents, JournalFault, JournalField,
};
pub use keys::{AdministeredKeysPage, KeyLine, KeyState};
pub use notice::AdministrationNotice;
pub use settings::{AdministeredSettingsPage, SettingGroup, SettingLine};
pub use sunset::{HabitClient, HabitKind, HabitSection, SunsetPage};
