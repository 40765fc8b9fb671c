//! What sends owners links, and what these are good for.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::account_links::{AccountLinks, LinkSources, LinkWriter, NewAccounts};
use crate::app::error::StartError;
use crate::app::mail::mailer;
use crate::app::shared_parts::SharedParts;
use crate::mail::Mailer;
use crate::outbox::{MailsWaiting, Outbox, UnsentMails};
use crate::resource_owners::registry::Owners;
use crate::resource_owners::sign_up::SignUps;
use crate::settings::Settings;
use crate::stores::Stores;

/// What links are sent with, before they are.
pub(super) struct Links {
    mailer: Option<Arc<dyn Mailer>>,
    outbox: Outbox,
    waiting: MailsWaiting,
}

impl Links {
    /// What the settings name.
    pub(super) fn read(settings: &Settings) -> Result<Self, StartError> {
        let (outbox, waiting) = Outbox::open();
        Ok(Self {
            mailer: mailer(settings)?,
            outbox,
            waiting,
        })
    }

    /// Where mails wait, if anything sends them.
    pub(super) fn outbox(&self) -> Option<Outbox> {
        self.mailer.is_some().then(|| self.outbox.clone())
    }

    /// Begins to send them.
    pub(super) fn begin(self, parts: &SharedParts, stores: &Stores) -> Option<MailTask> {
        let writer = parts.link_writer(stores, self.mailer?);
        let (stop, unsent) = (Arc::new(Notify::new()), self.waiting.unsent());
        let task = tokio::spawn(writer.run(self.waiting, Arc::clone(&stop)));
        Some(MailTask { stop, task, unsent })
    }
}

/// Sends mails beside the requests. It ends when this is dropped.
#[derive(Debug)]
pub(super) struct MailTask {
    stop: Arc<Notify>,
    task: JoinHandle<()>,
    unsent: UnsentMails,
}

impl Drop for MailTask {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl MailTask {
    /// Sends what waits, as long as that is possible within this time. What is left then is lost, and said in the log: neither
    /// whom it was for nor what it says.
    pub(super) async fn finish(mut self, within: Duration) {
        self.stop.notify_one();
        // What is late is aborted when this is dropped.
        let _ = timeout(within, &mut self.task).await;
        let mails = self.unsent.count();
        if mails > 0 {
            tracing::warn!(event = "mails_lost", mails);
        }
    }
}

impl SharedParts {
    /// What takes wishes for links, where owners are sent some.
    pub(super) fn account_links(&self, stores: &Stores, owners: &Owners) -> Option<AccountLinks> {
        Some(AccountLinks {
            outbox: self.outbox.clone()?,
            brake: Arc::clone(&self.link_brake),
            store: Arc::clone(&stores.links),
            owners: owners.clone(),
            password_changes: self.password_changes(stores),
            keys: Arc::clone(&self.keys),
            reset_secs: self.settings.mail.reset_ttl_secs,
            new_accounts: self.new_accounts(stores, owners),
        })
    }

    /// What makes accounts, where people make some for themselves.
    fn new_accounts(&self, stores: &Stores, owners: &Owners) -> Option<NewAccounts> {
        let settings = &self.settings.sign_up;
        settings.allowed.then(|| NewAccounts {
            sign_ups: SignUps {
                store: Arc::clone(&stores.sign_ups),
                owners: owners.clone(),
                accounts: self.password_changes(stores),
                names: Arc::clone(&self.link_brake.names),
                authorities: settings.authorities.clone().into(),
            },
            life_secs: settings.link_ttl_secs,
        })
    }

    /// What sends links, beside the requests.
    fn link_writer(&self, stores: &Stores, mailer: Arc<dyn Mailer>) -> LinkWriter {
        LinkWriter::new(LinkSources {
            owners: self.owners.clone(),
            password_changes: self.password_changes(stores),
            store: Arc::clone(&stores.links),
            sign_ups: Arc::clone(&stores.sign_ups),
            keys: Arc::clone(&self.keys),
            mailer,
            addresses: Arc::clone(&self.addresses),
            brand: Arc::clone(&self.brand),
            reset_secs: self.settings.mail.reset_ttl_secs,
            sign_up_secs: self.settings.sign_up.link_ttl_secs,
            invitation_secs: self.settings.mail.invitation_ttl_secs,
            audit: Arc::clone(&self.audit),
            clock: Arc::clone(&self.inputs.clock),
            random: Arc::clone(&self.inputs.random),
        })
    }
}
