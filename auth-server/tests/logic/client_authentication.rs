//! Who a client is (RFC 6749 §2.3).

use symbolon::client_authentication::{
    ClientAuthentication, ClientPassword, EncodedCredentials, PresentedCredentials,
    PresentedCredentialsError,
};
use symbolon::identifiers::ClientId;
use symbolon::parameters::Parameters;
use symbolon::secret::Secret;
use symbolon_auth_server::clients::authentication::{
    AuthenticatedClient, ClientAuthenticationError,
};
use symbolon_auth_server::passwords::{HashCount, VerificationError};
use symbolon_auth_server::records::ClientRegistration;
use symbolon_auth_server::stores::{StoreError, Stores};

use crate::bench::Bench;
use crate::ports::down;
use crate::rooms::{Rooms, VERIFIED_SECS};
use crate::samples::{BCRYPT, BCRYPT_SECRET, SCRIPT, SHOP, confidential, script, secret_of, shop};

/// What a server reads that a client wrote.
fn over_the_wire(method: &ClientAuthentication, id: &str) -> PresentedCredentials {
    match method.encode(&ClientId::new(id)) {
        EncodedCredentials::Header(header) => decoded(Some(header.expose()), "").unwrap(),
        EncodedCredentials::Form(form) => decoded(None, form.expose()).unwrap(),
    }
}

fn decoded(
    header: Option<&str>,
    form: &str,
) -> Result<PresentedCredentials, PresentedCredentialsError> {
    let mut form = Parameters::decode(form.as_bytes()).unwrap();
    PresentedCredentials::decode(header, &mut form)
}

fn form(id: &str, secret: &str) -> PresentedCredentials {
    PresentedCredentials::Form(ClientPassword {
        client_id: ClientId::new(id),
        client_secret: Secret::new(secret),
    })
}

async fn authenticate(
    rooms: &Rooms,
    presented: &PresentedCredentials,
) -> Result<AuthenticatedClient, ClientAuthenticationError> {
    rooms.authenticator.authenticate(presented).await
}

async fn assert_bad(rooms: &Rooms, presented: &PresentedCredentials) {
    let believed = authenticate(rooms, presented).await;
    let bad = matches!(believed, Err(ClientAuthenticationError::BadCredentials));
    assert!(bad, "{believed:?}");
}

/// What it costs to be refused.
async fn cost_of(bench: &Bench, rooms: &Rooms, presented: &PresentedCredentials) -> HashCount {
    let before = bench.passwords.hash_count();
    assert_bad(rooms, presented).await;
    let after = bench.passwords.hash_count();
    HashCount {
        slow: after.slow - before.slow,
        fast: after.fast - before.fast,
    }
}

/// A client whose secret a person chose, long ago.
fn old_shop() -> ClientRegistration {
    ClientRegistration {
        client_secret: Some(Secret::new(BCRYPT)),
        ..confidential("old-shop")
    }
}

#[tokio::test]
async fn a_client_is_believed_that_knows_its_secret_by_each_method() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    for method in [
        ClientAuthentication::Basic,
        ClientAuthentication::RawBasic,
        ClientAuthentication::Form,
    ] {
        let presented = over_the_wire(&method(secret_of(SHOP)), SHOP);
        let client = authenticate(&rooms, &presented).await.unwrap();
        assert_eq!(client.id, ClientId::new(SHOP));
        assert_bad(&rooms, &over_the_wire(&method(Secret::new("wrong")), SHOP)).await;
    }
}

#[tokio::test]
async fn a_secret_is_read_as_it_is_and_as_a_form() {
    // As it is written, and as RFC 6749 §2.3.1 would read it.
    for secret in ["50%25 + more", "plain"] {
        let bench = Bench::of([ClientRegistration {
            client_secret: Some(Secret::new(format!("{{noop}}{secret}"))),
            ..shop()
        }])
        .await;
        let rooms = bench.rooms();
        for method in [ClientAuthentication::Basic, ClientAuthentication::RawBasic] {
            let presented = over_the_wire(&method(Secret::new(secret)), SHOP);
            assert!(authenticate(&rooms, &presented).await.is_ok());
        }
    }
}

#[tokio::test]
async fn a_public_client_only_says_who_it_is() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let presented = over_the_wire(&ClientAuthentication::None, SCRIPT);
    let client = authenticate(&rooms, &presented).await.unwrap();
    assert!(client.is_public());
    // RFC 6749 §2.3.1: or by Basic credentials without a secret.
    let method = ClientAuthentication::Basic(Secret::new(""));
    let presented = over_the_wire(&method, SCRIPT);
    assert!(authenticate(&rooms, &presented).await.is_ok());
    assert_bad(&rooms, &form(SCRIPT, "a secret that it has not")).await;
}

#[tokio::test]
async fn a_client_with_a_secret_is_not_believed_without_it() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    assert_bad(&rooms, &over_the_wire(&ClientAuthentication::None, SHOP)).await;
    assert_bad(&rooms, &form(SHOP, "")).await;
}

#[tokio::test]
async fn an_unknown_client_is_not_told_from_a_wrong_secret() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    assert_bad(
        &rooms,
        &over_the_wire(&ClientAuthentication::None, "nobody"),
    )
    .await;
    // Not even with the secret that unknown clients are checked against.
    assert_bad(&rooms, &form("nobody", "nobody's")).await;
}

#[test]
fn what_cannot_be_read_says_why() {
    let basic = "Basic YTpi";
    for (header, form, expected) in [
        (None, "", PresentedCredentialsError::Missing),
        (Some("Bearer x"), "", PresentedCredentialsError::Malformed),
        (
            Some(basic),
            "client_id=a&client_secret=b",
            PresentedCredentialsError::SeveralMethods,
        ),
        (
            Some(basic),
            "client_id=c",
            PresentedCredentialsError::OtherClientNamed,
        ),
    ] {
        let error = decoded(header, form).unwrap_err();
        assert_eq!(error, expected);
        let text = error.to_string();
        let error = ClientAuthenticationError::from(error);
        assert!(matches!(error, ClientAuthenticationError::Presented(_)));
        assert_eq!(error.to_string(), text);
    }
}

#[tokio::test]
async fn an_unknown_client_costs_as_many_hashes_as_a_known_one() {
    for (clients, known, expected) in [
        (vec![shop(), script()], SHOP, HashCount { slow: 0, fast: 1 }),
        (
            vec![old_shop(), script()],
            "old-shop",
            HashCount { slow: 1, fast: 0 },
        ),
    ] {
        let bench = Bench::of(clients).await;
        let rooms = bench.rooms();
        rooms.clients.survey().await.unwrap();
        for name in [known, "nobody", SCRIPT] {
            let cost = cost_of(&bench, &rooms, &form(name, "wrong")).await;
            assert_eq!(cost, expected, "{name}");
        }
    }
}

#[tokio::test]
async fn both_readings_of_basic_credentials_cost_the_same_for_a_known_and_an_unknown_client() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    for name in [SHOP, "nobody"] {
        let method = ClientAuthentication::RawBasic(Secret::new("50%25"));
        let presented = over_the_wire(&method, name);
        let cost = cost_of(&bench, &rooms, &presented).await;
        assert_eq!(cost, HashCount { slow: 0, fast: 2 }, "{name}");
    }
}

#[tokio::test]
async fn a_slow_secret_that_was_verified_is_remembered_for_minutes() {
    let bench = Bench::of([old_shop()]).await;
    let rooms = bench.rooms();
    let presented = form("old-shop", BCRYPT_SECRET);
    let slow = || bench.passwords.hash_count().slow;
    for _ in 0..2 {
        authenticate(&rooms, &presented).await.unwrap();
        assert_eq!(slow(), 1);
    }
    bench.advance_secs(VERIFIED_SECS);
    authenticate(&rooms, &presented).await.unwrap();
    assert_eq!(slow(), 2);
    // A wrong secret is computed every time.
    assert_bad(&rooms, &form("old-shop", "wrong")).await;
    assert_eq!(slow(), 3);
}

#[tokio::test]
async fn a_secret_that_waits_for_its_check_in_vain_is_not_refused() {
    let bench = Bench::of([old_shop()]).await;
    let rooms = bench.rooms();
    let presented = form("old-shop", "wrong");
    let (first, second) = tokio::join!(
        biased;
        authenticate(&rooms, &presented),
        authenticate(&rooms, &presented),
    );
    assert!(matches!(
        first,
        Err(ClientAuthenticationError::BadCredentials)
    ));
    let Err(ClientAuthenticationError::Busy(VerificationError::Busy)) = second else {
        panic!("{second:?}");
    };
}

#[tokio::test]
async fn a_client_that_cannot_be_looked_up_is_not_refused() {
    let bench = Bench::new().await;
    let rooms = bench.rooms_on(&Stores {
        clients: down().clients,
        ..bench.stores.clone()
    });
    let named = over_the_wire(&ClientAuthentication::None, "perhaps");
    for presented in [form("perhaps", "secret"), named] {
        let error = authenticate(&rooms, &presented).await.unwrap_err();
        let ClientAuthenticationError::Store(StoreError::Unavailable(_)) = error else {
            panic!("{error:?}");
        };
        assert!(rooms.authenticator.named(&presented).await.is_err());
    }
    // Who is configured needs no store.
    let presented = form(SHOP, secret_of(SHOP).expose());
    assert!(authenticate(&rooms, &presented).await.is_ok());
}

#[tokio::test]
async fn a_request_names_its_client_whether_it_is_believed_or_not() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    for (presented, expected) in [
        (form(SHOP, "wrong"), Some(SHOP)),
        (form("nobody", "wrong"), None),
        (
            over_the_wire(&ClientAuthentication::None, SCRIPT),
            Some(SCRIPT),
        ),
    ] {
        let named = rooms.authenticator.named(&presented).await.unwrap();
        let named = named.map(|client| client.id.clone());
        assert_eq!(named, expected.map(ClientId::new));
    }
}
