//! The walls of the house: no circle of files, which room may import from which, which library may be
//! named where, which crate may depend on which. Read from the code itself, of every crate.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    reason = "a module's id is its place in the tree, syn's enums may grow, and a test may fail"
)]

mod arrows;
mod known_circles;
mod made_up;
mod map;
mod reading;
mod rooms;
mod sources;
mod tokens;
mod tree;
mod workspace;

use std::path::Path;

use known_circles::KNOWN_CIRCLES;
use map::{CRATES, Crate};
use workspace::{Member, members};

/// Each member with its page of the map.
fn mapped() -> Vec<(Member, &'static Crate)> {
    members()
        .into_iter()
        .map(|member| {
            let page = CRATES.iter().find(|page| page.name == member.name);
            let page = page.unwrap_or_else(|| panic!("{} is not on the map", member.name));
            (member, page)
        })
        .collect()
}

fn assert_none(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

/// What one crate's page has against its code.
fn complaints(check: impl Fn(&Member, &Crate) -> Vec<String>) -> Vec<String> {
    let of_one = |(member, page): &(Member, &'static Crate)| -> Vec<String> {
        let found = check(member, page);
        let named = found
            .into_iter()
            .map(|text| format!("{}: {text}", member.name));
        named.collect()
    };
    mapped().iter().flat_map(of_one).collect()
}

/// The known circles of a crate's files.
fn known_of_files(name: &str) -> Vec<&'static [&'static str]> {
    known(name, is_file)
}

/// The known circles of a crate's rooms.
fn known_of_rooms(name: &str) -> Vec<&'static [&'static str]> {
    known(name, |place| !is_file(place))
}

fn is_file(place: &str) -> bool {
    Path::new(place).extension().is_some()
}

fn known(name: &str, is_asked_for: impl Fn(&str) -> bool) -> Vec<&'static [&'static str]> {
    KNOWN_CIRCLES
        .iter()
        .filter(|(owner, places)| *owner == name && places.iter().all(|place| is_asked_for(place)))
        .map(|(_, places)| *places)
        .collect()
}

#[test]
fn no_files_form_a_circle() {
    assert_none(&complaints(|member, page| {
        let found = arrows::circles(&arrows::between_files(&member.tree));
        arrows::unknown_or_gone(&found, &known_of_files(page.name))
    }));
}

#[test]
fn no_rooms_form_a_circle() {
    assert_none(&complaints(|member, page| {
        let found = arrows::circles(&rooms::between_rooms(&member.tree, page.rooms));
        arrows::unknown_or_gone(&found, &known_of_rooms(page.name))
    }));
}

#[test]
fn the_map_reads_from_the_ground_up() {
    assert_none(&complaints(|_, page| {
        rooms::order_complaints(page.rooms, &known_of_rooms(page.name))
    }));
}

#[test]
fn rooms_import_what_the_map_allows_and_nothing_else() {
    assert_none(&complaints(|member, page| {
        let mut found = rooms::room_complaints(&member.tree, page.rooms);
        if !found.is_empty() {
            let rows = rooms::rows_as_they_are(&member.tree, page.rooms);
            found.push(format!("the code would have these rows:\n{rows}"));
        }
        found
    }));
}

#[test]
fn libraries_stay_in_their_rooms() {
    assert_none(&complaints(|member, page| {
        rooms::library_complaints(&member.tree, page.rooms, page.libraries)
    }));
}

#[test]
fn crates_depend_on_the_crates_that_the_map_allows() {
    assert_none(&complaints(|member, page| {
        let allowed = page.crates.iter().map(|name| (*name).to_owned()).collect();
        let differ = member.dependencies.symmetric_difference(&allowed);
        differ
            .map(|name| {
                if allowed.contains(name) {
                    format!("may depend on {name} and does not")
                } else {
                    format!("may not depend on {name}")
                }
            })
            .collect()
    }));
}

#[test]
fn every_page_of_the_map_is_a_crate() {
    let there = members();
    for page in CRATES {
        assert!(
            there.iter().any(|member| member.name == page.name),
            "{} is gone",
            page.name
        );
    }
}
