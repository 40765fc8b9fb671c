//! The pages where administrators look after applications, accounts, access and keys.

mod access;
mod accounts;
mod applications;
mod keys;
mod notice;

pub use access::{AdministeredAccessPage, FoundAccess, GrantLine};
pub use accounts::{AccountLine, AccountsPage, AdministeredAccountPage, NewPasswordPage};
pub use applications::{AdministeredApplicationPage, AdministeredApplicationsPage};
pub use keys::{AdministeredKeysPage, KeyLine, KeyState};
pub use notice::AdministrationNotice;
