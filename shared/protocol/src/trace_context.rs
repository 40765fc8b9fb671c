//! W3C Trace Context (<https://www.w3.org/TR/trace-context/>): how a trace goes on in the service that
//! is called. The headers are `traceparent` and `tracestate`.

use std::collections::HashMap;

use opentelemetry::Context;
use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry::trace::{SpanContext, TraceContextExt as _};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

const TRACEPARENT: &str = "traceparent";
const TRACESTATE: &str = "tracestate";

/// The headers of a call that is made in `span`; none while nobody records traces.
pub fn headers_of(span: &Span) -> HashMap<String, String> {
    let mut headers = HashMap::new();
    TraceContextPropagator::new().inject_context(&span.context(), &mut headers);
    headers.retain(|_, value| !value.is_empty());
    headers
}

/// The trace that a call belongs to, as its headers say; the empty context when they say nothing.
pub fn context_of<'a>(header: impl Fn(&str) -> Option<&'a str>) -> Context {
    let Some(parent) = header(TRACEPARENT) else {
        return Context::new();
    };
    let mut headers = HashMap::from([(TRACEPARENT.to_owned(), parent.to_owned())]);
    if let Some(state) = header(TRACESTATE) {
        headers.insert(TRACESTATE.to_owned(), state.to_owned());
    }
    TraceContextPropagator::new().extract(&headers)
}

/// A span that a later one can be linked to, when a story goes on in a trace of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkableSpan(SpanContext);

impl LinkableSpan {
    /// The current span.
    pub fn current() -> Self {
        Self(Span::current().context().span().span_context().clone())
    }

    /// Links the current span to this one.
    pub fn link_to_current(self) {
        Span::current().add_link(self.0);
    }
}
