//! The rules of the logic, one test per outcome, without HTTP: on a store in memory with a clock that tests
//! move, put together from public items only.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod assembly;
mod bench;
mod key_ports;
mod ports;
mod rooms;
mod samples;

mod access_of_client;
mod approvals;
mod authorization_code;
mod authorization_requests;
mod checking;
mod client_authentication;
mod direct_grants;
mod ended_access;
mod habits;
mod implicit;
mod java_reads;
mod java_streams;
mod keys;
mod legacy_tokens;
mod lost_keys;
mod refresh;
mod registration;
mod registries;
mod rehash;
mod reload;
mod reuse;
mod revocation;
mod self_registration;
mod sessions;
mod sign_in;
mod waiting;
