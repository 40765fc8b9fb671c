//! What somebody types, or another program writes, for a command.

use std::io::{self, IsTerminal as _, Read as _, Write as _};

use symbolon::secret::Secret;
use symbolon_service::command_line::CommandError;

/// What stands on standard input.
pub(super) fn typed_secret() -> Result<Secret, CommandError> {
    if io::stdin().is_terminal() {
        writeln!(
            io::stderr(),
            "Type the secret and end with Enter and Ctrl-D:"
        )?;
    }
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    let secret = Secret::new(text.trim_end_matches(['\r', '\n']));
    if secret.expose().is_empty() {
        return Err(CommandError::Failed(
            "standard input holds no secret".to_owned(),
        ));
    }
    Ok(secret)
}
