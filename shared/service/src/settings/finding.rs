//! What there is to say about settings: errors, with which nothing starts, and warnings, which somebody would
//! be sorry not to have read. All of it is said at once.

use std::fmt::{self, Display};
use std::ops::RangeInclusive;

use symbolon::calls::check_address;
use url::Url;

use super::origins::Origins;
use super::shown::shown;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// A service does not start with it.
    Error,
    /// A service works with it, and somebody may regret it.
    Warning,
}

impl Severity {
    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// Something that was found in settings. It is one line when it is displayed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// The file or the environment's variable that it stands in.
    pub place: String,
    /// Which registration it stands in, for example ``client `print-photo` ``.
    pub subject: Option<String>,
    /// The setting, what was found, and what is accepted.
    pub text: String,
    /// The setting that it is about, or the list of registrations; `None`: what is no setting.
    pub setting: Option<String>,
}

impl Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}: ", self.severity.as_str(), self.place)?;
        if let Some(subject) = &self.subject {
            write!(formatter, "{subject}: ")?;
        }
        formatter.write_str(&self.text)
    }
}

impl Finding {
    /// Says it in the log of a service that runs.
    pub fn log(&self) {
        let Self {
            severity,
            place,
            subject,
            text,
            ..
        } = self;
        let subject = subject.as_deref();
        match severity {
            Severity::Error => {
                tracing::error!(event = "settings_error", place, subject, finding = text);
            }
            Severity::Warning => {
                tracing::warn!(event = "settings_warning", place, subject, finding = text);
            }
        }
    }
}

/// Collects what is found in the settings of a service.
#[derive(Debug, Default)]
pub struct Findings {
    origins: Origins,
    list: Vec<Finding>,
}

impl Findings {
    /// Nothing was found yet in settings that come from there.
    pub(super) const fn of(origins: Origins) -> Self {
        let list = Vec::new();
        Self { origins, list }
    }

    /// With this setting nothing starts: what was found in it, and what is accepted.
    ///
    /// ```
    /// # let mut findings = symbolon_service::settings::Findings::default();
    /// findings.error("http.workers", "is 0", "1 to 1024");
    /// assert_eq!(findings.list()[0].text, "`http.workers` is 0; accepted: 1 to 1024");
    /// ```
    pub fn error(&mut self, setting: &str, found: impl Display, accepted: impl Display) {
        let text = error_text(setting, &found, &accepted);
        self.say(Severity::Error, setting, text);
    }

    /// With this setting nothing starts: an error that names the setting and what is accepted itself.
    pub fn refuse(&mut self, setting: &str, error: impl Display) {
        self.say(Severity::Error, setting, error.to_string());
    }

    /// This setting will be regretted: what was found in it, and what is better.
    pub fn warning(&mut self, setting: &str, found: impl Display, better: impl Display) {
        let text = warning_text(setting, &found, &better);
        self.say(Severity::Warning, setting, text);
    }

    /// The other findings are about one registration of a list, such as `client` of `clients`.
    pub fn about(&mut self, list: &'static str, noun: &str, name: &str) -> AboutOne<'_> {
        AboutOne {
            findings: self,
            list,
            subject: format!("{noun} `{}`", shown(name)),
        }
    }

    /// A number has to be in a range.
    pub fn number(
        &mut self,
        setting: &str,
        number: impl TryInto<u64>,
        accepted: RangeInclusive<u64>,
    ) {
        if let Some((found, accepted)) = outside(number, &accepted) {
            self.error(setting, found, accepted);
        }
    }

    /// An address that the service calls has to be one that is called: see [`check_address`]. Plain http that is
    /// allowed is told all the same.
    pub fn called_address(&mut self, setting: &str, address: &Url, allow_plain_http: bool) {
        let text = shown(address.as_str());
        if let Err(error) = check_address(address, allow_plain_http) {
            self.refuse(setting, format_args!("`{setting}` is `{text}`: {error}"));
        } else if check_address(address, false).is_err() {
            let found = format_args!("is `{text}`: secrets and tokens go there in the clear");
            self.warning(
                setting,
                found,
                "https, or a network that encrypts by itself",
            );
        }
    }

    /// All of it, in the order in which it was found.
    pub fn list(&self) -> &[Finding] {
        &self.list
    }

    /// True when something in it is an error.
    pub fn has_errors(&self) -> bool {
        let mut list = self.list.iter();
        list.any(|finding| finding.severity == Severity::Error)
    }

    pub(super) const fn origins(&self) -> &Origins {
        &self.origins
    }

    pub(super) fn into_list(self) -> Vec<Finding> {
        self.list
    }

    /// Takes a sentence that names the setting itself.
    pub(super) fn say(&mut self, severity: Severity, setting: &str, text: String) {
        self.keep(Finding {
            severity,
            place: self.origins.of(setting),
            subject: None,
            text,
            setting: Some(setting.to_owned()),
        });
    }

    pub(super) fn add(
        &mut self,
        severity: Severity,
        place: String,
        subject: Option<String>,
        text: String,
    ) {
        self.keep(Finding {
            severity,
            place,
            subject,
            text,
            setting: None,
        });
    }

    fn keep(&mut self, finding: Finding) {
        if !self.list.contains(&finding) {
            self.list.push(finding);
        }
    }
}

/// Collects what is found in one registration.
#[derive(Debug)]
pub struct AboutOne<'a> {
    findings: &'a mut Findings,
    list: &'static str,
    subject: String,
}

impl AboutOne<'_> {
    /// As [`Findings::error`].
    pub fn error(&mut self, setting: &str, found: impl Display, accepted: impl Display) {
        let text = error_text(setting, &found, &accepted);
        self.say(Severity::Error, text);
    }

    /// As [`Findings::warning`].
    pub fn warning(&mut self, setting: &str, found: impl Display, better: impl Display) {
        let text = warning_text(setting, &found, &better);
        self.say(Severity::Warning, text);
    }

    /// As [`Findings::number`].
    pub fn number(
        &mut self,
        setting: &str,
        number: impl TryInto<u64>,
        accepted: RangeInclusive<u64>,
    ) {
        if let Some((found, accepted)) = outside(number, &accepted) {
            self.error(setting, found, accepted);
        }
    }

    pub(super) fn say(&mut self, severity: Severity, text: String) {
        let place = self.findings.origins.of(self.list);
        self.findings.keep(Finding {
            severity,
            place,
            subject: Some(self.subject.clone()),
            text,
            setting: Some(self.list.to_owned()),
        });
    }
}

fn error_text(setting: &str, found: &dyn Display, accepted: &dyn Display) -> String {
    format!("`{setting}` {found}; accepted: {accepted}")
}

fn warning_text(setting: &str, found: &dyn Display, better: &dyn Display) -> String {
    format!("`{setting}` {found}; better: {better}")
}

/// What was found and what is accepted, when that is not the same.
fn outside(number: impl TryInto<u64>, accepted: &RangeInclusive<u64>) -> Option<(String, String)> {
    let number = number.try_into().unwrap_or(u64::MAX);
    let (least, most) = (accepted.start(), accepted.end());
    let words = || (format!("is {number}"), format!("{least} to {most}"));
    (!accepted.contains(&number)).then(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_says_where_and_whose_and_what_is_accepted_in_one_line() {
        let mut findings = Findings::default();
        let mut about = findings.about("clients", "client", "a\nb");
        about.error("redirect_uris", "is empty", "one address or more");
        findings.warning("store.url", "is `memory:`", "embedded:PATH");
        let lines: Vec<String> = findings.list().iter().map(Finding::to_string).collect();
        let error = "error: defaults: client `a\\nb`: `redirect_uris` is empty; accepted: one address or more";
        let warning = "warning: defaults: `store.url` is `memory:`; better: embedded:PATH";
        assert_eq!(lines, [error, warning]);
        assert!(findings.has_errors());
    }

    #[test]
    fn a_number_has_two_limits() {
        let mut findings = Findings::default();
        findings.number("a", 0_u64, 1..=5);
        findings.number("b", 6_usize, 1..=5);
        findings.number("c", u64::MAX, 1..=5);
        findings.number("d", 5_u16, 1..=5);
        let texts: Vec<&str> = findings
            .list()
            .iter()
            .map(|one| one.text.as_str())
            .collect();
        let expected = [
            "`a` is 0; accepted: 1 to 5",
            "`b` is 6; accepted: 1 to 5",
            "`c` is 18446744073709551615; accepted: 1 to 5",
        ];
        assert_eq!(texts, expected);
    }

    #[test]
    fn an_address_that_is_not_called_is_refused_without_its_password() {
        let mut findings = Findings::default();
        for address in [
            "file:///etc/passwd",
            "mailto:a",
            "javascript:alert(1)",
            "http://u:p@a",
        ] {
            findings.called_address("url", &Url::parse(address).unwrap(), true);
        }
        for address in ["http://127.0.0.1/b", "https://[::1]:1/"] {
            findings.called_address("url", &Url::parse(address).unwrap(), true);
        }
        assert_eq!(findings.list().len(), 4);
        let texts = format!("{:?}", findings.list());
        assert!(!texts.contains("u:p"), "{texts}");
        findings.called_address("url", &Url::parse("http://a.example").unwrap(), false);
        assert_eq!(findings.list().len(), 5);
    }

    #[test]
    fn plain_http_that_is_allowed_is_warned_of() {
        let mut findings = Findings::default();
        findings.called_address("url", &Url::parse("http://a.example/b").unwrap(), true);
        let severities: Vec<Severity> = findings.list().iter().map(|one| one.severity).collect();
        assert_eq!(severities, [Severity::Warning]);
    }
}
