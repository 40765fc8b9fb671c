//! Streams of Java's serialization, whole, strange and damaged. Those in `tests/java/streams` were written by a JDK
//! (`tests/java/make`).

use proptest::prelude::*;
use symbolon_auth_server::java_stream::{
    DEEPEST, Graph, LONGEST_STREAM, MOST_FIELDS, Object, StreamError, Value, read,
};

/// A stream that a JDK has written.
pub(crate) fn stream(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/java/streams");
    std::fs::read(format!("{folder}/{name}.ser")).unwrap()
}

/// The names of all of them.
pub(crate) fn names() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/java/streams");
    let files = ["", "strange/"].map(|part| {
        let files = std::fs::read_dir(format!("{folder}/{part}")).unwrap();
        let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        let name = |name: String| Some(format!("{part}{}", name.strip_suffix(".ser")?));
        names.filter_map(name).collect::<Vec<_>>()
    });
    files.concat()
}

fn any(stream: &[u8]) -> Result<Graph, StreamError> {
    read(stream, &|_| true)
}

/// Magic and version, and what follows.
fn stream_of(parts: &[&[u8]]) -> Vec<u8> {
    [&[0xac, 0xed, 0, 5], parts.concat().as_slice()].concat()
}

/// The description of a class that has no fields and nothing above it.
fn class(name: &str, flags: u8) -> Vec<u8> {
    let mut class = vec![0x72, 0];
    class.push(name.len().try_into().unwrap());
    class.extend(name.bytes());
    class.extend([0; 8]);
    class.extend([flags, 0, 0, 0x78, 0x70]);
    class
}

fn object<'g>(graph: &'g Graph, value: &Value) -> &'g Object {
    graph.object(value).unwrap()
}

fn text(value: Option<&Value>) -> String {
    let Some(Value::Text(text)) = value else {
        panic!("no text");
    };
    text.to_string()
}

#[test]
fn a_stream_is_read_by_its_own_descriptions_of_classes() {
    let graph = any(&stream("expiring_refresh_token")).unwrap();
    let token = object(&graph, &graph.root);
    let package = "org.springframework.security.oauth2.common";
    let class = format!("{package}.DefaultExpiringOAuth2RefreshToken");
    assert_eq!(*token.class, *class);
    assert_eq!(token.serial_version_uid, 3_449_554_332_764_129_719);
    let fields: Vec<_> = token.fields.iter().map(|field| &*field.name).collect();
    assert_eq!(fields, ["value", "expiration"]);
    assert_eq!(text(token.field("value")), "0ld-refresh-token-of-the-owner");
    let date = object(&graph, token.field("expiration").unwrap());
    assert_eq!(date.pieces, [4_000_000_000_789_i64.to_be_bytes()]);
}

#[test]
fn what_a_class_has_written_besides_its_fields_is_read() {
    let graph = any(&stream("strange/bomb")).unwrap_err();
    assert_eq!(graph, StreamError::TooDeep { deepest: DEEPEST });
    let graph = any(&stream("strange/bomb_as_information")).unwrap();
    let map = object(&graph, &graph.root);
    let map = object(&graph, map.field("additionalInformation").unwrap());
    assert_eq!(map.field("loadFactor"), Some(&Value::Decimal(0.75)));
    assert_eq!(map.pieces.len(), 1);
    assert_eq!(text(map.items.first()), "bomb");
    assert_eq!(&*object(&graph, &map.items[1]).class, "java.util.HashSet");
}

#[test]
fn a_loop_is_a_reference() {
    let graph = any(&stream("strange/information_in_a_loop")).unwrap();
    let token = object(&graph, &graph.root);
    let map = token.field("additionalInformation").unwrap();
    assert_eq!(object(&graph, map).items[1], *map);
}

#[test]
fn a_text_may_be_alone() {
    let graph = any(&stream("strange/text")).unwrap();
    assert_eq!(text(Some(&graph.root)), "a text alone");
}

#[test]
fn values_of_a_stream_do_not_print_their_texts() {
    let graph = any(&stream("access_token")).unwrap();
    let printed = format!("{graph:?}");
    assert!(printed.contains("[redacted]"));
    assert!(!printed.contains("0ld-"));
}

#[test]
fn classes_proxies_and_resets_are_refused() {
    let refused = |name: &str| any(&stream(name)).unwrap_err();
    let not_read = |what| StreamError::NotRead { what };
    assert_eq!(refused("strange/class"), not_read("a class as a value"));
    assert_eq!(refused("strange/proxy"), not_read("a proxy"));
    assert_eq!(refused("strange/reset"), StreamError::GoesOn);
    let reset = stream_of(&[&[0x79, 0x70]]);
    assert_eq!(any(&reset).unwrap_err(), not_read("a reset"));
    let exception = stream_of(&[&[0x7b, 0x70]]);
    let what = "an exception of its writer";
    assert_eq!(any(&exception).unwrap_err(), not_read(what));
    let own_format = stream_of(&[&[0x73], &class("a.B", 0x0c), &[0x78]]);
    let what = "a class with a format of its own";
    assert_eq!(any(&own_format).unwrap_err(), not_read(what));
}

#[test]
fn only_one_object_is_read() {
    let mut two = stream("refresh_token");
    two.push(0x70);
    assert_eq!(any(&two).unwrap_err(), StreamError::GoesOn);
    let refused = any(&stream("strange/block_data_first")).unwrap_err();
    let what = "bytes where a value should be";
    assert_eq!(refused, StreamError::Damaged { what });
}

#[test]
fn a_class_that_is_not_known_is_refused_by_name() {
    let refused =
        |name: &str| read(&stream(name), &|class| class.starts_with("java.")).unwrap_err();
    let unknown = |class: &str| StreamError::UnknownClass {
        class: class.to_owned(),
    };
    assert_eq!(
        refused("strange/unknown_class"),
        unknown("com.example.OwnUser")
    );
    assert_eq!(
        refused("strange/array_of_unknown_class"),
        unknown("[Lcom.example.OwnUser;")
    );
    let long = stream_of(&[&[0x73], &class(&"\u{1}".repeat(255), 2)]);
    let refused = read(&long, &|_| false).unwrap_err().to_string();
    assert!(refused.contains(r"\u{1}") && refused.len() < 250);
}

#[test]
fn what_is_announced_takes_no_memory() {
    let array = |length: i32| stream_of(&[&[0x75], &class("[I", 2), &length.to_be_bytes()]);
    assert_eq!(any(&array(i32::MAX)).unwrap_err(), StreamError::CutOff);
    let what = "an array of negative length";
    assert_eq!(any(&array(-1)).unwrap_err(), StreamError::Damaged { what });
    for length in [i64::MAX, -1, 1 << 40] {
        let text = stream_of(&[&[0x7c], &length.to_be_bytes(), b"text"]);
        assert_eq!(any(&text).unwrap_err(), StreamError::CutOff);
    }
    for length in [i32::MAX, -1] {
        let block = [&[0x7a], length.to_be_bytes().as_slice()].concat();
        let object = stream_of(&[&[0x73], &class("a.B", 3), &block]);
        assert_eq!(any(&object).unwrap_err(), StreamError::CutOff);
    }
    let fields = [&[0x73, 0x72, 0, 1, b'C'], [0; 8].as_slice(), &[2, 255, 255]].concat();
    assert_eq!(
        any(&stream_of(&[&fields])).unwrap_err(),
        StreamError::CutOff
    );
}

#[test]
fn a_stream_has_a_length_a_depth_and_a_number_of_fields() {
    let longest = LONGEST_STREAM;
    let text = |length: usize| {
        let length = i64::try_from(length).unwrap().to_be_bytes();
        stream_of(&[&[0x7c], &length])
    };
    let fill = |mut stream: Vec<u8>, length| {
        stream.resize(length, b'x');
        stream
    };
    let in_it = longest - text(0).len();
    assert!(any(&fill(text(in_it), longest)).is_ok());
    let refused = any(&fill(text(in_it + 1), longest + 1)).unwrap_err();
    assert_eq!(refused, StreamError::TooLong { longest });

    let deep = |levels: usize| {
        let class = class("[L;", 2);
        let first = [&[0x75], class.as_slice(), &[0, 0, 0, 1]].concat();
        let others = [0x75, 0x71, 0, 0x7e, 0, 0, 0, 0, 0, 1].repeat(levels - 1);
        stream_of(&[&first, &others, &[0x70]])
    };
    assert!(any(&deep(DEEPEST)).is_ok());
    let refused = any(&deep(DEEPEST + 1)).unwrap_err();
    assert_eq!(refused, StreamError::TooDeep { deepest: DEEPEST });

    let with_fields = |count: usize| {
        let head = [&[0x73, 0x72, 0, 1, b'C'], [0; 8].as_slice(), &[2]].concat();
        let fields = [b'Z', 0, 0].repeat(count);
        let count_bytes = u16::try_from(count).unwrap().to_be_bytes();
        stream_of(&[&head, &count_bytes, &fields, &[0x78, 0x70], &vec![1; count]])
    };
    assert!(any(&with_fields(MOST_FIELDS)).is_ok());
    let what = "a class of too many fields";
    assert_eq!(
        any(&with_fields(MOST_FIELDS + 1)).unwrap_err(),
        StreamError::NotRead { what }
    );
}

#[test]
fn classes_that_stand_above_each_other_have_an_end() {
    // Above the class stands the class itself.
    let itself = [
        &[0x73, 0x72, 0, 1, b'C'],
        [0; 8].as_slice(),
        &[2, 0, 0, 0x78, 0x71, 0, 0x7e, 0, 0],
    ];
    let what = "a reference to no class";
    assert_eq!(
        any(&stream_of(&itself)).unwrap_err(),
        StreamError::Damaged { what }
    );
    // One after another, each above the next, without standing in each other.
    let mut chain = [&[0x75], class("[L;", 2).as_slice(), &[0, 0, 1, 0]].concat();
    chain.extend([0x73]);
    chain.extend(class("C", 2));
    for above in 0..100_u8 {
        // Handles: the array's class and itself, then a class and an object each.
        let handle = 2 + 2 * above;
        chain.extend([0x73, 0x72, 0, 1, b'C']);
        chain.extend([0; 8]);
        chain.extend([2, 0, 0, 0x78, 0x71, 0, 0x7e, 0, handle]);
    }
    let refused = any(&stream_of(&[&chain])).unwrap_err();
    assert_eq!(refused, StreamError::TooDeep { deepest: DEEPEST });
}

#[test]
fn a_text_is_modified_utf_8() {
    let written = |bytes: &[u8]| {
        let length = u16::try_from(bytes.len()).unwrap().to_be_bytes();
        let graph = any(&stream_of(&[&[0x74], &length, bytes]))?;
        Ok(text(Some(&graph.root)))
    };
    assert_eq!(written(b"a\xc0\x80b"), Ok("a\0b".to_owned()));
    let clef = b"\xed\xa0\xb4\xed\xb4\x9e";
    assert_eq!(written(clef), Ok("\u{1d11e}".to_owned()));
    let damaged = Err(StreamError::Damaged {
        what: "a text is not modified UTF-8",
    });
    assert_eq!(written(b"\xed\xa0\xb4"), damaged);
    assert_eq!(written("\u{1d11e}".as_bytes()), damaged);
    assert_eq!(written(b"\xc3"), damaged);
    assert_eq!(written(b"\x80"), damaged);
}

#[test]
fn a_stream_that_is_cut_off_is_refused_wherever_it_is_cut() {
    for name in ["access_token", "authentication", "collections"] {
        let whole = stream(name);
        for end in 0..whole.len() {
            let refused = any(&whole[..end]).unwrap_err();
            let expected = if end < 4 {
                StreamError::NoStream
            } else {
                StreamError::CutOff
            };
            assert_eq!(refused, expected, "{name} to {end}");
        }
    }
}

proptest! {
    #[test]
    fn reading_ends_whatever_the_bytes_are(bytes: Vec<u8>) {
        let _ = any(&bytes);
        let _ = any(&stream_of(&[&bytes]));
    }

    #[test]
    fn reading_ends_whatever_signs_are_put_together(
        signs in prop::collection::vec(prop_oneof![0x70..0x7f_u8, Just(0), Just(0x7e), Just(b'L'), 0..16_u8], 0..400),
    ) {
        let _ = any(&stream_of(&[&signs]));
        let _ = any(&stream_of(&[&[0x73], &class("a.B", 3), &signs]));
    }
}
