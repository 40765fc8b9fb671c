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

/// Where the answers of a page's forms lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Forms {
    /// To pages of ours.
    StayHere,
    /// At last to a client.
    LeadToClient,
}

/// What a page loads besides our style and our pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Loaded<'a> {
    /// Nothing.
    Nothing,
    /// A picture of this origin.
    Image(&'a str),
    /// The script that asks for passkeys: browsers give them to nothing else.
    Script,
}

/// The policy of a page of ours. `form-action` holds also for every redirect after a form, the client's own too,
/// and it cannot name every place (an address of IPv6, an application's scheme). So pages whose forms lead to a
/// client go without.
pub(crate) fn page_policy(forms: Forms, more: Loaded<'_>) -> String {
    let form_action = match forms {
        Forms::StayHere => " form-action 'self';",
        Forms::LeadToClient => "",
    };
    let image = match more {
        Loaded::Image(origin) => format!(" {origin}"),
        Loaded::Nothing | Loaded::Script => String::new(),
    };
    let script = match more {
        Loaded::Script => " script-src 'self';",
        Loaded::Nothing | Loaded::Image(_) => "",
    };
    format!(
        "default-src 'none'; style-src 'self'; img-src 'self'{image};{script}{form_action} \
         frame-ancestors 'none'; base-uri 'none'"
    )
}
