//! Clients: who may ask for tokens, how they are registered and found, and how they prove who they are.

pub mod access_rules;
mod allowed_habits;
pub mod authentication;
pub mod auto_approval;
pub mod brake;
pub mod client;
pub mod facts;
pub mod redirect_match;
pub mod redirect_uri;
pub mod registration;
pub mod registry;
pub mod regrets;
pub mod remembered;
pub mod self_registration;
pub mod spring_habits;
