//! The form of an application: what was typed as wishes, and wishes as a form.

use symbolon::parameters::Parameters;
use symbolon::scope::Scope;
use symbolon::token::GrantType;

use crate::administration;
use crate::clients::redirect_uri::RedirectUriFault;
use crate::clients::self_registration::{
    RegistrationPolicy, WishFault, WishField, WishProblem, Wishes,
};
use crate::pages::{
    ApplicationForm, ApplicationState, FaultKind, FieldFault, FieldValue, GrantChoice, Language,
    ScopeBox,
};
use crate::records::{ClientRegistration, LONGEST_NAME, NameFault};
use crate::scopes::ScopeDescriptions;
use crate::server::Server;

/// What an application may be, and what that means to people.
#[derive(Clone, Copy)]
pub(crate) struct Offer<'a> {
    pub(crate) policy: &'a RegistrationPolicy,
    pub(crate) scopes: &'a ScopeDescriptions,
    pub(crate) language: Language,
}

impl<'a> Offer<'a> {
    /// What this server lets be, in this language.
    pub(crate) fn of(server: &'a Server, language: Language) -> Self {
        Self {
            policy: &server.registration.policy,
            scopes: &server.scopes,
            language,
        }
    }
}

/// What a form says, and what is wrong with it.
#[derive(Clone, Copy)]
pub(crate) struct FilledIn<'a> {
    pub(crate) wishes: &'a Wishes,
    pub(crate) faults: &'a [WishFault],
}

impl<'a> FilledIn<'a> {
    /// A form that nothing is wrong with.
    pub(crate) const fn without_faults(wishes: &'a Wishes) -> Self {
        Self {
            wishes,
            faults: &[],
        }
    }
}

/// What is wrong, for the journal: fields and rules, never what was typed.
pub(crate) fn rules_of(faults: &[WishFault]) -> String {
    let rules: Vec<String> = faults.iter().map(WishFault::rule).collect();
    rules.join("; ")
}

/// How an application stands, for a page.
pub(crate) const fn state(client: &ClientRegistration) -> ApplicationState {
    match administration::ApplicationState::of(client) {
        administration::ApplicationState::Active => ApplicationState::Active,
        administration::ApplicationState::Awaiting => ApplicationState::Awaiting,
        administration::ApplicationState::Suspended => ApplicationState::Suspended,
    }
}

/// Reads what somebody typed.
pub(crate) fn typed(form: &mut Parameters, policy: &RegistrationPolicy) -> Wishes {
    let is_chosen = |form: &mut Parameters, name: &str| form.take(name).as_deref() == Some("true");
    let grants = policy.grant_types.iter().copied();
    let grants = grants.filter(|grant| is_chosen(form, &format!("grant.{}", grant.as_str())));
    let grant_types = grants.collect();
    let scopes = policy.scope.names().map(str::to_owned);
    let scopes: Vec<String> = scopes
        .filter(|name| is_chosen(form, &format!("scope.{name}")))
        .collect();
    let text = |form: &mut Parameters, name: &str| {
        let text = form.take(name).unwrap_or_default();
        text.trim().to_owned()
    };
    let address =
        |form: &mut Parameters, name: &str| Some(text(form, name)).filter(|text| !text.is_empty());
    Wishes {
        client_name: text(form, "client_name"),
        redirect_uris: lines(&text(form, "redirect_uris")),
        grant_types,
        scope: Scope::try_from(scopes).unwrap_or_default(),
        is_public: form.take("client_type").as_deref() == Some("public"),
        client_uri: address(form, "client_uri"),
        logo_uri: address(form, "logo_uri"),
        policy_uri: address(form, "policy_uri"),
        tos_uri: address(form, "tos_uri"),
        contacts: lines(&text(form, "contacts")),
    }
}

fn lines(text: &str) -> Vec<String> {
    let lines = text.lines().map(str::trim);
    lines
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The form that says it, with what is wrong beside the fields. Of an application that is there its kind is not asked.
pub(crate) fn shown(filled_in: FilledIn<'_>, offer: Offer<'_>, is_new: bool) -> ApplicationForm {
    let FilledIn { wishes, faults } = filled_in;
    let of = |field| faults_of(faults, field);
    let value = |text: &str, field| FieldValue {
        text: text.to_owned(),
        faults: of(field),
    };
    let address = |uri: &Option<String>, field| value(uri.as_deref().unwrap_or_default(), field);
    ApplicationForm {
        client_name: value(&wishes.client_name, WishField::Name),
        client_uri: address(&wishes.client_uri, WishField::ClientUri),
        redirect_uris: value(&wishes.redirect_uris.join("\n"), WishField::RedirectUris),
        logo_uri: address(&wishes.logo_uri, WishField::LogoUri),
        policy_uri: address(&wishes.policy_uri, WishField::PolicyUri),
        tos_uri: address(&wishes.tos_uri, WishField::TosUri),
        contacts: value(&wishes.contacts.join("\n"), WishField::Contacts),
        grants: grants(wishes, offer.policy),
        grant_faults: of(WishField::GrantTypes),
        scopes: scopes(wishes, offer),
        scope_faults: of(WishField::Scope),
        is_public: is_new.then_some(wishes.is_public),
    }
}

/// An empty form: what most applications are.
pub(crate) fn usual(policy: &RegistrationPolicy) -> Wishes {
    let usual = [GrantType::AuthorizationCode, GrantType::RefreshToken];
    let given = usual.into_iter();
    Wishes {
        grant_types: given
            .filter(|grant| policy.grant_types.contains(grant))
            .collect(),
        ..Wishes::default()
    }
}

fn grants(wishes: &Wishes, policy: &RegistrationPolicy) -> Vec<GrantChoice> {
    let offered = [
        (GrantType::AuthorizationCode, "authorization_code"),
        (GrantType::RefreshToken, "refresh_token"),
        (GrantType::ClientCredentials, "client_credentials"),
    ];
    let given = offered
        .into_iter()
        .filter(|(grant, _)| policy.grant_types.contains(grant));
    let choice = |(grant, name)| GrantChoice {
        name,
        chosen: wishes.grant_types.contains(&grant),
    };
    given.map(choice).collect()
}

fn scopes(wishes: &Wishes, offer: Offer<'_>) -> Vec<ScopeBox> {
    let one = |name: &str| {
        let description = offer.scopes.describe(name, offer.language.tag());
        ScopeBox {
            name: name.to_owned(),
            // What nothing is known of is described by its name.
            description: Some(description)
                .filter(|it| it != name)
                .unwrap_or_default(),
            chosen: wishes.scope.contains(name),
        }
    };
    offer.policy.scope.names().map(one).collect()
}

fn faults_of(faults: &[WishFault], field: WishField) -> Vec<FieldFault> {
    let of_field = faults.iter().filter(|fault| fault.field == field);
    of_field.map(|fault| in_words(&fault.what)).collect()
}

fn in_words(what: &WishProblem) -> FieldFault {
    let (kind, about) = match what {
        WishProblem::Name(fault) => name_fault(*fault),
        WishProblem::RedirectUri { uri, fault } => (redirect_fault(fault), uri.clone()),
        WishProblem::ControlCharacter => (FaultKind::ControlCharacter, String::new()),
        WishProblem::PlainHttp(uri) => (FaultKind::PlainHttp, uri.clone()),
        WishProblem::SchemeOfNobody(uri) => (FaultKind::SchemeOfNobody, uri.clone()),
        WishProblem::Link(uri) => (FaultKind::Link, uri.clone()),
        WishProblem::TooMany(most) => (FaultKind::TooMany, most.to_string()),
        WishProblem::TooLong(most) => (FaultKind::TooLong, most.to_string()),
        WishProblem::NoRedirectUri => (FaultKind::NoRedirectUri, String::new()),
        WishProblem::NoGrant => (FaultKind::NoGrant, String::new()),
        WishProblem::Grant(name) => (FaultKind::GrantNotGiven, name.clone()),
        WishProblem::RefreshAlone => (FaultKind::RefreshAlone, String::new()),
        WishProblem::GrantNeedsSecret(name) => (FaultKind::GrantNeedsSecret, name.clone()),
        WishProblem::NoScope => (FaultKind::NoScope, String::new()),
        WishProblem::Scope(name) => (FaultKind::ScopeNotGiven, name.clone()),
    };
    FieldFault { kind, about }
}

/// What is wrong with a name, in words, and what that is about.
pub(crate) fn name_fault(fault: NameFault) -> (FaultKind, String) {
    match fault {
        NameFault::Empty => (FaultKind::Empty, String::new()),
        NameFault::BlankAtAnEnd => (FaultKind::BlankAtAnEnd, String::new()),
        NameFault::Unseen(unseen) => {
            let number = u32::from(unseen);
            (FaultKind::Unseen, format!("U+{number:04X}"))
        }
        NameFault::TooLong(_) => (FaultKind::TooLong, LONGEST_NAME.to_string()),
    }
}

const fn redirect_fault(fault: &RedirectUriFault) -> FaultKind {
    match fault {
        RedirectUriFault::Address(_) => FaultKind::NoAddress,
        RedirectUriFault::Relative => FaultKind::Relative,
        RedirectUriFault::Fragment => FaultKind::Fragment,
        RedirectUriFault::Pattern => FaultKind::Pattern,
        RedirectUriFault::Scheme(_) => FaultKind::Scheme,
        RedirectUriFault::NameOfAnswer(_) => FaultKind::NameOfAnswer,
    }
}
