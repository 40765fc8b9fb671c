//! The three services together, in one process: real HTTP on free ports, a real store, a clock that the
//! test moves.
//!
//! A test says what it needs and on which stores it holds:
//!
//! ```no_run
//! e2e::on_every_store! {
//!     /// A client that acts for itself gets no refresh token.
//!     async fn client_credentials_give_no_refresh_token(world) {
//!         let answer = world.token("photo-backup", &[("grant_type", "client_credentials")]).await;
//!         assert_eq!(answer.status, 200);
//!         assert!(answer.json["refresh_token"].is_null());
//!     }
//! }
//! ```

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    clippy::indexing_slicing,
    reason = "all of this runs in tests only, where a panic is how a rule is seen to be broken"
)]

mod answer;
mod authenticator;
mod browser;
mod builder;
mod chromium;
mod collector;
pub mod floods;
mod limits;
mod listening_in;
mod mails;
mod passing_on;
mod passkey;
mod path_proxy;
pub mod person;
mod print_photo;
mod process;
mod raw;
mod service_process;
mod services;
mod site;
mod small_server;
mod spring_server;
mod stopping;
mod world;

pub use answer::Answer;
pub use authenticator::{Authenticator, Enrolled, recovery_codes};
pub use browser::{Browser, Landing, hidden_field, link};
pub use builder::{Store, WorldBuilder};
pub use chromium::{Chromium, Device};
pub use collector::{Collector, ExportedSpan};
pub use limits::limit_reached;
pub use listening_in::ListeningIn;
pub use mails::{SentMail, mails_in};
pub use passkey::{Said, SoftPasskey, passkey_options};
pub use path_proxy::{PassesOn, PathProxy};
pub use print_photo::PrintPhoto;
pub use process::{AuthServerProcess, Finished, run_auth_server, run_service};
pub use raw::{RawAnswer, raw_request};
pub use redis_server::RedisServer;
pub use registry_servers::{Bound, Certificates, Database, DatabaseKind, Directory};
pub use service_process::{
    BegunService, ServiceProcess, environment_prefix, service_binary, unshare,
};
pub use services::Services;
pub use site::Site;
pub use spring_server::{SPRING_CLIENT, SpringServer};
pub use world::{CONSOLE, World, secret_of};

/// Runs the same test on the embedded store and on Redis. Settings follow the world's name as
/// `"VARIABLE" = "value"`; after a semicolon a closure may do more with the [`WorldBuilder`].
#[macro_export]
macro_rules! on_every_store {
    ($($(#[$attribute:meta])* async fn $name:ident($world:ident $(, $key:literal = $value:expr)* $(,)? $(; $prepare:expr)?) $body:block)+) => {$(
        $(#[$attribute])*
        mod $name {
            #[allow(unused_imports, reason = "a test may need nothing from around it")]
            use super::*;

            async fn rule($world: $crate::World) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn embedded() {
                let world = $crate::World::builder($crate::Store::Memory)
                    $(.set($key, $value))*
                    $(.prepared_by($prepare))?
                    .start()
                    .await;
                rule(world).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn redis() {
                let world = $crate::World::builder($crate::Store::redis().await)
                    $(.set($key, $value))*
                    $(.prepared_by($prepare))?
                    .start()
                    .await;
                rule(world).await;
            }
        }
    )+};
}
