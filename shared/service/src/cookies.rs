//! The cookies of our name in a request.
//!
//! A browser sends what every program on the host has set, in whatever encoding, and several cookies of one
//! name when another path or a parent domain has one (RFC 6265 §5.4). So cookies are read as bytes, pair by
//! pair; what is not ours is passed over, and all that could be ours are given back.

use symbolon::secret::Secret;

/// How many cookies of our name are looked at: each may cost a look into a store.
const MOST_PRESENTED: usize = 8;

/// 32 random bytes in base64url, as `Random::text::<32>` writes them.
const LENGTH: usize = 43;

/// The different values of the cookies of this name, in the browser's order. `headers` are the `Cookie` headers
/// of a request; a value that is not as long as ours, or holds more than base64url has, is none of ours.
pub fn presented<'h>(headers: impl Iterator<Item = &'h [u8]>, name: &str) -> Vec<Secret> {
    let mut values: Vec<Secret> = Vec::new();
    for pair in headers.flat_map(|header| header.split(|byte| *byte == b';')) {
        if let Some(value) = value_of(pair, name)
            && values.len() < MOST_PRESENTED
            && !values.contains(&value)
        {
            values.push(value);
        }
    }
    values
}

fn value_of(pair: &[u8], name: &str) -> Option<Secret> {
    let mut halves = pair.splitn(2, |byte| *byte == b'=');
    let found = halves.next()?.trim_ascii();
    let value = halves.next()?.trim_ascii();
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_".contains(byte);
    let is_ours = found == name.as_bytes() && value.len() == LENGTH;
    if !is_ours || !value.iter().all(is_letter) {
        return None;
    }
    std::str::from_utf8(value).ok().map(Secret::new)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    const NAME: &str = "our_session";

    fn values(headers: &[Vec<u8>]) -> Vec<String> {
        let read = presented(headers.iter().map(Vec::as_slice), NAME);
        read.iter().map(|value| value.expose().to_owned()).collect()
    }

    /// Whatever another program has set: any bytes that a header may hold but the semicolon, which ends it.
    fn foreign() -> impl Strategy<Value = Vec<u8>> {
        let byte = any::<u8>().prop_filter("no separator", |byte| {
            !matches!(byte, b';' | b'\r' | b'\n' | 0)
        });
        vec(byte, 0..40).prop_filter("not one of ours", |pair| value_of(pair, NAME).is_none())
    }

    #[test]
    fn a_raw_byte_of_another_program_hides_no_cookie() {
        let good = "g".repeat(LENGTH);
        let ours = format!("; our_session={good}; our_session=caf");
        let header = [b"x=caf\xe9", ours.as_bytes(), b"\xe9"].concat();
        assert_eq!(values(&[header]), [good]);
    }

    proptest! {
        #[test]
        fn our_cookie_is_found_among_whatever_others_have_set(
            before in vec(foreign(), 0..6),
            after in vec(foreign(), 0..6),
            padding in ("[ \t]{0,3}", "[ \t]{0,3}", "[ \t]{0,3}", "[ \t]{0,3}"),
            value in "[A-Za-z0-9_-]{43}",
            apart in any::<bool>(),
        ) {
            let (a, b, c, d) = padding;
            let ours = format!("{a}{NAME}{b}={c}{value}{d}").into_bytes();
            let headers = if apart {
                vec![before.join(&b';'), ours, after.join(&b';')]
            } else {
                let pairs: Vec<Vec<u8>> = before.into_iter().chain([ours]).chain(after).collect();
                vec![pairs.join(&b';')]
            };
            prop_assert_eq!(values(&headers), [value]);
        }

        #[test]
        fn every_cookie_of_our_name_is_given_once_in_the_browsers_order(
            sent in vec("[A-Za-z0-9_-]{43}", 1..6),
            others in vec(foreign(), 6),
        ) {
            let ours = sent.iter().map(|value| format!(" {NAME}={value}").into_bytes());
            let pairs: Vec<Vec<u8>> = ours.zip(others).flat_map(|(ours, other)| [other, ours]).collect();
            let mut seen = BTreeSet::new();
            let mut expected = sent.clone();
            expected.retain(|value| seen.insert(value.clone()));
            // A value that is repeated costs nothing.
            let twice = [pairs.join(&b';'), pairs.join(&b';')];
            prop_assert_eq!(values(&twice), expected);
        }
    }

    #[test]
    fn no_more_cookies_are_looked_at_than_cost_little() {
        let many = (0..100).map(|number| format!("{NAME}={number:043}"));
        let header = many.collect::<Vec<_>>().join("; ");
        assert_eq!(values(&[header.into_bytes()]).len(), MOST_PRESENTED);
    }
}
