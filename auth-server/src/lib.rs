//! An OAuth 2 authorization server that speaks Spring Security OAuth's dialect and today's standards on
//! the same tokens.

pub mod app;
pub mod audit;
pub mod authorization;
pub mod clients;
pub mod dialects;
pub mod endpoints;
pub mod grants;
pub mod keys;
pub mod metrics;
pub mod operator;
pub mod passwords;
pub mod records;
pub mod resource_owners;
pub mod server;
pub mod settings;
pub mod stores;
pub mod tokens;
