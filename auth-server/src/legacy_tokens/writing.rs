//! Tokens as a Spring server keeps them, written.

use serde_json::{Map, Number, Value as Json};
use symbolon::clock::Timestamp;

use super::authentication::{LegacyAuthentication, LegacyOwner};
use super::classes::{
    ACCESS, ARRAY_LIST, AUTHENTICATION, AUTHORITY, BOOLEAN, DATE, DOUBLE, EXPIRING, INTEGER,
    LINKED_HASH_MAP, LINKED_HASH_SET, LONG, REFRESH, REQUEST, SIGNED_IN,
};
use super::token::{LegacyAccessToken, LegacyRefreshToken};
use crate::java_stream::Writer;

/// A release of Spring Security, by the number that the classes of its streams have: 410 for 4.1, 420 for 4.2, 520 for 5.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecurityRelease(pub i64);

impl SecurityRelease {
    /// Those that a Spring Security OAuth server can run on.
    pub const ACCEPTED: &str = "3.1 to 5.8, as `4.2`";

    /// Reads a release as it is spoken of: `4.2`. `None` of one that is not [`SecurityRelease::ACCEPTED`].
    pub fn parse(text: &str) -> Option<Self> {
        let (major, minor) = text.split_once('.')?;
        let (major, minors) = match major {
            "3" => (3, 1..=2),
            "4" => (4, 0..=2),
            "5" => (5, 0..=8),
            _ => return None,
        };
        let minor = Some(minor).filter(|minor| minor.len() == 1)?;
        let minor: i64 = minor.parse().ok()?;
        minors
            .contains(&minor)
            .then_some(Self(major * 100 + minor * 10))
    }
}

/// How full a table may be before it grows.
const LOAD_FACTOR: f32 = 0.75;

impl LegacyAccessToken {
    /// The value of `access:…` in Redis, the column `token` of `oauth_access_token`.
    pub fn write(&self) -> Vec<u8> {
        let mut writer = Writer::new(0);
        writer.object(&ACCESS);
        members(&mut writer, &self.additional_information);
        moment(&mut writer, self.expires_at);
        match &self.refresh_token {
            Some(token) => refresh_token(&mut writer, token),
            None => writer.null(),
        }
        texts(&mut writer, self.scope.names());
        writer.text(&self.token_type);
        writer.text(self.value.expose());
        writer.end()
    }
}

impl LegacyRefreshToken {
    /// The value of `refresh:…` in Redis, the column `token` of `oauth_refresh_token`.
    pub fn write(&self) -> Vec<u8> {
        let mut writer = Writer::new(0);
        refresh_token(&mut writer, self);
        writer.end()
    }
}

impl LegacyAuthentication {
    /// The value of `auth:…` and `refresh_auth:…` in Redis, the column `authentication` of `oauth_access_token` and
    /// `oauth_refresh_token`, as a server with this release of Spring Security reads it. The owner is written by name.
    pub fn write(&self, release: SecurityRelease) -> Vec<u8> {
        let mut writer = Writer::new(release.0);
        writer.object(&AUTHENTICATION);
        let own = self.owner.as_ref().map(|owner| &owner.authorities);
        writer.truth(self.is_approved);
        authorities(&mut writer, own.unwrap_or(&self.authorities));
        writer.null();
        request(&mut writer, self);
        match &self.owner {
            Some(owner) => signed_in(&mut writer, owner),
            None => writer.null(),
        }
        writer.end()
    }
}

fn refresh_token(writer: &mut Writer, token: &LegacyRefreshToken) {
    if token.expires_at.is_some() {
        writer.object(&EXPIRING);
        writer.text(token.value.expose());
        moment(writer, token.expires_at);
    } else {
        writer.object(&REFRESH);
        writer.text(token.value.expose());
    }
}

fn signed_in(writer: &mut Writer, owner: &LegacyOwner) {
    writer.object(&SIGNED_IN);
    writer.truth(true);
    authorities(writer, &owner.authorities);
    writer.null();
    writer.null();
    writer.text(&owner.name);
}

fn request(writer: &mut Writer, authentication: &LegacyAuthentication) {
    writer.object(&REQUEST);
    writer.text(&authentication.client_id);
    parameters(writer, authentication);
    texts(writer, authentication.scope.names());
    writer.truth(authentication.is_approved);
    authorities(writer, &authentication.authorities);
    map(writer, 0, |_| ());
    match &authentication.redirect_uri {
        Some(uri) => writer.text(uri),
        None => writer.null(),
    }
    writer.null();
    let ids = authentication.resource_ids.iter();
    texts(writer, ids.map(String::as_str));
    let is_implicit = authentication.grant_type.as_deref() == Some("implicit");
    texts(writer, is_implicit.then_some("token").into_iter());
}

/// What the request said, as far as anything is made of it later.
fn parameters(writer: &mut Writer, authentication: &LegacyAuthentication) {
    let grant = authentication.grant_type.as_deref();
    let grant = grant.filter(|grant| *grant != "implicit");
    let said = [
        Some(("client_id", authentication.client_id.as_str())),
        grant.map(|grant| ("grant_type", grant)),
    ];
    let said: Vec<_> = said.into_iter().flatten().collect();
    map(writer, said.len(), |writer| {
        for (name, value) in said {
            writer.text(name);
            writer.text(value);
        }
    });
}

fn authorities(writer: &mut Writer, names: &[String]) {
    list(writer, names.len(), |writer| {
        for name in names {
            writer.object(&AUTHORITY);
            writer.text(name);
        }
    });
}

fn moment(writer: &mut Writer, moment: Option<Timestamp>) {
    let Some(moment) = moment else {
        return writer.null();
    };
    let milliseconds = moment.as_secs().saturating_mul(1000);
    let milliseconds = i64::try_from(milliseconds).unwrap_or(i64::MAX);
    let bytes = milliseconds.to_be_bytes();
    let (words, _) = bytes.as_chunks::<4>();
    writer.object(&DATE);
    writer.annotation(words, |_| ());
}

/// A set that keeps its order.
fn texts<'a>(writer: &mut Writer, texts: impl Iterator<Item = &'a str>) {
    let texts: Vec<&str> = texts.collect();
    writer.object(&LINKED_HASH_SET);
    let count = count(texts.len());
    let words = [
        capacity(count).to_be_bytes(),
        LOAD_FACTOR.to_be_bytes(),
        count.to_be_bytes(),
    ];
    writer.annotation(&words, |writer| {
        for text in texts {
            writer.text(text);
        }
    });
}

fn list(writer: &mut Writer, length: usize, write: impl FnOnce(&mut Writer)) {
    let length = count(length);
    writer.object(&ARRAY_LIST);
    writer.primitive(length.to_be_bytes());
    writer.annotation(&[length.to_be_bytes()], write);
}

/// A map that keeps its order; `write` writes so many names and values.
fn map(writer: &mut Writer, length: usize, write: impl FnOnce(&mut Writer)) {
    let length = count(length);
    writer.object(&LINKED_HASH_MAP);
    writer.primitive(LOAD_FACTOR.to_be_bytes());
    writer.primitive(capacity(length).to_be_bytes());
    let words = [capacity(length).to_be_bytes(), length.to_be_bytes()];
    writer.annotation(&words, write);
    writer.truth(false);
}

fn members(writer: &mut Writer, members: &Map<String, Json>) {
    map(writer, members.len(), |writer| {
        for (name, value) in members {
            writer.text(name);
            member(writer, value);
        }
    });
}

fn member(writer: &mut Writer, value: &Json) {
    match value {
        Json::Null => writer.null(),
        Json::Bool(truth) => {
            writer.object(&BOOLEAN);
            writer.truth(*truth);
        }
        Json::Number(number) => write_number(writer, number),
        Json::String(text) => writer.text(text),
        Json::Array(elements) => list(writer, elements.len(), |writer| {
            for element in elements {
                member(writer, element);
            }
        }),
        Json::Object(inner) => members(writer, inner),
    }
}

fn write_number(writer: &mut Writer, number: &Number) {
    let Some(long) = number.as_i64() else {
        writer.object(&DOUBLE);
        writer.primitive(number.as_f64().unwrap_or(f64::NAN).to_be_bytes());
        return;
    };
    if let Ok(int) = i32::try_from(long) {
        writer.object(&INTEGER);
        writer.primitive(int.to_be_bytes());
    } else {
        writer.object(&LONG);
        writer.primitive(long.to_be_bytes());
    }
}

/// A table in which so many have room.
fn capacity(count: i32) -> i32 {
    let needed = count.saturating_mul(2).max(16);
    u32::try_from(needed)
        .ok()
        .and_then(u32::checked_next_power_of_two)
        .and_then(|capacity| i32::try_from(capacity).ok())
        .unwrap_or(i32::MAX)
}

/// Nothing that is written is longer than what is read.
fn count(length: usize) -> i32 {
    i32::try_from(length).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests;
