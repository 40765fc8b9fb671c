//! Clients that developers register by themselves, on a page or by RFC 7591, and change later. They are kept in the
//! store beside those that an operator registers, and may be given less.

use std::sync::Arc;

use symbolon::clock::{Clock, Timestamp};
use symbolon::identifiers::ClientId;
use symbolon::random::Random;
use symbolon::secret::Secret;

use crate::clients::client::Client;
use crate::clients::registration::{ClientDefaults, register};
use crate::clients::registry::Clients;
use crate::passwords::{PasswordHash, generate_secret, hash_generated_secret};
use crate::records::{ClientRegistration, Profile, Registered, RetiringSecret};
use crate::stores::{ClientList, ClientRegistrar, StoreError};

mod access;
mod wishes;

pub use access::{RegistrationAccess, RegistrationApi};
pub use wishes::{
    LONGEST_ADDRESS, MOST_ENTRIES, RegistrationPolicy, WishFault, WishField, WishProblem, Wishes,
};

/// Digits of the name of a client that an owner has registered: 96 bits.
const ID_DIGITS: usize = 24;

/// Secrets of one client that are good besides the one that it has.
const MOST_RETIRING: usize = 4;

/// Why a client was not registered or changed.
#[derive(Debug, thiserror::Error)]
pub enum SelfRegistrationError {
    /// What is wished for is not given.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Faults(Vec<WishFault>),
    /// An owner has as many clients as one may have.
    #[error("there are {0} already, and no more are allowed")]
    TooMany(usize),
    /// Somebody else has changed or removed it a moment ago.
    #[error("it was changed meanwhile")]
    ChangedMeanwhile,
    /// A client that cannot keep a secret has none to replace.
    #[error("it has no secret")]
    NoSecret,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A client that was registered a moment ago. What it proves itself with is known to nobody later.
#[derive(Debug)]
pub struct NewClient {
    /// Its registration.
    pub registration: ClientRegistration,
    /// Its secret; `None` for a public client.
    pub secret: Option<Secret>,
}

/// What came of a form for a new client.
#[derive(Debug)]
pub enum Registration {
    /// It is registered.
    New(NewClient),
    /// It was before, by the same form.
    Before(ClientRegistration),
}

/// Registers and changes clients.
#[derive(Clone)]
pub struct SelfRegistration {
    /// Where they are kept.
    pub registrar: Arc<dyn ClientRegistrar>,
    /// Everything that is registered, which has to know what a new client needs.
    pub clients: Clients,
    /// Who may register.
    pub access: Arc<RegistrationAccess>,
    /// What may be given.
    pub policy: Arc<RegistrationPolicy>,
    /// What clients get where their registration says nothing.
    pub defaults: Arc<ClientDefaults>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Makes names and secrets.
    pub random: Arc<dyn Random>,
}

impl std::fmt::Debug for SelfRegistration {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "SelfRegistration({:?})", self.policy)
    }
}

impl SelfRegistration {
    /// Registers a client for an owner, who may have so many. `form` is what the owner sent it by, known to nobody else: the
    /// same form again leads to the same client, whose secret was told.
    pub async fn register_for(
        &self,
        owner: &str,
        form: &Secret,
        wishes: &Wishes,
    ) -> Result<Registration, SelfRegistrationError> {
        self.check(wishes)?;
        let id = id_of(owner, form);
        if let Some(before) = self.find_of(owner, &id).await? {
            return Ok(Registration::Before(before));
        }
        let most = self.policy.most_per_owner;
        if self.list_of(owner, None, most).await?.len() >= most {
            return Err(SelfRegistrationError::TooMany(most));
        }
        let new = self.new_client(id, wishes, Some(owner));
        self.keep(&new.registration).await?;
        Ok(Registration::New(new))
    }

    /// Registers a client that manages itself with the token that is returned beside it (RFC 7592 §1.3). One without a
    /// name is called as it is known (RFC 7591 §2).
    pub async fn register_by_api(
        &self,
        wishes: &Wishes,
    ) -> Result<(NewClient, Secret), SelfRegistrationError> {
        let (id, mut wishes) = (new_client_id(self.random.as_ref()), wishes.clone());
        if wishes.client_name.is_empty() {
            wishes.client_name = id.to_string();
        }
        self.check(&wishes)?;
        let token = Secret::new(self.random.text::<32>());
        let mut new = self.new_client(id, &wishes, None);
        new.registration.registration_access_token = Some(hash_of(&token));
        self.keep(&new.registration).await?;
        Ok((new, token))
    }

    /// The clients of an owner, in the order of their ids.
    pub async fn list_of(
        &self,
        owner: &str,
        after: Option<&ClientId>,
        limit: usize,
    ) -> Result<Vec<ClientRegistration>, StoreError> {
        let list = ClientList::RegisteredBy(owner.to_owned());
        self.registrar.list_clients_in(&list, after, limit).await
    }

    /// The client of this name, if this owner has registered it.
    pub async fn find_of(
        &self,
        owner: &str,
        id: &ClientId,
    ) -> Result<Option<ClientRegistration>, StoreError> {
        let found = self.registrar.find_client(id).await?;
        let list = ClientList::RegisteredBy(owner.to_owned());
        Ok(found.filter(|client| ClientList::of(client).contains(&list)))
    }

    /// The client of this name, if that is the token by which it manages itself.
    pub async fn find_by_token(
        &self,
        id: &ClientId,
        token: &Secret,
    ) -> Result<Option<ClientRegistration>, StoreError> {
        let found = self.registrar.find_client(id).await?;
        Ok(found.filter(|client| {
            let hash = read_hash(client.registration_access_token.as_ref());
            hash.is_some_and(|hash| hash.matches(token))
        }))
    }

    /// Puts what is wished for in the place of what was. Whether a client has a secret does not change.
    pub async fn update(
        &self,
        known: &ClientRegistration,
        wishes: &Wishes,
    ) -> Result<ClientRegistration, SelfRegistrationError> {
        let wishes = Wishes {
            is_public: known.client_secret.is_none(),
            ..wishes.clone()
        };
        self.check(&wishes)?;
        let mut new = wishes.written_into(known.clone());
        let is_asked_anew = self.policy.approval_required && says_more(known, &new);
        new.awaits_approval = known.awaits_approval || is_asked_anew;
        self.replace(known, &new).await?;
        Ok(new)
    }

    /// A new secret, or the one that was made by the same form, and then perhaps before. Those before are good for a while
    /// longer.
    pub async fn rotate_secret(
        &self,
        known: &ClientRegistration,
        made: Option<Secret>,
    ) -> Result<NewClient, SelfRegistrationError> {
        if known.client_secret.is_none() {
            return Err(SelfRegistrationError::NoSecret);
        }
        let secret = made.unwrap_or_else(|| generate_secret(self.random.as_ref()));
        if is_secret_of(known, &secret) {
            return Ok(NewClient {
                registration: known.clone(),
                secret: Some(secret),
            });
        }
        let (overlap_secs, now) = (self.policy.secret_overlap_secs, self.clock.now());
        let mut registration = known.clone();
        replace_secret(&mut registration, hash_of(&secret), overlap_secs, now);
        self.replace(known, &registration).await?;
        Ok(NewClient {
            registration,
            secret: Some(secret),
        })
    }

    /// Removes a client: its tokens are good for nothing from now on. Answers whether it was there.
    pub async fn remove(&self, known: &ClientRegistration) -> Result<bool, StoreError> {
        self.registrar.remove_client(&known.client_id).await
    }

    /// What this is refused, before anything is kept.
    fn check(&self, wishes: &Wishes) -> Result<(), SelfRegistrationError> {
        let faults = wishes.faults_by(&self.policy);
        if faults.is_empty() {
            Ok(())
        } else {
            Err(SelfRegistrationError::Faults(faults))
        }
    }

    fn new_client(&self, id: ClientId, wishes: &Wishes, by: Option<&str>) -> NewClient {
        let secret = (!wishes.is_public).then(|| generate_secret(self.random.as_ref()));
        let registration = ClientRegistration {
            client_secret: secret.as_ref().map(hash_of),
            resource_ids: self.policy.resource_ids.clone(),
            registered: Some(Registered {
                by: by.map(str::to_owned),
                at: self.clock.now(),
            }),
            awaits_approval: self.policy.approval_required,
            // Habits that a server has for old clients are none that a new one needs.
            profile: Some(Profile::Standard),
            ..wishes.written_into(ClientRegistration::new(id, ""))
        };
        NewClient {
            registration,
            secret,
        }
    }

    async fn keep(&self, registration: &ClientRegistration) -> Result<(), SelfRegistrationError> {
        let client = self.readable(registration)?;
        self.registrar.store_client(registration).await?;
        self.clients.note(&client);
        Ok(())
    }

    async fn replace(
        &self,
        known: &ClientRegistration,
        new: &ClientRegistration,
    ) -> Result<(), SelfRegistrationError> {
        let client = self.readable(new)?;
        if !self.registrar.replace_client(known, new).await? {
            return Err(SelfRegistrationError::ChangedMeanwhile);
        }
        self.clients.note(&client);
        Ok(())
    }

    /// Whatever is kept can be read again: the rules for all clients are looser than those for wishes.
    fn readable(&self, registration: &ClientRegistration) -> Result<Client, StoreError> {
        register(registration, &self.defaults)
            .map_err(|error| StoreError::Damaged(error.to_string()))
    }
}

/// Whether this is the secret that a client has now. One that an operator has hashed slowly is not computed here.
pub fn is_secret_of(client: &ClientRegistration, presented: &Secret) -> bool {
    let is_right = |hash: &PasswordHash| !hash.is_slow() && hash.matches(presented);
    read_hash(client.client_secret.as_ref()).is_some_and(|hash| is_right(&hash))
}

/// What a client is called that nobody has given a name.
pub fn new_client_id(random: &dyn Random) -> ClientId {
    ClientId::new(format!("app-{}", random.text::<12>()))
}

/// The secret of this hash in the place of the one before, which is good for so long. So are those before that, to their ends:
/// of two replacements in a row nobody knows which one a client has heard of. Of very many the first is kept, which is most
/// likely in use, and the last.
pub fn replace_secret(
    client: &mut ClientRegistration,
    hash: Secret,
    overlap_secs: u64,
    now: Timestamp,
) {
    let retiring = &mut client.retiring_secrets;
    retiring.retain(|one| now < one.until);
    let until = now.plus_secs(overlap_secs);
    let before = client.client_secret.replace(hash);
    let before = before.filter(|_| overlap_secs > 0);
    retiring.extend(before.map(|hash| RetiringSecret { hash, until }));
    if retiring.len() > MOST_RETIRING {
        retiring.remove(1);
    }
}

/// What the client of this form is called. Nobody chooses it: whoever could take the id of a client that is gone would get
/// what people had allowed that one.
fn id_of(owner: &str, form: &Secret) -> ClientId {
    let digest = hash_generated_secret(&Secret::new(format!("{} {owner}", form.expose())));
    let digest = digest.expose().trim_start_matches("{sha-256}");
    ClientId::new(format!("app-{}", digest.get(..ID_DIGITS).unwrap_or(digest)))
}

fn read_hash(hash: Option<&Secret>) -> Option<PasswordHash> {
    PasswordHash::read(hash?.expose(), None).ok()
}

fn hash_of(secret: &Secret) -> Secret {
    Secret::new(hash_generated_secret(secret).expose())
}

/// Whether a change is one that an administrator would want to see: another face, or more than before.
fn says_more(known: &ClientRegistration, new: &ClientRegistration) -> bool {
    let face = |client: &ClientRegistration| {
        (
            client.client_name.clone(),
            client.client_uri.clone(),
            client.logo_uri.clone(),
            client.policy_uri.clone(),
            client.tos_uri.clone(),
        )
    };
    let is_new_uri = |uri: &String| !known.redirect_uris.contains(uri);
    let is_new_grant = |grant| !known.grant_types.contains(grant);
    face(known) != face(new)
        || new.redirect_uris.iter().any(is_new_uri)
        || new.grant_types.iter().any(is_new_grant)
        || !known.scope.covers(&new.scope)
}
