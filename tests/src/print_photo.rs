//! A browser at Print Photo, the demo client.

use crate::{Answer, Browser, Landing};

/// Print Photo as one browser sees it.
#[derive(Clone, Debug)]
pub struct PrintPhoto {
    /// Its address.
    pub address: String,
    /// The browser.
    pub browser: Browser,
}

impl PrintPhoto {
    /// Opens a page and sends one of its forms.
    pub async fn press(&self, page: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
        let page = self.open(page).await;
        let csrf = csrf(&page);
        let mut form = vec![("csrf", csrf.as_str())];
        form.extend(fields);
        let action = format!("{}{action}", self.address);
        self.browser.post(&action, &form).await
    }

    /// From the button to the answer of the callback, as `xiaoming`.
    pub async fn authorize(&self, approved: &[&str]) -> Answer {
        let answer = self.press("/code", "/code", &[]).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        let asked = self.browser.follow(&answer).await;
        let page = self.browser.sign_in_after(&asked, "xiaoming", "photos4me");
        let decided = self.browser.decide(&page.await, approved).await;
        let landing = Landing::of(&decided);
        let callback = format!("{}/callback", self.address);
        assert!(landing.0.as_str().starts_with(&callback), "{landing:?}");
        self.browser.follow(&decided).await
    }

    /// Opens a page.
    pub async fn open(&self, page: &str) -> Answer {
        self.browser.get(&format!("{}{page}", self.address)).await
    }
}

/// The token that Print Photo's forms carry.
fn csrf(page: &Answer) -> String {
    let (_, rest) = page
        .text
        .split_once("name=\"csrf\" value=\"")
        .unwrap_or_else(|| panic!("no form: {} {}", page.status, page.text));
    rest.split_once('"').expect("it ends").0.to_owned()
}
