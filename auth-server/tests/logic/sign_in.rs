//! Signing in, and the brakes against guessing.

use std::sync::Arc;

use symbolon::clock::{Clock as _, Timestamp};
use symbolon::secret::Secret;
use symbolon_auth_server::passwords::{HashCount, VerificationError};
use symbolon_auth_server::records::SecondFactor;
use symbolon_auth_server::resource_owners::owner::ResourceOwner;
use symbolon_auth_server::resource_owners::sign_in::SignInError;
use symbolon_auth_server::resource_owners::throttle::{Caller, SignInLimit, Throttled};
use symbolon_auth_server::stores::{StoreError, StoreObserver, Stores};

use crate::bench::{Bench, PER_ACCOUNT, PER_ADDRESS, PER_PAIR, Plan};
use crate::ports::{Count, down};
use crate::rooms::{ADDRESS, Rooms, STRANGER};
use crate::samples::{BCRYPT, BCRYPT_SECRET, PASSWORD, bob, owner};

const ELSEWHERE: &str = "198.51.100.7";

async fn sign_in(
    rooms: &Rooms,
    name: &str,
    password: &str,
) -> Result<Arc<ResourceOwner>, SignInError> {
    sign_in_from(rooms, ADDRESS, name, password).await
}

async fn sign_in_from(
    rooms: &Rooms,
    address: &str,
    name: &str,
    password: &str,
) -> Result<Arc<ResourceOwner>, SignInError> {
    let caller = Caller {
        address,
        known_browser: None,
    };
    let password = Secret::new(password);
    rooms.sign_in.authenticate(&caller, name, &password).await
}

/// In a browser in which alice signed in before.
async fn sign_in_at_home(rooms: &Rooms, password: &str) -> Result<Arc<ResourceOwner>, SignInError> {
    let caller = Caller {
        address: ADDRESS,
        known_browser: Some("alice's own"),
    };
    let password = Secret::new(password);
    rooms
        .sign_in
        .authenticate(&caller, "alice", &password)
        .await
}

fn assert_bad<T: std::fmt::Debug>(came: Result<T, SignInError>, account: Option<&str>) {
    match came {
        Err(SignInError::BadCredentials { owner }) => assert_eq!(owner.as_deref(), account),
        other => panic!("{other:?}"),
    }
}

fn throttled<T: std::fmt::Debug>(came: Result<T, SignInError>) -> Throttled {
    match came {
        Err(SignInError::TooManyAttempts(throttled)) => throttled,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_owner_signs_in_by_name_and_password() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let alice = sign_in(&rooms, "alice", PASSWORD).await.unwrap();
    assert_eq!(alice.name, "alice");
    assert_eq!(alice.authorities, ["ROLE_USER"]);
    let bob = sign_in(&rooms, "bob", BCRYPT_SECRET).await.unwrap();
    assert_eq!(bob.name, "bob");
}

#[tokio::test]
async fn a_wrong_password_names_its_account_to_the_operator_only() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let wrong = sign_in(&rooms, "alice", "wrong").await;
    let unknown = sign_in(&rooms, "nobody", "wrong").await;
    let (wrong, unknown) = (wrong.unwrap_err(), unknown.unwrap_err());
    assert_eq!(wrong.to_string(), unknown.to_string());
    assert_bad::<()>(Err(wrong), Some("alice"));
    assert_bad::<()>(Err(unknown), None);
}

#[tokio::test]
async fn an_owner_of_the_store_signs_in_as_one_of_the_settings_does() {
    let bench = Bench::new().await;
    let carol = owner("carol", BCRYPT);
    bench.stores.owners.store_owner(&carol).await.unwrap();
    let rooms = bench.rooms();
    let signed_in = sign_in(&rooms, "carol", BCRYPT_SECRET).await;
    assert_eq!(signed_in.unwrap().name, "carol");
    assert_bad(sign_in(&rooms, "carol", "wrong").await, Some("carol"));
}

#[tokio::test]
async fn an_unknown_name_costs_as_much_as_a_wrong_password() {
    let bench = Bench::planned(Plan {
        owners: vec![bob()],
        ..Plan::default()
    })
    .await;
    let carol = owner("carol", BCRYPT);
    bench.stores.owners.store_owner(&carol).await.unwrap();
    let count = Arc::new(Count::default());
    let observer: Arc<dyn StoreObserver> = count.clone();
    let rooms = bench.rooms_on(&bench.stores.clone().observed(&observer));
    for name in ["bob", "carol", "nobody"] {
        let (hashes, reads) = (bench.passwords.hash_count(), count.so_far());
        assert!(sign_in(&rooms, name, "wrong").await.is_err());
        let computed = HashCount {
            slow: hashes.slow + 1,
            ..hashes
        };
        assert_eq!(bench.passwords.hash_count(), computed, "{name}");
        assert_eq!(count.so_far(), reads + 1, "{name}");
    }
}

/// In an estate that was migrated some accounts have fast hashes and some slow ones, and so have the names that
/// nobody has.
#[tokio::test]
async fn in_a_migrated_estate_unknown_names_cost_what_its_accounts_cost() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let mut slow = 0;
    for number in 0..64 {
        let (name, address) = (format!("nobody-{number}"), format!("192.0.2.{number}"));
        let mut cost = Vec::new();
        for _ in 0..2 {
            let before = bench.passwords.hash_count().slow;
            assert_bad(sign_in_from(&rooms, &address, &name, "wrong").await, None);
            cost.push(bench.passwords.hash_count().slow - before);
        }
        assert_eq!(cost[0], cost[1], "{name} always costs the same");
        slow += cost[0];
    }
    assert!((8..56).contains(&slow), "{slow} of 64 were slow");
}

#[tokio::test]
async fn the_accounts_of_the_store_are_among_those_that_unknown_names_are_like() {
    let bench = Bench::planned(Plan {
        owners: Vec::new(),
        ..Plan::default()
    })
    .await;
    for number in 0..501 {
        let account = owner(&format!("name-{number}"), BCRYPT);
        bench.stores.owners.store_owner(&account).await.unwrap();
    }
    let rooms = bench.rooms();
    rooms.owners.survey().await.unwrap();
    assert_bad(sign_in(&rooms, "nobody", "wrong").await, None);
    assert_eq!(bench.passwords.hash_count().slow, 1);
}

#[tokio::test]
async fn attempts_for_one_account_from_one_address_are_braked_and_nobody_else_is() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    for _ in 0..PER_PAIR {
        assert_bad(sign_in(&rooms, "alice", "wrong").await, Some("alice"));
    }
    // There, the right password does not help either.
    let refused = throttled(sign_in(&rooms, "alice", PASSWORD).await);
    let expected = Throttled {
        limit: SignInLimit::AccountAndAddress,
        retry_after_secs: 60 / u64::from(PER_PAIR),
    };
    assert_eq!(refused, expected);
    // Neither the owner elsewhere nor another account there is concerned.
    let alice = sign_in_from(&rooms, ELSEWHERE, "alice", PASSWORD).await;
    assert!(alice.is_ok());
    assert!(sign_in(&rooms, "bob", BCRYPT_SECRET).await.is_ok());
    bench.advance_secs(refused.retry_after_secs - 1);
    let early = throttled(sign_in(&rooms, "alice", PASSWORD).await);
    assert_eq!(early.retry_after_secs, 1);
    bench.advance_secs(early.retry_after_secs);
    assert!(sign_in(&rooms, "alice", PASSWORD).await.is_ok());
}

/// Who has one IPv6 address has as many as there are in its /64.
#[tokio::test]
async fn attempts_from_one_ipv6_network_are_those_of_one_caller() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    for number in 0..PER_ADDRESS {
        let address = format!("2001:db8::{number:x}:1");
        let name = format!("name-{number}");
        assert_bad(sign_in_from(&rooms, &address, &name, "wrong").await, None);
    }
    let same = sign_in_from(&rooms, "2001:db8::ffff", "alice", PASSWORD).await;
    assert_eq!(throttled(same).limit, SignInLimit::Address);
    let next = sign_in_from(&rooms, "2001:db8:0:1::1", "alice", PASSWORD).await;
    assert!(next.is_ok());
}

#[tokio::test]
async fn strangers_make_the_owner_wait_and_lock_nobody_out() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let familiar = "203.0.113.9";
    let came = sign_in_from(&rooms, familiar, "alice", PASSWORD).await;
    assert!(came.is_ok());
    for number in 0..2 * PER_ACCOUNT {
        let address = format!("192.0.2.{number}");
        let came = sign_in_from(&rooms, &address, "alice", "wrong").await;
        assert_bad(came, Some("alice"));
    }
    let slowed = u64::from(PER_ACCOUNT);
    assert_eq!(bench.throttle.slowed(), slowed);
    // Where she signed in before, and in her own browser, she does not even wait.
    let came = sign_in_from(&rooms, familiar, "alice", PASSWORD).await;
    assert!(came.is_ok());
    assert!(sign_in_at_home(&rooms, PASSWORD).await.is_ok());
    assert_eq!(bench.throttle.slowed(), slowed);
    let came = sign_in_from(&rooms, ELSEWHERE, "alice", PASSWORD).await;
    assert!(came.is_ok());
    assert_eq!(bench.throttle.slowed(), slowed + 1);
}

#[tokio::test]
async fn a_browser_in_which_the_owner_signed_in_before_is_counted_by_itself() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    for number in 0..PER_ADDRESS {
        let name = format!("name-{number}");
        assert_bad(sign_in(&rooms, &name, "wrong").await, None);
    }
    throttled(sign_in(&rooms, "alice", PASSWORD).await);
    assert!(sign_in_at_home(&rooms, PASSWORD).await.is_ok());
    // Who has stolen it does not guess faster.
    for _ in 0..PER_PAIR {
        assert_bad(sign_in_at_home(&rooms, "wrong").await, Some("alice"));
    }
    throttled(sign_in_at_home(&rooms, PASSWORD).await);
}

#[tokio::test]
async fn who_knows_the_password_is_never_braked() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    for _ in 0..5 * PER_ADDRESS {
        assert!(sign_in(&rooms, "alice", PASSWORD).await.is_ok());
    }
}

#[tokio::test]
async fn a_brake_does_not_feel_the_hour_being_set() {
    for hour in [0, 2_000_000_000] {
        let bench = Bench::new().await;
        let rooms = bench.rooms();
        for _ in 0..PER_PAIR {
            assert_bad(sign_in(&rooms, "alice", "wrong").await, Some("alice"));
        }
        bench.clock.set(Timestamp::from_secs(hour));
        let wait = throttled(sign_in(&rooms, "alice", PASSWORD).await);
        assert_eq!(wait.retry_after_secs, 60 / u64::from(PER_PAIR));
        bench.advance_secs(wait.retry_after_secs);
        assert!(sign_in(&rooms, "alice", PASSWORD).await.is_ok());
    }
}

#[tokio::test]
async fn attempts_from_one_address_are_braked_whomever_they_are_for() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    for number in 0..PER_ADDRESS {
        assert_bad(
            sign_in(&rooms, &format!("name-{number}"), "wrong").await,
            None,
        );
    }
    let refused = throttled(sign_in(&rooms, "alice", PASSWORD).await);
    let expected = Throttled {
        limit: SignInLimit::Address,
        retry_after_secs: 60 / u64::from(PER_ADDRESS),
    };
    assert_eq!(refused, expected);
    assert!(
        sign_in_from(&rooms, ELSEWHERE, "alice", PASSWORD)
            .await
            .is_ok()
    );
    bench.advance_secs(refused.retry_after_secs);
    assert!(sign_in(&rooms, "alice", PASSWORD).await.is_ok());
}

#[tokio::test]
async fn an_account_that_was_quiet_for_a_minute_starts_afresh() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    for _ in 0..2 {
        for _ in 0..PER_PAIR {
            assert_bad(sign_in(&rooms, "alice", "wrong").await, Some("alice"));
        }
        throttled(sign_in(&rooms, "alice", PASSWORD).await);
        bench.advance_secs(60);
    }
}

#[tokio::test]
async fn who_goes_on_guessing_is_refused_for_longer_each_time_and_nobody_else_is() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    for _ in 0..PER_PAIR {
        assert_bad(sign_in(&rooms, "alice", "wrong").await, Some("alice"));
    }
    let first = 60 / u64::from(PER_PAIR);
    let mut waits = Vec::new();
    for _ in 0..9 {
        let refused = throttled(sign_in(&rooms, "alice", "wrong").await);
        // Whoever does not wait is told how long it still is, and does not make it longer.
        let again = throttled(sign_in(&rooms, "alice", "wrong").await);
        assert_eq!(again.retry_after_secs, refused.retry_after_secs);
        waits.push(refused.retry_after_secs);
        // Neither the owner elsewhere, nor in her own browser, nor another account there is concerned.
        let elsewhere = sign_in_from(&rooms, ELSEWHERE, "alice", PASSWORD).await;
        assert!(elsewhere.is_ok());
        assert!(sign_in_at_home(&rooms, PASSWORD).await.is_ok());
        assert!(sign_in(&rooms, "bob", BCRYPT_SECRET).await.is_ok());
        bench.advance_secs(refused.retry_after_secs);
        // What has become free in the meantime is used up.
        while let Err(SignInError::BadCredentials { .. }) = sign_in(&rooms, "alice", "wrong").await
        {
        }
    }
    assert_eq!(waits[0], first);
    assert!(waits.windows(2).all(|two| two[1] >= two[0]), "{waits:?}");
    assert_eq!(waits.last(), Some(&900), "{waits:?}");
    bench.advance_secs(900);
    assert!(sign_in(&rooms, "alice", PASSWORD).await.is_ok());
}

#[tokio::test]
async fn an_attempt_that_is_braked_costs_nothing() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    for _ in 0..PER_PAIR {
        assert_bad(sign_in(&rooms, "bob", "wrong").await, Some("bob"));
    }
    let hashes = bench.passwords.hash_count();
    throttled(sign_in(&rooms, "bob", BCRYPT_SECRET).await);
    assert_eq!(bench.passwords.hash_count(), hashes);
}

#[tokio::test]
async fn a_password_that_waits_for_its_check_in_vain_is_not_refused() {
    let bench = Bench::new().await;
    let rooms = bench.rooms();
    let (first, second) = tokio::join!(
        biased;
        sign_in(&rooms, "bob", BCRYPT_SECRET),
        sign_in(&rooms, "bob", BCRYPT_SECRET),
    );
    assert!(first.is_ok());
    let Err(SignInError::Busy(VerificationError::Busy)) = second else {
        panic!("{second:?}");
    };
}

#[tokio::test]
async fn a_store_that_fails_is_not_taken_for_an_unknown_name() {
    let bench = Bench::new().await;
    let rooms = bench.rooms_on(&Stores {
        owners: down().owners,
        ..bench.stores.clone()
    });
    let came = sign_in(&rooms, "nobody", PASSWORD).await;
    let Err(SignInError::Store(StoreError::Unavailable(_))) = came else {
        panic!("{came:?}");
    };
}

#[tokio::test]
async fn who_is_in_the_settings_does_not_wait_for_a_store_that_fails() {
    let bench = Bench::new().await;
    let rooms = bench.rooms_on(&Stores {
        owners: down().owners,
        ..bench.stores.clone()
    });
    assert_eq!(
        sign_in(&rooms, "alice", PASSWORD).await.unwrap().name,
        "alice"
    );
    let came = sign_in(&rooms, "alice", "wrong").await;
    assert!(
        matches!(came, Err(SignInError::BadCredentials { .. })),
        "{came:?}"
    );
}

#[tokio::test]
async fn second_factors_are_looked_up_behind_a_good_password_and_none_is_taken_for_granted() {
    let bench = Bench::new().await;
    let rooms = bench.rooms_on(&Stores {
        second_factors: down().second_factors,
        ..bench.stores.clone()
    });
    let wrong = sign_in(&rooms, "alice", "wrong").await;
    assert_bad(wrong, Some("alice"));
    assert_bad(sign_in(&rooms, "nobody", PASSWORD).await, None);
    let came = sign_in(&rooms, "alice", PASSWORD).await;
    let Err(SignInError::Store(StoreError::Unavailable(_))) = came else {
        panic!("{came:?}");
    };
}

#[tokio::test]
async fn where_only_a_password_can_be_shown_an_owner_with_a_second_factor_guesses() {
    let bench = Bench::new().await;
    let factor = SecondFactor {
        owner: "alice".to_owned(),
        secret: "sealed:AAAA".to_owned(),
        enrolled_at: bench.clock.now(),
        last_step: None,
        recovery_codes: Vec::new(),
    };
    let added = bench.stores.second_factors.add_second_factor(&factor).await;
    assert!(added.unwrap());
    let rooms = bench.rooms();
    let password = Secret::new(PASSWORD);
    for _ in 0..PER_PAIR {
        let shown = rooms.sign_in.check_password(&STRANGER, "alice", &password);
        assert!(shown.await.unwrap().needs_second_factor);
        match sign_in(&rooms, "alice", PASSWORD).await {
            Err(SignInError::SecondFactorNeeded { owner }) => assert_eq!(owner, "alice"),
            other => panic!("{other:?}"),
        }
    }
    throttled(sign_in(&rooms, "alice", PASSWORD).await);
}
