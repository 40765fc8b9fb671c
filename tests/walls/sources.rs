//! The sources as files: each is compiled, and what the documents say of tests is true of them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::workspace::roots;

const ROBUSTNESS: &str = include_str!("../../docs/robustness.md");
const SPRING_COMPATIBILITY: &str = include_str!("../../docs/spring-compatibility.md");

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

/// The names of all tests: functions with an attribute that makes them one, and what the macros are given that make
/// one test for each store.
fn tests_of(sources: Vec<PathBuf>) -> BTreeSet<String> {
    let texts = sources.into_iter().map(std::fs::read_to_string);
    texts.flat_map(|text| tests_in(&text.unwrap())).collect()
}

fn tests_in(text: &str) -> BTreeSet<String> {
    let (mut found, mut is_test, mut in_macro) = (BTreeSet::new(), false, false);
    for line in text.lines().map(str::trim_end) {
        let trimmed = line.trim_start();
        let begins = [
            "on_every_store! {",
            "hold_against_every_store!(",
            "on_every_database!(",
        ];
        if begins.iter().any(|begin| line.ends_with(begin)) {
            in_macro = true;
        } else if ["}", ");"].contains(&line) {
            in_macro = false;
        } else if trimmed.starts_with("#[") {
            is_test |= trimmed.contains("test]") || trimmed.contains("test(");
        } else if let Some((_, named)) = trimmed.split_once("fn ") {
            let name = named.split('(').next().unwrap_or_default();
            if std::mem::take(&mut is_test) || in_macro {
                found.insert(name.to_owned());
            }
        } else if in_macro && trimmed.ends_with(',') {
            found.insert(trimmed.trim_end_matches(',').to_owned());
        }
    }
    found
}

#[test]
fn a_function_is_a_test_by_its_attribute_or_by_its_macro() {
    let text = "#[test]\n/// Why.\nfn a_rule() {\n    help();\n}\nfn help() {\n}\non_every_store! {\n    \
                async fn another(world) {\n    }\n}\nhold_against_every_store!(\n    a_third,\n);\n";
    let found: Vec<_> = tests_in(text).into_iter().collect();
    assert_eq!(found, ["a_rule", "a_third", "another"]);
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

/// The names in the last cell of each row of those tables of a page whose last column is `tests`.
fn tests_named_in(page: &str) -> Vec<(&str, Vec<&str>)> {
    let (mut rows, mut last_column) = (Vec::new(), "");
    for line in page.lines() {
        let is_row = line.starts_with("| ") && !line.starts_with("| ---");
        let cell = line.trim_end_matches(['|', ' ']).rsplit('|').next();
        match cell.map(str::trim) {
            Some(cell) if is_row && last_column.is_empty() => last_column = cell,
            Some(cell) if is_row && ["test", "tests"].contains(&last_column) => {
                rows.push((line, cell.split('`').skip(1).step_by(2).collect()));
            }
            _ if !line.starts_with('|') => last_column = "",
            _ => {}
        }
    }
    rows
}

#[test]
fn tests_that_a_page_names_are_found_in_the_tables_that_have_a_column_of_them() {
    let page = "| | rule | tests |\n| --- | --- | --- |\n| a | b | `c`, `d::e` |\n\n| x | y |\n| --- | --- |\n| `z` | `w` |\n";
    let row = "| a | b | `c`, `d::e` |";
    assert_eq!(tests_named_in(page), [(row, vec!["c", "d::e"])]);
}

#[test]
fn pages_name_tests_that_exist_and_each_rule_on_robustness_has_some() {
    let tests = tests_of(sources());
    let rules = tests_named_in(ROBUSTNESS);
    for (row, names) in &rules {
        assert!(!names.is_empty(), "no test is named: {row}");
    }
    let differences = tests_named_in(SPRING_COMPATIBILITY);
    let both = [&rules, &differences];
    assert!(
        both.iter().all(|rows| rows.len() > 50),
        "a page was not read"
    );
    let names = both.into_iter().flatten().flat_map(|(_, names)| names);
    let bare = names.filter_map(|name| name.rsplit("::").next());
    let missing: BTreeSet<&str> = bare.filter(|name| !tests.contains(*name)).collect();
    assert!(missing.is_empty(), "there are no tests {missing:#?}");
}
