//! The way of somebody who has never seen the project, in the browser alone: an application is registered, granted access,
//! watched, attacked, and its grant taken back. Each page is reached by what the page before offers.

use e2e::person::{PHOTOS_ARE_DRAWN, approve, sign_in};
use e2e::{Chromium, Device, Store, World};

/// What sort of application the newcomer registers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    KeepsASecret,
    HasNone,
}

struct Newcomer {
    // It ends with the journey.
    _world: World,
    chromium: Chromium,
    language: &'static str,
    /// What the application is called.
    name: &'static str,
}

impl Newcomer {
    /// At the first page of Print Photo, which speaks another language at first.
    async fn arrive(device: Device, language: &'static str, name: &'static str) -> Self {
        let world = World::builder(Store::Memory).start().await;
        let chromium = Chromium::start(device).await;
        chromium.open(&world.client).await;
        let choice = format!("#languages a[lang='{language}']");
        chromium.click(&choice).await;
        Self {
            _world: world,
            chromium,
            language,
            name,
        }
    }

    /// The page with this element is shown, in the language that was chosen, and fits.
    async fn sees(&self, element: &str) {
        self.chromium.find(element).await;
        let language = self
            .chromium
            .evaluate("document.documentElement.lang")
            .await;
        assert_eq!(language, self.language, "{element}");
        self.chromium.assert_fits().await;
    }

    async fn value(&self, field: &str) -> String {
        let value = format!("document.querySelector('{field}').value");
        let value = self.chromium.evaluate(&value).await;
        value.as_str().unwrap().to_owned()
    }

    /// Brings an application that is registered on the way; what is it called by the authorization server?
    async fn brings_an_application(&self, sort: Sort) -> String {
        self.chromium.click(".card a[href='/own-client']").await;
        self.sees("#own-form").await;
        let redirect_uri = self.value("#redirect-uri").await;
        self.chromium.click("#developer").await;
        self.chromium.to_new_tab().await;
        let (id, secret) = self.registers(sort, &redirect_uri).await;
        self.chromium.close_tab().await;
        self.chromium.fill("#client_id", &id).await;
        self.chromium.fill("#client_secret", &secret).await;
        self.chromium.click("#bring").await;
        self.sees("#start-code").await;
        assert_eq!(self.chromium.text("#brought code").await, id);
        id
    }

    /// At the developer portal; the secret of an application that has none is empty.
    async fn registers(&self, sort: Sort, redirect_uri: &str) -> (String, String) {
        let chromium = &self.chromium;
        let choice = format!(".languages a[lang='{}']", self.language);
        chromium.click(&choice).await;
        sign_in(chromium, "xiaoming", "photos4me").await;
        self.sees("#new-application").await;
        chromium.click("#new-application").await;
        self.sees("#applicationForm").await;
        chromium.fill("#client_name", self.name).await;
        chromium.fill("#redirect_uris", redirect_uri).await;
        if sort == Sort::HasNone {
            chromium.click("[name=client_type][value=public]").await;
        }
        for scope in ["photo.read", "profile"] {
            let choice = format!("[name='scope.{scope}']");
            if chromium
                .evaluate(&format!("document.querySelector(\"{choice}\").checked"))
                .await
                != true
            {
                chromium.click(&choice).await;
            }
        }
        chromium.click("#applicationForm .primary").await;
        self.sees("#client-id").await;
        let id = chromium.text("#client-id").await;
        assert_eq!(
            chromium.holds("#client-secret").await,
            sort == Sort::KeepsASecret
        );
        match sort {
            Sort::KeepsASecret => (id, chromium.text("#client-secret").await),
            Sort::HasNone => (id, String::new()),
        }
    }

    /// Is asked in the name of the application, allows it, and finds its requests among the steps.
    async fn grants(&self, id: &str) {
        let chromium = &self.chromium;
        chromium.click("#start-code").await;
        self.sees("#confirmationForm").await;
        let asked = chromium.text("main").await;
        assert!(asked.contains(self.name), "{asked}");
        approve(chromium).await;
        self.sees("#photos").await;
        chromium.wait_until(PHOTOS_ARE_DRAWN).await;
        assert_eq!(chromium.text("#owner").await, "xiaoming");
        for step in ["#step-1", "#step-3"] {
            let shown = format!("document.querySelector('{step}').textContent");
            let shown = chromium.evaluate(&shown).await;
            assert!(shown.as_str().unwrap().contains(id), "{step}: {shown}");
        }
    }

    /// Sends the code once more: it is refused, and the token of the first time is dead.
    async fn replays_the_code(&self) {
        let chromium = &self.chromium;
        chromium.click("main a[href='/attacks']").await;
        chromium.click("#replay-the-code").await;
        self.sees("#verdict").await;
        assert_eq!(chromium.text("#outcome code").await, "400 invalid_grant");
        chromium.find(".diagram .attack").await;
        self.calls("401").await;
    }

    async fn calls(&self, status: &str) {
        self.chromium.click("#call").await;
        self.sees("#call-status").await;
        assert_eq!(self.chromium.text("#call-status").await, status);
    }

    /// What was allowed before is remembered, and asked again only for an application that cannot prove who it is.
    async fn takes_the_grant_again(&self, sort: Sort) {
        self.chromium.click("nav a[href='/']").await;
        self.chromium.click(".card a[href='/code']").await;
        self.chromium.click("#start-code").await;
        if sort == Sort::HasNone {
            approve(&self.chromium).await;
        }
        self.sees("#photos").await;
        self.calls("200").await;
    }

    /// Takes back at the authorization server what was allowed: the very next call fails.
    async fn revokes(&self) {
        let chromium = &self.chromium;
        chromium.click("#account").await;
        chromium.to_new_tab().await;
        self.sees("main .card").await;
        let shown = chromium.text("main").await;
        assert!(shown.contains(self.name), "{shown}");
        chromium.click(".card details summary").await;
        chromium.click(".remove button").await;
        self.sees("#removed").await;
        let removed = chromium.text("#removed").await;
        assert!(removed.contains(self.name), "{removed}");
        chromium.close_tab().await;
        self.calls("401").await;
    }
}

async fn journey(newcomer: Newcomer, sort: Sort) {
    let id = newcomer.brings_an_application(sort).await;
    newcomer.grants(&id).await;
    newcomer.replays_the_code().await;
    newcomer.takes_the_grant_again(sort).await;
    newcomer.revokes().await;
    newcomer.chromium.click("#forget-own").await;
    newcomer.sees("#start-code").await;
    assert!(!newcomer.chromium.holds("#brought").await);
    newcomer.chromium.assert_no_complaints().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newcomer_goes_the_whole_way_in_english() {
    let newcomer = Newcomer::arrive(Device::Desktop, "en", "My prints").await;
    journey(newcomer, Sort::KeepsASecret).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newcomer_goes_the_whole_way_in_chinese() {
    let newcomer = Newcomer::arrive(Device::Desktop, "zh-CN", "我的相册").await;
    journey(newcomer, Sort::KeepsASecret).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newcomer_goes_the_whole_way_in_russian() {
    let newcomer = Newcomer::arrive(Device::Desktop, "ru", "Мои снимки").await;
    journey(newcomer, Sort::KeepsASecret).await;
}

/// With an application that can keep no secret.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newcomer_goes_the_whole_way_on_a_phone() {
    let newcomer = Newcomer::arrive(Device::Phone, "zh-CN", "我的相册").await;
    journey(newcomer, Sort::HasNone).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newcomer_goes_the_whole_way_without_scripts() {
    let newcomer = Newcomer::arrive(Device::WithoutScript, "en", "My prints").await;
    journey(newcomer, Sort::HasNone).await;
}
