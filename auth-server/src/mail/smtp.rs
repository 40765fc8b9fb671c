//! Mails by SMTP ([RFC 5321](https://www.rfc-editor.org/rfc/rfc5321)), each on a connection of its own.

use std::time::Duration;

use async_trait::async_trait;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{AsyncSmtpTransport, Error};
use lettre::{AsyncTransport as _, Tokio1Executor};
use symbolon::secret::Secret;
use tokio::time::timeout;

use super::{Mail, MailError, MailSender, Mailer};

/// How the mail server is reached.
#[derive(Clone, Debug)]
pub struct SmtpSettings {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How nobody on the way reads along.
    pub tls: SmtpTls,
    /// Who signed its certificate, as PEM; `None` means a public authority.
    pub authority: Option<Vec<u8>>,
    /// A name and a password, where it wants them.
    pub account: Option<(String, Secret)>,
    /// How long a mail may take.
    pub timeout: Duration,
}

/// How nobody on the way reads along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpTls {
    /// From the first byte on ([RFC 8314 §3](https://www.rfc-editor.org/rfc/rfc8314#section-3)).
    Implicit,
    /// After a greeting, and not without it.
    StartTls,
    /// Not at all.
    None,
}

/// Sends mails to a mail server.
pub struct SmtpMailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    sender: MailSender,
    timeout: Duration,
}

impl std::fmt::Debug for SmtpMailer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "SmtpMailer({})", self.sender.host())
    }
}

impl SmtpMailer {
    /// Mails of this sender to this server. It is not called before there is a mail.
    pub fn new(sender: MailSender, settings: &SmtpSettings) -> Result<Self, MailError> {
        let builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&settings.host)
            .port(settings.port)
            .hello_name(ClientId::Domain(sender.host().to_owned()))
            .timeout(Some(settings.timeout))
            .tls(tls(settings)?);
        let builder = match &settings.account {
            Some((name, password)) => {
                let password = password.expose().to_owned();
                builder.credentials(Credentials::new(name.clone(), password))
            }
            None => builder,
        };
        Ok(Self {
            transport: builder.build(),
            sender,
            timeout: settings.timeout,
        })
    }
}

fn tls(settings: &SmtpSettings) -> Result<Tls, MailError> {
    let parameters = || {
        let builder = TlsParameters::builder(settings.host.clone());
        let builder = match &settings.authority {
            Some(pem) => builder
                .certificate_store(CertificateStore::None)
                .add_root_certificate(Certificate::from_pem(pem).map_err(|error| told(&error))?),
            None => builder.certificate_store(CertificateStore::WebpkiRoots),
        };
        builder.build().map_err(|error| told(&error))
    };
    Ok(match settings.tls {
        SmtpTls::Implicit => Tls::Wrapper(parameters()?),
        SmtpTls::StartTls => Tls::Required(parameters()?),
        SmtpTls::None => Tls::None,
    })
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let message = self.sender.message(mail)?;
        match timeout(self.timeout, self.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(told(&error)),
            Err(_) => Err(MailError("the mail server took too long".to_owned())),
        }
    }
}

/// What went wrong, without what the mail server says: it may quote the address.
fn told(error: &Error) -> MailError {
    MailError(if let Some(code) = error.status() {
        format!("the mail server answered {code}")
    } else if error.is_timeout() {
        "the mail server took too long".to_owned()
    } else if error.is_tls() {
        "there is no trusted connection to the mail server".to_owned()
    } else if error.is_client() || error.is_response() {
        "the mail server and this one do not understand each other".to_owned()
    } else {
        "the mail server cannot be reached".to_owned()
    })
}
