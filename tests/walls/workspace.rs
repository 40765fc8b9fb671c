//! The crates of this workspace, as Cargo sees them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::reading::read_root;
use super::tree::Tree;

/// The packages of these tests, which stand outside the house.
const TESTS: [&str; 3] = ["e2e", "redis-server", "registry-servers"];

/// A member of the workspace.
pub(crate) struct Member {
    pub(crate) name: String,
    /// The other members that it depends on, in its own tests too.
    pub(crate) dependencies: BTreeSet<String>,
    pub(crate) tree: Tree,
}

/// All members, the tests excepted.
pub(crate) fn members() -> Vec<Member> {
    let packages = metadata();
    let packages: Vec<&Value> = packages["packages"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|package| !TESTS.contains(&text(&package["name"])))
        .collect();
    let names: BTreeSet<&str> = packages
        .iter()
        .map(|package| text(&package["name"]))
        .collect();
    packages
        .iter()
        .map(|package| member(package, &names))
        .collect()
}

/// The files that the compiler is called with.
pub(crate) fn roots() -> Vec<PathBuf> {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().unwrap();
    let targets = packages
        .iter()
        .flat_map(|package| package["targets"].as_array().unwrap());
    targets
        .map(|target| PathBuf::from(text(&target["src_path"])))
        .collect()
}

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

fn member(package: &Value, members: &BTreeSet<&str>) -> Member {
    let dependencies = package["dependencies"].as_array().unwrap();
    Member {
        name: text(&package["name"]).to_owned(),
        dependencies: dependencies
            .iter()
            .map(|dependency| text(&dependency["name"]))
            .filter(|name| members.contains(name))
            .map(str::to_owned)
            .collect(),
        tree: tree(package["targets"].as_array().unwrap()),
    }
}

/// The library's modules first, so that it is what its name leads to.
fn tree(targets: &[Value]) -> Tree {
    let of_kind = |kind: &str| -> Vec<&Value> {
        let is = |target: &&Value| {
            target["kind"]
                .as_array()
                .unwrap()
                .iter()
                .any(|one| one == kind)
        };
        targets.iter().filter(is).collect()
    };
    let library = of_kind("lib")[0];
    let mut tree = Tree::new(&text(&library["name"]).replace('-', "_"));
    for root in [vec![library], of_kind("bin")].concat() {
        let path = PathBuf::from(text(&root["src_path"]));
        let (folder, file) = (path.parent().unwrap(), path.file_name().unwrap());
        read_root(&mut tree, folder, file.to_str().unwrap());
    }
    tree
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// The library of a crate whose sources are in this folder.
pub(crate) fn library_in(folder: &Path) -> Tree {
    let mut tree = Tree::new("made_up");
    read_root(&mut tree, folder, "lib.rs");
    if folder.join("main.rs").exists() {
        read_root(&mut tree, folder, "main.rs");
    }
    tree
}
