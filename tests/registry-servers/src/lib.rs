//! Databases and directories of our own for a test: real servers, child processes that live as long as the value, with
//! all that they keep in a folder of their own.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "all of this runs in tests only, where a panic is how a rule is seen to be broken"
)]

mod certificates;
mod child;
mod database;
mod mariadb;
mod postgresql;
mod slapd;

pub use certificates::Certificates;
pub use database::{Bound, Database, DatabaseKind};
pub use slapd::Directory;
