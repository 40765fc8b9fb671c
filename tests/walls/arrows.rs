//! Which file leans on which, and the circles among them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::tree::{Manner, Target, Tree};

/// From one file, or one room, to another: the names that are the reason.
pub(crate) type Arrows = BTreeMap<(String, String), BTreeSet<String>>;

/// The arrows between the files of a crate. `mod` lines and `pub use` are none: they say where a name is
/// found, not what a file needs.
pub(crate) fn between_files(tree: &Tree) -> Arrows {
    let mut arrows = Arrows::new();
    for (from, manner, target) in tree.mentions() {
        let Target::Item { file, name } = target else {
            continue;
        };
        if manner != Manner::HandedOn && file != from {
            let names = arrows.entry((from.to_owned(), file)).or_default();
            names.insert(name);
        }
    }
    arrows
}

/// Places that can be reached from each other, with the arrows between them.
#[derive(Debug)]
pub(crate) struct Circle {
    pub(crate) places: BTreeSet<String>,
    arrows: Arrows,
}

impl fmt::Display for Circle {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for ((from, to), names) in &self.arrows {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            writeln!(out, "  {from} -> {to}: {}", names.join(", "))?;
        }
        Ok(())
    }
}

pub(crate) fn circles(arrows: &Arrows) -> Vec<Circle> {
    let mut neighbours: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (from, to) in arrows.keys() {
        neighbours.entry(from).or_default().insert(to);
    }
    let reach: BTreeMap<&str, BTreeSet<&str>> = neighbours
        .keys()
        .map(|place| (*place, reachable(&neighbours, place)))
        .collect();
    let mut found = BTreeSet::new();
    for (place, reached) in &reach {
        let both_ways = |other: &&&str| reach.get(**other).is_some_and(|back| back.contains(place));
        let places: BTreeSet<&str> = reached.iter().filter(both_ways).copied().collect();
        if !places.is_empty() {
            found.insert(places);
        }
    }
    found
        .into_iter()
        .map(|places| circle(&places, arrows))
        .collect()
}

fn reachable<'place>(
    neighbours: &BTreeMap<&'place str, BTreeSet<&'place str>>,
    start: &str,
) -> BTreeSet<&'place str> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&str> = vec![start];
    while let Some(place) = open.pop() {
        for next in neighbours.get(place).into_iter().flatten() {
            if reached.insert(*next) {
                open.push(next);
            }
        }
    }
    reached
}

fn circle(places: &BTreeSet<&str>, arrows: &Arrows) -> Circle {
    let within = |place: &String| places.contains(place.as_str());
    Circle {
        places: places.iter().map(|place| (*place).to_owned()).collect(),
        arrows: arrows
            .iter()
            .filter(|((from, to), _)| within(from) && within(to))
            .map(|(arrow, names)| (arrow.clone(), names.clone()))
            .collect(),
    }
}

/// What differs between the circles that are there and those that are known.
pub(crate) fn unknown_or_gone(found: &[Circle], known: &[&[&str]]) -> Vec<String> {
    let is_known = |circle: &&Circle| {
        known.iter().any(|places| {
            circle
                .places
                .iter()
                .eq(places.iter().collect::<BTreeSet<_>>())
        })
    };
    let mut complaints: Vec<String> = found
        .iter()
        .filter(|circle| !is_known(circle))
        .map(|circle| format!("a circle:\n{circle}"))
        .collect();
    for places in known {
        let places: BTreeSet<&str> = places.iter().copied().collect();
        if !found
            .iter()
            .any(|circle| circle.places.iter().eq(places.iter()))
        {
            complaints.push(format!("known, and gone: {places:?}"));
        }
    }
    complaints
}
