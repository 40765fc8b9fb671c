//! Clients that developers register by themselves.

use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::sync::Arc;

use symbolon::identifiers::ClientId;
use symbolon::random::{Random, SystemRandom};
use symbolon::secret::Secret;
use symbolon::token::GrantType;
use symbolon_auth_server::clients::self_registration::{
    NewClient, Registration, RegistrationAccess, RegistrationApi, RegistrationPolicy,
    SelfRegistration, SelfRegistrationError, WishField, WishProblem, Wishes,
};
use symbolon_auth_server::passwords::PasswordHash;
use symbolon_auth_server::records::{ClientRegistration, Profile};

use crate::bench::{Bench, defaults};
use crate::samples::scope;

const OVERLAP_SECS: u64 = 600;

fn policy() -> RegistrationPolicy {
    RegistrationPolicy {
        grant_types: BTreeSet::from([GrantType::AuthorizationCode, GrantType::RefreshToken]),
        scope: scope("read print"),
        resource_ids: vec!["photos".to_owned()],
        approval_required: false,
        most_per_owner: 3,
        secret_overlap_secs: OVERLAP_SECS,
    }
}

fn registration(bench: &Bench, policy: RegistrationPolicy) -> SelfRegistration {
    SelfRegistration {
        registrar: bench.stores.clients.clone(),
        clients: bench.rooms().clients,
        access: Arc::new(RegistrationAccess::new(
            true,
            RegistrationApi::Off,
            Vec::new(),
            NonZeroU32::MIN,
            bench.clock.clone(),
        )),
        policy: Arc::new(policy),
        defaults: Arc::new(defaults()),
        clock: bench.clock.clone(),
        random: Arc::new(SystemRandom),
    }
}

fn calendar() -> Wishes {
    Wishes {
        client_name: "Calendar".to_owned(),
        redirect_uris: vec!["https://calendar.example/callback".to_owned()],
        grant_types: BTreeSet::from([GrantType::AuthorizationCode]),
        scope: scope("read"),
        ..Wishes::default()
    }
}

fn opens(hash: &Secret, secret: &Secret) -> bool {
    let hash = PasswordHash::read(hash.expose(), None).unwrap();
    hash.matches(secret)
}

/// A form that was not sent before.
fn form() -> Secret {
    let random: &dyn Random = &SystemRandom;
    Secret::new(random.text::<16>())
}

async fn registered_as(rules: &SelfRegistration, owner: &str, wishes: &Wishes) -> NewClient {
    match rules.register_for(owner, &form(), wishes).await.unwrap() {
        Registration::New(new) => new,
        Registration::Before(client) => panic!("{client:?} was there"),
    }
}

async fn registered(rules: &SelfRegistration, owner: &str) -> NewClient {
    registered_as(rules, owner, &calendar()).await
}

async fn kept(rules: &SelfRegistration, owner: &str, id: &ClientId) -> Option<ClientRegistration> {
    rules.find_of(owner, id).await.unwrap()
}

#[tokio::test]
async fn what_is_registered_is_kept_and_its_secret_is_not() {
    let bench = Bench::new().await;
    let rules = registration(&bench, policy());
    let new = registered(&rules, "alice").await;
    let (client, secret) = (&new.registration, new.secret.as_ref().unwrap());
    assert_eq!(client.resource_ids, ["photos"]);
    assert_eq!(client.profile, Some(Profile::Standard));
    let by = client.registered.as_ref().unwrap();
    assert_eq!((by.by.as_deref(), by.at), (Some("alice"), bench.now()));
    assert!(opens(client.client_secret.as_ref().unwrap(), secret));
    let found = kept(&rules, "alice", &client.client_id).await.unwrap();
    assert_eq!(found, *client);
    let written = serde_json::to_string(&found).unwrap();
    assert!(!written.contains(secret.expose()));
    // Nobody else has it.
    assert_eq!(kept(&rules, "bob", &client.client_id).await, None);
}

#[tokio::test]
async fn what_a_new_client_needs_is_known_before_the_next_survey() {
    let bench = Bench::new().await;
    let rules = registration(&bench, policy());
    let wishes = Wishes {
        is_public: true,
        redirect_uris: vec!["https://new.example/spa".to_owned()],
        ..calendar()
    };
    registered_as(&rules, "alice", &wishes).await;
    let facts = rules.clients.facts();
    assert!(facts.script_origins.contains("https://new.example"));
}

#[tokio::test]
async fn a_form_that_comes_twice_registers_one_client() {
    let bench = Bench::new().await;
    let rules = registration(&bench, policy());
    let form = form();
    let first = rules.register_for("alice", &form, &calendar()).await;
    let Registration::New(first) = first.unwrap() else {
        panic!("it is new");
    };
    let again = rules.register_for("alice", &form, &calendar()).await;
    let Registration::Before(before) = again.unwrap() else {
        panic!("it was there");
    };
    assert_eq!(before, first.registration);
    // The same form of somebody else is another.
    let other = rules.register_for("bob", &form, &calendar()).await;
    assert!(matches!(other.unwrap(), Registration::New(_)));
}

#[tokio::test]
async fn an_owner_has_so_many_clients_and_no_more() {
    let bench = Bench::new().await;
    let rules = registration(&bench, policy());
    for _ in 0..3 {
        registered(&rules, "alice").await;
    }
    let one_more = rules.register_for("alice", &form(), &calendar()).await;
    let error = one_more.unwrap_err();
    assert!(
        matches!(error, SelfRegistrationError::TooMany(3)),
        "{error}"
    );
    let new = registered(&rules, "bob").await;
    assert!(rules.remove(&new.registration).await.unwrap());
    assert_eq!(rules.list_of("alice", None, 10).await.unwrap().len(), 3);
    assert!(rules.list_of("bob", None, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn replaced_secrets_overlap_to_their_ends() {
    let bench = Bench::new().await;
    let rules = registration(&bench, policy());
    let first = registered(&rules, "alice").await;
    let second = rules
        .rotate_secret(&first.registration, None)
        .await
        .unwrap();
    let [retiring] = second.registration.retiring_secrets.as_slice() else {
        panic!("one retires")
    };
    assert_eq!(retiring.until, bench.now().plus_secs(OVERLAP_SECS));
    assert!(opens(&retiring.hash, first.secret.as_ref().unwrap()));
    // Sent twice: the one that is in use stays good as long as was said.
    let mut last = rules
        .rotate_secret(&second.registration, None)
        .await
        .unwrap();
    let [one, two] = last.registration.retiring_secrets.as_slice() else {
        panic!("two retire")
    };
    assert!(opens(&one.hash, first.secret.as_ref().unwrap()));
    assert!(opens(&two.hash, second.secret.as_ref().unwrap()));
    for _ in 0..5 {
        last = rules.rotate_secret(&last.registration, None).await.unwrap();
    }
    assert_eq!(last.registration.retiring_secrets.len(), 4);
    let kept = &last.registration.retiring_secrets[0];
    assert!(opens(&kept.hash, first.secret.as_ref().unwrap()));
    bench.clock.advance_secs(OVERLAP_SECS);
    last = rules.rotate_secret(&last.registration, None).await.unwrap();
    assert_eq!(last.registration.retiring_secrets.len(), 1);
    // What is changed by two at once is changed by one.
    let error = rules
        .rotate_secret(&second.registration, None)
        .await
        .unwrap_err();
    assert!(matches!(error, SelfRegistrationError::ChangedMeanwhile));
}

#[tokio::test]
async fn a_client_without_a_secret_has_none_to_replace_and_gets_none() {
    let bench = Bench::new().await;
    let rules = registration(&bench, policy());
    let public = Wishes {
        is_public: true,
        ..calendar()
    };
    let new = registered_as(&rules, "alice", &public).await;
    assert!(new.secret.is_none());
    let error = rules
        .rotate_secret(&new.registration, None)
        .await
        .unwrap_err();
    assert!(matches!(error, SelfRegistrationError::NoSecret));
    let updated = rules.update(&new.registration, &calendar()).await.unwrap();
    assert_eq!(updated.client_secret, None);
}

/// What the calendar may become, and whether an administrator has to see it.
fn changes() -> [(Wishes, bool); 4] {
    let wider = Wishes {
        scope: scope("read print"),
        ..calendar()
    };
    let renamed = Wishes {
        client_name: "Bank".to_owned(),
        ..calendar()
    };
    let elsewhere = Wishes {
        redirect_uris: vec!["https://evil.example/".to_owned()],
        ..calendar()
    };
    let reachable = Wishes {
        contacts: vec!["dev@calendar.example".to_owned()],
        ..calendar()
    };
    [
        (wider, true),
        (renamed, true),
        (elsewhere, true),
        (reachable, false),
    ]
}

#[tokio::test]
async fn whoever_shows_another_face_or_wants_more_is_let_in_anew() {
    let bench = Bench::new().await;
    let careful = RegistrationPolicy {
        approval_required: true,
        ..policy()
    };
    let rules = registration(&bench, careful);
    let clients = &bench.stores.clients;
    let new = registered(&rules, "alice").await.registration;
    assert!(new.awaits_approval);
    let mut approved = new.clone();
    approved.awaits_approval = false;
    assert!(clients.replace_client(&new, &approved).await.unwrap());
    for (wishes, awaits) in changes() {
        let updated = rules.update(&approved, &wishes).await.unwrap();
        assert_eq!(updated.awaits_approval, awaits, "{wishes:?}");
        assert!(clients.replace_client(&updated, &approved).await.unwrap());
    }
}

#[tokio::test]
async fn all_that_is_wrong_is_told_at_once_and_where() {
    let bench = Bench::new().await;
    let rules = registration(&bench, policy());
    let wishes = Wishes {
        client_name: " ".to_owned(),
        redirect_uris: vec!["http://a.example/".to_owned(), "myapp:/".to_owned()],
        grant_types: BTreeSet::from([GrantType::Password]),
        scope: scope("read delete"),
        logo_uri: Some("javascript:alert(1)".to_owned()),
        ..Wishes::default()
    };
    let refused = rules.register_for("alice", &form(), &wishes).await;
    let Err(SelfRegistrationError::Faults(faults)) = refused else {
        panic!("it is refused");
    };
    let fields: Vec<WishField> = faults.iter().map(|fault| fault.field).collect();
    let expected = [
        WishField::Name,
        WishField::RedirectUris,
        WishField::RedirectUris,
        WishField::LogoUri,
        WishField::GrantTypes,
        WishField::Scope,
    ];
    assert_eq!(fields, expected);
    assert_eq!(faults[5].what, WishProblem::Scope("delete".to_owned()));
    assert!(rules.list_of("alice", None, 10).await.unwrap().is_empty());
}
