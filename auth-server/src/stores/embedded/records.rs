//! The two tables, what a decision sees of them, and the changes that it asks for.
//!
//! A value is the time when it is forgotten (8 bytes, big-endian; the last there is means never) and the record in JSON. The index
//! holds that time and the record's key, one entry for each record, never more.

use std::ops::Bound;

use redb::{ReadableTable, Table, TableDefinition};
use serde::Serialize;
use serde::de::DeserializeOwned;
use symbolon::clock::Timestamp;

use super::keys::Key;
use crate::stores::{LONGEST_LIFE_SECS, StoreError, or_if_damaged};

pub(super) const RECORDS: TableDefinition<'static, &[u8], &[u8]> = TableDefinition::new("records");
pub(super) const EXPIRY: TableDefinition<'static, &[u8], ()> = TableDefinition::new("expiry");

/// Bytes of a time, in front of a value and of an entry of the index.
const TIME: usize = 8;

/// When a record is forgotten that is kept until it is removed.
const NEVER: Timestamp = Timestamp::from_secs(u64::MAX);

/// Any failure of redb. A damaged record is distinguished from what may be better later.
pub(super) fn failed(error: impl Into<redb::Error>) -> StoreError {
    let error = error.into();
    if let redb::Error::Corrupted(text) = error {
        return StoreError::Damaged(text);
    }
    StoreError::Unavailable(error.to_string())
}

/// A record as it is stored.
pub(super) fn encode(record: &impl Serialize) -> Result<Vec<u8>, StoreError> {
    serde_json::to_vec(record)
        .map_err(|_| StoreError::Damaged("a record that cannot be written".to_owned()))
}

/// The keys that begin with `prefix`, in order: at most `limit` of those that follow `after`.
pub(super) struct KeyRange<'k> {
    pub(super) prefix: &'k Key,
    pub(super) after: Option<&'k Key>,
    pub(super) limit: usize,
}

/// The keys that begin with `prefix`, the last first: at most `limit` of those before `before`.
pub(super) struct BackwardRange<'k> {
    pub(super) prefix: &'k Key,
    pub(super) before: Option<&'k Key>,
    pub(super) limit: usize,
}

/// What can be read of a range and is not over, each record with its end.
pub(super) struct Part<R> {
    pub(super) found: Vec<(Key, Timestamp, R)>,
    /// The last key of the range, when there may be more behind it.
    pub(super) last: Option<Key>,
}

impl<'k> KeyRange<'k> {
    fn all_of(prefix: &'k Key) -> Self {
        Self {
            prefix,
            after: None,
            limit: usize::MAX,
        }
    }
}

/// One table as a decision sees it, inside a write transaction or a snapshot.
pub(super) trait Rows {
    fn value(&self, key: &Key) -> Result<Option<Vec<u8>>, StoreError>;
    fn values(&self, range: &KeyRange<'_>) -> Result<Vec<(Key, Vec<u8>)>, StoreError>;
    fn values_backward(&self, range: &BackwardRange<'_>)
    -> Result<Vec<(Key, Vec<u8>)>, StoreError>;
}

impl<T: ReadableTable<&'static [u8], &'static [u8]>> Rows for T {
    fn value(&self, key: &Key) -> Result<Option<Vec<u8>>, StoreError> {
        let value = self.get(key.as_bytes()).map_err(failed)?;
        Ok(value.map(|value| value.value().to_vec()))
    }

    fn values(&self, range: &KeyRange<'_>) -> Result<Vec<(Key, Vec<u8>)>, StoreError> {
        let prefix = range.prefix.as_bytes();
        let start = match range.after {
            Some(after) => Bound::Excluded(after.as_bytes()),
            None => Bound::Included(prefix),
        };
        let entries = self.range::<&[u8]>((start, Bound::Unbounded));
        let mut found = Vec::new();
        for entry in entries.map_err(failed)?.take(range.limit) {
            let (key, value) = entry.map_err(failed)?;
            if !key.value().starts_with(prefix) {
                break;
            }
            found.push((Key::from_bytes(key.value()), value.value().to_vec()));
        }
        Ok(found)
    }

    fn values_backward(
        &self,
        range: &BackwardRange<'_>,
    ) -> Result<Vec<(Key, Vec<u8>)>, StoreError> {
        let end = range.before.cloned().unwrap_or_else(|| range.prefix.end());
        let (start, end) = (range.prefix.as_bytes(), end.as_bytes());
        if end <= start {
            return Ok(Vec::new());
        }
        let entries = self.range::<&[u8]>(start..end).map_err(failed)?;
        let mut found = Vec::new();
        for entry in entries.rev().take(range.limit) {
            let (key, value) = entry.map_err(failed)?;
            found.push((Key::from_bytes(key.value()), value.value().to_vec()));
        }
        Ok(found)
    }
}

/// What is kept at one moment. Records that are over are not seen, whether or not they were removed.
pub(super) struct View<'t> {
    rows: &'t dyn Rows,
    now: Timestamp,
}

impl<'t> View<'t> {
    pub(super) fn new(rows: &'t dyn Rows, now: Timestamp) -> Self {
        Self { rows, now }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.now
    }

    pub(super) fn find<R: DeserializeOwned>(&self, key: &Key) -> Result<Option<R>, StoreError> {
        match self.rows.value(key)? {
            Some(value) => decode(&value, self.now),
            None => Ok(None),
        }
    }

    /// Whether there is a record, also one that is damaged.
    pub(super) fn holds(&self, key: &Key) -> Result<bool, StoreError> {
        Ok(self.rows.value(key)?.is_some())
    }

    pub(super) fn list<R: DeserializeOwned>(
        &self,
        prefix: &Key,
    ) -> Result<Vec<(Key, R)>, StoreError> {
        self.list_range(&KeyRange::all_of(prefix))
    }

    /// Without those that are damaged: what stands beside them is found all the same.
    pub(super) fn list_readable<R: DeserializeOwned>(
        &self,
        prefix: &Key,
    ) -> Result<Vec<(Key, R)>, StoreError> {
        let mut found = Vec::new();
        for (key, value) in self.rows.values(&KeyRange::all_of(prefix))? {
            if let Some(record) = or_if_damaged(decode(&value, self.now), || None)? {
                found.push((key, record));
            }
        }
        Ok(found)
    }

    pub(super) fn list_range<R: DeserializeOwned>(
        &self,
        range: &KeyRange<'_>,
    ) -> Result<Vec<(Key, R)>, StoreError> {
        let mut found = Vec::new();
        for (key, value) in self.rows.values(range)? {
            if let Some(record) = decode(&value, self.now)? {
                found.push((key, record));
            }
        }
        Ok(found)
    }

    /// A part of what is kept, without what is damaged.
    pub(super) fn part<R: DeserializeOwned>(
        &self,
        range: &KeyRange<'_>,
    ) -> Result<Part<R>, StoreError> {
        self.part_of(self.rows.values(range)?, range.limit)
    }

    /// The same from the end.
    pub(super) fn part_backward<R: DeserializeOwned>(
        &self,
        range: &BackwardRange<'_>,
    ) -> Result<Part<R>, StoreError> {
        self.part_of(self.rows.values_backward(range)?, range.limit)
    }

    fn part_of<R: DeserializeOwned>(
        &self,
        values: Vec<(Key, Vec<u8>)>,
        limit: usize,
    ) -> Result<Part<R>, StoreError> {
        let is_cut = values.len() == limit;
        let last = values.last().map(|(key, _)| key.clone());
        let mut found = Vec::new();
        for (key, value) in values {
            if let Some(record) = or_if_damaged(decode(&value, self.now), || None)? {
                let time = value.first_chunk().copied().unwrap_or_default();
                found.push((key, Timestamp::from_secs(u64::from_be_bytes(time)), record));
            }
        }
        let last = last.filter(|_| is_cut);
        Ok(Part { found, last })
    }

    /// The last key that begins with `prefix`, whatever is kept under it.
    pub(super) fn last_key(&self, prefix: &Key) -> Result<Option<Key>, StoreError> {
        let range = BackwardRange {
            prefix,
            before: None,
            limit: 1,
        };
        let values = self.rows.values_backward(&range)?;
        Ok(values.into_iter().next().map(|(key, _)| key))
    }

    /// The keys of a part of what is kept.
    pub(super) fn some_keys(&self, range: &KeyRange<'_>) -> Result<Vec<Key>, StoreError> {
        let values = self.rows.values(range)?;
        Ok(values.into_iter().map(|(key, _)| key).collect())
    }

    /// Whether there is a record under any of these keys that is not over.
    pub(super) fn any(&self, prefix: &Key) -> Result<bool, StoreError> {
        let values = self.rows.values(&KeyRange::all_of(prefix))?;
        let is_good = |value: &[u8]| {
            let time = value.first_chunk::<TIME>();
            time.is_some_and(|time| self.now.as_secs() < u64::from_be_bytes(*time))
        };
        Ok(values.iter().any(|(_, value)| is_good(value)))
    }

    /// The keys of all records, also of those that are over or damaged: for removing them.
    pub(super) fn keys(&self, prefix: &Key) -> Result<Vec<Key>, StoreError> {
        self.some_keys(&KeyRange::all_of(prefix))
    }

    pub(super) fn changes(&self) -> Changes {
        Changes {
            latest: self.now.plus_secs(LONGEST_LIFE_SECS),
            list: Vec::new(),
        }
    }
}

fn decode<R: DeserializeOwned>(value: &[u8], now: Timestamp) -> Result<Option<R>, StoreError> {
    let damaged = |text: &str| StoreError::Damaged(text.to_owned());
    let Some((time, json)) = value.split_first_chunk::<TIME>() else {
        return Err(damaged("a record without a time"));
    };
    if now.as_secs() >= u64::from_be_bytes(*time) {
        return Ok(None);
    }
    // The parser's own text may quote the record, which is nobody's business.
    let record = serde_json::from_slice(json).map_err(|_| damaged("a record that is not ours"))?;
    Ok(Some(record))
}

enum Change {
    Put {
        key: Key,
        forget_at: Timestamp,
        record: Vec<u8>,
    },
    Remove(Key),
}

/// What a decision wants written. It is written after the decision, all or nothing, so a decision
/// that fails half-way has written nothing.
pub(super) struct Changes {
    latest: Timestamp,
    list: Vec<Change>,
}

impl Changes {
    /// Keeps a record (see [`encode`]) until `forget_at`, and no longer than any record is kept.
    pub(super) fn put(&mut self, key: Key, forget_at: Timestamp, record: Vec<u8>) {
        let forget_at = forget_at.min(self.latest);
        self.list.push(Change::Put {
            key,
            forget_at,
            record,
        });
    }

    /// Keeps a record until it is removed.
    pub(super) fn put_for_ever(&mut self, key: Key, record: Vec<u8>) {
        self.list.push(Change::Put {
            key,
            forget_at: NEVER,
            record,
        });
    }

    pub(super) fn remove(&mut self, key: Key) {
        self.list.push(Change::Remove(key));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

/// The tables in a write transaction.
pub(super) struct Tables<'txn> {
    pub(super) records: Table<'txn, &'static [u8], &'static [u8]>,
    pub(super) expiry: Table<'txn, &'static [u8], ()>,
}

impl Tables<'_> {
    pub(super) fn apply(&mut self, changes: Changes) -> Result<(), StoreError> {
        for change in changes.list {
            match change {
                Change::Put {
                    key,
                    forget_at,
                    record,
                } => self.put(&key, forget_at, &record)?,
                Change::Remove(key) => self.remove(&key)?,
            }
        }
        Ok(())
    }

    fn put(&mut self, key: &Key, forget_at: Timestamp, record: &[u8]) -> Result<(), StoreError> {
        let time = forget_at.as_secs().to_be_bytes();
        let value = [time.as_slice(), record].concat();
        let replaced = self
            .records
            .insert(key.as_bytes(), value.as_slice())
            .map_err(failed)?
            .and_then(|old| old.value().first_chunk::<TIME>().copied());
        if replaced == Some(time) {
            return Ok(());
        }
        if let Some(old) = replaced {
            self.forget_entry(old, key)?;
        }
        let entry = [time.as_slice(), key.as_bytes()].concat();
        self.expiry.insert(entry.as_slice(), ()).map_err(failed)?;
        Ok(())
    }

    fn remove(&mut self, key: &Key) -> Result<(), StoreError> {
        let removed = self
            .records
            .remove(key.as_bytes())
            .map_err(failed)?
            .and_then(|old| old.value().first_chunk::<TIME>().copied());
        match removed {
            Some(time) => self.forget_entry(time, key),
            None => Ok(()),
        }
    }

    fn forget_entry(&mut self, time: [u8; TIME], key: &Key) -> Result<(), StoreError> {
        let entry = [time.as_slice(), key.as_bytes()].concat();
        self.expiry.remove(entry.as_slice()).map_err(failed)?;
        Ok(())
    }

    /// Removes what is over, `limit` records at most; answers how many.
    pub(super) fn sweep(&mut self, now: Timestamp, limit: usize) -> Result<usize, StoreError> {
        let due = due(&self.expiry, now, limit)?;
        for entry in &due {
            if let Some((_, key)) = entry.split_first_chunk::<TIME>() {
                self.records.remove(key).map_err(failed)?;
            }
            self.expiry.remove(entry.as_slice()).map_err(failed)?;
        }
        Ok(due.len())
    }
}

/// The first entries of the index whose time has come.
pub(super) fn due(
    expiry: &impl ReadableTable<&'static [u8], ()>,
    now: Timestamp,
    limit: usize,
) -> Result<Vec<Vec<u8>>, StoreError> {
    let end = now.plus_secs(1).as_secs().to_be_bytes();
    let mut found = Vec::new();
    for entry in expiry.range(..end.as_slice()).map_err(failed)?.take(limit) {
        found.push(entry.map_err(failed)?.0.value().to_vec());
    }
    Ok(found)
}
