//! Writes the few kinds of values that a token is made of, as Java's serialization does.
//!
//! Nothing is referred to: a class is described again where it occurs again, and a text is written again. The protocol
//! allows that, and every reader takes it.

use super::grammar::{
    SC_SERIALIZABLE, SC_WRITE_METHOD, STREAM_MAGIC, STREAM_VERSION, TC_BLOCKDATA, TC_CLASSDESC,
    TC_ENDBLOCKDATA, TC_LONGSTRING, TC_NULL, TC_OBJECT, TC_STRING,
};
use super::text::encode;

/// A class as a stream describes it.
#[derive(Debug)]
pub(crate) struct WrittenClass {
    pub(crate) name: &'static str,
    pub(crate) version: ClassVersion,
    /// Whether its objects have more than their fields.
    pub(crate) has_annotation: bool,
    /// The fields' names and the signatures of their types: those of primitive types before the others, each group by name.
    pub(crate) fields: &'static [(&'static str, &'static str)],
    pub(crate) above: Option<&'static WrittenClass>,
}

/// The `serialVersionUID` of a class.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ClassVersion {
    /// It is the same in every release.
    Fixed(i64),
    /// It is the same in all classes of a release, and another in the next.
    OfTheRelease,
}

/// A stream that grows.
#[derive(Debug)]
pub(crate) struct Writer {
    bytes: Vec<u8>,
    release: i64,
}

impl Writer {
    /// An empty stream for classes of a release.
    pub(crate) fn new(release: i64) -> Self {
        let mut bytes = STREAM_MAGIC.to_be_bytes().to_vec();
        bytes.extend(STREAM_VERSION.to_be_bytes());
        Self { bytes, release }
    }

    /// The whole stream.
    pub(crate) fn end(self) -> Vec<u8> {
        self.bytes
    }

    /// Nothing, in the place of an object.
    pub(crate) fn null(&mut self) {
        self.bytes.push(TC_NULL);
    }

    /// A text.
    pub(crate) fn text(&mut self, text: &str) {
        let encoded = encode(text);
        if let Ok(length) = u16::try_from(encoded.len()) {
            self.bytes.push(TC_STRING);
            self.bytes.extend(length.to_be_bytes());
        } else {
            let length = u64::try_from(encoded.len()).unwrap_or(u64::MAX);
            self.bytes.push(TC_LONGSTRING);
            self.bytes.extend(length.to_be_bytes());
        }
        self.bytes.extend(encoded);
    }

    /// An object of this class: its values follow, those of the highest class first, in the order of the fields.
    pub(crate) fn object(&mut self, class: &WrittenClass) {
        self.bytes.push(TC_OBJECT);
        self.describe(class);
    }

    /// A value of a primitive type.
    pub(crate) fn truth(&mut self, truth: bool) {
        self.bytes.push(u8::from(truth));
    }

    /// A value of a primitive type, as its bytes.
    pub(crate) fn primitive<const N: usize>(&mut self, bytes: [u8; N]) {
        self.bytes.extend(bytes);
    }

    /// What an object has besides its fields: words of four bytes first, at most 63, then what `write` adds.
    pub(crate) fn annotation(&mut self, words: &[[u8; 4]], write: impl FnOnce(&mut Self)) {
        let block = words.concat();
        self.bytes.push(TC_BLOCKDATA);
        self.bytes
            .push(u8::try_from(block.len()).unwrap_or(u8::MAX));
        self.bytes.extend(block);
        write(self);
        self.bytes.push(TC_ENDBLOCKDATA);
    }

    fn describe(&mut self, class: &WrittenClass) {
        self.bytes.push(TC_CLASSDESC);
        self.name(class.name);
        let version = match class.version {
            ClassVersion::Fixed(version) => version,
            ClassVersion::OfTheRelease => self.release,
        };
        self.bytes.extend(version.to_be_bytes());
        let annotated = if class.has_annotation {
            SC_WRITE_METHOD
        } else {
            0
        };
        self.bytes.push(SC_SERIALIZABLE | annotated);
        let count = u16::try_from(class.fields.len()).unwrap_or(u16::MAX);
        self.bytes.extend(count.to_be_bytes());
        for (name, signature) in class.fields {
            self.bytes.extend(signature.bytes().take(1));
            self.name(name);
            if signature.len() > 1 {
                self.text(signature);
            }
        }
        self.bytes.push(TC_ENDBLOCKDATA);
        match class.above {
            Some(above) => self.describe(above),
            None => self.null(),
        }
    }

    /// A name of ours, which is short and ASCII.
    fn name(&mut self, name: &str) {
        let length = u16::try_from(name.len()).unwrap_or(u16::MAX);
        self.bytes.extend(length.to_be_bytes());
        self.bytes.extend(name.bytes());
    }
}
