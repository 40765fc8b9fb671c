//! What sends mails, where the settings say that something does.

use std::path::Path;
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
            let opened = MailFolder::open(sender()?, folder.clone().into());
            let refused = |error| StartError::Settings(format!("`mail.folder` {folder}: {error}"));
            Some(Arc::new(opened.map_err(refused)?))
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
        let pem = read_file(file).map_err(refused)?;
        let is_certificate = |line: &[u8]| line.starts_with(b"-----BEGIN CERTIFICATE-----");
        if pem.split(|byte| *byte == b'\n').any(is_certificate) {
            Ok(pem)
        } else {
            let text = format!("`mail.ca_file` {file}: it holds no certificate in PEM");
            Err(StartError::Settings(text))
        }
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

/// Finds a certificate that cannot be read, and a folder that takes nothing.
pub(super) fn check(settings: &Settings, findings: &mut Findings) {
    let mail = &settings.mail;
    let host = mail.host.clone().unwrap_or_default();
    if mail.transport == MailTransport::Smtp
        && let Err(error) = smtp(mail, host)
    {
        findings.refuse("mail.ca_file", error);
    }
    if mail.transport == MailTransport::File
        && let Some(folder) = &mail.folder
        && let Err(error) = MailFolder::try_out(Path::new(folder))
    {
        findings.refuse("mail.folder", error);
    }
}
