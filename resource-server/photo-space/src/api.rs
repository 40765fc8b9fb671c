//! The routes of Photo Space.

use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, LOCATION, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::web::{Data, Path, Payload, Query, ServiceConfig};
use actix_web::{HttpResponse, ResponseError, web};
use serde::{Deserialize, Serialize};
use symbolon::error::{ErrorCode, ErrorResponse};
use symbolon::identifiers::ClientId;
use symbolon::scope::Scope;
use symbolon_service::connections::took_too_long;

use crate::photos::{KeptPhoto, Photo, PhotoError, Photos, Viewer};
use symbolon_resource_server::{AccessError, Authentication, Require, ResourceServer};

/// The scope that opens pictures.
const READ: &str = "photo.read";
/// The scope that changes them.
const WRITE: &str = "photo.write";
/// The scope that shows who signed in.
const PROFILE: &str = "profile";
/// The authority of a client that may read everybody's pictures without them.
const BACKUP: &str = "ROLE_BACKUP";

/// The route table. Scopes of a path that serves two methods are checked in the handlers.
pub(super) fn configure(routes: &mut ServiceConfig, protection: &ResourceServer) {
    routes
        .service(
            web::resource("/photos")
                .wrap(protection.clone())
                .get(list_photos)
                .post(add_photo),
        )
        .service(
            web::resource("/photos/{id}")
                .wrap(protection.clone())
                .get(show_photo)
                .delete(remove_photo),
        )
        .service(
            web::resource("/me")
                .wrap(Require::scope(PROFILE))
                .wrap(protection.clone())
                .get(who_am_i),
        );
}

/// A person sees their own pictures; a client that acts for itself needs to be the backup.
fn viewer(caller: &Authentication) -> Result<Viewer<'_>, AccessError> {
    caller.require_scope(READ)?;
    if let Some(owner) = &caller.owner {
        return Ok(Viewer::Owner(owner));
    }
    caller.require_authority(BACKUP)?;
    Ok(Viewer::Backup)
}

fn writer(caller: &Authentication) -> Result<&str, AccessError> {
    caller.require_scope(WRITE)?;
    caller.require_owner()
}

/// `GET /photos`
async fn list_photos(
    caller: Authentication,
    photos: Data<Photos>,
) -> Result<HttpResponse, AccessError> {
    Ok(private_json(StatusCode::OK, &photos.list(viewer(&caller)?)))
}

/// `GET /photos/{id}`
async fn show_photo(
    caller: Authentication,
    photos: Data<Photos>,
    id: Path<u64>,
) -> actix_web::Result<HttpResponse> {
    let KeptPhoto { photo, bytes } = photos.find(viewer(&caller)?, id.into_inner())?;
    Ok(HttpResponse::Ok()
        .content_type(photo.content_type)
        .insert_header((CACHE_CONTROL, "private, no-store"))
        // A picture that somebody sent in must never be taken for a page.
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"))
        .body(bytes))
}

#[derive(Deserialize)]
struct NewPhoto {
    title: Option<String>,
}

/// `POST /photos?title=…`, the body is the picture.
async fn add_photo(
    caller: Authentication,
    photos: Data<Photos>,
    query: Query<NewPhoto>,
    body: Payload,
) -> actix_web::Result<HttpResponse> {
    let owner = writer(&caller)?;
    let NewPhoto { title } = query.into_inner();
    let bytes = body
        .to_bytes_limited(photos.limits().max_bytes)
        .await
        .map_err(|_| PhotoError::TooLarge)?
        .map_err(|error| unread(&error))?;
    let photo: Photo = photos.add(owner, title.as_deref().unwrap_or("Untitled"), bytes)?;
    let mut response = private_json(StatusCode::CREATED, &photo);
    let location = photo.url.parse().map_err(|_| PhotoError::Unreadable)?;
    response.headers_mut().insert(LOCATION, location);
    Ok(response)
}

fn unread(error: &actix_web::Error) -> PhotoError {
    if took_too_long(error) {
        PhotoError::TooSlow
    } else {
        PhotoError::Unreadable
    }
}

/// `DELETE /photos/{id}`
async fn remove_photo(
    caller: Authentication,
    photos: Data<Photos>,
    id: Path<u64>,
) -> actix_web::Result<HttpResponse> {
    photos.remove(writer(&caller)?, id.into_inner())?;
    Ok(HttpResponse::NoContent().finish())
}

#[derive(Serialize)]
struct WhoAmI<'a> {
    user_name: Option<&'a str>,
    client_id: Option<&'a ClientId>,
    scope: &'a Scope,
    authorities: &'a [String],
}

/// `GET /me`
async fn who_am_i(caller: Authentication) -> HttpResponse {
    let facts = WhoAmI {
        user_name: caller.owner.as_deref(),
        client_id: caller.client_id.as_ref(),
        scope: &caller.scope,
        authorities: &caller.authorities,
    };
    private_json(StatusCode::OK, &facts)
}

fn private_json(status: StatusCode, body: &impl Serialize) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((CACHE_CONTROL, "private, no-store"))
        .json(body)
}

impl ResponseError for PhotoError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Unknown => StatusCode::NOT_FOUND,
            Self::NotAPicture => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Unreadable | Self::BadTitle => StatusCode::BAD_REQUEST,
            Self::NoRoom => StatusCode::CONFLICT,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let code = match self {
            Self::Unknown => ErrorCode::Other("not_found".to_owned()),
            Self::NoRoom => ErrorCode::Other("no_room".to_owned()),
            Self::NotAPicture
            | Self::TooLarge
            | Self::TooSlow
            | Self::Unreadable
            | Self::BadTitle => ErrorCode::InvalidRequest,
        };
        HttpResponse::build(self.status_code()).json(ErrorResponse::new(code, self.to_string()))
    }
}
