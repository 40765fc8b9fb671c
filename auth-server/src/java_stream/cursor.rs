//! The bytes of a stream, one after another.

use super::error::StreamError;

/// What has not been read yet.
pub(super) struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub(super) const fn new(stream: &'a [u8]) -> Self {
        Self { rest: stream }
    }

    pub(super) const fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next bytes, so many as are announced: never more than are there.
    pub(super) fn take(&mut self, length: impl TryInto<usize>) -> Result<&'a [u8], StreamError> {
        let length = length.try_into().map_err(|_| StreamError::CutOff)?;
        let split = self.rest.split_at_checked(length);
        let (taken, rest) = split.ok_or(StreamError::CutOff)?;
        self.rest = rest;
        Ok(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], StreamError> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(StreamError::CutOff)?;
        self.rest = rest;
        Ok(*taken)
    }

    pub(super) fn byte(&mut self) -> Result<u8, StreamError> {
        let [byte] = self.array()?;
        Ok(byte)
    }

    /// An `unsigned short`: most lengths.
    pub(super) fn short(&mut self) -> Result<u16, StreamError> {
        Ok(u16::from_be_bytes(self.array()?))
    }

    pub(super) fn int(&mut self) -> Result<i32, StreamError> {
        Ok(i32::from_be_bytes(self.array()?))
    }

    pub(super) fn long(&mut self) -> Result<i64, StreamError> {
        Ok(i64::from_be_bytes(self.array()?))
    }
}
