//! The one thread that writes.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use redb::{Database, Durability, ReadableDatabase as _};
use symbolon::clock::Clock;
use tokio::sync::oneshot;

use super::records::{Changes, EXPIRY, RECORDS, Tables, View, due, failed};
use crate::stores::StoreError;

/// How many writes may wait. When the disk cannot keep up, more are refused at once instead of
/// waiting longer than their callers do.
const QUEUE: usize = 8192;
/// How many writes share one transaction.
const BATCH: usize = 512;
/// How often what is over is looked for when nothing is written.
const SWEEP_EVERY: Duration = Duration::from_secs(10);
/// How many records one transaction removes because they are over, beside …
const SWEEP_AT_LEAST: usize = 64;
/// … this many for each write, which is more than one write makes: so the sweeper keeps up.
const SWEEP_PER_WRITE: usize = 4;

/// Tells the caller: `None` when the transaction was committed, otherwise why it was not.
type Answer = Box<dyn FnOnce(Option<&StoreError>) + Send>;
type Job = Box<dyn FnOnce(&View<'_>) -> (Option<Changes>, Answer) + Send>;

/// The writing end of the queue, and the thread at its other end.
pub(super) struct Writer {
    // `None` only while it is dropped.
    queue: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(
        database: Arc<Database>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StoreError> {
        let (queue, jobs) = sync_channel(QUEUE);
        let thread = std::thread::Builder::new()
            .name("embedded store".to_owned())
            .spawn(move || WriterThread { database, clock }.run(&jobs))
            .map_err(|error| StoreError::Unavailable(format!("no thread to write: {error}")))?;
        Ok(Self {
            queue: Some(queue),
            thread: Some(thread),
        })
    }

    /// Has `decide` called with what is kept, its changes written, and waits until they are on disk.
    /// An error of `decide` is the caller's alone: the others of its transaction do not notice.
    pub(super) async fn submit<T: Send + 'static>(
        &self,
        decide: impl FnOnce(&View<'_>) -> Result<(T, Changes), StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (sender, receiver) = oneshot::channel();
        self.enqueue(Box::new(move |view| {
            let (outcome, changes) = match decide(view) {
                Ok((outcome, changes)) => (Ok(outcome), Some(changes)),
                Err(error) => (Err(error), None),
            };
            let answer: Answer = Box::new(move |failure| {
                let outcome = failure.map_or(outcome, |failure| Err(copy_of(failure)));
                // A caller that went away needs no answer; what it asked for is done.
                drop(sender.send(outcome));
            });
            (changes, answer)
        }))?;
        receiver.await.unwrap_or_else(|_| Err(stopped()))
    }

    fn enqueue(&self, job: Job) -> Result<(), StoreError> {
        let queue = self.queue.as_ref().ok_or_else(stopped)?;
        queue.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => {
                StoreError::Unavailable("too many writes are waiting".to_owned())
            }
            TrySendError::Disconnected(_) => stopped(),
        })
    }
}

impl Drop for Writer {
    /// Closes the queue and waits until everything in it is written.
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the embedded store's writer had stopped before its time");
        }
    }
}

fn stopped() -> StoreError {
    StoreError::Unavailable("the embedded store's writer has stopped".to_owned())
}

fn copy_of(error: &StoreError) -> StoreError {
    match error {
        StoreError::Unavailable(text) => StoreError::Unavailable(text.clone()),
        StoreError::Damaged(text) => StoreError::Damaged(text.clone()),
    }
}

struct WriterThread {
    database: Arc<Database>,
    clock: Arc<dyn Clock>,
}

impl WriterThread {
    fn run(&self, jobs: &Receiver<Job>) {
        loop {
            match jobs.recv_timeout(SWEEP_EVERY) {
                Ok(first) => {
                    let rest = jobs.try_iter().take(BATCH - 1);
                    self.write(std::iter::once(first).chain(rest).collect());
                }
                Err(RecvTimeoutError::Timeout) => self.sweep_when_due(),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn write(&self, jobs: Vec<Job>) {
        let mut answers = Vec::with_capacity(jobs.len());
        let result = self.transact(jobs, &mut answers);
        if let Err(error) = &result {
            tracing::error!(%error, "the embedded store could not write");
        }
        for answer in answers {
            answer(result.as_ref().err());
        }
    }

    /// One transaction. Whoever is not in `answers` at its end learns it from the closed channel.
    fn transact(&self, jobs: Vec<Job>, answers: &mut Vec<Answer>) -> Result<(), StoreError> {
        let now = self.clock.now();
        let limit = SWEEP_AT_LEAST + SWEEP_PER_WRITE * jobs.len();
        let mut transaction = self.database.begin_write().map_err(failed)?;
        transaction
            .set_durability(Durability::Immediate)
            .map_err(failed)?;
        let mut dirty = false;
        {
            let mut tables = Tables {
                records: transaction.open_table(RECORDS).map_err(failed)?,
                expiry: transaction.open_table(EXPIRY).map_err(failed)?,
            };
            for job in jobs {
                let (changes, answer) = job(&View::new(&tables.records, now));
                answers.push(answer);
                if let Some(changes) = changes {
                    dirty |= !changes.is_empty();
                    tables.apply(changes)?;
                }
            }
            dirty |= tables.sweep(now, limit)? > 0;
        }
        if dirty {
            transaction.commit().map_err(failed)
        } else {
            transaction.abort().map_err(failed)
        }
    }

    /// Looks before it writes: an idle server does not touch its disk.
    fn sweep_when_due(&self) {
        while self.something_is_due() {
            if let Err(error) = self.transact(Vec::new(), &mut Vec::new()) {
                tracing::warn!(%error, "the embedded store could not remove what is over");
                return;
            }
        }
    }

    fn something_is_due(&self) -> bool {
        let look = || {
            let transaction = self.database.begin_read().map_err(failed)?;
            let expiry = transaction.open_table(EXPIRY).map_err(failed)?;
            due(&expiry, self.clock.now(), 1)
        };
        look().is_ok_and(|due| !due.is_empty())
    }
}
