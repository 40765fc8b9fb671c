//! The way from a Spring Security OAuth server to this one: what is asked before anybody depends on it, and what carries
//! its registrations over.

pub mod import;
pub mod scan;
pub mod shadow;
