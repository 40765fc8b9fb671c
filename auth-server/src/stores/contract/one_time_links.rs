//! Rules on links that are good once.

use symbolon::random::SystemRandom;

use super::bench::Bench;
use super::hold_against_every_store;
use super::samples::new_id;
use crate::records::{
    AccountAsItWas, EmailAddress, GrantId, LinkId, LinkPurpose, OneTimeLink, PasswordMark,
};

const SECS: u64 = 60;

fn link(bench: &Bench) -> (LinkId, OneTimeLink) {
    let link = OneTimeLink {
        purpose: LinkPurpose::PasswordReset(AccountAsItWas {
            owner: "li:\u{e9} {}".to_owned(),
            password_mark: PasswordMark::new("a mark".to_owned()),
        }),
        email: EmailAddress::parse("wang@example.org").unwrap(),
        expires_at: bench.now().plus_secs(SECS),
    };
    (new_id(GrantId::mint(&SystemRandom)), link)
}

pub(super) async fn of_many_who_use_a_link_one_does(bench: &Bench) {
    let ((id, one), (other_id, other)) = (link(bench), link(bench));
    let store = &bench.store().links;
    store.store_link(&id, &one).await.unwrap();
    store.store_link(&other_id, &other).await.unwrap();
    assert_eq!(bench.other().links.find_link(&id).await.unwrap(), Some(one));
    let redeemed =
        bench.crowd(move |_, stores| async move { stores.links.redeem_link(&id).await.unwrap() });
    let redeemed = redeemed.await.into_iter().filter(|redeemed| *redeemed);
    assert_eq!(redeemed.count(), 1);
    assert_eq!(store.find_link(&id).await.unwrap(), None);
    assert_eq!(store.find_link(&other_id).await.unwrap(), Some(other));
}

async fn a_link_that_is_over_is_none(bench: &Bench) {
    let (id, one) = link(bench);
    let store = &bench.store().links;
    store.store_link(&id, &one).await.unwrap();
    bench.advance_secs(SECS - 1);
    assert_eq!(store.find_link(&id).await.unwrap(), Some(one));
    bench.advance_secs(1);
    assert_eq!(store.find_link(&id).await.unwrap(), None);
    assert!(!store.redeem_link(&id).await.unwrap());
}

async fn a_damaged_link_is_none(bench: &Bench) {
    let (id, one) = link(bench);
    let store = &bench.store().links;
    store.store_link(&id, &one).await.unwrap();
    bench.damage_everything().await;
    assert_eq!(store.find_link(&id).await.unwrap(), None);
    assert!(!store.redeem_link(&id).await.unwrap());
}

hold_against_every_store!(
    of_many_who_use_a_link_one_does,
    a_link_that_is_over_is_none,
    a_damaged_link_is_none,
);
