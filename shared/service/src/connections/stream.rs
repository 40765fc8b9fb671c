//! A connection that hands over one request at a time, and gives its caller so much time.

use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use actix_web::rt::net::TcpStream;
use actix_web::web::BytesMut;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

use super::admission::Permit;
use super::flow::{Flow, Turn};
use super::request_end::RequestEnd;

/// The setting that says how long the head of a request may take.
pub(super) const HEADER_TIMEOUT: &str = "http.header_timeout_secs";
/// The setting that says how long a caller may take to read.
pub(super) const WRITE_TIMEOUT: &str = "http.write_timeout_secs";

/// What a caller gets whose request did not come in time (RFC 9110 §15.5.9).
const TOO_SLOW: &[u8] =
    b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

/// The stream that a connection's requests are read from and its answers written to.
pub(super) struct BoundedStream {
    stream: TcpStream,
    flow: Rc<Flow>,
    /// What was read and not handed over yet: less than one read.
    held: BytesMut,
    request_end: RequestEnd,
    /// Since when something could not be written because its reader is slow.
    unread_since: Option<Instant>,
    /// Late for the head, told so, and at its end.
    has_ended: bool,
    _permit: Permit,
}

impl BoundedStream {
    pub(super) fn new(stream: TcpStream, flow: Rc<Flow>, permit: Permit) -> Self {
        Self {
            stream,
            flow,
            held: BytesMut::new(),
            request_end: RequestEnd::default(),
            unread_since: None,
            has_ended: false,
            _permit: permit,
        }
    }

    pub(super) fn flow(&self) -> Rc<Flow> {
        Rc::clone(&self.flow)
    }

    fn write_deadline(&self) -> Option<Instant> {
        Some(self.unread_since? + self.flow.patience.write)
    }

    /// A reader that is too slow for what was written ends the connection, whatever it is about to do.
    fn check_reader(&self) -> io::Result<()> {
        if !self.write_deadline().is_some_and(has_passed) {
            return Ok(());
        }
        self.flow.reached.count(WRITE_TIMEOUT);
        Err(io::ErrorKind::TimedOut.into())
    }

    /// Ends a connection whose next request is late.
    fn check_head(&mut self) {
        if self.has_ended || !self.flow.head_deadline().is_some_and(has_passed) {
            return;
        }
        self.flow.reached.count(HEADER_TIMEOUT);
        self.has_ended = true;
        if self.unread_since.is_none() {
            // It may be gone, or have no room for that either.
            let _ = self.stream.try_write(TOO_SLOW);
        }
    }

    /// Wakes whoever reads when a deadline passes.
    fn arm_reader(&self, context: &mut Context<'_>) {
        let deadlines = [self.flow.head_deadline(), self.write_deadline()];
        if let Some(deadline) = deadlines.into_iter().flatten().min() {
            self.flow.arm(deadline, context);
        }
    }

    /// Wakes whoever writes when that takes too long. Who only writes any more does not look at other deadlines: woken
    /// by one that has passed, it would be woken by it for ever.
    fn arm_writer(&self, context: &mut Context<'_>) {
        if let Some(deadline) = self.write_deadline() {
            self.flow.arm(deadline, context);
        }
    }

    /// Reads when it is the caller's turn to say something.
    fn poll_turn(
        &mut self,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let turn = self.flow.turn();
        match turn {
            Turn::Head | Turn::Body => self.poll_hand_over(context, into, turn),
            Turn::AfterALook | Turn::Nothing => {
                if self.held.is_empty() {
                    // Woken when there is something to read; most callers wait for their answer first.
                    drop(ready!(self.stream.poll_read_ready(context)));
                }
                if turn == Turn::AfterALook {
                    self.flow.looked_at();
                    context.waker().wake_by_ref();
                } else {
                    self.flow.park();
                }
                Poll::Pending
            }
        }
    }

    fn poll_hand_over(
        &mut self,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
        turn: Turn,
    ) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        if self.held.is_empty() {
            ready!(Pin::new(&mut self.stream).poll_read(context, into))?;
        } else {
            let most = self.held.len().min(into.remaining());
            into.put_slice(&self.held.split_to(most));
        }
        let read = into.filled().get(before..).unwrap_or_default();
        if read.is_empty() {
            return Poll::Ready(Ok(()));
        }
        let taken = if turn == Turn::Head {
            let (taken, ends) = self.request_end.of_head(read);
            self.flow.handed_over_head(ends);
            taken
        } else {
            self.flow.handed_over_body();
            self.request_end.of_body(read)
        };
        if let Some(rest @ [_, ..]) = read.get(taken..) {
            // What is held already comes after it.
            let mut held = BytesMut::from(rest);
            held.unsplit(std::mem::take(&mut self.held));
            self.held = held;
        }
        into.set_filled(before + taken);
        Poll::Ready(Ok(()))
    }
}

fn has_passed(deadline: Instant) -> bool {
    deadline <= Instant::now()
}

impl AsyncRead for BoundedStream {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        this.check_reader()?;
        this.check_head();
        if this.has_ended {
            return Poll::Ready(Ok(()));
        }
        let outcome = this.poll_turn(context, into);
        if outcome.is_pending() {
            this.flow.pause(context.waker());
            this.arm_reader(context);
        }
        outcome
    }
}

impl AsyncWrite for BoundedStream {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.check_reader()?;
        let outcome = Pin::new(&mut this.stream).poll_write(context, bytes);
        if outcome.is_pending() {
            this.unread_since.get_or_insert_with(Instant::now);
            this.arm_writer(context);
        }
        outcome
    }

    /// Asked for once everything was written.
    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        this.unread_since = None;
        Pin::new(&mut this.stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::{Wake, Waker};
    use std::time::Duration;

    use prometheus_client::registry::Registry;
    use tokio::net::TcpListener;

    use super::super::admission::Admission;
    use super::super::flow::Patience;
    use super::*;
    use crate::http::HttpSettings;
    use crate::metrics::LimitsReached;

    #[derive(Default)]
    struct Wakes(AtomicUsize);

    impl Wake for Wakes {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// A stream whose caller does not read, and whose next request is late.
    async fn late(caller: &TcpListener) -> BoundedStream {
        let address = caller.local_addr().unwrap();
        let stream = TcpStream::connect(address).await.unwrap();
        let patience = Patience {
            header: Duration::ZERO,
            body: Duration::MAX,
            write: Duration::from_secs(3600),
        };
        let flow = Flow::new(
            patience,
            LimitsReached::register(&mut Registry::default(), &[]),
        );
        let admission = Admission::new(&HttpSettings::sample());
        let permit = admission.admit(IpAddr::V4(Ipv4Addr::LOCALHOST)).unwrap();
        BoundedStream::new(stream, flow, permit)
    }

    #[tokio::test]
    async fn a_late_head_does_not_keep_awake_who_only_writes() {
        let caller = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let mut stream = late(&caller).await;
        let counted = Arc::new(Wakes::default());
        let waker = Waker::from(Arc::clone(&counted));
        let mut write = || {
            let mut context = Context::from_waker(&waker);
            Pin::new(&mut stream).poll_write(&mut context, &[b'.'; 1024])
        };
        for _ in 0..200 {
            let before = counted.0.load(Ordering::Relaxed);
            // The system takes more for a while.
            while write().is_ready() {}
            // More than a timer takes that is over.
            tokio::time::sleep(Duration::from_millis(5)).await;
            if counted.0.load(Ordering::Relaxed) == before {
                return;
            }
        }
        panic!("it is woken again and again");
    }
}
