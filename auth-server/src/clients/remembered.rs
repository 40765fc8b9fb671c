//! Clients of a registry elsewhere, remembered for a while.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwapOption;
use async_trait::async_trait;
use symbolon::clock::Clock;
use symbolon::identifiers::ClientId;

use crate::clients::client::Client;
use crate::clients::facts::ClientFacts;
use crate::clients::registry::{ClientRegistry, StoredClients};
use crate::stores::{Remembered, StoreError};

/// The clients of a registry that somebody else keeps. A lookup costs nothing for as long as its answer counts, and a
/// survey reads all of them into memory, as many as there is room for.
pub struct RememberedClients {
    registered: StoredClients,
    memory: Remembered<Client>,
    surveyed: ArcSwapOption<Survey>,
    clock: Arc<dyn Clock>,
}

struct Survey {
    facts: ClientFacts,
    /// When, on the stopwatch of the clock.
    at: Duration,
}

impl RememberedClients {
    /// These clients, as long as `memory` says.
    pub fn new(
        registered: StoredClients,
        memory: Remembered<Client>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            registered,
            memory,
            surveyed: ArcSwapOption::empty(),
            clock,
        }
    }

    async fn survey_anew(&self) -> Result<Arc<Survey>, StoreError> {
        let at = self.clock.elapsed();
        let mut facts = ClientFacts::default();
        let mut include = |client: Client| {
            facts.include(&client);
            let client = Arc::new(client);
            self.memory.remember(client.id.as_str(), &client);
        };
        self.registered.for_each(&mut include).await?;
        let survey = Arc::new(Survey { facts, at });
        self.surveyed.store(Some(Arc::clone(&survey)));
        Ok(survey)
    }
}

#[async_trait]
impl ClientRegistry for RememberedClients {
    async fn find_client(&self, id: &ClientId) -> Result<Option<Arc<Client>>, StoreError> {
        let ask = self.registered.find_client(id);
        self.memory.find(id.as_str(), ask).await
    }

    async fn find_client_anew(&self, id: &ClientId) -> Result<Option<Arc<Client>>, StoreError> {
        if self.memory.is_new(id.as_str()) {
            return Ok(None);
        }
        let found = self.registered.find_client(id).await;
        match self.memory.note(id.as_str(), found) {
            Err(StoreError::Unavailable(_)) => Ok(None),
            answered => answered,
        }
    }

    /// No more often than answers count; while nobody can be asked, what was known stays.
    async fn survey(&self, facts: &mut ClientFacts) -> Result<(), StoreError> {
        let known = self.surveyed.load_full();
        let good_for = self.memory.limits().good_for;
        let is_new = |survey: &Survey| self.clock.elapsed().saturating_sub(survey.at) < good_for;
        let survey = match known {
            Some(survey) if is_new(&survey) => survey,
            known => match (self.survey_anew().await, known) {
                (Ok(survey), _) | (Err(StoreError::Unavailable(_)), Some(survey)) => survey,
                (Err(error), _) => return Err(error),
            },
        };
        facts.include_all(&survey.facts);
        Ok(())
    }
}
