//! A server that was built without the feature `mail` refuses the settings that need it.

use std::sync::Arc;

use symbolon_service::settings::Findings;

use crate::app::error::StartError;
use crate::mail::Mailer;
use crate::settings::{MailTransport, Settings};

/// Nothing.
pub(super) fn mailer(settings: &Settings) -> Result<Option<Arc<dyn Mailer>>, StartError> {
    match settings.mail.transport {
        MailTransport::Off => Ok(None),
        MailTransport::Smtp | MailTransport::File => Err(StartError::Settings(
            "`mail.transport` is set, and this server was built without the feature `mail`"
                .to_owned(),
        )),
    }
}

/// Finds the setting that needs it.
pub(super) fn check(settings: &Settings, findings: &mut Findings) {
    if let Err(error) = mailer(settings) {
        findings.refuse("mail.transport", error);
    }
}
