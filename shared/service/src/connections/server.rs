//! actix-web on streams that have bounds. [`actix_web::HttpServer`] takes no other stream than the system's,
//! so this is what it does, on ours.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix_http::error::DispatchError;
use actix_http::{ConnectionType, HttpService, Payload, Request, Response};
use actix_server::ServerBuilder;
use actix_service::{
    IntoServiceFactory as _, Service, ServiceFactoryExt as _, apply_fn_factory, fn_service,
    map_config,
};
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{AppConfig, Server, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::rt::net::TcpStream;
use actix_web::{App, Error, HttpResponse};
use socket2::SockRef;

use super::admission::{Admission, Full};
use super::body::{AnswerBody, BODY_TIMEOUT, RequestBody};
use super::flow::{Answering, Flow, Patience};
use super::stream::{BoundedStream, HEADER_TIMEOUT, WRITE_TIMEOUT};
use crate::http::HttpSettings;
use crate::metrics::LimitsReached;

const CONNECTIONS: &str = "http.connections";
const CONNECTIONS_PER_ADDRESS: &str = "http.connections_per_address";

/// How much of an answer the system holds for a reader that does not read, in bytes; it would take megabytes.
const UNREAD: usize = 32 * 1024;

/// How long a connection that was refused in the middle of a request is read on, so that the answer arrives.
const LINGER: Duration = Duration::from_secs(1);

/// What bounds the connections of one listener.
#[derive(Clone)]
pub(crate) struct Bounds {
    admission: Arc<Admission>,
    patience: Patience,
    reached: LimitsReached,
}

impl Bounds {
    /// The settings that these bounds are.
    pub(crate) const SETTINGS: [&str; 5] = [
        CONNECTIONS,
        CONNECTIONS_PER_ADDRESS,
        HEADER_TIMEOUT,
        BODY_TIMEOUT,
        WRITE_TIMEOUT,
    ];

    pub(crate) fn new(settings: &HttpSettings, reached: LimitsReached) -> Self {
        Self {
            admission: Admission::new(settings),
            patience: Patience::of(settings),
            reached,
        }
    }

    fn accept(
        &self,
        stream: TcpStream,
    ) -> Result<(BoundedStream, Option<SocketAddr>), DispatchError> {
        let peer = stream.peer_addr().map_err(DispatchError::Io)?;
        let permit = self.admission.admit(peer.ip()).map_err(|full| {
            self.reached.count(match full {
                Full::All => CONNECTIONS,
                Full::OfOneCaller => CONNECTIONS_PER_ADDRESS,
            });
            DispatchError::Io(io::ErrorKind::QuotaExceeded.into())
        })?;
        let flow = Flow::new(self.patience, self.reached.clone());
        Ok((BoundedStream::new(stream, flow, permit), Some(peer)))
    }
}

/// What an [`App`] is made of; whatever actix-web can serve is one.
pub trait AppService<B>:
    ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<B>,
        Error = Error,
        InitError = (),
    > + 'static
{
}

impl<T, B> AppService<B> for T where
    T: ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<B>,
            Error = Error,
            InitError = (),
        > + 'static
{
}

/// Serves an application; `app` is called once per worker.
pub(crate) fn serve<T: AppService<B>, B: MessageBody + 'static>(
    listener: TcpListener,
    settings: &HttpSettings,
    workers: usize,
    bounds: Bounds,
    app: impl Fn() -> App<T> + Send + Clone + 'static,
) -> io::Result<Server> {
    // Every connection takes it over from its listener.
    SockRef::from(&listener).set_send_buffer_size(UNREAD)?;
    let keep_alive = Duration::from_secs(settings.keep_alive_secs);
    let builder = ServerBuilder::new()
        .workers(workers)
        // What is one too many is refused, and does not wait for somebody to go.
        .max_concurrent_connections(settings.connections.saturating_add(1))
        .shutdown_timeout(settings.shutdown_timeout_secs)
        .disable_signals();
    let stopping = builder.graceful_shutdown_signal();
    let builder = builder.listen("http", listener, move || {
        let (bounds, stopping) = (bounds.clone(), stopping.clone());
        let app = app().into_factory();
        let app = app.map_err(|error: Error| error.error_response());
        // Which host it has is nowhere asked.
        let app = map_config(app, |()| AppConfig::default());
        let http = HttpService::build()
            .graceful_shutdown_signal(move || {
                let stopping = stopping.clone();
                async move { stopping.notified().await }
            })
            .keep_alive(keep_alive)
            // The stream has a time for each head, not only the first.
            .client_request_timeout(Duration::ZERO)
            .client_disconnect_timeout(LINGER)
            .on_connect_ext(|stream: &BoundedStream, data| {
                data.insert(stream.flow());
            })
            .h1(apply_fn_factory(app, answer));
        fn_service(move |stream| std::future::ready(bounds.accept(stream)))
            .and_then(http)
            .map_err(log_end)
    })?;
    Ok(builder.run())
}

/// Logs why a connection ended before its time. Most of it is what callers did.
fn log_end(error: DispatchError) -> DispatchError {
    let is_ours = matches!(
        error,
        DispatchError::Service(_) | DispatchError::Body(_) | DispatchError::InternalError
    );
    if is_ours {
        tracing::error!(event = "answer_cut_off", %error);
    } else {
        tracing::debug!(event = "connection_ended", %error);
    }
    error
}

type Answer<B> = Response<AnswerBody<EitherBody<B>>>;

/// Answers a request; what it is answered with ends its turn on the connection.
fn answer<S, B>(
    mut request: Request,
    app: &S,
) -> impl Future<Output = Result<Answer<B>, HttpResponse>> + use<S, B>
where
    S: Service<Request, Response = ServiceResponse<B>, Error = HttpResponse>,
{
    let flow = request.conn_data::<Rc<Flow>>().cloned();
    let answering = flow.as_ref().map(Flow::begin);
    if let (Some(flow), true) = (flow, !matches!(request.payload(), Payload::None)) {
        let body = RequestBody::new(request.take_payload(), flow);
        *request.payload() = Payload::Stream {
            payload: Box::pin(body),
        };
    }
    let answer = app.call(request);
    async move {
        let answer: Response<EitherBody<B>> = match answer.await {
            Ok(answer) => Response::from(answer).map_body(|_, body| EitherBody::left(body)),
            Err(answer) => Response::from(answer).map_body(|_, body| EitherBody::right(body)),
        };
        let is_late = answering.as_ref().is_some_and(Answering::is_late);
        Ok(answer.map_body(|head, body| {
            if is_late {
                head.set_connection_type(ConnectionType::Close);
            }
            AnswerBody::new(body, answering)
        }))
    }
}
