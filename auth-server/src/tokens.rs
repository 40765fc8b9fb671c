//! Tokens: how they are issued, checked and revoked.

pub mod check;
pub mod end;
pub mod enhancer;
pub mod held;
pub mod issue;
pub mod jwt;
pub mod legacy;
pub mod legacy_jwts;
pub mod parties;
pub mod revoke;
pub mod write_back;
