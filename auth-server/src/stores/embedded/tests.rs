//! What only this store promises.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use futures_util::FutureExt as _;
use redb::{Database, ReadableDatabase as _, ReadableTableMetadata as _, TableDefinition};
use symbolon::clock::{Clock as _, SettableClock, SystemClock, Timestamp};

use super::database::{FORMAT_VERSION, write_format_version};
use super::keys::Key;
use super::records::{EXPIRY, RECORDS};
use super::{EmbeddedLocation, EmbeddedStore};
use crate::stores::contract::{Samples, code_ids, new_code_id, replayed, shown};
use crate::stores::{
    AccessTokenStore as _, AuthorizationCodeStore as _, GrantStore as _, LONGEST_LIFE_SECS,
    OwnerStore as _, Redemption, RefreshTokenStore as _, Rotation, StoreError, StoreHealth as _,
};

mod soak;

fn clock() -> Arc<SettableClock> {
    Arc::new(SettableClock::at(Timestamp::from_secs(1_800_000_000)))
}

fn open(path: &Path, clock: &Arc<SettableClock>) -> Result<EmbeddedStore, StoreError> {
    EmbeddedStore::open(&EmbeddedLocation::File(path.to_owned()), clock.clone())
}

fn in_memory(clock: &Arc<SettableClock>) -> EmbeddedStore {
    EmbeddedStore::open(&EmbeddedLocation::Memory, clock.clone()).unwrap()
}

/// Records and entries of the index.
fn sizes(store: &EmbeddedStore) -> (u64, u64) {
    let count = |database: &Database| {
        let transaction = database.begin_read().unwrap();
        let records = transaction.open_table(RECORDS).unwrap().len().unwrap();
        let expiry = transaction.open_table(EXPIRY).unwrap().len().unwrap();
        Ok((records, expiry))
    };
    store.database.with(count).unwrap()
}

impl EmbeddedStore {
    /// Records and entries of the index, together.
    pub(in crate::stores) fn how_many_are_kept(&self) -> u64 {
        let (records, expiry) = sizes(self);
        records + expiry
    }

    /// Takes away where owners are found by their addresses, as a server before that index left it.
    pub(in crate::stores) async fn forget_addresses(&self) {
        let forgotten = self.write(|view| {
            let mut changes = view.changes();
            for key in view.keys(&Key::all_owners_by_email())? {
                changes.remove(key);
            }
            Ok(((), changes))
        });
        forgotten.await.unwrap();
    }

    /// Writes nonsense into every record, under the name and with the end that it had.
    pub(in crate::stores) async fn damage_everything(&self) {
        let list = |database: &Database| {
            let transaction = database.begin_read().unwrap();
            let records = transaction.open_table(RECORDS).unwrap();
            let end_of_each = records.range::<&[u8]>(..).unwrap().map(|entry| {
                let (key, value) = entry.unwrap();
                let (time, _) = value.value().split_first_chunk::<8>().unwrap();
                let forget_at = Timestamp::from_secs(u64::from_be_bytes(*time));
                (Key::from_bytes(key.value()), forget_at)
            });
            Ok(end_of_each.collect::<Vec<_>>())
        };
        let found = self.database.with(list).unwrap();
        let damaged = self.write(move |view| {
            let mut changes = view.changes();
            for (key, forget_at) in found {
                changes.put(key, forget_at, b"nonsense".to_vec());
            }
            Ok(((), changes))
        });
        damaged.await.unwrap();
    }
}

#[tokio::test]
async fn what_was_written_is_there_after_the_file_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let (path, clock) = (folder.path().join("a.redb"), clock());
    let samples = Samples::new(clock.now());
    let (id, code) = (new_code_id(), samples.code());
    let tokens = samples.tokens(id.grant_id());
    let store = open(&path, &clock).unwrap();
    store.store_code(&id, &code).await.unwrap();
    store.issue_tokens(&tokens).await.unwrap();
    drop(store);

    let store = open(&path, &clock).unwrap();
    let found = store.find_access_token(&tokens.access_token_id).await;
    assert_eq!(found.unwrap(), Some(tokens.access_token));
    let redemption = store.redeem_code(&id, &shown()).await.unwrap();
    assert_eq!(redemption, Redemption::Redeemed(code));
    drop(store);

    let store = open(&path, &clock).unwrap();
    let redemption = store.redeem_code(&id, &shown()).await.unwrap();
    let grant_id = id.grant_id();
    assert_eq!(redemption, replayed(grant_id));
}

#[tokio::test]
async fn closing_the_store_finishes_the_writes_that_were_queued() {
    let folder = tempfile::tempdir().unwrap();
    let (path, clock) = (folder.path().join("a.redb"), clock());
    let samples = Samples::new(clock.now());
    let store = open(&path, &clock).unwrap();
    let ids: Vec<_> = (0..100).map(|_| new_code_id()).collect();
    for id in &ids {
        // Polled once, so it is queued; then its caller goes away.
        drop(store.store_code(id, &samples.code()).now_or_never());
    }
    drop(store);
    let store = open(&path, &clock).unwrap();
    for id in &ids {
        let redemption = store.redeem_code(id, &shown()).await.unwrap();
        assert_eq!(redemption, Redemption::Redeemed(samples.code()));
    }
}

/// Names the file for the child process of the next test.
const FILE_OF_CHILD: &str = "SYMBOLON_TEST_FILE";

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "the other half of an_answered_write_survives_a_kill, which runs it in a process of its own"]
async fn writes_codes_until_it_is_killed() {
    let path = std::env::var_os(FILE_OF_CHILD).unwrap();
    let location = EmbeddedLocation::File(path.into());
    let store = Arc::new(EmbeddedStore::open(&location, Arc::new(SystemClock)).unwrap());
    let samples = Samples::new(SystemClock.now());
    let tasks = (0..16).map(|_| {
        let (store, samples) = (Arc::clone(&store), samples);
        tokio::spawn(async move {
            loop {
                let id = new_code_id();
                store.store_code(&id, &samples.code()).await.unwrap();
                println!("{}", id.to_text());
            }
        })
    });
    futures_util::future::join_all(tasks).await;
}

#[tokio::test]
async fn an_answered_write_survives_a_kill() {
    const ENOUGH: usize = 300;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.redb");
    let test = "stores::embedded::tests::writes_codes_until_it_is_killed";
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--ignored", "--nocapture"])
        .env(FILE_OF_CHILD, &path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut printed = String::new();
    while code_ids(&printed).len() < ENOUGH {
        let read = output.read_line(&mut printed).unwrap();
        assert_ne!(read, 0, "the child ended by itself: {printed}");
    }
    child.kill().unwrap();
    child.wait().unwrap();
    output.read_to_string(&mut printed).unwrap();
    // The last line may be cut off: that answer did not arrive.
    let whole = printed.rsplit_once('\n').unwrap().0;

    let location = EmbeddedLocation::File(path);
    let store = EmbeddedStore::open(&location, Arc::new(SystemClock)).unwrap();
    let ids = code_ids(whole);
    assert!(ids.len() >= ENOUGH);
    for id in ids {
        let redemption = store.redeem_code(&id, &shown()).await.unwrap();
        assert!(
            matches!(redemption, Redemption::Redeemed(_)),
            "{id:?} is lost"
        );
    }
}

#[tokio::test]
async fn a_file_that_is_open_elsewhere_is_refused_with_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let (path, clock) = (folder.path().join("a.redb"), clock());
    let first = open(&path, &clock).unwrap();
    let Err(StoreError::Unavailable(text)) = open(&path, &clock) else {
        panic!("it was opened twice");
    };
    let name = path.display().to_string();
    assert_eq!(text, format!("another process has {name} open"));
    drop(first);
    open(&path, &clock).unwrap();
}

#[test]
fn a_file_of_another_kind_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.redb");
    let text = "these are my notes\n".repeat(1000);
    std::fs::write(&path, &text).unwrap();
    let error = open(&path, &clock()).unwrap_err();
    assert!(error.to_string().contains("a.redb"), "{error}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn a_redb_file_of_another_program_is_refused() {
    const OTHER: TableDefinition<'static, u64, u64> = TableDefinition::new("records of theirs");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.redb");
    let database = Database::create(&path).unwrap();
    let transaction = database.begin_write().unwrap();
    transaction.open_table(OTHER).unwrap();
    transaction.commit().unwrap();
    drop(database);
    let error = open(&path, &clock()).unwrap_err();
    assert!(error.to_string().contains("of another program"), "{error}");
}

#[test]
fn a_file_of_a_newer_server_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.redb");
    drop(open(&path, &clock()).unwrap());
    let database = Database::create(&path).unwrap();
    write_format_version(&database, FORMAT_VERSION + 1);
    drop(database);
    let error = open(&path, &clock()).unwrap_err();
    assert!(error.to_string().contains("by a newer server"), "{error}");
}

#[tokio::test]
async fn a_damaged_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (path, clock) = (folder.path().join("a.redb"), clock());
    let samples = Samples::new(clock.now());
    let store = open(&path, &clock).unwrap();
    for _ in 0..50 {
        let tokens = samples.tokens(new_code_id().grant_id());
        store.issue_tokens(&tokens).await.unwrap();
    }
    drop(store);
    let mut bytes = std::fs::read(&path).unwrap();
    let name = b"xiaoming";
    let mut places: Vec<usize> = Vec::new();
    for (place, window) in bytes.windows(name.len()).enumerate() {
        if window == name {
            places.push(place);
        }
    }
    for place in places {
        bytes[place] = b'X';
    }
    std::fs::write(&path, &bytes).unwrap();
    let error = open(&path, &clock).unwrap_err();
    assert!(matches!(error, StoreError::Damaged(_)), "{error}");
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_the_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.redb");
    drop(open(&path, &clock()).unwrap());
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_folder_that_is_not_there_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("missing").join("a.redb");
    let error = open(&path, &clock()).unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
    assert!(error.to_string().contains("missing"), "{error}");
}

#[tokio::test]
async fn what_is_over_is_removed_with_the_next_writes() {
    let clock = clock();
    let store = in_memory(&clock);
    let samples = Samples::new(clock.now());
    for _ in 0..300 {
        let id = new_code_id();
        store.store_code(&id, &samples.code()).await.unwrap();
    }
    // Each with its entry in the index of what its owner gave.
    assert_eq!(sizes(&store), (600, 600));
    clock.advance_secs(3600);
    let later = Samples::new(clock.now());
    // A write removes a limited number, so that nobody waits for all of them.
    let id = new_code_id();
    store.store_code(&id, &later.code()).await.unwrap();
    let (records, _) = sizes(&store);
    assert!((3..600).contains(&records), "{records}");
    for _ in 0..10 {
        store.store_code(&id, &later.code()).await.unwrap();
    }
    assert_eq!(sizes(&store), (2, 2));
}

#[tokio::test]
async fn the_index_holds_one_entry_for_each_record() {
    let clock = clock();
    let store = in_memory(&clock);
    let samples = Samples::new(clock.now());
    let (id, code) = (new_code_id(), samples.code());
    store.store_code(&id, &code).await.unwrap();
    // Kept longer now, under another time.
    store.redeem_code(&id, &shown()).await.unwrap();
    // The code, and what its owner gave by it.
    assert_eq!(sizes(&store), (2, 2));
    let tokens = samples.tokens(id.grant_id());
    store.issue_tokens(&tokens).await.unwrap();
    assert_eq!(sizes(&store), (4, 4));
    store.revoke_grant(&id.grant_id()).await.unwrap();
    // The code, what its owner gave by it, and that the grant was revoked.
    assert_eq!(sizes(&store), (3, 3));
}

#[tokio::test]
async fn records_of_a_kind_that_only_newer_servers_know_are_left_alone() {
    let clock = clock();
    let store = in_memory(&clock);
    let samples = Samples::new(clock.now());
    store
        .write(|view| {
            let mut changes = view.changes();
            changes.put_for_ever(Key::from_bytes(&[u8::MAX, 1]), b"not JSON".to_vec());
            Ok(((), changes))
        })
        .await
        .unwrap();
    let id = new_code_id();
    store.store_code(&id, &samples.code()).await.unwrap();
    assert_eq!(store.list_owners(None, 10).await.unwrap(), []);
    clock.advance_secs(2 * LONGEST_LIFE_SECS);
    // A write, and with it the sweeper.
    store.redeem_code(&id, &shown()).await.unwrap();
    assert_eq!(sizes(&store), (1, 1));
}

#[tokio::test]
async fn a_decision_that_fails_harms_no_other() {
    let clock = clock();
    let store = in_memory(&clock);
    let samples = Samples::new(clock.now());
    let damaged = samples.tokens(new_code_id().grant_id());
    let (damaged_id, _) = damaged.refresh_token.clone().unwrap();
    let key = Key::refresh_token(&damaged_id);
    store
        .write(move |view| {
            let mut changes = view.changes();
            changes.put(key, view.now().plus_secs(100), b"not JSON".to_vec());
            Ok(((), changes))
        })
        .await
        .unwrap();
    let good = samples.tokens(new_code_id().grant_id());
    let (good_id, _) = good.refresh_token.clone().unwrap();
    let next = samples.tokens(good_id.grant_id());
    // Queued one after the other, so that they share a transaction.
    let (before, failing, after) = tokio::join!(
        store.issue_tokens(&good),
        store.rotate_refresh_token(&damaged_id, &next, 10),
        store.rotate_refresh_token(&good_id, &next, 10),
    );
    before.unwrap();
    assert!(
        matches!(failing, Err(StoreError::Damaged(_))),
        "{failing:?}"
    );
    assert_eq!(after.unwrap(), Rotation::Rotated);
    store.check_health().await.unwrap();
}
