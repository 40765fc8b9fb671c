//! Stopping: what is in flight is finished, nothing new is taken, and it ends within a set time.

use actix_web::dev::{Server, ServerHandle};
use tokio::signal::unix::{SignalKind, signal};

/// Runs the service and its probes until `SIGTERM` or `SIGINT`, then stops both.
pub async fn run_until_signal(service: Server, probes: Server) -> std::io::Result<()> {
    let handle = service.handle();
    let probes_handle = probes.handle();
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let stopper = tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
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

/// Stops a service gracefully and then its probes, which tell until the end that it lives.
pub async fn stop(service: &ServerHandle, probes: &ServerHandle) {
    service.stop(true).await;
    probes.stop(false).await;
}
