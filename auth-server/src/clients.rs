//! Clients: who may ask for tokens, and how they prove who they are.

pub mod authentication;
pub mod client;
pub mod redirect_match;
