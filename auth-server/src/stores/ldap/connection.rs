//! One conversation with a directory: a connection of its own, within a time.

use std::sync::Arc;
use std::time::Duration;

use ldap3::{Ldap, LdapConnAsync, LdapConnSettings, LdapError, Scope, SearchEntry, SearchOptions};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use symbolon::secret::Secret;

use super::settings::LdapSettings;
use crate::stores::StoreError;

/// What a directory says when it does not believe somebody
/// ([RFC 4511 appendix A](https://www.rfc-editor.org/rfc/rfc4511#appendix-A)): wrong, locked, not allowed, not there.
const DISBELIEVED: [u32; 8] = [19, 32, 34, 48, 49, 50, 53, 65];
const NO_SUCH_OBJECT: u32 = 32;
const INVALID_DN_SYNTAX: u32 = 34;
const SIZE_LIMIT_EXCEEDED: u32 = 4;
/// Of those who are searched for one is enough, and two are too many.
const TWO: i32 = 2;

/// How conversations begin.
pub(super) struct Connector {
    url: String,
    settings: LdapConnSettings,
    timeout: Duration,
}

/// What is asked of the directory.
pub(super) struct Question<'a> {
    pub(super) base: &'a str,
    pub(super) scope: Scope,
    pub(super) filter: &'a str,
    pub(super) attributes: Vec<&'a str>,
}

impl Connector {
    pub(super) fn new(settings: &LdapSettings) -> Result<Self, StoreError> {
        let timeout = Duration::from_millis(settings.timeout_ms);
        let mut connecting = LdapConnSettings::new()
            .set_conn_timeout(timeout)
            .set_starttls(settings.starttls);
        if let Some(authority) = &settings.authority {
            connecting = connecting.set_config(trusting(authority)?);
        }
        Ok(Self {
            url: settings.url.clone(),
            settings: connecting,
            timeout,
        })
    }

    /// A conversation in which nobody has said who they are.
    pub(super) async fn begin(&self) -> Result<Conversation, StoreError> {
        let begun = LdapConnAsync::with_settings(self.settings.clone(), &self.url);
        let begun = tokio::time::timeout(self.timeout, begun).await;
        let (connection, ldap) = begun
            .map_err(|_| {
                StoreError::Unavailable(format!("no connection within {:?}", self.timeout))
            })?
            .map_err(|error| unavailable(&error))?;
        // It ends with the conversation.
        tokio::spawn(async move {
            if let Err(error) = connection.drive().await {
                tracing::debug!(event = "ldap_connection_ended", %error);
            }
        });
        Ok(Conversation {
            ldap,
            timeout: self.timeout,
        })
    }
}

/// Certificates that this authority has signed are believed.
fn trusting(authority: &[u8]) -> Result<Arc<ClientConfig>, StoreError> {
    let unusable = |error: String| StoreError::Unavailable(format!("`ca_file`: {error}"));
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(authority) {
        let certificate = certificate.map_err(|error| unusable(error.to_string()))?;
        roots
            .add(certificate)
            .map_err(|error| unusable(error.to_string()))?;
    }
    if roots.is_empty() {
        return Err(unusable("it holds no certificate".to_owned()));
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| unusable(error.to_string()))?;
    Ok(Arc::new(
        config.with_root_certificates(roots).with_no_client_auth(),
    ))
}

/// A conversation; it ends when this is dropped.
pub(super) struct Conversation {
    ldap: Ldap,
    timeout: Duration,
}

impl Conversation {
    /// Says who speaks; whether that was believed. An empty password would be an "unauthenticated bind", which
    /// directories answer with success
    /// ([RFC 4513 §5.1.2](https://www.rfc-editor.org/rfc/rfc4513#section-5.1.2)): it is never sent.
    pub(super) async fn bind(&mut self, dn: &str, password: &Secret) -> Result<bool, StoreError> {
        if password.expose().is_empty() || dn.is_empty() {
            return Ok(false);
        }
        self.ldap.with_timeout(self.timeout);
        let said = self.ldap.simple_bind(dn, password.expose()).await;
        match said.map_err(|error| unavailable(&error))?.rc {
            0 => Ok(true),
            code if DISBELIEVED.contains(&code) => Ok(false),
            code => Err(StoreError::Unavailable(format!("a bind ends with {code}"))),
        }
    }

    /// The one entry that answers a question.
    pub(super) async fn find_one(
        &mut self,
        question: &Question<'_>,
    ) -> Result<Option<SearchEntry>, StoreError> {
        let mut found = self.find(question, TWO).await?;
        match found.len() {
            0 | 1 => Ok(found.pop()),
            _ => Err(StoreError::Damaged(
                "the directory has more than one entry of one name".to_owned(),
            )),
        }
    }

    /// The entries that answer a question; so many at most, 0 means all.
    pub(super) async fn find(
        &mut self,
        question: &Question<'_>,
        most: i32,
    ) -> Result<Vec<SearchEntry>, StoreError> {
        let Question {
            base,
            scope,
            filter,
            attributes,
        } = question;
        self.ldap.with_timeout(self.timeout);
        self.ldap
            .with_search_options(SearchOptions::new().sizelimit(most));
        let found = self.ldap.search(base, *scope, filter, attributes).await;
        let ldap3::SearchResult(entries, end) = found.map_err(|error| unavailable(&error))?;
        match end.rc {
            // Nobody is called what is no name there.
            0 | NO_SUCH_OBJECT | INVALID_DN_SYNTAX => {}
            SIZE_LIMIT_EXCEEDED if most > 0 => {}
            code => {
                return Err(StoreError::Unavailable(format!(
                    "a search ends with {code}"
                )));
            }
        }
        let entries = entries.into_iter();
        let entries = entries.filter(|entry| !entry.is_ref() && !entry.is_intermediate());
        Ok(entries.map(SearchEntry::construct).collect())
    }

    /// Says good-bye; who does not hear it notices when the connection closes.
    pub(super) async fn end(mut self) {
        drop(self.ldap.unbind().await);
    }
}

/// What a library says of a connection names neither passwords nor what was asked.
fn unavailable(error: &LdapError) -> StoreError {
    let text = error.to_string();
    // Of this question alone.
    if matches!(error, LdapError::FilterParsing | LdapError::DecodingUTF8) {
        return StoreError::Damaged(text);
    }
    StoreError::Unavailable(text)
}
