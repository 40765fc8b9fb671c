//! The rules that a cluster could break: whatever leaves its slot is refused there.

use super::bench::Bench;
use super::{
    bound_codes, client_lists, codes_and_grants, given, habits, keys, one_time_links,
    owner_addresses, owner_sessions, passkeys, refresh, registrations, search, sessions, sign_ups,
    tokens,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn in_a_cluster_nothing_leaves_its_slot() {
    let bench = Bench::redis_cluster().await;
    // First: it wants to see nothing that others gave.
    given::what_an_owner_gave_is_listed_until_it_ends(&bench).await;
    codes_and_grants::a_code_is_good_for_one_redemption(&bench).await;
    bound_codes::a_code_stays_as_it_is_for_whoever_shows_something_else(&bench).await;
    codes_and_grants::what_was_there_when_a_code_was_exchanged_is_remembered_with_it(&bench).await;
    codes_and_grants::the_tokens_of_a_code_are_good_when_they_were_issued(&bench).await;
    codes_and_grants::revoking_a_grant_ends_every_token_of_it_and_no_other(&bench).await;
    codes_and_grants::whatever_races_with_a_revocation_no_token_survives_it(&bench).await;
    tokens::revoking_one_access_token_leaves_the_others(&bench).await;
    tokens::many_who_ask_for_the_same_tokens_get_the_same(&bench).await;
    refresh::rotation_replaces_the_token_and_ends_earlier_access_tokens(&bench).await;
    refresh::of_many_who_rotate_one_wins_and_all_get_its_successor(&bench).await;
    refresh::a_token_whose_successor_was_used_ends_the_family(&bench).await;
    refresh::a_token_that_was_used_long_ago_ends_the_family(&bench).await;
    sessions::a_renewed_session_takes_over_what_waits_and_the_old_one_ends(&bench).await;
    owner_sessions::the_sessions_of_an_owner_are_listed_until_they_end(&bench).await;
    sessions::a_deleted_session_is_gone_with_what_waits_in_it(&bench).await;
    sessions::of_many_who_answer_a_request_one_does_and_the_others_learn_how(&bench).await;
    sessions::names_with_any_character_are_told_apart(&bench).await;
    keys::keys_are_listed_by_age_then_name(&bench).await;
    client_lists::a_client_is_in_the_lists_that_its_registration_says_now(&bench).await;
    owner_addresses::an_owner_is_found_where_the_registration_says_now(&bench).await;
    sign_ups::of_many_who_use_one_link_one_gets_an_account(&bench).await;
    sign_ups::a_name_that_is_taken_uses_no_link_up(&bench).await;
    registrations::of_many_who_remove_a_registration_one_does(&bench).await;
    passkeys::of_many_who_replace_the_same_one_does(&bench).await;
    one_time_links::of_many_who_use_a_link_one_does(&bench).await;
    registrations::names_with_any_character_are_told_apart(&bench).await;
    habits::the_later_time_counts_and_uses_of_one_day_add_up(&bench).await;
    // Last: they move the clock.
    refresh::renewal_keeps_the_refresh_token_and_ends_earlier_access_tokens(&bench).await;
    owner_sessions::that_a_session_was_seen_is_kept_and_brings_none_back(&bench).await;
    bench.assert_nothing_is_kept_for_ever().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn in_a_cluster_what_is_searched_for_is_found_in_all_slots() {
    let bench = Bench::redis_cluster().await;
    search::what_a_client_holds_is_found_until_it_ends(&bench).await;
    search::approvals_of_all_owners_are_forgotten_for_one_client(&bench).await;
}
