//! Java's modified UTF-8: U+0000 in two bytes, and what is beyond U+FFFF as two surrogates of three bytes each
//! (`DataInput`, "Modified UTF-8").

use std::sync::Arc;

use super::error::StreamError;

const DAMAGED: StreamError = StreamError::Damaged {
    what: "a text is not modified UTF-8",
};

/// The text of these bytes.
pub(super) fn decode(bytes: &[u8]) -> Result<Arc<str>, StreamError> {
    if let Ok(text) = str::from_utf8(bytes)
        && text.is_ascii()
    {
        return Ok(text.into());
    }
    let (mut units, mut rest) = (Vec::new(), bytes);
    while let Some((unit, behind)) = unit(rest) {
        units.push(unit);
        rest = behind;
    }
    if rest.is_empty() {
        character_text(&units)
    } else {
        Err(DAMAGED)
    }
}

/// A text as these bytes.
pub(super) fn encode(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    for unit in text.encode_utf16() {
        let [high, low] = unit.to_be_bytes();
        match unit {
            1..0x80 => bytes.push(low),
            0..0x800 => bytes.extend([0xc0 | (high << 2) | (low >> 6), 0x80 | (low & 0x3f)]),
            _ => bytes.extend([
                0xe0 | (high >> 4),
                0x80 | ((high & 0x0f) << 2) | (low >> 6),
                0x80 | (low & 0x3f),
            ]),
        }
    }
    bytes
}

/// The text of UTF-16 units. A surrogate that is alone is in Java a text, and in no token.
pub(super) fn character_text(units: &[u16]) -> Result<Arc<str>, StreamError> {
    let text = String::from_utf16(units).map_err(|_| DAMAGED)?;
    Ok(text.into())
}

/// The first UTF-16 unit, and what is behind it.
fn unit(bytes: &[u8]) -> Option<(u16, &[u8])> {
    match bytes {
        [one @ ..0x80, rest @ ..] => Some((u16::from(*one), rest)),
        [one @ 0xc0..0xe0, two @ 0x80..0xc0, rest @ ..] => {
            let unit = (u16::from(one & 0x1f) << 6) | u16::from(two & 0x3f);
            Some((unit, rest))
        }
        [
            one @ 0xe0..0xf0,
            two @ 0x80..0xc0,
            three @ 0x80..0xc0,
            rest @ ..,
        ] => {
            let high = (u16::from(one & 0x0f) << 12) | (u16::from(two & 0x3f) << 6);
            Some((high | u16::from(three & 0x3f), rest))
        }
        _ => None,
    }
}
