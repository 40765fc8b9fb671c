//! The owner's decision as the approval page's form sends it, with the names of Spring's built-in page:
//! `user_oauth_approval`, and one `scope.NAME` per scope.

use std::collections::BTreeSet;

use symbolon::parameters::Parameters;
use symbolon::scope::Scope;

use crate::records::PendingId;

/// The parameter whose presence makes a form a decision.
const DECISION: &str = "user_oauth_approval";
const SCOPE_PREFIX: &str = "scope.";

/// What a form decides. Nothing else that it says counts: what is decided on is what was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Which request is decided on.
    pub about: DecisionAbout,
    /// Whether everything is denied, whatever is chosen for a scope.
    pub denies_all: bool,
    /// Whether everything is approved, where there is one question.
    pub approves_all: bool,
    /// Names of the scopes that are approved.
    pub approved: BTreeSet<String>,
}

/// Which request a decision is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecisionAbout {
    /// The one of this name.
    Named(PendingId),
    /// One whose name cannot be.
    Nonsense,
    /// Scripts that drive the old server name none: then it is the only one that waits.
    TheOnlyOne,
    /// The same where a session has one request, as at a Spring server: the last one, though it was answered.
    TheLast,
}

impl Decision {
    /// Whether a form decides at all.
    pub fn is_in(form: &Parameters) -> bool {
        form.contains(DECISION)
    }

    /// The same where there is one question about all of `scope`: yes, or no.
    #[must_use]
    pub fn at_once(self, scope: &Scope) -> Self {
        let all = scope.names().filter(|_| self.approves_all);
        Self {
            approved: all.map(str::to_owned).collect(),
            denies_all: !self.approves_all,
            ..self
        }
    }

    /// Takes the decision out of a form. Spring's reading: `true`, or a word that begins with `approve`,
    /// is a yes.
    pub fn decode(form: &mut Parameters) -> Self {
        let decided = form.take(DECISION);
        let approved = form.iter().filter_map(|(name, word)| {
            let word = word.to_ascii_lowercase();
            let scope = name.strip_prefix(SCOPE_PREFIX)?;
            (word == "true" || word.starts_with("approve")).then(|| scope.to_owned())
        });
        let approved = approved.collect();
        let about = match form.take("authorization").as_deref().map(PendingId::parse) {
            Some(Some(id)) => DecisionAbout::Named(id),
            Some(None) => DecisionAbout::Nonsense,
            None => DecisionAbout::TheOnlyOne,
        };
        let is = |expected: &str| {
            let decided = decided.as_deref();
            decided.is_some_and(|word| word.eq_ignore_ascii_case(expected))
        };
        Self {
            about,
            denies_all: is("false"),
            approves_all: is("true"),
            approved,
        }
    }
}
