//! Mails that an authorization server has put into its folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::{World, WorldBuilder};

/// The folder, in that of the world.
pub(crate) const MAILS: &str = "mails";

/// A mail as its reader sees it.
#[derive(Clone, Debug)]
pub struct SentMail {
    /// Who reads it.
    pub to: String,
    /// All headers as they travelled.
    pub headers: String,
    /// What it says.
    pub text: String,
}

impl SentMail {
    fn read(file: &str) -> Self {
        let file = file.replace("\r\n", "\n");
        let (headers, body) = file.split_once("\n\n").expect("headers and a body");
        let header = |name: &str| {
            let line = headers.lines().find_map(|line| line.strip_prefix(name));
            line.unwrap_or_default().trim().to_owned()
        };
        let text = match header("Content-Transfer-Encoding:").as_str() {
            "quoted-printable" => unquoted(body),
            "base64" => unbased(body),
            _ => body.to_owned(),
        };
        Self {
            to: header("To:"),
            headers: headers.to_owned(),
            text,
        }
    }

    /// The link in it: it has a line of its own.
    pub fn link(&self) -> String {
        let link = self.text.lines().find(|line| line.starts_with("http"));
        link.unwrap_or_else(|| panic!("no link: {}", self.text))
            .to_owned()
    }
}

/// [RFC 2045 §6.7](https://www.rfc-editor.org/rfc/rfc2045#section-6.7).
fn unquoted(body: &str) -> String {
    let body = body.replace("=\n", "");
    let mut bytes = Vec::new();
    let mut rest = body.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first == b'=' {
            let (hex, after) = rest.split_at(2);
            rest = after;
            bytes.extend(hex::decode(hex).expect("two digits"));
        } else {
            bytes.push(*first);
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}

fn unbased(body: &str) -> String {
    use base64::Engine as _;
    let body: String = body.split_whitespace().collect();
    let bytes = base64::engine::general_purpose::STANDARD.decode(body);
    String::from_utf8(bytes.expect("base64")).expect("UTF-8")
}

impl WorldBuilder {
    /// Mails go into a folder of the world.
    #[must_use]
    pub fn sending_mails(self) -> Self {
        self.set("AUTH_SERVER__MAIL__TRANSPORT", "file")
            .set("AUTH_SERVER__MAIL__FROM", "no-reply@symbolon.example")
    }

    /// And people make accounts for themselves.
    #[must_use]
    pub fn with_sign_up(self) -> Self {
        self.sending_mails()
            .set("AUTH_SERVER__SIGN_UP__ALLOWED", "true")
    }
}

impl World {
    /// The mails that were sent, the oldest first, once there are so many.
    pub async fn mails(&self, count: usize) -> Vec<SentMail> {
        mails_in(&self.directory.path().join(MAILS), count).await
    }

    /// The mails that are there once what goes on beside the requests has ended, as it does when a server is stopped.
    pub async fn mails_after_the_end(mut self) -> Vec<SentMail> {
        if let Some(upkeep) = self.upkeep.take() {
            upkeep.finish().await;
        }
        mails_so_far(&self.directory.path().join(MAILS))
    }
}

/// The mails of a folder, the oldest first, once there are so many.
pub async fn mails_in(folder: &Path, count: usize) -> Vec<SentMail> {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let mails = mails_so_far(folder);
        if mails.len() >= count {
            return mails;
        }
        assert!(Instant::now() < deadline, "{} mails", mails.len());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn mails_so_far(folder: &Path) -> Vec<SentMail> {
    let files = fs::read_dir(folder).expect("the folder is there");
    let files = files.map(|file| file.expect("it is there").path());
    let mut files: Vec<PathBuf> = files
        .filter(|file| file.extension().is_some_and(|end| end == "eml"))
        .collect();
    files.sort_by_key(|file| {
        let written = fs::metadata(file).and_then(|file| file.modified());
        written.expect("it was written")
    });
    let read = |file: &PathBuf| fs::read_to_string(file).expect("it is text");
    let mails = files.iter().map(|file| SentMail::read(&read(file)));
    mails.collect()
}
