//! Stopping: the balancer is given time to send requests elsewhere, what is in flight is finished, nothing new
//! is taken, and it ends within a set time.

use actix_web::dev::{Server, ServerHandle};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::drain::Drain;

/// Runs the service and its probes until `SIGTERM` or `SIGINT`, drains, then stops both. A second signal
/// ends the drain.
pub(crate) async fn run_until_signal(
    service: Server,
    probes: Server,
    drain: Drain,
) -> std::io::Result<()> {
    let handle = service.handle();
    let probes_handle = probes.handle();
    let mut signals = StopSignals::new()?;
    let stopper = tokio::spawn(async move {
        signals.next().await;
        drain.begin();
        if !drain.lasts().is_zero() {
            tracing::info!(event = "draining", secs = drain.lasts().as_secs());
            tokio::select! {
                () = tokio::time::sleep(drain.lasts()) => {}
                () = signals.next() => {}
            }
        }
        tracing::info!(event = "stopping");
        stop(&handle, &probes_handle).await;
    });
    let probes = tokio::spawn(probes);
    let outcome = service.await;
    stopper.abort();
    probes.abort();
    tracing::info!(event = "stopped");
    outcome
}

struct StopSignals {
    terminate: Signal,
    interrupt: Signal,
}

impl StopSignals {
    fn new() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Stops a service gracefully and then its probes, which say until the end that it lives.
async fn stop(service: &ServerHandle, probes: &ServerHandle) {
    service.stop(true).await;
    probes.stop(false).await;
}
