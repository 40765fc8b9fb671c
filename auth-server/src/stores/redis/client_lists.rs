//! The lists of clients as one sorted set: a member is the name of a list and the id of a client in it. All have one
//! score, so Redis keeps them in the order of their bytes. What a client is in, its record says: a member that its record
//! does not bear out leads to nobody.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use symbolon::identifiers::ClientId;

use crate::records::ClientRegistration;
use crate::stores::ClientList;

/// What every member of a list begins with. Names may hold any character, so they are written in base64url.
pub(super) fn beginning(list: &ClientList) -> String {
    match list {
        ClientList::RegisteredBy(owner) => format!("by/{}/", URL_SAFE_NO_PAD.encode(owner)),
        ClientList::AwaitingApproval => "awaiting/".to_owned(),
    }
}

/// A client in a list.
pub(super) fn member(list: &ClientList, id: &ClientId) -> String {
    format!("{}{id}", beginning(list))
}

/// All members of a client.
pub(super) fn members(client: &ClientRegistration) -> Vec<String> {
    let lists = ClientList::of(client);
    let members = lists.iter().map(|list| member(list, &client.client_id));
    members.collect()
}
