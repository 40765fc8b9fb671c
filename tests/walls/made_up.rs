//! Small made-up crates: each rule of the walls has to notice what it is there for.

use std::fs;

use tempfile::TempDir;

use super::arrows::{between_files, circles, unknown_or_gone};
use super::rooms::{Libraries, Rooms, library_complaints, order_complaints, room_complaints};
use super::tree::Tree;
use super::workspace::library_in;

fn library(files: &[(&str, &str)]) -> Tree {
    let folder = TempDir::new().unwrap();
    for (file, text) in files {
        let path = folder.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    library_in(folder.path())
}

/// Every arrow of a made-up crate, as `from -> to: names`.
fn arrows(files: &[(&str, &str)]) -> Vec<String> {
    between_files(&library(files))
        .into_iter()
        .map(|((from, to), names)| {
            let names: Vec<String> = names.into_iter().collect();
            format!("{from} -> {to}: {}", names.join(", "))
        })
        .collect()
}

fn circles_of(files: &[(&str, &str)]) -> Vec<Vec<String>> {
    circles(&between_files(&library(files)))
        .into_iter()
        .map(|circle| circle.places.into_iter().collect())
        .collect()
}

#[test]
fn two_files_that_name_each_other_form_a_circle() {
    let files = [
        ("lib.rs", "mod egg; mod hen;"),
        ("egg.rs", "use crate::hen::Hen; pub struct Egg(Hen);"),
        (
            "hen.rs",
            "pub struct Hen; fn lay() -> Option<super::egg::Egg> { None }",
        ),
    ];
    assert_eq!(circles_of(&files), [["egg.rs", "hen.rs"]]);
    let found = circles(&between_files(&library(&files)));
    let told = unknown_or_gone(&found, &[]).join("\n");
    assert!(told.contains("egg.rs -> hen.rs: Hen\n"), "{told}");
    assert!(told.contains("hen.rs -> egg.rs: Egg\n"), "{told}");
}

#[test]
fn a_known_circle_is_no_complaint_until_it_is_gone() {
    let files = [
        ("lib.rs", "mod egg; mod hen;"),
        ("egg.rs", "pub struct Egg(crate::hen::Hen);"),
        ("hen.rs", "pub struct Hen(Box<crate::egg::Egg>);"),
    ];
    let found = circles(&between_files(&library(&files)));
    let known: &[&[&str]] = &[&["hen.rs", "egg.rs"]];
    assert!(unknown_or_gone(&found, known).is_empty());
    assert_eq!(unknown_or_gone(&[], known).len(), 1);
}

#[test]
fn a_re_export_hides_no_circle() {
    let files = [
        ("lib.rs", "mod market; pub use market::Egg; mod hen;"),
        ("market.rs", "mod egg; pub use egg::Egg;"),
        ("market/egg.rs", "pub struct Egg(crate::hen::Hen);"),
        (
            "hen.rs",
            "use crate::{Egg as Laid}; pub struct Hen(Box<Laid>);",
        ),
    ];
    assert_eq!(circles_of(&files), [["hen.rs", "market/egg.rs"]]);
}

#[test]
fn a_parent_and_its_child_form_a_circle() {
    let files = [
        ("lib.rs", "mod hen;"),
        (
            "hen.rs",
            "mod egg; pub struct Hen; fn lay() { egg::hatch(); }",
        ),
        ("hen/egg.rs", "use super::*; pub fn hatch() -> Hen { Hen }"),
    ];
    assert_eq!(circles_of(&files), [["hen.rs", "hen/egg.rs"]]);
}

#[test]
fn a_parent_that_only_hands_its_child_on_forms_no_circle() {
    let files = [
        ("lib.rs", "mod hen;"),
        (
            "hen.rs",
            "mod egg; pub(crate) use egg::hatch; pub struct Hen;",
        ),
        (
            "hen/egg.rs",
            "use super::Hen; pub fn hatch() -> Hen { Hen }",
        ),
    ];
    assert_eq!(arrows(&files), ["hen/egg.rs -> hen.rs: Hen"]);
}

#[test]
fn a_parent_that_hands_its_child_on_and_uses_it_too_forms_a_circle() {
    let files = [
        ("lib.rs", "mod hen;"),
        (
            "hen.rs",
            "mod egg; pub use egg::Egg; pub struct Hen { egg: Egg }",
        ),
        ("hen/egg.rs", "pub struct Egg(Box<super::Hen>);"),
    ];
    assert_eq!(circles_of(&files), [["hen.rs", "hen/egg.rs"]]);
}

#[test]
fn paths_are_followed_however_they_are_written() {
    let target = (
        "nest.rs",
        "pub struct Nest; pub fn build() {} pub trait Warm {}",
    );
    for written in [
        "use crate::nest::{self, Nest};",
        "use super::{nest::{Nest as Home}};",
        "use crate::nest; fn f() { let _ = nest::Nest; }",
        "use crate::nest as home; fn f(_: &home::Nest) {}",
        "use crate::nest::*; struct Holds(Nest);",
        "fn f() { use crate::nest::Nest; }",
        "fn f() { println!(\"{:?}\", crate::nest::Nest); }",
        "fn f() { vec![Some(super::nest::Nest)]; }",
        "#[derive(Serialize)] struct S { #[serde(with = \"crate::nest::Nest\")] s: u8 }",
        "mod inner { use super::super::nest::Nest; }",
        "macro_rules! m { () => { $crate::nest::Nest } }",
        "fn f<T: Into<crate::nest::Nest>>(_: T) {}",
    ] {
        let files = [
            ("lib.rs", "mod nest; mod bird;"),
            target,
            ("bird.rs", written),
        ];
        assert_eq!(arrows(&files), ["bird.rs -> nest.rs: Nest"], "{written}");
    }
}

#[test]
fn what_is_no_code_or_for_tests_alone_is_no_arrow() {
    for written in [
        "// crate::nest::Nest",
        "/// [`crate::nest::Nest`]\npub fn f() {}",
        "fn f() -> &'static str { \"crate::nest::Nest\" }",
        "#[cfg(test)] use crate::nest::Nest;",
        "#[cfg(all(test, unix))] mod tests { use crate::nest::Nest; }",
        "#[cfg(test)] mod tests;",
        "impl u8 { #[cfg(test)] fn f() { crate::nest::Nest; } }",
        "use crate::nest;",
        "pub(crate) use crate::nest::Nest;",
        "fn f(nest: u8) { let _ = nest; }",
    ] {
        let files = [
            ("lib.rs", "mod nest; mod bird;"),
            ("nest.rs", "pub struct Nest;"),
            ("bird.rs", written),
        ];
        assert!(arrows(&files).is_empty(), "{written}");
    }
}

#[test]
fn code_for_some_features_is_code() {
    let files = [
        ("lib.rs", "mod nest; mod bird;"),
        ("nest.rs", "pub struct Nest;"),
        (
            "bird.rs",
            "#[cfg(any(test, feature = \"wings\"))] use crate::nest::Nest;",
        ),
    ];
    assert_eq!(arrows(&files), ["bird.rs -> nest.rs: Nest"]);
}

#[test]
fn a_name_that_a_macro_defines_is_where_its_path_leads() {
    let files = [
        ("lib.rs", "mod nest; mod bird;"),
        ("nest.rs", "define!(Nest);"),
        ("bird.rs", "use crate::nest::Nest;"),
    ];
    assert_eq!(arrows(&files), ["bird.rs -> nest.rs: Nest"]);
}

#[test]
fn a_function_that_is_called_as_a_module_is_meant_only_where_it_is_called() {
    let lib = "mod page; mod bird; pub fn page() {}";
    let page = ("page.rs", "pub struct Page;");
    let module = (
        "bird.rs",
        "use crate::page::{self, Page}; fn f() -> Page { page::Page }",
    );
    assert_eq!(
        arrows(&[("lib.rs", lib), page, module]),
        ["bird.rs -> page.rs: Page"]
    );
    let function = ("bird.rs", "use crate::page; fn f() { page(); }");
    assert_eq!(
        arrows(&[("lib.rs", lib), page, function]),
        ["bird.rs -> lib.rs: page"]
    );
}

#[test]
fn a_macro_of_the_parent_is_an_arrow() {
    let files = [
        ("lib.rs", "mod hen;"),
        ("hen.rs", "macro_rules! cluck { () => {} } mod egg;"),
        ("hen/egg.rs", "fn f() { cluck!(); }"),
    ];
    assert_eq!(arrows(&files), ["hen/egg.rs -> hen.rs: cluck"]);
}

/// A crate of three rooms and a program.
const FARM: [(&str, &str); 5] = [
    ("lib.rs", "pub mod ground; pub mod nest; pub mod bird;"),
    ("ground.rs", "pub struct Ground;"),
    (
        "nest.rs",
        "use crate::ground::Ground; pub struct Nest(Ground);",
    ),
    (
        "bird.rs",
        "use crate::nest::Nest; fn f() { redis::open(); }",
    ),
    ("main.rs", "fn main() { made_up::bird::Bird::fly(); }"),
];

const FARM_ROOMS: &Rooms = &[
    ("ground", &[]),
    ("nest", &["ground"]),
    ("bird", &["nest"]),
    ("lib", &[]),
    ("main", &["bird"]),
];

#[test]
fn a_map_that_is_true_has_nothing_against_it() {
    let farm = library(&FARM);
    assert_eq!(room_complaints(&farm, FARM_ROOMS), Vec::<String>::new());
    assert_eq!(order_complaints(FARM_ROOMS, &[]), Vec::<String>::new());
    let libraries: &Libraries = &[("redis", &["bird"])];
    assert_eq!(
        library_complaints(&farm, FARM_ROOMS, libraries),
        Vec::<String>::new()
    );
}

#[test]
fn an_import_that_the_map_does_not_allow_is_reported() {
    let rooms: &Rooms = &[
        ("ground", &[]),
        ("nest", &["ground"]),
        ("bird", &[]),
        ("lib", &[]),
        ("main", &["bird"]),
    ];
    let told = room_complaints(&library(&FARM), rooms);
    assert_eq!(told, ["bird may not import from nest: Nest"]);
}

#[test]
fn handing_on_what_another_room_defines_is_an_import() {
    let mut files = FARM;
    files[1].1 = "pub use crate::nest::Nest; pub struct Ground;";
    let told = room_complaints(&library(&files), FARM_ROOMS);
    assert_eq!(told, ["ground may not import from nest: Nest"]);
}

#[test]
fn a_permission_that_nobody_needs_is_reported() {
    let rooms: &Rooms = &[
        ("ground", &[]),
        ("nest", &["ground"]),
        ("bird", &["ground", "nest"]),
        ("lib", &[]),
        ("main", &["bird"]),
    ];
    let told = room_complaints(&library(&FARM), rooms);
    assert_eq!(told, ["bird may import from ground and does not"]);
}

#[test]
fn a_room_without_a_row_and_a_row_without_a_room_are_reported() {
    let rooms: &Rooms = &[
        ("ground", &[]),
        ("nest", &["ground"]),
        ("bird", &["nest"]),
        ("barn", &[]),
        ("lib", &[]),
    ];
    let told = room_complaints(&library(&FARM), rooms);
    assert_eq!(
        told,
        ["main.rs is in no room: give it a row", "room barn is empty"]
    );
}

#[test]
fn a_row_that_names_a_room_below_itself_is_reported() {
    let rooms: &Rooms = &[("nest", &["ground"]), ("ground", &[])];
    assert_eq!(
        order_complaints(rooms, &[]),
        ["nest names ground, which is not above it"]
    );
    assert!(order_complaints(rooms, &[&["ground", "nest"]]).is_empty());
}

#[test]
fn a_room_within_a_room_has_walls_of_its_own() {
    let files = [
        ("lib.rs", "mod stores; mod logic;"),
        ("stores.rs", "pub mod redis; pub trait Store {}"),
        ("stores/redis.rs", "mod keys; use super::Store;"),
        ("stores/redis/keys.rs", "pub struct Keys;"),
        ("logic.rs", "use crate::stores::redis::keys::Keys;"),
    ];
    let rooms: &Rooms = &[
        ("stores", &[]),
        ("stores/redis", &["stores"]),
        ("logic", &["stores"]),
        ("lib", &[]),
    ];
    let told = room_complaints(&library(&files), rooms);
    let expected = [
        "logic may not import from stores/redis: Keys",
        "logic may import from stores and does not",
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_library_outside_its_rooms_is_reported() {
    for written in [
        "use redis::Client;",
        "fn f() { redis::open(); }",
        "fn f() { ::redis::open(); }",
        "use redis as database;",
        "fn f() { select!(redis::open()); }",
        "#[redis::main] fn f() {}",
        "#[derive(redis::FromRow)] struct S;",
        "fn f(_: crate::bird::Handed) {}",
    ] {
        let mut files = FARM;
        files[1].1 = written;
        files[3].1 = "use crate::nest::Nest; pub use redis::Handed;";
        let libraries: &Libraries = &[("redis", &["bird"])];
        let told = library_complaints(&library(&files), FARM_ROOMS, libraries);
        assert_eq!(
            told,
            ["ground.rs names redis, which stays in [\"bird\"]"],
            "{written}"
        );
    }
}

#[test]
fn a_module_or_a_variable_of_a_librarys_name_is_not_the_library() {
    for written in [
        "mod redis { pub fn open() {} } fn f() { redis::open(); }",
        "fn f(redis: u8) -> u8 { redis }",
        "struct S { redis: u8 } fn f(s: &S) { print!(\"{}\", s.redis); }",
        "// redis::open()",
    ] {
        let mut files = FARM;
        files[1].1 = written;
        let libraries: &Libraries = &[("redis", &["bird"])];
        let told = library_complaints(&library(&files), FARM_ROOMS, libraries);
        assert_eq!(told, Vec::<String>::new(), "{written}");
    }
}

#[test]
fn a_librarys_permission_that_nobody_needs_is_reported() {
    let libraries: &Libraries = &[("redis", &["bird", "nest"])];
    let told = library_complaints(&library(&FARM), FARM_ROOMS, libraries);
    assert_eq!(told, ["nest may name redis and does not"]);
}
