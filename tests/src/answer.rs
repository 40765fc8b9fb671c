//! An HTTP answer, read to its end.

use reqwest::header::HeaderMap;
use serde_json::Value;

/// An HTTP answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as text.
    pub text: String,
    /// The body as JSON; null when it is none.
    pub json: Value,
}

impl Answer {
    /// Reads a response to its end.
    pub async fn read(response: reqwest::Response) -> Self {
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let text = response.text().await.expect("the body is read");
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        Self {
            status,
            headers,
            text,
            json,
        }
    }

    /// A header's value; empty when it is absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("a header is text"))
    }

    /// A member of the JSON body that is a string; fails when it is not there.
    pub fn text_of(&self, member: &str) -> String {
        let value = self.json.get(member).and_then(Value::as_str);
        value
            .unwrap_or_else(|| panic!("no `{member}` in {}: {}", self.status, self.text))
            .to_owned()
    }

    /// `access_token`.
    pub fn access_token(&self) -> String {
        self.text_of("access_token")
    }

    /// `refresh_token`.
    pub fn refresh_token(&self) -> String {
        self.text_of("refresh_token")
    }

    /// Fails unless this is the error with this status and code.
    #[track_caller]
    pub fn assert_error(&self, status: u16, code: &str) {
        assert_eq!(
            (self.status, self.json["error"].as_str()),
            (status, Some(code)),
            "{}",
            self.text
        );
        assert!(
            self.header("cache-control").contains("no-store"),
            "{:?}",
            self.headers
        );
    }
}
