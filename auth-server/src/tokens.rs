//! Tokens: how they are written, signed, issued, checked and revoked.

pub mod handle;
