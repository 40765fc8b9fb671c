//! Which room may import from which, and which library may be named in which room.

use std::collections::{BTreeMap, BTreeSet};

use super::arrows::Arrows;
use super::tree::{Manner, Target, Tree};

/// The rooms of a crate from the ground up, each with the rooms it imports from: a row names rows above
/// itself alone. A room is a module with all below it that has no row of its own.
pub(crate) type Rooms = [(&'static str, &'static [&'static str])];

/// Libraries with the rooms where they may be named.
pub(crate) type Libraries = [(&'static str, &'static [&'static str])];

/// The row in which a file is: `stores/redis/keys.rs` is in `stores/redis` if there is such a row, or
/// else in `stores`.
pub(crate) fn room_of<'rooms>(rooms: &'rooms Rooms, file: &str) -> Option<&'rooms str> {
    let module = file.strip_suffix(".rs").unwrap_or(file);
    let holds = |room: &&str| {
        module
            .strip_prefix(room)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let holding = rooms.iter().map(|(room, _)| *room).filter(holds);
    holding.max_by_key(|room| room.len())
}

/// The imports between rooms. A `pub use` of another room's name is one too, except in the crate's root,
/// whose trade that is.
pub(crate) fn between_rooms(tree: &Tree, rooms: &Rooms) -> Arrows {
    let mut arrows = Arrows::new();
    for (from, manner, target) in tree.mentions() {
        let Target::Item { file, name } = target else {
            continue;
        };
        let hands_on_a_child = manner == Manner::HandedOn && is_above(from, &file);
        if let (Some(here), Some(there)) = (room_of(rooms, from), room_of(rooms, &file))
            && here != there
            && !hands_on_a_child
        {
            let arrow = (here.to_owned(), there.to_owned());
            arrows.entry(arrow).or_default().insert(name);
        }
    }
    arrows
}

fn is_above(parent: &str, child: &str) -> bool {
    let module = parent.strip_suffix(".rs").unwrap_or(parent);
    module == "lib"
        || child
            .strip_prefix(module)
            .is_some_and(|rest| rest.starts_with('/'))
}

pub(crate) fn room_complaints(tree: &Tree, rooms: &Rooms) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in tree.files() {
        if room_of(rooms, file).is_none() {
            complaints.push(format!("{file} is in no room: give it a row"));
        }
    }
    let files = tree.files();
    for (room, _) in rooms {
        if !files.iter().any(|file| room_of(rooms, file) == Some(room)) {
            complaints.push(format!("room {room} is empty"));
        }
    }
    let arrows = between_rooms(tree, rooms);
    complaints.extend(forbidden(&arrows, rooms));
    complaints.extend(unused(&arrows, rooms));
    complaints
}

/// The rows of the map as the code would have them.
pub(crate) fn rows_as_they_are(tree: &Tree, rooms: &Rooms) -> String {
    let arrows = between_rooms(tree, rooms);
    let imports_of = |room: &str| -> Vec<&String> {
        let of_room = arrows.keys().filter(|(from, _)| from == room);
        of_room.map(|(_, to)| to).collect()
    };
    let rows = rooms
        .iter()
        .map(|(room, _)| format!("    ({room:?}, &{:?}),", imports_of(room)));
    rows.collect::<Vec<_>>().join("\n")
}

fn forbidden(arrows: &Arrows, rooms: &Rooms) -> Vec<String> {
    let allowed: BTreeMap<&str, &[&str]> = rooms.iter().copied().collect();
    arrows
        .iter()
        .filter(|((from, to), _)| {
            let row = allowed.get(from.as_str());
            !row.is_some_and(|row| row.contains(&to.as_str()))
        })
        .map(|((from, to), names)| {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            format!("{from} may not import from {to}: {}", names.join(", "))
        })
        .collect()
}

fn unused(arrows: &Arrows, rooms: &Rooms) -> Vec<String> {
    let mut complaints = Vec::new();
    for (from, row) in rooms {
        for to in *row {
            if !arrows.contains_key(&((*from).to_owned(), (*to).to_owned())) {
                complaints.push(format!("{from} may import from {to} and does not"));
            }
        }
    }
    complaints
}

/// A row that names a room at its own height or below, unless both hang together in a known knot.
pub(crate) fn order_complaints(rooms: &Rooms, knots: &[&[&str]]) -> Vec<String> {
    let mut above = BTreeSet::new();
    let mut complaints = Vec::new();
    for (room, row) in rooms {
        for other in *row {
            let knotted = knots
                .iter()
                .any(|knot| knot.contains(room) && knot.contains(other));
            if !above.contains(other) && !knotted {
                complaints.push(format!("{room} names {other}, which is not above it"));
            }
        }
        above.insert(*room);
    }
    complaints
}

pub(crate) fn library_complaints(tree: &Tree, rooms: &Rooms, libraries: &Libraries) -> Vec<String> {
    let mut used = BTreeMap::<&str, BTreeSet<&str>>::new();
    let mut complaints = BTreeSet::new();
    for (file, _, target) in tree.mentions() {
        let (Target::Library(name), Some(room)) = (target, room_of(rooms, file)) else {
            continue;
        };
        let Some((library, allowed)) = libraries.iter().find(|(library, _)| *library == name)
        else {
            continue;
        };
        used.entry(library).or_default().insert(room);
        if !allowed.contains(&room) {
            complaints.insert(format!(
                "{file} names {library}, which stays in {allowed:?}"
            ));
        }
    }
    for (library, allowed) in libraries {
        for room in *allowed {
            if !used.get(library).is_some_and(|rooms| rooms.contains(room)) {
                complaints.insert(format!("{room} may name {library} and does not"));
            }
        }
    }
    complaints.into_iter().collect()
}
