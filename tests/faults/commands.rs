//! The operator's commands, as real processes.

use std::time::Duration;

use e2e::{
    AuthServerProcess, Finished, RedisServer, ServiceProcess, Store, World, environment_prefix,
    run_auth_server, run_service,
};

const NOT_THERE: &str = "no/such.toml";

/// The three programs, what `--help` says about each, and the file that documents its settings.
const SERVICES: [(&str, &str, &str); 3] = [
    (
        "auth-server",
        "An OAuth 2 authorization server",
        include_str!("../../auth-server/config/default.toml"),
    ),
    (
        "resource-server",
        "Photo Space: an API for pictures",
        include_str!("../../resource-server/photo-space/config/default.toml"),
    ),
    (
        "demo-client",
        "Print Photo: a web application",
        include_str!("../../demo-client/print-photo/config/default.toml"),
    ),
];

/// How a command is given: its arguments, and a variable without the service's prefix.
struct Given {
    arguments: &'static [&'static str],
    variable: Option<(&'static str, &'static str)>,
}

const fn arguments(arguments: &'static [&'static str]) -> Given {
    let variable = None;
    Given {
        arguments,
        variable,
    }
}

impl Given {
    const fn with(self, name: &'static str, value: &'static str) -> Self {
        let variable = Some((name, value));
        Self { variable, ..self }
    }

    async fn to(&self, service: &str) -> Finished {
        let prefix = environment_prefix(service);
        let variable = self
            .variable
            .map(|(name, value)| (format!("{prefix}{name}"), value));
        let environment: Vec<(&str, &str)> = variable
            .iter()
            .map(|(name, value)| (name.as_str(), *value))
            .collect();
        run_service(service, self.arguments, &environment, "").await
    }
}

/// The commands of every service that end well: exit code 0, nothing on standard error.
#[tokio::test]
async fn every_service_has_the_same_commands() {
    for (service, _, defaults) in SERVICES {
        let sound = "the settings are sound\n";
        let version = format!("{service} {}\n", env!("CARGO_PKG_VERSION"));
        for (given, stdout) in [
            (arguments(&["check-config"]), sound),
            (arguments(&["default-config"]), defaults),
            // What is wrong with the settings does not matter to a command that reads none.
            (
                arguments(&["default-config"]).with("_CONFIG", NOT_THERE),
                defaults,
            ),
            (arguments(&["--version"]), &version),
        ] {
            let found = given.to(service).await;
            assert_eq!(found.code, Some(0), "{found:?}");
            assert_eq!((found.stdout.as_str(), found.stderr.as_str()), (stdout, ""));
        }
    }
}

/// The commands of every service that fail: the exit code says whether the settings are wrong, one line on
/// standard error says why, and nothing is on standard output.
#[tokio::test]
async fn every_service_fails_in_the_same_way() {
    let missing = "no/such.toml: No such file or directory (os error 2)";
    let silence = "http://127.0.0.1:1/readyz does not answer: Connection refused (os error 111)";
    for (service, ..) in SERVICES {
        for (given, code, why) in [
            (
                arguments(&["check-config", "--config", NOT_THERE]),
                2,
                missing,
            ),
            (arguments(&["serve", "--config", NOT_THERE]), 2, missing),
            (arguments(&["--config", NOT_THERE, "serve"]), 2, missing),
            (
                arguments(&["healthcheck", "--config", NOT_THERE]),
                2,
                missing,
            ),
            (
                arguments(&["check-config"]).with("_CONFIG", NOT_THERE),
                2,
                missing,
            ),
            (arguments(&[]).with("_CONFIG", NOT_THERE), 2, missing),
            (
                arguments(&["healthcheck"]).with("__HTTP__PROBES_PORT", "1"),
                1,
                silence,
            ),
        ] {
            let found = given.to(service).await;
            assert_eq!(
                (found.code, found.stdout.as_str()),
                (Some(code), ""),
                "{found:?}"
            );
            let severity = if code == 2 { "error: " } else { "" };
            assert_eq!(found.stderr, format!("{service}: {severity}{why}\n"));
        }
    }
}

/// A container's description sets a variable to nothing where there is no file, and that is no file. On the
/// command line it is a slip.
#[tokio::test]
async fn an_empty_name_of_a_file_is_none_in_the_environment_and_a_slip_on_the_command_line() {
    for (service, ..) in SERVICES {
        let found = arguments(&["check-config"])
            .with("_CONFIG", "")
            .to(service)
            .await;
        assert_eq!(found.code, Some(0), "{found:?}");
        let found = arguments(&["check-config", "--config", ""])
            .to(service)
            .await;
        assert_eq!(found.code, Some(2), "{found:?}");
        assert!(found.stderr.contains("--config names no file"), "{found:?}");
    }
}

/// A command line that nobody understands is no reason to start; `--help` says what there is.
#[tokio::test]
async fn every_service_explains_its_command_line() {
    for (service, about, _) in SERVICES {
        let prefix = environment_prefix(service);
        let help = run_service(service, &["--help"], &[], "").await;
        assert_eq!((help.code, help.stderr.as_str()), (Some(0), ""), "{help:?}");
        assert!(help.stdout.starts_with(about), "{help:?}");
        for word in [
            "serve",
            "check-config",
            "healthcheck",
            "default-config",
            "--config <FILE>",
            &format!("[env: {prefix}_CONFIG=]"),
            &format!("{prefix}__HTTP__PORT is http.port"),
        ] {
            assert!(help.stdout.contains(word), "no {word} in {help:?}");
        }
        for wrong in [&["nonsense"][..], &["--nonsense"], &["serve", "--config"]] {
            let found = run_service(service, wrong, &[], "").await;
            assert_eq!(
                (found.code, found.stdout.as_str()),
                (Some(2), ""),
                "{found:?}"
            );
            assert!(found.stderr.starts_with("error: "), "{found:?}");
        }
    }
    let half = run_auth_server(&["keys"], &[], "").await;
    assert_eq!((half.code, half.stdout.as_str()), (Some(2), ""), "{half:?}");
}

/// What `default-config` prints is a file for `--config`, and the flag is above the environment.
#[tokio::test]
async fn the_printed_defaults_are_a_file_of_settings() {
    for (service, ..) in SERVICES {
        let printed = run_service(service, &["default-config"], &[], "").await;
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), printed.stdout).unwrap();
        let path = file.path().to_str().unwrap();
        let variable = format!("{}_CONFIG", environment_prefix(service));
        let environment = [(variable.as_str(), NOT_THERE)];
        let arguments = ["check-config", "--config", path];
        let found = run_service(service, &arguments, &environment, "").await;
        assert_eq!(found.code, Some(0), "{found:?}");
    }
}

/// Without a command a service serves, with the file that the environment names.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_command_every_service_serves() {
    for (service, ..) in SERVICES {
        let settings = "[http]\ndrain_secs = 1\n";
        let mut running = ServiceProcess::start_by_environment(service, settings).await;
        let ready = reqwest::get(format!("{}/readyz", running.probes)).await;
        assert_eq!(ready.unwrap().status().as_u16(), 200, "{service}");
        running.signal("TERM");
        assert!(running.ended().await.success(), "{service}");
        // Only the file asks for a drain.
        assert!(running.log().contains("\"draining\""), "{}", running.log());
    }
}

/// A port that somebody else has is named, and the exit code is not that of wrong settings.
#[tokio::test]
async fn a_port_that_is_taken_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    for (service, ..) in SERVICES {
        let prefix = environment_prefix(service);
        let variables = ["PORT", "PROBES_PORT"].map(|name| format!("{prefix}__HTTP__{name}"));
        for taken in &variables {
            let environment = variables.each_ref().map(|variable| {
                let port = if variable == taken { &port } else { "0" };
                (variable.as_str(), port)
            });
            let found = run_service(service, &["serve"], &environment, "").await;
            assert_eq!(
                (found.code, found.stdout.as_str()),
                (Some(1), ""),
                "{found:?}"
            );
            let last = found.stderr.lines().last().unwrap_or_default();
            let begins = format!("{service}: cannot listen on 127.0.0.1:{port}: ");
            assert!(last.starts_with(&begins), "{found:?}");
        }
    }
}

/// A client with this hash, and whether the secret opens the token endpoint for it.
async fn opens(hash: &str, secret: &str) -> bool {
    let client = format!(
        "[[clients]]\nclient_id = \"hashed\"\nclient_name = \"Hashed\"\nclient_secret = \"{hash}\"\n\
         grant_types = [\"client_credentials\"]\nscope = [\"photo.read\"]\n"
    );
    let world = World::builder(Store::Memory).with(&client).start().await;
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", "hashed"),
        ("client_secret", secret),
    ];
    world.post("/oauth/token", &form).await.status == 200
}

/// What `hash-secret` prints opens the token endpoint, and nothing else does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hash_that_was_printed_is_good_for_its_secret() {
    let hashed = run_auth_server(&["hash-secret"], &[], "correct horse\n").await;
    assert_eq!(hashed.code, Some(0), "{hashed:?}");
    let hash = hashed.stdout.trim_end();
    assert!(hash.starts_with("{argon2}$argon2id$"), "{hash}");
    assert!(opens(hash, "correct horse").await);
    assert!(!opens(hash, "correct horse\n").await);

    let generated = run_auth_server(&["hash-secret", "--generate"], &[], "").await;
    assert_eq!(generated.code, Some(0), "{generated:?}");
    let line = |name: &str| {
        let line = generated
            .stdout
            .lines()
            .find_map(|line| line.strip_prefix(name));
        line.unwrap_or_else(|| panic!("no {name} in {generated:?}"))
            .trim()
            .to_owned()
    };
    let (secret, hash) = (line("secret:"), line("hash:"));
    assert!(secret.len() >= 43, "{secret}");
    assert!(
        hash.starts_with("{sha-256}") || hash.starts_with("{SHA-256}"),
        "{hash}"
    );
    assert!(opens(&hash, &secret).await);
    assert!(!opens(&hash, &hash).await);
}

/// Nothing on standard input is no secret.
#[tokio::test]
async fn an_empty_secret_is_refused() {
    for input in ["", "\n"] {
        let ended = run_auth_server(&["hash-secret"], &[], input).await;
        assert_eq!(
            (ended.code, ended.stdout.as_str()),
            (Some(1), ""),
            "{ended:?}"
        );
    }
}

/// `check-config` says yes to what is right, the documented defaults among it, and starts nothing.
#[tokio::test]
async fn settings_that_are_right_are_called_sound() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../auth-server/config");
    for file in ["default.toml", "demo.toml"] {
        let path = format!("{root}/{file}");
        let ended = run_auth_server(&["check-config", "--config", &path], &[], "").await;
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert!(ended.stdout.contains("sound"), "{ended:?}");
    }
    assert_eq!(
        run_auth_server(&["check-config"], &[], "").await.code,
        Some(0)
    );
}

/// Lists and adds keys beside a server that runs on this store, until it publishes the new one.
async fn rotate_beside_a_server(store: &str) {
    let reload = [("AUTH_SERVER__KEYS__RELOAD_EVERY_SECS", "1")];
    let server = AuthServerProcess::start(store, &reload).await;
    let environment = [("AUTH_SERVER__STORE__URL", store)];
    let listed = run_auth_server(&["keys", "list"], &environment, "").await;
    assert_eq!(
        (listed.code, listed.stdout.lines().count()),
        (Some(0), 1),
        "{listed:?}"
    );
    assert!(listed.stdout.contains("ES256  signs"), "{listed:?}");
    let rotated = run_auth_server(&["keys", "rotate"], &environment, "").await;
    assert_eq!(rotated.code, Some(0), "{rotated:?}");
    let first_line = rotated.stdout.lines().next().unwrap_or_default();
    let added = first_line.strip_prefix("added ").unwrap();
    let listed = run_auth_server(&["keys", "list"], &environment, "").await;
    assert_eq!(listed.stdout.lines().count(), 2, "{listed:?}");
    assert!(listed.stdout.contains("published, signs in"), "{listed:?}");
    for _ in 0..1000 {
        if server
            .browser()
            .get("/oauth/jwks")
            .await
            .text
            .contains(added)
        {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the server does not publish {added}");
}

/// A key that the command adds while a server runs is published by that server.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_is_added_while_a_server_runs_is_published() {
    let redis = RedisServer::start().await;
    rotate_beside_a_server(&redis.url()).await;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("store");
    rotate_beside_a_server(&format!("embedded:{}", path.display())).await;
}
