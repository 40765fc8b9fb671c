//! A Redis of our own for a test: a real `redis-server`, a child process that lives as long as the value.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "all of this runs in tests only, where a panic is how a rule is seen to be broken"
)]

use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

mod port;

pub use port::ReservedPort;

/// How long a Redis may take to start or to answer on a busy machine: as long as any other service.
const PATIENCE: Duration = Duration::from_secs(30);
/// What it writes into its folder.
const LOG: &str = "log";

/// A Redis that lives as long as this value.
#[derive(Debug)]
pub struct RedisServer {
    child: Child,
    port: ReservedPort,
    password: Option<String>,
    arguments: Vec<String>,
    // Where it dumps its records, and a cluster's node keeps what it must; goes with the child.
    folder: tempfile::TempDir,
    // Where the nodes of a cluster speak with each other.
    bus: Option<ReservedPort>,
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
        let arguments: Vec<String> = arguments.iter().map(|text| (*text).to_owned()).collect();
        let mut said = String::new();
        // A program that is no test may take the port between our look at it and the start.
        for _ in 0..20 {
            let mut server = Self::spawn(password.clone(), arguments.clone());
            if server.is_ready().await {
                return server;
            }
            said = server.log();
        }
        panic!("redis-server ends by itself: {said}");
    }

    fn spawn(password: Option<String>, arguments: Vec<String>) -> Self {
        let (port, folder) = (ReservedPort::take(), tempfile::tempdir().unwrap());
        let child = start_child(&port, password.as_ref(), &arguments, folder.path());
        Self {
            child,
            port,
            password,
            arguments,
            folder,
            bus: None,
        }
    }

    /// A cluster of one node: it refuses whatever leaves its slot, as a larger one would.
    pub async fn start_cluster() -> Self {
        let server = Self::start_node().await;
        server.add_slots(0, 16_383).await;
        server.until_the_cluster_is_formed().await;
        server
    }

    /// A cluster of two nodes, each of which keeps one half of the slots.
    pub async fn start_cluster_of_two() -> [Self; 2] {
        let (first, second) = (Self::start_node().await, Self::start_node().await);
        first.add_slots(0, 8_191).await;
        second.add_slots(8_192, 16_383).await;
        let mut meet = redis::cmd("CLUSTER");
        meet.arg("MEET").arg("127.0.0.1").arg(second.port());
        meet.arg(second.bus.as_ref().map(ReservedPort::number));
        let _done: String = first.ask(&meet).await;
        first.until_the_cluster_is_formed().await;
        second.until_the_cluster_is_formed().await;
        [first, second]
    }

    async fn start_node() -> Self {
        let bus = ReservedPort::take();
        let bus_port = bus.number().to_string();
        let arguments = ["--cluster-enabled", "yes", "--cluster-port", &bus_port];
        let mut server = Self::start_with_arguments(None, &arguments).await;
        server.bus = Some(bus);
        server
    }

    async fn add_slots(&self, first: u16, last: u16) {
        let mut slots = redis::cmd("CLUSTER");
        slots.arg("ADDSLOTSRANGE").arg(first).arg(last);
        let _done: String = self.ask(&slots).await;
    }

    async fn until_the_cluster_is_formed(&self) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let state: String = self.ask(redis::cmd("CLUSTER").arg("INFO")).await;
            if state.contains("cluster_state:ok") {
                return;
            }
            assert!(Instant::now() < deadline, "the cluster does not form");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
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
            let (port, log) = (self.port(), self.log());
            assert!(
                Instant::now() < deadline,
                "redis-server does not answer on port {port}: {log}"
            );
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// What it said.
    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join(LOG)).unwrap_or_default()
    }

    /// Its address, with the password.
    pub fn url(&self) -> String {
        let port = self.port();
        let Some(password) = &self.password else {
            return format!("redis://127.0.0.1:{port}/0");
        };
        let password: String = url::form_urlencoded::byte_serialize(password.as_bytes()).collect();
        format!("redis://:{password}@127.0.0.1:{port}/0")
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port.number()
    }

    /// Asks on a connection of its own.
    pub async fn ask<T: redis::FromRedisValue>(&self, command: &redis::Cmd) -> T {
        self.try_ask(command).await.unwrap()
    }

    /// Who is connected, a line for each; the last is who asks.
    pub async fn clients(&self) -> String {
        self.ask(redis::cmd("CLIENT").arg("LIST")).await
    }

    /// What it answers to a command of these words.
    pub async fn answer<T: redis::FromRedisValue>(&self, words: &[&str]) -> T {
        let mut command = redis::Cmd::new();
        for word in words {
            command.arg(*word);
        }
        self.ask(&command).await
    }

    /// Sends a command that is answered with OK.
    pub async fn tell(&self, words: &[&str]) {
        let mut command = redis::Cmd::new();
        let _done: String = self.ask(command.arg(words)).await;
    }

    /// Writes bytes under a key, until they are removed.
    pub async fn keep(&self, key: &str, bytes: &[u8]) {
        let _done: String = self.ask(redis::cmd("SET").arg(key).arg(bytes)).await;
    }

    /// Writes many of them.
    pub async fn keep_all(&self, all: impl Iterator<Item = (String, Vec<u8>)>) {
        let client = redis::Client::open(self.url()).unwrap();
        let patient = redis::AsyncConnectionConfig::new().set_response_timeout(Some(PATIENCE));
        let connecting = client.get_multiplexed_async_connection_with_config(&patient);
        let mut connection = connecting.await.unwrap();
        let mut all = all.peekable();
        while all.peek().is_some() {
            let mut commands = redis::pipe();
            for (key, bytes) in all.by_ref().take(1000) {
                commands.set(key, bytes).ignore();
            }
            let written: redis::RedisResult<()> = commands.query_async(&mut connection).await;
            written.unwrap();
        }
    }

    async fn try_ask<T: redis::FromRedisValue>(
        &self,
        command: &redis::Cmd,
    ) -> redis::RedisResult<T> {
        let client = redis::Client::open(self.url())?;
        // The library's own half second is not much on a busy machine.
        let patient = redis::AsyncConnectionConfig::new()
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE));
        let connecting = client.get_multiplexed_async_connection_with_config(&patient);
        let mut connection = connecting.await?;
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

    /// How many keys there are, and members of sorted sets.
    pub async fn how_many_are_kept(&self) -> u64 {
        let mut count = 0;
        for key in self.keys().await {
            let kind: String = self.ask(redis::cmd("TYPE").arg(&key)).await;
            if kind == "zset" {
                count += self.ask::<u64>(redis::cmd("ZCARD").arg(&key)).await;
            }
            count += 1;
        }
        count
    }

    /// Writes nonsense into the strings, hashes and streams under the keys that are meant, which keep their names and ends.
    /// What a hash says about its times stays: the record in it is damaged, as a program of somebody else would do it.
    pub async fn damage(&self, is_meant: impl Fn(&str) -> bool) {
        for key in self.keys().await {
            if !is_meant(&key) {
                continue;
            }
            let kind: String = self.ask(redis::cmd("TYPE").arg(&key)).await;
            if kind == "string" {
                let mut damage = redis::cmd("SET");
                damage.arg(&key).arg("nonsense").arg("KEEPTTL");
                let _done: String = self.ask(&damage).await;
            }
            if kind == "hash" {
                self.damage_hash(&key).await;
            }
            if kind == "stream" {
                self.damage_stream(&key).await;
            }
        }
    }

    async fn damage_hash(&self, key: &str) {
        let fields: Vec<String> = self.ask(redis::cmd("HKEYS").arg(key)).await;
        let has_record = fields.iter().any(|field| field == "record");
        for field in fields {
            if field == "record" || !has_record {
                let mut damage = redis::cmd("HSET");
                damage.arg(key).arg(field).arg("nonsense");
                let _changed: u64 = self.ask(&damage).await;
            }
        }
    }

    async fn damage_stream(&self, key: &str) {
        let mut all = redis::cmd("XRANGE");
        let entries: Vec<(String, Vec<String>)> = self.ask(all.arg(key).arg("-").arg("+")).await;
        for (name, fields) in entries {
            let mut damage = redis::cmd("XADD");
            damage.arg(key).arg("*");
            for field in fields.iter().step_by(2) {
                damage.arg(field).arg("nonsense");
            }
            let _name: String = self.ask(&damage).await;
            let mut remove = redis::cmd("XDEL");
            let _removed: u64 = self.ask(remove.arg(key).arg(name)).await;
        }
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
            self.folder = tempfile::tempdir().unwrap();
            let folder = self.folder.path();
            self.child = start_child(&self.port, self.password.as_ref(), &self.arguments, folder);
            if self.is_ready().await {
                return;
            }
            assert!(Instant::now() < deadline, "it ends: {}", self.log());
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

fn start_child(
    port: &ReservedPort,
    password: Option<&String>,
    arguments: &[String],
    folder: &Path,
) -> Child {
    let mut command = Command::new("redis-server");
    command
        .current_dir(folder)
        .args(["--bind", "127.0.0.1", "--port", &port.number().to_string()])
        .args(["--save", "", "--appendonly", "no", "--rdbcompression", "no"])
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(File::create(folder.join(LOG)).unwrap())
        .stderr(Stdio::null());
    if let Some(password) = password {
        command.args(["--requirepass", password]);
    }
    command.spawn().unwrap_or_else(|error| {
        panic!("redis-server cannot be started ({error}); these tests need it installed")
    })
}
