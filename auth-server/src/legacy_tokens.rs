//! The tokens that a Spring Security OAuth server has given out before: what the objects mean that it keeps in its
//! Redis (`access:`, `auth:`, `refresh:`, `refresh_auth:`) and in its tables (`oauth_access_token`,
//! `oauth_refresh_token`), written by Java's serialization.
//!
//! The server asks a Redis or a database for them where its settings name one; programs may read them from anywhere,
//! and write them ([`LegacyAccessToken::write`], [`LegacyRefreshToken::write`], [`LegacyAuthentication::write`]) for a
//! server that somebody goes back to.
//!
//! Only the classes that these objects are made of may occur: names that begin with `java.lang.`, `java.util.` and
//! `org.springframework.security.`, as in Spring's own list. What an application has put in of its own, such as an
//! account of its own class, is refused with the class's name. [`java_stream`](crate::java_stream) reads the
//! streams, and [`MOST_VALUES`] and [`MOST_TEXT`] bound what one of them may unfold to.
//!
//! ```no_run
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use symbolon_auth_server::legacy_tokens::{LegacyAccessToken, LegacyAuthentication};
//!
//! let token = LegacyAccessToken::read(&std::fs::read("access")?)?;
//! let authentication = LegacyAuthentication::read(&std::fs::read("auth")?)?;
//! println!("{} until {:?}", authentication.client_id, token.expires_at);
//! # Ok(())
//! # }
//! ```

mod authentication;
mod classes;
mod collections;
mod error;
mod information;
mod key;
mod meaning;
mod token;
mod writing;

pub use authentication::{LegacyAuthentication, LegacyOwner};
pub use error::LegacyTokenError;
pub use information::DEEPEST_INFORMATION;
#[cfg(feature = "sql")]
pub(crate) use key::md5_digits;
pub use meaning::{MOST_TEXT, MOST_VALUES};
pub use token::{LegacyAccessToken, LegacyRefreshToken};
pub use writing::SecurityRelease;
