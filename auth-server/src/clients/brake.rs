//! The brake against guessing the secrets of clients, before anything is hashed: so many a minute of one client
//! from one address, and of all clients from one address. It counts secrets that are not known to be good, so
//! whoever guesses at a client brakes himself, and the client goes on.

use std::num::NonZeroU32;
use std::sync::Arc;

use symbolon::clock::Clock;
use symbolon::identifiers::ClientId;

use crate::brakes::{Meter, network_of};

/// How many secrets that are not known to be good are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientLimits {
    /// Per minute, of one client from one address.
    pub per_client_and_address_per_minute: NonZeroU32,
    /// Per minute, from one address.
    pub per_address_per_minute: NonZeroU32,
}

/// A secret that was one too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientThrottled {
    /// What was counted.
    pub limit: ClientLimit,
    /// When it is worth trying again, in seconds.
    pub retry_after_secs: u64,
}

/// What secrets are counted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientLimit {
    /// Those of one client from one address.
    ClientAndAddress,
    /// Those from one address.
    Address,
}

impl ClientLimit {
    /// The word in the audit stream and in metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ClientAndAddress => "client_and_address",
            Self::Address => "address",
        }
    }
}

/// Counts secrets.
#[derive(Debug)]
pub struct ClientBrake {
    pairs: Meter,
    addresses: Meter,
}

/// A secret that was counted.
#[derive(Debug)]
pub(super) struct Counted<'a> {
    client_id: &'a ClientId,
    network: String,
}

impl ClientBrake {
    /// Lets through as much as `limits` say.
    pub fn new(limits: &ClientLimits, clock: &Arc<dyn Clock>) -> Self {
        Self {
            pairs: Meter::new(limits.per_client_and_address_per_minute, clock.clone()),
            addresses: Meter::new(limits.per_address_per_minute, clock.clone()),
        }
    }

    /// Counts a secret of a client, which may have any name.
    pub(super) fn count<'a>(
        &self,
        client_id: &'a ClientId,
        address: &str,
    ) -> Result<Counted<'a>, ClientThrottled> {
        let network = network_of(address);
        let throttled = |limit: ClientLimit| {
            move |wait: std::time::Duration| ClientThrottled {
                limit,
                retry_after_secs: wait.as_secs().max(1),
            }
        };
        let by_address = self.addresses.count(&network);
        by_address.map_err(throttled(ClientLimit::Address))?;
        let by_pair = self.pairs.count(&(client_id.as_str(), &network));
        if by_pair.is_err() {
            self.addresses.take_back(&network);
        }
        by_pair.map_err(throttled(ClientLimit::ClientAndAddress))?;
        Ok(Counted { client_id, network })
    }

    /// The secret turned out to be good, or was not looked at.
    pub(super) fn take_back(&self, counted: &Counted<'_>) {
        let Counted { client_id, network } = counted;
        self.pairs.take_back(&(client_id.as_str(), network));
        self.addresses.take_back(network);
    }
}
