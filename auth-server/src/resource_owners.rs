//! Resource owners: people who sign in and decide.

pub mod by_email;
pub mod directory;
pub(crate) mod growing_wait;
pub mod owner;
pub mod password_change;
pub mod registration;
pub mod registry;
pub mod remembered;
pub mod sign_in;
pub mod sign_up;
pub mod throttle;
