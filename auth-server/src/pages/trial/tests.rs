//! Rules on templates of others.

use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::pages::overrides::LAYOUT_HTML;
use crate::pages::samples::{at, frame as plain, login, pages};
use crate::pages::{Brand, Language};

fn file(name: &str, text: &str) -> OverrideFile {
    OverrideFile {
        name: name.to_owned(),
        text: text.to_owned(),
    }
}

fn faults(name: &str, text: &str) -> String {
    read_templates(vec![file(name, text)])
        .unwrap_err()
        .join("\n")
}

fn brand(files: Vec<OverrideFile>) -> Brand {
    Brand {
        overrides: Some(read_templates(files).unwrap()),
        ..Brand::default()
    }
}

/// Lines, without those that are empty.
fn lines(page: &str) -> Vec<&str> {
    let lines = page.lines().map(str::trim);
    lines.filter(|line| !line.is_empty()).collect()
}

#[test]
fn the_template_to_begin_with_writes_what_we_write() {
    for language in Language::ALL {
        let (at, brand) = (at(), brand(vec![file("layout.html", LAYOUT_HTML)]));
        let frame = Frame::new(language, &at, &brand).here("/login".to_owned());
        let plain = plain(language).here("/login".to_owned());
        let (ours, theirs) = (login().render(&plain), login().render(&frame));
        // As minijinja escapes.
        let theirs = theirs.unwrap().replace("&#x2f;", "/");
        assert_eq!(lines(&theirs), lines(&ours.unwrap()));
    }
}

#[test]
fn a_page_has_its_own_template_before_that_of_all() {
    let files = vec![
        file("layout.html", LAYOUT_HTML),
        file("_note.html", "<p>{{ brand.name }} & more</p>"),
        file(
            "login.html",
            "{% extends 'layout.html' %}{% block page %}{{ whole }}{% include '_note.html' %}{% endblock %}",
        ),
        file("style.css", ".token { border: 0 }"),
    ];
    let (at, mut brand) = (at(), brand(files));
    brand.name = "A <b> Bank".to_owned();
    let frame = Frame::new(Language::English, &at, &brand);
    let page = login().render(&frame).unwrap();
    assert!(page.contains("<p>A &lt;b&gt; Bank & more</p>"), "{page}");
    assert!(
        page.contains("name=\"_csrf\" value=\"the-csrf-token\""),
        "{page}"
    );
    assert!(!page.contains("<!--:"), "{page}");
    let home = crate::pages::HomePage { owner: None }
        .render(&frame)
        .unwrap();
    assert!(!home.contains("& more"), "{home}");
    assert!(brand.style_sheet().ends_with(".token { border: 0 }"));
}

#[test]
fn what_is_wrong_with_a_template_is_told_with_its_place() {
    for (name, text, told) in [
        ("layout.html", "{{ whole }}\n{{ nothing }}", "layout.html:2"),
        ("layout.html", "{% if %}", "layout.html:1"),
        ("layout.html", "{% include 'gone.html' %}", "gone.html"),
        (
            "layout.html",
            "<p>",
            "layout.html: the page `login` lacks `lower`",
        ),
        (
            "layout.html",
            "{{ upper }}{{ lower }}",
            "layout.html: the page `account` lacks `whole`",
        ),
        (
            "login.html",
            "{{ upper }}",
            "login.html: the page `login` lacks `lower`",
        ),
        (
            "signin.html",
            "{{ whole }}",
            "signin.html: no page is called so",
        ),
        ("notes.txt", "", "notes.txt: no page is called so"),
        (
            "layout.html",
            "{{ whole }}<p STYLE='x' style=y>",
            "it holds `style=`",
        ),
        ("layout.html", "{{ whole }}<SCRIPT>", "it holds `<script`"),
        (
            "error.html",
            "{{ whole }}<img src=\"https://x.example/a\">",
            "error.html: it holds `src=\"http`",
        ),
    ] {
        let faults = faults(name, text);
        assert!(faults.contains(told), "{text}: {faults}");
    }
}

#[test]
fn a_template_that_fails_for_one_page_leaves_that_as_it_is() {
    let text = "{{ whole }}{% if brand.has_logo %}{{ nothing }}{% endif %}";
    let (at, mut brand) = (at(), brand(vec![file("layout.html", text)]));
    brand.logo = crate::pages::samples::company().logo;
    let frame = Frame::new(Language::English, &at, &brand);
    let page = login().render(&frame).unwrap();
    assert!(
        page.starts_with("<!DOCTYPE html>") && !page.contains("<!--:"),
        "{page}"
    );
}

#[test]
fn without_templates_no_page_holds_a_cut() {
    for (name, page) in pages(Language::English, &at()) {
        assert!(!page.contains("<!--"), "{name}");
    }
}

/// All Rust files of a folder and those below, but this one.
fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let sources = entries.flat_map(|path| {
        if path.is_dir() {
            return sources(&path);
        }
        let is_source = path.extension().is_some_and(|it| it == "rs");
        let is_this = path.ends_with("trial/tests.rs");
        let text = (is_source && !is_this).then(|| fs::read_to_string(&path).unwrap());
        text.map(|text| (path, text)).into_iter().collect()
    });
    sources.collect()
}

/// What writes itself cannot have one.
#[test]
fn each_page_can_have_a_template() {
    let mut written = BTreeSet::new();
    for (path, text) in sources(Path::new("src/pages")) {
        let is_frame = path.ends_with("frame.rs");
        assert!(
            is_frame || !text.contains(".render()"),
            "{}",
            path.display()
        );
        let calls = text.split("frame.write(").skip(1);
        written.extend(calls.map(|rest| rest.split('"').nth(1).unwrap().to_owned()));
    }
    let listed = HALVES.into_iter().chain(SHEETS).map(str::to_owned);
    assert_eq!(written, listed.collect());
}
