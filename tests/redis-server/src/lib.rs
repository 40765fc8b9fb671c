//! A Redis of our own for a test: a real `redis-server`, a child process that lives as long as the value.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "all of this runs in tests only, where a panic is how a rule is seen to be broken"
)]

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a Redis may take to start on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// A Redis that lives as long as this value.
#[derive(Debug)]
pub struct RedisServer {
    child: Child,
    port: u16,
    password: Option<String>,
    // Where it dumps its records, and a cluster's node keeps what it must; goes with the child.
    folder: tempfile::TempDir,
}

impl RedisServer {
    /// Starts one on a free port, without persistence, and waits until it answers.
    pub async fn start() -> Self {
        Self::start_with(None).await
    }

    /// The same, which wants a password when one is given.
    pub async fn start_with(password: Option<String>) -> Self {
        Self::start_with_arguments(password, &[]).await
    }

    /// The same, with more arguments for its command line.
    pub async fn start_with_arguments(password: Option<String>, arguments: &[&str]) -> Self {
        // Somebody else may take a free port first; then it is tried with another.
        for _ in 0..20 {
            if let Some(server) = Self::start_on(free_port(), password.clone(), arguments).await {
                return server;
            }
        }
        panic!("redis-server found no port");
    }

    /// A cluster of one node: it refuses whatever leaves its slot, as a larger one would.
    pub async fn start_cluster() -> Self {
        let server = Self::start_with_arguments(None, &["--cluster-enabled", "yes"]).await;
        let mut slots = redis::cmd("CLUSTER");
        slots.arg("ADDSLOTSRANGE").arg(0).arg(16_383);
        let _done: String = server.ask(&slots).await;
        let deadline = Instant::now() + PATIENCE;
        loop {
            let state: String = server.ask(redis::cmd("CLUSTER").arg("INFO")).await;
            if state.contains("cluster_state:ok") {
                return server;
            }
            assert!(Instant::now() < deadline, "the cluster does not form");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// `None` when the port is taken.
    async fn start_on(port: u16, password: Option<String>, arguments: &[&str]) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new("redis-server");
        command
            .current_dir(folder.path())
            .args(["--bind", "127.0.0.1", "--port", &port.to_string()])
            .args(["--save", "", "--appendonly", "no", "--rdbcompression", "no"])
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if let Some(password) = &password {
            command.args(["--requirepass", password]);
        }
        let child = command.spawn().unwrap_or_else(|error| {
            panic!("redis-server cannot be started ({error}); these tests need it installed")
        });
        let mut server = Self {
            child,
            port,
            password,
            folder,
        };
        server.is_ready().await.then_some(server)
    }

    /// Waits until our own child answers; `false` when it ended instead.
    async fn is_ready(&mut self) -> bool {
        let deadline = Instant::now() + PATIENCE;
        let ours = format!("process_id:{}", self.child.id());
        loop {
            if self.child.try_wait().unwrap().is_some() {
                return false;
            }
            let mut question = redis::cmd("INFO");
            question.arg("server");
            if let Ok(answer) = self.try_ask::<String>(&question).await
                && answer.lines().any(|line| line == ours)
            {
                return true;
            }
            assert!(Instant::now() < deadline, "redis-server does not answer");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Its address, with the password.
    pub fn url(&self) -> String {
        let Some(password) = &self.password else {
            return format!("redis://127.0.0.1:{}/0", self.port);
        };
        let password: String = url::form_urlencoded::byte_serialize(password.as_bytes()).collect();
        format!("redis://:{password}@127.0.0.1:{}/0", self.port)
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Asks on a connection of its own.
    pub async fn ask<T: redis::FromRedisValue>(&self, command: &redis::Cmd) -> T {
        self.try_ask(command).await.unwrap()
    }

    async fn try_ask<T: redis::FromRedisValue>(
        &self,
        command: &redis::Cmd,
    ) -> redis::RedisResult<T> {
        let client = redis::Client::open(self.url())?;
        let mut connection = client.get_multiplexed_async_connection().await?;
        command.query_async(&mut connection).await
    }

    /// The names of all keys.
    pub async fn keys(&self) -> Vec<String> {
        self.ask(redis::cmd("KEYS").arg("*")).await
    }

    /// The names of the keys that would stay for ever.
    pub async fn keys_without_ttl(&self) -> Vec<String> {
        let mut found = Vec::new();
        for key in self.keys().await {
            let ttl: i64 = self.ask(redis::cmd("TTL").arg(&key)).await;
            if ttl == -1 {
                found.push(key);
            }
        }
        found
    }

    /// Every key and value as Redis keeps them, for tests that look for what must not be there.
    pub async fn dump(&self) -> Vec<u8> {
        let _done: String = self.ask(&redis::cmd("SAVE")).await;
        std::fs::read(self.folder.path().join("dump.rdb")).unwrap()
    }

    /// Makes it silent: connections stay open and nothing is answered.
    pub fn pause(&self) {
        self.signal("STOP");
    }

    /// Lets it answer again.
    pub fn resume(&self) {
        self.signal("CONT");
    }

    fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status();
        assert!(sent.unwrap().success());
    }

    /// Kills it, as a power failure would.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// A new one, empty, where this one was.
    pub async fn restart(&mut self) {
        self.kill();
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(server) = Self::start_on(self.port, self.password.clone(), &[]).await {
                *self = server;
                return;
            }
            assert!(Instant::now() < deadline, "the port was taken meanwhile");
        }
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        // It may have been killed by the test; then there is nothing left to end.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A port that nobody listens on.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
