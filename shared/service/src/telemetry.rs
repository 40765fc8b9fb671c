//! Logs and traces.

use std::fmt;
use std::io::IsTerminal as _;

use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{ExporterBuildError, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use tracing::level_filters::LevelFilter;
use tracing::{Metadata, Subscriber};
use tracing_subscriber::filter::{ParseError, filter_fn};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer};
use url::Url;

use crate::identity::ServiceIdentity;

/// Where OTLP over HTTP wants spans, below the collector's address.
const TRACES_PATH: &str = "v1/traces";

/// What the names of the libraries begin with whose spans are exported besides the service's own. Those of
/// other libraries explain nothing about OAuth.
const LIBRARIES: &str = "symbolon";

/// The target of the audit stream, which is exported too.
const AUDIT: &str = "audit";

/// Where actix tells on its highest level what callers do: send what is no request, go away. Whoever can connect could
/// fill the log with it; [`crate::connections`] logs the same as what it is.
const ENDS_OF_CONNECTIONS: &str = "actix_http::h1::dispatcher";

/// How a service logs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogSettings {
    /// For people or for programs.
    pub format: LogFormat,
    /// What to log: a level, or directives such as `info,symbolon_auth_server=debug`.
    pub filter: String,
}

impl LogSettings {
    /// Whether the filter can be read.
    pub(crate) fn check_filter(&self) -> Result<(), ParseError> {
        self.directives().map(drop)
    }

    fn directives(&self) -> Result<EnvFilter, ParseError> {
        let directives = EnvFilter::try_new(&self.filter)?;
        // Who names the library wants to hear it.
        if self.filter.contains("actix_http") {
            return Ok(directives);
        }
        let silent = format!("{ENDS_OF_CONNECTIONS}=off").parse()?;
        Ok(directives.add_directive(silent))
    }

    /// The words of the filter that stand alone and are no level: each is taken for the name of a crate, all of
    /// whose lines are then logged, and nothing else.
    pub(crate) fn words_that_are_no_level(&self) -> impl Iterator<Item = &str> {
        let words = self.filter.split(',').map(str::trim);
        let alone = words.filter(|word| !word.is_empty() && !word.contains(['=', '[']));
        alone.filter(|word| word.parse::<LevelFilter>().is_err())
    }
}

/// The form of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// One readable line per event.
    Pretty,
    /// One JSON object per event.
    Json,
}

/// Whether and where a service sends its traces.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TraceSettings {
    /// Where spans are posted to; `None` means that traces are off.
    #[serde(deserialize_with = "traces_url")]
    pub otlp_endpoint: Option<Url>,
    /// The share of traces that begin here and are recorded, from 0 to 1. The traces of callers are
    /// recorded as the caller decided.
    #[serde(deserialize_with = "share")]
    pub sample_ratio: f64,
}

impl TraceSettings {
    /// No traces.
    pub const OFF: Self = Self {
        otlp_endpoint: None,
        sample_ratio: 0.0,
    };
}

/// An address may hold a password, or a key in its query.
impl fmt::Debug for TraceSettings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            otlp_endpoint,
            sample_ratio,
        } = self;
        let endpoint = otlp_endpoint.as_ref().map(Url::origin);
        let mut written = formatter.debug_struct("TraceSettings");
        written.field("otlp_endpoint", &endpoint);
        written.field("sample_ratio", sample_ratio).finish()
    }
}

/// The collector's address, and below it the path of the OTLP specification; an empty text means none.
fn traces_url<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Url>, D::Error> {
    let endpoint = String::deserialize(from)?;
    if endpoint.is_empty() {
        return Ok(None);
    }
    let refusal = |why: &str| {
        let accepted = "accepted: an http or https URL such as http://localhost:4318";
        D::Error::custom(format!("`{endpoint}`: {why}; {accepted}"))
    };
    let mut url = Url::parse(&endpoint).map_err(|error| refusal(&error.to_string()))?;
    let below = format!("{}/{TRACES_PATH}", url.path().trim_end_matches('/'));
    url.set_path(&below);
    if ["http", "https"].contains(&url.scheme()) {
        Ok(Some(url))
    } else {
        Err(refusal("it begins otherwise"))
    }
}

fn share<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
    let share = f64::deserialize(from)?;
    if (0.0..=1.0).contains(&share) {
        Ok(share)
    } else {
        let text = format!("it is {share}; accepted: 0 to 1");
        Err(D::Error::custom(text))
    }
}

/// Telemetry cannot start.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// `log.filter` holds something that is no log directive.
    #[error("log.filter: {0}")]
    LogFilter(#[from] ParseError),
    /// Traces cannot be sent.
    #[error("traces: {0}")]
    Traces(#[from] ExporterBuildError),
}

/// What runs for as long as the service does.
#[derive(Debug)]
pub struct Telemetry {
    traces: Option<SdkTracerProvider>,
}

impl Telemetry {
    /// Starts logging to standard error, and traces if they are on, for the rest of the process. A
    /// second call in one process changes nothing.
    pub fn start(
        service: ServiceIdentity,
        log: &LogSettings,
        traces: &TraceSettings,
    ) -> Result<Self, TelemetryError> {
        let filter = log.directives()?;
        let traces = tracer_provider(service, traces)?;
        let exported = traces.as_ref().map(|provider| {
            tracing_opentelemetry::layer()
                .with_tracer(provider.tracer(service.name))
                .with_location(false)
                .with_threads(false)
                .with_tracked_inactivity(false)
                .with_target(false)
                .with_filter(filter_fn(move |metadata| is_exported(service, metadata)))
        });
        let registry = tracing_subscriber::registry()
            .with(exported)
            .with(log_layer(log.format).with_filter(filter));
        if registry.try_init().is_err() {
            tracing::debug!(event = "logging_was_started_before");
        }
        Ok(Self { traces })
    }

    /// Sends the spans that were not sent yet; takes some seconds at most.
    pub fn stop(self) {
        if let Some(error) = self.traces.and_then(|traces| traces.shutdown().err()) {
            tracing::warn!(event = "traces_not_sent", %error);
        }
    }
}

fn log_layer<S>(form: LogFormat) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    let layer = tracing_subscriber::fmt::layer()
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    match form {
        LogFormat::Pretty => layer.boxed(),
        LogFormat::Json => layer
            .json()
            .flatten_event(true)
            .with_span_list(false)
            .boxed(),
    }
}

/// Spans for people who look at a trace are on the debug level, so that logs need not carry them.
fn is_exported(service: ServiceIdentity, metadata: &Metadata<'_>) -> bool {
    let target = metadata.target();
    let name = target.split("::").next().unwrap_or(target);
    let level = if metadata.is_span() {
        LevelFilter::DEBUG
    } else {
        LevelFilter::INFO
    };
    let is_ours = name.starts_with(LIBRARIES) || [service.crate_name, AUDIT].contains(&name);
    is_ours && *metadata.level() <= level
}

fn tracer_provider(
    service: ServiceIdentity,
    settings: &TraceSettings,
) -> Result<Option<SdkTracerProvider>, TelemetryError> {
    let Some(endpoint) = &settings.otlp_endpoint else {
        return Ok(None);
    };
    let exporter = SpanExporter::builder()
        .with_http()
        .with_endpoint(endpoint.as_str())
        .build()?;
    let resource = Resource::builder()
        .with_service_name(service.name)
        .with_attribute(KeyValue::new("service.version", service.version))
        .build();
    let ratio = Sampler::TraceIdRatioBased(settings.sample_ratio);
    let provider = SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_sampler(Sampler::ParentBased(Box::new(ratio)))
        .with_resource(resource);
    Ok(Some(provider.build()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn spans_go_below_the_collectors_address_whose_query_stays_and_is_not_written() {
        for (endpoint, expected) in [
            ("http://c:4318", "http://c:4318/v1/traces"),
            ("http://c:4318/", "http://c:4318/v1/traces"),
            ("https://c/otlp/?key=k", "https://c/otlp/v1/traces?key=k"),
            ("https://u:key@c/", "https://u:key@c/v1/traces"),
        ] {
            let written = json!({"otlp_endpoint": endpoint, "sample_ratio": 1.0});
            let settings: TraceSettings = serde_json::from_value(written).unwrap();
            assert!(!format!("{settings:?}").contains("key"), "{settings:?}");
            let url = settings.otlp_endpoint.unwrap();
            assert_eq!(url.as_str(), expected);
        }
    }
}
