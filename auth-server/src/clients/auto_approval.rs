//! What owners are not asked about.

use symbolon::scope::Scope;
use symbolon::scope_pattern::ScopePattern;

/// Spring's word for everything.
const EVERYTHING: &str = "true";

/// What owners are not asked about: scopes by name and, where Spring's habit is on, by what means them.
#[derive(Clone, Debug, Default)]
pub struct AutoApproval {
    names: Scope,
    patterns: Vec<ScopePattern>,
    everything: bool,
}

impl AutoApproval {
    /// What is written in a registration. With `as_patterns` each entry is a regular expression besides, and `true` is
    /// everything; one that is none means the scope of its name only.
    pub fn new(written: Scope, as_patterns: bool) -> Self {
        let meant = || written.names().filter(|_| as_patterns);
        let patterns = meant().filter_map(ScopePattern::parse).collect();
        let everything = meant().any(|entry| entry == EVERYTHING);
        Self {
            names: written,
            patterns,
            everything,
        }
    }

    /// Whether owners are not asked about this scope.
    pub fn covers(&self, name: &str) -> bool {
        self.everything
            || self.names.contains(name)
            || self.patterns.iter().any(|pattern| pattern.matches(name))
    }

    /// The entries that mean none of these scopes.
    pub fn without_meaning(&self, scope: &Scope) -> Vec<&str> {
        let is_pattern_of_some = |entry: &str| {
            let mut patterns = self.patterns.iter();
            let pattern = patterns.find(|pattern| pattern.as_str() == entry);
            pattern.is_some_and(|pattern| scope.names().any(|name| pattern.matches(name)))
        };
        let is_everything = |entry: &str| self.everything && entry == EVERYTHING;
        let means_something = |entry: &str| {
            scope.contains(entry) || is_everything(entry) || is_pattern_of_some(entry)
        };
        self.names
            .names()
            .filter(|entry| !means_something(entry))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str, as_patterns: bool) -> AutoApproval {
        AutoApproval::new(Scope::parse(text).unwrap(), as_patterns)
    }

    #[test]
    fn a_name_means_itself_and_a_pattern_what_it_matches() {
        let patterns = written("photo[.].* profile c(", true);
        for (name, expected) in [
            ("photo.read", true),
            ("photo", false),
            ("profile", true),
            ("profiles", false),
            ("c(", true),
        ] {
            assert_eq!(patterns.covers(name), expected, "{name}");
        }
        assert!(!written("photo[.].*", false).covers("photo.read"));
    }

    #[test]
    fn true_means_everything_where_patterns_do() {
        assert!(written("true", true).covers("photo.read"));
        assert!(!written("true", false).covers("photo.read"));
    }

    #[test]
    fn what_means_nothing_is_told() {
        let scope = Scope::parse("photo.read profile").unwrap();
        let patterns = written("photo[.].* true nothing.* profile", true);
        assert_eq!(patterns.without_meaning(&scope), ["nothing.*"]);
        let names = written("true profile", false);
        assert_eq!(names.without_meaning(&scope), ["true"]);
    }
}
