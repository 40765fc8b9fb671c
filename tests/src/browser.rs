//! A person's browser, as far as HTTP goes: cookies, forms, no redirect followed unasked.

use reqwest::redirect::Policy;
use url::Url;

use crate::{Answer, World};

/// A browser with its own cookies.
#[derive(Clone, Debug)]
pub struct Browser {
    http: reqwest::Client,
    auth: String,
}

/// Where the authorization server sent the browser back to.
#[derive(Clone, Debug)]
pub struct Landing(pub Url);

impl Landing {
    /// A parameter of the query or, for the implicit grant, of the fragment.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let text = self.0.fragment().or(self.0.query()).unwrap_or_default();
        let mut pairs = url::form_urlencoded::parse(text.as_bytes());
        pairs
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }

    /// The authorization code; fails when there is none.
    pub fn code(&self) -> String {
        self.parameter("code")
            .unwrap_or_else(|| panic!("no code in {}", self.0))
    }
}

/// Where a link of a page leads.
pub fn link(page: &str, id: &str) -> Option<String> {
    let (_, rest) = page.split_once(&format!(" id=\"{id}\" href=\""))?;
    Some(rest.split_once('"')?.0.replace("&#38;", "&"))
}

/// The value of a hidden field of a page.
pub fn hidden_field(page: &str, name: &str) -> Option<String> {
    let start = page.find(&format!("<input name=\"{name}\" value=\""))?;
    let rest = page.get(start..)?.split_once("value=\"")?.1;
    Some(rest.split_once('"')?.0.to_owned())
}

impl Browser {
    pub(crate) fn plain_client() -> reqwest::Client {
        reqwest::Client::builder()
            .redirect(Policy::none())
            .build()
            .expect("an HTTP client")
    }

    /// A browser for the authorization server at this address.
    pub fn new(auth: &str) -> Self {
        let http = reqwest::Client::builder()
            .redirect(Policy::none())
            .cookie_store(true)
            .build();
        Self {
            http: http.expect("an HTTP client"),
            auth: auth.to_owned(),
        }
    }

    /// Goes to an address: a path at the authorization server, or a whole URL.
    pub async fn get(&self, address: &str) -> Answer {
        let response = self
            .http
            .get(self.url(address))
            // As browsers do for whoever looks at a page.
            .header("sec-fetch-mode", "navigate")
            .send()
            .await
            .expect("the server answers");
        Answer::read(response).await
    }

    /// Posts a form.
    pub async fn post(&self, address: &str, form: &[(&str, &str)]) -> Answer {
        let request = self.http.post(self.url(address)).form(form);
        Answer::read(request.send().await.expect("the server answers")).await
    }

    /// Sends an authorization request.
    pub async fn authorize(&self, parameters: &[(&str, &str)]) -> Answer {
        let address = format!("{}/oauth/authorize", self.auth);
        let url = Url::parse_with_params(&address, parameters).expect("a URL");
        self.get(url.as_str()).await
    }

    /// Signs in on the page that this answer leads to, and follows to the page after it.
    pub async fn sign_in_after(&self, answer: &Answer, name: &str, password: &str) -> Answer {
        let page = self.get(answer.header("location")).await;
        let answer = self.submit_sign_in(&page, name, password).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        self.get(answer.header("location")).await
    }

    /// Signs in where no authorization request waits.
    pub async fn sign_in(&self, name: &str, password: &str) {
        let page = self.get("/login").await;
        let answer = self.submit_sign_in(&page, name, password).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
    }

    /// Submits the sign-in form of a page.
    pub async fn submit_sign_in(&self, page: &Answer, name: &str, password: &str) -> Answer {
        let csrf = hidden_field(&page.text, "_csrf").expect("the page holds a form");
        let named = ["authorization", "client_id"].map(|field| {
            let value = hidden_field(&page.text, field);
            (field, value.unwrap_or_default())
        });
        let mut form = vec![
            ("username", name),
            ("password", password),
            ("_csrf", csrf.as_str()),
        ];
        form.extend(named.iter().map(|(field, value)| (*field, value.as_str())));
        self.post("/login", &form).await
    }

    /// Says no on the sign-in page or on the approval page.
    pub async fn say_no(&self, page: &Answer) -> Answer {
        let fields = ["_csrf", "authorization", "client_id"].map(|field| {
            let value = hidden_field(&page.text, field);
            (field, value.unwrap_or_default())
        });
        let mut form = vec![("user_oauth_approval", "false")];
        form.extend(fields.iter().map(|(field, value)| (*field, value.as_str())));
        self.post("/oauth/authorize", &form).await
    }

    /// Decides on an approval page: each scope of `approved` is allowed, all others are not.
    pub async fn decide(&self, page: &Answer, approved: &[&str]) -> Answer {
        let csrf = hidden_field(&page.text, "_csrf")
            .unwrap_or_else(|| panic!("no approval page: {} {}", page.status, page.text));
        let authorization = hidden_field(&page.text, "authorization").expect("it names a request");
        let client_id = hidden_field(&page.text, "client_id").expect("it names a client");
        let names: Vec<String> = approved
            .iter()
            .map(|scope| format!("scope.{scope}"))
            .collect();
        let mut form = vec![
            ("user_oauth_approval", "true"),
            ("_csrf", csrf.as_str()),
            ("authorization", authorization.as_str()),
            ("client_id", client_id.as_str()),
        ];
        form.extend(names.iter().map(|name| (name.as_str(), "true")));
        self.post("/oauth/authorize", &form).await
    }

    /// The whole way as `xiaoming`: asks, signs in if need be, approves `approved`, and lands at the
    /// client.
    pub async fn journey(&self, parameters: &[(&str, &str)], approved: &[&str]) -> Landing {
        let mut answer = self.authorize(parameters).await;
        if answer.header("location").starts_with("/login") {
            answer = self.sign_in_after(&answer, "xiaoming", "photos4me").await;
        }
        if answer.status == 200 {
            answer = self.decide(&answer, approved).await;
        }
        Landing::of(&answer)
    }

    fn url(&self, address: &str) -> String {
        if address.starts_with('/') {
            format!("{}{address}", self.auth)
        } else {
            address.to_owned()
        }
    }
}

impl Landing {
    /// Where an answer sends the browser.
    #[track_caller]
    pub fn of(answer: &Answer) -> Self {
        let redirects = answer.status == 302 || answer.status == 303;
        assert!(redirects, "{} {}", answer.status, answer.text);
        Self(Url::parse(answer.header("location")).expect("an absolute address"))
    }
}

impl World {
    /// A new browser.
    pub fn browser(&self) -> Browser {
        Browser::new(&self.auth)
    }
}

impl Browser {
    /// Goes to where an answer sends the browser.
    pub async fn follow(&self, answer: &Answer) -> Answer {
        self.get(answer.header("location")).await
    }

    /// Sends a form with a header besides those that every request has.
    pub async fn post_with(
        &self,
        address: &str,
        form: &[(&str, &str)],
        (name, value): (&str, &str),
    ) -> Answer {
        let request = self.http.post(self.url(address)).form(form);
        let request = request.header(name, value);
        Answer::read(request.send().await.expect("the server answers")).await
    }

    /// Goes to an address with a header besides those that every request has.
    pub async fn get_with(&self, address: &str, name: &str, value: &str) -> Answer {
        let request = self.http.get(self.url(address)).header(name, value);
        Answer::read(request.send().await.expect("the server answers")).await
    }
}
