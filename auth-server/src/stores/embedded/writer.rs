//! The one thread that writes.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use redb::{Database, Durability, ReadableDatabase as _};
use symbolon::clock::Clock;
use tokio::sync::oneshot;

use super::records::{Changes, EXPIRY, RECORDS, Tables, View, due, failed};
use super::reopening::Reopening;
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

/// How many records an idle sweep removes before it looks whether somebody wants to write: as many as take …
const IDLE_SWEEP: std::ops::RangeInclusive<usize> = 64..=2048;
/// … about so long on this disk. A write that comes meanwhile waits for it.
const IDLE_SWEEP_TAKES: Duration = Duration::from_millis(25);
/// How long no write is tried at least after the disk took none …
const REST: Duration = Duration::from_secs(1);
/// … and how many times as long as opening the file again took: reads wait for that.
const REST_PER_OPENING: u32 = 10;

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
        database: Arc<Reopening>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StoreError> {
        let (queue, jobs) = sync_channel(QUEUE);
        let mut writer = WriterThread::new(database, clock);
        let thread = std::thread::Builder::new()
            .name("embedded store".to_owned())
            .spawn(move || while writer.step(&jobs) {})
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
    StoreError::Unavailable(
        "nothing was written: the disk failed, or the store was closed".to_owned(),
    )
}

fn took_no_write() -> StoreError {
    StoreError::Unavailable("the disk took no write a moment ago".to_owned())
}

fn copy_of(error: &StoreError) -> StoreError {
    match error {
        StoreError::Unavailable(text) => StoreError::Unavailable(text.clone()),
        StoreError::Damaged(text) => StoreError::Damaged(text.clone()),
    }
}

struct WriterThread {
    database: Arc<Reopening>,
    clock: Arc<dyn Clock>,
    /// That the disk failed, until it took a write.
    failure: Option<Failure>,
    /// More is over than the last sweep removed.
    is_sweeping: bool,
    /// How many records the next idle sweep removes.
    idle_sweep: usize,
}

struct Failure {
    at: Instant,
    rest: Duration,
}

impl WriterThread {
    fn new(database: Arc<Reopening>, clock: Arc<dyn Clock>) -> Self {
        Self {
            database,
            clock,
            failure: None,
            is_sweeping: false,
            idle_sweep: *IDLE_SWEEP.start(),
        }
    }

    /// Writes what waits, or else sweeps once, so that whoever comes meanwhile is next. Answers whether to go on.
    fn step(&mut self, jobs: &Receiver<Job>) -> bool {
        match jobs.recv_timeout(self.patience()) {
            Ok(first) => {
                let rest = jobs.try_iter().take(BATCH - 1);
                self.write(std::iter::once(first).chain(rest).collect());
            }
            Err(RecvTimeoutError::Timeout) => self.sweep_when_due(),
            Err(RecvTimeoutError::Disconnected) => return false,
        }
        true
    }

    /// How long nothing is done when nobody writes.
    fn patience(&self) -> Duration {
        if let Some(failure) = &self.failure {
            failure.rest
        } else if self.is_sweeping {
            Duration::ZERO
        } else {
            SWEEP_EVERY
        }
    }

    fn write(&mut self, jobs: Vec<Job>) {
        let mut answers = Vec::with_capacity(jobs.len());
        let limit = SWEEP_AT_LEAST + SWEEP_PER_WRITE * jobs.len();
        let result = self.try_to_write(jobs, limit, &mut answers);
        for answer in answers {
            answer(result.as_ref().err());
        }
    }

    /// One transaction; when the disk fails it, the file is opened again and the disk left alone for a while.
    fn try_to_write(
        &mut self,
        jobs: Vec<Job>,
        limit: usize,
        answers: &mut Vec<Answer>,
    ) -> Result<(), StoreError> {
        if let Some(failure) = &self.failure
            && failure.at.elapsed() < failure.rest
        {
            return Err(took_no_write());
        }
        // A bug of redb's that the failure wakes up shall not end the one thread that writes.
        let transact = || {
            let transact = |database: &Database| self.transact(database, jobs, limit, answers);
            self.database.with(transact)
        };
        let result = catch_unwind(AssertUnwindSafe(transact)).unwrap_or_else(|_| Err(stopped()));
        match &result {
            Ok(()) if self.failure.take().is_some() => {
                tracing::info!(event = "embedded_store_writes_again");
            }
            Ok(()) => {}
            Err(error) => {
                tracing::error!(event = "embedded_store_failed", %error);
                if let StoreError::Unavailable(_) = error {
                    self.open_again();
                }
            }
        }
        result
    }

    fn open_again(&mut self) {
        let started = Instant::now();
        if let Err(error) = self.database.open_again() {
            tracing::error!(event = "embedded_store_not_opened_again", %error);
        }
        let at = Instant::now();
        let rest = REST.max(REST_PER_OPENING * (at - started));
        self.failure = Some(Failure { at, rest });
    }

    /// Whoever is not in `answers` at the end learns of a failure from the closed channel.
    fn transact(
        &self,
        database: &Database,
        jobs: Vec<Job>,
        limit: usize,
        answers: &mut Vec<Answer>,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        let mut transaction = database.begin_write().map_err(failed)?;
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
    fn sweep_when_due(&mut self) {
        self.is_sweeping = self.something_is_due();
        if !self.is_sweeping {
            return;
        }
        let started = Instant::now();
        let swept = self.try_to_write(Vec::new(), self.idle_sweep, &mut Vec::new());
        if swept.is_ok() {
            self.idle_sweep = next_idle_sweep(self.idle_sweep, started.elapsed());
        }
    }

    /// A closed file has to be opened again, which is due too.
    fn something_is_due(&self) -> bool {
        let look = |database: &Database| {
            let transaction = database.begin_read().map_err(failed)?;
            let expiry = transaction.open_table(EXPIRY).map_err(failed)?;
            due(&expiry, self.clock.now(), 1)
        };
        let due = self.database.with(look);
        due.map_or(true, |due| !due.is_empty())
    }
}

/// How many records to remove next, when the last so many took so long.
fn next_idle_sweep(last: usize, took: Duration) -> usize {
    let next = if took > IDLE_SWEEP_TAKES {
        last / 2
    } else if took < IDLE_SWEEP_TAKES / 2 {
        last * 2
    } else {
        last
    };
    next.clamp(*IDLE_SWEEP.start(), *IDLE_SWEEP.end())
}

#[cfg(test)]
mod tests {
    use symbolon::clock::{SettableClock, Timestamp};

    use super::super::database::{self, EmbeddedLocation};
    use super::super::keys::Key;
    use super::*;

    const MANY: u16 = 10_000;

    struct Bench {
        writer: WriterThread,
        clock: Arc<SettableClock>,
        queue: SyncSender<Job>,
        jobs: Receiver<Job>,
    }

    fn bench() -> Bench {
        let clock = Arc::new(SettableClock::at(Timestamp::from_secs(1_800_000_000)));
        let memory = EmbeddedLocation::Memory;
        let database = Reopening::of(database::open(&memory).unwrap(), &memory);
        let (queue, jobs) = sync_channel(8);
        Bench {
            writer: WriterThread::new(Arc::new(database), clock.clone()),
            clock,
            queue,
            jobs,
        }
    }

    impl Bench {
        /// Writes so many records, which are over after 10 s; the receiver learns of it.
        fn enqueue(&self, kind: u8, records: u16) -> Receiver<bool> {
            let (sender, receiver) = sync_channel(1);
            let job: Job = Box::new(move |view| {
                let mut changes = view.changes();
                for number in 0..records {
                    let name = [&[kind], number.to_be_bytes().as_slice()].concat();
                    let forget_at = view.now().plus_secs(10);
                    changes.put(Key::from_bytes(&name), forget_at, b"{}".to_vec());
                }
                let answer: Answer = Box::new(move |failure| {
                    sender.send(failure.is_none()).unwrap();
                });
                (Some(changes), answer)
            });
            self.queue.try_send(job).unwrap();
            receiver
        }

        fn kept(&self) -> usize {
            let count = |database: &Database| {
                let transaction = database.begin_read().map_err(failed)?;
                let records = transaction.open_table(RECORDS).map_err(failed)?;
                redb::ReadableTableMetadata::len(&records).map_err(failed)
            };
            usize::try_from(self.writer.database.with(count).unwrap()).unwrap()
        }
    }

    #[test]
    fn whoever_writes_during_an_idle_sweep_waits_for_one_part_of_it() {
        let mut bench = bench();
        let filled = bench.enqueue(1, MANY);
        assert!(bench.writer.step(&bench.jobs));
        assert!(filled.try_recv().unwrap());
        bench.clock.advance_secs(10);
        bench.writer.is_sweeping = true;
        let (mut writes, mut before) = (0, bench.kept());
        while bench.writer.is_sweeping {
            assert!(bench.writer.step(&bench.jobs));
            let removed = before - bench.kept();
            assert!(removed <= *IDLE_SWEEP.end(), "{removed} in one part");
            let written = bench.enqueue(2, 1);
            assert!(bench.writer.step(&bench.jobs));
            assert!(written.try_recv().unwrap(), "the sweep came first");
            writes += 1;
            before = bench.kept();
        }
        assert!(writes > usize::from(MANY) / IDLE_SWEEP.end(), "{writes}");
        assert_eq!(bench.kept(), 1);
    }

    #[test]
    fn a_slow_disk_gets_smaller_parts_of_a_sweep_and_a_fast_one_larger() {
        let (slow, fast) = (2 * IDLE_SWEEP_TAKES, IDLE_SWEEP_TAKES / 3);
        assert_eq!(next_idle_sweep(1024, slow), 512);
        assert_eq!(next_idle_sweep(1024, fast), 2048);
        assert_eq!(next_idle_sweep(1024, IDLE_SWEEP_TAKES), 1024);
        assert_eq!(next_idle_sweep(*IDLE_SWEEP.start(), slow), 64);
        assert_eq!(next_idle_sweep(*IDLE_SWEEP.end(), fast), 2048);
    }
}
