//! Lists of tables among the settings, such as clients: each entry is named by one of its fields, and what
//! others call a field is told from what nobody knows.

use serde::de::value::Error;
use serde::de::{Deserialize, Deserializer, Error as _, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Map, Value};

use super::finding::{Findings, Severity};
use super::known::nearest;
use super::shown::shown;

/// A list of tables among the settings.
#[derive(Clone, Debug)]
pub struct Registrations {
    /// Where it is: `clients`.
    pub list: &'static str,
    /// What one of them is called: `client`.
    pub noun: &'static str,
    /// The field that holds its name: `client_id`.
    pub named_by: &'static str,
    /// All fields, as [`fields_of`] finds them.
    pub fields: &'static [&'static str],
    /// What other software calls some of them, and what they are called here.
    pub other_names: &'static [(&'static str, &'static str)],
}

impl Registrations {
    /// What an entry is called in a finding.
    pub(super) fn name_of(&self, index: usize, entry: &Value) -> String {
        let name = entry.get(self.named_by).and_then(Value::as_str);
        name.map_or_else(|| format!("number {}", index + 1), str::to_owned)
    }

    /// Gives fields of other software the name that they have here, and takes out what nobody knows; says so.
    pub(super) fn translate(&self, settings: &mut Map<String, Value>, findings: &mut Findings) {
        let Some(Value::Array(entries)) = settings.get_mut(self.list) else {
            return;
        };
        for (index, entry) in entries.iter_mut().enumerate() {
            let Value::Object(fields) = entry else {
                continue;
            };
            let unknown = fields
                .keys()
                .filter(|key| !self.fields.contains(&key.as_str()));
            let unknown: Vec<String> = unknown.cloned().collect();
            let mut texts = Vec::new();
            for key in unknown {
                let value = fields.remove(&key);
                let meant = self.meant_by(&key);
                texts.push(self.no_such_field(&key, meant.as_deref()));
                if let (Some(meant), Some(value)) = (meant, value) {
                    fields.entry(meant).or_insert(value);
                }
            }
            let name = self.name_of(index, entry);
            let mut about = findings.about(self.list, self.noun, &name);
            for text in texts {
                about.say(Severity::Error, text);
            }
        }
    }

    /// The field that a key was surely meant to be.
    fn meant_by(&self, key: &str) -> Option<String> {
        let letters = |text: &str| text.to_lowercase().replace(['_', '-'], "");
        let asked = letters(key);
        let fields = self.fields.iter().map(|field| (*field, *field));
        let others = self.other_names.iter().copied();
        let mut known = fields.chain(others);
        let found = known.find(|(name, _)| letters(name) == asked);
        found.map(|(_, field)| field.to_owned())
    }

    fn no_such_field(&self, key: &str, meant: Option<&str>) -> String {
        let fields: Vec<String> = self
            .fields
            .iter()
            .map(|field| (*field).to_owned())
            .collect();
        let key_shown = shown(key);
        match (meant, nearest(key, &fields)) {
            (Some(field), _) => format!("there is no setting `{key_shown}`; accepted: `{field}`"),
            (None, Some(near)) => {
                format!("there is no setting `{key_shown}`, did you mean `{near}`?")
            }
            (None, None) => {
                let fields = fields.join(", ");
                format!("there is no setting `{key_shown}`; accepted: {fields}")
            }
        }
    }
}

/// The names of a struct's fields, as a file of settings writes them.
///
/// ```
/// #[derive(serde::Deserialize)]
/// struct Owner { name: String, #[serde(rename = "password")] hash: String }
///
/// assert_eq!(symbolon_service::settings::fields_of::<Owner>(), ["name", "password"]);
/// ```
pub fn fields_of<T: for<'de> Deserialize<'de>>() -> &'static [&'static str] {
    let mut fields: &'static [&'static str] = &[];
    // It reads nothing, so it ends with an error.
    let _ = T::deserialize(Fields(&mut fields));
    fields
}

/// Takes down what a struct asks for.
struct Fields<'a>(&'a mut &'static [&'static str]);

impl<'de> Deserializer<'de> for Fields<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(Error::custom("there is nothing to read"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        *self.0 = fields;
        self.deserialize_any(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}
