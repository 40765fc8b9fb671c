//! The containers of a compose project, by the names that the compose file gives them.

use std::process::Command;
use std::time::{Duration, Instant};

/// The variable that names the compose project.
const PROJECT: &str = "CONTAINERS_PROJECT";

/// How long a service may take to be well again.
const PATIENCE: Duration = Duration::from_secs(60);

const SERVICES: [&str; 6] = [
    "redis",
    "auth-server-1",
    "auth-server-2",
    "proxy",
    "resource-server",
    "demo-client",
];

/// The project that `scripts/prove-containers` has brought up.
#[derive(Debug)]
pub(crate) struct Engine {
    project: String,
}

impl Engine {
    /// With everything in it up and well, whatever a test before has left behind.
    pub(crate) async fn all_well() -> Self {
        let project = std::env::var_os(PROJECT).and_then(|name| name.into_string().ok());
        let engine = Self {
            project: project
                .unwrap_or_else(|| panic!("{PROJECT} is not set: run scripts/prove-containers")),
        };
        for service in SERVICES {
            engine.start(service).await;
        }
        engine
    }

    /// Ends a service's process as a crash would: without asking it.
    pub(crate) fn kill(&self, service: &str) {
        docker(&["kill", "--signal=KILL", &self.container(service)]);
    }

    /// Asks a service to stop, and waits until it has.
    pub(crate) async fn stop(&self, service: &str) {
        let container = self.container(service);
        let stopped =
            tokio::task::spawn_blocking(move || docker(&["stop", "--time=30", &container]));
        stopped.await.expect("it stops");
    }

    /// Starts a service again, and waits until it is well.
    pub(crate) async fn start(&self, service: &str) {
        let container = self.container(service);
        docker(&["start", &container]);
        let deadline = Instant::now() + PATIENCE;
        let health = "--format={{.State.Health.Status}}";
        while docker(&["inspect", health, &container]) != "healthy" {
            assert!(Instant::now() < deadline, "{service} does not get well");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    fn container(&self, service: &str) -> String {
        let project = format!("--filter=label=com.docker.compose.project={}", self.project);
        let service_label = format!("--filter=label=com.docker.compose.service={service}");
        let found = docker(&["ps", "--all", "--quiet", &project, &service_label]);
        assert_eq!(
            found.lines().count(),
            1,
            "the containers of {service} in {}: {found:?}",
            self.project
        );
        found
    }
}

/// What a command of the engine prints.
fn docker(arguments: &[&str]) -> String {
    let output = Command::new("docker").args(arguments).output();
    let output = output.expect("docker is installed");
    assert!(output.status.success(), "docker {arguments:?}: {output:?}");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
