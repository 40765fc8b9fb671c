//! An OAuth 2 authorization server that speaks Spring Security OAuth's dialect and today's standards on
//! the same tokens.

pub mod app;
pub mod audit;
pub mod authorization;
pub mod clients;
pub mod dialects;
mod endpoints;
pub mod grants;
mod http;
pub mod keys;
pub mod metrics;
pub mod operator;
pub mod operator_socket;
pub mod pages;
pub mod passwords;
pub mod records;
pub mod reload;
pub mod resource_owners;
pub mod scopes;
pub mod server;
pub mod sessions;
pub mod settings;
pub mod stores;
pub mod tokens;
