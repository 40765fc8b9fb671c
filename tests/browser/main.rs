//! The pages in a real browser: what cookies, the content security policy, CORS and layout do is known
//! only there. Which store is below cannot matter here.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a JSON member that is absent is null, and a test may fail"
)]

mod forms;
mod journey;
mod layout;
mod person;
mod script_page;

/// Every photo of the page has been loaded and drawn.
const PHOTOS_ARE_DRAWN: &str = "document.querySelectorAll('.photo img').length > 0 && \
    [...document.querySelectorAll('.photo img')].every(image => { image.loading = 'eager'; return image.naturalWidth > 0; })";
