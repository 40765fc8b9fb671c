//! An OAuth 2 authorization server that speaks Spring Security OAuth's dialect and today's standards on
//! the same tokens: `/oauth/check_token` beside introspection
//! ([RFC 7662](https://www.rfc-editor.org/rfc/rfc7662)), `/oauth/token_key` beside a JWK set
//! ([RFC 7517](https://www.rfc-editor.org/rfc/rfc7517)).
//!
//! It is a program first:
//!
//! ```sh
//! cargo install --locked --path auth-server     # from a clone
//! auth-server hash-secret --generate            # a client's secret and its hash
//! auth-server --config my.toml check-config     # says what is wrong, starts nothing
//! auth-server --config my.toml serve
//! ```
//!
//! Every setting is documented in `config/default.toml`. Tokens are kept in memory unless a store is named: a
//! file, which needs nothing installed, or a Redis that several servers share.
//!
//! As a library it starts on sockets that the caller opened, with the caller's time and randomness ([`app::start`]), and with what
//! the caller adds ([`app::Extensions`]): grants, members of tokens, owners and a rule about
//! approvals of its own. `docs/extending.md` in
//! the repository shows how.

pub mod account_links;
pub mod addresses;
pub mod administration;
pub mod app;
pub mod audit;
pub mod authorization;
pub mod brakes;
pub mod clients;
pub mod dialects;
mod endpoints;
mod files_aside;
pub mod grants;
pub mod habits;
mod http;
pub mod java_stream;
pub mod journal;
pub mod keys;
pub mod legacy_tokens;
pub mod mail;
pub mod metrics;
#[cfg(feature = "migrate")]
pub mod migrate;
pub mod operator;
pub mod operator_socket;
pub mod outbox;
pub mod pages;
#[cfg(feature = "passkeys")]
pub mod passkeys;
pub mod passwords;
pub mod records;
pub mod rehash;
pub mod reload;
pub mod resource_owners;
pub mod scopes;
pub mod second_factors;
pub mod server;
pub mod sessions;
pub mod settings;
pub mod stores;
pub mod tokens;
