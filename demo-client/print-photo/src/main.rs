//! Print Photo, the demo client, as a program.

use std::convert::Infallible;
use std::process::ExitCode;
use std::sync::Arc;

use print_photo::{DemoClientSettings, IDENTITY};
use symbolon::clock::SystemClock;
use symbolon_service::command_line::{self, CommandError, Program};
use symbolon_service::hang_ups::HangUps;
use symbolon_service::http::Listeners;
use symbolon_service::identity::ServiceIdentity;
use symbolon_service::settings::{Accepted, SettingsSources};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

struct PrintPhoto;

impl Program for PrintPhoto {
    const IDENTITY: ServiceIdentity = IDENTITY;
    const ABOUT: &'static str =
        "Print Photo: a web application that shows how a client uses OAuth 2, one page per grant";
    type Settings = DemoClientSettings;
    type Command = Infallible;

    async fn serve(
        settings: Accepted<DemoClientSettings>,
        _sources: SettingsSources,
        listeners: Listeners,
        hang_ups: HangUps,
    ) -> Result<(), CommandError> {
        hang_ups.ignore();
        let demo = print_photo::start(&settings, listeners, Arc::new(SystemClock))?;
        tracing::info!(
            event = "started",
            url = %demo.url,
            address = %demo.service.address,
            probes_address = %demo.service.probes_address,
        );
        Ok(demo.service.run_until_signal().await?)
    }
}

#[actix_web::main]
async fn main() -> ExitCode {
    command_line::run::<PrintPhoto>().await
}
