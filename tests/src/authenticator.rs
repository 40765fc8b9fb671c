//! An authenticator app, and how an owner sets one up.

use symbolon::clock::Timestamp;
use totp_rs::{Builder, Secret, Totp};

use crate::{Answer, Browser, hidden_field};

const PAGE: &str = "/account/second-factor";

/// An app that has taken over one secret.
pub struct Authenticator(Totp);

impl std::fmt::Debug for Authenticator {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Authenticator")
    }
}

impl Authenticator {
    /// With the key that a page shows.
    pub fn of_page(page: &str) -> Self {
        let key = page.split_once("<code id=\"key\">").expect("a key").1;
        let key = key.split_once("</code>").expect("its end").0;
        Self::of_key(key)
    }

    /// With a key.
    pub fn of_key(key: &str) -> Self {
        let secret = Secret::try_from_base32(key.replace(' ', "")).expect("a key");
        let totp = Builder::new().with_secret(secret).build();
        Self(totp.expect("numbers that apps know"))
    }

    /// What it shows at this time.
    pub fn code(&self, now: Timestamp) -> String {
        self.0.generate(now.as_secs()).to_string()
    }
}

/// A second factor: the app, and the recovery codes.
#[derive(Debug)]
pub struct Enrolled {
    /// The app.
    pub app: Authenticator,
    /// As the page shows them.
    pub recovery_codes: Vec<String>,
}

impl Browser {
    /// Sets a second factor up for whoever is signed in.
    pub async fn enrol(&self, password: &str, now: Timestamp) -> Enrolled {
        let page = self.get(PAGE).await;
        let app = Authenticator::of_page(&page.text);
        let answer = self.send_enrolment(&page, &app.code(now), password).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let recovery_codes = recovery_codes(&answer.text);
        assert_eq!(recovery_codes.len(), 10, "{}", answer.text);
        Enrolled {
            app,
            recovery_codes,
        }
    }

    /// Sends the form of the page that sets one up.
    pub async fn send_enrolment(&self, page: &Answer, code: &str, password: &str) -> Answer {
        let field = |name| hidden_field(&page.text, name).expect("the page holds a form");
        let form = [
            ("_csrf", field("_csrf")),
            ("change", field("change")),
            ("setup", field("setup")),
            ("code", code.to_owned()),
            ("current_password", password.to_owned()),
        ];
        let form = form.each_ref().map(|(name, value)| (*name, value.as_str()));
        self.post(PAGE, &form).await
    }

    /// Shows the password on the sign-in page; answers the page of the second step.
    pub async fn show_password(&self, name: &str, password: &str) -> Answer {
        let page = self.get("/login").await;
        let answer = self.submit_sign_in(&page, name, password).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (303, "/login/code")
        );
        self.get("/login/code").await
    }

    /// Sends the form of the second step.
    pub async fn submit_code(&self, page: &Answer, code: &str) -> Answer {
        let fields = ["_csrf", "authorization", "client_id", "next"];
        let named = fields.map(|field| (field, hidden_field(&page.text, field)));
        let mut form = vec![("code", code)];
        let told = named
            .iter()
            .filter_map(|(field, value)| Some((*field, value.as_deref()?)));
        form.extend(told);
        self.post("/login/code", &form).await
    }

    /// Signs in with password and code.
    pub async fn sign_in_with_code(&self, [name, password, code]: [&str; 3]) -> Answer {
        let page = self.show_password(name, password).await;
        self.submit_code(&page, code).await
    }
}

/// The recovery codes that a page shows.
pub fn recovery_codes(page: &str) -> Vec<String> {
    let codes = page.split("<li><code>").skip(1);
    codes
        .filter_map(|rest| Some(rest.split_once("</code>")?.0.to_owned()))
        .collect()
}
