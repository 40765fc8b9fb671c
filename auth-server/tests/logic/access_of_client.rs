//! What a client holds is listed and ended as a whole: for a client that got into wrong hands.

use std::collections::BTreeSet;

use symbolon::identifiers::ClientId;
use symbolon::token::TokenRequest;
use symbolon_auth_server::authorization::Step;
use symbolon_auth_server::stores::Stores;
use symbolon_auth_server::tokens::end::AccessOf;
use symbolon_auth_server::tokens::held::Held;

use crate::bench::Bench;
use crate::ports::down;
use crate::rooms::Rooms;
use crate::samples::{OTHER_SHOP, SHOP, asks, by_code, for_itself};

fn of(client_id: &str) -> AccessOf {
    AccessOf::Client(ClientId::new(client_id))
}

/// By whom a client has access.
async fn owners(rooms: &Rooms, client_id: &str) -> BTreeSet<Option<String>> {
    let listed = rooms.access.list(&of(client_id), None).await.unwrap();
    listed.found.into_iter().map(|one| one.owner).collect()
}

#[tokio::test]
async fn the_operator_ends_all_that_one_client_holds_and_nothing_of_others() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let alices = rooms.tokens(SHOP).await.response;
    let own = rooms.exchange(SHOP, for_itself(None)).await.unwrap();
    let code = rooms.code(asks(SHOP)).await;
    let others = rooms.tokens(OTHER_SHOP).await.response;
    rooms.code(asks(OTHER_SHOP)).await;
    let both = BTreeSet::from([None, Some("alice".to_owned())]);
    assert_eq!(owners(&rooms, SHOP).await, both);

    let ended = rooms.access.end(&of(SHOP), None).await.unwrap();
    assert_eq!(ended.found.len(), 3, "alice's tokens, its own, and a code");
    assert_eq!(owners(&rooms, SHOP).await, BTreeSet::new());
    for token in [&alices.access_token, &own.response.access_token] {
        assert!(rooms.checker.access_token(token).await.is_err());
    }
    let refresh_token = alices.refresh_token.unwrap();
    assert!(rooms.refresh(SHOP, &refresh_token, None).await.is_err());
    let exchanged = rooms
        .exchange(SHOP, TokenRequest::AuthorizationCode(by_code(&code)))
        .await;
    assert!(exchanged.is_err());
    let access_token = &others.access_token;
    assert!(rooms.checker.access_token(access_token).await.is_ok());

    // Who approved is asked again, in the same session, and only about this client.
    let session = rooms.browser_of("alice").await;
    rooms.question(&session, asks(SHOP)).await;
    let other = rooms.start(&session, asks(OTHER_SHOP)).await.unwrap();
    assert!(matches!(other, Step::Complete(_)), "{other:?}");
}

#[tokio::test]
async fn approvals_go_first_so_that_a_search_that_fails_leaves_no_way_to_more() {
    let bench = Bench::new().await;
    bench.rooms().code(asks(SHOP)).await;
    let rooms = bench.rooms_on(&Stores {
        grants: down().grants,
        ..bench.stores.clone()
    });
    assert!(rooms.access.end(&of(SHOP), None).await.is_err());
    let session = bench.rooms().browser_of("alice").await;
    bench.rooms().question(&session, asks(SHOP)).await;
}

#[tokio::test]
async fn of_very_much_a_part_is_counted_and_that_is_told() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    rooms.tokens(SHOP).await;
    rooms.tokens(OTHER_SHOP).await;
    for _ in 0..300 {
        rooms.exchange(SHOP, for_itself(None)).await.unwrap();
    }
    let shop = ClientId::new(SHOP);
    let part = rooms.access.count_held(&shop, 1).await.unwrap();
    assert!(!part.is_all && part.for_itself < 300, "{part:?}");
    let all = rooms.access.count_held(&shop, 32).await.unwrap();
    let expected = Held {
        from_owners: 1,
        for_itself: 300,
        is_all: true,
    };
    assert_eq!(all, expected);
}
