//! The settings in force, the lax ones marked.

use askama::Template;

use crate::pages::frame::Frame;
use crate::pages::place::Menu;

/// Lists the settings that the server was started with.
#[derive(Clone, Debug)]
pub struct AdministeredSettingsPage {
    /// Whose pages they are.
    pub menu: Menu,
    /// What somebody may regret that is no setting.
    pub warnings: Vec<String>,
    /// All settings.
    pub groups: Vec<SettingGroup>,
}

/// The settings of one section.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SettingGroup {
    /// Its name; empty where there is none.
    pub section: String,
    /// Its settings.
    pub lines: Vec<SettingLine>,
}

/// One setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingLine {
    /// Its whole name.
    pub name: String,
    /// Its value, without secrets.
    pub value: String,
    /// Where somebody has set it; `None`: it is the default.
    pub place: Option<String>,
    /// What somebody may regret of it, in English, as `check-config` says it.
    pub warnings: Vec<String>,
}

impl AdministeredSettingsPage {
    /// What is marked.
    fn regretted(&self) -> impl Iterator<Item = &SettingLine> {
        let lines = self.groups.iter().flat_map(|group| &group.lines);
        lines.filter(|line| !line.warnings.is_empty())
    }

    fn summary(&self, frame: &Frame<'_>) -> String {
        let settings = self.regretted().map(|line| line.warnings.len());
        let count = settings.sum::<usize>().saturating_add(self.warnings.len());
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        frame.words.counting("administration-lax-count", count)
    }

    /// The page as HTML.
    pub fn render(&self, frame: &Frame<'_>) -> Result<String, askama::Error> {
        let menu = &self.menu;
        let page = self;
        frame.write(
            "administration_settings",
            &SettingsTemplate { page, menu, frame },
        )
    }
}

#[derive(Template)]
#[template(path = "administration/settings.html")]
struct SettingsTemplate<'a> {
    page: &'a AdministeredSettingsPage,
    menu: &'a Menu,
    frame: &'a Frame<'a>,
}
