//! Access ends with the account: whoever is removed, locked, or has another password opens nothing any more,
//! in any place that asks.

use std::collections::BTreeSet;
use std::sync::Arc;

use symbolon::client_authentication::{ClientPassword, PresentedCredentials};
use symbolon::identifiers::ClientId;
use symbolon::secret::Secret;
use symbolon::token::TokenRequest;
use symbolon_auth_server::authorization::{AuthorizationError, Step};
use symbolon_auth_server::grants::TokenError;
use symbolon_auth_server::records::{ClientRegistration, OwnerRegistration, TokenFormat};
use symbolon_auth_server::resource_owners::sign_in::SignInError;
use symbolon_auth_server::sessions::BrowserSession;
use symbolon_auth_server::stores::StoreObserver;
use symbolon_auth_server::tokens::check::CheckError;
use symbolon_auth_server::tokens::end::AccessOf;
use symbolon_auth_server::tokens::revoke::Revocation;

use crate::bench::{Bench, Plan};
use crate::ports::Count;
use crate::rooms::{ADDRESS, Rooms, STRANGER, yes_to};
use crate::samples::{
    OTHER_SHOP, PASSWORD, SHOP, alice, asks, bob, by_code, by_password, confidential, other_shop,
    owner, secret_of, shop,
};

/// All that alice gave to the shop.
struct Given {
    opaque: Secret,
    jwt: Secret,
    refresh_token: Secret,
    code: Secret,
    session: BrowserSession,
    /// In which the shop waits for her decision.
    undecided: BrowserSession,
}

fn with_jwts() -> ClientRegistration {
    ClientRegistration {
        token_format: Some(TokenFormat::Jwt),
        ..other_shop()
    }
}

async fn bench() -> Bench {
    Bench::of([shop(), with_jwts()]).await
}

async fn given(rooms: &Rooms) -> Given {
    let tokens = rooms.tokens(SHOP).await.response;
    let undecided = rooms.browser_of("alice").await;
    rooms.question(&undecided, asks(SHOP)).await;
    Given {
        opaque: tokens.access_token,
        refresh_token: tokens.refresh_token.unwrap(),
        jwt: rooms.tokens(OTHER_SHOP).await.response.access_token,
        code: rooms.code(asks(SHOP)).await,
        session: rooms.browser_of("alice").await,
        undecided,
    }
}

/// What still opens something, by name.
async fn opens(rooms: &Rooms, given: &Given) -> Vec<&'static str> {
    let mut good = Vec::new();
    for (name, token) in [("opaque", &given.opaque), ("jwt", &given.jwt)] {
        if rooms.checker.access_token(token).await.is_ok() {
            good.push(name);
        }
    }
    let refresh_token = rooms.checker.refresh_token(&given.refresh_token).await;
    if refresh_token.is_ok() {
        good.push("refresh token, asked about");
    }
    if is_signed_in(rooms, &given.session).await {
        good.push("session");
    }
    good
}

/// Whether the browser that comes with this session's cookie is its owner's.
async fn is_signed_in(rooms: &Rooms, session: &BrowserSession) -> bool {
    let cookie = Some(session.cookie.clone());
    match rooms.sessions.find(cookie).await.unwrap() {
        Some(session) => rooms.sessions.owner(&session).await.unwrap().is_some(),
        None => false,
    }
}

/// Asserts that nothing of it is any good.
async fn assert_all_ended(rooms: &Rooms, given: &Given) {
    assert_eq!(opens(rooms, given).await, [""; 0]);
    let refreshed = rooms.refresh(SHOP, &given.refresh_token, None).await;
    let error = refreshed.unwrap_err();
    assert!(matches!(error, TokenError::OwnerGone), "{error:?}");
    let code = TokenRequest::AuthorizationCode(by_code(&given.code));
    let error = rooms.exchange(SHOP, code).await.unwrap_err();
    assert!(matches!(error, TokenError::OwnerGone), "{error:?}");
    let step = rooms.start(&given.session, asks(SHOP)).await.unwrap();
    assert!(matches!(step, Step::SignIn(..)), "{step:?}");
}

/// An approval page that was open when access ended decides nothing.
async fn assert_cannot_decide(rooms: &Rooms, given: &Given, question: Step) {
    let Step::Ask(question) = question else {
        panic!("{question:?}");
    };
    let decided = rooms
        .authorization
        .decide(&given.undecided, yes_to(&question));
    let error = decided.await.unwrap_err();
    assert!(
        matches!(error, AuthorizationError::NothingWaits),
        "{error:?}"
    );
}

fn locked(owner: OwnerRegistration) -> OwnerRegistration {
    OwnerRegistration {
        disabled: true,
        ..owner
    }
}

#[tokio::test]
async fn an_owner_who_is_removed_or_locked_or_has_another_password_opens_nothing() {
    for accounts in [
        vec![bob()],
        vec![locked(alice())],
        vec![owner("alice", "{noop}another")],
    ] {
        let bench = bench().await;
        let rooms = bench.rooms();
        let given = given(&rooms).await;
        let everything = ["opaque", "jwt", "refresh token, asked about", "session"];
        assert_eq!(opens(&rooms, &given).await, everything);
        let asked = asks(OTHER_SHOP);
        let question = rooms.start(&given.undecided, asked).await.unwrap();
        bench.configure_owners(accounts);
        assert_all_ended(&rooms, &given).await;
        assert_cannot_decide(&rooms, &given, question).await;
    }
}

#[tokio::test]
async fn what_a_locked_owner_granted_is_good_again_when_the_lock_is_taken_off() {
    let bench = bench().await;
    let rooms = bench.rooms();
    let given = given(&rooms).await;
    bench.configure_owners([locked(alice())]);
    assert_eq!(opens(&rooms, &given).await, [""; 0]);
    bench.configure_owners([alice()]);
    assert_eq!(opens(&rooms, &given).await.len(), 4);
    assert!(
        rooms
            .refresh(SHOP, &given.refresh_token, None)
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn a_changed_password_ends_sessions_also_where_it_leaves_tokens_alone() {
    let bench = Bench::planned(Plan {
        clients: vec![shop(), with_jwts()],
        end_with_password: false,
        ..Plan::default()
    })
    .await;
    let rooms = bench.rooms();
    let given = given(&rooms).await;
    bench.configure_owners([owner("alice", "{noop}another")]);
    let tokens = ["opaque", "jwt", "refresh token, asked about"];
    assert_eq!(opens(&rooms, &given).await, tokens);
    assert!(
        rooms
            .refresh(SHOP, &given.refresh_token, None)
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn a_token_of_before_a_changed_password_is_not_given_out_again() {
    let bench = Bench::of([ClientRegistration {
        reuse_access_tokens: Some(true),
        ..shop()
    }])
    .await;
    let rooms = bench.rooms();
    let before = rooms.tokens(SHOP).await.response.access_token;
    bench.configure_owners([owner("alice", "{noop}another")]);
    let session = rooms.browser_of("alice").await;
    let question = rooms.question(&session, asks(SHOP)).await;
    let decided = rooms.authorization.decide(&session, yes_to(&question));
    decided.await.unwrap().outcome.unwrap();
    let code = rooms.code(asks(SHOP)).await;
    let request = TokenRequest::AuthorizationCode(by_code(&code));
    let after = rooms.exchange(SHOP, request).await.unwrap();
    assert_ne!(after.response.access_token, before);
    let checked = rooms.checker.access_token(&after.response.access_token);
    assert!(checked.await.is_ok());
}

#[tokio::test]
async fn a_locked_owner_does_not_sign_in_and_cannot_be_told_from_a_wrong_password() {
    let bench = Bench::planned(Plan {
        owners: vec![locked(alice())],
        ..Plan::default()
    })
    .await;
    let rooms = bench.rooms();
    let password = Secret::new(PASSWORD);
    let hashes = bench.passwords.hash_count();
    let came = rooms.sign_in.authenticate(&STRANGER, "alice", &password);
    // The operator is told whose account it is.
    let Err(SignInError::BadCredentials { owner: Some(name) }) = came.await else {
        panic!("alice is locked");
    };
    assert_eq!(name, "alice");
    assert_eq!(bench.passwords.hash_count().fast, hashes.fast + 1);
    let error = rooms.exchange(SHOP, by_password(None)).await.unwrap_err();
    assert_eq!(error.to_string(), "Bad credentials");
}

#[tokio::test]
async fn a_client_that_is_removed_or_locked_gets_nothing_and_its_tokens_open_nothing() {
    let locked = ClientRegistration {
        disabled: true,
        ..shop()
    };
    for clients in [vec![with_jwts()], vec![locked, with_jwts()]] {
        let bench = bench().await;
        let rooms = bench.rooms();
        let given = given(&rooms).await;
        bench.configure(clients);
        assert_eq!(opens(&rooms, &given).await, ["jwt", "session"]);
        let presented = PresentedCredentials::Form(ClientPassword {
            client_id: ClientId::new(SHOP),
            client_secret: secret_of(SHOP),
        });
        assert!(
            rooms
                .authenticator
                .authenticate(|| ADDRESS.to_owned(), &presented)
                .await
                .is_err()
        );
        assert!(rooms.start(&given.session, asks(SHOP)).await.is_err());
    }
}

/// A lock in the settings is not undone by who can write to the store.
#[tokio::test]
async fn a_locked_registration_of_the_settings_is_not_looked_for_in_the_store() {
    let bench = Bench::planned(Plan {
        owners: vec![locked(alice())],
        ..Plan::default()
    })
    .await;
    bench.stores.owners.store_owner(&alice()).await.unwrap();
    let rooms = bench.rooms();
    assert!(rooms.owners.find("alice").await.unwrap().is_none());
    bench.stores.clients.store_client(&shop()).await.unwrap();
    bench.configure([ClientRegistration {
        disabled: true,
        ..shop()
    }]);
    let found = rooms.clients.find(&ClientId::new(SHOP)).await.unwrap();
    assert!(found.is_none());
}

/// Also where the account is away, its token can be given back: it must not be good again later.
#[tokio::test]
async fn a_token_of_a_locked_owner_can_be_given_back() {
    let bench = bench().await;
    let rooms = bench.rooms();
    let given = given(&rooms).await;
    let client = rooms.client(SHOP).await;
    bench.configure_owners([locked(alice())]);
    let revoked = rooms.revoker.revoke(&client, &given.opaque).await.unwrap();
    assert!(matches!(revoked, Revocation::AccessToken(_)), "{revoked:?}");
    bench.configure_owners([alice()]);
    let checked = rooms.checker.access_token(&given.opaque).await;
    assert!(matches!(checked, Err(CheckError::NotRecognised)));
}

#[tokio::test]
async fn an_owner_of_the_store_ends_as_one_of_the_settings_does() {
    let bench = Bench::planned(Plan {
        owners: Vec::new(),
        clients: vec![shop(), with_jwts()],
        ..Plan::default()
    })
    .await;
    let owners = &bench.stores.owners;
    owners.store_owner(&alice()).await.unwrap();
    let rooms = bench.rooms();
    let given = given(&rooms).await;
    owners.store_owner(&locked(alice())).await.unwrap();
    assert_eq!(opens(&rooms, &given).await, [""; 0]);
    owners.store_owner(&alice()).await.unwrap();
    assert_eq!(opens(&rooms, &given).await.len(), 4);
    owners.remove_owner("alice").await.unwrap();
    assert_all_ended(&rooms, &given).await;
}

#[tokio::test]
async fn a_check_reads_the_store_once_and_once_more_for_each_party_that_is_kept_there() {
    let bench = Bench::of([shop()]).await;
    let count = Arc::new(Count::default());
    let observer: Arc<dyn StoreObserver> = count.clone();
    let rooms = bench.rooms_on(&bench.stores.clone().observed(&observer));
    let token = rooms.tokens(SHOP).await.response.access_token;
    let before = count.so_far();
    rooms.checker.access_token(&token).await.unwrap();
    assert_eq!(count.so_far(), before + 1);
    bench.stores.owners.store_owner(&alice()).await.unwrap();
    let stored = confidential(SHOP);
    bench.stores.clients.store_client(&stored).await.unwrap();
    bench.configure([]);
    bench.configure_owners([]);
    let before = count.so_far();
    rooms.checker.access_token(&token).await.unwrap();
    assert_eq!(count.so_far(), before + 3);
}

fn of_alice(client_id: Option<&str>) -> AccessOf {
    AccessOf::Owner {
        name: "alice".to_owned(),
        client_id: client_id.map(ClientId::new),
    }
}

/// The clients that have access.
async fn have_access(rooms: &Rooms) -> Vec<String> {
    let listed = rooms.access.list(&of_alice(None), None).await.unwrap();
    let clients = listed.found.into_iter().map(|one| one.given.client_id);
    let clients: BTreeSet<String> = clients.map(|id| id.as_str().to_owned()).collect();
    clients.into_iter().collect()
}

#[tokio::test]
async fn the_operator_ends_all_that_an_owner_gave_and_the_owner_may_begin_anew() {
    let bench = bench().await;
    let rooms = bench.rooms();
    let given = given(&rooms).await;
    assert_eq!(have_access(&rooms).await, [OTHER_SHOP, SHOP]);
    let ended = rooms.access.end(&of_alice(None), None).await.unwrap();
    assert_eq!(ended.found.len(), 3, "tokens for two, and a code");
    assert_eq!(have_access(&rooms).await, [""; 0]);
    assert_eq!(opens(&rooms, &given).await, [""; 0]);
    let refreshed = rooms.refresh(SHOP, &given.refresh_token, None).await;
    assert!(refreshed.is_err());
    let code = TokenRequest::AuthorizationCode(by_code(&given.code));
    let error = rooms.exchange(SHOP, code).await.unwrap_err();
    assert!(matches!(error, TokenError::GrantRevoked), "{error:?}");
    // Who signs in again is asked again.
    bench.advance_secs(1);
    let session = rooms.browser_of("alice").await;
    rooms.question(&session, asks(SHOP)).await;
    let token = rooms.tokens(SHOP).await.response.access_token;
    assert!(rooms.checker.access_token(&token).await.is_ok());
}

#[tokio::test]
async fn the_operator_ends_what_one_client_was_given_and_nothing_else() {
    let bench = bench().await;
    let rooms = bench.rooms();
    let given = given(&rooms).await;
    let of_the_shop = of_alice(Some(SHOP));
    rooms.access.end(&of_the_shop, None).await.unwrap();
    assert_eq!(have_access(&rooms).await, [OTHER_SHOP]);
    assert_eq!(opens(&rooms, &given).await, ["jwt", "session"]);
    rooms.question(&given.session, asks(SHOP)).await;
}

/// What an account gave that is gone can be ended for good, before somebody else gets its name.
#[tokio::test]
async fn what_an_owner_gave_who_is_gone_can_be_ended() {
    let bench = bench().await;
    let rooms = bench.rooms();
    let given = given(&rooms).await;
    bench.configure_owners([]);
    rooms.access.end(&of_alice(None), None).await.unwrap();
    bench.configure_owners([alice()]);
    assert_eq!(opens(&rooms, &given).await, [""; 0]);
}
