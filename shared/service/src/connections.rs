//! How much of a service one connection, one caller and all callers together can take.
//!
//! actix-http reads ahead: while an answer waits for its reader it decodes up to 128 KiB of further requests, some
//! four thousand, and keeps each. Its settings do not change that, so the bounds are below it, in the stream
//! that it reads from:
//!
//! * `admission`: so many connections at once, and so many of one caller.
//! * `stream`: a connection's next request is read when the one before is answered; a head and a reader
//!   have so much time.
//! * `body`: so does a body, and it is read no faster than somebody takes it.
//! * `flow`: what the three know of each other.

mod admission;
mod body;
mod flow;
mod request_end;
mod server;
mod stream;
#[cfg(test)]
mod tests;

pub use body::took_too_long;
pub use server::AppService;
pub(crate) use server::{Bounds, serve};
