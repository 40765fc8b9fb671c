//! An OAuth 2 authorization server that speaks Spring Security OAuth's dialect and today's standards on
//! the same tokens.

pub mod endpoints;
pub mod passwords;
pub mod stores;
pub mod tokens;
