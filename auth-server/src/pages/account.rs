//! The pages of somebody's own account.

mod applications;
mod device;
mod overview;
mod password;
mod sessions;

pub use applications::{ApplicationsPage, GrantedApplication};
pub use overview::AccountPage;
pub use password::{PasswordPage, PasswordRefusal, PasswordState};
pub use sessions::{OpenSession, SessionsPage};
