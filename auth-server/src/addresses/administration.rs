//! Where administrators work.

use super::{Below, Endpoint, IssuerError};

/// They are below `/admin`.
#[derive(Clone, Debug)]
pub struct AdministrationAddresses {
    /// What waits for them.
    pub overview: Endpoint,
    /// All applications.
    pub applications: Endpoint,
    /// One of them.
    pub application: Endpoint,
    /// Accounts.
    pub accounts: Endpoint,
    /// One of them.
    pub account: Endpoint,
    /// What was given, by owner and by client.
    pub access: Endpoint,
    /// The keys that sign.
    pub keys: Endpoint,
    /// What happened lately.
    pub audit: Endpoint,
    /// The same as a file.
    pub audit_export: Endpoint,
    /// The settings in force.
    pub settings: Endpoint,
    /// What ought to end.
    pub sunset: Endpoint,
    /// By API.
    pub api: AdministrationApiAddresses,
}

/// They are below `/admin/api/v1`. What is between braces is a name, which may hold any character, as one segment.
#[derive(Clone, Debug)]
pub struct AdministrationApiAddresses {
    /// Its description.
    pub description: Endpoint,
    /// Accounts.
    pub owners: Endpoint,
    /// One of them.
    pub owner: Endpoint,
    /// Locks it.
    pub owner_lock: Endpoint,
    /// Takes that back.
    pub owner_unlock: Endpoint,
    /// Gives it another password.
    pub owner_password: Endpoint,
    /// Sends whoever is to have it an invitation.
    pub owner_invitation: Endpoint,
    /// Where the owner of one reads mails.
    pub owner_email: Endpoint,
    /// Its second factor.
    pub owner_second_factor: Endpoint,
    /// What was given.
    pub grants: Endpoint,
    /// One of them.
    pub grant: Endpoint,
    /// The keys that sign.
    pub keys: Endpoint,
    /// What happened lately.
    pub audit: Endpoint,
    /// What became of a request.
    pub audit_of_request: Endpoint,
    /// The settings in force.
    pub settings: Endpoint,
    /// What ought to end.
    pub habits: Endpoint,
    /// Clients.
    pub applications: Endpoint,
    /// One of them.
    pub application: Endpoint,
    /// Its secret.
    pub application_secret: Endpoint,
    /// Lets it in.
    pub application_approve: Endpoint,
    /// Locks it.
    pub application_suspend: Endpoint,
    /// Takes that back.
    pub application_resume: Endpoint,
}

impl AdministrationAddresses {
    pub(super) fn below(below: &Below<'_>) -> Result<Self, IssuerError> {
        Ok(Self {
            overview: below.endpoint("/admin")?,
            applications: below.endpoint("/admin/applications")?,
            application: below.endpoint("/admin/application")?,
            accounts: below.endpoint("/admin/accounts")?,
            account: below.endpoint("/admin/account")?,
            access: below.endpoint("/admin/access")?,
            keys: below.endpoint("/admin/keys")?,
            audit: below.endpoint("/admin/audit")?,
            audit_export: below.endpoint("/admin/audit/export")?,
            settings: below.endpoint("/admin/settings")?,
            sunset: below.endpoint("/admin/sunset")?,
            api: AdministrationApiAddresses::below(below)?,
        })
    }

    pub(super) fn all(&self) -> Vec<&Endpoint> {
        let pages = [
            &self.overview,
            &self.applications,
            &self.application,
            &self.accounts,
            &self.account,
            &self.access,
            &self.keys,
            &self.audit,
            &self.audit_export,
            &self.settings,
            &self.sunset,
        ];
        pages.into_iter().chain(self.api.all()).collect()
    }
}

impl AdministrationApiAddresses {
    fn below(below: &Below<'_>) -> Result<Self, IssuerError> {
        Ok(Self {
            description: below.endpoint("/admin/api/v1/openapi.json")?,
            owners: below.endpoint("/admin/api/v1/owners")?,
            owner: below.endpoint("/admin/api/v1/owners/{name}")?,
            owner_lock: below.endpoint("/admin/api/v1/owners/{name}/lock")?,
            owner_unlock: below.endpoint("/admin/api/v1/owners/{name}/unlock")?,
            owner_password: below.endpoint("/admin/api/v1/owners/{name}/password")?,
            owner_invitation: below.endpoint("/admin/api/v1/owners/{name}/invitation")?,
            owner_email: below.endpoint("/admin/api/v1/owners/{name}/email")?,
            owner_second_factor: below.endpoint("/admin/api/v1/owners/{name}/second-factor")?,
            grants: below.endpoint("/admin/api/v1/grants")?,
            grant: below.endpoint("/admin/api/v1/grants/{grant_id}")?,
            keys: below.endpoint("/admin/api/v1/keys")?,
            audit: below.endpoint("/admin/api/v1/audit")?,
            audit_of_request: below.endpoint("/admin/api/v1/audit/{request_id}")?,
            settings: below.endpoint("/admin/api/v1/settings")?,
            habits: below.endpoint("/admin/api/v1/habits")?,
            applications: below.endpoint("/admin/api/v1/applications")?,
            application: below.endpoint("/admin/api/v1/applications/{client_id}")?,
            application_secret: below.endpoint("/admin/api/v1/applications/{client_id}/secret")?,
            application_approve: below
                .endpoint("/admin/api/v1/applications/{client_id}/approve")?,
            application_suspend: below
                .endpoint("/admin/api/v1/applications/{client_id}/suspend")?,
            application_resume: below.endpoint("/admin/api/v1/applications/{client_id}/resume")?,
        })
    }

    const fn all(&self) -> [&Endpoint; 22] {
        [
            &self.description,
            &self.owners,
            &self.owner,
            &self.owner_lock,
            &self.owner_unlock,
            &self.owner_password,
            &self.owner_invitation,
            &self.owner_email,
            &self.owner_second_factor,
            &self.grants,
            &self.grant,
            &self.keys,
            &self.audit,
            &self.audit_of_request,
            &self.settings,
            &self.habits,
            &self.applications,
            &self.application,
            &self.application_secret,
            &self.application_approve,
            &self.application_suspend,
            &self.application_resume,
        ]
    }
}
