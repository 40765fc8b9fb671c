//! Reads Java's object serialization stream, version 5, by its
//! [public protocol](https://docs.oracle.com/en/java/javase/17/docs/specs/serialization/protocol.html).
//!
//! It is for what a Spring server has kept ([`legacy_tokens`](crate::legacy_tokens) says what the objects mean). A stream
//! describes its own classes; by these descriptions alone it is taken apart into plain values. No class of any name is
//! there to be made, and nothing that a stream says is run.
//!
//! A stream is bounded in length and in depth, memory is taken for what has been read and never for what is announced, and
//! the caller says which classes may occur. Classes as values, proxies, exceptions of the writer, resets and classes
//! with a format of their own (`Externalizable`) are refused: no token has them.

mod cursor;
mod error;
mod grammar;
mod reader;
mod text;
mod value;
mod writer;

pub use error::StreamError;
pub use reader::{DEEPEST, LONGEST_STREAM, MOST_FIELDS, read};
pub use value::{Field, Graph, Object, ObjectId, Value};
pub(crate) use writer::{ClassVersion, Writer, WrittenClass};
