//! Two ways to describe the same token, side by side. What is stored is neutral; a dialect is only a
//! rendering.

pub mod informed;
pub mod spring;
pub mod standard;

pub use crate::records::Dialect;
