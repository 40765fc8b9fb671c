//! A collector for traces: what services send over OTLP, decoded and as it came.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use actix_web::{HttpResponse, web};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value::Value};
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message as _;

use crate::small_server::SmallServer;

/// A span as it was sent.
#[derive(Clone, Debug)]
pub struct ExportedSpan {
    /// `service.name`.
    pub service: String,
    /// Its name.
    pub name: String,
    /// 2 is a server's, 3 a client's, 1 neither.
    pub kind: i32,
    /// The trace that it is part of, in hex.
    pub trace_id: String,
    /// Its id, in hex.
    pub span_id: String,
    /// The id of the span above; empty at the root.
    pub parent_span_id: String,
    /// Its attributes as text.
    pub attributes: BTreeMap<String, String>,
    /// 2 is an error, 0 is unset.
    pub status: i32,
    /// The ids of the spans that it is linked to, in hex.
    pub links: Vec<String>,
}

#[derive(Debug, Default)]
struct Received {
    spans: Vec<ExportedSpan>,
    bytes: Vec<u8>,
}

/// A collector, until this is dropped.
#[derive(Debug)]
pub struct Collector {
    /// Where it listens: `http://localhost:PORT`.
    pub url: String,
    received: Arc<Mutex<Received>>,
    _server: SmallServer,
}

impl Collector {
    /// Starts one on a free port.
    pub fn start() -> Self {
        let received = Arc::new(Mutex::new(Received::default()));
        let data = web::Data::from(Arc::clone(&received));
        let server = SmallServer::start(move |routes| {
            routes.app_data(data.clone());
            routes.route("/v1/traces", web::post().to(receive));
        });
        Self {
            url: server.url.clone(),
            received,
            _server: server,
        }
    }

    /// The spans that came so far.
    pub fn spans(&self) -> Vec<ExportedSpan> {
        self.received().spans.clone()
    }

    /// All bytes that came so far.
    pub fn bytes(&self) -> Vec<u8> {
        self.received().bytes.clone()
    }

    /// Waits until a span for which this holds has come.
    pub async fn until(&self, wanted: impl Fn(&ExportedSpan) -> bool) -> ExportedSpan {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let spans = self.spans();
            if let Some(span) = spans.iter().find(|span| wanted(span)) {
                return span.clone();
            }
            assert!(Instant::now() < deadline, "not among {spans:#?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    fn received(&self) -> std::sync::MutexGuard<'_, Received> {
        self.received.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn receive(received: web::Data<Mutex<Received>>, body: web::Bytes) -> HttpResponse {
    let Ok(request) = ExportTraceServiceRequest::decode(body.as_ref()) else {
        return HttpResponse::BadRequest().finish();
    };
    let mut received = received.lock().unwrap_or_else(PoisonError::into_inner);
    received.bytes.extend_from_slice(&body);
    for resource_spans in request.resource_spans {
        let resource = resource_spans.resource.unwrap_or_default();
        let service = attributes(&resource.attributes)
            .remove("service.name")
            .unwrap_or_default();
        let spans = resource_spans
            .scope_spans
            .iter()
            .flat_map(|scope| &scope.spans);
        let spans = spans.map(|span| exported(&service, span));
        received.spans.extend(spans);
    }
    HttpResponse::Ok()
        .content_type("application/x-protobuf")
        .finish()
}

fn exported(service: &str, span: &Span) -> ExportedSpan {
    ExportedSpan {
        service: service.to_owned(),
        name: span.name.clone(),
        kind: span.kind,
        trace_id: hex::encode(&span.trace_id),
        span_id: hex::encode(&span.span_id),
        parent_span_id: hex::encode(&span.parent_span_id),
        attributes: attributes(&span.attributes),
        status: span.status.as_ref().map_or(0, |status| status.code),
        links: span
            .links
            .iter()
            .map(|link| hex::encode(&link.span_id))
            .collect(),
    }
}

fn attributes(pairs: &[KeyValue]) -> BTreeMap<String, String> {
    let pairs = pairs.iter().filter_map(|pair| {
        let text = match pair.value.as_ref()?.value.as_ref()? {
            Value::StringValue(text) => text.clone(),
            Value::IntValue(number) => number.to_string(),
            Value::BoolValue(truth) => truth.to_string(),
            other @ (Value::DoubleValue(_)
            | Value::ArrayValue(_)
            | Value::KvlistValue(_)
            | Value::BytesValue(_)
            | Value::StringValueStrindex(_)) => format!("{other:?}"),
        };
        Some((pair.key.clone(), text))
    });
    pairs.collect()
}
