//! The pages of somebody's own account.

mod applications;
mod device;
mod email;
mod overview;
mod passkeys;
mod password;
mod qr_code;
mod second_factor;
mod sessions;

pub use applications::{ApplicationsPage, GrantedApplication};
pub use email::{EmailPage, EmailRefusal, EmailState};
pub use overview::AccountPage;
pub use passkeys::{
    PasskeyFault, PasskeyLine, PasskeyList, PasskeyNotice, PasskeysPage, PasskeysState,
};
pub(super) use password::Field;
pub use password::{PasswordPage, PasswordRefusal, PasswordState};
pub use second_factor::{
    SecondFactorFault, SecondFactorPage, SecondFactorSetUp, SecondFactorState, SecondFactorSubject,
};
pub use sessions::{OpenSession, SessionsPage};
