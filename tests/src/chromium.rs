//! A real Chromium, driven through its `WebDriver`.

use std::io::Write as _;
use std::net::{Ipv4Addr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use redis_server::ReservedPort;
use serde_json::{Map, Value, json};

/// A JavaScript function for what is about to be clicked: marks the page when that leads to another one in its place, by a link
/// or by a form that can be sent. A script of the page that does something else instead takes the mark away, and the next page has none.
const MARKS_WHAT_LEADS_AWAY: &str = "(clicked => { \
    const link = clicked.closest('a[href]'); \
    const button = clicked.closest('button, input[type=submit]'); \
    const target = link && new URL(link.getAttribute('href'), document.baseURI); \
    const elsewhere = target && link.target !== '_blank' && !(target.hash && target.href.split('#')[0] === location.href.split('#')[0]); \
    const sent = button?.type === 'submit' && button.form?.checkValidity(); \
    window.leadsAway = Boolean(elsewhere || sent); \
    const stays = event => { if (event.defaultPrevented) window.leadsAway = false; }; \
    window.onclick = stays; window.onsubmit = stays; })";

/// How long a page may take to show what a test waits for.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long the browser may take to end.
const FAREWELL: Duration = Duration::from_secs(5);

/// What a person holds in the hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Device {
    /// A window that is 1280 pixels wide.
    Desktop,
    /// A telephone that is 390 pixels wide.
    Phone,
    /// A window whose pages may run no script.
    WithoutScript,
}

impl Device {
    /// How wide its pages are, in CSS pixels.
    pub const fn width(self) -> u32 {
        match self {
            Self::Desktop | Self::WithoutScript => 1280,
            Self::Phone => 390,
        }
    }

    fn capabilities(self, profile: &str) -> Map<String, Value> {
        let mut options = json!({ "args": [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage",
            "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--lang=en-US", "--window-size=1280,900",
            format!("--user-data-dir={profile}"),
        ]});
        match self {
            Self::Desktop => {}
            Self::Phone => {
                let metrics = json!({ "width": self.width(), "height": 844, "pixelRatio": 2.0 });
                options["mobileEmulation"] = json!({ "deviceMetrics": metrics });
            }
            Self::WithoutScript => {
                options["prefs"] =
                    json!({ "profile.managed_default_content_settings.javascript": 2 });
            }
        }
        let mut capabilities = Map::new();
        capabilities.insert("goog:chromeOptions".to_owned(), options);
        capabilities.insert("goog:loggingPrefs".to_owned(), json!({ "browser": "ALL" }));
        capabilities
    }
}

/// A browser with a fresh profile that lives as long as this value.
#[derive(Debug)]
pub struct Chromium {
    driver: Driver,
    client: Client,
    http: reqwest::Client,
    device: Device,
    _profile: tempfile::TempDir,
}

/// The program between a test and the browser.
#[derive(Debug)]
struct Driver {
    child: Child,
    port: ReservedPort,
}

impl Driver {
    async fn start(http: &reqwest::Client) -> Self {
        let port = ReservedPort::take();
        let child = Command::new("chromedriver")
            .arg(format!("--port={}", port.number()))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is installed (scripts/test installs it)");
        let driver = Self { child, port };
        let status = format!("{}/status", driver.url());
        let deadline = Instant::now() + PATIENCE;
        while http.get(&status).send().await.is_err() {
            assert!(Instant::now() < deadline, "no chromedriver at {status}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        driver
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port.number())
    }
}

impl Drop for Driver {
    /// Asked to end, it ends its browser as well; killed, it would leave that behind.
    fn drop(&mut self) {
        if let Ok(mut stream) = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port.number())) {
            let _ = stream.write_all(b"GET /shutdown HTTP/1.1\r\nHost: localhost\r\n\r\n");
            let deadline = Instant::now() + FAREWELL;
            while Instant::now() < deadline && matches!(self.child.try_wait(), Ok(None)) {
                std::thread::sleep(Duration::from_millis(10));
            }
        }
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Chromium {
    /// Starts one.
    pub async fn start(device: Device) -> Self {
        let http = reqwest::Client::builder().build().expect("an HTTP client");
        let profile = tempfile::tempdir().expect("a directory");
        let driver = Driver::start(&http).await;
        let capabilities = device.capabilities(&profile.path().display().to_string());
        let client = ClientBuilder::rustls()
            .expect("the system has root certificates")
            .capabilities(capabilities)
            .connect(&driver.url())
            .await
            .expect("Chromium starts (scripts/test installs it)");
        Self {
            driver,
            client,
            http,
            device,
            _profile: profile,
        }
    }

    /// Goes to an address.
    pub async fn open(&self, url: &str) {
        self.client.goto(url).await.expect("the page loads");
    }

    /// The address of the page, as the address bar shows it.
    pub async fn address(&self) -> String {
        let url = self.client.current_url().await;
        url.expect("there is a page").to_string()
    }

    /// The element that a CSS selector names, as soon as it is there.
    pub async fn find(&self, selector: &str) -> Element {
        let wait = self.client.wait().at_most(PATIENCE);
        match wait.for_element(Locator::Css(selector)).await {
            Ok(element) => element,
            Err(error) => panic!("no {selector} ({error}) in\n{}", self.describe().await),
        }
    }

    /// Whether the page holds such an element now.
    pub async fn holds(&self, selector: &str) -> bool {
        let found = self.client.find_all(Locator::Css(selector)).await;
        !found.expect("the selector is sound").is_empty()
    }

    /// The text of an element, as it is shown.
    pub async fn text(&self, selector: &str) -> String {
        let text = self.find(selector).await.text().await;
        text.expect("the element is there")
    }

    /// Clicks on an element. When that leads to another page, what is looked for next is looked for there.
    pub async fn click(&self, selector: &str) {
        let element = self.find(selector).await;
        let marked = format!(
            "{MARKS_WHAT_LEADS_AWAY}(document.querySelector({}))",
            json!(selector)
        );
        self.evaluate(&marked).await;
        let clicked = element.click().await;
        clicked.unwrap_or_else(|error| panic!("{selector} cannot be clicked: {error}"));
        self.wait_until("!window.leadsAway && document.readyState === 'complete'")
            .await;
    }

    /// Goes on in the tab that a link has opened beside this one.
    pub async fn to_new_tab(&self) {
        let here = self.client.window().await.expect("there is a tab");
        let deadline = Instant::now() + PATIENCE;
        loop {
            let tabs = self.client.windows().await.expect("there are tabs");
            if let Some(new) = tabs.into_iter().find(|tab| *tab != here) {
                let switched = self.client.switch_to_window(new).await;
                return switched.expect("the tab is open");
            }
            assert!(Instant::now() < deadline, "no tab has been opened");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Closes this tab and goes on in the other one.
    pub async fn close_tab(&self) {
        let closed = self.client.close_window().await;
        closed.expect("the tab is open");
        let tabs = self.client.windows().await.expect("there are tabs");
        let other = tabs.into_iter().next().expect("another tab is open");
        let switched = self.client.switch_to_window(other).await;
        switched.expect("the tab is open");
    }

    /// Types into a field.
    pub async fn fill(&self, selector: &str, text: &str) {
        let typed = self.find(selector).await.send_keys(text).await;
        typed.unwrap_or_else(|error| panic!("{selector} takes no text: {error}"));
    }

    /// What a JavaScript expression gives on this page.
    pub async fn evaluate(&self, expression: &str) -> Value {
        let script = format!("return {expression};");
        let value = self.client.execute(&script, Vec::new()).await;
        value.unwrap_or_else(|error| panic!("{expression}: {error}"))
    }

    /// What a JavaScript function body gives that calls `done(value)` when it is through.
    pub async fn evaluate_later(&self, body: &str) -> Value {
        let script = format!("const done = arguments[0]; {body}");
        let value = self.client.execute_async(&script, Vec::new()).await;
        value.unwrap_or_else(|error| panic!("{error} in\n{body:.200}"))
    }

    /// Waits until a JavaScript expression is true on the page.
    pub async fn wait_until(&self, expression: &str) {
        let deadline = Instant::now() + PATIENCE;
        while self.evaluate(expression).await != json!(true) {
            assert!(
                Instant::now() < deadline,
                "never {expression} in\n{}",
                self.describe().await
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// What the browser found wrong since this was asked last: violations of the content security policy,
    /// failures of scripts, answers that are errors.
    pub async fn complaints(&self) -> Vec<String> {
        let entries = self.command("se/log", &json!({ "type": "browser" })).await;
        let entries = entries.as_array().cloned().unwrap_or_default();
        let severe = entries.iter().filter(|entry| entry["level"] == "SEVERE");
        severe.map(|entry| entry["message"].to_string()).collect()
    }

    /// Fails when the browser found something wrong.
    pub async fn assert_no_complaints(&self) {
        assert_eq!(self.complaints().await, Vec::<String>::new());
    }

    /// Fails when the page is wider than the screen.
    pub async fn assert_fits(&self) {
        let width = self.evaluate("document.documentElement.scrollWidth").await;
        let width = width.as_u64().expect("a width");
        let too_wide = "[...document.querySelectorAll('*')].filter(e => \
            e.getBoundingClientRect().right > document.documentElement.clientWidth + 1).map(e => e.outerHTML.slice(0, 120))";
        assert!(
            width <= u64::from(self.device.width()),
            "{} is {width} px wide: {}",
            self.address().await,
            self.evaluate(too_wide).await
        );
    }

    /// Has the person prefer pages that are `light` or `dark`.
    pub async fn prefer_scheme(&self, scheme: &str) {
        let features = json!([
            { "name": "prefers-color-scheme", "value": scheme },
            // A page that fades over to its other colours has neither for a while.
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        let params = json!({ "features": features });
        let command = json!({ "cmd": "Emulation.setEmulatedMedia", "params": params });
        self.command("goog/cdp/execute", &command).await;
    }

    /// Draws the whole page into `target/screenshots`, to be looked at.
    pub async fn screenshot(&self, name: &str) {
        let height = self.evaluate("document.documentElement.scrollHeight").await;
        let page =
            json!({ "x": 0, "y": 0, "width": self.device.width(), "height": height, "scale": 1 });
        let params = json!({ "captureBeyondViewport": true, "clip": page });
        self.draw(&params, &format!("{name}-{}.png", self.device.width()))
            .await;
    }

    /// Draws the page from the top of one element to the end of another into `target/screenshots/readme`, as a small file.
    pub async fn picture(&self, name: &str, first: &str, last: &str) {
        let edge = |selector: &str, edge: &str| {
            let selector = json!(selector);
            format!("document.querySelector({selector}).getBoundingClientRect().{edge} + scrollY")
        };
        let (top, end) = (edge(first, "top"), edge(last, "bottom"));
        let bounds =
            format!("(([top, end]) => [top, end - top])([Math.max(0, {top} - 16), {end} + 16])");
        let bounds = self.evaluate(&bounds).await;
        let (top, height) = (&bounds[0], &bounds[1]);
        let part = json!({ "x": 0, "y": top, "width": self.device.width(), "height": height, "scale": 0.75 });
        let params = json!({
            "format": "webp", "quality": 60, "captureBeyondViewport": true, "clip": part,
        });
        self.draw(&params, &format!("readme/{name}.webp")).await;
    }

    async fn draw(&self, params: &Value, file: &str) {
        let command = json!({ "cmd": "Page.captureScreenshot", "params": params });
        let answer = self.command("goog/cdp/execute", &command).await;
        let picture = answer["data"].as_str().expect("a picture");
        let picture = STANDARD.decode(picture).expect("base64");
        let drawn = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/screenshots");
        let file = PathBuf::from(drawn).join(file);
        let directory = file.parent().expect("it is in a directory");
        std::fs::create_dir_all(directory).expect("a directory");
        std::fs::write(file, picture).expect("the picture is written");
    }

    /// Gives the browser an authenticator of its own, which verifies whoever asks
    /// ([WebAuthn §11](https://www.w3.org/TR/webauthn-3/#sctn-automation)).
    pub async fn add_authenticator(&self) {
        let authenticator = json!({
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": true,
            "hasUserVerification": true,
            "isUserVerified": true,
        });
        let id = self.command("webauthn/authenticator", &authenticator).await;
        assert!(id.is_string(), "{id}");
    }

    /// Makes a browser of it that offers no passkeys while a name is typed, as those before 2022: an authenticator that the
    /// browser plays chooses one as soon as it is offered.
    pub async fn offer_nothing_while_typing(&self) {
        let source = "if (window.PublicKeyCredential) PublicKeyCredential.isConditionalMediationAvailable = undefined";
        let command = json!({
            "cmd": "Page.addScriptToEvaluateOnNewDocument",
            "params": { "source": source },
        });
        self.command("goog/cdp/execute", &command).await;
    }

    /// Whether an element is to be seen.
    pub async fn is_shown(&self, selector: &str) -> bool {
        let shown = self.find(selector).await.is_displayed().await;
        shown.expect("the element is there")
    }

    /// A command that only Chromium's driver knows.
    async fn command(&self, path: &str, body: &Value) -> Value {
        let session = self.client.session_id().await.expect("the driver answers");
        let session = session.expect("a session");
        let url = format!("{}/session/{session}/{path}", self.driver.url());
        let response = self.http.post(url).json(body).send().await;
        let response = response.expect("the driver answers");
        let mut answer: Value = response.json().await.expect("the driver answers with JSON");
        answer["value"].take()
    }

    async fn describe(&self) -> String {
        let page = self.client.source().await.unwrap_or_default();
        format!("{}: {page}", self.address().await)
    }
}
