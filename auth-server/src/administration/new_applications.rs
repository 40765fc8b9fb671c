//! Applications that administrators add: what developers may wish for, of anything, and what only an administrator gives.

use std::sync::Arc;

use symbolon::clock::Clock;
use symbolon::identifiers::ClientId;
use symbolon::random::Random;
use symbolon::secret::Secret;

use super::{Applications, Changed};
use crate::clients::client::Client;
use crate::clients::registration::{ClientDefaults, RegistrationError, register};
use crate::clients::self_registration::{Wishes, new_client_id, replace_secret};
use crate::passwords::PasswordHash;
use crate::records::{ClientRegistration, LONGEST_NAME, Profile, Registered};
use crate::stores::StoreError;

/// An application as an administrator describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewApplication {
    /// What it is and may do.
    pub wishes: Wishes,
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
    /// How long a secret is good after it was replaced, in seconds.
    pub secret_overlap_secs: u64,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Makes names.
    pub random: Arc<dyn Random>,
}

impl NewApplication {
    /// Its registration at this moment.
    fn registration(&self, new: &NewApplications) -> ClientRegistration {
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
            ..self.wishes.written_into(nothing)
        }
    }

    /// All that is wrong with what it says of itself.
    fn faults(&self) -> Vec<String> {
        let wishes = Wishes {
            is_public: self.secret.is_none(),
            ..self.wishes.clone()
        };
        let faults = wishes.faults().into_iter();
        let mut faults: Vec<String> = faults.map(|fault| fault.to_string()).collect();
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

impl Applications {
    /// Adds one.
    pub async fn add(&self, new: &NewApplication) -> Result<ApplicationAddition, StoreError> {
        let faults = new.faults();
        if !faults.is_empty() {
            return Ok(ApplicationAddition::Faults(faults.join("; ")));
        }
        let registration = new.registration(&self.new);
        let client = match self.read(&registration) {
            Ok(client) => client,
            Err(error) => return Ok(ApplicationAddition::Faults(error.to_string())),
        };
        self.registrar.store_client(&registration).await?;
        self.clients.note(&client);
        Ok(ApplicationAddition::Added(registration.client_id))
    }

    /// Another secret, of this hash. The one before is good for a while longer.
    pub async fn rotate_secret(
        &self,
        id: &ClientId,
        hash: &PasswordHash,
    ) -> Result<Changed<ClientRegistration>, StoreError> {
        let known = self.registrar.find_client(id).await?;
        if known.is_some_and(|client| client.client_secret.is_none()) {
            return Ok(Changed::HasNone);
        }
        let (overlap_secs, now) = (self.new.secret_overlap_secs, self.new.clock.now());
        self.change(id, |client| {
            replace_secret(client, Secret::new(hash.expose()), overlap_secs, now);
        })
        .await
    }

    fn read(&self, registration: &ClientRegistration) -> Result<Client, RegistrationError> {
        register(registration, &self.new.defaults)
    }
}
