//! Which waiting authorization request an address or a form names, and the addresses that name it. The client is
//! named beside it, so that a page that comes too late still knows the way back.

use actix_web::HttpRequest;
use symbolon::identifiers::ClientId;
use symbolon::parameters::{self, Parameters};

use crate::addresses::{Addresses, Endpoint};
use crate::pages::Place;
use crate::records::PendingId;

/// Bytes. A client of a longer name is not named: what others choose goes into addresses.
const LONGEST_CLIENT_ID: usize = 255;

/// The query parameter of the sign-in page that asks who is signed in to sign in as somebody else.
const ANOTHER_ACCOUNT: &str = "another_account";

/// The query parameter of the sign-in page that says that the page before it came too late.
const TOO_LATE: &str = "too_late";

/// The query parameter of the sign-in page that says that a new password was chosen a moment ago.
const NEW_PASSWORD: &str = "new_password";

/// The query parameter of the sign-in page that says that an account was made a moment ago.
const NEW_ACCOUNT: &str = "new_account";

/// The query parameter and the field of a page of ours. It is one of a few names, and no address.
const NEXT: &str = "next";

/// What is named. All of it may be made up.
#[derive(Clone, Debug, Default)]
pub(crate) struct NamedRequest {
    /// The request.
    pub(crate) id: Option<PendingId>,
    /// Whose it is.
    pub(crate) client_id: Option<ClientId>,
    /// The page of ours that somebody wanted to see, when there is no request.
    pub(crate) next: Option<Place>,
}

/// Why somebody is at the sign-in page.
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a query parameter of its own"
)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct SignInVisit {
    /// To sign in as somebody else than who is signed in.
    pub(crate) another_account: bool,
    /// Because a page before it came too late.
    pub(crate) too_late: bool,
    /// With a password that was chosen in the place of one that was forgotten.
    pub(crate) new_password: bool,
    /// With an account that was made a moment ago.
    pub(crate) new_account: bool,
}

impl NamedRequest {
    /// What the query names.
    pub(crate) fn in_query(request: &HttpRequest) -> (Self, SignInVisit) {
        let query = Parameters::decode(request.query_string().as_bytes());
        let mut query = query.unwrap_or_default();
        let visit = SignInVisit {
            another_account: query.contains(ANOTHER_ACCOUNT),
            too_late: query.contains(TOO_LATE),
            new_password: query.contains(NEW_PASSWORD),
            new_account: query.contains(NEW_ACCOUNT),
        };
        (Self::take(&mut query), visit)
    }

    /// What a form names.
    pub(crate) fn take(form: &mut Parameters) -> Self {
        let id = form.take("authorization");
        let next = form.take(NEXT);
        Self {
            next: next.as_deref().and_then(Place::named),
            ..Self::of(id.as_deref(), form.take("client_id").as_deref())
        }
    }

    /// What a form names that is read on.
    pub(crate) fn peek(form: &Parameters) -> Self {
        let value = |name| form.iter().find(|(known, _)| *known == name);
        let value = |name| value(name).map(|(_, value)| value);
        Self::of(value("authorization"), value("client_id"))
    }

    /// The request of this name, of this client.
    pub(crate) const fn waiting(id: PendingId, client_id: ClientId) -> Self {
        Self {
            id: Some(id),
            client_id: Some(client_id),
            next: None,
        }
    }

    fn of(id: Option<&str>, client_id: Option<&str>) -> Self {
        let client_id = client_id.filter(|id| (1..=LONGEST_CLIENT_ID).contains(&id.len()));
        Self {
            id: id.and_then(PendingId::parse),
            client_id: client_id.map(ClientId::new),
            next: None,
        }
    }

    /// The sign-in page of this request.
    pub(crate) fn sign_in_page(&self, at: &Addresses, visit: SignInVisit) -> String {
        let flag = |is_set: bool| is_set.then_some("true");
        self.address(
            &at.login,
            [
                (ANOTHER_ACCOUNT, flag(visit.another_account)),
                (TOO_LATE, flag(visit.too_late)),
                (NEW_PASSWORD, flag(visit.new_password)),
                (NEW_ACCOUNT, flag(visit.new_account)),
                (NEXT, self.next.map(Place::name)),
            ],
        )
    }

    /// Where its sign-in goes on after the password, when that is not enough.
    pub(crate) fn code_page(&self, at: &Addresses) -> String {
        self.address(&at.login_code, [(NEXT, self.next.map(Place::name))])
    }

    /// Where a link is asked for in the place of a password that was forgotten.
    pub(crate) fn forgotten_page(&self, at: &Addresses) -> String {
        self.address(&at.login_forgotten, [])
    }

    /// Where a link for an account is asked for.
    pub(crate) fn sign_up_page(&self, at: &Addresses) -> String {
        self.address(&at.login_sign_up, [])
    }

    /// The request alone, for a link that is sent: whoever asks for that is not always who reads it, and nothing that only
    /// they have chosen is in it.
    pub(crate) fn of_link(self) -> Self {
        Self {
            id: self.id,
            ..Self::default()
        }
    }

    /// The request as it is named in the query of an address.
    pub(crate) fn query(&self) -> String {
        let id = self.id.as_ref().map(PendingId::as_str);
        parameters::encode([("authorization", id)])
    }

    /// Where this request goes on: its approval page, its answer, or a page that says why there is none.
    pub(crate) fn confirmation(&self, at: &Addresses) -> String {
        self.address(&at.confirm_access, [])
    }

    fn address<const N: usize>(&self, page: &Endpoint, more: [(&str, Option<&str>); N]) -> String {
        let named = [
            ("authorization", self.id.as_ref().map(PendingId::as_str)),
            ("client_id", self.client_id.as_ref().map(ClientId::as_str)),
        ];
        let query = parameters::encode(named.into_iter().chain(more));
        let separator = if query.is_empty() { "" } else { "?" };
        format!("{page}{separator}{query}")
    }
}
