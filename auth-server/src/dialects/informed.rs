//! A message with what is said of a token besides.

use serde::Serialize;

use crate::records::AdditionalInformation;

/// A message, and the members that are added to it.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Informed<'a, T> {
    /// What the protocol says.
    #[serde(flatten)]
    pub message: &'a T,
    /// What is said besides. None of it has the name of one of the protocol's members.
    #[serde(flatten)]
    pub additional: &'a AdditionalInformation,
}
