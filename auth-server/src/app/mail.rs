//! What sends mails, where the settings say that something does.

use std::sync::Arc;
use std::time::Duration;

use symbolon_service::settings::{Findings, read_file};

use crate::app::error::StartError;
use crate::mail::{MailFolder, MailSender, Mailer, SmtpMailer, SmtpSettings, SmtpTls};
use crate::settings::{MailSettings, MailTls, MailTransport, Settings};

/// What sends mails.
pub(super) fn mailer(settings: &Settings) -> Result<Option<Arc<dyn Mailer>>, StartError> {
    let (mail, name) = (&settings.mail, &settings.brand.name);
    let missing = |setting| StartError::Settings(format!("`mail.{setting}` is empty"));
    let sender = || -> Result<_, StartError> {
        Ok(MailSender {
            name: name.clone(),
            address: mail.sender().ok_or_else(|| missing("from"))?,
        })
    };
    Ok(match mail.transport {
        MailTransport::Off => None,
        MailTransport::File => {
            let folder = mail.folder.clone().ok_or_else(|| missing("folder"))?;
            Some(Arc::new(MailFolder::open(sender()?, folder.into())?))
        }
        MailTransport::Smtp => {
            let host = mail.host.clone().ok_or_else(|| missing("host"))?;
            let smtp = SmtpMailer::new(sender()?, &smtp(mail, host)?);
            let refused = |error| StartError::Settings(format!("`mail`: {error}"));
            Some(Arc::new(smtp.map_err(refused)?))
        }
    })
}

fn smtp(mail: &MailSettings, host: String) -> Result<SmtpSettings, StartError> {
    let authority = mail.ca_file.as_ref().map(|file| {
        let refused = |error| StartError::Settings(format!("`mail.ca_file` {file}: {error}"));
        read_file(file).map_err(refused)
    });
    Ok(SmtpSettings {
        host,
        port: mail.port,
        tls: match mail.tls {
            MailTls::StartTls => SmtpTls::StartTls,
            MailTls::Tls => SmtpTls::Implicit,
            MailTls::None => SmtpTls::None,
        },
        authority: authority.transpose()?,
        account: mail.username.clone().zip(mail.password.clone()),
        timeout: Duration::from_millis(mail.timeout_ms),
    })
}

/// Finds a certificate that cannot be read.
pub(super) fn check(settings: &Settings, findings: &mut Findings) {
    let host = settings.mail.host.clone().unwrap_or_default();
    if settings.mail.transport == MailTransport::Smtp
        && let Err(error) = smtp(&settings.mail, host)
    {
        findings.refuse("mail.ca_file", error);
    }
}
