//! A real Prometheus with the deployed files, in a process of its own.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// How long Prometheus may take for anything.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// A file of `deploy/observability`.
pub(crate) fn deployed(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../deploy/observability")
        .join(file)
}

/// A Prometheus with the deployed configuration, except for where the services are and how often they are
/// asked.
pub(crate) struct Prometheus {
    child: Child,
    url: String,
    directory: TempDir,
    http: reqwest::Client,
}

impl Prometheus {
    #[allow(clippy::too_many_lines, reason = "a test reads from top to bottom")]
    pub(crate) async fn start(targets: &[(&str, &str)]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let mut configuration = fs::read_to_string(deployed("prometheus.yml")).unwrap();
        for (deployed, real) in targets {
            assert!(
                configuration.contains(deployed),
                "{deployed} is not scraped"
            );
            configuration = configuration.replace(deployed, real.trim_start_matches("http://"));
        }
        let configuration = configuration.replace("_interval: 15s", "_interval: 250ms");
        let file = directory.path().join("prometheus.yml");
        fs::write(&file, configuration).unwrap();
        fs::copy(deployed("alerts.yml"), directory.path().join("alerts.yml")).unwrap();
        let log = File::create(directory.path().join("log")).unwrap();
        let child = Command::new("prometheus")
            .arg(format!("--config.file={}", file.display()))
            .arg(format!(
                "--storage.tsdb.path={}",
                directory.path().join("data").display()
            ))
            .arg("--web.listen-address=127.0.0.1:0")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("prometheus is installed (scripts/test installs it)");
        let mut started = Self {
            child,
            url: String::new(),
            directory,
            http: reqwest::Client::builder().build().unwrap(),
        };
        let log = started.directory.path().join("log");
        started.url = until(async || {
            let log = fs::read_to_string(&log).unwrap();
            let (_, address) = log.split_once("msg=\"Listening on\" address=")?;
            Some(format!("http://{}", address.split_whitespace().next()?))
        })
        .await;
        // It listens before it answers.
        let ready = format!("{}/-/ready", started.url);
        until(async || {
            let answer = started.http.get(&ready).send().await.ok()?;
            answer.status().is_success().then_some(())
        })
        .await;
        started
    }

    pub(crate) async fn ask(&self, path: &str, parameters: &[(&str, &str)]) -> Option<Value> {
        let url = url::Url::parse_with_params(&format!("{}{path}", self.url), parameters).unwrap();
        let text = self.http.get(url).send().await.ok()?.text().await.ok()?;
        let answer: Value = serde_json::from_str(&text).ok()?;
        assert_eq!(answer["status"], "success", "{parameters:?}: {answer}");
        Some(answer["data"].clone())
    }

    /// The series that a query finds now.
    pub(crate) async fn series(&self, query: &str) -> Vec<Value> {
        let found = self.ask("/api/v1/query", &[("query", query)]).await;
        let found = found.expect("Prometheus answers");
        found["result"].as_array().unwrap().clone()
    }

    /// Waits until a query finds this many series.
    pub(crate) async fn wait_for(&self, query: &str, many: usize) {
        until(async || (self.series(query).await.len() == many).then_some(())).await;
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until there is an answer.
pub(crate) async fn until<T>(mut condition: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + LONGEST_WAIT;
    loop {
        if let Some(met) = condition().await {
            return met;
        }
        assert!(Instant::now() < deadline, "it did not happen in time");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
