//! `auth-server migrate shadow` before servers that speak TLS.

use std::path::Path;
use std::sync::Arc;

use e2e::{Certificates, run_auth_server};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use symbolon_auth_server::migrate::shadow::{Choice, ShadowError, ShadowSettings, Snapshot};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

const ANSWER: &[u8] =
    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";

fn acceptor(certificates: &Certificates) -> TlsAcceptor {
    let chain = CertificateDer::pem_file_iter(&certificates.certificate).unwrap();
    let chain = chain.collect::<Result<_, _>>().unwrap();
    let key = PrivateKeyDer::from_pem_file(&certificates.key).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap();
    let config = config.with_no_client_auth();
    TlsAcceptor::from(Arc::new(config.with_single_cert(chain, key).unwrap()))
}

/// The address of a server that gives one answer to everything, under this certificate.
async fn server(certificates: &Certificates) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let acceptor = acceptor(certificates);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // Whoever does not believe the certificate hangs up.
            let Ok(mut stream) = acceptor.accept(stream).await else {
                continue;
            };
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(stream.read_u8().await.unwrap());
            }
            stream.write_all(ANSWER).await.unwrap();
            let _ = stream.shutdown().await;
        }
    });
    format!("https://localhost:{port}")
}

/// What the shadow before these servers answers, and what it reports.
async fn asked(old: &str, new: &str, authority: Option<&Path>) -> (u16, Snapshot) {
    let settings = ShadowSettings {
        old: old.to_owned(),
        new: new.to_owned(),
        allow_plain_http: false,
        authorities: authority.map_or_else(Vec::new, |file| std::fs::read(file).unwrap()),
        listen: "127.0.0.1:0".parse().unwrap(),
        report_on: None,
        report_file: None,
        choice: Choice::default(),
        tolerance_secs: 5,
        patience: std::time::Duration::from_secs(30),
    };
    let bound = settings.bind().unwrap();
    let (address, _) = bound.addresses().unwrap();
    let asking = async move {
        let answer = reqwest::get(format!("http://{address}/oauth/token_key"));
        answer.await.unwrap().status().as_u16()
    };
    let (status, told) = tokio::sync::oneshot::channel();
    let end = async {
        let _ = status.send(asking.await);
    };
    let snapshot = bound.run(end).await.unwrap();
    (told.await.unwrap(), snapshot)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_are_believed_by_the_certificates_of_the_authority_that_is_named() {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (own, others) = (
        Certificates::in_folder(folder.path()),
        Certificates::in_folder(other.path()),
    );
    let (old, new) = (server(&own).await, server(&own).await);
    let (status, report) = asked(&old, &new, Some(&own.authority)).await;
    assert_eq!(status, 200);
    let report = report.to_text();
    assert!(report.contains("100.0"), "{report}");
    for authority in [None, Some(others.authority.as_path())] {
        let (status, _) = asked(&old, &new, authority).await;
        assert_eq!(status, 502, "{authority:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_without_certificates_is_no_authority() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "no certificate").unwrap();
    let (file, missing) = (file.path().to_str().unwrap(), "/nowhere/authority.pem");
    for (file, reason) in [
        (file, ShadowError::NoCertificate.to_string()),
        (missing, format!("--ca-file {missing}: ")),
    ] {
        let servers = [
            "--old",
            "https://old.example",
            "--new",
            "https://new.example",
        ];
        let arguments = [&["migrate", "shadow", "--ca-file", file][..], &servers].concat();
        let ended = run_auth_server(&arguments, &[], "").await;
        assert_ne!(ended.code, Some(0));
        assert!(ended.stderr.contains(&reason), "{}", ended.stderr);
    }
}
