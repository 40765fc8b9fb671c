//! An authorization server with a grant, members of tokens, owners and a rule about approvals of its own. `docs/extending.md` goes through it.
//!
//! ```sh
//! cargo run --example extended -- --config auth-server/examples/extended/settings.toml serve
//! ```

mod custom_grant;
mod departments;
mod house_rule;
mod visitors;

use std::convert::Infallible;
use std::process::ExitCode;
use std::sync::Arc;

use custom_grant::CustomGrant;
use departments::Departments;
use house_rule::HouseRule;
use symbolon::secret::Secret;
use symbolon_auth_server::app::{self, Extensions, IDENTITY, Inputs};
use symbolon_auth_server::grants::extension::ExtensionGrantFault;
use symbolon_auth_server::settings::Settings;
use symbolon_service::command_line::{self, CommandError, Program};
use symbolon_service::hang_ups::HangUps;
use symbolon_service::http::Listeners;
use symbolon_service::identity::ServiceIdentity;
use symbolon_service::settings::{Accepted, Findings, SettingsSources};
use visitors::Visitors;

/// What this server has besides.
fn extensions() -> Result<Extensions, ExtensionGrantFault> {
    // An example: a program that is used reads it from somewhere.
    let visitors = Visitors::new(Secret::new("the word of the day"));
    let extensions = Extensions::default().grant(Arc::new(CustomGrant))?;
    let extensions = extensions.enhancer(Arc::new(Departments));
    let extensions = extensions.owners(Arc::new(visitors));
    Ok(extensions.approval_rule(Arc::new(HouseRule)))
}

struct Extended;

impl Program for Extended {
    const IDENTITY: ServiceIdentity = IDENTITY;
    const ABOUT: &'static str = "An authorization server with a grant of its own";
    type Settings = Settings;
    type Command = Infallible;

    fn check(settings: &Settings, findings: &mut Findings) {
        match extensions() {
            Ok(extensions) => app::check(settings, &extensions, findings),
            Err(error) => findings.refuse("grant_types", error),
        }
    }

    async fn serve(
        settings: Accepted<Settings>,
        sources: SettingsSources,
        listeners: Listeners,
        hang_ups: HangUps,
    ) -> Result<(), CommandError> {
        let extensions = extensions().map_err(|error| CommandError::Failed(error.to_string()))?;
        let read = Arc::new(move || sources.examine().also(Self::check).accept());
        let inputs = Inputs::with(extensions);
        let running = app::start(&settings, read, listeners, inputs, hang_ups).await?;
        let upkeep = running.upkeep;
        let outcome = running.service.run_until_signal().await;
        drop(upkeep);
        Ok(outcome?)
    }
}

#[actix_web::main]
async fn main() -> ExitCode {
    Box::pin(command_line::run::<Extended>()).await
}
