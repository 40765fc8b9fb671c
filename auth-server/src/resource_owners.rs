//! Resource owners: people who sign in and decide.

pub mod owner;
pub mod sign_in;
