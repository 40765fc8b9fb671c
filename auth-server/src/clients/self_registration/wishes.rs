//! What whoever registers a client wants, and what is wrong with it: typed, so that a page says it in the language of
//! the person, beside the field.

use std::collections::BTreeSet;
use std::fmt;

use symbolon::calls::is_loopback;
use symbolon::scope::Scope;
use symbolon::token::GrantType;
use symbolon_service::settings::{AddressError, read_http_address, shown};
use url::Url;

use crate::clients::redirect_uri::{self, RedirectUriFault};
use crate::records::{ClientRegistration, NameFault, name_faults};

/// Addresses of one client at most, and contacts.
pub const MOST_ENTRIES: usize = 20;
/// Bytes of an address at most.
pub const LONGEST_ADDRESS: usize = 2048;

/// What somebody wants a client to be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    /// Its name for people.
    pub client_name: String,
    /// Where browsers may be sent.
    pub redirect_uris: Vec<String>,
    /// What it may use.
    pub grant_types: BTreeSet<GrantType>,
    /// What it may ask for.
    pub scope: Scope,
    /// Whether it cannot keep a secret.
    pub is_public: bool,
    /// Where people read about it.
    pub client_uri: Option<String>,
    /// Its picture.
    pub logo_uri: Option<String>,
    /// What it does with data.
    pub policy_uri: Option<String>,
    /// Its terms of service.
    pub tos_uri: Option<String>,
    /// Who answers for it.
    pub contacts: Vec<String>,
}

/// What may be wished for. It is less than an operator may give.
#[derive(Clone, Debug)]
pub struct RegistrationPolicy {
    /// Grants.
    pub grant_types: BTreeSet<GrantType>,
    /// Scopes.
    pub scope: Scope,
    /// Where tokens are good.
    pub resource_ids: Vec<String>,
    /// Whether an administrator has to let a client in.
    pub approval_required: bool,
    /// Clients of one owner.
    pub most_per_owner: usize,
    /// How long a secret is good after it was replaced, in seconds.
    pub secret_overlap_secs: u64,
}

/// A part of what is wished for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WishField {
    /// `client_name`.
    Name,
    /// `redirect_uris`.
    RedirectUris,
    /// `grant_types`.
    GrantTypes,
    /// `scope`.
    Scope,
    /// `client_uri`.
    ClientUri,
    /// `logo_uri`.
    LogoUri,
    /// `policy_uri`.
    PolicyUri,
    /// `tos_uri`.
    TosUri,
    /// `contacts`.
    Contacts,
}

impl WishField {
    /// Its name in RFC 7591.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "client_name",
            Self::RedirectUris => "redirect_uris",
            Self::GrantTypes => "grant_types",
            Self::Scope => "scope",
            Self::ClientUri => "client_uri",
            Self::LogoUri => "logo_uri",
            Self::PolicyUri => "policy_uri",
            Self::TosUri => "tos_uri",
            Self::Contacts => "contacts",
        }
    }
}

/// Something that is wrong with what is wished for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WishFault {
    /// Where.
    pub field: WishField,
    /// What.
    pub what: WishProblem,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WishProblem {
    /// People could not read it, type it or tell it from another.
    Name(NameFault),
    /// It holds a character that cannot be seen and would forge lines.
    ControlCharacter,
    /// A redirect URI that cannot be registered by anybody.
    RedirectUri {
        /// The URI.
        uri: String,
        /// What is wrong with it.
        fault: RedirectUriFault,
    },
    /// Codes would travel where others can read them.
    PlainHttp(String),
    /// Any other program can take that scheme.
    SchemeOfNobody(String),
    /// It is not on the web over TLS, and people are to follow it.
    Link(String),
    /// More entries than that.
    TooMany(usize),
    /// An entry of more bytes than that.
    TooLong(usize),
    /// A grant that redirects has no place to redirect to.
    NoRedirectUri,
    /// It may use nothing.
    NoGrant,
    /// A grant that is not given to whoever registers.
    Grant(String),
    /// Refresh tokens come with codes.
    RefreshAlone,
    /// Who cannot keep a secret cannot act for itself.
    GrantNeedsSecret(String),
    /// It could ask for nothing.
    NoScope,
    /// A scope that is not given to whoever registers.
    Scope(String),
}

const PLAIN_HTTP: &str =
    "codes travel where others can read them; accepted: https, or http on the user's own machine";
const SCHEME_OF_NOBODY: &str = "any other program can take that scheme; accepted: a domain name of yours in reverse, as \
                                com.example.app:/callback";
const NO_LINK: &str = "nobody is sent there; accepted: https://...";
const NOT_GIVEN: &str = "it is not given here";
const NEEDS_SECRET: &str = "a client without a secret may not have it";

impl WishFault {
    /// The same without what was sent: the field, and the rule that it breaks.
    pub fn rule(&self) -> String {
        let rule = match &self.what {
            WishProblem::Name(NameFault::BlankAtAnEnd) => "has a blank at an end",
            WishProblem::Name(NameFault::Unseen(_)) => "holds a character that nobody sees",
            WishProblem::Name(NameFault::TooLong(_)) => "is too long",
            WishProblem::ControlCharacter => "holds a control character",
            WishProblem::RedirectUri { fault, .. } => rule_of_redirect(fault),
            WishProblem::PlainHttp(_) => PLAIN_HTTP,
            WishProblem::SchemeOfNobody(_) => SCHEME_OF_NOBODY,
            WishProblem::Link(_) => NO_LINK,
            WishProblem::TooMany(_) => "has too many entries",
            WishProblem::TooLong(_) => "holds an entry that is too long",
            WishProblem::NoRedirectUri => "is empty; authorization_code needs one",
            WishProblem::Name(NameFault::Empty) | WishProblem::NoGrant | WishProblem::NoScope => {
                "is empty"
            }
            WishProblem::Grant(_) | WishProblem::Scope(_) => "holds one that is not given here",
            WishProblem::RefreshAlone => {
                "holds refresh_token without a grant that gives refresh tokens"
            }
            WishProblem::GrantNeedsSecret(_) => NEEDS_SECRET,
        };
        format!("{}: {rule}", self.field.as_str())
    }
}

const fn rule_of_redirect(fault: &RedirectUriFault) -> &'static str {
    match fault {
        RedirectUriFault::Address(_) => "holds what is no address",
        RedirectUriFault::Relative => "holds an address without a scheme",
        RedirectUriFault::Fragment => "holds an address with a fragment",
        RedirectUriFault::Pattern => "holds a pattern",
        RedirectUriFault::Scheme(_) => "holds a scheme that leads nowhere",
        RedirectUriFault::NameOfAnswer(_) => "holds a parameter of the answer",
    }
}

impl fmt::Display for WishFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let holds = |what: &str, why: &str| format!("holds {}: {why}", shown(what));
        let found = match &self.what {
            WishProblem::Name(fault) => {
                format!("{}; accepted: {}", fault.found(), fault.accepted())
            }
            WishProblem::ControlCharacter => "holds a control character".to_owned(),
            WishProblem::RedirectUri { uri, fault } => {
                holds(uri, &format!("{fault}; accepted: {}", fault.accepted()))
            }
            WishProblem::PlainHttp(uri) => holds(uri, PLAIN_HTTP),
            WishProblem::SchemeOfNobody(uri) => holds(uri, SCHEME_OF_NOBODY),
            WishProblem::Link(uri) => holds(uri, NO_LINK),
            WishProblem::TooMany(most) => format!("has more than {most} entries"),
            WishProblem::TooLong(most) => format!("holds an entry of more than {most} bytes"),
            WishProblem::NoRedirectUri => "is empty; authorization_code needs one".to_owned(),
            WishProblem::NoGrant | WishProblem::NoScope => "is empty".to_owned(),
            WishProblem::Grant(name) | WishProblem::Scope(name) => holds(name, NOT_GIVEN),
            WishProblem::RefreshAlone => {
                "holds refresh_token without a grant that gives refresh tokens".to_owned()
            }
            WishProblem::GrantNeedsSecret(name) => holds(name, NEEDS_SECRET),
        };
        write!(formatter, "{} {found}", self.field.as_str())
    }
}

impl Wishes {
    /// What the registration of a client says now.
    pub fn of(client: &ClientRegistration) -> Self {
        Self {
            client_name: client.client_name.clone(),
            redirect_uris: client.redirect_uris.clone(),
            grant_types: client.grant_types.iter().copied().collect(),
            scope: client.scope.clone(),
            is_public: client.client_secret.is_none(),
            client_uri: client.client_uri.clone(),
            logo_uri: client.logo_uri.clone(),
            policy_uri: client.policy_uri.clone(),
            tos_uri: client.tos_uri.clone(),
            contacts: client.contacts.clone(),
        }
    }

    /// All that is wrong with it, whoever wishes.
    pub fn faults(&self) -> Vec<WishFault> {
        let mut faults = Faults(Vec::new());
        self.check_name(&mut faults);
        self.check_redirect_uris(&mut faults);
        self.check_links(&mut faults);
        self.check_contacts(&mut faults);
        self.check_grants(&mut faults);
        if self.scope.is_empty() {
            faults.add(WishField::Scope, WishProblem::NoScope);
        }
        faults.0
    }

    /// The same, and all that is not given to somebody for whom this policy holds.
    pub fn faults_by(&self, policy: &RegistrationPolicy) -> Vec<WishFault> {
        let mut faults = Faults(self.faults());
        for grant in self.grant_types.difference(&policy.grant_types) {
            let grant = grant.as_str().to_owned();
            faults.add(WishField::GrantTypes, WishProblem::Grant(grant));
        }
        let scope = self.scope.names();
        for name in scope.filter(|name| !policy.scope.contains(name)) {
            faults.add(WishField::Scope, WishProblem::Scope(name.to_owned()));
        }
        faults.0
    }

    /// The registration that says it.
    pub fn written_into(&self, registration: ClientRegistration) -> ClientRegistration {
        let wishes = self.clone();
        ClientRegistration {
            client_name: wishes.client_name,
            redirect_uris: wishes.redirect_uris,
            grant_types: wishes.grant_types.into_iter().collect(),
            scope: wishes.scope,
            client_uri: wishes.client_uri,
            logo_uri: wishes.logo_uri,
            policy_uri: wishes.policy_uri,
            tos_uri: wishes.tos_uri,
            contacts: wishes.contacts,
            ..registration
        }
    }

    fn check_name(&self, faults: &mut Faults) {
        let name = &self.client_name;
        if name.trim().is_empty() {
            faults.add(WishField::Name, WishProblem::Name(NameFault::Empty));
            return;
        }
        if name.chars().any(char::is_control) {
            faults.add(WishField::Name, WishProblem::ControlCharacter);
        }
        for fault in name_faults(name) {
            faults.add(WishField::Name, WishProblem::Name(fault));
        }
    }

    fn check_redirect_uris(&self, faults: &mut Faults) {
        let field = WishField::RedirectUris;
        faults.bound(field, &self.redirect_uris);
        let redirects = self.grant_types.contains(&GrantType::AuthorizationCode);
        if redirects && self.redirect_uris.is_empty() {
            faults.add(field, WishProblem::NoRedirectUri);
        }
        for uri in self.redirect_uris.iter().take(MOST_ENTRIES) {
            if let Some(problem) = problem_of_redirect_uri(uri) {
                faults.add(field, problem);
            }
        }
    }

    fn check_links(&self, faults: &mut Faults) {
        for (field, uri) in [
            (WishField::ClientUri, &self.client_uri),
            (WishField::LogoUri, &self.logo_uri),
            (WishField::PolicyUri, &self.policy_uri),
            (WishField::TosUri, &self.tos_uri),
        ] {
            let Some(uri) = uri else { continue };
            if uri.len() > LONGEST_ADDRESS {
                faults.add(field, WishProblem::TooLong(LONGEST_ADDRESS));
            } else if !is_safe_link(uri) {
                faults.add(field, WishProblem::Link(uri.clone()));
            }
        }
    }

    fn check_contacts(&self, faults: &mut Faults) {
        let field = WishField::Contacts;
        faults.bound(field, &self.contacts);
        if self.contacts.concat().chars().any(char::is_control) {
            faults.add(field, WishProblem::ControlCharacter);
        }
    }

    fn check_grants(&self, faults: &mut Faults) {
        let field = WishField::GrantTypes;
        if self.grant_types.is_empty() {
            faults.add(field, WishProblem::NoGrant);
        }
        let has = |grant| self.grant_types.contains(&grant);
        let gives_refresh_tokens = |grant: &GrantType| match grant {
            GrantType::AuthorizationCode | GrantType::Password | GrantType::Extension(_) => true,
            GrantType::ClientCredentials | GrantType::Implicit | GrantType::RefreshToken => false,
        };
        let is_alone = !self.grant_types.iter().any(gives_refresh_tokens);
        if has(GrantType::RefreshToken) && is_alone {
            faults.add(field, WishProblem::RefreshAlone);
        }
        if self.is_public && has(GrantType::ClientCredentials) {
            let grant = GrantType::ClientCredentials.as_str().to_owned();
            faults.add(field, WishProblem::GrantNeedsSecret(grant));
        }
    }
}

struct Faults(Vec<WishFault>);

impl Faults {
    fn add(&mut self, field: WishField, what: WishProblem) {
        self.0.push(WishFault { field, what });
    }

    fn bound(&mut self, field: WishField, entries: &[String]) {
        if entries.len() > MOST_ENTRIES {
            self.add(field, WishProblem::TooMany(MOST_ENTRIES));
        }
        if entries.iter().any(|entry| entry.len() > LONGEST_ADDRESS) {
            self.add(field, WishProblem::TooLong(LONGEST_ADDRESS));
        }
    }
}

/// What operators are warned of is refused to everybody else.
fn problem_of_redirect_uri(uri: &str) -> Option<WishProblem> {
    if let Err(fault) = redirect_uri::check(uri) {
        let uri = uri.to_owned();
        return Some(WishProblem::RedirectUri { uri, fault });
    }
    let url = match Url::parse(uri) {
        Ok(url) => url,
        Err(error) => {
            let fault = RedirectUriFault::Address(AddressError::from(error));
            let uri = uri.to_owned();
            return Some(WishProblem::RedirectUri { uri, fault });
        }
    };
    match url.scheme() {
        "https" => None,
        "http" if is_loopback(&url) => None,
        "http" => Some(WishProblem::PlainHttp(uri.to_owned())),
        scheme if !scheme.contains('.') => Some(WishProblem::SchemeOfNobody(uri.to_owned())),
        _ => None,
    }
}

/// Whether people can be sent there, or shown a picture from there: over TLS, or on their own machine.
fn is_safe_link(uri: &str) -> bool {
    read_http_address(uri).is_ok_and(|url| url.scheme() == "https" || is_loopback(&url))
}
