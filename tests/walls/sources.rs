//! The sources as files: each is compiled, and what the documents say of tests is true of them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::workspace::roots;

const ROBUSTNESS: &str = include_str!("../../docs/robustness.md");

/// Every source of the workspace; what was built is not among them.
fn sources() -> Vec<PathBuf> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let (mut found, mut folders) = (Vec::new(), vec![top.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() && name != "target" && !name.starts_with('.') {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found
}

/// Whether the file above this one has its `mod` line.
fn is_declared(path: &Path, roots: &[PathBuf]) -> bool {
    let folder = path.parent().unwrap();
    // `folder/mod.rs` is the module `folder`.
    let (name, folder) = match path.file_stem().unwrap().to_str().unwrap() {
        "mod" => (folder.file_name().unwrap(), folder.parent().unwrap()),
        _ => (path.file_stem().unwrap(), folder),
    };
    let line = format!("mod {};", name.to_str().unwrap());
    let siblings = ["mod.rs", "lib.rs", "main.rs"].map(|file| folder.join(file));
    let above = siblings.into_iter().chain([folder.with_extension("rs")]);
    let beside = roots.iter().filter(|root| root.parent() == Some(folder));
    let mut texts = above
        .chain(beside.cloned())
        .filter_map(|file| std::fs::read_to_string(file).ok());
    texts.any(|text| text.contains(&line))
}

#[test]
fn every_source_is_compiled() {
    let compiled = roots();
    let strays: Vec<_> = sources()
        .into_iter()
        .filter(|path| !compiled.contains(path) && !is_declared(path, &compiled))
        .collect();
    assert!(strays.is_empty(), "no `mod` line leads to {strays:#?}");
}

#[test]
fn each_rule_of_the_page_on_robustness_names_tests_that_exist() {
    let texts = sources().into_iter().map(std::fs::read_to_string);
    let texts: Vec<String> = texts.map(Result::unwrap).collect();
    let rows = ROBUSTNESS.lines().filter(|line| line.starts_with("| "));
    let rows = rows.filter(|line| !line.starts_with("| |") && !line.starts_with("| ---"));
    let mut missing = BTreeSet::new();
    for row in rows {
        let cell = row.trim_end_matches(['|', ' ']).rsplit('|').next().unwrap();
        let names: Vec<&str> = cell.split('`').skip(1).step_by(2).collect();
        assert!(!names.is_empty(), "no test is named: {row}");
        for name in names {
            let name = name.rsplit("::").next().unwrap();
            let defined = format!("fn {name}(");
            if !texts.iter().any(|text| text.contains(&defined)) {
                missing.insert(name);
            }
        }
    }
    assert!(missing.is_empty(), "there are no tests {missing:#?}");
}
