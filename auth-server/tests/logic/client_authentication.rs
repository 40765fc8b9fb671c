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
use symbolon_auth_server::clients::brake::{ClientLimit, ClientThrottled};
use symbolon_auth_server::passwords::{HashCount, VerificationError};
use symbolon_auth_server::records::{ClientRegistration, RetiringSecret};
use symbolon_auth_server::stores::{StoreError, Stores};

use crate::bench::{Bench, CLIENTS_PER_ADDRESS, PER_CLIENT};
use crate::ports::down;
use crate::rooms::{ADDRESS, Rooms, VERIFIED_SECS};
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
    rooms
        .authenticator
        .authenticate(|| ADDRESS.to_owned(), presented)
        .await
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
        (Some("Bearer x"), "", PresentedCredentialsError::Missing),
        (Some("Digest x"), "", PresentedCredentialsError::Malformed),
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
    rooms.clients.survey().await.unwrap();
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

/// How often a wrong secret of this client is looked at from this address, until it is not.
async fn guesses(rooms: &Rooms, address: &str, id: &str) -> (u32, ClientThrottled) {
    let mut looked_at = 0;
    loop {
        let presented = form(id, &format!("guess {looked_at}"));
        match rooms
            .authenticator
            .authenticate(|| address.to_owned(), &presented)
            .await
        {
            Err(ClientAuthenticationError::BadCredentials) => looked_at += 1,
            Err(ClientAuthenticationError::TooManyAttempts(throttled)) => {
                return (looked_at, throttled);
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn guessing_at_a_client_is_braked_before_anything_is_hashed() {
    for client in [shop(), old_shop()] {
        let id = client.client_id.as_str().to_owned();
        let bench = Bench::of([client]).await;
        let rooms = bench.rooms();
        rooms.clients.survey().await.unwrap();
        for name in [&*id, "nobody"] {
            let (looked_at, throttled) = guesses(&rooms, ADDRESS, name).await;
            assert_eq!(looked_at, PER_CLIENT, "{name}");
            assert_eq!(throttled.limit, ClientLimit::ClientAndAddress);
            assert_eq!(throttled.retry_after_secs, 60 / u64::from(PER_CLIENT));
            let hashes = bench.passwords.hash_count();
            guesses(&rooms, ADDRESS, name).await;
            assert_eq!(bench.passwords.hash_count(), hashes, "{name}");
        }
        // Elsewhere nobody is concerned.
        let (looked_at, _) = guesses(&rooms, "198.51.100.7", &id).await;
        assert_eq!(looked_at, PER_CLIENT);
    }
}

#[tokio::test]
async fn guessing_at_many_clients_from_one_network_is_braked() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let mut looked_at = 0;
    for number in 0..100 {
        let address = format!("2001:db8::{number:x}");
        let presented = form(&format!("client-{number}"), "guess");
        match rooms
            .authenticator
            .authenticate(|| address.clone(), &presented)
            .await
        {
            Err(ClientAuthenticationError::BadCredentials) => looked_at += 1,
            Err(ClientAuthenticationError::TooManyAttempts(throttled)) => {
                assert_eq!(throttled.limit, ClientLimit::Address);
                assert_eq!(looked_at, CLIENTS_PER_ADDRESS);
                return;
            }
            other => panic!("{other:?}"),
        }
    }
    panic!("{looked_at} guesses were looked at");
}

/// A stranger who calls from where the client does, behind the same proxy, cannot lock it out.
#[tokio::test]
async fn a_client_goes_on_while_somebody_guesses_at_it_from_the_same_address() {
    for (client, secret) in [
        (shop(), secret_of(SHOP)),
        (old_shop(), Secret::new(BCRYPT_SECRET)),
    ] {
        let id = client.client_id.as_str().to_owned();
        let bench = Bench::of([client]).await;
        let rooms = bench.rooms();
        let good = form(&id, secret.expose());
        authenticate(&rooms, &good).await.unwrap();
        for _ in 0..3 {
            guesses(&rooms, ADDRESS, &id).await;
            authenticate(&rooms, &good).await.unwrap();
            // Its secret must be hashed again, and is.
            bench.advance_secs(VERIFIED_SECS);
            guesses(&rooms, ADDRESS, &id).await;
            authenticate(&rooms, &good).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_client_that_knows_its_secret_is_never_braked() {
    // Whose secret has two readings, of which the second is right.
    let bench = Bench::of([ClientRegistration {
        client_secret: Some(Secret::new("{noop}50%")),
        ..shop()
    }])
    .await;
    let rooms = bench.rooms();
    let presented = over_the_wire(&ClientAuthentication::Basic(Secret::new("50%")), SHOP);
    for _ in 0..5 * CLIENTS_PER_ADDRESS {
        authenticate(&rooms, &presented).await.unwrap();
        bench.advance_secs(VERIFIED_SECS / 10);
    }
    let wrong = over_the_wire(&ClientAuthentication::None, SCRIPT);
    for _ in 0..5 * CLIENTS_PER_ADDRESS {
        assert_bad(&rooms, &wrong).await;
    }
}

#[tokio::test]
async fn a_secret_that_was_replaced_is_good_until_its_time_is_over() {
    let bench = Bench::new().await;
    let until = bench.now().plus_secs(600);
    bench.configure([ClientRegistration {
        retiring_secrets: vec![RetiringSecret {
            hash: Secret::new("{noop}the old one"),
            until,
        }],
        ..shop()
    }]);
    let rooms = bench.rooms();
    let (old, new) = (
        form(SHOP, "the old one"),
        form(SHOP, secret_of(SHOP).expose()),
    );
    for presented in [&old, &new, &old] {
        assert!(authenticate(&rooms, presented).await.is_ok());
    }
    assert_bad(&rooms, &form(SHOP, "neither")).await;
    bench.advance_secs(599);
    assert!(authenticate(&rooms, &old).await.is_ok());
    // Also where it was verified a second ago.
    bench.advance_secs(1);
    assert_bad(&rooms, &old).await;
    assert!(authenticate(&rooms, &new).await.is_ok());
}

#[tokio::test]
async fn a_client_that_waits_for_its_approval_is_as_good_as_unknown() {
    let bench = Bench::of([ClientRegistration {
        awaits_approval: true,
        ..shop()
    }])
    .await;
    let rooms = bench.rooms();
    assert_bad(&rooms, &form(SHOP, secret_of(SHOP).expose())).await;
}
