//! Tokens: how they are written, signed, issued, checked and revoked.

pub mod check;
pub mod handle;
pub mod issue;
pub mod jwt;
pub mod key_ring;
pub mod keys;
pub mod revoke;
pub mod sealing;
