//! What somebody may regret about a client that works: habits that OAuth 2.1 has given up and this client has
//! switched on, and what is probably a slip. They are opt-in, and the operator is reminded of them.

use symbolon::token::GrantType;

use crate::clients::client::Client;
use crate::clients::redirect_match::RedirectMatching;
use crate::clients::redirect_uri;
use crate::passwords::PasswordHash;
use crate::records::Profile;

/// Something that somebody may regret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Regret {
    /// The field of the registration.
    pub setting: &'static str,
    /// What is in it.
    pub found: String,
    /// What is better.
    pub better: &'static str,
}

fn regret(setting: &'static str, found: impl Into<String>, better: &'static str) -> Regret {
    Regret {
        setting,
        found: found.into(),
        better,
    }
}

/// All that somebody may regret about a client.
pub fn regrets(client: &Client) -> Vec<Regret> {
    let uris = client.redirect_uris.iter();
    let uris = uris.filter_map(|uri| redirect_uri::regret(uri));
    let uris = uris.map(|(found, better)| regret("redirect_uris", found, better));
    let mut all = lax_grants(client);
    match client.profile {
        // What a profile weakens is said once, where the profile is written.
        Profile::Spring => all.extend(trust(client)),
        Profile::Standard => all.extend(lax_habits(client)),
    }
    all.extend(endless_tokens(client));
    all.extend(lonely_refresh_token(client));
    all.extend(weak_secret(client));
    all.extend(curious_resource_server(client));
    all.extend(uris);
    all
}

fn lax_grants(client: &Client) -> Vec<Regret> {
    let grants = [GrantType::Implicit, GrantType::Password];
    let used = grants.into_iter().filter(|grant| client.may_use(*grant));
    let lax = used.map(|grant| {
        let found = format!("holds `{}`, which OAuth 2.1 has given up", grant.as_str());
        regret("grant_types", found, "authorization_code with PKCE")
    });
    lax.collect()
}

fn lax_habits(client: &Client) -> Vec<Regret> {
    let rotates = client.rotate_refresh_tokens || !client.may_use(GrantType::RefreshToken);
    let rotation = if client.is_public() {
        "is false for a public client, whose refresh tokens have to be replaced (RFC 9700 §2.2.2)"
    } else {
        "is false: a refresh token that is stolen is good until it ends"
    };
    let codes_without_pkce = !client.require_pkce && client.may_use(GrantType::AuthorizationCode);
    let shared = "is true: one token is shared by many";
    let spring = client.redirect_matching == RedirectMatching::Spring;
    let habits = [
        (
            codes_without_pkce && !client.spring.codes_without_pkce,
            "require_pkce",
            "is false (RFC 9700 §2.1.1)",
            "true",
        ),
        (
            codes_without_pkce && client.spring.codes_without_pkce,
            "spring.codes_without_pkce",
            "is true (RFC 9700 §2.1.1)",
            "false",
        ),
        (!rotates, "rotate_refresh_tokens", rotation, "true"),
        (
            client.reuse_access_tokens,
            "reuse_access_tokens",
            shared,
            "false",
        ),
        (
            spring,
            "redirect_matching",
            "is `spring` (RFC 9700 §4.1.3)",
            "exact",
        ),
    ];
    let on = habits.into_iter().filter(|(on, ..)| *on);
    let regrets = on.map(|(_, setting, found, better)| regret(setting, found, better));
    let regrets = regrets.chain(open_registration(client));
    regrets.chain(trust(client)).collect()
}

/// What this client lacks, and a habit of a Spring server puts up with.
fn open_registration(client: &Client) -> impl Iterator<Item = Regret> {
    let has_no_list = client.grant_types.is_empty() || client.scope.is_empty();
    let itself = GrantType::ClientCredentials;
    let all = client.spring.empty_means_all && has_no_list;
    let all = all.then(|| {
        let found = "is true: what this client does not list is allowed";
        regret("spring.empty_means_all", found, "false, and lists")
    });
    let nobody = client.is_public() && client.may_exchange(itself);
    let nobody = nobody.then(|| {
        let found = "is true: whoever knows this client's name gets its tokens (RFC 6749 §4.4)";
        regret("spring.secretless_clients", found, "false, and a secret")
    });
    all.into_iter().chain(nobody)
}

/// Said of every profile: it is written, and no part of one.
fn endless_tokens(client: &Client) -> Option<Regret> {
    client.access_token_ttl_secs.is_none().then(|| {
        let found = "is 0: a token that is stolen is good until it is revoked";
        regret("access_token_ttl_secs", found, "a life in seconds")
    })
}

fn trust(client: &Client) -> Option<Regret> {
    let is_taken_on_trust = client.remembers_approvals && !client.is_assured();
    is_taken_on_trust.then(|| {
        let found = "is true, and others could pass for this client (RFC 6749 §10.2)";
        regret("remember_approvals", found, "false")
    })
}

/// A refresh token comes with the tokens of another grant.
fn lonely_refresh_token(client: &Client) -> Option<Regret> {
    let gives = |grant: &GrantType| match grant {
        GrantType::AuthorizationCode | GrantType::Password | GrantType::Extension(_) => true,
        GrantType::Implicit | GrantType::ClientCredentials | GrantType::RefreshToken => false,
    };
    let is_lonely =
        client.may_use(GrantType::RefreshToken) && !client.grant_types.iter().any(gives);
    is_lonely.then(|| {
        let found = "holds `refresh_token` and no grant that gives one";
        regret("grant_types", found, "authorization_code beside it")
    })
}

fn weak_secret(client: &Client) -> Option<Regret> {
    let weakness = client.secret.as_ref().and_then(PasswordHash::weakness);
    let better = "the {id}hash that `auth-server hash-secret` prints";
    weakness.map(|found| regret("client_secret", found, better))
}

/// RFC 7662 §4: who asks about a token should be where it is good.
fn curious_resource_server(client: &Client) -> Option<Regret> {
    let may_ask_about_all = client.may_introspect && client.resource_ids.is_empty();
    may_ask_about_all.then(|| {
        let found =
            "is empty: with `may_introspect` it learns about the tokens for every resource server";
        regret("resource_ids", found, "the ids of this resource server")
    })
}
