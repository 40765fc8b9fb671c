//! The bodies of requests and answers, as far as they bound a connection.

use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use actix_http::Payload;
use actix_web::body::{BodySize, MessageBody};
use actix_web::error::PayloadError;
use actix_web::web::Bytes;
use futures_core::Stream;
use pin_project_lite::pin_project;
use tokio::time::Instant;

use super::flow::{Answering, Flow};

/// The setting that says how long a body may take.
pub(super) const BODY_TIMEOUT: &str = "http.body_timeout_secs";

/// Whether a body could not be read because its sender was slow: what that means is a 408.
pub fn took_too_long(error: &actix_web::Error) -> bool {
    let Some(PayloadError::Io(reason)) = error.as_error() else {
        return false;
    };
    reason.kind() == io::ErrorKind::TimedOut
}

/// The body of a request. More of it is read from the connection when somebody waits for it.
pub(super) struct RequestBody {
    body: Payload,
    flow: Rc<Flow>,
    deadline: Instant,
    has_ended: bool,
}

impl RequestBody {
    pub(super) fn new(body: Payload, flow: Rc<Flow>) -> Self {
        Self {
            body,
            deadline: Instant::now() + flow.patience.body,
            flow,
            has_ended: false,
        }
    }

    /// Whether it should have come by now; if not, whoever waits is woken when it should.
    fn is_late(&self, context: &mut Context<'_>) -> bool {
        let is_late = self.deadline <= Instant::now();
        if !is_late {
            self.flow.arm(self.deadline, context);
        }
        is_late
    }
}

impl Stream for RequestBody {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        match Pin::new(&mut this.body).poll_next(context) {
            Poll::Pending if this.is_late(context) => {
                this.flow.lose_patience();
                this.flow.reached.count(BODY_TIMEOUT);
                let reason = io::Error::from(io::ErrorKind::TimedOut);
                Poll::Ready(Some(Err(PayloadError::Io(reason))))
            }
            Poll::Pending => {
                this.flow.want_body();
                Poll::Pending
            }
            Poll::Ready(part) => {
                this.has_ended = part.is_none();
                Poll::Ready(part)
            }
        }
    }
}

impl Drop for RequestBody {
    fn drop(&mut self) {
        let mut nobody = Context::from_waker(Waker::noop());
        // What has come already is in nobody's way.
        while !self.has_ended {
            match Pin::new(&mut self.body).poll_next(&mut nobody) {
                Poll::Ready(Some(Ok(_))) => {}
                Poll::Ready(None) => self.has_ended = true,
                Poll::Ready(Some(Err(_))) | Poll::Pending => break,
            }
        }
        if !self.has_ended {
            self.flow.leave_body();
        }
    }
}

pin_project! {
    /// The body of an answer; dropped with its last byte.
    pub(super) struct AnswerBody<B> {
        #[pin]
        body: B,
        answering: Option<Answering>,
    }
}

impl<B> AnswerBody<B> {
    pub(super) const fn new(body: B, answering: Option<Answering>) -> Self {
        Self { body, answering }
    }
}

impl<B: MessageBody> MessageBody for AnswerBody<B> {
    type Error = B::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        self.project().body.poll_next(context)
    }
}
