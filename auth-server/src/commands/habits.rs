//! The command on what ought to end.

use clap::Subcommand;
use symbolon_auth_server::operator::{HabitCommand, OperatorCommand};
use symbolon_auth_server::records::Habit;

#[derive(Clone, Copy, Debug, Subcommand)]
pub(crate) enum HabitsCommand {
    /// Print who does what ought to end: the habit, the client (- where nobody says a name), when it was last seen (seconds since
    /// 1970, to about a minute) and about how often on that day; or that it is allowed to and was not seen in 90 days.
    ///
    /// Of more than a thousand lines the first are shown, and all are counted.
    List {
        /// One of them, such as `password_grant`.
        #[arg(long, value_name = "NAME", value_parser = habit)]
        habit: Option<Habit>,
    },
}

fn habit(name: &str) -> Result<Habit, String> {
    Habit::parse(name).ok_or_else(|| {
        let names = Habit::ALL.map(Habit::as_str).join(", ");
        format!("accepted: {names}")
    })
}

impl From<HabitsCommand> for OperatorCommand {
    fn from(command: HabitsCommand) -> Self {
        let HabitsCommand::List { habit } = command;
        Self::Habits(HabitCommand::List(habit))
    }
}
