//! Answers in XML, as a Spring server with the library's converters gives them. Answers are compared whole.

use e2e::{Answer, World, on_every_store};
use reqwest::Method;

const TOKEN: &str = "/oauth/token";
const CHECK: &str = "/oauth/check_token";
const ITSELF: (&str, &str) = ("grant_type", "client_credentials");
const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/// A request of a client that accepts this.
struct Ask<'a> {
    method: Method,
    path: &'a str,
    client: (&'a str, String),
    accept: &'a str,
}

impl Ask<'_> {
    fn of<'a>(id: &'a str, accept: &'a str) -> Ask<'a> {
        Ask {
            method: Method::POST,
            path: TOKEN,
            client: (id, e2e::secret_of(id)),
            accept,
        }
    }

    async fn send(self, world: &World, form: crate::Form<'_>) -> Answer {
        let (id, secret) = self.client;
        let request = world
            .http()
            .request(self.method, format!("{}{}", world.auth, self.path))
            .header("Accept", self.accept)
            .basic_auth(id, Some(secret))
            .form(form);
        Answer::read(request.send().await.unwrap()).await
    }
}

/// Status, type and challenge.
#[track_caller]
fn assert_head(answer: &Answer, status: u16, media_type: &str, challenge: &str) {
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("pragma"), "no-cache");
    let head = (answer.status, answer.header("content-type"));
    assert_eq!(head, (status, media_type), "{}", answer.text);
    assert_eq!(answer.header("www-authenticate"), challenge);
}

/// What stands in the element of this name.
fn element<'a>(answer: &'a Answer, name: &str) -> &'a str {
    let (_, rest) = answer.text.split_once(&format!("<{name}>")).unwrap();
    rest.split_once(&format!("</{name}>")).unwrap().0
}

fn oauth(error: &str, description: &str) -> String {
    format!(
        "<oauth><error_description>{description}</error_description><error>{error}</error></oauth>"
    )
}

on_every_store! {
    /// Token, end and refresh token, and nothing else.
    async fn who_prefers_xml_gets_xml_where_that_is_said(
        world, "AUTH_SERVER__SPRING__XML_ANSWERS" = "true", "AUTH_SERVER__PROFILE" = "spring"
    ) {
        for media_type in ["application/xml", "text/xml", "application/xhtml+xml"] {
            let answer = Ask::of("photo-backup", media_type).send(&world, &[ITSELF]).await;
            assert_head(&answer, 200, media_type, "");
            let token = element(&answer, "access_token");
            let secs = element(&answer, "expires_in");
            let whole = format!("<oauth><access_token>{token}</access_token><expires_in>{secs}</expires_in></oauth>");
            assert_eq!(answer.text, whole);
            assert_eq!(world.check_token(token).await.status, 200);
        }
        let form = [
            ("grant_type", "password"), ("username", "xiaoming"), ("password", "photos4me"), ("scope", "profile"),
        ];
        let answer = Ask::of("photo-desktop", "application/xml").send(&world, &form).await;
        let (token, refresh) = (element(&answer, "access_token"), element(&answer, "refresh_token"));
        let whole = format!(
            "<oauth><access_token>{token}</access_token><expires_in>43200</expires_in>\
             <refresh_token>{refresh}</refresh_token></oauth>"
        );
        assert_eq!(answer.text, whole);
        let form = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
        assert_eq!(world.token("photo-desktop", &form).await.status, 200);
    }

    /// A token that does not expire has no end to be told.
    async fn xml_says_no_end_where_there_is_none(
        world, "AUTH_SERVER__SPRING__XML_ANSWERS" = "true", "AUTH_SERVER__PROFILE" = "spring";
        |world| world.client("photo-backup", "access_token_ttl_secs = 0")
    ) {
        let answer = Ask::of("photo-backup", "application/xml").send(&world, &[ITSELF]).await;
        let token = element(&answer, "access_token");
        assert_eq!(answer.text, format!("<oauth><access_token>{token}</access_token></oauth>"));
    }

    /// Text and code, in this order, and no other member; challenge and status as in JSON.
    async fn refusals_are_xml_too(
        world, "AUTH_SERVER__SPRING__XML_ANSWERS" = "true", "AUTH_SERVER__PROFILE" = "spring"
    ) {
        let xml = "application/xml";
        let answer = Ask::of("photo-backup", xml).send(&world, &[ITSELF, ("scope", "nonsense")]).await;
        assert_head(&answer, 400, xml, "");
        assert_eq!(answer.text, oauth("invalid_scope", "Invalid scope"));
        let wrong = Ask { client: ("photo-backup", "wrong".to_owned()), ..Ask::of("photo-backup", BROWSER) };
        let answer = wrong.send(&world, &[ITSELF]).await;
        assert_head(&answer, 401, "application/xhtml+xml", "Basic realm=\"oauth2/client\"");
        assert_eq!(answer.text, oauth("unauthorized", "Bad credentials"));
        let by_get = Ask { method: Method::GET, ..Ask::of("photo-backup", xml) };
        let answer = by_get.send(&world, &[]).await;
        assert_head(&answer, 405, xml, "");
        assert_eq!(answer.text, oauth("method_not_allowed", "Request method 'GET' not supported"));
        for token in ["garbage", &"a".repeat(20_000)] {
            let about = Ask { path: CHECK, ..Ask::of("photo-space", xml) };
            let answer = about.send(&world, &[("token", token)]).await;
            assert_head(&answer, 400, xml, "");
            assert_eq!(answer.text, oauth("invalid_token", "Token was not recognised"));
        }
    }

    /// An answer about a good token has no form in XML, and nobody is refused for what they accept.
    async fn what_has_no_form_in_xml_is_json(
        world, "AUTH_SERVER__SPRING__XML_ANSWERS" = "true", "AUTH_SERVER__PROFILE" = "spring"
    ) {
        let json = "application/json;charset=UTF-8";
        for accept in ["text/plain", "*/*", "application/json, application/xml", "nonsense"] {
            let answer = Ask::of("photo-backup", accept).send(&world, &[ITSELF]).await;
            assert_head(&answer, 200, json, "");
        }
        let token = world.password_grant("photo.read").await.access_token();
        let about = Ask { path: CHECK, ..Ask::of("photo-space", "application/xml") };
        let answer = about.send(&world, &[("token", &token)]).await;
        assert_head(&answer, 200, json, "");
        assert_eq!(answer.json["client_id"], "photo-desktop");
    }

    /// The profile alone does not bring it.
    async fn without_the_habit_everything_is_json(world, "AUTH_SERVER__PROFILE" = "spring") {
        let json = "application/json;charset=UTF-8";
        for (form, status) in [(&[ITSELF][..], 200), (&[], 400)] {
            let answer = Ask::of("photo-backup", "application/xml").send(&world, form).await;
            assert_head(&answer, status, json, "");
        }
    }
}
