//! What a name may be: one that people can read, type and tell from another.

use std::ops::RangeInclusive;

/// Bytes of the longest name. Names are in keys of stores, lines of logs and addresses.
pub const LONGEST_NAME: usize = 255;

/// What is drawn as nothing, or turns the direction of what stands around it: two names that differ in nothing else look
/// the same. Unicode's `Default_Ignorable_Code_Point`, and its separators of lines and paragraphs.
const UNSEEN: [RangeInclusive<char>; 17] = [
    '\u{ad}'..='\u{ad}',
    '\u{34f}'..='\u{34f}',
    '\u{61c}'..='\u{61c}',
    '\u{115f}'..='\u{1160}',
    '\u{17b4}'..='\u{17b5}',
    '\u{180b}'..='\u{180f}',
    '\u{200b}'..='\u{200f}',
    '\u{2028}'..='\u{202e}',
    '\u{2060}'..='\u{206f}',
    '\u{3164}'..='\u{3164}',
    '\u{fe00}'..='\u{fe0f}',
    '\u{feff}'..='\u{feff}',
    '\u{ffa0}'..='\u{ffa0}',
    '\u{fff0}'..='\u{fff8}',
    '\u{1bca0}'..='\u{1bca3}',
    '\u{1d173}'..='\u{1d17a}',
    '\u{e0000}'..='\u{e0fff}',
];

/// What is wrong with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameFault {
    /// There is none.
    Empty,
    /// It begins or ends with a blank.
    BlankAtAnEnd,
    /// It holds a character that is drawn as nothing, or turns the direction of what stands around it.
    Unseen(char),
    /// It has so many bytes, which are too many.
    TooLong(usize),
}

impl NameFault {
    /// What is found.
    pub fn found(&self) -> String {
        match self {
            Self::Empty => "is empty".to_owned(),
            Self::BlankAtAnEnd => "has a blank at an end".to_owned(),
            Self::Unseen(unseen) => format!("holds {}, which nobody sees", unseen.escape_unicode()),
            Self::TooLong(bytes) => format!("has {bytes} bytes"),
        }
    }

    /// What is accepted.
    pub fn accepted(&self) -> String {
        match self {
            Self::Empty => "a name".to_owned(),
            Self::BlankAtAnEnd => "the name without it".to_owned(),
            Self::Unseen(_) => "characters that can be seen".to_owned(),
            Self::TooLong(_) => format!("{LONGEST_NAME} bytes or fewer"),
        }
    }
}

/// All that is wrong with the name of a client or an owner. Control characters are told by whoever registers, and
/// empty names by whoever reads a list of them.
pub fn name_faults(name: &str) -> Vec<NameFault> {
    let mut faults = Vec::new();
    if name != name.trim() {
        faults.push(NameFault::BlankAtAnEnd);
    }
    let is_unseen = |one: &char| UNSEEN.iter().any(|range| range.contains(one));
    faults.extend(name.chars().find(is_unseen).map(NameFault::Unseen));
    if name.len() > LONGEST_NAME {
        faults.push(NameFault::TooLong(name.len()));
    }
    faults
}
