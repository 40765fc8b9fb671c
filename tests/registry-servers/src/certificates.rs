//! Certificates of an authority of our own.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

/// The certificate of a server that is called `localhost` and nothing else, and the authority that vouches for it: files in
/// a folder.
#[derive(Clone, Debug)]
pub struct Certificates {
    /// Of the authority.
    pub authority: PathBuf,
    /// Of the server.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

impl Certificates {
    /// Makes them.
    pub fn in_folder(folder: &Path) -> Self {
        let authority_key = rcgen::KeyPair::generate().unwrap();
        let mut authority = rcgen::CertificateParams::new(Vec::<String>::new()).unwrap();
        authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let authority_pem = authority.self_signed(&authority_key).unwrap().pem();
        let issuer = rcgen::Issuer::new(authority, authority_key);
        let key = rcgen::KeyPair::generate().unwrap();
        let certificate = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        let certificate = certificate.signed_by(&key, &issuer).unwrap();
        let file = |name: &str, text: &str| {
            let path = folder.join(name);
            std::fs::write(&path, text).unwrap();
            // PostgreSQL takes no key that others may read.
            std::fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
            path
        };
        Self {
            authority: file("authority.pem", &authority_pem),
            certificate: file("certificate.pem", &certificate.pem()),
            key: file("key.pem", &key.serialize_pem()),
        }
    }
}
