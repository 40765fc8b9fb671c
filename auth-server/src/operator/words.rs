//! What stands in a command and in its answer.

use url::form_urlencoded;

/// What a command is about: names hold any character, so it travels as a form.
pub(super) struct Named(Vec<(String, String)>);

impl Named {
    pub(super) fn parse(form: &str) -> Self {
        let read = form_urlencoded::parse(form.as_bytes());
        Self(
            read.map(|(name, value)| (name.into_owned(), value.into_owned()))
                .collect(),
        )
    }

    pub(super) fn value(&self, name: &str) -> Option<String> {
        self.values(name).into_iter().next()
    }

    pub(super) fn values(&self, name: &str) -> Vec<String> {
        let found = self.0.iter().filter(|(read, _)| read == name);
        found.map(|(_, value)| value.clone()).collect()
    }
}

/// A name as one word of one line, whatever it holds, and none that is taken for nobody's.
pub(super) fn one_word(name: &str) -> String {
    match name {
        "" | "-" => format!("{name:?}"),
        _ => name.escape_debug().to_string().replace(' ', "\\u{20}"),
    }
}

/// How many grants, clients, accounts or events are shown; all are counted.
pub(super) const MOST_SHOWN: usize = 1_000;

/// Lines, and how many there are, of which these may be the first.
pub(super) fn counted(mut lines: Vec<String>, count: usize, what: &str) -> String {
    let shown = lines.len();
    lines.push(if count > shown {
        format!("{what}: {count}, of which {shown} are shown")
    } else {
        format!("{what}: {count}")
    });
    lines.join("\n")
}
