//! What a client says of itself, for the page that asks about it. Nothing of it is loaded by this server, and of what the
//! browser loads there is only the picture: from an address that nobody on the way can change.

use symbolon::calls::is_loopback;
use url::Url;

use crate::clients::client::Client;
use crate::pages::{CardLink, CardRegistration, ClientCard};

/// What the page shows, and the origin that the picture comes from.
pub(crate) fn client_card(client: &Client) -> (ClientCard, Option<String>) {
    let about = &client.about;
    let logo = about.logo_uri.as_deref().and_then(of_the_web);
    let logo = logo.filter(|url| url.scheme() == "https" || is_loopback(url));
    let text = |uri: &Option<String>| uri.as_deref().and_then(of_the_web).map(String::from);
    let site = about.client_uri.as_deref().and_then(of_the_web);
    let site = site.and_then(|url| {
        let host = url.host_str()?.to_owned();
        let address = url.into();
        Some(CardLink { address, host })
    });
    let registered = about.registered.clone();
    let origin = logo.as_ref().map(|url| url.origin().ascii_serialization());
    let card = ClientCard {
        logo: logo.map(String::from),
        site,
        policy: text(&about.policy_uri),
        terms: text(&about.tos_uri),
        registered: registered.map(|registered| CardRegistration {
            by: registered.by,
            at: registered.at,
        }),
    };
    (card, origin)
}

/// An address that a browser may be given: no script, and no file.
fn of_the_web(uri: &str) -> Option<Url> {
    let url = Url::parse(uri).ok()?;
    (["http", "https"].contains(&url.scheme()) && url.has_host()).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_address_of_the_web_is_not_shown() {
        for uri in [
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "x",
            "",
        ] {
            assert_eq!(of_the_web(uri), None, "{uri}");
        }
        assert!(of_the_web("https://x.example/a?b#c").is_some());
    }
}
