//! The contract: one list of rules, held against every store.
//!
//! A rule is a function that is given a [`Bench`]; its name says what must hold. The lists at the end
//! of the rules' files become one test for each store.

mod bench;
mod codes_and_grants;
mod keys;
mod refresh;
mod samples;
mod sessions;
mod tokens;

/// Makes a test of each rule for each store: `embedded::…`, `in_memory::…`, `redis::…`.
macro_rules! hold_against_every_store {
    ($($rule:ident),+ $(,)?) => {
        hold_against_every_store!(@store embedded, $($rule),+);
        hold_against_every_store!(@store in_memory, $($rule),+);
        hold_against_every_store!(@store redis, $($rule),+);
    };
    (@store $store:ident, $($rule:ident),+) => {
        mod $store {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
                async fn $rule() {
                    let bench = crate::stores::contract::bench::Bench::$store().await;
                    super::$rule(&bench).await;
                    bench.assert_nothing_is_kept_for_ever().await;
                }
            )+
        }
    };
}
use hold_against_every_store;

pub(crate) use samples::{Samples, code_ids};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn in_a_cluster_nothing_leaves_its_slot() {
    let bench = bench::Bench::redis_cluster().await;
    codes_and_grants::a_code_is_good_for_one_redemption(&bench).await;
    codes_and_grants::the_tokens_of_a_code_are_good_when_they_were_issued(&bench).await;
    codes_and_grants::revoking_a_grant_ends_every_token_of_it_and_no_other(&bench).await;
    codes_and_grants::whatever_races_with_a_revocation_no_token_survives_it(&bench).await;
    tokens::revoking_one_access_token_leaves_the_others(&bench).await;
    tokens::many_who_ask_for_the_same_tokens_get_the_same(&bench).await;
    refresh::rotation_replaces_the_token_and_ends_earlier_access_tokens(&bench).await;
    refresh::of_many_who_rotate_one_wins_and_all_get_its_successor(&bench).await;
    refresh::a_token_whose_successor_was_used_ends_the_family(&bench).await;
    sessions::a_renewed_session_takes_over_what_waits_and_the_old_one_ends(&bench).await;
    sessions::a_deleted_session_is_gone_with_what_waits_in_it(&bench).await;
    sessions::of_many_who_take_a_request_one_gets_it(&bench).await;
    sessions::names_with_any_character_are_told_apart(&bench).await;
    keys::keys_are_listed_by_age_then_name(&bench).await;
    // Last: it moves the clock.
    refresh::renewal_keeps_the_refresh_token_and_ends_earlier_access_tokens(&bench).await;
    bench.assert_nothing_is_kept_for_ever().await;
}
