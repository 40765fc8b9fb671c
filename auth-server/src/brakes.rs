//! Brakes: how often something may be tried from where. They know neither who tries nor what.

mod meter;
mod network;

pub use meter::Meter;
pub use network::network_of;
