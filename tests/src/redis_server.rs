//! A real Redis, as a child process.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A Redis that lives as long as this value.
#[derive(Debug)]
pub struct RedisServer {
    child: Child,
    port: u16,
    directory: tempfile::TempDir,
}

impl RedisServer {
    /// Starts one on a free port, without persistence, and waits until it answers.
    pub async fn start() -> Self {
        let port = free_port();
        let directory = tempfile::tempdir().expect("a directory");
        let child = spawn(port, directory.path());
        wait(port).await;
        Self {
            child,
            port,
            directory,
        }
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    /// Ends it at once, as a crash would.
    pub fn kill(&mut self) {
        self.child.kill().expect("redis-server is ended");
        self.child.wait().expect("redis-server has ended");
    }

    /// Starts it again on the same port, empty.
    pub async fn restart(&mut self) {
        self.child = spawn(self.port, self.directory.path());
        wait(self.port).await;
    }

    /// Every key and value as Redis keeps them, for tests that look for what must not be there.
    pub async fn dump(&self) -> Vec<u8> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))
            .await
            .expect("Redis answers");
        stream
            .write_all(b"*1\r\n$4\r\nSAVE\r\n")
            .await
            .expect("SAVE is sent");
        let mut answer = [0; 5];
        stream
            .read_exact(&mut answer)
            .await
            .expect("SAVE is answered");
        assert_eq!(&answer, b"+OK\r\n");
        std::fs::read(self.directory.path().join("dump.rdb")).expect("the dump is read")
    }
}

impl RedisServer {
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
        assert!(sent.expect("kill is there").success());
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        // It may have been ended by the test already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("it has an address").port()
}

fn spawn(port: u16, directory: &std::path::Path) -> Child {
    Command::new("redis-server")
        .args([
            "--port",
            &port.to_string(),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
        ])
        .args(["--rdbcompression", "no", "--dir"])
        .arg(directory)
        .stdout(Stdio::null())
        .spawn()
        .expect("redis-server is installed (scripts/test installs it)")
}

async fn wait(port: u16) {
    for _ in 0..500 {
        if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)).await
            && stream.write_all(b"PING\r\n").await.is_ok()
        {
            let mut answer = [0; 7];
            if stream.read_exact(&mut answer).await.is_ok() && &answer == b"+PONG\r\n" {
                return;
            }
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("redis-server does not answer on port {port}");
}
