//! Rules that a program puts together itself, in Spring's words: [`has_scope`], [`has_role`], [`is_user`]. Each is the
//! same rule as its text in a configuration, which is how it prints.

use std::ops::Not;

use crate::access_expression::AccessExpression;
use crate::access_expression::rule::{Call, CallError, ExpressionError, Rule, roles};

/// Everybody may go on.
pub fn permit_all() -> AccessExpression {
    made("permitAll", &[], |_| Rule::Always)
}

/// Nobody may.
pub fn deny_all() -> AccessExpression {
    made("denyAll", &[], |_| Rule::Never)
}

/// The caller did not say who they are.
pub fn is_anonymous() -> AccessExpression {
    made("isAnonymous", &[], |_| Rule::Anonymous)
}

/// The caller is known.
pub fn is_authenticated() -> AccessExpression {
    made("isAuthenticated", &[], |_| Rule::Authenticated)
}

/// The owner (or the client that acts for itself) has this authority, to the letter.
pub fn has_authority(name: impl Into<String>) -> AccessExpression {
    made("hasAuthority", &[name.into()], Rule::AnyAuthority)
}

/// The owner (or the client that acts for itself) has one of these authorities.
pub fn has_any_authority(names: impl IntoIterator<Item = impl Into<String>>) -> AccessExpression {
    any("hasAnyAuthority", names, Rule::AnyAuthority)
}

/// The same for a role: an authority with `ROLE_` before it, whether that is said here or not.
pub fn has_role(name: impl Into<String>) -> AccessExpression {
    made("hasRole", &[name.into()], |names| {
        Rule::AnyAuthority(roles(names))
    })
}

/// One of these roles.
pub fn has_any_role(names: impl IntoIterator<Item = impl Into<String>>) -> AccessExpression {
    any("hasAnyRole", names, |names| {
        Rule::AnyAuthority(roles(names))
    })
}

/// The token carries this scope.
pub fn has_scope(name: impl Into<String>) -> AccessExpression {
    made("#oauth2.hasScope", &[name.into()], Rule::AnyScope)
}

/// The token carries one of these scopes.
pub fn has_any_scope(names: impl IntoIterator<Item = impl Into<String>>) -> AccessExpression {
    any("#oauth2.hasAnyScope", names, Rule::AnyScope)
}

/// The token carries a scope whose whole name this regular expression matches. Fails for what is none, or uses what only
/// Java knows: looking around, and references to what matched before.
pub fn has_scope_matching(pattern: impl Into<String>) -> Result<AccessExpression, ExpressionError> {
    matching("#oauth2.hasScopeMatching", vec![pattern.into()])
}

/// The token carries a scope that one of these regular expressions matches; see [`has_scope_matching`].
pub fn has_any_scope_matching(
    patterns: impl IntoIterator<Item = impl Into<String>>,
) -> Result<AccessExpression, ExpressionError> {
    let patterns: Vec<String> = patterns.into_iter().map(Into::into).collect();
    if patterns.is_empty() {
        return Ok(deny_all());
    }
    matching("#oauth2.hasAnyScopeMatching", patterns)
}

/// The client itself has this authority, to the letter. It is known of tokens without an owner only, as with Spring's
/// JWTs and `check_token`.
pub fn client_has_role(name: impl Into<String>) -> AccessExpression {
    made(
        "#oauth2.clientHasRole",
        &[name.into()],
        Rule::AnyClientAuthority,
    )
}

/// The client itself has one of these authorities; see [`client_has_role`].
pub fn client_has_any_role(names: impl IntoIterator<Item = impl Into<String>>) -> AccessExpression {
    any("#oauth2.clientHasAnyRole", names, Rule::AnyClientAuthority)
}

/// The caller is known by a token.
pub fn is_oauth() -> AccessExpression {
    made("#oauth2.isOAuth", &[], |_| Rule::WithToken)
}

/// The token was given in the name of an owner.
pub fn is_user() -> AccessExpression {
    made("#oauth2.isUser", &[], |_| Rule::WithOwner)
}

/// The client acts for itself.
pub fn is_client() -> AccessExpression {
    made("#oauth2.isClient", &[], |_| Rule::WithoutOwner)
}

/// The caller is not known by a token.
pub fn deny_oauth_client() -> AccessExpression {
    made("#oauth2.denyOAuthClient", &[], |_| {
        Rule::Not(Box::new(Rule::WithToken))
    })
}

impl AccessExpression {
    /// Both rules. The other one is asked only where this one holds.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let part = |rule: &Self| {
            if matches!(rule.rule, Rule::Any(_)) {
                format!("({rule})")
            } else {
                rule.to_string()
            }
        };
        Self {
            written: format!("{} and {}", part(&self), part(&other)),
            rule: Rule::All(vec![self.rule, other.rule]),
        }
    }

    /// One of both rules. The other one is asked only where this one does not hold.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            written: format!("{self} or {other}"),
            rule: Rule::Any(vec![self.rule, other.rule]),
        }
    }
}

/// Whoever the rule does not let go on.
impl Not for AccessExpression {
    type Output = Self;

    fn not(self) -> Self {
        Self {
            written: format!("!({self})"),
            rule: Rule::Not(Box::new(self.rule)),
        }
    }
}

fn made(name: &str, words: &[String], rule: impl FnOnce(Vec<String>) -> Rule) -> AccessExpression {
    AccessExpression {
        written: written(name, words),
        rule: rule(words.to_vec()),
    }
}

/// One of no names nobody has.
fn any(
    name: &str,
    words: impl IntoIterator<Item = impl Into<String>>,
    rule: impl FnOnce(Vec<String>) -> Rule,
) -> AccessExpression {
    let words: Vec<String> = words.into_iter().map(Into::into).collect();
    if words.is_empty() {
        deny_all()
    } else {
        made(name, &words, rule)
    }
}

fn matching(name: &str, words: Vec<String>) -> Result<AccessExpression, ExpressionError> {
    let written = written(name, &words);
    match Rule::call(Call { name, words }) {
        Ok(rule) => Ok(AccessExpression { written, rule }),
        Err(CallError::Words(wanted)) => {
            let wanted = format!("{name} takes {wanted}");
            Err(ExpressionError::at(&written, 0, wanted))
        }
        Err(CallError::Unknown) => Err(ExpressionError::at(&written, 0, "it is not known")),
    }
}

fn written(name: &str, words: &[String]) -> String {
    let quoted = words
        .iter()
        .map(|word| format!("'{}'", word.replace('\'', "''")));
    format!("{name}({})", quoted.collect::<Vec<_>>().join(", "))
}
