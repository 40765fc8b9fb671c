//! A settings file, line by line.

use toml::Value;

/// A settings file that grows. What stands before the first table stands at the top.
pub(super) struct DraftText {
    top: Vec<String>,
    tables: Vec<String>,
}

impl DraftText {
    pub(super) fn begin() -> Self {
        Self {
            top: vec![
                "# Drawn from the configuration of a Spring server. Read it before it is used: lines that begin with # are".to_owned(),
                "# left to you.".to_owned(),
                String::new(),
                "profile = \"spring\"".to_owned(),
            ],
            tables: Vec::new(),
        }
    }

    /// A remark at the top.
    pub(super) fn remark_at_top(&mut self, text: &str) {
        self.top.push(remark(text));
    }

    /// A setting at the top.
    pub(super) fn line_at_top(&mut self, line: String) {
        self.top.push(line);
    }

    /// A table, `[name]` or `[[name]]`, with its lines.
    pub(super) fn table(&mut self, heading: &str, lines: Vec<String>) {
        if !lines.is_empty() {
            self.tables.push(String::new());
            self.tables.push(heading.to_owned());
            self.tables.extend(lines);
        }
    }

    pub(super) fn end(self) -> String {
        let lines = self.top.into_iter().chain(self.tables);
        let mut text = lines.collect::<Vec<_>>().join("\n");
        text.push('\n');
        text
    }
}

/// `name = value`.
pub(super) fn line(name: &str, value: impl Into<Value>) -> String {
    format!("{name} = {}", value.into())
}

/// What is left to whoever reads it. It stays one line.
pub(super) fn remark(text: &str) -> String {
    let text: String = text.chars().filter(|letter| !letter.is_control()).collect();
    format!("# {text}")
}
