//! The authorization request ([RFC 6749 §4.1.1](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.1), RFC 7636 §4.3).

use serde::{Deserialize, Serialize};
use url::Url;

use crate::parameters::{self, Parameters};

/// What a client sends the browser to the authorization endpoint with. Nothing in it is checked yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationRequest {
    /// `code` or `token`; other words beside one of them are ignored, as in the Spring dialect.
    pub response_type: Option<String>,
    /// Who asks.
    pub client_id: Option<String>,
    /// Where to send the browser afterwards.
    pub redirect_uri: Option<String>,
    /// What for.
    pub scope: Option<String>,
    /// Returned to the client unchanged.
    pub state: Option<String>,
    /// RFC 7636 §4.3.
    pub code_challenge: Option<String>,
    /// RFC 7636 §4.3.
    pub code_challenge_method: Option<String>,
    /// In which languages the person would rather read, as tags of BCP 47 with a space between them
    /// ([OpenID Connect Core §3.1.2.1](https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ui_locales: Option<String>,
}

impl AuthorizationRequest {
    /// Takes the request out of decoded parameters; unknown ones are left.
    pub fn take(sent: &mut Parameters) -> Self {
        Self {
            response_type: sent.take("response_type"),
            client_id: sent.take("client_id"),
            redirect_uri: sent.take("redirect_uri"),
            scope: sent.take("scope"),
            state: sent.take("state"),
            code_challenge: sent.take("code_challenge"),
            code_challenge_method: sent.take("code_challenge_method"),
            ui_locales: sent.take("ui_locales"),
        }
    }

    /// The query that says this.
    pub fn encode(&self) -> String {
        parameters::encode(self.parameters())
    }

    /// How long its values are together, in bytes.
    pub fn value_bytes(&self) -> usize {
        let values = self.parameters().into_iter().filter_map(|(_, value)| value);
        values.map(str::len).sum()
    }

    fn parameters(&self) -> [(&'static str, Option<&str>); 8] {
        [
            ("response_type", self.response_type.as_deref()),
            ("client_id", self.client_id.as_deref()),
            ("redirect_uri", self.redirect_uri.as_deref()),
            ("scope", self.scope.as_deref()),
            ("state", self.state.as_deref()),
            ("code_challenge", self.code_challenge.as_deref()),
            (
                "code_challenge_method",
                self.code_challenge_method.as_deref(),
            ),
            ("ui_locales", self.ui_locales.as_deref()),
        ]
    }

    /// The authorization endpoint's address with this request in its query; a query that the
    /// endpoint has already is kept (RFC 6749 §3.1).
    pub fn to_url(&self, authorization_endpoint: &Url) -> Url {
        let mut url = authorization_endpoint.clone();
        let query = match url.query().filter(|query| !query.is_empty()) {
            Some(query) => format!("{query}&{}", self.encode()),
            None => self.encode(),
        };
        url.set_query(Some(&query));
        url
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_of_the_endpoint_is_kept() {
        let endpoint = Url::parse("https://as.example/authorize?tenant=1").unwrap();
        let request = AuthorizationRequest {
            response_type: Some("code".to_owned()),
            ui_locales: Some("ru zh-CN".to_owned()),
            ..Default::default()
        };
        let url = request.to_url(&endpoint);
        assert_eq!(
            url.as_str(),
            "https://as.example/authorize?tenant=1&response_type=code&ui_locales=ru+zh-CN"
        );
        assert_eq!(
            AuthorizationRequest::take(
                &mut Parameters::decode(request.encode().as_bytes()).unwrap()
            ),
            request
        );
    }
}
