//! The signs of a stream, by the protocol's names for them, and how it describes a class.

use std::sync::Arc;

pub(super) const STREAM_MAGIC: u16 = 0xaced;
pub(super) const STREAM_VERSION: u16 = 5;
pub(super) const FIRST_HANDLE: i32 = 0x7e_0000;

pub(super) const TC_NULL: u8 = 0x70;
pub(super) const TC_REFERENCE: u8 = 0x71;
pub(super) const TC_CLASSDESC: u8 = 0x72;
pub(super) const TC_OBJECT: u8 = 0x73;
pub(super) const TC_STRING: u8 = 0x74;
pub(super) const TC_ARRAY: u8 = 0x75;
pub(super) const TC_CLASS: u8 = 0x76;
pub(super) const TC_BLOCKDATA: u8 = 0x77;
pub(super) const TC_ENDBLOCKDATA: u8 = 0x78;
pub(super) const TC_RESET: u8 = 0x79;
pub(super) const TC_BLOCKDATALONG: u8 = 0x7a;
pub(super) const TC_EXCEPTION: u8 = 0x7b;
pub(super) const TC_LONGSTRING: u8 = 0x7c;
pub(super) const TC_PROXYCLASSDESC: u8 = 0x7d;
pub(super) const TC_ENUM: u8 = 0x7e;

pub(super) const SC_WRITE_METHOD: u8 = 0x01;
pub(super) const SC_SERIALIZABLE: u8 = 0x02;
pub(super) const SC_EXTERNALIZABLE: u8 = 0x04;
pub(super) const SC_ENUM: u8 = 0x10;

/// The description of a class.
pub(super) struct Class {
    pub(super) name: Arc<str>,
    pub(super) serial_version_uid: i64,
    pub(super) flags: u8,
    pub(super) fields: Vec<FieldDescription>,
    pub(super) above: Option<Arc<Class>>,
    /// This class and those above it.
    pub(super) levels: usize,
    /// Its fields and those of the classes above it.
    pub(super) field_count: usize,
}

pub(super) struct FieldDescription {
    pub(super) name: Arc<str>,
    pub(super) kind: u8,
}

impl Class {
    /// The classes of an object in the order in which they are written: the highest first.
    pub(super) fn from_the_top(self: &Arc<Self>) -> Vec<Arc<Self>> {
        let next = |class: &Arc<Self>| class.above.clone();
        let mut classes: Vec<_> = std::iter::successors(Some(Arc::clone(self)), next).collect();
        classes.reverse();
        classes
    }
}
