//! Rules on templates of others.

use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::pages::overrides::LAYOUT_HTML;
use crate::pages::samples::{at, company, frame as plain, login, pages};
use crate::pages::{Brand, Language};

fn file(name: &str, text: &str) -> OverrideFile {
    OverrideFile {
        name: name.to_owned(),
        text: text.to_owned(),
    }
}

fn faults(name: &str, text: &str) -> String {
    read_templates(vec![file(name, text)], &company())
        .unwrap_err()
        .join("\n")
}

fn brand(files: Vec<OverrideFile>) -> Brand {
    Brand {
        overrides: Some(read_templates(files, &Brand::default()).unwrap()),
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

/// A file, what it says, and what is told of it.
const WRONG: [(&str, &str, &str); 11] = [
    ("layout.html", "{{ whole }}\n{{ nothing }}", "layout.html:2"),
    ("layout.html", "{% if %}", "layout.html:1"),
    ("layout.html", "{% include 'gone.html' %}", "gone.html"),
    (
        "layout.html",
        "<p>",
        "layout.html: the page `login` (en) lacks `lower`",
    ),
    (
        "layout.html",
        "{{ upper }}{{ lower }}",
        "layout.html: the page `account` (ru) lacks `whole`",
    ),
    (
        "login.html",
        "{{ upper }}",
        "login.html: the page `login` (en) lacks `lower`",
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
        "it holds `<p STYLE='x' style=y>`: a style",
    ),
    (
        "layout.html",
        "{{ whole }}<SCRIPT>",
        "it holds `<SCRIPT>`: a script",
    ),
    (
        "error.html",
        "{{ whole }}<img src=\"https://x.example/a\">",
        "error.html: it holds `<img src=\"https://x.example/a\">`: something from elsewhere",
    ),
];

#[test]
fn what_is_wrong_with_a_template_is_told_with_its_place() {
    for (name, text, told) in WRONG {
        let faults = faults(name, text);
        assert!(faults.contains(told), "{text}: {faults}");
    }
}

/// Also where it is seen in one language, or by one brand, or looks as if it were there.
#[test]
fn a_template_is_tried_as_it_will_be_used() {
    for (text, told) in [
        (
            "{% if language == 'en' %}{{ whole }}{% endif %}",
            "the page `login` (ru) lacks `lower`",
        ),
        ("<!-- {{ whole }} -->", "lacks `upper`"),
        (
            "{% if brand.links %}{{ nothing }}{% endif %}{{ whole }}",
            "layout.html:1",
        ),
        ("{{ whole }}<template></template>", "holds `<template>`"),
        (
            "{{ whole }}<img src = '//x.example/a'>",
            "something from elsewhere",
        ),
        (
            "{{ whole }}<link rel=stylesheet href=https://x.example/a>",
            "something from elsewhere",
        ),
        ("{{ whole }}<p\n\tstyle=x>", "a style"),
        ("{{ whole }}<p onload=x()>", "a script"),
        ("{{ whole }}<meta http-equiv=refresh content=0>", "a header"),
    ] {
        let faults = faults("layout.html", text);
        assert!(faults.contains(told), "{text}: {faults}");
    }
    let harmless =
        "{{ whole }}<p title='a'>javascript: style= <a href='https://x.example/'>x</a></p>";
    assert!(read_templates(vec![file("layout.html", harmless)], &company()).is_ok());
}

/// A template takes no more time or memory than a page is worth.
#[test]
fn a_template_that_takes_too_much_is_refused() {
    let deep = "{% set ns = namespace(x=[]) %}{% for i in range(9999) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x }}{{ whole }}";
    let long = "{% for a in range(9999) %}{% for b in range(9999) %}{{ a }}{% endfor %}{% endfor %}{{ whole }}";
    for text in [deep, long, "{% include 'layout.html' %}"] {
        let faults = faults("layout.html", text);
        assert!(faults.contains("layout.html:1"), "{text}: {faults}");
    }
    assert!(faults("layout.html", &"x".repeat(40_000)).contains("more than 32768 bytes"));
}

#[test]
fn what_is_wrong_in_a_part_is_told_with_its_place_there() {
    let files = vec![
        file("_part.html", "\n\n{{ nothing }}"),
        file("layout.html", "{{ whole }}{% include '_part.html' %}"),
    ];
    let faults = read_templates(files, &company()).unwrap_err().join("\n");
    assert!(faults.contains("_part.html:3"), "{faults}");
}

#[test]
fn a_template_that_fails_for_one_page_leaves_that_as_it_is() {
    let text = "{{ whole }}{% if brand.has_logo %}{{ nothing }}{% endif %}";
    let (at, mut brand) = (at(), brand(vec![file("layout.html", text)]));
    brand.logo = company().logo;
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

/// However many operators an expression has, it is read, or refused with file and line; nothing ends the server.
#[test]
fn an_expression_may_have_as_many_operators_as_a_file_holds() {
    let many = |operator: &str, room: usize| operator.repeat(room / operator.len());
    let room = 32_000;
    for (first, operator, last) in [
        ("1", "+1", ""),
        ("1", "~1", ""),
        ("", "not ", "1"),
        ("1", "|int", ""),
        ("1", " if 1 else 1", ""),
        ("", "-", "1"),
        ("", "(", "1"),
        ("x", ".x", ""),
        ("1", "**1", ""),
    ] {
        let chain = format!("{first}{}{last}", many(operator, room));
        let text = format!("{{% set a = {chain} %}}{{{{ whole }}}}{{{{ upper }}}}{{{{ lower }}}}");
        let file = OverrideFile {
            name: "layout.html".to_owned(),
            text,
        };
        if let Err(faults) = read_templates(vec![file], &Brand::default()) {
            assert!(faults[0].contains("layout.html"), "{operator}: {faults:?}");
        }
    }
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
