//! What a stream says, as plain values.

use std::fmt;
use std::sync::Arc;

/// The objects of a stream, and the one that was written. Objects name each other by their place, so a loop among
/// them is nothing special, and whoever walks through it has to count.
#[derive(Clone, Debug)]
pub struct Graph {
    pub(super) objects: Vec<Object>,
    /// What was written.
    pub root: Value,
}

impl Graph {
    /// The object that a value names; `None` when the value is no object.
    pub fn object(&self, value: &Value) -> Option<&Object> {
        if let Value::Object(ObjectId(place)) = value {
            self.objects.get(*place)
        } else {
            None
        }
    }
}

/// The place of an object in its [`Graph`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ObjectId(pub(super) usize);

/// A value. Texts do not print: they may be tokens.
#[derive(Clone, PartialEq)]
pub enum Value {
    /// `null`.
    Null,
    /// A `boolean`.
    Boolean(bool),
    /// A `byte`, `short`, `int` or `long`.
    Integer(i64),
    /// A `float` or `double`.
    Decimal(f64),
    /// A `String`, a `char`, or the name of a constant of an `enum`.
    Text(Arc<str>),
    /// Anything else.
    Object(ObjectId),
}

impl fmt::Debug for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => formatter.write_str("Null"),
            Self::Boolean(value) => write!(formatter, "Boolean({value})"),
            Self::Integer(value) => write!(formatter, "Integer({value})"),
            Self::Decimal(value) => write!(formatter, "Decimal({value})"),
            Self::Text(_) => formatter.write_str("Text([redacted])"),
            Self::Object(id) => write!(formatter, "{id:?}"),
        }
    }
}

/// An object or an array.
#[derive(Clone, Debug)]
pub struct Object {
    /// The name of its class, `java.util.Date`; of an array `[I` or `[Ljava.lang.String;`.
    pub class: Arc<str>,
    /// Which version of the class it is.
    pub serial_version_uid: i64,
    /// Its fields, those of the highest class first.
    pub fields: Vec<Field>,
    /// The bytes that its classes have written besides, one piece for each block.
    pub pieces: Vec<Vec<u8>>,
    /// The values that its classes have written besides, or those of an array.
    pub items: Vec<Value>,
}

impl Object {
    /// The field of this name; of several the lowest class's.
    pub fn field(&self, name: &str) -> Option<&Value> {
        let named = |field: &&Field| *field.name == *name;
        self.fields
            .iter()
            .rev()
            .find(named)
            .map(|field| &field.value)
    }
}

/// A field of an object.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub name: Arc<str>,
    /// What is in it.
    pub value: Value,
}
