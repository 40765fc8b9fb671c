//! Which requests are asked a second time at the new server; ADR 0068 has the reasons.
//!
//! | endpoint | asked twice |
//! | --- | --- |
//! | `check_token`, `introspect`, `token_key` | always: they read |
//! | `token`, client credentials and password | yes: the new server gives a token that nobody gets, and that ends by itself |
//! | `token`, a code | when the old server refused it, or when told: a code is good once |
//! | `token`, a refresh token | when told: it is used up, and where the new server reads the old Redis it is used up there |
//! | `token`, another grant | when the old server refused it: nobody knows what it would use up |
//! | `authorize` | GET without a cookie or credentials: it ends at a refusal or at the sign-in |
//! | anything else | never |

use std::collections::BTreeSet;

use reqwest::Method;
use serde::Serialize;

use super::endpoint::Endpoint;
use super::facts::Facts;

/// What an operator can have asked twice that is not by itself, or keep from being asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Token requests with a code.
    AuthorizationCode,
    /// Token requests with a refresh token.
    RefreshToken,
    /// Token requests of clients for themselves.
    ClientCredentials,
    /// Token requests with an owner's password.
    Password,
    /// Authorization requests.
    Authorize,
}

/// What an operator has said about it.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// Asked twice although it uses something up.
    pub also: BTreeSet<Kind>,
    /// Not asked twice although it could be.
    pub never: BTreeSet<Kind>,
}

/// Why a request was not asked twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// It is for no endpoint that is compared.
    NoEndpoint,
    /// It would use up what is good once.
    OneTime,
    /// It belongs to a session at the old server.
    Session,
    /// It changes something.
    Changes,
    /// Its parameters could not be read.
    Unreadable,
    /// It, or the old answer, is longer than what is kept, or broke off.
    TooLong,
    /// As many as may be are being compared.
    Busy,
    /// The operator wants it so.
    LeftOut,
}

impl Reason {
    /// Its words in a report.
    pub(super) const fn text(self) -> &'static str {
        match self {
            Self::NoEndpoint => "no endpoint of OAuth",
            Self::OneTime => "would use up what is good once",
            Self::Session => "belongs to a session",
            Self::Changes => "changes something",
            Self::Unreadable => "parameters not read",
            Self::TooLong => "too long, or broken off",
            Self::Busy => "too many at once",
            Self::LeftOut => "left out",
        }
    }
}

impl Choice {
    /// Whether a request that the old server has answered with `status` may be asked twice.
    pub(super) fn check(
        &self,
        endpoint: Endpoint,
        method: &Method,
        facts: &Facts,
        status: u16,
    ) -> Result<(), Reason> {
        let reads = method == Method::GET || method == Method::POST;
        match endpoint {
            Endpoint::Other => Err(Reason::NoEndpoint),
            Endpoint::CheckToken | Endpoint::Introspect | Endpoint::TokenKey if reads => Ok(()),
            Endpoint::Token if reads => self.check_token_request(facts, status),
            Endpoint::Authorize if method == Method::GET => self.check_authorization(facts),
            Endpoint::CheckToken
            | Endpoint::Introspect
            | Endpoint::TokenKey
            | Endpoint::Token
            | Endpoint::Authorize => Err(Reason::Changes),
        }
    }

    fn check_token_request(&self, facts: &Facts, status: u16) -> Result<(), Reason> {
        if !facts.is_readable {
            return Err(Reason::Unreadable);
        }
        let has_refresh_token = facts.values("refresh_token").next().is_some();
        let has_code = facts.values("code").next().is_some();
        let grant_is = |name: &str| facts.values("grant_type").any(|grant| grant == name);
        let was_refused = (400..500).contains(&status);
        if has_refresh_token {
            return self.once(Kind::RefreshToken, false);
        }
        if has_code || grant_is("authorization_code") {
            return self.once(Kind::AuthorizationCode, was_refused);
        }
        if grant_is("client_credentials") {
            return self.unless_left_out(Kind::ClientCredentials);
        }
        if grant_is("password") {
            return self.unless_left_out(Kind::Password);
        }
        was_refused.then_some(()).ok_or(Reason::OneTime)
    }

    fn check_authorization(&self, facts: &Facts) -> Result<(), Reason> {
        if facts.is_signed_in {
            return Err(Reason::Session);
        }
        self.unless_left_out(Kind::Authorize)
    }

    fn once(&self, kind: Kind, uses_nothing_up: bool) -> Result<(), Reason> {
        self.unless_left_out(kind)?;
        let may = uses_nothing_up || self.also.contains(&kind);
        may.then_some(()).ok_or(Reason::OneTime)
    }

    fn unless_left_out(&self, kind: Kind) -> Result<(), Reason> {
        let may = !self.never.contains(&kind);
        may.then_some(()).ok_or(Reason::LeftOut)
    }
}
