//! The pages where developers register applications.

mod application;
mod fault;
mod form;
mod list;
mod registered;

pub use application::{ApplicationActivity, ApplicationPage, HeldAccess, RefusalLine};
pub use fault::{FaultKind, FieldFault};
pub use form::{ApplicationForm, ApplicationFormPage, FieldValue, GrantChoice, ScopeBox};
pub use list::{ApplicationLine, ApplicationState, DeveloperNotice, DeveloperPage};
pub use registered::RegisteredPage;
