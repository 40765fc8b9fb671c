//! An expression in words and signs.

use crate::access_expression::rule::ExpressionError;

/// A word or a sign of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Word<'a> {
    /// `hasRole`, `and`, `#oauth2.hasScope`.
    Name(&'a str),
    /// What stands between quotes.
    Text(String),
    /// `(`, `)`, `,`, `!`.
    Sign(char),
    /// `and`, `&&`.
    And,
    /// `or`, `||`.
    Or,
    /// `not`, `!`.
    Not,
}

/// A word, and at which byte of the expression it begins.
pub(super) type PlacedWord<'a> = (usize, Word<'a>);

pub(super) fn words(expression: &str) -> Result<Vec<PlacedWord<'_>>, ExpressionError> {
    let mut words = Vec::new();
    let mut rest = expression.trim_start();
    while let Some(first) = rest.chars().next() {
        let at = expression.len() - rest.len();
        let (word, length) = match first {
            '(' | ')' | ',' => (Word::Sign(first), 1),
            '!' => (Word::Not, 1),
            '&' if rest.starts_with("&&") => (Word::And, 2),
            '|' if rest.starts_with("||") => (Word::Or, 2),
            '\'' | '"' => text(rest, first).ok_or_else(|| {
                ExpressionError::at(expression, at, "these quotes are not closed")
            })?,
            '#' | '_' | 'a'..='z' | 'A'..='Z' => name(rest),
            _ => {
                let wanted = format!("{first:?} is no part of an access rule");
                return Err(ExpressionError::at(expression, at, wanted));
            }
        };
        words.push((at, word));
        rest = rest.get(length..).unwrap_or_default().trim_start();
    }
    Ok(words)
}

/// A text in quotes; a quote in it is written twice.
fn text(rest: &str, quote: char) -> Option<(Word<'static>, usize)> {
    let mut text = String::new();
    let mut characters = rest.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        if character != quote {
            text.push(character);
        } else if characters.next_if(|(_, next)| *next == quote).is_some() {
            text.push(quote);
        } else {
            return Some((Word::Text(text), at + 1));
        }
    }
    None
}

fn name(rest: &str) -> (Word<'_>, usize) {
    let is_part = |part: char| part.is_ascii_alphanumeric() || matches!(part, '_' | '.' | '#');
    let length = rest.find(|part| !is_part(part)).unwrap_or(rest.len());
    let name = rest.get(..length).unwrap_or_default();
    let word = if name.eq_ignore_ascii_case("and") {
        Word::And
    } else if name.eq_ignore_ascii_case("or") {
        Word::Or
    } else if name.eq_ignore_ascii_case("not") {
        Word::Not
    } else {
        Word::Name(name)
    };
    (word, length)
}
