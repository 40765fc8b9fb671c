//! Programs and libraries of other people work with our servers, unchanged.

#![allow(clippy::expect_used, reason = "a test may fail")]

use std::path::Path;
use std::process::Stdio;

use e2e::{World, on_every_store};
use tokio::process::Command;

/// Made by `scripts/test`.
const PYTHON: &str = "../target/foreign-venv/bin/python";

/// Runs a program with the addresses of the three services as its arguments.
async fn run(world: &World, program: &Path, script: &str) {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("foreign");
    let output = Command::new(program)
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
    run(world, &python, script).await;
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
        run(&world, Path::new("bash"), "curl.sh").await;
    }
}
