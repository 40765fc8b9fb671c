//! What a connection's stream, its bodies and its answers know of each other.

use std::cell::{Cell, RefCell};
use std::future::Future as _;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Waker};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep_until};

use crate::http::HttpSettings;
use crate::metrics::LimitsReached;

/// How long callers may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// For the head of a request.
    pub(super) header: Duration,
    /// For its body.
    pub(super) body: Duration,
    /// To read what was written.
    pub(super) write: Duration,
}

impl Patience {
    pub(super) const fn of(settings: &HttpSettings) -> Self {
        Self {
            header: Duration::from_secs(settings.header_timeout_secs),
            body: Duration::from_secs(settings.body_timeout_secs),
            write: Duration::from_secs(settings.write_timeout_secs),
        }
    }
}

/// Where one connection is.
pub(super) struct Flow {
    pub(super) patience: Patience,
    pub(super) reached: LimitsReached,
    /// A request is being answered.
    is_answering: Cell<bool>,
    /// Whoever answers waits for more of the request's body.
    wants_body: Cell<bool>,
    /// A whole head was handed over, or more of a body: nothing follows before that is understood.
    is_handed_over: Cell<bool>,
    /// A body was not read to its end; the rest of it is in the way of the next request.
    leaves_body: Cell<bool>,
    /// A body did not come in time: no other request is waited for.
    is_late: Cell<bool>,
    /// Since when the head of a request is awaited; not while a connection is kept open between two.
    head_awaited_since: Cell<Option<Instant>>,
    /// Who reads the connection.
    reader: Cell<Option<Waker>>,
    /// It waits for its turn.
    is_parked: Cell<bool>,
    /// The one timer of the connection, for whatever of it is due first.
    timer: RefCell<Pin<Box<Sleep>>>,
}

/// What may be read now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// The head of a request.
    Head,
    /// More of the body of the request that is being answered.
    Body,
    /// What was handed over was no request; who reads has to look at it first.
    AfterALook,
    /// Nothing, until [`Flow::park`] wakes.
    Nothing,
}

impl Flow {
    /// A connection that begins, and has to say what it wants.
    pub(super) fn new(patience: Patience, reached: LimitsReached) -> Rc<Self> {
        Rc::new(Self {
            patience,
            reached,
            is_answering: Cell::new(false),
            wants_body: Cell::new(false),
            is_handed_over: Cell::new(false),
            leaves_body: Cell::new(false),
            is_late: Cell::new(false),
            head_awaited_since: Cell::new(Some(Instant::now())),
            reader: Cell::new(None),
            is_parked: Cell::new(false),
            timer: RefCell::new(Box::pin(sleep_until(Instant::now()))),
        })
    }

    /// Wakes whoever polls when a deadline passes, or before. The timer only ever moves when it went off or has to go
    /// off sooner: to move it with each request would cost each request something.
    pub(super) fn arm(&self, deadline: Instant, context: &mut Context<'_>) {
        let mut timer = self.timer.borrow_mut();
        if timer.is_elapsed() || timer.deadline() > deadline {
            timer.as_mut().reset(deadline);
        }
        if timer.as_mut().poll(context).is_ready() {
            context.waker().wake_by_ref();
        }
    }

    pub(super) fn turn(&self) -> Turn {
        match (self.is_answering.get(), self.is_handed_over.get()) {
            (false, false) => Turn::Head,
            (false, true) => Turn::AfterALook,
            (true, false) if self.wants_body.get() => Turn::Body,
            (true, _) => Turn::Nothing,
        }
    }

    /// When the head that is awaited is late.
    pub(super) fn head_deadline(&self) -> Option<Instant> {
        let since = self.head_awaited_since.get()?;
        Some(since + self.patience.header)
    }

    /// Bytes of a head were handed over; `ends`: with its end.
    pub(super) fn handed_over_head(&self, ends: bool) {
        if self.head_awaited_since.get().is_none() {
            self.head_awaited_since.set(Some(Instant::now()));
        }
        self.is_handed_over.set(ends);
    }

    pub(super) fn handed_over_body(&self) {
        self.wants_body.set(false);
        self.is_handed_over.set(true);
    }

    /// Whoever reads has looked at what was handed over, and it was no request.
    pub(super) fn looked_at(&self) {
        self.is_handed_over.set(false);
    }

    /// Remembers who reads: there is nothing to read now.
    pub(super) fn pause(&self, reader: &Waker) {
        let known = self.reader.take();
        let known = known.filter(|known| known.will_wake(reader));
        self.reader.set(known.or_else(|| Some(reader.clone())));
    }

    /// Has the reader woken once its turn comes.
    pub(super) fn park(&self) {
        self.is_parked.set(true);
    }

    /// Whoever answers waits for more of the body.
    pub(super) fn want_body(&self) {
        self.wants_body.set(true);
        self.is_handed_over.set(false);
        self.wake_reader();
    }

    /// A body was given up before its end.
    pub(super) fn leave_body(&self) {
        self.leaves_body.set(true);
    }

    /// A body did not come in time.
    pub(super) fn lose_patience(&self) {
        self.is_late.set(true);
    }

    /// A request begins to be answered, until what this returns is dropped with the answer's last byte.
    pub(super) fn begin(self: &Rc<Self>) -> Answering {
        self.head_awaited_since.set(None);
        self.is_answering.set(true);
        self.is_handed_over.set(true);
        Answering(Rc::clone(self))
    }

    fn end(&self) {
        self.is_answering.set(false);
        self.wants_body.set(false);
        self.is_handed_over.set(false);
        if self.leaves_body.replace(false) {
            self.head_awaited_since.set(Some(Instant::now()));
            // It has a time to keep now.
            self.park();
        }
        self.wake_reader();
    }

    fn wake_reader(&self) {
        if !self.is_parked.replace(false) {
            return;
        }
        if let Some(reader) = self.reader.take() {
            reader.wake_by_ref();
            self.reader.set(Some(reader));
        }
    }
}

/// A request that is being answered.
pub(super) struct Answering(Rc<Flow>);

impl Answering {
    /// Whether nothing more is expected of the caller.
    pub(super) fn is_late(&self) -> bool {
        self.0.is_late.get()
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.end();
    }
}
