//! What a name may be: one that people can read, type and tell from another.

use std::ops::RangeInclusive;

/// Bytes of the longest name. Names are in keys of stores, lines of logs and addresses.
const LONGEST: usize = 255;

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

/// What is wrong with the name of a client or an owner, and what is accepted. Control characters are told by whoever
/// registers.
pub(super) fn faults(name: &str) -> Vec<(String, String)> {
    let mut faults = Vec::new();
    if name != name.trim() {
        let found = "has a blank at an end".to_owned();
        faults.push((found, "the name without it".to_owned()));
    }
    let is_unseen = |one: &char| UNSEEN.iter().any(|range| range.contains(one));
    if let Some(unseen) = name.chars().find(is_unseen) {
        let found = format!("holds {}, which nobody sees", unseen.escape_unicode());
        faults.push((found, "characters that can be seen".to_owned()));
    }
    if name.len() > LONGEST {
        let found = format!("has {} bytes", name.len());
        faults.push((found, format!("{LONGEST} bytes or fewer")));
    }
    faults
}
