use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

/// A table of names and texts, and a store of them.
struct Made {
    rows: Vec<ReadRow<Option<(String, String)>>>,
    store: Mutex<BTreeMap<String, String>>,
    writes: AtomicUsize,
    most_writes: usize,
}

fn made(count: usize) -> Made {
    let rows = (0..count).map(|number| {
        let name = format!("{number:05}");
        ReadRow {
            name: name.clone(),
            read: Ok(Some((name, "said".to_owned()))),
            left_out: Vec::new(),
        }
    });
    Made {
        rows: rows.collect(),
        store: Mutex::default(),
        writes: AtomicUsize::new(0),
        most_writes: usize::MAX,
    }
}

#[async_trait]
impl Import for Made {
    type Registration = (String, String);

    fn what(&self) -> &'static str {
        "names"
    }

    async fn rows_after(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ReadRow<Option<Self::Registration>>>, StoreError> {
        let follow = |row: &&ReadRow<_>| after.is_none_or(|after| *row.name > *after);
        Ok(self
            .rows
            .iter()
            .filter(follow)
            .take(limit)
            .cloned()
            .collect())
    }

    fn fault(&self, (_, text): &Self::Registration) -> Option<String> {
        (text == "bad").then(|| "is bad".to_owned())
    }

    async fn find(&self, name: &str) -> Result<Option<Self::Registration>, StoreError> {
        let found = self.store.lock().unwrap().get(name).cloned();
        match found {
            Some(text) if text == "damaged" => Err(StoreError::Damaged("cut off".to_owned())),
            found => Ok(found.map(|text| (name.to_owned(), text))),
        }
    }

    async fn keep(&self, (name, text): &Self::Registration) -> Result<(), StoreError> {
        if self.writes.fetch_add(1, Ordering::SeqCst) >= self.most_writes {
            return Err(StoreError::Unavailable("away".to_owned()));
        }
        self.store
            .lock()
            .unwrap()
            .insert(name.clone(), text.clone());
        Ok(())
    }
}

async fn all(from: &Made, settings: ImportSettings) -> Tally {
    import(from, settings, std::future::pending(), |_| ())
        .await
        .unwrap()
}

const WRITE: ImportSettings = ImportSettings {
    dry_run: false,
    replace: false,
};

#[tokio::test]
async fn an_import_is_whole_and_another_one_writes_nothing() {
    let from = made(3 * PAGE);
    let mut pages = 0;
    let done = import(&from, WRITE, std::future::pending(), |_| pages += 1).await;
    let done = done.unwrap();
    assert_eq!((done.rows, done.added, done.is_whole), (1500, 1500, true));
    assert_eq!(
        pages, 4,
        "three full pages, and one that shows that there are no more"
    );
    let again = all(&from, WRITE).await;
    assert_eq!((again.added, again.unchanged), (0, 1500));
    assert_eq!(from.writes.load(Ordering::SeqCst), 1500);
}

#[tokio::test]
async fn a_dry_run_tells_and_writes_nothing() {
    let from = made(3);
    let settings = ImportSettings {
        dry_run: true,
        ..WRITE
    };
    assert_eq!(all(&from, settings).await.added, 3);
    assert!(from.store.lock().unwrap().is_empty());
}

#[tokio::test]
async fn what_the_store_has_otherwise_stays_unless_it_may_be_replaced() {
    let from = made(3);
    let other = |name: &str, text: &str| {
        from.store
            .lock()
            .unwrap()
            .insert(name.to_owned(), text.to_owned())
    };
    other("00001", "else");
    other("00002", "damaged");
    let kept = all(&from, WRITE).await;
    assert_eq!((kept.added, kept.differs), (1, 2));
    assert_eq!(kept.remarks.len(), 2);
    assert!(kept.remarks[0].contains("`00001`") && kept.remarks[0].contains("--replace"));
    assert_eq!(from.store.lock().unwrap()["00001"], "else");
    let settings = ImportSettings {
        replace: true,
        ..WRITE
    };
    let replaced = all(&from, settings).await;
    assert_eq!((replaced.unchanged, replaced.replaced), (1, 2));
    assert_eq!(all(&from, WRITE).await.unchanged, 3);
}

#[tokio::test]
async fn a_row_that_cannot_be_used_is_told_and_the_others_are_imported() {
    let mut from = made(60);
    for row in &mut from.rows[..30] {
        row.read = Err("`scope` is odd\nforged".to_owned());
    }
    from.rows[30].read = Ok(Some(("00030".to_owned(), "bad".to_owned())));
    from.rows[31].read = Ok(None);
    let done = all(&from, WRITE).await;
    assert_eq!((done.added, done.refused, done.nobody), (28, 31, 1));
    assert_eq!(done.remarks.len(), 20, "the first of them are named");
    assert!(done.remarks.iter().all(|remark| !remark.contains('\n')));
    let text = done.to_string();
    assert_eq!(
        text,
        "60 names: 28 added, 1 without any authority, whom nobody has, 31 refused"
    );
}

#[tokio::test]
async fn an_import_that_a_store_ended_goes_on_when_it_is_back() {
    let mut from = made(2 * PAGE);
    from.most_writes = 700;
    let ended = import(&from, WRITE, std::future::pending(), |_| ()).await;
    let ended = ended.unwrap_err();
    assert!(ended.tally.added >= 500 && ended.tally.added <= 700);
    assert!(ended.to_string().contains("goes on"), "{ended}");
    from.most_writes = usize::MAX;
    let done = all(&from, WRITE).await;
    assert_eq!(done.added + done.unchanged, 1000);
    assert_eq!(from.store.lock().unwrap().len(), 1000);
}

#[tokio::test]
async fn whoever_ends_it_early_is_told_that_it_is_not_whole() {
    let from = made(3 * PAGE);
    let done = import(&from, WRITE, std::future::ready(()), |_| ())
        .await
        .unwrap();
    assert!(!done.is_whole);
    assert_eq!(done.rows, 0);
}
