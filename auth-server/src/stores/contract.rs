//! The contract: one list of rules, held against every store.
//!
//! A rule is a function that is given a [`Bench`]; its name says what must hold. The lists at the end
//! of the rules' files become one test for each store.

mod bench;
mod bound_codes;
mod client_lists;
mod cluster;
mod codes_and_grants;
mod damage;
mod ended_jwts;
mod given;
mod habits;
mod issuers;
mod journal;
mod keys;
mod one_time_links;
mod owner_addresses;
mod owner_sessions;
mod passkeys;
mod refresh;
mod registrations;
mod samples;
mod search;
mod second_factors;
mod sessions;
mod sign_ups;
#[cfg(feature = "sql")]
mod spring_tables;
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

/// Makes a test for each database in which somebody else keeps registrations: all rules, one after the other, because
/// a database takes its time to start.
macro_rules! hold_against_every_database {
    ($($rule:ident),+ $(,)?) => {
        hold_against_every_database!(@database sqlite, $($rule),+);
        hold_against_every_database!(@database postgresql, $($rule),+);
        hold_against_every_database!(@database mariadb, $($rule),+);
    };
    (@database $database:ident, $($rule:ident),+) => {
        #[cfg(feature = "sql")]
        mod $database {
            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn every_rule_holds_in_the_tables_of_a_spring_server() {
                let bench = crate::stores::contract::bench::Bench::$database().await;
                $(
                    super::$rule(&bench).await;
                    bench.clear_tables().await;
                )+
            }
        }
    };
}
use hold_against_every_database;

pub(crate) use samples::{
    Samples, code_ids, new_answer, new_code_id, new_session, owner, replayed, shown,
};
