//! The classes that tokens are made of, as streams describe them: their names, versions and fields.

use crate::java_stream::{ClassVersion, WrittenClass};

/// A class's name, and its `serialVersionUID` in every release.
pub(super) type Versioned = (&'static str, i64);

pub(super) const ACCESS_TOKEN: Versioned = (
    "org.springframework.security.oauth2.common.DefaultOAuth2AccessToken",
    914_967_629_530_462_926,
);
pub(super) const REFRESH_TOKEN: Versioned = (
    "org.springframework.security.oauth2.common.DefaultOAuth2RefreshToken",
    8_349_970_621_900_575_838,
);
pub(super) const EXPIRING_REFRESH_TOKEN: Versioned = (
    "org.springframework.security.oauth2.common.DefaultExpiringOAuth2RefreshToken",
    3_449_554_332_764_129_719,
);
pub(super) const OAUTH2_AUTHENTICATION: Versioned = (
    "org.springframework.security.oauth2.provider.OAuth2Authentication",
    -4_809_832_298_438_307_309,
);
pub(super) const OAUTH2_REQUEST: Versioned = (
    "org.springframework.security.oauth2.provider.OAuth2Request",
    1,
);

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

pub(super) static DATE: WrittenClass = annotated("java.util.Date", 7_523_967_970_034_938_905, &[]);
static HASH_SET: WrittenClass = annotated("java.util.HashSet", -5_024_744_406_713_321_676, &[]);
pub(super) static LINKED_HASH_SET: WrittenClass = plain(
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
pub(super) static LINKED_HASH_MAP: WrittenClass = plain(
    "java.util.LinkedHashMap",
    3_801_124_242_820_219_131,
    &[("accessOrder", "Z")],
    Some(&HASH_MAP),
);
pub(super) static ARRAY_LIST: WrittenClass = annotated(
    "java.util.ArrayList",
    8_683_452_581_122_892_189,
    &[("size", "I")],
);
static NUMBER: WrittenClass = plain("java.lang.Number", -8_742_448_824_652_078_965, &[], None);
pub(super) static LONG: WrittenClass = plain(
    "java.lang.Long",
    4_290_774_380_558_885_855,
    &[("value", "J")],
    Some(&NUMBER),
);
pub(super) static INTEGER: WrittenClass = plain(
    "java.lang.Integer",
    1_360_826_667_806_852_920,
    &[("value", "I")],
    Some(&NUMBER),
);
pub(super) static DOUBLE: WrittenClass = plain(
    "java.lang.Double",
    -9_172_774_392_245_257_468,
    &[("value", "D")],
    Some(&NUMBER),
);
pub(super) static BOOLEAN: WrittenClass = plain(
    "java.lang.Boolean",
    -3_665_804_199_014_368_530,
    &[("value", "Z")],
    None,
);
pub(super) static ACCESS: WrittenClass = plain(
    ACCESS_TOKEN.0,
    ACCESS_TOKEN.1,
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
pub(super) static REFRESH: WrittenClass =
    plain(REFRESH_TOKEN.0, REFRESH_TOKEN.1, &[("value", TEXT)], None);
pub(super) static EXPIRING: WrittenClass = plain(
    EXPIRING_REFRESH_TOKEN.0,
    EXPIRING_REFRESH_TOKEN.1,
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
pub(super) static AUTHENTICATION: WrittenClass = plain(
    OAUTH2_AUTHENTICATION.0,
    OAUTH2_AUTHENTICATION.1,
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
pub(super) static SIGNED_IN: WrittenClass = of_the_release(
    "org.springframework.security.authentication.UsernamePasswordAuthenticationToken",
    &[("credentials", OBJECT), ("principal", OBJECT)],
    Some(&ABSTRACT_TOKEN),
);
pub(super) static AUTHORITY: WrittenClass = of_the_release(
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
pub(super) static REQUEST: WrittenClass = plain(
    OAUTH2_REQUEST.0,
    OAUTH2_REQUEST.1,
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
