//! Rules on commands and their answers.

use symbolon::clock::Timestamp;
use symbolon::random::SystemRandom;
use symbolon::scope::Scope;
use symbolon::secret::Secret;
use symbolon::token::GrantType;

use super::*;
use crate::administration::NewApplication;
use crate::audit::AuditKind;
use crate::journal::JournalFilter;
use crate::passwords::hash_generated_secret;
use crate::records::{EmailAddress, Given, GrantId, Habit};

fn grant(client_id: &str, owner: Option<&str>) -> GivenGrant {
    GivenGrant {
        grant_id: GrantId::mint(&SystemRandom),
        owner: owner.map(str::to_owned),
        given: Given {
            client_id: ClientId::new(client_id),
            grant_type: GrantType::Password,
            scope: Scope::parse("read write").unwrap(),
            code_expires_at: None,
            given_at: Some(Timestamp::from_secs(3)),
            issued_at: None,
        },
        expires_at: Timestamp::from_secs(7),
    }
}

fn described() -> NewApplication {
    let words = |text: &str| vec![text.to_owned(), "&name=x 小明".to_owned()];
    NewApplication {
        client_name: "Tom & Jerry = 2".to_owned(),
        redirect_uris: words("https://a.example/?b=c&d"),
        grant_types: [GrantType::AuthorizationCode, GrantType::Password].into(),
        scope: Scope::parse("read write").unwrap(),
        client_uri: Some("https://a.example".to_owned()),
        logo_uri: Some("https://a.example/?l&o".to_owned()),
        policy_uri: Some("https://a.example/p".to_owned()),
        tos_uri: Some("https://a.example/t".to_owned()),
        contacts: words("a@a.example"),
        secret: Some(hash_generated_secret(&Secret::new("s"))),
        resource_ids: words("photo space"),
        authorities: words("ROLE_CLIENT"),
    }
}

#[test]
fn each_grant_is_a_line_of_words_whatever_names_hold() {
    for (client_id, owner, words) in [
        ("shop", Some("小明"), "shop  小明"),
        ("shop", None, "shop  -"),
        ("-", Some("-"), "\"-\"  \"-\""),
        ("a  b\n", Some(""), "a\\u{20}\\u{20}b\\n  \"\""),
    ] {
        let line = grant_line(&grant(client_id, owner));
        let (_, line) = line.split_once("  ").unwrap();
        assert_eq!(line, format!("{words}  password  3  -  7  read write"));
    }
}

#[test]
fn of_many_grants_some_are_shown_and_all_are_counted() {
    let mut listing = Listing::default();
    for _ in 0..3 {
        listing.add(&vec![grant("shop", None); 400]);
    }
    let text = listing.into_text();
    assert_eq!(text.lines().count(), MOST_SHOWN + 1);
    assert!(text.ends_with("\ngrants: 1200, of which 1000 are shown"));
}

/// Commands that say everything that one can say.
#[allow(clippy::too_many_lines, reason = "a list")]
fn commands() -> Vec<OperatorCommand> {
    let of = |owner: &str, client: Option<&str>| AccessOf::Owner {
        name: owner.to_owned(),
        client_id: client.map(ClientId::new),
    };
    let client = AccessOf::Client(ClientId::new("a b&owner=c"));
    let all_of_it = JournalFilter {
        kind: Some(AuditKind::Refused),
        since: Some(Timestamp::from_secs(1_784_111_777)),
        until: Some(Timestamp::from_secs(1_784_111_778)),
        event: Some("token_refused".to_owned()),
        client_id: Some("a b&owner=c".to_owned()),
        owner: Some("小明 + 小红".to_owned()),
        request_id: Some("x\r\ny".to_owned()),
        grant_id: Some("g".to_owned()),
        address: Some("2001:db8::1".to_owned()),
    };
    vec![
        OperatorCommand::ListKeys,
        OperatorCommand::RotateKeys,
        OperatorCommand::Reload,
        OperatorCommand::Habits(HabitCommand::List(Some(Habit::CheckToken))),
        OperatorCommand::ListAccess(of("xiaoming", None)),
        OperatorCommand::ListAccess(client),
        OperatorCommand::EndAccess(AccessOf::Grant(GrantId::mint(&SystemRandom))),
        OperatorCommand::Owners(OwnerCommand::RemoveSecondFactor("a&b=c 小明".to_owned())),
        OperatorCommand::Owners(OwnerCommand::SetEmail {
            name: "a&b=c 小明".to_owned(),
            email: EmailAddress::parse("a+b&c=d@example.org"),
        }),
        OperatorCommand::Owners(OwnerCommand::Invite {
            name: "wang".to_owned(),
            password: "{noop}a&b=c".parse().unwrap(),
        }),
        OperatorCommand::Owners(OwnerCommand::Add {
            name: "wang".to_owned(),
            password: "{noop}a&b=c".parse().unwrap(),
            invited: true,
            authorities: vec!["ROLE_USER".to_owned()],
            email: EmailAddress::parse("wang@example.org"),
        }),
        OperatorCommand::Owners(OwnerCommand::SetEmail {
            name: "wang".to_owned(),
            email: None,
        }),
        OperatorCommand::Applications(ApplicationCommand::Add(Box::new(described()))),
        OperatorCommand::Applications(ApplicationCommand::Add(Box::new(NewApplication {
            secret: None,
            ..described()
        }))),
        OperatorCommand::Applications(ApplicationCommand::RotateSecret {
            client_id: ClientId::new("a b&secret=c"),
            secret: hash_generated_secret(&Secret::new("s")),
        }),
        OperatorCommand::Journal(JournalCommand::Explain("a\nb&request=c".to_owned())),
        OperatorCommand::Journal(JournalCommand::Search(all_of_it.clone())),
        OperatorCommand::Journal(JournalCommand::Export(all_of_it)),
        OperatorCommand::EndAccess(of("xiao ming?&client=a\n\r%20+小明", Some("a b&owner=c"))),
    ]
}

#[test]
fn a_command_is_read_as_it_was_written_whatever_names_hold() {
    for command in commands() {
        let line = command.to_line();
        assert!(!line.contains(['\n', '\r']), "{line:?}");
        assert_eq!(OperatorCommand::parse(&format!("{line}\n")), Some(command));
    }
    for nonsense in [
        "",
        "keys",
        "access end",
        "access end?other=a",
        "access end?grant=x",
        "reload now",
        "habits list?habit=other",
    ] {
        assert_eq!(OperatorCommand::parse(nonsense), None, "{nonsense}");
    }
}
