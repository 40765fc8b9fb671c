//! Headers that every answer carries.

use actix_web::middleware::DefaultHeaders;

/// What a page may load and who may frame it, for answers that are no pages: nothing and nobody.
const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'";

/// Headers that every answer carries unless its endpoint has set them: nothing is kept by caches,
/// guessed by browsers, framed (clickjacking) or passed to the next page.
pub(crate) fn security_headers(is_https: bool) -> DefaultHeaders {
    let headers = DefaultHeaders::new()
        .add(("X-Content-Type-Options", "nosniff"))
        .add(("X-Frame-Options", "DENY"))
        .add(("Referrer-Policy", "no-referrer"))
        .add((
            "Cache-Control",
            "no-cache, no-store, max-age=0, must-revalidate",
        ))
        .add(("Content-Security-Policy", NOTHING));
    if is_https {
        headers.add(("Strict-Transport-Security", "max-age=31536000"))
    } else {
        headers
    }
}

/// The policy of a page of ours. Browsers apply `form-action` to where a form's answer redirects, too, so
/// the place that the browser will be sent back to must be named.
pub(crate) fn page_policy(form_target: Option<&str>) -> String {
    let target = form_target
        .map(|source| format!(" {source}"))
        .unwrap_or_default();
    format!(
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'{target}; \
         frame-ancestors 'none'; base-uri 'none'"
    )
}
