//! Which connections are taken: so many at once, and so many of one caller.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::client_address::{TrustedProxies, caller_network};
use crate::http::HttpSettings;

/// How many connections there may be.
#[derive(Debug)]
pub(super) struct Admission {
    most: usize,
    most_of_one_caller: usize,
    /// One connection of theirs carries the requests of many callers.
    proxies: TrustedProxies,
    open: Mutex<Open>,
}

/// How many connections there are.
#[derive(Debug, Default)]
struct Open {
    all: usize,
    by_caller: HashMap<IpAddr, usize>,
}

/// The limit that a connection was one too many for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Full {
    All,
    OfOneCaller,
}

impl Admission {
    pub(super) fn new(settings: &HttpSettings) -> Arc<Self> {
        Arc::new(Self {
            most: settings.connections,
            most_of_one_caller: settings.connections_per_address,
            proxies: settings.trusted_proxies.clone(),
            open: Mutex::default(),
        })
    }

    /// Takes a connection in, or says which limit is reached.
    pub(super) fn admit(self: &Arc<Self>, peer: IpAddr) -> Result<Permit, Full> {
        let caller = (!self.proxies.trust(peer.to_canonical())).then(|| caller_network(peer));
        let mut open = self.open();
        if open.all >= self.most {
            return Err(Full::All);
        }
        if let Some(caller) = caller {
            let of_caller = open.by_caller.entry(caller).or_default();
            if *of_caller >= self.most_of_one_caller {
                return Err(Full::OfOneCaller);
            }
            *of_caller += 1;
        }
        open.all += 1;
        drop(open);
        Ok(Permit {
            admission: Arc::clone(self),
            caller,
        })
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        // Nothing in here panics between two changes that belong together.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection that was taken, until this is dropped.
#[derive(Debug)]
pub(super) struct Permit {
    admission: Arc<Admission>,
    caller: Option<IpAddr>,
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut open = self.admission.open();
        open.all = open.all.saturating_sub(1);
        let Some(caller) = self.caller else { return };
        if let Some(of_caller) = open.by_caller.get_mut(&caller) {
            *of_caller = of_caller.saturating_sub(1);
            if *of_caller == 0 {
                open.by_caller.remove(&caller);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admission(most: usize, most_of_one_caller: usize, proxies: &[&str]) -> Arc<Admission> {
        let proxies = serde_json::json!(proxies);
        Arc::new(Admission {
            most,
            most_of_one_caller,
            proxies: serde_json::from_value(proxies).unwrap(),
            open: Mutex::default(),
        })
    }

    #[test]
    fn one_caller_does_not_take_the_connections_of_all() {
        let admission = admission(3, 2, &[]);
        let admit = |peer: &str| admission.admit(peer.parse().unwrap());
        let _first = admit("192.0.2.1").unwrap();
        let second = admit("::ffff:192.0.2.1").unwrap();
        assert_eq!(admit("192.0.2.1").unwrap_err(), Full::OfOneCaller);
        let other = admit("192.0.2.2").unwrap();
        assert_eq!(admit("192.0.2.3").unwrap_err(), Full::All);
        drop(second);
        let _again = admit("192.0.2.1").unwrap();
        drop(other);
        assert_eq!(admit("192.0.2.1").unwrap_err(), Full::OfOneCaller);
    }

    #[test]
    fn a_network_of_64_bits_has_the_connections_of_one_caller() {
        let admission = admission(9, 1, &[]);
        let _first = admission.admit("2001:db8::1".parse().unwrap()).unwrap();
        let second = admission.admit("2001:db8::2".parse().unwrap());
        assert_eq!(second.unwrap_err(), Full::OfOneCaller);
    }

    #[test]
    fn a_trusted_proxy_has_as_many_connections_as_there_are() {
        let admission = admission(3, 1, &["10.0.0.0/8"]);
        let proxy: IpAddr = "10.1.2.3".parse().unwrap();
        let permits: Vec<_> = (0..3).map(|_| admission.admit(proxy).unwrap()).collect();
        assert_eq!(admission.admit(proxy).unwrap_err(), Full::All);
        drop(permits);
        assert_eq!(admission.open().all, 0);
    }

    #[test]
    fn who_is_gone_is_not_remembered() {
        let admission = admission(3, 1, &[]);
        drop(admission.admit("192.0.2.1".parse().unwrap()).unwrap());
        assert!(admission.open().by_caller.is_empty());
    }
}
