//! The walls of the house: which library may be named in which room. Protocol in the middle, machinery at
//! the edge.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::fs;
use std::path::{Path, PathBuf};

/// Every Rust file below a folder of the workspace, by its path from there.
fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .join(folder);
    let mut found = Vec::new();
    walk(&root, &mut found);
    assert!(!found.is_empty(), "{folder} holds no Rust files");
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        (path.strip_prefix(&root).unwrap().to_owned(), text)
    };
    found.into_iter().map(read).collect()
}

/// The files that use a crate although they are in none of the rooms where it may be used.
fn trespassers(folder: &str, crate_name: &str, rooms: &[&str]) -> Vec<PathBuf> {
    let uses = format!("{crate_name}::");
    let outside = |path: &Path| !rooms.iter().any(|room| path.starts_with(room));
    sources(folder)
        .into_iter()
        .filter(|(path, text)| {
            let code = text
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"));
            outside(path) && code.into_iter().any(|line| names_crate(line, &uses))
        })
        .map(|(path, _)| path)
        .collect()
}

/// True when a line names the crate itself, not a module of ours that ends in the same word.
fn names_crate(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(position, _)| {
        let before = line
            .get(..position)
            .and_then(|text| text.chars().next_back());
        !before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_' || letter == ':')
    })
}

#[test]
fn actix_web_stays_in_the_endpoints_and_the_wiring() {
    let rooms = ["endpoints.rs", "endpoints", "app.rs", "main.rs"];
    assert_eq!(
        trespassers("auth-server/src", "actix_web", &rooms),
        Vec::<PathBuf>::new()
    );
}

#[test]
fn redis_stays_in_its_store_and_the_wiring() {
    let rooms = ["stores/redis.rs", "stores/redis", "app.rs", "app"];
    assert_eq!(
        trespassers("auth-server/src", "redis", &rooms),
        Vec::<PathBuf>::new()
    );
}

#[test]
fn only_the_metrics_know_prometheus() {
    let rooms = ["metrics.rs", "metrics"];
    assert_eq!(
        trespassers("auth-server/src", "prometheus_client", &rooms),
        Vec::<PathBuf>::new()
    );
}

#[test]
fn the_protocol_is_free_of_machinery() {
    for machinery in ["actix_web", "reqwest", "redis", "tokio"] {
        assert_eq!(
            trespassers("shared/src/protocol", machinery, &[]),
            Vec::<PathBuf>::new()
        );
    }
}

#[test]
fn the_pages_know_nothing_of_http() {
    let rooms: [&str; 0] = [];
    assert_eq!(
        trespassers("auth-server/src/endpoints/pages", "actix_web", &rooms),
        Vec::<PathBuf>::new()
    );
}

#[test]
fn no_service_depends_on_another() {
    let services = ["auth-server", "resource-server", "demo-client"];
    for service in services {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let manifest = fs::read_to_string(root.join(service).join("Cargo.toml")).unwrap();
        for other in services.into_iter().filter(|other| *other != service) {
            let depends = manifest.lines().any(|line| line.starts_with(other));
            assert!(!depends, "{service} depends on {other}");
        }
    }
}
