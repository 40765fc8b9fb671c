//! The access rules of Spring Security as they stand in the configuration of Spring servers: `permitAll()`,
//! `hasAuthority('ROLE_TRUSTED_CLIENT')`, `#oauth2.hasScope('read') and hasRole('USER')`.
//!
//! It is the part of Spring's expression language that rules are made of, and nothing more of it: calls of the methods
//! below, `and`, `or`, `not` and parentheses. Nothing that an expression says is run.
//!
//! A program that writes its rules in Rust puts the same together from the functions of this module.
//!
//! ```
//! use symbolon::access_expression::{AccessExpression, Caller};
//!
//! let rule = AccessExpression::parse("isAnonymous() || hasAuthority('ROLE_TRUSTED_CLIENT')")?;
//! let trusted = ["ROLE_TRUSTED_CLIENT".to_owned()];
//! assert!(rule.decide(&Caller::anonymous()).is_allowed);
//! assert!(rule.decide(&Caller::authenticated(&trusted)).is_allowed);
//! assert!(!rule.decide(&Caller::authenticated(&[])).is_allowed);
//!
//! use symbolon::access_expression::{has_authority, is_anonymous};
//!
//! let same = is_anonymous().or(has_authority("ROLE_TRUSTED_CLIENT"));
//! assert_eq!(same.to_string(), "isAnonymous() or hasAuthority('ROLE_TRUSTED_CLIENT')");
//! # Ok::<(), symbolon::access_expression::ExpressionError>(())
//! ```

use std::fmt;

mod decision;
mod made;
mod parser;
mod rule;
mod words;

pub use decision::{Caller, Decision, TokenOfCaller};
pub use made::{
    client_has_any_role, client_has_role, deny_all, deny_oauth_client, has_any_authority,
    has_any_role, has_any_scope, has_any_scope_matching, has_authority, has_role, has_scope,
    has_scope_matching, is_anonymous, is_authenticated, is_client, is_oauth, is_user, permit_all,
};
pub use rule::ExpressionError;

use rule::Rule;

/// An access rule.
#[derive(Clone)]
pub struct AccessExpression {
    written: String,
    rule: Rule,
}

impl AccessExpression {
    /// Reads a rule. The error says where it is not understood, and what could stand there.
    pub fn parse(written: &str) -> Result<Self, ExpressionError> {
        Ok(Self {
            written: written.to_owned(),
            rule: parser::parse(written)?,
        })
    }

    /// Whether this caller may go on.
    pub fn decide(&self, caller: &Caller<'_>) -> Decision {
        let mut decision = Decision::default();
        let held = self.rule.holds(caller, &mut decision.missing_scopes);
        decision.is_allowed = held.unwrap_or(false);
        if decision.is_allowed {
            decision.missing_scopes.clear();
        }
        decision
    }
}

impl fmt::Debug for AccessExpression {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "AccessExpression({})", self.written)
    }
}

impl fmt::Display for AccessExpression {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.written)
    }
}

#[cfg(test)]
mod tests;
