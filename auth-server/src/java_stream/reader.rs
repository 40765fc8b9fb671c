//! From a stream to its objects. The names of the constants are the protocol's.

use std::sync::Arc;

use super::cursor::Cursor;
use super::error::StreamError;
use super::grammar::{
    Class, FIRST_HANDLE, FieldDescription, SC_ENUM, SC_EXTERNALIZABLE, SC_SERIALIZABLE,
    SC_WRITE_METHOD, STREAM_MAGIC, STREAM_VERSION, TC_ARRAY, TC_BLOCKDATA, TC_BLOCKDATALONG,
    TC_CLASS, TC_CLASSDESC, TC_ENDBLOCKDATA, TC_ENUM, TC_EXCEPTION, TC_LONGSTRING, TC_NULL,
    TC_OBJECT, TC_PROXYCLASSDESC, TC_REFERENCE, TC_RESET, TC_STRING,
};
use super::text;
use super::value::{Field, Graph, Object, ObjectId, Value};

/// Bytes of the longest stream that is read. An authentication has two to four thousand.
pub const LONGEST_STREAM: usize = 256 * 1024;

/// So deep may objects stand in objects, and so many classes above a class. An authentication needs about ten.
pub const DEEPEST: usize = 64;

/// Fields of an object, those of the classes above its own among them. An authentication's have up to ten.
pub const MOST_FIELDS: usize = 256;

/// Reads a stream of one object. `is_known` says of the full name of a class, `java.util.Date`, whether it may occur,
/// be it only above another or as what an array is of.
pub fn read(stream: &[u8], is_known: &dyn Fn(&str) -> bool) -> Result<Graph, StreamError> {
    if stream.len() > LONGEST_STREAM {
        let longest = LONGEST_STREAM;
        return Err(StreamError::TooLong { longest });
    }
    let mut reader = Reader {
        cursor: Cursor::new(stream),
        is_known,
        objects: Vec::new(),
        handles: Vec::new(),
        depth: 0,
    };
    reader.header()?;
    let root = reader.value()?;
    if reader.cursor.is_at_end() {
        let objects = reader.objects;
        Ok(Graph { objects, root })
    } else {
        Err(StreamError::GoesOn)
    }
}

struct Reader<'a> {
    cursor: Cursor<'a>,
    is_known: &'a dyn Fn(&str) -> bool,
    objects: Vec<Object>,
    /// What the stream may refer back to, in the order of its handles.
    handles: Vec<Handle>,
    depth: usize,
}

enum Handle {
    /// A class or a constant whose description is being read: it is not there yet.
    Unfinished,
    Class(Arc<Class>),
    Value(Value),
}

impl Reader<'_> {
    fn header(&mut self) -> Result<(), StreamError> {
        let (magic, version) = (self.cursor.short(), self.cursor.short());
        if magic == Ok(STREAM_MAGIC) && version == Ok(STREAM_VERSION) {
            Ok(())
        } else {
            Err(StreamError::NoStream)
        }
    }

    fn value(&mut self) -> Result<Value, StreamError> {
        let tag = self.cursor.byte()?;
        self.value_tagged(tag)
    }

    fn value_tagged(&mut self, tag: u8) -> Result<Value, StreamError> {
        match tag {
            TC_NULL => Ok(Value::Null),
            TC_REFERENCE => match self.referred()? {
                Handle::Value(value) => Ok(value.clone()),
                Handle::Class(_) | Handle::Unfinished => Err(damaged("a reference to no value")),
            },
            TC_STRING => {
                let length = self.cursor.short()?;
                self.text(length)
            }
            TC_LONGSTRING => {
                let length = self.cursor.long()?;
                self.text(length)
            }
            TC_OBJECT => self.deeper(Self::object),
            TC_ARRAY => self.deeper(Self::array),
            TC_ENUM => self.deeper(Self::constant),
            TC_CLASS | TC_CLASSDESC => Err(not_read("a class as a value")),
            TC_PROXYCLASSDESC => Err(not_read("a proxy")),
            TC_EXCEPTION => Err(not_read("an exception of its writer")),
            TC_RESET => Err(not_read("a reset")),
            TC_BLOCKDATA | TC_BLOCKDATALONG => Err(damaged("bytes where a value should be")),
            _ => Err(damaged("an unknown sign where a value should be")),
        }
    }

    fn deeper<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, StreamError>,
    ) -> Result<T, StreamError> {
        if self.depth == DEEPEST {
            return Err(StreamError::TooDeep { deepest: DEEPEST });
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    fn referred(&mut self) -> Result<&Handle, StreamError> {
        let handle = self.cursor.int()?.checked_sub(FIRST_HANDLE);
        let place = handle.and_then(|place| usize::try_from(place).ok());
        let found = place.and_then(|place| self.handles.get(place));
        found.ok_or(damaged("a reference to what was not written"))
    }

    fn text(&mut self, length: impl TryInto<usize>) -> Result<Value, StreamError> {
        let value = Value::Text(text::decode(self.cursor.take(length)?)?);
        self.handles.push(Handle::Value(value.clone()));
        Ok(value)
    }

    /// Keeps a place for an object, to which its own parts may refer already.
    fn begin(&mut self, class: &Class) -> ObjectId {
        let id = ObjectId(self.objects.len());
        self.objects.push(Object {
            class: Arc::clone(&class.name),
            serial_version_uid: class.serial_version_uid,
            fields: Vec::new(),
            pieces: Vec::new(),
            items: Vec::new(),
        });
        self.handles.push(Handle::Value(Value::Object(id)));
        id
    }

    fn finish(&mut self, id: ObjectId, parts: Parts) -> Value {
        if let Some(object) = self.objects.get_mut(id.0) {
            object.fields = parts.fields;
            object.pieces = parts.pieces;
            object.items = parts.items;
        }
        Value::Object(id)
    }

    fn object(&mut self) -> Result<Value, StreamError> {
        let class = self.class()?.ok_or(damaged("an object without class"))?;
        if class.flags & SC_ENUM != 0 {
            return Err(damaged("a constant that is written as an object"));
        }
        let id = self.begin(&class);
        let mut parts = Parts::default();
        for level in class.from_the_top() {
            if level.flags & SC_EXTERNALIZABLE != 0 {
                return Err(not_read("a class with a format of its own"));
            }
            if level.flags & SC_SERIALIZABLE == 0 {
                return Err(damaged("an object of a class that is not serializable"));
            }
            for FieldDescription { name, kind } in &level.fields {
                let (name, value) = (Arc::clone(name), self.value_of_kind(*kind)?);
                parts.fields.push(Field { name, value });
            }
            if level.flags & SC_WRITE_METHOD != 0 {
                self.written_besides(&mut parts)?;
            }
        }
        Ok(self.finish(id, parts))
    }

    /// What a class's own `writeObject` has written behind its fields.
    fn written_besides(&mut self, parts: &mut Parts) -> Result<(), StreamError> {
        loop {
            let piece = match self.cursor.byte()? {
                TC_ENDBLOCKDATA => return Ok(()),
                TC_BLOCKDATA => {
                    let length = self.cursor.byte()?;
                    self.cursor.take(length)?
                }
                TC_BLOCKDATALONG => {
                    let length = self.cursor.int()?;
                    self.cursor.take(length)?
                }
                tag => {
                    let item = self.value_tagged(tag)?;
                    parts.items.push(item);
                    continue;
                }
            };
            parts.pieces.push(piece.to_vec());
        }
    }

    fn array(&mut self) -> Result<Value, StreamError> {
        let class = self.class()?.ok_or(damaged("an array without class"))?;
        let kind = class.name.strip_prefix('[');
        let kind = kind.and_then(|of| of.bytes().next());
        let kind = kind.ok_or(damaged("an array of a class that is none"))?;
        let id = self.begin(&class);
        let length = self.cursor.int()?;
        let length = u32::try_from(length).map_err(|_| damaged("an array of negative length"))?;
        let mut parts = Parts::default();
        for _ in 0..length {
            let item = self.value_of_kind(kind)?;
            parts.items.push(item);
        }
        Ok(self.finish(id, parts))
    }

    /// A constant of an `enum` is its name.
    fn constant(&mut self) -> Result<Value, StreamError> {
        let class = self.class()?.ok_or(damaged("a constant without class"))?;
        if class.flags & SC_ENUM == 0 {
            return Err(damaged("a constant of a class that has none"));
        }
        let place = self.handles.len();
        self.handles.push(Handle::Unfinished);
        let name = Value::Text(self.text_value()?);
        self.finish_handle(place, Handle::Value(name.clone()));
        Ok(name)
    }

    fn text_value(&mut self) -> Result<Arc<str>, StreamError> {
        if let Value::Text(text) = self.value()? {
            Ok(text)
        } else {
            Err(damaged("a name that is no text"))
        }
    }

    fn finish_handle(&mut self, place: usize, finished: Handle) {
        if let Some(handle) = self.handles.get_mut(place) {
            *handle = finished;
        }
    }

    fn value_of_kind(&mut self, kind: u8) -> Result<Value, StreamError> {
        let cursor = &mut self.cursor;
        Ok(match kind {
            b'B' => Value::Integer(i8::from_be_bytes(cursor.array()?).into()),
            b'S' => Value::Integer(i16::from_be_bytes(cursor.array()?).into()),
            b'I' => Value::Integer(cursor.int()?.into()),
            b'J' => Value::Integer(cursor.long()?),
            b'F' => Value::Decimal(f32::from_be_bytes(cursor.array()?).into()),
            b'D' => Value::Decimal(f64::from_be_bytes(cursor.array()?)),
            b'C' => Value::Text(text::character_text(&[cursor.short()?])?),
            b'Z' => Value::Boolean(cursor.byte()? != 0),
            b'L' | b'[' => return self.value(),
            _ => return Err(damaged("a field of no kind")),
        })
    }

    /// The description of a class; `None` above the highest.
    fn class(&mut self) -> Result<Option<Arc<Class>>, StreamError> {
        match self.cursor.byte()? {
            TC_NULL => Ok(None),
            TC_REFERENCE => match self.referred()? {
                Handle::Class(class) => Ok(Some(Arc::clone(class))),
                Handle::Value(_) | Handle::Unfinished => Err(damaged("a reference to no class")),
            },
            TC_CLASSDESC => self.deeper(Self::described_class).map(Some),
            TC_PROXYCLASSDESC => Err(not_read("a proxy")),
            _ => Err(damaged("an unknown sign where a class should be")),
        }
    }

    fn described_class(&mut self) -> Result<Arc<Class>, StreamError> {
        let name = self.short_text()?;
        self.check_known(&name)?;
        let serial_version_uid = self.cursor.long()?;
        let place = self.handles.len();
        self.handles.push(Handle::Unfinished);
        let flags = self.cursor.byte()?;
        let fields = self.described_fields()?;
        if self.cursor.byte()? != TC_ENDBLOCKDATA {
            return Err(not_read("a class with annotations"));
        }
        let above = self.class()?;
        let (levels, fields_above) = match &above {
            Some(class) => (class.levels, class.field_count),
            None => (0, 0),
        };
        let class = Arc::new(Class {
            levels: levels + 1,
            field_count: fields_above + fields.len(),
            name,
            serial_version_uid,
            flags,
            fields,
            above,
        });
        if class.levels > DEEPEST {
            return Err(StreamError::TooDeep { deepest: DEEPEST });
        }
        if class.field_count > MOST_FIELDS {
            return Err(not_read("a class of too many fields"));
        }
        self.finish_handle(place, Handle::Class(Arc::clone(&class)));
        Ok(class)
    }

    fn described_fields(&mut self) -> Result<Vec<FieldDescription>, StreamError> {
        let mut fields = Vec::new();
        for _ in 0..self.cursor.short()? {
            let kind = self.cursor.byte()?;
            let name = self.short_text()?;
            if matches!(kind, b'L' | b'[') {
                // What may stand in it; what does stand in it says so itself.
                self.text_value()?;
            }
            fields.push(FieldDescription { name, kind });
        }
        Ok(fields)
    }

    /// A text without sign and without handle.
    fn short_text(&mut self) -> Result<Arc<str>, StreamError> {
        let length = self.cursor.short()?;
        text::decode(self.cursor.take(length)?)
    }

    /// A class is known by its name, an array by what it is of.
    fn check_known(&self, name: &str) -> Result<(), StreamError> {
        let of = name.trim_start_matches('[');
        let is_array = of.len() < name.len();
        let is_known = match of.strip_prefix('L').and_then(|of| of.strip_suffix(';')) {
            Some(of) if is_array => (self.is_known)(of),
            _ if is_array => matches!(of, "B" | "S" | "I" | "J" | "F" | "D" | "C" | "Z"),
            _ => (self.is_known)(name),
        };
        if is_known {
            Ok(())
        } else {
            Err(StreamError::unknown_class(name))
        }
    }
}

/// What an object is made of, as long as it is being read.
#[derive(Default)]
struct Parts {
    fields: Vec<Field>,
    pieces: Vec<Vec<u8>>,
    items: Vec<Value>,
}

const fn damaged(what: &'static str) -> StreamError {
    StreamError::Damaged { what }
}

const fn not_read(what: &'static str) -> StreamError {
    StreamError::NotRead { what }
}
