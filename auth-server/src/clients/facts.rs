//! What all registered clients together need of the server: computed when registrations are read, so that
//! no request goes through the list.

use std::collections::BTreeSet;

use symbolon::token::GrantType;
use url::Url;

use crate::clients::client::Client;
use crate::passwords::HashKinds;
use crate::records::WITHOUT_END_SECS;

/// What all clients together need.
#[derive(Clone, Debug, Default)]
pub struct ClientFacts {
    /// Where the scripts of public clients live: the origins that browsers may call from.
    pub script_origins: BTreeSet<String>,
    /// The grants that somebody is registered for.
    pub grant_types: BTreeSet<GrantType>,
    /// The scopes that somebody may ask for.
    pub scopes: BTreeSet<String>,
    /// Seconds that the longest-living token lives that may be a JWT: how long a key has to be known after it has signed.
    pub longest_token_life_secs: u64,
    /// What hashes the secrets of clients have: what an unknown client's secret is checked against.
    pub secrets: HashKinds,
}

impl ClientFacts {
    /// Takes one more client into account.
    pub fn include(&mut self, client: &Client) {
        if client.is_public() {
            let origins = client.redirect_uris.iter().filter_map(|uri| origin(uri));
            self.script_origins.extend(origins);
        }
        self.grant_types.extend(&client.grant_types);
        self.scopes.extend(client.scope.names().map(str::to_owned));
        let refresh_tokens = client.has_jwt_refresh_tokens();
        let refresh_tokens = refresh_tokens.then_some(client.refresh_token_ttl_secs);
        for life_secs in [Some(client.access_token_ttl_secs), refresh_tokens] {
            let life_secs = life_secs.map_or(0, |secs| secs.unwrap_or(WITHOUT_END_SECS));
            self.longest_token_life_secs = self.longest_token_life_secs.max(life_secs);
        }
        let retiring = client.retiring_secrets.iter().map(|(hash, _)| hash);
        for secret in client.secret.iter().chain(retiring) {
            self.secrets.include(secret);
        }
    }

    /// Takes what others need into account.
    pub fn include_all(&mut self, others: &Self) {
        self.script_origins
            .extend(others.script_origins.iter().cloned());
        self.grant_types.extend(&others.grant_types);
        self.scopes.extend(others.scopes.iter().cloned());
        let longest = &mut self.longest_token_life_secs;
        *longest = others.longest_token_life_secs.max(*longest);
        self.secrets = std::mem::take(&mut self.secrets).and(&others.secrets);
    }
}

fn origin(redirect_uri: &str) -> Option<String> {
    let origin = Url::parse(redirect_uri).ok()?.origin();
    origin.is_tuple().then(|| origin.ascii_serialization())
}
