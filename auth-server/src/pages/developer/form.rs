//! The form of an application: for a new one, and for one that is there.

use askama::Template;

use super::fault::FieldFault;
use crate::pages::frame::Frame;
use crate::pages::place::Menu;

/// What somebody typed into a field, and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldValue {
    /// As it was typed.
    pub text: String,
    /// All that is wrong with it.
    pub faults: Vec<FieldFault>,
}

/// A grant that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantChoice {
    /// As in RFC 6749.
    pub name: &'static str,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// A scope that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeBox {
    /// As in a request.
    pub name: String,
    /// What it permits, in words; may be empty.
    pub description: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// All that an application is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApplicationForm {
    /// Its name for people.
    pub client_name: FieldValue,
    /// Where people read about it.
    pub client_uri: FieldValue,
    /// Where browsers may be sent, one a line.
    pub redirect_uris: FieldValue,
    /// Its picture.
    pub logo_uri: FieldValue,
    /// What it does with data.
    pub policy_uri: FieldValue,
    /// Its terms of service.
    pub tos_uri: FieldValue,
    /// Who answers for it, one a line.
    pub contacts: FieldValue,
    /// What it may use.
    pub grants: Vec<GrantChoice>,
    /// What is wrong with that.
    pub grant_faults: Vec<FieldFault>,
    /// What it may ask for.
    pub scopes: Vec<ScopeBox>,
    /// What is wrong with that.
    pub scope_faults: Vec<FieldFault>,
    /// Whether it cannot keep a secret; `None` where that is decided.
    pub is_public: Option<bool>,
}

/// A field of the form, as its template wants it.
pub(super) struct Shown<'a> {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) hint: &'static str,
    pub(super) value: &'a FieldValue,
    pub(super) kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Address,
    Lines,
}

impl Shown<'_> {
    pub(super) fn is_lines(&self) -> bool {
        self.kind == Kind::Lines
    }

    pub(super) fn is_address(&self) -> bool {
        self.kind == Kind::Address
    }

    pub(super) fn is_required(&self) -> bool {
        self.name == "client_name"
    }
}

impl ApplicationForm {
    /// Whether anything is wrong.
    pub fn is_refused(&self) -> bool {
        let lists = [&self.grant_faults, &self.scope_faults];
        let fields = self.main_fields().into_iter().chain(self.more_fields());
        let mut faults = fields.map(|field| &field.value.faults).chain(lists);
        faults.any(|faults| !faults.is_empty())
    }

    /// Whether anything stands in the fields that few fill in.
    pub(super) fn says_more(&self) -> bool {
        let is_used = |field: Shown<'_>| !field.value.text.is_empty();
        self.more_fields().into_iter().any(is_used)
    }

    pub(super) fn main_fields(&self) -> [Shown<'_>; 3] {
        [
            Shown {
                name: "client_name",
                label: "developer-client-name",
                hint: "developer-client-name-hint",
                value: &self.client_name,
                kind: Kind::Text,
            },
            Shown {
                name: "client_uri",
                label: "developer-client-uri",
                hint: "developer-client-uri-hint",
                value: &self.client_uri,
                kind: Kind::Address,
            },
            Shown {
                name: "redirect_uris",
                label: "developer-redirect-uris",
                hint: "developer-redirect-uris-hint",
                value: &self.redirect_uris,
                kind: Kind::Lines,
            },
        ]
    }

    pub(super) fn more_fields(&self) -> [Shown<'_>; 4] {
        let address = |name, label, hint, value| Shown {
            name,
            label,
            hint,
            value,
            kind: Kind::Address,
        };
        let contacts = Shown {
            name: "contacts",
            label: "developer-contacts",
            hint: "developer-contacts-hint",
            value: &self.contacts,
            kind: Kind::Lines,
        };
        let hint = "developer-logo-uri-hint";
        [
            address("logo_uri", "developer-logo-uri", hint, &self.logo_uri),
            address("policy_uri", "developer-policy-uri", "", &self.policy_uri),
            address("tos_uri", "developer-tos-uri", "", &self.tos_uri),
            contacts,
        ]
    }
}

impl GrantChoice {
    pub(super) fn label(&self, frame: &Frame<'_>) -> String {
        frame.words.say(match self.name {
            "client_credentials" => "developer-grant-client-credentials",
            "refresh_token" => "developer-grant-refresh-token",
            _ => "developer-grant-authorization-code",
        })
    }
}

/// Asks for a new application.
#[derive(Clone, Debug)]
pub struct ApplicationFormPage {
    /// Whose pages they are.
    pub menu: Menu,
    /// Bound to the session.
    pub csrf_token: String,
    /// Tells two sendings of one form from two forms.
    pub once: String,
    /// Whether an administrator has to let it in.
    pub waits_for_approval: bool,
    /// What was typed so far.
    pub form: ApplicationForm,
}

impl ApplicationFormPage {
    /// The page as HTML.
    pub fn render(&self, frame: &Frame<'_>) -> Result<String, askama::Error> {
        frame.write(
            "developer_new",
            &FormTemplate {
                page: self,
                form: &self.form,
                menu: &self.menu,
                frame,
            },
        )
    }
}

#[derive(Template)]
#[template(path = "developer/new.html")]
struct FormTemplate<'a> {
    page: &'a ApplicationFormPage,
    form: &'a ApplicationForm,
    menu: &'a Menu,
    frame: &'a Frame<'a>,
}
