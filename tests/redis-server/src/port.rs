//! A port that no other test takes.

use std::fs::{File, TryLockError};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicU16, Ordering};

/// Ports that the system gives to nobody by itself: what asks for any port, and what calls, gets one above.
const FIRST: u16 = 20_000;
const COUNT: u16 = 12_000;

/// A port of this test's own, whoever listens on it and however often, until this is dropped: other tests, also in
/// other processes, see that it is taken.
#[derive(Debug)]
pub struct ReservedPort {
    number: u16,
    _lock: File,
}

impl ReservedPort {
    /// One that nobody has, and on which nobody listens.
    pub fn take() -> Self {
        static TAKEN: AtomicU16 = AtomicU16::new(0);
        let folder = std::env::temp_dir().join("symbolon-test-ports");
        std::fs::create_dir_all(&folder).unwrap();
        // Each process begins elsewhere, so that they seldom try what another has.
        let process = std::process::id().wrapping_mul(7919) % u32::from(COUNT);
        let begin = u16::try_from(process).unwrap() + TAKEN.fetch_add(1, Ordering::Relaxed) % COUNT;
        for step in 0..COUNT {
            let number = FIRST + (begin % COUNT + step) % COUNT;
            let lock = File::create(folder.join(number.to_string())).unwrap();
            match lock.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => continue,
                Err(TryLockError::Error(error)) => panic!("port {number}: {error}"),
            }
            if TcpListener::bind((Ipv4Addr::LOCALHOST, number)).is_ok() {
                return Self {
                    number,
                    _lock: lock,
                };
            }
        }
        panic!("all ports are taken");
    }

    /// Its number.
    pub fn number(&self) -> u16 {
        self.number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_was_taken_is_taken_by_nobody_else_until_it_is_given_back() {
        let ports: Vec<ReservedPort> = (0..50).map(|_| ReservedPort::take()).collect();
        let mut numbers: Vec<u16> = ports.iter().map(ReservedPort::number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), ports.len());
    }
}
