//! Applications that administrators add: what developers may wish for, of anything, and what only an administrator gives.

use std::collections::BTreeSet;
use std::sync::Arc;

use symbolon::clock::Clock;
use symbolon::identifiers::ClientId;
use symbolon::random::Random;
use symbolon::scope::Scope;
use symbolon::secret::Secret;
use symbolon::token::GrantType;
use symbolon_service::settings::shown;

use crate::clients::registration::ClientDefaults;
use crate::clients::self_registration::{Wishes, new_client_id};
use crate::passwords::PasswordHash;
use crate::records::{ClientRegistration, LONGEST_NAME, Profile, Registered};

/// An application as an administrator describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewApplication {
    /// Its name for people.
    pub client_name: String,
    /// Where browsers may be sent.
    pub redirect_uris: Vec<String>,
    /// What it may use.
    pub grant_types: BTreeSet<GrantType>,
    /// What it may ask for.
    pub scope: Scope,
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
    /// The hash of its secret; `None`: it cannot keep one.
    pub secret: Option<PasswordHash>,
    /// Where its tokens are good; none: everywhere.
    pub resource_ids: Vec<String>,
    /// What it may do for itself.
    pub authorities: Vec<String>,
}

/// What came of adding one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApplicationAddition {
    /// It is there, and called so: nobody chooses that, or what people had allowed a client that is gone could be had by
    /// taking its name.
    Added(ClientId),
    /// It cannot be: all reasons.
    Faults(String),
}

/// What new applications get where an administrator says nothing.
#[derive(Clone)]
pub struct NewApplications {
    /// What clients get where their registration says nothing.
    pub defaults: Arc<ClientDefaults>,
    /// The names of grants that are added to the server.
    pub extension_grants: Vec<String>,
    /// How long a secret is good after it was replaced, in seconds.
    pub secret_overlap_secs: u64,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Makes names.
    pub random: Arc<dyn Random>,
}

impl NewApplication {
    fn wishes(&self) -> Wishes {
        let new = self.clone();
        Wishes {
            client_name: new.client_name,
            redirect_uris: new.redirect_uris,
            grant_types: new.grant_types,
            scope: new.scope,
            is_public: new.secret.is_none(),
            client_uri: new.client_uri,
            logo_uri: new.logo_uri,
            policy_uri: new.policy_uri,
            tos_uri: new.tos_uri,
            contacts: new.contacts,
        }
    }

    /// Its registration at this moment.
    pub(super) fn registration(&self, new: &NewApplications) -> ClientRegistration {
        let nothing = ClientRegistration::new(new_client_id(new.random.as_ref()), "");
        ClientRegistration {
            client_secret: self.secret.as_ref().map(|hash| Secret::new(hash.expose())),
            resource_ids: self.resource_ids.clone(),
            authorities: self.authorities.clone(),
            registered: Some(Registered {
                by: None,
                at: new.clock.now(),
            }),
            // Habits that a server has for old clients are none that a new one needs.
            profile: Some(Profile::Standard),
            ..self.wishes().written_into(nothing)
        }
    }

    /// All that is wrong with what it says of itself.
    pub(super) fn faults(&self, new: &NewApplications) -> Vec<String> {
        let faults = self.wishes().faults().into_iter();
        let mut faults: Vec<String> = faults.map(|fault| fault.to_string()).collect();
        let is_unknown = |grant: &&GrantType| {
            let names = &new.extension_grants;
            matches!(grant, GrantType::Extension(_))
                && !names.iter().any(|name| name == grant.as_str())
        };
        let unknown = self.grant_types.iter().filter(is_unknown);
        faults.extend(unknown.map(|grant| {
            let grant = shown(grant.as_str());
            format!("grant_types holds `{grant}`, which is no grant here")
        }));
        for (field, words) in [
            ("resource_ids", &self.resource_ids),
            ("authorities", &self.authorities),
        ] {
            if !words.iter().all(|word| is_word(word)) {
                faults.push(format!(
                    "{field} holds one that is empty, has a control character or more than {LONGEST_NAME} bytes"
                ));
            }
        }
        faults
    }
}

fn is_word(text: &str) -> bool {
    !text.trim().is_empty() && text.len() <= LONGEST_NAME && !text.chars().any(char::is_control)
}
