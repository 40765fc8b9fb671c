//! Programs and libraries of other people work with our servers, unchanged.

#![allow(clippy::expect_used, reason = "a test may fail")]

mod mail;

use std::path::Path;
use std::process::Stdio;

use e2e::{Answer, CONSOLE, ServiceProcess, Store, World, on_every_store};
use tokio::process::Command;

/// Made by `scripts/test`.
const PYTHON: &str = "../target/foreign-venv/bin/python";

/// Runs a program with the addresses of the three services as its arguments.
async fn run(world: &World, program: &Path, arguments: &[&str], script: &str) {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("foreign");
    let output = Command::new(program)
        .args(arguments)
        .arg(directory.join(script))
        .args([&world.auth, &world.resource, &world.client])
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .expect("the program starts");
    assert!(
        output.status.success(),
        "{script}: {}\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

async fn run_python(world: &World, script: &str) {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join(PYTHON);
    assert!(
        python.exists(),
        "{} is missing: scripts/test makes it",
        python.display()
    );
    run(world, &python, &[], script).await;
}

/// Made by `scripts/test`.
const SCHEMATHESIS: &str = "../target/schemathesis-venv/bin/schemathesis";

/// The API of administrators answers as its description says, to calls that it describes and to those that it does not: what
/// is not in a schema is refused, each status and type is one that is described, and nothing is our failure. Which passwords
/// are no good, and what belongs together, no schema says: that check is left out.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn schemathesis_finds_the_administrators_api_as_it_is_described() {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join(SCHEMATHESIS);
    assert!(
        program.exists(),
        "{} is missing: scripts/test makes it",
        program.display()
    );
    let demo = include_str!("../../auth-server/config/demo.toml");
    let settings = format!("{demo}{CONSOLE}");
    let environment = [
        ("AUTH_SERVER__STORE__URL", "memory:"),
        ("AUTH_SERVER__ADMINISTRATION__API", "true"),
    ];
    let server = ServiceProcess::start("auth-server", Some(&settings), &environment).await;
    let form = [("grant_type", "client_credentials")];
    let token = reqwest::Client::builder().build().unwrap();
    let token = token.post(format!("{}/oauth/token", server.address));
    let token = token.basic_auth("console", Some("console-secret"));
    let token = Answer::read(token.form(&form).send().await.unwrap()).await;
    let authorization = format!("Authorization: Bearer {}", token.access_token());
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(&program)
        .arg("run")
        .arg(format!("{}/admin/api/v1/openapi.json", server.address))
        .args(["--header", &authorization])
        .args(["--max-examples", "20", "--max-time", "40", "--seed", "1"])
        .args(["--exclude-checks", "positive_data_acceptance"])
        .args(["--continue-on-failure", "--no-shrink"])
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .expect("the program starts");
    assert!(
        output.status.success(),
        "{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Where Debian puts Java's libraries.
const JAVA_LIBRARIES: &str = "/usr/share/java";
/// Spring 4.3 and what it needs.
const SPRING: [&str; 8] = [
    "spring3-web",
    "spring3-core",
    "spring3-beans",
    "spring3-context",
    "commons-logging",
    "jackson-core",
    "jackson-databind",
    "jackson-annotations",
];

/// Where the machine has a JDK, `scripts/test` installs Spring's libraries beside it.
fn has_a_jdk() -> bool {
    std::env::var_os("PATH").is_some_and(|path| {
        std::env::split_paths(&path).any(|folder| folder.join("javac").exists())
    })
}

/// Spring's `RestTemplate` gets tokens, asks about them, verifies one by the key and calls an API.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn springs_rest_template_works_unchanged() {
    if !has_a_jdk() {
        eprintln!("no JDK on this machine: Spring's classes were not tried");
        return;
    }
    let world = World::builder(Store::Memory)
        .set("AUTH_SERVER__PROFILE", "spring")
        .set("AUTH_SERVER__TOKENS__FORMAT", "jwt")
        .set("AUTH_SERVER__KEYS__ALGORITHM", "RS256")
        .start()
        .await;
    let libraries = SPRING.map(|name| format!("{JAVA_LIBRARIES}/{name}.jar"));
    let libraries = libraries.join(":");
    let arguments = ["-cp", &libraries];
    run(
        &world,
        Path::new("java"),
        &arguments,
        "WithSpringRestTemplate.java",
    )
    .await;
}

on_every_store! {
    /// Authlib gets, uses, renews, revokes and introspects tokens, and reads the metadata.
    async fn authlib_works_unchanged(world) {
        run_python(&world, "with_authlib.py").await;
    }

    /// requests-oauthlib gets, uses and renews tokens.
    async fn requests_oauthlib_works_unchanged(world) {
        run_python(&world, "with_requests_oauthlib.py").await;
    }

    /// The grants can be tried by hand, with curl and sed.
    async fn curl_and_sed_are_enough(world) {
        run(&world, Path::new("bash"), &[], "curl.sh").await;
    }
}
