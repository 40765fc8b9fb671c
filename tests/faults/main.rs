//! What breaks under way, what is started twice or again, and what operators get wrong.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a JSON member that is absent is null, and a test may fail"
)]

mod access;
mod administration;
mod authorization_server_down;
mod balancer;
mod commands;
mod damaged_records;
mod database_down;
mod directory_down;
mod disk_full;
mod draining;
mod first_start;
mod floods;
mod hang_ups;
mod healthcheck;
mod leaving_spring;
mod migration;
mod odd_files;
mod processes;
mod redis_down;
mod redis_emptied;
mod rehash;
mod reload;
mod restart;
mod rolling_update;
mod secret_file;
mod settings;
mod settings_of_services;
mod shadow;
mod shadow_tls;
mod three_ways;
mod twins;
mod two_servers;
