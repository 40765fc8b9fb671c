//! The sign-in page: for a request that waits, for one that waits no more, or for nothing but itself.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};

use crate::http::answers::{self, Forms};
use crate::http::named_request::{NamedRequest, SignInVisit};
use crate::http::page_frame::frame_about;
use crate::http::passkey_offer;
use crate::http::refusals::Refusal;
use crate::http::second_factor_refusal::CodeRefusal;
use crate::http::session_cookie;
use crate::http::sign_in_refusal::SignInRefusal;
use crate::http::way_back::way_back;
use crate::pages::{ClientAtSignIn, LoginCodePage, LoginNotice, LoginPage, Place, WayBack};
use crate::records::LocalesAsked;
use crate::resource_owners::owner::ResourceOwner;
use crate::server::Server;
use crate::sessions::BrowserSession;

/// The sign-in page of one session.
pub(crate) struct SignInPage<'a> {
    server: &'a Server,
    request: &'a HttpRequest,
    session: &'a BrowserSession,
    about: About,
    /// Where the page can be asked for.
    here: String,
    /// The page of ours that somebody wanted to see.
    next: Option<Place>,
    /// Where a link is asked for by whoever has forgotten the password.
    forgotten: Option<String>,
    /// Where a link for an account is asked for.
    sign_up: Option<String>,
}

/// What a sign-in is for.
enum About {
    /// A request that waits for it.
    Waiting {
        authorization: String,
        client: ClientAtSignIn,
        locales: Option<LocalesAsked>,
    },
    /// A request that does not wait any more.
    Ended(WayBack),
    /// Nothing else.
    Itself,
}

impl<'a> SignInPage<'a> {
    /// The page for what is named, as far as that is in this session.
    pub(crate) async fn of(
        server: &'a Server,
        request: &'a HttpRequest,
        session: &'a BrowserSession,
        named: &NamedRequest,
    ) -> Result<Self, Refusal> {
        let links = server.account_links.as_ref();
        Ok(Self {
            server,
            request,
            session,
            about: About::of(server, session, named).await?,
            next: named.next,
            forgotten: links.map(|_| named.forgotten_page(&server.addresses)),
            sign_up: links
                .and_then(|links| links.new_accounts.as_ref())
                .map(|_| named.sign_up_page(&server.addresses)),
            here: named.sign_in_page(&server.addresses, SignInVisit::default()),
        })
    }

    /// The page once more, because a sign-in was refused.
    pub(crate) fn again(
        self,
        username: String,
        refusal: SignInRefusal,
    ) -> Result<HttpResponse, Refusal> {
        let mut response = self.show(refusal.status, username, Some(refusal.notice))?;
        answers::retry_after(&mut response, refusal.retry_after_secs);
        Ok(response)
    }

    /// The page.
    pub(crate) fn show(
        self,
        status: StatusCode,
        username: String,
        notice: Option<LoginNotice>,
    ) -> Result<HttpResponse, Refusal> {
        let Told {
            authorization,
            client,
            locales,
            ended,
            forms,
        } = self.about.into();
        let passkey = passkey_offer::of_anybody(self.server, self.session);
        let page = page_of(passkey.as_ref());
        let shown = LoginPage {
            csrf_token: self.server.sessions.csrf_token(self.session),
            authorization,
            client,
            next: self.next,
            ended,
            passkey,
            forgotten: self.forgotten,
            sign_up: self.sign_up,
            username,
            notice,
        };
        let frame = frame_about(self.server, self.request, locales.as_ref()).here(self.here);
        let html = shown.render(&frame)?;
        let mut response = page(status, forms).body(html);
        session_cookie::set(&mut response, self.session, self.server);
        Ok(response)
    }

    /// The page of the second step in its place, at this address.
    pub(crate) async fn ask_code(
        self,
        here: String,
        owner: &ResourceOwner,
        refusal: Option<CodeRefusal>,
    ) -> Result<HttpResponse, Refusal> {
        let (server, session) = (self.server, self.session);
        let passkey = passkey_offer::of_owner(server, session, &owner.name).await?;
        let page = page_of(passkey.as_ref());
        let Told {
            authorization,
            client,
            locales,
            forms,
            ..
        } = self.about.into();
        let shown = LoginCodePage {
            csrf_token: self.server.sessions.csrf_token(self.session),
            owner: owner.name.clone(),
            authorization,
            client,
            next: self.next,
            back: self.here,
            passkey,
            notice: refusal.map(|refusal| refusal.notice),
        };
        let frame = frame_about(self.server, self.request, locales.as_ref()).here(here);
        let html = shown.render(&frame)?;
        let status = refusal.map_or(StatusCode::OK, |refusal| refusal.status);
        let mut response = page(status, forms).body(html);
        let retry_after_secs = refusal.and_then(|refusal| refusal.retry_after_secs);
        answers::retry_after(&mut response, retry_after_secs);
        session_cookie::set(&mut response, self.session, self.server);
        Ok(response)
    }
}

/// The beginning of a page that asks for a passkey, or does not.
fn page_of(passkey: Option<&String>) -> fn(StatusCode, Forms) -> HttpResponseBuilder {
    match passkey {
        Some(_) => answers::page_with_script,
        None => answers::page,
    }
}

/// What a page tells of that.
struct Told {
    authorization: Option<String>,
    client: Option<ClientAtSignIn>,
    locales: Option<LocalesAsked>,
    ended: Option<WayBack>,
    forms: Forms,
}

impl From<About> for Told {
    fn from(about: About) -> Self {
        let nothing = Self {
            authorization: None,
            client: None,
            locales: None,
            ended: None,
            forms: Forms::StayHere,
        };
        match about {
            About::Waiting {
                authorization,
                client,
                locales,
            } => Self {
                authorization: Some(authorization),
                client: Some(client),
                locales,
                forms: Forms::LeadToClient,
                ..nothing
            },
            About::Ended(way_back) => Self {
                ended: Some(way_back),
                ..nothing
            },
            About::Itself => nothing,
        }
    }
}

impl About {
    async fn of(
        server: &Server,
        session: &BrowserSession,
        named: &NamedRequest,
    ) -> Result<Self, Refusal> {
        let Some(id) = &named.id else {
            return Ok(Self::Itself);
        };
        let authorization = &server.authorization;
        let pending = authorization.pending.find(&session.id, id).await?;
        if let Some(pending) = pending.filter(|pending| pending.answer.is_none())
            && let Ok(checked) = authorization.requests.check(&pending.request).await
        {
            let client = &checked.client;
            return Ok(Self::Waiting {
                authorization: id.to_string(),
                client: ClientAtSignIn {
                    id: client.id.to_string(),
                    name: client.name.clone(),
                },
                locales: pending.locales_asked(),
            });
        }
        let way_back = way_back(server, named.client_id.as_ref()).await;
        Ok(way_back.map_or(Self::Itself, Self::Ended))
    }
}
