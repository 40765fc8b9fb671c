//! Programs and libraries of other people work with our servers, unchanged.

#![allow(clippy::expect_used, reason = "a test may fail")]

use std::path::Path;
use std::process::Stdio;

use e2e::{Store, World, on_every_store};
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
