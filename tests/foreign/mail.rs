//! Mails are given to a mail server of somebody else, and to nobody who only says to be one.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail"
)]

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use e2e::Certificates;
use serde_json::Value;
use symbolon::clock::Timestamp;
use symbolon::secret::Secret;
use symbolon_auth_server::mail::{
    Mail, MailSender, Mailer as _, SmtpMailer, SmtpSettings, SmtpTls,
};
use symbolon_auth_server::records::EmailAddress;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use crate::PYTHON;

/// A mail server that runs until this is dropped.
struct MailServer {
    port: u16,
    said: Lines<BufReader<ChildStdout>>,
    certificates: Certificates,
    _process: Child,
    _folder: tempfile::TempDir,
}

impl MailServer {
    async fn start(how: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let certificates = Certificates::in_folder(folder.path());
        let directory = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut process = Command::new(directory.join(PYTHON))
            .arg(directory.join("foreign/smtp_server.py"))
            .arg(how)
            .args([&certificates.certificate, &certificates.key])
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("scripts/test makes it");
        let said = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut server = Self {
            port: 0,
            said,
            certificates,
            _process: process,
            _folder: folder,
        };
        server.port = server.said().await["port"]
            .as_u64()
            .unwrap()
            .try_into()
            .unwrap();
        server
    }

    async fn said(&mut self) -> Value {
        let line = self.said.next_line().await.unwrap();
        serde_json::from_str(&line.expect("it runs")).unwrap()
    }

    fn settings(&self, tls: SmtpTls, authority: &PathBuf) -> SmtpSettings {
        SmtpSettings {
            host: "localhost".to_owned(),
            port: self.port,
            tls,
            authority: Some(std::fs::read(authority).unwrap()),
            account: Some(("symbolon".to_owned(), Secret::new("of-the-mail-server"))),
            timeout: Duration::from_secs(10),
        }
    }
}

async fn send(settings: &SmtpSettings) -> Result<(), String> {
    let sender = MailSender {
        name: "Банк".to_owned(),
        address: EmailAddress::parse("no-reply@bank.example").unwrap(),
    };
    let mail = Mail {
        to: EmailAddress::parse("wang@example.org").unwrap(),
        subject: "请设置新密码".to_owned(),
        text: "https://auth.example/login/reset?link=abc\n.\n..\n".to_owned(),
        id: "an-id".to_owned(),
        at: Timestamp::from_secs(784_111_777),
    };
    let mailer = SmtpMailer::new(sender, settings).unwrap();
    mailer.send(&mail).await.map_err(|error| error.to_string())
}

/// After STARTTLS or from the first byte on, and by name without: with the account that it knows, to whom it is for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_server_is_given_mails_as_the_settings_say() {
    for (how, tls) in [
        ("starttls", SmtpTls::StartTls),
        ("tls", SmtpTls::Implicit),
        ("none", SmtpTls::None),
    ] {
        let mut server = MailServer::start(how).await;
        let settings = server.settings(tls, &server.certificates.authority);
        send(&settings).await.unwrap();
        let mail = server.said().await;
        assert_eq!(mail["from"], "no-reply@bank.example", "{how}");
        assert_eq!(mail["to"], serde_json::json!(["wang@example.org"]), "{how}");
        assert_eq!(mail["encrypted"], how != "none", "{how}");
        assert_eq!(mail["hello"], "bank.example", "{how}");
        let content = mail["content"].as_str().unwrap();
        let (_, body) = content.split_once("\r\n\r\n").unwrap();
        // What looks like the end of a mail is not one.
        assert!(body.contains("\r\n.\r\n..\r\n"), "{how}: {content}");
        assert!(
            content.contains("Message-ID: <an-id@bank.example>"),
            "{how}"
        );
    }
}

/// What is not as the settings say gets nothing, and nothing that it says is passed on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_else_is_given_a_mail() {
    let elsewhere = tempfile::tempdir().unwrap();
    let of_others = Certificates::in_folder(elsewhere.path()).authority;
    for (how, tls) in [("starttls", SmtpTls::StartTls), ("tls", SmtpTls::Implicit)] {
        let mut server = MailServer::start(how).await;
        let own = server.certificates.authority.clone();
        let unknown = send(&server.settings(tls, &of_others)).await.unwrap_err();
        let wrong = SmtpSettings {
            account: Some(("symbolon".to_owned(), Secret::new("wrong"))),
            ..server.settings(tls, &own)
        };
        let refused = send(&wrong).await.unwrap_err();
        assert_eq!(refused, "the mail server answered 535", "{how}");
        let elsewhere = SmtpSettings {
            host: "127.0.0.1".to_owned(),
            ..server.settings(tls, &own)
        };
        let renamed = send(&elsewhere).await.unwrap_err();
        for error in [&unknown, &renamed] {
            assert!(error.contains("mail server"), "{how}: {error}");
            assert!(!error.contains("wang"), "{how}: {error}");
        }
        // The first that comes is the one that was right.
        send(&server.settings(tls, &own)).await.unwrap();
        assert_eq!(server.said().await["encrypted"], true, "{how}");
    }
    // Who offers no encryption gets neither the password nor the mail.
    let server = MailServer::start("none").await;
    let own = server.certificates.authority.clone();
    send(&server.settings(SmtpTls::StartTls, &own))
        .await
        .unwrap_err();
    // And who does not answer is not waited for.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let settings = SmtpSettings {
        port: silent.local_addr().unwrap().port(),
        timeout: Duration::from_millis(50),
        ..server.settings(SmtpTls::None, &own)
    };
    let error = send(&settings).await.unwrap_err();
    assert_eq!(error, "the mail server took too long");
}
