//! Tokens as a Spring server keeps them, written.

use serde_json::{Map, Number, Value as Json};
use symbolon::clock::Timestamp;

use super::authentication::{LegacyAuthentication, LegacyOwner};
use super::token::{LegacyAccessToken, LegacyRefreshToken};
use crate::java_stream::{ClassVersion, Writer, WrittenClass};

/// A release of Spring Security, by the number that the classes of its streams have: 410 for 4.1, 420 for 4.2, 520 for 5.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecurityRelease(pub i64);

/// How full a table may be before it grows.
const LOAD_FACTOR: f32 = 0.75;

const TEXT: &str = "Ljava/lang/String;";
const SET: &str = "Ljava/util/Set;";
const MAP: &str = "Ljava/util/Map;";
const DATE_TYPE: &str = "Ljava/util/Date;";
const COLLECTION: &str = "Ljava/util/Collection;";
const OBJECT: &str = "Ljava/lang/Object;";

const fn plain(
    name: &'static str,
    version: i64,
    fields: &'static [(&'static str, &'static str)],
    above: Option<&'static WrittenClass>,
) -> WrittenClass {
    WrittenClass {
        name,
        version: ClassVersion::Fixed(version),
        has_annotation: false,
        fields,
        above,
    }
}

const fn annotated(
    name: &'static str,
    version: i64,
    fields: &'static [(&'static str, &'static str)],
) -> WrittenClass {
    WrittenClass {
        name,
        version: ClassVersion::Fixed(version),
        has_annotation: true,
        fields,
        above: None,
    }
}

const fn of_the_release(
    name: &'static str,
    fields: &'static [(&'static str, &'static str)],
    above: Option<&'static WrittenClass>,
) -> WrittenClass {
    WrittenClass {
        name,
        version: ClassVersion::OfTheRelease,
        has_annotation: false,
        fields,
        above,
    }
}

static DATE: WrittenClass = annotated("java.util.Date", 7_523_967_970_034_938_905, &[]);
static HASH_SET: WrittenClass = annotated("java.util.HashSet", -5_024_744_406_713_321_676, &[]);
static LINKED_HASH_SET: WrittenClass = plain(
    "java.util.LinkedHashSet",
    -2_851_667_679_971_038_690,
    &[],
    Some(&HASH_SET),
);
static HASH_MAP: WrittenClass = annotated(
    "java.util.HashMap",
    362_498_820_763_181_265,
    &[("loadFactor", "F"), ("threshold", "I")],
);
static LINKED_HASH_MAP: WrittenClass = plain(
    "java.util.LinkedHashMap",
    3_801_124_242_820_219_131,
    &[("accessOrder", "Z")],
    Some(&HASH_MAP),
);
static ARRAY_LIST: WrittenClass = annotated(
    "java.util.ArrayList",
    8_683_452_581_122_892_189,
    &[("size", "I")],
);
static NUMBER: WrittenClass = plain("java.lang.Number", -8_742_448_824_652_078_965, &[], None);
static LONG: WrittenClass = plain(
    "java.lang.Long",
    4_290_774_380_558_885_855,
    &[("value", "J")],
    Some(&NUMBER),
);
static INTEGER: WrittenClass = plain(
    "java.lang.Integer",
    1_360_826_667_806_852_920,
    &[("value", "I")],
    Some(&NUMBER),
);
static DOUBLE: WrittenClass = plain(
    "java.lang.Double",
    -9_172_774_392_245_257_468,
    &[("value", "D")],
    Some(&NUMBER),
);
static BOOLEAN: WrittenClass = plain(
    "java.lang.Boolean",
    -3_665_804_199_014_368_530,
    &[("value", "Z")],
    None,
);
static ACCESS: WrittenClass = plain(
    "org.springframework.security.oauth2.common.DefaultOAuth2AccessToken",
    914_967_629_530_462_926,
    &[
        ("additionalInformation", MAP),
        ("expiration", DATE_TYPE),
        (
            "refreshToken",
            "Lorg/springframework/security/oauth2/common/OAuth2RefreshToken;",
        ),
        ("scope", SET),
        ("tokenType", TEXT),
        ("value", TEXT),
    ],
    None,
);
static REFRESH: WrittenClass = plain(
    "org.springframework.security.oauth2.common.DefaultOAuth2RefreshToken",
    8_349_970_621_900_575_838,
    &[("value", TEXT)],
    None,
);
static EXPIRING: WrittenClass = plain(
    "org.springframework.security.oauth2.common.DefaultExpiringOAuth2RefreshToken",
    3_449_554_332_764_129_719,
    &[("expiration", DATE_TYPE)],
    Some(&REFRESH),
);
static ABSTRACT_TOKEN: WrittenClass = plain(
    "org.springframework.security.authentication.AbstractAuthenticationToken",
    -3_194_696_462_184_782_834,
    &[
        ("authenticated", "Z"),
        ("authorities", COLLECTION),
        ("details", OBJECT),
    ],
    None,
);
static AUTHENTICATION: WrittenClass = plain(
    "org.springframework.security.oauth2.provider.OAuth2Authentication",
    -4_809_832_298_438_307_309,
    &[
        (
            "storedRequest",
            "Lorg/springframework/security/oauth2/provider/OAuth2Request;",
        ),
        (
            "userAuthentication",
            "Lorg/springframework/security/core/Authentication;",
        ),
    ],
    Some(&ABSTRACT_TOKEN),
);
static SIGNED_IN: WrittenClass = of_the_release(
    "org.springframework.security.authentication.UsernamePasswordAuthenticationToken",
    &[("credentials", OBJECT), ("principal", OBJECT)],
    Some(&ABSTRACT_TOKEN),
);
static AUTHORITY: WrittenClass = of_the_release(
    "org.springframework.security.core.authority.SimpleGrantedAuthority",
    &[("role", TEXT)],
    None,
);
static BASE_REQUEST: WrittenClass = plain(
    "org.springframework.security.oauth2.provider.BaseRequest",
    3_902_503_486_565_214_653,
    &[
        ("clientId", TEXT),
        ("requestParameters", MAP),
        ("scope", SET),
    ],
    None,
);
static REQUEST: WrittenClass = plain(
    "org.springframework.security.oauth2.provider.OAuth2Request",
    1,
    &[
        ("approved", "Z"),
        ("authorities", COLLECTION),
        ("extensions", MAP),
        ("redirectUri", TEXT),
        (
            "refresh",
            "Lorg/springframework/security/oauth2/provider/TokenRequest;",
        ),
        ("resourceIds", SET),
        ("responseTypes", SET),
    ],
    Some(&BASE_REQUEST),
);

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
