//! The server's own keys: which one signs, which are published, which make handles; how they are kept
//! at rest.
//!
//! A new signing key is published before it signs, so that whoever checks signatures has it in time; a
//! key that was replaced stays published until the last token it signed has expired. All of that
//! follows from the creation times in the store, so every instance on one store sees the same ring.

pub mod handles;
mod key_ring;
mod policy;
mod ring;
mod rotation;
pub mod sealing;
pub mod signing;
pub mod verifying;

pub use key_ring::{Changed, KeyRing, KeySources};
pub use policy::{ConfiguredKey, KeyChange, KeyPolicy, KeyRingError, RotationCause};
pub use ring::Ring;
