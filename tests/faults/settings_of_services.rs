//! Wrong settings of every service: the shared ones in the same words, and those of the demos.

use e2e::{environment_prefix, run_service};

/// The same mistakes are refused in the same words by all three services.
#[tokio::test]
async fn every_service_refuses_a_wrong_setting_in_the_same_words() {
    for service in ["auth-server", "resource-server", "demo-client"] {
        let prefix = environment_prefix(service);
        let cases = [
            (
                "PRT",
                "9000",
                "there is no setting `http.prt`, did you mean `http.port`?",
            ),
            (
                "PORT",
                "many",
                "`http.port`: invalid type: string \"many\"; accepted: a whole number from 0 to 65535",
            ),
            (
                "WORKERS",
                "0",
                "`http.workers`: it is 0; accepted: 1 to 512",
            ),
            (
                "HOST",
                "127.0.0.1:9000",
                "`http.host` is `127.0.0.1:9000`; accepted: an address or the name of this machine, \
                 without scheme and port: 127.0.0.1",
            ),
        ];
        for (name, value, message) in cases {
            let variable = format!("{prefix}__HTTP__{name}");
            for command in ["check-config", "serve"] {
                let environment = [(variable.as_str(), value)];
                let ended = run_service(service, &[command], &environment, "").await;
                assert_eq!(ended.code, Some(2), "{ended:?}");
                let line =
                    format!("{service}: error: environment variable {variable}: {message}\n");
                assert_eq!(ended.stderr, line);
            }
        }
    }
}

/// What cannot work together is refused by all three, and what nobody reads is warned of.
#[tokio::test]
async fn every_service_refuses_one_port_for_two_things_and_warns_of_other_spellings() {
    for service in ["auth-server", "resource-server", "demo-client"] {
        let prefix = environment_prefix(service);
        let variables = ["PORT", "PROBES_PORT"].map(|name| format!("{prefix}__HTTP__{name}"));
        let environment = variables.each_ref().map(|name| (name.as_str(), "9999"));
        for command in ["check-config", "serve"] {
            let ended = run_service(service, &[command], &environment, "").await;
            assert_eq!(ended.code, Some(2), "{ended:?}");
            let text = "`http.probes_port` is 9999 as `http.port` is; accepted: another port";
            assert!(ended.stderr.contains(text), "{ended:?}");
        }
        let spelled = format!("{prefix}_HTTP_PORT");
        let environment = [(spelled.as_str(), "9999")];
        let ended = run_service(service, &["check-config"], &environment, "").await;
        let line = format!(
            "{service}: warning: environment variable {spelled}: it sets nothing; better: {prefix}__HTTP__PORT\n"
        );
        assert_eq!((ended.code, ended.stderr), (Some(0), line));
        assert_eq!(ended.stdout, "the settings are sound, with 1 warning\n");
        let filter = format!("{prefix}__LOG__FILTER");
        let environment = [(filter.as_str(), "info,a=loud")];
        let ended = run_service(service, &["check-config"], &environment, "").await;
        assert_eq!(ended.code, Some(2), "{ended:?}");
        assert!(
            ended.stderr.contains("`log.filter` is `info,a=loud`"),
            "{ended:?}"
        );
    }
}

/// The numbers of settings, as `login.ttl_secs`.
fn numbers(settings: &toml::Table, above: &str) -> Vec<String> {
    let below = |(name, value): (&String, &toml::Value)| {
        let path = format!("{above}{name}");
        match value {
            toml::Value::Table(table) => numbers(table, &format!("{path}.")),
            toml::Value::Integer(_) | toml::Value::Float(_) => vec![path],
            toml::Value::String(_)
            | toml::Value::Boolean(_)
            | toml::Value::Datetime(_)
            | toml::Value::Array(_) => Vec::new(),
        }
    };
    settings.iter().flat_map(below).collect()
}

/// A number that is nobody's intention is refused with what is accepted, all of them at once.
#[tokio::test]
async fn every_number_of_every_service_has_two_limits() {
    for (service, defaults, more) in [
        (
            "auth-server",
            include_str!("../../auth-server/config/default.toml"),
            "[[clients]]\nclient_id = \"c\"\nclient_name = \"C\"\naccess_token_ttl_secs = NUMBER\n\
             refresh_token_ttl_secs = NUMBER\n",
        ),
        (
            "resource-server",
            include_str!("../../resource-server/photo-space/config/default.toml"),
            "verifier.cache.enabled = true\n",
        ),
        (
            "demo-client",
            include_str!("../../demo-client/print-photo/config/default.toml"),
            "",
        ),
    ] {
        let paths = numbers(&defaults.parse().unwrap(), "");
        assert!(paths.len() > 10, "{paths:?}");
        for number in ["9223372036854775807", "1000000000000000000", "-1"] {
            // Before the first table there is none that is left open.
            let lines = paths.iter().map(|path| format!("{path} = {number}\n"));
            let settings = lines.collect::<String>() + &more.replace("NUMBER", number);
            let refused = refused_settings(service, &settings).await;
            for path in &paths {
                assert_limited(&refused, path, number);
            }
            if service == "auth-server" {
                for name in ["access_token_ttl_secs", "refresh_token_ttl_secs"] {
                    assert_limited(&refused, name, number);
                }
            }
        }
    }
}

/// The lines that a service says about a settings file that it refuses.
async fn refused_settings(service: &str, settings: &str) -> Vec<String> {
    let file = tempfile::NamedTempFile::with_suffix(".toml").unwrap();
    std::fs::write(file.path(), settings).unwrap();
    let arguments = ["check-config", "--config", file.path().to_str().unwrap()];
    let ended = run_service(service, &arguments, &[], "").await;
    assert_eq!(ended.code, Some(2), "{ended:?}");
    ended.stderr.lines().map(str::to_owned).collect()
}

#[track_caller]
fn assert_limited(refused: &[String], path: &str, number: &str) {
    let of_it = |line: &&String| line.contains(&format!("`{path}`"));
    let line = refused.iter().find(of_it);
    let line = line.unwrap_or_else(|| panic!("`{path}` may be {number}: {refused:#?}"));
    assert!(line.contains("accepted: "), "{line}");
}

/// The password of an address that cannot be read is in no message.
#[tokio::test]
async fn no_password_of_an_address_is_shown() {
    for (service, variable) in [
        ("auth-server", "AUTH_SERVER__STORE__URL"),
        ("auth-server", "AUTH_SERVER__TRACES__OTLP_ENDPOINT"),
        ("auth-server", "AUTH_SERVER__ISSUER"),
        ("demo-client", "DEMO_CLIENT__AUTHORIZATION_SERVER__URL"),
        ("demo-client", "DEMO_CLIENT__PUBLIC_URL"),
        (
            "resource-server",
            "RESOURCE_SERVER__VERIFIER__AUTHORIZATION_SERVER",
        ),
        ("resource-server", "RESOURCE_SERVER__VERIFIER__JWKS_URL"),
    ] {
        for address in ["redis://u:hunter2@host:bad", "http://u:hunter2@host:bad"] {
            let environment = [(variable, address)];
            for command in ["check-config", "serve"] {
                let ended = run_service(service, &[command], &environment, "").await;
                assert_eq!(ended.code, Some(2), "{variable}: {ended:?}");
                assert!(!ended.stderr.contains("hunter2"), "{variable}: {ended:?}");
            }
        }
    }
}

/// Service, variable, what is in it, and what is said about that.
const REFUSED_BY_DEMOS: [[&str; 4]; 6] = [
    [
        "resource-server",
        "RESOURCE_SERVER__RESOURCE_ID",
        "",
        "`resource_id` is empty; accepted: a name",
    ],
    [
        "resource-server",
        "RESOURCE_SERVER__VERIFIER__JWKS_URL",
        "http://[",
        "`verifier`: jwks_url: invalid IPv6 address",
    ],
    [
        "resource-server",
        "RESOURCE_SERVER__VERIFIER__AUTHORIZATION_SERVER",
        "http://localhost:9000/?x=1",
        "`verifier`: authorization_server: it holds `?` or `#`; accepted: https://HOST/PATH",
    ],
    [
        "demo-client",
        "DEMO_CLIENT__AUTHORIZATION_SERVER__URL",
        "http://localhost:9000/#a",
        "`authorization_server.url`: it holds `?` or `#`; accepted: https://HOST/PATH",
    ],
    [
        "demo-client",
        "DEMO_CLIENT__PUBLIC_URL",
        "shop",
        "`public_url`: `shop`: it is no address (relative URL without a base); accepted: https://HOST/PATH",
    ],
    [
        "demo-client",
        "DEMO_CLIENT__RESOURCE_SERVER__INTERNAL_URL",
        "http://",
        "`resource_server.internal_url`: `http://`: it is no address (empty host); accepted: https://HOST/PATH",
    ],
];

/// What only the demos have is refused as well.
#[tokio::test]
async fn the_demos_refuse_what_cannot_work() {
    for [service, variable, value, message] in REFUSED_BY_DEMOS {
        for command in ["check-config", "serve"] {
            let ended = run_service(service, &[command], &[(variable, value)], "").await;
            assert_eq!(ended.code, Some(2), "{ended:?}");
            let line = format!("{service}: error: environment variable {variable}: {message}\n");
            assert_eq!(ended.stderr, line);
        }
    }
}
