//! What a person sees: pages that are rendered here and need no script, but for passkeys, which browsers give to scripts alone.
//!
//! Each page is a plain struct; [`render`](LoginPage::render) writes it in a [`Language`]. Nothing is
//! inline, so the pages work under a policy as strict as
//! `default-src 'none'; style-src 'self'; img-src 'self'`. What is written by others (the name of a
//! client, a user name, the description of an error) is escaped.
//!
//! The forms of the approval page carry the names that pages and scripts of Spring's built-in page
//! look for.

mod account;
mod administration;
mod approval;
mod brand;
mod client_card;
mod colour;
mod developer;
mod error;
mod forgotten;
mod frame;
mod home;
mod language;
mod late_form;
mod login;
mod login_code;
mod logout;
mod mail;
mod moment;
mod overrides;
mod pieces;
mod place;
#[cfg(test)]
mod samples;
mod sign_up;
mod signed_out;
#[cfg(test)]
mod tests;
mod trial;
mod way_back;
mod words;

pub use account::{
    AccountPage, ApplicationsPage, EmailPage, EmailRefusal, EmailState, GrantedApplication,
    OpenSession, PasskeyFault, PasskeyLine, PasskeyList, PasskeyNotice, PasskeysPage,
    PasskeysState, PasswordPage, PasswordRefusal, PasswordState, SecondFactorFault,
    SecondFactorPage, SecondFactorSetUp, SecondFactorState, SecondFactorSubject, SessionsPage,
};
pub use administration::{
    AccountLine, AccountsPage, AdministeredAccessPage, AdministeredAccountPage,
    AdministeredApplicationPage, AdministeredApplicationsPage, AdministeredJournalPage,
    AdministeredKeysPage, AdministeredSettingsPage, AdministrationNotice, ApplicationLinks,
    EventFact, EventLine, FoundAccess, FoundEvents, GrantLine, HabitClient, HabitKind,
    HabitSection, JournalFault, JournalField, KeyLine, KeyState, NewPasswordPage, NotInvited,
    SettingGroup, SettingLine, SunsetPage,
};
pub use approval::{ApprovalPage, Lasting, Memory, ScopeChoice};
pub use brand::{Brand, FooterLink, LinkText, Logo};
pub use client_card::{CardLink, CardRegistration, ClientCard};
pub use colour::{Colour, ColourError};
pub use developer::{
    ApplicationActivity, ApplicationForm, ApplicationFormPage, ApplicationLine, ApplicationPage,
    ApplicationState, DeveloperNotice, DeveloperPage, FaultKind, FieldFault, FieldValue,
    GrantChoice, HeldAccess, RefusalLine, RegisteredPage, ScopeBox,
};
pub use error::{ErrorPage, Occurrence};
pub use forgotten::{ForgottenPage, ResetPage, ResetState};
pub use frame::{CHOICE, Frame};
pub use home::HomePage;
pub use language::Language;
pub use late_form::{KeptField, LateFormPage};
pub use login::{ClientAtSignIn, LoginNotice, LoginPage};
pub use login_code::{CodeNotice, LoginCodePage};
pub use logout::LogoutPage;
pub use mail::{AccountInMail, InvitationMail, PasswordResetMail, ResetReason, SignUpMail};
pub use overrides::{LAYOUT_HTML, OverrideFile, Overrides};
pub use place::{Menu, Place};
pub use sign_up::{
    AccountNameRefusal, SignUpFinishPage, SignUpFinishState, SignUpPage, SignUpState,
};
pub use signed_out::SignedOutPage;
pub use trial::read_templates;
pub use way_back::WayBack;

/// The style sheet of all pages in our own colours; [`Brand::style_sheet`] is what is served.
pub const STYLE_CSS: &str = include_str!("pages/templates/style.css");

/// The script of the pages that ask for passkeys, and of no others.
pub const PASSKEYS_JS: &str = include_str!("pages/templates/passkeys.js");

/// The icon that all pages link, served at `/icon.svg` as `image/svg+xml`.
pub const ICON_SVG: &str = include_str!("pages/templates/icon.svg");
