//! Somebody who knows one address and then follows what pages say, as a browser does.

use e2e::{Answer, Browser};
use url::Url;

/// Where somebody has come to.
pub(super) struct Walk {
    browser: Browser,
    /// The address of the page.
    pub(super) page: Url,
    /// What is there: a page, or an answer that leads to another host.
    pub(super) answer: Answer,
}

impl Walk {
    /// Begins at this address.
    pub(super) async fn to(address: &str) -> Self {
        let browser = Browser::new(address);
        let (page, answer) = arrive(&browser, Url::parse(address).unwrap()).await;
        let walk = Self {
            browser,
            page,
            answer,
        };
        walk.assert_drawn().await;
        walk
    }

    /// Goes to an address that a page names, or a whole one.
    pub(super) async fn open(&mut self, address: &str) {
        let address = self.page.join(address).unwrap();
        (self.page, self.answer) = arrive(&self.browser, address).await;
        self.assert_drawn().await;
    }

    /// Clicks on the link that says this.
    pub(super) async fn click(&mut self, words: &str) {
        let link = format!("\">{words}</a>");
        self.assert_shows(&link);
        let (before, _) = self.answer.text.split_once(&link).unwrap();
        let (_, address) = before.rsplit_once("href=\"").unwrap();
        let address = address.replace("&#38;", "&");
        self.open(&address).await;
    }

    /// Sends a form with its hidden fields and these.
    pub(super) async fn submit(&mut self, id: &str, fields: &[(&str, &str)]) {
        let page = self.answer.text.clone();
        let form = format!(" id=\"{id}\"");
        self.assert_shows(&form);
        let (_, form) = page.split_once(&form).unwrap();
        let (form, _) = form.split_once("</form>").unwrap();
        let (_, action) = form.split_once(" action=\"").unwrap();
        let (action, _) = action.split_once('"').unwrap();
        let inputs = form.split("<input name=\"").skip(1);
        let mut sent: Vec<(&str, &str)> = inputs.filter_map(hidden).collect();
        sent.extend(fields);
        let action = self.page.join(action).unwrap();
        let answer = self.browser.post(action.as_str(), &sent).await;
        (self.page, self.answer) = go_on(&self.browser, action, answer).await;
        self.assert_drawn().await;
    }

    /// Fails unless the page holds this text.
    #[track_caller]
    pub(super) fn assert_shows(&self, text: &str) {
        let page = &self.answer.text;
        assert!(page.contains(text), "no {text} at {}: {page}", self.page);
    }

    /// Fails unless what a page loads is there.
    async fn assert_drawn(&self) {
        if !self.answer.header("content-type").starts_with("text/html") {
            return;
        }
        for (link, kind) in [("stylesheet", "text/css"), ("icon", "image/svg+xml")] {
            let link = format!("<link rel=\"{link}\" href=\"");
            let (_, address) = self.answer.text.split_once(&link).unwrap();
            let (address, _) = address.split_once('"').unwrap();
            let address = self.page.join(address).unwrap();
            let loaded = self.browser.get(address.as_str()).await;
            assert_eq!(loaded.status, 200, "{address}");
            assert!(loaded.header("content-type").starts_with(kind), "{address}");
        }
    }
}

/// Name and value of a hidden field, from behind `<input name="`.
fn hidden(input: &str) -> Option<(&str, &str)> {
    let (input, _) = input.split_once('>')?;
    let (name, rest) = input.split_once("\" value=\"")?;
    let (value, rest) = rest.split_once('"')?;
    rest.contains("type=\"hidden\"").then_some((name, value))
}

async fn arrive(browser: &Browser, address: Url) -> (Url, Answer) {
    let answer = browser.get(address.as_str()).await;
    go_on(browser, address, answer).await
}

/// Follows redirects as long as they stay at this host.
async fn go_on(browser: &Browser, mut page: Url, mut answer: Answer) -> (Url, Answer) {
    while [302, 303].contains(&answer.status) {
        let next = page.join(answer.header("location")).unwrap();
        if next.origin() != page.origin() {
            break;
        }
        answer = browser.get(next.as_str()).await;
        page = next;
    }
    (page, answer)
}
