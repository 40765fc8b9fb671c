use proptest::prelude::*;

use super::*;
use crate::scope::Scope;

/// What each rule says to nobody, to a client with `ROLE_CLIENT` and to one with `ROLE_TRUSTED_CLIENT`.
const ENDPOINT_RULES: [(&str, [bool; 3]); 17] = [
    ("denyAll()", [false, false, false]),
    ("permitAll()", [true, true, true]),
    ("permitAll", [true, true, true]),
    ("isAuthenticated()", [false, true, true]),
    ("fullyAuthenticated", [false, true, true]),
    ("isAnonymous()", [true, false, false]),
    ("hasAuthority('ROLE_TRUSTED_CLIENT')", [false, false, true]),
    ("hasAuthority('TRUSTED_CLIENT')", [false, false, false]),
    ("hasRole('TRUSTED_CLIENT')", [false, false, true]),
    ("hasRole('ROLE_TRUSTED_CLIENT')", [false, false, true]),
    ("hasAnyRole('X', 'CLIENT')", [false, true, false]),
    (
        "hasAnyAuthority(\"X\",\"ROLE_CLIENT\")",
        [false, true, false],
    ),
    (
        "isAnonymous() || hasAuthority('ROLE_TRUSTED_CLIENT')",
        [true, false, true],
    ),
    (
        "!isAnonymous() and not hasRole('CLIENT')",
        [false, false, true],
    ),
    ("permitAll or denyAll and denyAll", [true, true, true]),
    ("(permitAll OR denyAll) AND denyAll", [false, false, false]),
    (
        "isAuthenticated() && (hasRole('CLIENT') || denyAll)",
        [false, true, false],
    ),
];

fn names(names: &[&str]) -> Vec<String> {
    names.iter().copied().map(str::to_owned).collect()
}

fn allows(rule: &str, caller: &Caller<'_>) -> bool {
    AccessExpression::parse(rule)
        .unwrap()
        .decide(caller)
        .is_allowed
}

#[test]
fn the_rules_of_the_old_endpoints_mean_what_they_meant() {
    let (trusted, other) = (names(&["ROLE_TRUSTED_CLIENT"]), names(&["ROLE_CLIENT"]));
    let callers = [
        Caller::anonymous(),
        Caller::authenticated(&other),
        Caller::authenticated(&trusted),
    ];
    for (rule, decisions) in ENDPOINT_RULES {
        let decided = callers.map(|caller| allows(rule, &caller));
        assert_eq!(decided, decisions, "{rule}");
    }
}

#[test]
fn rules_about_tokens_ask_the_token() {
    let scope = Scope::parse("read photo.write").unwrap();
    let client_authorities = names(&["ROLE_CLIENT"]);
    let authorities = names(&["ROLE_USER"]);
    let by_token = Caller::authenticated(&authorities).with_token(TokenOfCaller {
        scope: &scope,
        has_owner: true,
        client_authorities: &client_authorities,
    });
    let without = Caller::authenticated(&authorities);
    for (rule, by_token_, without_) in [
        ("#oauth2.hasScope('read')", true, false),
        ("#oauth2.hasScope('write')", false, false),
        ("#oauth2.hasAnyScope('write', 'read')", true, false),
        ("#oauth2.hasScopeMatching('photo\\..*')", true, false),
        // The whole name has to match.
        ("#oauth2.hasScopeMatching('photo')", false, false),
        ("#oauth2.hasAnyScopeMatching('x', 'rea.')", true, false),
        ("#oauth2.clientHasRole('ROLE_CLIENT')", true, false),
        // No prefix is added for clients.
        ("#oauth2.clientHasRole('CLIENT')", false, false),
        ("#oauth2.isOAuth()", true, false),
        ("#oauth2.isUser()", true, false),
        ("#oauth2.isClient()", false, false),
        ("#oauth2.denyOAuthClient()", false, true),
        ("#oauth2.hasScope('read') and hasRole('USER')", true, false),
    ] {
        let decided = (allows(rule, &by_token), allows(rule, &without));
        assert_eq!(decided, (by_token_, without_), "{rule}");
    }
}

#[test]
fn scopes_that_were_asked_for_in_vain_are_named_in_their_order() {
    let scope = Scope::parse("read").unwrap();
    let caller = Caller::authenticated(&[]).with_token(TokenOfCaller {
        scope: &scope,
        has_owner: false,
        client_authorities: &[],
    });
    let missing = |rule| {
        let decision = AccessExpression::parse(rule).unwrap().decide(&caller);
        (decision.is_allowed, decision.missing_scopes)
    };
    let rule = "#oauth2.hasAnyScope('write', 'trust') or #oauth2.hasScopeMatching('w.*') or #oauth2.hasScope('trust')";
    assert_eq!(missing(rule), (false, names(&["write", "trust", "w.*"])));
    // `and` asks no further.
    let rule = "#oauth2.hasScope('a') and #oauth2.hasScope('b')";
    assert_eq!(missing(rule), (false, names(&["a"])));
    // Who is let in misses nothing.
    let rule = "#oauth2.hasScope('a') or permitAll";
    assert_eq!(missing(rule), (true, Vec::new()));
    assert_eq!(missing("hasRole('X')"), (false, Vec::new()));
}

/// Rules that throw, what they say to a token for `read`, and the scopes that are missing then.
const THROWN: [(&str, bool, &[&str]); 6] = [
    ("#oauth2.throwOnError(#oauth2.hasScope('read'))", true, &[]),
    (
        "#oauth2.throwOnError(#oauth2.hasScope('x')) or permitAll",
        false,
        &["x"],
    ),
    (
        "!#oauth2.throwOnError(#oauth2.hasScope('x') and denyAll)",
        false,
        &["x"],
    ),
    (
        "#oauth2.hasScope('y') or #oauth2.throwOnError(denyAll)",
        false,
        &["y"],
    ),
    // Nothing of a scope is amiss, so nothing is thrown.
    ("#oauth2.throwOnError(hasRole('X')) or permitAll", true, &[]),
    (
        "#oauth2.throwOnError(permitAll or #oauth2.hasScope('x'))",
        true,
        &[],
    ),
];

#[test]
fn what_is_thrown_is_refused_whatever_stands_around_it() {
    let scope = Scope::parse("read").unwrap();
    let caller = Caller::authenticated(&[]).with_token(TokenOfCaller {
        scope: &scope,
        has_owner: false,
        client_authorities: &[],
    });
    for (rule, is_allowed, missing_scopes) in THROWN {
        let decision = AccessExpression::parse(rule).unwrap().decide(&caller);
        let expected = Decision {
            is_allowed,
            missing_scopes: names(missing_scopes),
        };
        assert_eq!(decision, expected, "{rule}");
    }
}

/// Texts that are no rules, and what is said of each.
const NO_RULES: [(&str, &str); 12] = [
    (
        "",
        "at character 1: a rule should stand here, such as permitAll()",
    ),
    (
        "permitAll denyAll",
        "at character 11: `and`, `or` or the end should follow",
    ),
    (
        "hasRole(USER)",
        "at character 9: a word in quotes should stand here",
    ),
    ("hasRole('a", "at character 9: these quotes are not closed"),
    ("hasRole('a'", "at character 12: a `)` should stand here"),
    (
        "hasRole()",
        "at character 1: hasRole takes one word in quotes",
    ),
    (
        "é permitAll",
        "at character 1: 'é' is no part of an access rule",
    ),
    ("(permitAll", "at character 11: a `)` should stand here"),
    ("permitAll('x')", "at character 1: permitAll takes no words"),
    (
        "#oauth2.throwOnError('x')",
        "at character 22: a rule should stand here, such as permitAll()",
    ),
    (
        "#oauth2.throwOnError",
        "at character 21: a `(` should stand here",
    ),
    (
        "#oauth2.hasScopeMatching('(')",
        "at character 1: #oauth2.hasScopeMatching takes a regular expression in quotes",
    ),
];

#[test]
fn what_is_not_understood_says_where_and_what_could_stand_there() {
    for (rule, error) in NO_RULES {
        let found = AccessExpression::parse(rule).unwrap_err().to_string();
        assert_eq!(found, error, "{rule}");
    }
}

#[test]
fn what_is_not_known_is_told_with_what_is() {
    let unknown = AccessExpression::parse("@bean.may(authentication)").unwrap_err();
    assert!(unknown.to_string().contains("'@' is no part"));
    let unknown = AccessExpression::parse("hasIpAddress('10.0.0.0/8')").unwrap_err();
    assert!(
        unknown
            .to_string()
            .starts_with("at character 1: hasIpAddress is not known; known are permitAll,")
    );
}

#[test]
fn quotes_within_quotes_are_written_twice() {
    let authorities = names(&["it's"]);
    assert!(allows(
        "hasAuthority('it''s')",
        &Caller::authenticated(&authorities)
    ));
}

#[test]
fn a_rule_has_a_length_and_a_depth() {
    let deep = format!("{}permitAll{}", "(".repeat(40), ")".repeat(40));
    let long = "permitAll or ".repeat(400) + "permitAll";
    let nots = "!".repeat(4000) + "permitAll";
    let thrown = format!(
        "{}permitAll{}",
        "#oauth2.throwOnError(".repeat(40),
        ")".repeat(40)
    );
    for rule in [deep, long, nots, thrown] {
        let refused = AccessExpression::parse(&rule).unwrap_err();
        assert_eq!(refused, ExpressionError::TooComplex);
    }
}

#[test]
fn a_pattern_that_is_none_is_refused_and_one_of_nothing_is_nobody() {
    let refused = has_scope_matching("(").unwrap_err().to_string();
    let expected = "#oauth2.hasScopeMatching takes a regular expression in quotes";
    assert_eq!(refused, format!("at character 1: {expected}"));
    let nothing: [&str; 0] = [];
    for rule in [
        has_any_scope(nothing),
        has_any_scope_matching(nothing).unwrap(),
        has_any_role(nothing),
    ] {
        assert_eq!(rule.to_string(), "denyAll()");
        assert!(!rule.decide(&Caller::anonymous()).is_allowed);
    }
}

/// Rules of every kind, put together by the functions.
fn rules() -> impl Strategy<Value = AccessExpression> {
    let name = || prop::sample::select(vec!["a", "b.c", "ROLE_X", "it's", "a,b"]);
    let some = || prop::collection::vec(name(), 1..3);
    let leaf = prop_oneof![
        Just(permit_all()),
        Just(deny_all()),
        Just(is_anonymous()),
        Just(is_authenticated()),
        Just(is_oauth()),
        Just(is_user()),
        Just(is_client()),
        Just(deny_oauth_client()),
        name().prop_map(has_role),
        name().prop_map(has_authority),
        name().prop_map(has_scope),
        name().prop_map(client_has_role),
        some().prop_map(has_any_role),
        some().prop_map(has_any_authority),
        some().prop_map(has_any_scope),
        some().prop_map(client_has_any_role),
        some().prop_map(|names| has_any_scope_matching(names).unwrap()),
    ];
    leaf.prop_recursive(4, 16, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(one, other)| one.and(other)),
            (inner.clone(), inner.clone()).prop_map(|(one, other)| one.or(other)),
            inner.prop_map(|rule| !rule),
        ]
    })
}

proptest! {
    /// What a program writes in Rust and what it prints are one rule.
    #[test]
    fn a_rule_reads_as_it_was_put_together(
        rule in rules(),
        scope in prop::sample::select(vec!["", "a", "b.c it's"]),
        has_owner in any::<bool>(),
    ) {
        let read = AccessExpression::parse(&rule.to_string()).unwrap();
        let scope = Scope::parse(scope).unwrap();
        let authorities = names(&["ROLE_X", "a"]);
        let by_token = Caller::authenticated(&authorities).with_token(TokenOfCaller {
            scope: &scope,
            has_owner,
            client_authorities: &authorities,
        });
        for caller in [Caller::anonymous(), Caller::authenticated(&authorities), by_token] {
            prop_assert_eq!(read.decide(&caller), rule.decide(&caller), "{}", rule);
        }
    }

    #[test]
    fn no_text_does_harm(text in "[a-zA-Z#.(),'\"!&| é]{0,60}") {
        if let Ok(rule) = AccessExpression::parse(&text) {
            rule.decide(&Caller::anonymous());
        }
    }
}
