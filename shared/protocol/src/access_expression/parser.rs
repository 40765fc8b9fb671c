//! From words to a rule: `or` binds less than `and`, `and` less than `not`.

use crate::access_expression::rule::{
    Call, CallError, ExpressionError, KNOWN_CALLS, Rule, THROW_ON_ERROR,
};
use crate::access_expression::words::{PlacedWord, Word, words};

/// Bytes.
const LONGEST: usize = 4096;

/// Parentheses within parentheses, and `not not`.
const DEEPEST: usize = 32;

pub(super) fn parse(expression: &str) -> Result<Rule, ExpressionError> {
    if expression.len() > LONGEST {
        return Err(ExpressionError::TooComplex);
    }
    let mut parser = Parser {
        expression,
        words: words(expression)?.into_iter().peekable(),
        depth: 0,
    };
    let rule = parser.any()?;
    match parser.words.next() {
        None => Ok(rule),
        Some((at, _)) => Err(ExpressionError::at(
            expression,
            at,
            "`and`, `or` or the end should follow",
        )),
    }
}

struct Parser<'a> {
    expression: &'a str,
    words: std::iter::Peekable<std::vec::IntoIter<PlacedWord<'a>>>,
    depth: usize,
}

impl Parser<'_> {
    fn wrong(&self, at: usize, wanted: impl Into<String>) -> ExpressionError {
        ExpressionError::at(self.expression, at, wanted)
    }

    fn goes_on_with(&mut self, wanted: &Word<'_>) -> bool {
        self.words.next_if(|(_, word)| word == wanted).is_some()
    }

    fn any(&mut self) -> Result<Rule, ExpressionError> {
        let first = self.all()?;
        let mut rules = vec![first];
        while self.goes_on_with(&Word::Or) {
            rules.push(self.all()?);
        }
        Ok(only_or(rules, Rule::Any))
    }

    fn all(&mut self) -> Result<Rule, ExpressionError> {
        let first = self.one()?;
        let mut rules = vec![first];
        while self.goes_on_with(&Word::And) {
            rules.push(self.one()?);
        }
        Ok(only_or(rules, Rule::All))
    }

    fn one(&mut self) -> Result<Rule, ExpressionError> {
        if self.depth == DEEPEST {
            return Err(ExpressionError::TooComplex);
        }
        self.depth += 1;
        let rule = self.one_at_this_depth();
        self.depth -= 1;
        rule
    }

    fn one_at_this_depth(&mut self) -> Result<Rule, ExpressionError> {
        let end = self.expression.len();
        match self.words.next() {
            Some((_, Word::Not)) => Ok(Rule::Not(Box::new(self.one()?))),
            Some((_, Word::Sign('('))) => {
                let rule = self.any()?;
                self.close()?;
                Ok(rule)
            }
            Some((_, Word::Name(THROW_ON_ERROR))) => {
                self.open()?;
                let rule = self.any()?;
                self.close()?;
                Ok(Rule::ThrowOnError(Box::new(rule)))
            }
            Some((at, Word::Name(name))) => {
                let words = self.words_of_call()?;
                Rule::call(Call { name, words }).map_err(|error| match error {
                    CallError::Unknown => {
                        self.wrong(at, format!("{name} is not known; known are {KNOWN_CALLS}"))
                    }
                    CallError::Words(wanted) => self.wrong(at, format!("{name} takes {wanted}")),
                })
            }
            Some((at, Word::Text(_) | Word::Sign(_) | Word::And | Word::Or)) => {
                Err(self.wrong(at, "a rule should stand here, such as permitAll()"))
            }
            None => Err(self.wrong(end, "a rule should stand here, such as permitAll()")),
        }
    }

    fn open(&mut self) -> Result<(), ExpressionError> {
        let end = self.expression.len();
        match self.words.next() {
            Some((_, Word::Sign('('))) => Ok(()),
            Some((at, _)) => Err(self.wrong(at, "a `(` should stand here")),
            None => Err(self.wrong(end, "a `(` should stand here")),
        }
    }

    fn close(&mut self) -> Result<(), ExpressionError> {
        let end = self.expression.len();
        match self.words.next() {
            Some((_, Word::Sign(')'))) => Ok(()),
            Some((at, _)) => Err(self.wrong(at, "a `)` should stand here")),
            None => Err(self.wrong(end, "a `)` should stand here")),
        }
    }

    /// What stands between the parentheses of a call; a call of nothing may go without them.
    fn words_of_call(&mut self) -> Result<Vec<String>, ExpressionError> {
        let mut texts = Vec::new();
        if !self.goes_on_with(&Word::Sign('(')) || self.goes_on_with(&Word::Sign(')')) {
            return Ok(texts);
        }
        loop {
            let end = self.expression.len();
            match self.words.next() {
                Some((_, Word::Text(text))) => texts.push(text),
                Some((at, _)) => return Err(self.wrong(at, "a word in quotes should stand here")),
                None => return Err(self.wrong(end, "a word in quotes should stand here")),
            }
            if !self.goes_on_with(&Word::Sign(',')) {
                self.close()?;
                return Ok(texts);
            }
        }
    }
}

fn only_or(mut rules: Vec<Rule>, several: fn(Vec<Rule>) -> Rule) -> Rule {
    match rules.pop() {
        Some(only) if rules.is_empty() => only,
        last => {
            rules.extend(last);
            several(rules)
        }
    }
}
