use super::*;

/// A row in which these columns have a text, and the others nothing.
fn row(texts: &[(&str, &str)]) -> Row {
    let cell = |column: &&str| {
        let said = texts.iter().find(|(name, _)| name == column);
        said.map_or(Cell::Nothing, |(_, text)| Cell::Text((*text).to_owned()))
    };
    CLIENT_COLUMNS.iter().map(cell).collect()
}

fn client(texts: &[(&str, &str)]) -> ClientRegistration {
    let mut said = vec![
        ("client_id", "shop"),
        ("web_server_redirect_uri", "https://a/b"),
    ];
    said.extend(texts);
    read(row(&said), &[], &mut Vec::new()).unwrap()
}

fn refusal(texts: &[(&str, &str)]) -> String {
    read(row(texts), &[], &mut Vec::new())
        .unwrap_err()
        .to_string()
}

#[test]
fn a_row_without_a_name_is_nobodys() {
    let refused = read(row(&[]), &[], &mut Vec::new()).unwrap_err();
    assert_eq!(refused.to_string(), "`client_id` is NULL; accepted: a name");
}

#[test]
fn no_grants_written_down_are_the_code_and_the_refresh_token() {
    let usual = [GrantType::AuthorizationCode, GrantType::RefreshToken];
    assert_eq!(client(&[]).grant_types, usual);
    assert_eq!(
        client(&[("authorized_grant_types", " ")]).grant_types,
        usual
    );
    let ours = r#"{"symbolon":{"grant_types":[]}}"#;
    assert_eq!(client(&[("additional_information", ours)]).grant_types, []);
}

#[test]
fn lists_are_separated_by_commas_and_not_trimmed() {
    let read = client(&[
        ("resource_ids", "a, b"),
        ("authorities", "ROLE_A,ROLE B"),
        ("scope", "read, write,,x"),
        ("authorized_grant_types", "password, refresh_token,custom"),
    ]);
    assert_eq!(read.resource_ids, ["a", " b"]);
    assert_eq!(read.authorities, ["ROLE_A", "ROLE B"]);
    assert_eq!(read.scope.to_string(), "read x");
    assert_eq!(read.grant_types, [GrantType::Password]);
}

#[test]
fn a_grant_that_was_added_is_known_in_a_table_too() {
    let custom = GrantType::parse("custom").unwrap();
    let texts = [
        ("client_id", "shop"),
        ("authorized_grant_types", "custom,other"),
    ];
    let registration = read(row(&texts), &[custom], &mut Vec::new()).unwrap();
    assert_eq!(registration.grant_types, [custom]);
}

#[test]
fn a_list_of_which_nothing_can_be_read_is_never_taken_for_an_empty_one() {
    for (column, text) in [
        ("authorized_grant_types", "custom,urn:other"),
        ("scope", " read"),
    ] {
        let error = refusal(&[("client_id", "shop"), (column, text)]);
        assert!(error.starts_with(&format!("`{column}`")), "{error}");
    }
}

#[test]
fn a_grant_that_redirects_needs_a_place_to_redirect_to() {
    let of = |grants: &str| {
        let said = [("client_id", "shop"), ("authorized_grant_types", grants)];
        read(row(&said), &[], &mut Vec::new()).unwrap().grant_types
    };
    assert_eq!(
        of("authorization_code,client_credentials"),
        [GrantType::ClientCredentials]
    );
    assert_eq!(of("implicit"), [GrantType::RefreshToken]);
}

#[test]
fn a_scope_is_approved_by_an_entry_that_matches_all_of_it_or_by_true() {
    let approved = |entries: &str| {
        let said = [("scope", "read,write,read.all"), ("autoapprove", entries)];
        client(&said).auto_approve.to_string()
    };
    for (entries, expected) in [
        ("true", "read write read.all"),
        ("read", "read"),
        ("read.*", "read read.all"),
        ("rea", ""),
        ("x,true", "read write read.all"),
        ("false", ""),
        ("(", ""),
        ("(,write", "write"),
        ("read|write", "read write"),
    ] {
        let (mut found, mut wanted): (Vec<_>, Vec<_>) = (
            approved(entries).split(' ').map(str::to_owned).collect(),
            expected.split(' ').map(str::to_owned).collect(),
        );
        found.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(found, wanted, "{entries}");
    }
}

#[test]
fn a_validity_is_seconds_the_default_or_without_an_end() {
    for (text, expected) in [
        ("60", 60),
        ("0", 0),
        ("-1", 0),
        ("2147483647", LONGEST_LIFE_SECS),
    ] {
        let read = client(&[("access_token_validity", text)]);
        assert_eq!(read.access_token_ttl_secs, Some(expected), "{text}");
        assert_eq!(read.refresh_token_ttl_secs, None);
    }
    let error = refusal(&[("client_id", "shop"), ("access_token_validity", "soon")]);
    assert!(
        error.contains("`access_token_validity` is no number"),
        "{error}"
    );
}

#[test]
fn additional_information_that_is_no_json_says_nothing_unless_it_names_us() {
    for text in ["team=a", "[1]", "\"a\"", "{\"team\":\"a\"}", ""] {
        let read = client(&[("additional_information", text)]);
        assert_eq!((read.client_name.as_str(), read.disabled), ("shop", false));
    }
    let read = client(&[(
        "additional_information",
        r#"{"symbolon":{"client_name":"Shop","disabled":true}}"#,
    )]);
    assert_eq!((read.client_name.as_str(), read.disabled), ("Shop", true));
    for text in [
        r#"{"symbolon":{"disabled":true}"#,
        r#"{"symbolon":true}"#,
        r#"{"symbolon":{"later":true}}"#,
        r#"{"symbolon":{"client_secret":"s3cret"}}"#,
    ] {
        let error = refusal(&[("client_id", "shop"), ("additional_information", text)]);
        assert!(error.starts_with("`additional_information`"), "{error}");
        assert!(!error.contains("s3cret"), "{error}");
    }
}

#[test]
fn an_empty_secret_is_none() {
    assert!(client(&[]).client_secret.is_none());
    assert!(client(&[("client_secret", "")]).client_secret.is_none());
    assert!(
        client(&[("client_secret", "{noop}a")])
            .client_secret
            .is_some()
    );
}
