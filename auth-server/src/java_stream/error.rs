//! Why a stream is not read.

/// Why a stream is not read. It shows none of its texts: they may be tokens.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StreamError {
    /// It has more bytes than are read.
    #[error("the stream is longer than {longest} bytes")]
    TooLong {
        /// The most that is read.
        longest: usize,
    },
    /// It does not begin as a stream does.
    #[error("it is not a serialization stream of version 5")]
    NoStream,
    /// It ends in the middle of something.
    #[error("the stream ends too early")]
    CutOff,
    /// There is more behind its object.
    #[error("the stream goes on behind its object")]
    GoesOn,
    /// Objects in objects in objects.
    #[error("the stream is nested deeper than {deepest}")]
    TooDeep {
        /// The most that is read.
        deepest: usize,
    },
    /// A class that may not occur.
    #[error("the stream has an object of the class `{class}`, which is not known")]
    UnknownClass {
        /// Its name, as far as it can be printed.
        class: String,
    },
    /// Something that the protocol has and no token needs.
    #[error("the stream has {what}, which is not read")]
    NotRead {
        /// What it is.
        what: &'static str,
    },
    /// It breaks the protocol.
    #[error("the stream is damaged: {what}")]
    Damaged {
        /// What is wrong.
        what: &'static str,
    },
}

impl StreamError {
    /// Characters of a class's name that are repeated.
    const LONGEST_NAME: usize = 128;

    pub(super) fn unknown_class(name: &str) -> Self {
        let class = name.escape_debug().take(Self::LONGEST_NAME).collect();
        Self::UnknownClass { class }
    }
}
