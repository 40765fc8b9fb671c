//! How long records are kept.

/// The longest that any record with an end is kept, in seconds: ten years. A refresh token that "never"
/// expires and a signing key are kept this long after their last write.
pub const LONGEST_LIFE_SECS: u64 = 10 * 365 * 24 * 60 * 60;

/// How long what ended is remembered, in seconds: a day. For so long after its expiry a used code is
/// recognized, and for so long nothing can be issued into a grant that was revoked; no request is under
/// way for longer.
pub const MEMORY_OF_THE_ENDED_SECS: u64 = 24 * 60 * 60;
