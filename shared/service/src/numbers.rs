//! Numbers in settings: each has a least and a greatest value, so that one that is not meant is refused where it
//! stands.

use std::fmt::Display;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// Reads a number from `LEAST` to `MOST`. For `#[serde(deserialize_with = "within::<1, 512, _, _>")]`.
pub fn within<'de, const LEAST: u64, const MOST: u64, D, N>(from: D) -> Result<N, D::Error>
where
    D: Deserializer<'de>,
    N: TryFrom<u64, Error: Display>,
{
    let number = i128::from(i64::deserialize(from)?);
    let in_range = u64::try_from(number)
        .ok()
        .filter(|number| (LEAST..=MOST).contains(number));
    let number = in_range
        .ok_or_else(|| D::Error::custom(format!("it is {number}; accepted: {LEAST} to {MOST}")))?;
    N::try_from(number).map_err(D::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Example {
        #[serde(deserialize_with = "within::<1, 512, _, _>")]
        workers: u16,
    }

    #[test]
    fn a_number_outside_its_limits_is_refused_with_both() {
        for outside in [i64::MIN, -1, 0, 513, i64::MAX] {
            let wrong = serde_json::json!({ "workers": outside });
            let error = serde_json::from_value::<Example>(wrong)
                .unwrap_err()
                .to_string();
            assert_eq!(error, format!("it is {outside}; accepted: 1 to 512"));
        }
        for inside in [1, 512] {
            let right = serde_json::json!({ "workers": inside });
            let example: Example = serde_json::from_value(right).unwrap();
            assert_eq!(example.workers, inside);
        }
    }
}
