//! Authorization requests to vary.

use e2e::{Browser, Landing, World};

/// An authorization request: parameters that a test adds to, replaces or leaves out.
#[derive(Clone, Debug)]
pub(crate) struct Request(Vec<(String, String)>);

impl Request {
    /// `print-photo` asks for a code, without PKCE.
    pub(crate) fn code(world: &World) -> Self {
        Self(Vec::new())
            .with("response_type", "code")
            .with("client_id", "print-photo")
            .with("redirect_uri", &world.callback())
            .with("scope", "photo.read profile")
            .with("state", "xyz")
    }

    /// `photo-spa` asks for a token.
    pub(crate) fn implicit(world: &World) -> Self {
        Self::code(world)
            .with("response_type", "token")
            .with("client_id", "photo-spa")
            .with("redirect_uri", &format!("{}/spa", world.client))
    }

    /// The same with this parameter.
    pub(crate) fn with(self, name: &str, value: &str) -> Self {
        let mut request = self.without(name);
        request.0.push((name.to_owned(), value.to_owned()));
        request
    }

    /// The same without this parameter.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.0.retain(|(known, _)| known != name);
        self
    }

    /// The parameters.
    pub(crate) fn pairs(&self) -> Vec<(&str, &str)> {
        let pairs = self.0.iter();
        pairs
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect()
    }

    /// The request as a query.
    pub(crate) fn query(&self) -> String {
        url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.0)
            .finish()
    }

    /// The whole way in this browser as `xiaoming`, who approves.
    pub(crate) async fn approved_in(&self, browser: &Browser) -> Landing {
        let approved = ["photo.read", "profile"];
        browser.journey(&self.pairs(), &approved).await
    }

    /// The whole way in a new browser.
    pub(crate) async fn approved(&self, world: &World) -> Landing {
        self.approved_in(&world.browser()).await
    }
}
