//! What whoever embeds the server adds to it.

use std::fmt;
use std::sync::Arc;

use symbolon::token::GrantType;
use symbolon_service::settings::{Findings, shown};

use crate::authorization::approval_rule::ApprovalRule;
use crate::grants::extension::{ExtensionGrant, ExtensionGrantFault, ExtensionGrants};
use crate::resource_owners::registry::OwnerRegistry;
use crate::settings::Settings;
use crate::tokens::enhancer::TokenEnhancer;

/// What is added to a server: nothing, unless somebody says so. `docs/extending.md` shows each point with an example.
#[derive(Clone, Default)]
pub struct Extensions {
    pub(super) grants: ExtensionGrants,
    pub(super) enhancer: Option<Arc<dyn TokenEnhancer>>,
    pub(super) owners: Vec<Arc<dyn OwnerRegistry>>,
    pub(super) approval_rule: Option<Arc<dyn ApprovalRule>>,
}

impl fmt::Debug for Extensions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Extensions")
            .field("grants", &self.grants)
            .field("enhancer", &self.enhancer.is_some())
            .field("owners", &self.owners.len())
            .field("approval_rule", &self.approval_rule.is_some())
            .finish()
    }
}

impl Extensions {
    /// With one more grant at the token endpoint. It can take the place of no other.
    pub fn grant(mut self, grant: Arc<dyn ExtensionGrant>) -> Result<Self, ExtensionGrantFault> {
        self.grants = self.grants.with(grant)?;
        Ok(self)
    }

    /// With what this says of access tokens, in place of an earlier one.
    #[must_use]
    pub fn enhancer(mut self, enhancer: Arc<dyn TokenEnhancer>) -> Self {
        self.enhancer = Some(enhancer);
        self
    }

    /// With one more source of owners, which is asked after the settings, the tables and the directory, and before the store.
    #[must_use]
    pub fn owners(mut self, owners: Arc<dyn OwnerRegistry>) -> Self {
        self.owners.push(owners);
        self
    }

    /// With this rule about approvals, in place of an earlier one.
    #[must_use]
    pub fn approval_rule(mut self, rule: Arc<dyn ApprovalRule>) -> Self {
        self.approval_rule = Some(rule);
        self
    }

    /// The grants that can be written in registrations besides those of RFC 6749.
    #[cfg(feature = "sql")]
    pub(super) fn grant_types(&self) -> Vec<GrantType> {
        self.grants.names().filter_map(GrantType::parse).collect()
    }

    /// What a registration holds that is no grant here: the client's id, and the grant's name.
    pub(super) fn unknown_grants<'a>(
        &self,
        settings: &'a Settings,
    ) -> impl Iterator<Item = (&'a str, &'a GrantType)> {
        let clients = settings.clients.iter();
        let written = clients.flat_map(|client| {
            let grants = client.grant_types.iter();
            grants.map(|grant| (client.client_id.as_str(), grant))
        });
        written.filter(|(_, grant)| !self.grants.have(grant))
    }

    /// What can be written instead of a name that is none.
    pub(super) fn accepted_grants(&self) -> String {
        let built_in = GrantType::ALL.iter().map(GrantType::as_str);
        let names = built_in.chain(self.grants.names());
        let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
        names.join(", ")
    }

    /// Finds the grants in registrations that nobody has added.
    pub(super) fn check(&self, settings: &Settings, findings: &mut Findings) {
        for (client, grant) in self.unknown_grants(settings) {
            let found = format!("holds `{}`, which is no grant here", shown(grant.as_str()));
            let mut about = findings.about("clients", "client", client);
            about.error("grant_types", found, self.accepted_grants());
        }
    }
}
