//! Which addresses are one caller's.

use symbolon_service::client_address::caller_network;

/// What attempts from an address are counted under: its [network](caller_network). What is no address counts as
/// it is written.
pub fn network_of(address: &str) -> String {
    match address.parse() {
        Ok(address) => caller_network(address).to_string(),
        Err(_) => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_addresses_of_one_ipv6_network_are_one_caller() {
        for (address, network) in [
            ("192.0.2.1", "192.0.2.1"),
            ("::ffff:192.0.2.1", "192.0.2.1"),
            ("2001:db8:1:2::1", "2001:db8:1:2::"),
            ("2001:db8:1:2:ffff::9", "2001:db8:1:2::"),
            ("2001:db8:1:3::1", "2001:db8:1:3::"),
            ("", ""),
        ] {
            assert_eq!(network_of(address), network);
        }
    }
}
