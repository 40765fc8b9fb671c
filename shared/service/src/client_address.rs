//! Where a caller comes from, also when a proxy stands in between.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use actix_web::HttpRequest;
use actix_web::http::header::HeaderMap;
use actix_web::web::Data;
use ipnet::{IpNet, Ipv4Net};
use serde::{Deserialize, Deserializer, de};

/// The header in which each proxy adds the address that it was called from.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// Bits that stand before an IPv4 address that is written as one of IPv6.
const MAPPED_LENGTH: u8 = 96;

/// The proxies whose `X-Forwarded-For` is believed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

impl<'de> Deserialize<'de> for TrustedProxies {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let texts = Vec::<String>::deserialize(from)?;
        let networks = texts.iter().map(|text| {
            read_network(text).ok_or_else(|| {
                de::Error::custom(format!(
                    "`{text}` is neither an address such as 10.0.0.1 nor a network such as 10.0.0.0/8"
                ))
            })
        });
        Ok(Self(networks.collect::<Result<_, _>>()?))
    }
}

/// An address or a network, in the spelling that callers are compared in.
fn read_network(text: &str) -> Option<IpNet> {
    let network = text.parse::<IpNet>().ok();
    let network = network.or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))?;
    Some(canonical(network))
}

/// An IPv4 network that is written as one of IPv6 (`::ffff:10.0.0.0/104`, RFC 4291 §2.5.5.2) is the IPv4 network.
fn canonical(network: IpNet) -> IpNet {
    let IpNet::V6(mapped) = network else {
        return network;
    };
    let address = mapped.addr().to_ipv4_mapped();
    let length = mapped.prefix_len().checked_sub(MAPPED_LENGTH);
    let of_ipv4 = address
        .zip(length)
        .and_then(|(address, length)| Ipv4Net::new(address, length).ok());
    of_ipv4.map_or(network, IpNet::V4)
}

impl TrustedProxies {
    /// Whether the word of somebody who calls from there is taken.
    pub(crate) fn trust(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// The first address, seen from here, that is no trusted proxy's. Whatever is further away was
    /// written by somebody who is not trusted.
    fn caller(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut caller = peer.to_canonical();
        // What a stranger wrote further left may be anything, also what is no text.
        let values = headers.get_all(FORWARDED_FOR).rev();
        let mut hops = values
            .flat_map(|value| value.as_bytes().rsplit(|byte| *byte == b','))
            .map(<[u8]>::trim_ascii)
            .filter(|hop| !hop.is_empty());
        while self.trust(caller) {
            match hops.next().and_then(parse_hop) {
                Some(hop) => caller = hop,
                None => break,
            }
        }
        caller
    }
}

/// Some proxies add the port.
fn parse_hop(text: &[u8]) -> Option<IpAddr> {
    let text = str::from_utf8(text).ok()?;
    let address = text.parse().ok();
    let address = address.or_else(|| Some(text.parse::<SocketAddr>().ok()?.ip()));
    let in_brackets = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    address.or_else(in_brackets).map(|hop| hop.to_canonical())
}

/// The address that a request comes from, by the [`TrustedProxies`] in the application's data. `None`
/// only where there is no network (a request that a test made up).
pub fn client_address(request: &HttpRequest) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip();
    Some(match request.app_data::<Data<TrustedProxies>>() {
        Some(proxies) => proxies.caller(peer, request.headers()),
        None => peer.to_canonical(),
    })
}

/// What is counted as one caller: an IPv4 address, and of IPv6 the network of 64 bits that a household or a
/// rented machine has for itself ([RFC 6177](https://www.rfc-editor.org/rfc/rfc6177)); whoever counted addresses
/// there would count to 2⁶⁴.
pub fn caller_network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let network = Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64));
            IpAddr::V6(network)
        }
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;
    use actix_web::test::TestRequest;

    use super::*;

    fn seen(trusted: &[&str], peer: &str, forwarded: &[&str]) -> String {
        let trusted = serde_json::json!(trusted);
        let proxies: TrustedProxies = serde_json::from_value(trusted).unwrap();
        let mut request = TestRequest::default()
            .app_data(Data::new(proxies))
            .peer_addr(SocketAddr::new(peer.parse().unwrap(), 4711));
        for value in forwarded {
            request = request.append_header((FORWARDED_FOR, *value));
        }
        client_address(&request.to_http_request())
            .unwrap()
            .to_string()
    }

    #[test]
    fn without_trusted_proxies_the_header_means_nothing() {
        assert_eq!(seen(&[], "10.0.0.2", &["1.2.3.4"]), "10.0.0.2");
    }

    #[test]
    fn a_caller_that_is_no_proxy_cannot_choose_its_address() {
        let trusted = ["10.0.0.0/8"];
        assert_eq!(seen(&trusted, "192.0.2.7", &["1.2.3.4"]), "192.0.2.7");
        // What the caller wrote itself stands before what the proxy added.
        let forwarded = ["127.0.0.1, 192.0.2.7"];
        assert_eq!(seen(&trusted, "10.0.0.2", &forwarded), "192.0.2.7");
        assert_eq!(
            seen(&trusted, "10.0.0.2", &["127.0.0.1", "192.0.2.7"]),
            "192.0.2.7"
        );
    }

    #[test]
    fn several_trusted_proxies_are_passed() {
        let forwarded = ["192.0.2.7, 10.0.0.9", "10.1.0.1"];
        assert_eq!(seen(&["10.0.0.0/8"], "10.0.0.2", &forwarded), "192.0.2.7");
    }

    #[test]
    fn behind_proxies_only_the_furthest_is_the_caller() {
        assert_eq!(seen(&["10.0.0.0/8"], "10.0.0.2", &["10.0.0.3"]), "10.0.0.3");
        assert_eq!(seen(&["10.0.0.0/8"], "10.0.0.2", &[]), "10.0.0.2");
        assert_eq!(seen(&["10.0.0.0/8"], "10.0.0.2", &["unknown"]), "10.0.0.2");
    }

    #[test]
    fn addresses_are_read_in_every_usual_form() {
        let trusted = ["::1", "10.0.0.2"];
        assert_eq!(seen(&trusted, "::1", &["192.0.2.7:80"]), "192.0.2.7");
        assert_eq!(seen(&trusted, "::1", &["[2001:db8::7]:80"]), "2001:db8::7");
        assert_eq!(seen(&trusted, "::1", &["[2001:db8::7]"]), "2001:db8::7");
        assert_eq!(
            seen(&trusted, "::ffff:10.0.0.2", &["2001:db8::7"]),
            "2001:db8::7"
        );
    }

    /// On a socket for both families an IPv4 peer comes as such an address, and operators copy it from a log.
    #[test]
    fn a_proxy_is_trusted_in_every_spelling_of_its_address() {
        for trusted in [
            "::ffff:10.0.0.2",
            "::ffff:10.0.0.2/128",
            "::ffff:a00:2",
            "::ffff:10.0.0.0/104",
            "0:0:0:0:0:ffff:0a00:0000/96",
        ] {
            for peer in ["10.0.0.2", "::ffff:10.0.0.2"] {
                assert_eq!(
                    seen(&[trusted], peer, &["192.0.2.7"]),
                    "192.0.2.7",
                    "{trusted}"
                );
            }
        }
        let stranger = seen(&["::ffff:10.0.0.0/104"], "11.0.0.2", &["192.0.2.7"]);
        assert_eq!(stranger, "11.0.0.2");
    }

    #[test]
    fn what_a_stranger_wrote_does_not_hide_what_the_proxy_added() {
        for written in [
            &b"\xff, 192.0.2.7"[..],
            b"unknown, 192.0.2.7",
            b"\xc3\x28 192.0.2.8,, 192.0.2.7 ,",
            b"\t,192.0.2.7",
        ] {
            let proxies: TrustedProxies = serde_json::from_str(r#"["10.0.0.0/8"]"#).unwrap();
            let request = TestRequest::default()
                .app_data(Data::new(proxies))
                .peer_addr("10.0.0.2:4711".parse().unwrap())
                .append_header((FORWARDED_FOR, HeaderValue::from_bytes(b"\xfe").unwrap()))
                .append_header((FORWARDED_FOR, HeaderValue::from_bytes(written).unwrap()))
                .to_http_request();
            let seen = client_address(&request).unwrap().to_string();
            assert_eq!(seen, "192.0.2.7", "{written:?}");
        }
    }

    #[test]
    fn a_network_of_64_bits_is_one_caller() {
        let network = |text: &str| caller_network(text.parse().unwrap()).to_string();
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(network("192.0.2.7"), "192.0.2.7");
        assert_eq!(network("::ffff:192.0.2.7"), "192.0.2.7");
    }

    #[test]
    fn what_is_no_network_is_refused_with_its_text() {
        let wrong = serde_json::from_str::<TrustedProxies>(r#"["everybody"]"#);
        assert!(wrong.unwrap_err().to_string().contains("`everybody`"));
    }
}
