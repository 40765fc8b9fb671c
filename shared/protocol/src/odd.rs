//! What the tests of every reader put in the place of a member.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Any JSON, not deep.
pub(crate) fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        any::<String>().prop_map(Value::from),
        "[ \t\na-z\",+]{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        let list = prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from);
        let object = prop::collection::vec(("[a-z]{0,4}", inner), 0..4)
            .prop_map(|members| Value::Object(members.into_iter().collect()));
        prop_oneof![list, object]
    })
}

/// The text of a message: `required` as it is, and beside it `optional` members as `odd` has them, each of
/// them twice, with blanks around everything.
pub(crate) fn message(required: &Value, optional: &[&str], odd: &[(usize, Value)]) -> String {
    let required: &Map<String, Value> = required.as_object().unwrap();
    let odd = odd.iter().flat_map(|(place, value)| {
        let member = (optional[place % optional.len()], value);
        [member, member]
    });
    let known = required.iter().map(|(name, value)| (name.as_str(), value));
    let members = known
        .chain(odd)
        .map(|(name, value)| format!("{} : {value}", json!(name)));
    format!(" {{ {} }} ", members.collect::<Vec<_>>().join(" ,\n"))
}
