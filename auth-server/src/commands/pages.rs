//! Commands on templates of pages.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::Subcommand;
use symbolon_auth_server::pages::LAYOUT_HTML;
use symbolon_service::command_line::{CommandError, print_line};

#[derive(Debug, Subcommand)]
pub(crate) enum PagesCommand {
    /// Write a template to begin with into a folder, for `brand.templates` of the settings. It writes the pages as they are
    /// without.
    ///
    /// `check-config` tries what is in the folder, and says file and line of what is wrong.
    Export {
        /// Which. It is made where there is none; a file that is there stays as it is.
        folder: PathBuf,
    },
}

impl PagesCommand {
    pub(crate) fn run(self) -> Result<(), CommandError> {
        let Self::Export { folder } = self;
        if folder.exists() && !folder.is_dir() {
            let folder = folder.display();
            let text = format!("{folder}: it is a file; accepted: a folder, or one to be made");
            return Err(CommandError::Failed(text));
        }
        let file = folder.join("layout.html");
        write(&folder, &file).map_err(|error| {
            let file = file.display();
            CommandError::Failed(format!("{file}: {error}"))
        })?;
        print_line(&format!("written: {}", file.display()))
    }
}

fn write(folder: &Path, file: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).create(folder)?;
    let mut options = OpenOptions::new();
    let mut file = options.write(true).create_new(true).open(file)?;
    file.write_all(LAYOUT_HTML.as_bytes())?;
    file.sync_all()
}
