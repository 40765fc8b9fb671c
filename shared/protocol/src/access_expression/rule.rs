//! A rule that was understood, and what each of its words means.

use std::collections::BTreeSet;

use crate::access_expression::decision::Caller;
use crate::scope::Scope;
use crate::scope_pattern::ScopePattern;

/// What Spring puts before the names of roles.
const ROLE_PREFIX: &str = "ROLE_";

/// Why a rule is not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExpressionError {
    /// Something else should stand there.
    #[error("at character {position}: {wanted}")]
    Unexpected {
        /// Characters before it, and one.
        position: usize,
        /// What should stand there.
        wanted: String,
    },
    /// It is longer, or more is nested in it, than any rule needs.
    #[error("the expression is too long or nested too deep")]
    TooComplex,
}

impl ExpressionError {
    /// The error for the place of this byte of an expression.
    pub(super) fn at(expression: &str, at: usize, wanted: impl Into<String>) -> Self {
        let before = expression
            .char_indices()
            .take_while(|(place, _)| *place < at);
        Self::Unexpected {
            position: before.count() + 1,
            wanted: wanted.into(),
        }
    }
}

#[derive(Clone)]
pub(super) enum Rule {
    Always,
    Never,
    Anonymous,
    Authenticated,
    AnyAuthority(Vec<String>),
    AnyScope(Vec<String>),
    AnyScopeMatching(Vec<ScopePattern>),
    AnyClientAuthority(Vec<String>),
    WithToken,
    WithOwner,
    WithoutOwner,
    /// What is refused in it for a scope is refused for good, whatever stands around it.
    ThrowOnError(Box<Rule>),
    Not(Box<Rule>),
    All(Vec<Rule>),
    Any(Vec<Rule>),
}

/// A call, as it is read: its name, and its words.
pub(super) struct Call<'a> {
    pub(super) name: &'a str,
    pub(super) words: Vec<String>,
}

/// Why a call says nothing.
pub(super) enum CallError {
    Unknown,
    /// It takes other words.
    Words(&'static str),
}

/// What can be called.
pub(super) const KNOWN_CALLS: &str = "permitAll, denyAll, isAnonymous(), isAuthenticated(), isFullyAuthenticated(), hasAuthority('…'), \
     hasAnyAuthority('…', …), hasRole('…'), hasAnyRole('…', …), #oauth2.hasScope('…'), #oauth2.hasAnyScope('…', …), \
     #oauth2.hasScopeMatching('…'), #oauth2.hasAnyScopeMatching('…', …), #oauth2.clientHasRole('…'), \
     #oauth2.clientHasAnyRole('…', …), #oauth2.isOAuth(), #oauth2.isUser(), #oauth2.isClient(), \
     #oauth2.denyOAuthClient() and #oauth2.throwOnError(…)";

/// The only call whose word is a rule.
pub(super) const THROW_ON_ERROR: &str = "#oauth2.throwOnError";

/// A scope was asked for in vain where that ends the whole rule.
pub(super) struct Thrown;

impl Rule {
    pub(super) fn call(call: Call<'_>) -> Result<Self, CallError> {
        let Call { name, words } = call;
        match name {
            "permitAll" | "true" => no_words(&words, Self::Always),
            "denyAll" | "false" => no_words(&words, Self::Never),
            "isAnonymous" | "anonymous" => no_words(&words, Self::Anonymous),
            // Nobody is remembered here, so who is authenticated at all is so fully.
            "isAuthenticated" | "authenticated" | "isFullyAuthenticated" | "fullyAuthenticated" => {
                no_words(&words, Self::Authenticated)
            }
            "hasAuthority" => one_word(words).map(Self::AnyAuthority),
            "hasAnyAuthority" => some_words(words).map(Self::AnyAuthority),
            "hasRole" => one_word(words).map(roles).map(Self::AnyAuthority),
            "hasAnyRole" => some_words(words).map(roles).map(Self::AnyAuthority),
            _ => Self::oauth_call(name, words),
        }
    }

    fn oauth_call(name: &str, words: Vec<String>) -> Result<Self, CallError> {
        match name {
            "#oauth2.hasScope" => one_word(words).map(Self::AnyScope),
            "#oauth2.hasAnyScope" => some_words(words).map(Self::AnyScope),
            "#oauth2.hasScopeMatching" => patterns(&one_word(words)?),
            "#oauth2.hasAnyScopeMatching" => patterns(&some_words(words)?),
            "#oauth2.clientHasRole" => one_word(words).map(Self::AnyClientAuthority),
            "#oauth2.clientHasAnyRole" => some_words(words).map(Self::AnyClientAuthority),
            "#oauth2.isOAuth" => no_words(&words, Self::WithToken),
            "#oauth2.isUser" => no_words(&words, Self::WithOwner),
            "#oauth2.isClient" => no_words(&words, Self::WithoutOwner),
            "#oauth2.denyOAuthClient" => no_words(&words, Self::Not(Box::new(Self::WithToken))),
            _ => Err(CallError::Unknown),
        }
    }

    /// Whether it holds. As in Spring, `and` and `or` ask no further than they have to, and scopes that were asked for
    /// in vain are noted.
    pub(super) fn holds(
        &self,
        caller: &Caller<'_>,
        missing: &mut Vec<String>,
    ) -> Result<bool, Thrown> {
        match self {
            Self::ThrowOnError(rule) => {
                let holds = rule.holds(caller, missing)?;
                if holds || missing.is_empty() {
                    Ok(holds)
                } else {
                    Err(Thrown)
                }
            }
            Self::Not(rule) => Ok(!rule.holds(caller, missing)?),
            Self::All(rules) => {
                for rule in rules {
                    if !rule.holds(caller, missing)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Self::Any(rules) => {
                for rule in rules {
                    if rule.holds(caller, missing)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Self::Always
            | Self::Never
            | Self::Anonymous
            | Self::Authenticated
            | Self::AnyAuthority(_)
            | Self::AnyScope(_)
            | Self::AnyScopeMatching(_)
            | Self::AnyClientAuthority(_)
            | Self::WithToken
            | Self::WithOwner
            | Self::WithoutOwner => Ok(self.holds_by_itself(caller, missing)),
        }
    }

    /// The same for a rule that is made of no others.
    fn holds_by_itself(&self, caller: &Caller<'_>, missing: &mut Vec<String>) -> bool {
        match self {
            Self::Always => true,
            Self::Anonymous => caller.is_anonymous(),
            Self::Authenticated => !caller.is_anonymous(),
            Self::AnyAuthority(names) => names.iter().any(|name| caller.has_authority(name)),
            Self::AnyScope(names) => {
                let scope = caller.token().map(|token| token.scope);
                let has = |name: &String| scope.is_some_and(|scope| scope.contains(name));
                names.iter().any(has) || note(names.iter().map(String::as_str), missing)
            }
            Self::AnyScopeMatching(patterns) => {
                let scope = caller.token().map(|token| token.scope);
                let mut names = scope.into_iter().flat_map(Scope::names);
                names.any(|name| patterns.iter().any(|one| one.matches(name)))
                    || note(patterns.iter().map(ScopePattern::as_str), missing)
            }
            Self::AnyClientAuthority(names) => {
                let granted = caller.token().map(|token| token.client_authorities);
                let has = |name: &String| granted.is_some_and(|granted| granted.contains(name));
                names.iter().any(has)
            }
            Self::WithToken => caller.token().is_some(),
            Self::WithOwner => caller.token().is_some_and(|token| token.has_owner),
            Self::WithoutOwner => caller.token().is_some_and(|token| !token.has_owner),
            Self::Never | Self::ThrowOnError(_) | Self::Not(_) | Self::All(_) | Self::Any(_) => {
                false
            }
        }
    }
}

/// Notes scopes that were asked for in vain, each once.
fn note<'a>(names: impl Iterator<Item = &'a str>, missing: &mut Vec<String>) -> bool {
    let mut known: BTreeSet<String> = missing.iter().cloned().collect();
    let names = names.filter(|name| known.insert((*name).to_owned()));
    missing.extend(names.map(str::to_owned));
    false
}

fn no_words(words: &[String], rule: Rule) -> Result<Rule, CallError> {
    if words.is_empty() {
        Ok(rule)
    } else {
        Err(CallError::Words("no words"))
    }
}

fn one_word(words: Vec<String>) -> Result<Vec<String>, CallError> {
    if words.len() == 1 {
        Ok(words)
    } else {
        Err(CallError::Words("one word in quotes"))
    }
}

fn some_words(words: Vec<String>) -> Result<Vec<String>, CallError> {
    if words.is_empty() {
        Err(CallError::Words("one word in quotes or more"))
    } else {
        Ok(words)
    }
}

/// Spring puts the prefix where it is missing.
pub(super) fn roles(names: Vec<String>) -> Vec<String> {
    let role = |name: String| {
        if name.starts_with(ROLE_PREFIX) {
            name
        } else {
            format!("{ROLE_PREFIX}{name}")
        }
    };
    names.into_iter().map(role).collect()
}

fn patterns(written: &[String]) -> Result<Rule, CallError> {
    let patterns = written.iter().map(|written| ScopePattern::parse(written));
    let patterns: Option<Vec<ScopePattern>> = patterns.collect();
    let patterns = patterns.ok_or(CallError::Words("a regular expression in quotes"))?;
    Ok(Rule::AnyScopeMatching(patterns))
}
