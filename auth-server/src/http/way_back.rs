//! The way back to the client, for pages that end a journey.

use symbolon::identifiers::ClientId;

use crate::pages::WayBack;
use crate::server::Server;

/// The way back to the client of this name, if it is registered. A store that does not answer costs the way, not
/// the page.
pub(crate) async fn way_back(server: &Server, client_id: Option<&ClientId>) -> Option<WayBack> {
    let found = server.clients.find(client_id?).await;
    let client = found.ok().flatten()?;
    Some(WayBack {
        client_id: client.id.to_string(),
        client_name: client.name.clone(),
        address: client.home_page(),
    })
}
