//! Photo Space, the resource server of the demo, as a program.

use std::convert::Infallible;
use std::process::ExitCode;
use std::sync::Arc;

use photo_space::{DemoSettings, IDENTITY};
use symbolon_resource_server::SystemClock;
use symbolon_service::command_line::{self, CommandError, Program};
use symbolon_service::hang_ups::HangUps;
use symbolon_service::http::{Listeners, local_url};
use symbolon_service::identity::ServiceIdentity;
use symbolon_service::settings::{Accepted, SettingsSources};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

struct PhotoSpace;

impl Program for PhotoSpace {
    const IDENTITY: ServiceIdentity = IDENTITY;
    const ABOUT: &'static str = "Photo Space: an API for pictures, protected by OAuth 2";
    type Settings = DemoSettings;
    type Command = Infallible;

    async fn serve(
        settings: Accepted<DemoSettings>,
        _sources: SettingsSources,
        listeners: Listeners,
        hang_ups: HangUps,
    ) -> Result<(), CommandError> {
        hang_ups.ignore();
        let demo = photo_space::start(&settings, listeners, Arc::new(SystemClock))?;
        tracing::info!(
            event = "started",
            url = local_url(demo.address),
            address = %demo.address,
            probes_address = %demo.probes_address,
            verifier = ?settings.verifier.method,
        );
        Ok(demo.run_until_signal().await?)
    }
}

#[actix_web::main]
async fn main() -> ExitCode {
    command_line::run::<PhotoSpace>().await
}
