//! Reading requests and writing answers: what all endpoints have in common.

pub(crate) mod administrator;
pub(crate) mod announced;
pub(crate) mod answers;
pub(crate) mod application_form;
pub(crate) mod approval_page;
pub(crate) mod authorization_steps;
pub(crate) mod basic_sign_in;
pub(crate) mod bearer_token;
pub(crate) mod caller;
pub(crate) mod client_authentication;
pub(crate) mod client_card;
pub(crate) mod container_errors;
pub(crate) mod cookie_values;
pub(crate) mod cross_origin;
pub(crate) mod current_request;
pub(crate) mod form;
pub(crate) mod form_error;
pub(crate) mod json_body;
pub(crate) mod known_browser;
pub(crate) mod named_request;
pub(crate) mod new_password;
pub(crate) mod new_session;
pub(crate) mod page_frame;
pub(crate) mod passkey_offer;
#[cfg(feature = "passkeys")]
pub(crate) mod passkey_refusal;
pub(crate) mod refusal_pages;
#[cfg(test)]
mod refusal_snapshots;
pub(crate) mod refusals;
pub(crate) mod registration_refusals;
pub(crate) mod second_factor_refusal;
pub(crate) mod security_headers;
pub(crate) mod servlet_form;
pub(crate) mod session_cookie;
pub(crate) mod sign_in_events;
pub(crate) mod sign_in_page;
pub(crate) mod sign_in_refusal;
pub(crate) mod spring_refusals;
pub(crate) mod token_length;
pub(crate) mod token_questions;
pub(crate) mod visitor;
pub(crate) mod way_back;
pub(crate) mod xml_answers;
