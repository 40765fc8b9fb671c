//! The pages as values: what each template is given.

mod script;

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use askama::Template;
use serde::{Deserialize, Serialize};

use super::access::Access;
use super::application::Application;
use super::attack::{Attack, Outcome, Verdict};
use super::here::Here;
use super::inspector::{Inspector, Showing};
use super::language::Language;
use super::lessons::Rule;
use super::session::{Session, Visitor};
use super::words::Words;
use symbolon_client::{GrantType, mask};

pub(super) use script::ScriptPage;

/// What is around every page.
#[derive(Clone, Debug, Default)]
pub(super) struct Shell {
    /// The token that forms have to bring; `None` on pages that belong to no session.
    pub(super) csrf: Option<String>,
    /// How photos can be reached at present.
    pub(super) access: Option<AccessView>,
    /// The `client_id` of what the visitor has brought to ask in the place of Print Photo's own client.
    pub(super) brought: Option<String>,
    /// What the inspector shows; `None` when nothing has happened.
    pub(super) inspector: Option<Inspector>,
    /// The language of the page.
    pub(super) words: Words,
    /// The application that the page belongs to.
    pub(super) application: Application,
    /// Where the page can be had in another language.
    pub(super) here: Here,
}

/// A token, fit to be shown.
#[derive(Clone, Debug)]
pub(super) struct AccessView {
    /// The key of the grant's name.
    pub(super) grant: &'static str,
    /// The client that holds it.
    pub(super) client_id: String,
    /// The end of the access token; `None` when there is no token yet.
    pub(super) token: Option<String>,
    /// Seconds until it expires; `None` when it does not say.
    pub(super) expires_in_secs: Option<u64>,
    /// The same in words.
    pub(super) left: String,
    /// What it may be used for; `None` means what was asked for.
    pub(super) scope: Option<String>,
    /// Whether there is a refresh token.
    pub(super) can_refresh: bool,
    /// Whether it has ended before its time, as far as that was seen.
    pub(super) is_dead: bool,
}

impl Shell {
    /// What is around the pages of this visitor.
    pub(super) async fn of(visitor: &Visitor) -> Self {
        let session = visitor.session();
        let access = match session.access() {
            Some(access) => Some(AccessView::of(&access, session, visitor.words()).await),
            None => None,
        };
        Self {
            csrf: Some(session.csrf.expose().to_owned()),
            access,
            brought: session.brought().map(|client| client.id()),
            inspector: Self::inspector(visitor),
            words: visitor.words(),
            application: visitor.application(),
            here: visitor.here().clone(),
        }
    }

    /// The languages that a page offers: tag, name, and whether it is in that language.
    fn languages(&self) -> [(&'static str, &'static str, bool); 3] {
        Language::ALL.map(|language| {
            let is_spoken = language == self.words.language;
            (language.tag(), language.name(), is_spoken)
        })
    }

    fn is_stats(&self) -> bool {
        self.application == Application::PhotoStats
    }

    fn here(&self) -> &str {
        self.here.as_str()
    }

    /// What has happened in the session of this visitor.
    pub(super) fn inspector(visitor: &Visitor) -> Option<Inspector> {
        let showing = Showing {
            words: visitor.words(),
            reveals: visitor.reveals(),
        };
        Inspector::of(&visitor.session().flow.arrows(), showing)
    }
}

impl AccessView {
    async fn of(access: &Access, session: &Session, words: Words) -> Self {
        let held = access.client.tokens().await.ok().flatten();
        let clock = access.client.registration().clock();
        let tokens = held.as_ref();
        let left = tokens.and_then(|held| held.time_left(clock));
        let left = left.map(|left| left.as_secs());
        Self {
            grant: grant_name(access.grant_type),
            client_id: access.client.registration().client_id().to_string(),
            token: tokens.map(|held| mask(held.access_token.expose())),
            expires_in_secs: left,
            left: left.map_or_else(
                || words.say("access-no-time"),
                |secs| words.counting("refreshed-left", secs),
            ),
            scope: tokens
                .and_then(|held| held.scope.as_ref())
                .map(ToString::to_string),
            can_refresh: tokens.is_some_and(|held| held.refresh_token.is_some()),
            is_dead: tokens.is_some_and(|held| session.is_refused(&held.access_token)),
        }
    }
}

const fn grant_name(grant_type: GrantType) -> &'static str {
    match grant_type {
        GrantType::AuthorizationCode => "grant-code",
        GrantType::Implicit => "grant-implicit",
        GrantType::Password => "grant-password",
        GrantType::ClientCredentials => "grant-client-credentials",
        GrantType::RefreshToken => "grant-refresh",
        GrantType::Extension(_) => "grant-extension",
    }
}

/// A photo as Photo Space describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Photo {
    /// Its number in addresses.
    pub(super) id: u64,
    /// Its title.
    pub(super) title: String,
    /// Whose it is.
    pub(super) owner: String,
}

/// `/`
#[derive(Debug, Template)]
#[template(path = "home.html")]
pub(super) struct HomePage {
    /// What is around the page.
    pub(super) shell: Shell,
}

/// `/code`
#[derive(Debug, Template)]
#[template(path = "code.html")]
pub(super) struct CodePage {
    /// What is around the page.
    pub(super) shell: Shell,
    /// Where the browser will go.
    pub(super) authorization_server: String,
}

/// `/password`
#[derive(Debug, Template)]
#[template(path = "password.html")]
pub(super) struct PasswordPage {
    /// What is around the page.
    pub(super) shell: Shell,
}

/// `/client-credentials`
#[derive(Debug, Template)]
#[template(path = "client_credentials.html")]
pub(super) struct ClientCredentialsPage {
    /// What is around the page.
    pub(super) shell: Shell,
}

/// `/photos`
#[derive(Debug, Template)]
#[template(path = "photos.html")]
pub(super) struct PhotosPage {
    /// What is around the page.
    pub(super) shell: Shell,
    /// Who let us in, as far as we may know.
    pub(super) owner: Option<String>,
    /// The photos.
    pub(super) photos: Vec<Photo>,
}

/// `/stats`, with access.
#[derive(Debug, Template)]
#[template(path = "stats.html")]
pub(super) struct StatsPage {
    /// What is around the page.
    pub(super) shell: Shell,
    /// Who let us in, as far as we may know.
    pub(super) owner: Option<String>,
    /// How many photos there are.
    pub(super) total: usize,
    /// How many of each kind.
    pub(super) kinds: Vec<CountedKind>,
    /// Where to sign out.
    pub(super) sign_out_url: String,
}

/// Photos of one kind.
#[derive(Clone, Debug)]
pub(super) struct CountedKind {
    /// Which.
    pub(super) content_type: String,
    /// How many.
    pub(super) count: usize,
}

/// `/stats`, without access.
#[derive(Debug, Template)]
#[template(path = "stats_entrance.html")]
pub(super) struct StatsEntrancePage {
    /// What is around the page.
    pub(super) shell: Shell,
    /// Where the browser will go.
    pub(super) authorization_server: String,
    /// Whether there was access, which has ended.
    pub(super) is_over: bool,
}

/// `/refresh`
#[derive(Debug, Template)]
#[template(path = "refreshed.html")]
pub(super) struct RefreshedPage {
    /// What is around the page.
    pub(super) shell: Shell,
    /// The token before.
    pub(super) old: AccessView,
}

/// `/logout`
#[derive(Debug, Template)]
#[template(path = "logged_out.html")]
pub(super) struct LoggedOutPage {
    /// What is around the page.
    pub(super) shell: Shell,
    /// Whether the authorization server took the tokens back.
    pub(super) revoked: bool,
    /// Where to sign out there.
    pub(super) sign_out_url: String,
}

/// `/call`
#[derive(Debug, Template)]
#[template(path = "called.html")]
pub(super) struct CalledPage {
    /// What is around the page.
    pub(super) shell: Shell,
    /// What Photo Space answered.
    pub(super) status: u16,
    /// Where the owner withdraws what was allowed.
    pub(super) account: String,
}

/// `/attacks`
#[derive(Debug, Template)]
#[template(path = "attacks.html")]
pub(super) struct AttacksPage {
    /// What is around the page.
    pub(super) shell: Shell,
    /// The attacks.
    pub(super) cards: [AttackCard; Attack::ALL.len()],
    /// What came of the last one.
    pub(super) verdict: Option<Verdict>,
}

/// An attack that can be tried.
#[derive(Clone, Copy, Debug)]
pub(super) struct AttackCard {
    /// Which.
    pub(super) attack: Attack,
    /// Whether all is there that it needs.
    pub(super) is_possible: bool,
}

/// `/own-client`
#[derive(Debug, Template)]
#[template(path = "brought.html")]
pub(super) struct BroughtPage {
    /// What is around the page.
    pub(super) shell: Shell,
    /// Where a client is registered.
    pub(super) authorization_server: String,
    /// What is registered.
    pub(super) redirect_uri: String,
    /// What was typed.
    pub(super) client_id: String,
    /// What was typed.
    pub(super) scope: String,
    /// The key of what is wrong with the id.
    pub(super) client_id_fault: Option<&'static str>,
    /// The key of what is wrong with the secret.
    pub(super) secret_fault: Option<&'static str>,
    /// The key of what is wrong with the scope.
    pub(super) scope_fault: Option<&'static str>,
}

/// `/compare`
#[derive(Debug, Template)]
#[template(path = "compare.html")]
pub(super) struct ComparePage {
    /// What is around the page.
    pub(super) shell: Shell,
    /// The grants.
    pub(super) grants: &'static [ComparedGrant],
}

/// A grant beside the others, by the keys of what is said about it.
#[derive(Clone, Copy, Debug)]
pub(super) struct ComparedGrant {
    /// Its name.
    pub(super) name: &'static str,
    /// Where it can be tried.
    pub(super) page: &'static str,
    /// When it is used.
    pub(super) when: &'static str,
    /// What today's advice is, in a word.
    pub(super) advice: &'static str,
    /// The class of that word in the style sheet.
    pub(super) class: &'static str,
    /// Why.
    pub(super) reason: &'static str,
    /// Who gets to see what.
    pub(super) sees: &'static str,
    /// What can go wrong.
    pub(super) risk: &'static str,
    /// Where it is written.
    pub(super) rules: &'static [Rule],
}

/// A link to another page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    /// The key of what it says.
    pub(super) label: &'static str,
    /// Where it leads.
    pub(super) url: &'static str,
}

/// Something went wrong.
#[derive(Debug, Template)]
#[template(path = "problem.html")]
pub(super) struct ProblemPage<'a> {
    /// What is around the page.
    pub(super) shell: Shell,
    /// The key of what happened.
    pub(super) title: &'a str,
    /// The key of what it means.
    pub(super) text: &'a str,
    /// What the other side said.
    pub(super) detail: Option<&'a str>,
    /// What to do next.
    pub(super) next: Link,
    /// The status of the page.
    pub(super) status: u16,
}

/// A page as an answer.
pub(super) fn answer(status: StatusCode, page: &impl Template) -> HttpResponse {
    match page.render() {
        Ok(html) => HttpResponse::build(status)
            .content_type("text/html; charset=utf-8")
            .body(html),
        Err(error) => {
            tracing::error!(event = "page_not_rendered", %error);
            HttpResponse::InternalServerError()
                .content_type("text/plain; charset=utf-8")
                .body("The page cannot be shown.\n")
        }
    }
}

/// A page with status 200.
pub(super) fn ok(page: &impl Template) -> HttpResponse {
    answer(StatusCode::OK, page)
}

/// After a form: the browser gets another page, and reloading that sends nothing twice.
pub(super) fn see_other(url: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, url))
        .finish()
}
