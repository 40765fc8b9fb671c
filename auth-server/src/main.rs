//! The authorization server as a program.

mod commands;

use std::process::ExitCode;
use std::sync::Arc;

use commands::OwnCommands;
use symbolon_auth_server::app::{self, Extensions, IDENTITY, Inputs};
use symbolon_auth_server::settings::Settings;
use symbolon_service::command_line::{self, CommandError, Program};
use symbolon_service::hang_ups::HangUps;
use symbolon_service::http::Listeners;
use symbolon_service::identity::ServiceIdentity;
use symbolon_service::settings::{Accepted, Findings, SettingsSources};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

struct AuthServer;

impl Program for AuthServer {
    const IDENTITY: ServiceIdentity = IDENTITY;
    const ABOUT: &'static str = "An OAuth 2 authorization server that speaks Spring Security OAuth's \
                                 dialect and today's standards";
    type Settings = Settings;
    type Command = OwnCommands;

    fn check(settings: &Settings, findings: &mut Findings) {
        app::check(settings, &Extensions::default(), findings);
    }

    async fn serve(
        settings: Accepted<Settings>,
        sources: SettingsSources,
        listeners: Listeners,
        hang_ups: HangUps,
    ) -> Result<(), CommandError> {
        let read = Arc::new(move || sources.examine().also(Self::check).accept());
        let inputs = Inputs::of_the_system();
        let running = app::start(&settings, read, listeners, inputs, hang_ups).await?;
        let upkeep = running.upkeep;
        let outcome = running.service.run_until_signal().await;
        upkeep.finish().await;
        Ok(outcome?)
    }
}

#[actix_web::main]
async fn main() -> ExitCode {
    // It is large: a server that starts, or any of the commands.
    Box::pin(command_line::run::<AuthServer>()).await
}
