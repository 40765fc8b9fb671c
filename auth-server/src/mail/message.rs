//! A mail as it travels ([RFC 5322](https://www.rfc-editor.org/rfc/rfc5322)). Every header is written by the library from a value
//! of its own type, so nothing that somebody has typed begins another one.

use std::time::{Duration, UNIX_EPOCH};

use lettre::message::header::{
    ContentTransferEncoding, ContentType, Header, HeaderName, HeaderValue,
};
use lettre::message::{Body, Mailbox, Message};

use super::{Mail, MailError};
use crate::records::EmailAddress;

/// Who sends mails.
#[derive(Clone, Debug)]
pub struct MailSender {
    /// As people know it.
    pub name: String,
    /// Where answers would go.
    pub address: EmailAddress,
}

impl MailSender {
    /// The mail as it travels, past every mail server.
    pub(super) fn message(&self, mail: &Mail) -> Result<Message, MailError> {
        self.message_with(mail, Body::new(mail.text.clone()))
    }

    /// The mail as a person reads it, who has no mail program at hand: its lines stand as they were written.
    pub(super) fn readable(&self, mail: &Mail) -> Result<Message, MailError> {
        // Where nothing carries it, it needs no line breaks of others.
        let as_it_is = ContentTransferEncoding::Binary;
        let body = Body::new_with_encoding(mail.text.clone(), as_it_is);
        self.message_with(mail, body.unwrap_or_else(Body::new))
    }

    fn message_with(&self, mail: &Mail, body: Body) -> Result<Message, MailError> {
        let id = format!("<{}@{}>", mail.id, self.host());
        let at = UNIX_EPOCH + Duration::from_secs(mail.at.as_secs());
        let message = Message::builder()
            .from(mailbox(Some(in_one_line(&self.name)), &self.address)?)
            .to(mailbox(None, &mail.to)?)
            .subject(in_one_line(&mail.subject))
            .date(at)
            .message_id(Some(id))
            .header(AutoSubmitted)
            .header(ContentType::TEXT_PLAIN)
            .body(body);
        message.map_err(|error| MailError(format!("the mail cannot be written: {error}")))
    }

    /// Where mails come from.
    pub(super) fn host(&self) -> &str {
        let address = self.address.as_str();
        address
            .rsplit_once('@')
            .map_or(address, |(_, domain)| domain)
    }
}

/// The library does not write a name that ends a line at all.
fn in_one_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}

fn mailbox(name: Option<String>, address: &EmailAddress) -> Result<Mailbox, MailError> {
    // The library's own error would not quote the address either.
    let address = address.as_str().parse();
    let address = address.map_err(|error| MailError(format!("an address is none: {error}")))?;
    Ok(Mailbox::new(name, address))
}

/// `Auto-Submitted: auto-generated` ([RFC 3834 §5](https://www.rfc-editor.org/rfc/rfc3834#section-5)): nobody who is away answers.
#[derive(Clone, Copy, Debug)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use symbolon::clock::Timestamp;

    use super::*;

    #[test]
    fn nothing_that_is_in_a_mail_begins_another_header() {
        let sender = MailSender {
            name: "Bank\r\nBcc: li@example.org".to_owned(),
            address: EmailAddress::parse("no-reply@bank.example").unwrap(),
        };
        let mail = Mail {
            to: EmailAddress::parse("wang@example.org").unwrap(),
            subject: "Hello\r\nBcc: li@example.org\r\n\r\nHi".to_owned(),
            text: "Hello.\n.\n".to_owned(),
            id: "an-id".to_owned(),
            at: Timestamp::from_secs(784_111_777),
        };
        let message = sender.message(&mail).unwrap();
        let receivers = message.envelope().to();
        assert_eq!(receivers.len(), 1);
        let text = String::from_utf8(message.formatted()).unwrap();
        let (headers, _) = text.split_once("\r\n\r\n").unwrap();
        let names: Vec<_> = headers
            .split("\r\n")
            .filter(|line| !line.starts_with([' ', '\t']))
            .map(|line| line.split_once(':').unwrap().0)
            .collect();
        assert!(!names.contains(&"Bcc"), "{headers}");
        assert!(names.contains(&"Auto-Submitted"), "{headers}");
        assert!(headers.contains("Message-ID: <an-id@bank.example>"));
        assert!(headers.contains("Date: Sun, 06 Nov 1994 08:49:37 +0000"));
    }
}
