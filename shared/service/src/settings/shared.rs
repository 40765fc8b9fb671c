//! What is found in the settings that every service has.

use std::net::IpAddr;

use super::SharedSettings;
use super::finding::Findings;
use super::shown::shown;
use crate::http::HttpSettings;
use crate::telemetry::LogSettings;

pub(super) fn check(settings: SharedSettings<'_>, findings: &mut Findings) {
    check_http(settings.http, findings);
    check_log_filter(settings.log, findings);
}

fn check_http(http: &HttpSettings, findings: &mut Findings) {
    if http.port == http.probes_port && http.port != 0 {
        let found = format_args!("is {} as `http.port` is", http.probes_port);
        findings.error("http.probes_port", found, "another port");
    }
    if !is_host(&http.host) {
        let found = format_args!("is `{}`", shown(&http.host));
        let accepted = "an address or the name of this machine, without scheme and port: 127.0.0.1";
        findings.error("http.host", found, accepted);
    }
}

/// An address, or what could be a name.
fn is_host(host: &str) -> bool {
    let part_of_a_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    host.parse::<IpAddr>().is_ok() || (!host.is_empty() && host.bytes().all(part_of_a_name))
}

fn check_log_filter(log: &LogSettings, findings: &mut Findings) {
    let setting = "log.filter";
    let accepted = "a level (error, warn, info, debug, trace, off) or directives such as \
                    info,symbolon_service=debug";
    if let Err(error) = log.check_filter() {
        let found = format_args!("is `{}`: {error}", shown(&log.filter));
        findings.error(setting, found, accepted);
    }
    for word in log.words_that_are_no_level() {
        let found = format_args!("holds `{}`, which is no level", shown(word));
        findings.warning(setting, found, accepted);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::LogFormat;

    fn found(http: &HttpSettings) -> Vec<String> {
        let mut findings = Findings::default();
        check_http(http, &mut findings);
        findings.list().iter().map(|one| one.text.clone()).collect()
    }

    #[test]
    fn one_port_cannot_be_taken_twice() {
        let twice = HttpSettings {
            port: 9000,
            probes_port: 9000,
            ..HttpSettings::sample()
        };
        let expected = ["`http.probes_port` is 9000 as `http.port` is; accepted: another port"];
        assert_eq!(found(&twice), expected);
        assert!(found(&HttpSettings::sample()).is_empty());
    }

    #[test]
    fn a_host_is_an_address_or_a_name_and_nothing_around_it() {
        for (host, is_good) in [
            ("0.0.0.0", true),
            ("::1", true),
            ("auth-server.local", true),
            ("", false),
            ("127.0.0.1:9000", false),
            ("http://127.0.0.1", false),
            ("[::1]", false),
        ] {
            let host = host.to_owned();
            let found = found(&HttpSettings {
                host,
                ..HttpSettings::sample()
            });
            assert_eq!(found.is_empty(), is_good, "{found:?}");
        }
    }

    #[test]
    fn a_log_filter_that_is_none_is_refused_and_a_level_that_is_none_warned_of() {
        let found = |filter: &str| {
            let mut findings = Findings::default();
            let log = LogSettings {
                format: LogFormat::Pretty,
                filter: filter.to_owned(),
            };
            check_log_filter(&log, &mut findings);
            let list = findings.list().iter();
            let list: Vec<&str> = list.map(|one| one.severity.as_str()).collect();
            list.join(" ")
        };
        assert_eq!(found("info,actix_server=warn,request=off"), "");
        assert_eq!(found("info,a=loud"), "error");
        assert_eq!(found("inof"), "warning");
        assert_eq!(found("debug,[span]=info"), "");
    }
}
