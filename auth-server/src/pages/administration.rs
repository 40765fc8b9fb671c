//! The pages where administrators look after applications and accounts.

mod accounts;
mod applications;
mod notice;

pub use accounts::{AccountLine, AccountsPage, AdministeredAccountPage, NewPasswordPage};
pub use applications::{AdministeredApplicationPage, AdministeredApplicationsPage};
pub use notice::AdministrationNotice;
