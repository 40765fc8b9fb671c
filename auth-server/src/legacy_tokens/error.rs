//! Why a stream is no token.

use crate::java_stream::StreamError;

/// Why a stream is no token, or none that can be taken over. It shows nothing of what was kept but names of classes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LegacyTokenError {
    /// The stream is not read.
    #[error(transparent)]
    Stream(#[from] StreamError),
    /// It is an object of a class that says nothing at this place.
    #[error("`{what}` is an object of the class `{class}`, which is not understood there")]
    OtherClass {
        /// The field.
        what: &'static str,
        /// The class's name.
        class: String,
    },
    /// A class of which only one version is known.
    #[error("the stream has another version of the class `{class}` than the one that is known")]
    OtherVersion {
        /// The class's name.
        class: &'static str,
    },
    /// A field is absent, or is not what it has to be.
    #[error("`{what}` cannot be read")]
    Unreadable {
        /// The field.
        what: &'static str,
    },
    /// It unfolds to more than is read.
    #[error("the object says more than is read of one")]
    TooMuch,
}
