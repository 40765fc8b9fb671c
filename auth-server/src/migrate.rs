//! The way from a Spring Security OAuth server to this one: what is asked before anybody depends on it.

pub mod shadow;
