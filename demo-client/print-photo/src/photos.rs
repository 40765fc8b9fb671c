//! The photos, fetched with the token of the session, and what else can be done with that token.

use actix_web::http::header;
use actix_web::{HttpResponse, web};

use symbolon::calls;

use super::access::Access;
use super::authorize;
use super::clients::{Clients, PROFILE, TokenKind};
use super::guard::{Button, OwnForm};
use super::page::{self, LoggedOutPage, Photo, PhotosPage, RefreshedPage, Shell};
use super::problem::Problem;
use super::session::{Session, Visitor};
use symbolon_client::{ClientError, GrantType};

/// What Photo Space calls a request.
const REQUEST_ID: &str = "x-request-id";

/// A list of photos or a photo is not longer, in bytes.
const MAX_PHOTO_BYTES: usize = 8 * 1024 * 1024;

/// `GET /photos`. Without a token the browser is sent to the authorization server and comes back.
pub(super) async fn photos(
    visitor: Visitor,
    clients: web::Data<Clients>,
) -> Result<HttpResponse, Problem> {
    let session = visitor.session();
    let Some(access) = session.access() else {
        let client = clients.web(TokenKind::default(), session);
        return authorize::begin(&visitor, &clients, &client, None);
    };
    let answer = access
        .watched(session)
        .get(clients.photos_url.clone())
        .await;
    let response = match answer {
        Err(ClientError::AuthorizationRequired(required)) => {
            session.set_access(None);
            session.flow.authorization_request(&required.url);
            session.keep_pending(required.pending, clients.again(&access).into());
            return Ok(page::see_other(required.url.as_str()));
        }
        answer => answer?,
    };
    let read = read_in_sight(response, session).await;
    if read.is_err() {
        clients.questions.complete(&session.flow).await;
    }
    let photos: Vec<Photo> =
        serde_json::from_slice(&read?.body).map_err(|_| Problem::ResourceServerDown)?;
    let owner = if access.grant_type == GrantType::AuthorizationCode {
        owner_name(&access, session, &clients).await
    } else {
        None
    };
    clients.questions.complete(&session.flow).await;
    let shell = Shell::of(&visitor).await;
    Ok(page::ok(&PhotosPage {
        shell,
        owner,
        photos,
    }))
}

/// Who let us in, where the token may ask (scope `profile`); the photos are shown without it, too.
pub(super) async fn owner_name(
    access: &Access,
    session: &Session,
    clients: &Clients,
) -> Option<String> {
    let client = access.asking_for_owner(session);
    let granted = client.tokens().await.ok()??.scope;
    if granted.is_some_and(|scope| !scope.contains(PROFILE)) {
        return None;
    }
    let response = client.get(clients.me_url.clone()).await.ok()?;
    let answer = read_in_sight(response, session).await.ok()?;
    let me: serde_json::Value = serde_json::from_slice(&answer.body).ok()?;
    let name = ["name", "user_name", "username", "owner", "sub"]
        .into_iter()
        .find_map(|member| me.get(member)?.as_str())?;
    Some(name.to_owned())
}

/// `GET /photos/{id}`: the browser has no token, so the picture passes through here.
pub(super) async fn photo(
    id: web::Path<String>,
    visitor: Visitor,
    clients: web::Data<Clients>,
) -> Result<HttpResponse, Problem> {
    let id: u64 = id.parse().map_err(|_| Problem::NotFound)?;
    let access = visitor.session().access().ok_or(Problem::NoAccess)?;
    let mut url = clients.photos_url.clone();
    url.path_segments_mut()
        .map_err(|()| Problem::Internal)?
        .push(&id.to_string());
    let answer = read(access.client.get(url).await?).await?;
    let content_type = picture_type(answer.content_type.as_deref());
    Ok(HttpResponse::Ok()
        .insert_header((
            header::CONTENT_TYPE,
            content_type.ok_or(Problem::ResourceServerDown)?,
        ))
        .insert_header((header::CONTENT_SECURITY_POLICY, PICTURE_POLICY))
        .body(answer.body))
}

/// Whatever Photo Space sends, it can do nothing in a browser but be seen.
const PICTURE_POLICY: &str = "default-src 'none'; sandbox";

/// Pictures that hold no script. (SVG may.)
const PICTURE_TYPES: [&str; 5] = [
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "image/avif",
];

/// The type of a picture, in words of ours: browsers read into a list of types what they like.
fn picture_type(content_type: Option<&str>) -> Option<&'static str> {
    let sent = content_type?.trim();
    PICTURE_TYPES
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(sent))
}

/// What Photo Space sent.
pub(super) struct PhotoSpaceAnswer {
    content_type: Option<String>,
    pub(super) body: Vec<u8>,
}

/// Reads an answer, and shows what it says in the inspector.
pub(super) async fn read_in_sight(
    response: reqwest::Response,
    session: &Session,
) -> Result<PhotoSpaceAnswer, Problem> {
    let id = response.headers().get(REQUEST_ID);
    let id = id.and_then(|id| id.to_str().ok()).map(str::to_owned);
    let answer = read(response).await?;
    if let Some(id) = id {
        let body = String::from_utf8_lossy(&answer.body);
        session.flow.received_body(&id, &body);
    }
    Ok(answer)
}

async fn read(mut response: reqwest::Response) -> Result<PhotoSpaceAnswer, Problem> {
    let status = response.status();
    if status.is_server_error() {
        return Err(Problem::ResourceServerDown);
    }
    if status == reqwest::StatusCode::NOT_FOUND {
        return Err(Problem::NotFound);
    }
    if !status.is_success() {
        return Err(Problem::ResourceRefused(status.as_u16()));
    }
    let body = calls::read_body(&mut response, MAX_PHOTO_BYTES).await;
    let content_type = response.headers().get(reqwest::header::CONTENT_TYPE);
    Ok(PhotoSpaceAnswer {
        content_type: content_type
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned),
        body: body.map_err(|_| Problem::ResourceServerDown)?,
    })
}

/// `POST /refresh`: renews the token now, though it is still good.
pub(super) async fn refresh(
    OwnForm(Button {}): OwnForm<Button>,
    visitor: Visitor,
) -> Result<HttpResponse, Problem> {
    let session = visitor.session();
    let access = session.access().ok_or(Problem::NoAccess)?;
    let old = Shell::of(&visitor).await.access.ok_or(Problem::NoAccess)?;
    session.flow.clear();
    access.watched(session).renew().await?;
    let shell = Shell::of(&visitor).await;
    Ok(page::ok(&RefreshedPage { shell, old }))
}

/// `POST /logout`: the tokens are given back and the session is forgotten.
pub(super) async fn log_out(
    OwnForm(Button {}): OwnForm<Button>,
    visitor: Visitor,
    clients: web::Data<Clients>,
) -> HttpResponse {
    let session = visitor.session();
    let revoked = match session.access() {
        Some(access) if !access.is_of_an_owner() => true,
        Some(access) => {
            session.flow.clear();
            let outcome = access.watched(session).log_out().await;
            if let Err(error) = &outcome {
                tracing::warn!(event = "tokens_not_revoked", %error);
            }
            outcome.is_ok()
        }
        None => true,
    };
    visitor.end();
    let shell = Shell {
        access: None,
        brought: None,
        csrf: None,
        inspector: Shell::inspector(&visitor),
        words: visitor.words(),
        application: visitor.application(),
        here: visitor.here().clone(),
    };
    page::ok(&LoggedOutPage {
        shell,
        revoked,
        sign_out_url: format!("{}/logout", clients.authorization_server),
    })
}
