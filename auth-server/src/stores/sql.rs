//! Clients, owners and tokens in the tables of a Spring server: `oauth_client_details`, `users` and `authorities`, read
//! where they are and never written; `oauth_access_token` and `oauth_refresh_token`, from which what is over is removed.
//!
//! Each database has a small room of its own, `postgresql`, `mysql` and `sqlite`: how it is reached, how a value is
//! bound, and how one is read. All above is the same text for all three.

mod address;
mod cell;
mod clients;
mod connections;
mod database;
mod mysql;
mod owners;
mod pool;
mod postgresql;
mod read_row;
mod sqlite;
mod statements;
mod token_survey;
mod tokens;

pub use address::{AddressError, SqlAddress};
pub use clients::SqlClients;
pub use connections::SqlSettings;
pub use database::SqlDatabase;
pub use owners::SqlOwners;
pub use read_row::{LeftOut, ReadRow};
pub use statements::{Source, SourceError};
pub use tokens::SqlTokens;

/// What [`SqlClients::check`], [`SqlOwners::check`] and [`SqlTokens::check`] find: in which place, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqlFault {
    /// The table or query that it is in, or `None`: the database.
    pub source: Option<&'static str>,
    /// What is wrong.
    pub found: String,
}
