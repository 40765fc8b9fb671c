//! The collections of `java.util`, each in the form in which it is written.

use symbolon::scope::Scope;

use super::error::LegacyTokenError;
use super::meaning::{Meaning, field, other_class};
use crate::java_stream::{Object, Value};

/// Collections that stand around a collection: a list that cannot be changed around a list that is locked, say.
const MOST_WRAPPERS: usize = 8;

/// A map of `Map.of` says so by its tag; the others are of `List.of` and `Set.of`.
const MAP_TAG: i64 = 3;

const NONE: LegacyTokenError = LegacyTokenError::Unreadable {
    what: "a collection",
};

/// What a collection holds.
pub(super) enum Collection<'g> {
    /// A list, a set or an array.
    Of(Vec<&'g Value>),
    /// A map.
    Map(Vec<(&'g Value, &'g Value)>),
}

impl<'g> Meaning<'g> {
    /// What an object holds; `None` when it is no collection that is known.
    pub(super) fn collection(
        &mut self,
        object: &'g Object,
    ) -> Result<Option<Collection<'g>>, LegacyTokenError> {
        let mut object = object;
        for _ in 0..MOST_WRAPPERS {
            match wrapped(object) {
                Some(inside) => object = self.any_object(inside?, "a collection")?,
                None => return self.unwrapped(object),
            }
        }
        Err(LegacyTokenError::TooMuch)
    }

    fn unwrapped(
        &mut self,
        object: &'g Object,
    ) -> Result<Option<Collection<'g>>, LegacyTokenError> {
        let items = object.items.as_slice();
        let found = match object.class.strip_prefix("java.util.") {
            Some("CollSer") if is_map(object)? => map(items)?,
            Some("ArrayList" | "LinkedList" | "HashSet" | "LinkedHashSet" | "CollSer") => of(items),
            // Before its values it writes its comparator.
            Some("TreeSet") => of(items.get(1..).unwrap_or_default()),
            Some("HashMap" | "LinkedHashMap" | "TreeMap") => map(items)?,
            // It closes with a pair of nothing.
            Some("concurrent.ConcurrentHashMap") => {
                let pairs = items.strip_suffix(&[Value::Null, Value::Null]);
                map(pairs.ok_or(NONE)?)?
            }
            Some("Collections$SingletonList" | "Collections$SingletonSet") => {
                Collection::Of(vec![field(object, "element")?])
            }
            Some("Collections$SingletonMap") => {
                Collection::Map(vec![(field(object, "k")?, field(object, "v")?)])
            }
            Some("Collections$EmptyList" | "Collections$EmptySet") => of(&[]),
            Some("Collections$EmptyMap") => Collection::Map(Vec::new()),
            _ if object.class.starts_with('[') => of(items),
            _ => return Ok(None),
        };
        self.take_values(match &found {
            Collection::Of(values) => values.len(),
            Collection::Map(pairs) => pairs.len(),
        })?;
        Ok(Some(found))
    }

    /// The values of a field that is a list or a set; `null` has none.
    pub(super) fn values(
        &mut self,
        object: &Object,
        what: &'static str,
    ) -> Result<Vec<&'g Value>, LegacyTokenError> {
        let value = field(object, what)?;
        if *value == Value::Null {
            return Ok(Vec::new());
        }
        let object = self.any_object(value, what)?;
        match self.collection(object)? {
            Some(Collection::Of(values)) => Ok(values),
            Some(Collection::Map(_)) | None => Err(other_class(what, object)),
        }
    }

    /// The pairs of a field that is a map; `null` has none.
    pub(super) fn pairs(
        &mut self,
        object: &Object,
        what: &'static str,
    ) -> Result<Vec<(&'g Value, &'g Value)>, LegacyTokenError> {
        let value = field(object, what)?;
        if *value == Value::Null {
            return Ok(Vec::new());
        }
        let object = self.any_object(value, what)?;
        match self.collection(object)? {
            Some(Collection::Map(pairs)) => Ok(pairs),
            Some(Collection::Of(_)) | None => Err(other_class(what, object)),
        }
    }

    /// The texts of a field that is a list or a set.
    pub(super) fn texts(
        &mut self,
        object: &Object,
        what: &'static str,
    ) -> Result<Vec<String>, LegacyTokenError> {
        let values = self.values(object, what)?;
        let unreadable = LegacyTokenError::Unreadable { what };
        values
            .into_iter()
            .map(|value| self.text(value, what)?.ok_or_else(|| unreadable.clone()))
            .collect()
    }

    /// The scope in a field that is a set of names.
    pub(super) fn scope(&mut self, object: &Object) -> Result<Scope, LegacyTokenError> {
        let what = "scope";
        let names = self.texts(object, what)?;
        let scope = names.try_into();
        scope.map_err(|_| LegacyTokenError::Unreadable { what })
    }
}

fn of(items: &[Value]) -> Collection<'_> {
    Collection::Of(items.iter().collect())
}

fn map(items: &[Value]) -> Result<Collection<'_>, LegacyTokenError> {
    let (pairs, []) = items.as_chunks() else {
        return Err(NONE);
    };
    Ok(Collection::Map(
        pairs.iter().map(|[key, value]| (key, value)).collect(),
    ))
}

/// What `List.of`, `Set.of` and `Map.of` are written as is one class.
fn is_map(collection: &Object) -> Result<bool, LegacyTokenError> {
    if let Value::Integer(tag) = field(collection, "tag")? {
        Ok(tag & 0xff == MAP_TAG)
    } else {
        Err(NONE)
    }
}

/// The collection inside, when this one only guards another.
fn wrapped(object: &Object) -> Option<Result<&Value, LegacyTokenError>> {
    let name = object.class.strip_prefix("java.util.")?;
    let name = name.strip_prefix("Collections$");
    let guarded = |name: &str| {
        let kinds = ["Unmodifiable", "Synchronized"];
        kinds
            .iter()
            .find_map(|kind| Some(name.strip_prefix(kind)?.ends_with("Map")))
    };
    match name.and_then(guarded) {
        Some(true) => Some(field(object, "m")),
        Some(false) => Some(field(object, "c")),
        None if &*object.class == "java.util.Arrays$ArrayList" => Some(field(object, "a")),
        None => None,
    }
}
