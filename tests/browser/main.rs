//! The pages in a real browser: what cookies, the content security policy, CORS and layout do is known
//! only there. Which store is below cannot matter here.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a JSON member that is absent is null, and a test may fail"
)]

mod accessibility;
mod forms;
mod inspector;
mod issuer_path;
mod journey;
mod layout;
mod newcomer;
mod other_sites;
mod passkeys;
mod pictures;
mod readme;
mod script_page;
mod twice;
