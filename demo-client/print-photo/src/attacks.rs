//! The page where attacks can be tried, each with what the real servers answer.

use std::time::Duration;

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use symbolon::calls::{self, Timeouts};
use symbolon::secret::Secret;
use url::Url;

use super::access::Access;
use super::attack::{Attack, Need, Verdict};
use super::authorize;
use super::clients::{Clients, TokenKind};
use super::flow::{Answer, Arrow};
use super::guard::OwnForm;
use super::lessons::EXCHANGE_THE_CODE;
use super::message::{Item, Message};
use super::page::{self, AttackCard, AttacksPage, Shell};
use super::problem::Problem;
use super::session::{Session, Visitor};
use symbolon_client::{AuthorizationCodeRequest, OAuth2Client, RefreshTokenRequest, TokenRequest};

/// Where an attacker would like to have the answer. The name is reserved (RFC 2606).
const ATTACKERS_REDIRECT_URI: &str = "https://attacker.example/callback";
/// Who an attacker says that he is.
const ATTACKERS_ISSUER: &str = "https://attacker.example";

/// How long the authorization server may take for a page.
const TIMEOUTS: Timeouts = Timeouts {
    connect: Duration::from_secs(2),
    total: Duration::from_secs(5),
};

/// `GET /attacks`
pub(super) async fn page(visitor: Visitor) -> HttpResponse {
    visitor.remember();
    let session = visitor.session();
    let arrows = session.flow.arrows();
    let shell = Shell::of(&visitor).await;
    let held = shell.access.as_ref().filter(|access| !access.is_dead);
    let renewable = held.is_some_and(|access| access.can_refresh);
    let access = session.access();
    let token = held.is_some() && access.as_ref().is_some_and(Access::is_of_an_owner);
    let used_code = used_code(&arrows).is_some();
    let cards = Attack::ALL.map(|attack| AttackCard {
        attack,
        is_possible: match attack.need() {
            Need::Nothing => true,
            Need::UsedCode => token && used_code,
            Need::Token => token,
            Need::RefreshToken => token && renewable,
        },
    });
    let verdict = Verdict::of(&arrows);
    page::ok(&AttacksPage {
        shell,
        cards,
        verdict,
    })
}

/// What the button of an attack says.
#[derive(Debug, Deserialize)]
pub(super) struct AttackForm {
    attack: String,
}

/// `POST /attack`
pub(super) async fn attack(
    OwnForm(AttackForm { attack }): OwnForm<AttackForm>,
    visitor: Visitor,
    clients: web::Data<Clients>,
) -> Result<HttpResponse, Problem> {
    let attack = Attack::of_name(&attack).ok_or(Problem::NotFound)?;
    let session = visitor.session();
    match attack {
        Attack::DropTheVerifier => {
            let client = clients.web(TokenKind::default(), session);
            return authorize::begin(&visitor, &clients, &client, Some(attack));
        }
        Attack::ReplayTheCode => replay_the_code(session, &clients).await?,
        Attack::ChangeTheRedirectUri => change_the_redirect_uri(session, &clients).await?,
        Attack::MixUpTheIssuer => mix_up_the_issuer(session, &clients)?,
        Attack::TooLittleScope => write_with_too_little_scope(session, &clients).await?,
        Attack::AnotherAudience => use_a_strangers_token(session, &clients).await?,
        Attack::OldRefreshToken => use_an_old_refresh_token(session, &clients).await?,
    }
    clients.questions.complete(&session.flow).await;
    Ok(page::see_other("/attacks#verdict"))
}

fn owners_access(session: &Session) -> Result<Access, Problem> {
    let access = session.access().filter(Access::is_of_an_owner);
    access.ok_or(Problem::NoAccess)
}

/// The last exchange of a code that was good.
fn used_code(arrows: &[Arrow]) -> Option<TokenRequest> {
    let exchange = arrows
        .iter()
        .rev()
        .find(|arrow| arrow.lesson == EXCHANGE_THE_CODE && arrow.answer.status() == Some(200))?;
    let sent = |name| exchange.request.parameter(name);
    Some(TokenRequest::AuthorizationCode(AuthorizationCodeRequest {
        code: Secret::new(sent("code")?),
        redirect_uri: sent("redirect_uri").map(str::to_owned),
        code_verifier: sent("code_verifier").map(Secret::new),
    }))
}

/// The same request once more, to the letter: the server cannot know who of the two is the thief, and ends everything.
async fn replay_the_code(session: &Session, clients: &Clients) -> Result<(), Problem> {
    let access = owners_access(session)?;
    let request = used_code(&session.flow.arrows()).ok_or(Problem::NoAccess)?;
    let thief = access.attacking(session, Attack::ReplayTheCode);
    // What comes of it is in the flow.
    let _ = thief.registration().request_tokens(&request).await;
    show_what_is_left(&access, session, clients).await;
    Ok(())
}

/// A call with the token as it is, without a repetition: is it still good?
async fn show_what_is_left(access: &Access, session: &Session, clients: &Clients) {
    let client: OAuth2Client = access.watched(session).without_repeats();
    if let Ok(answer) = client.get(clients.photos_url.clone()).await {
        let status = answer.status().as_u16();
        access.note_if_refused(status, session).await;
    }
}

/// The server is asked to send the answer to somebody else: it must not, whoever asks.
async fn change_the_redirect_uri(session: &Session, clients: &Clients) -> Result<(), Problem> {
    let client = clients.web(TokenKind::default(), session);
    let started = client.start_for(ATTACKERS_REDIRECT_URI);
    let (url, _) = started.map_err(|error| Problem::from(&error))?;
    let mut inner = clients.inner_authorization_endpoint.clone();
    inner.set_query(url.query());
    let http = TIMEOUTS.client().map_err(|_| Problem::Internal)?;
    let answer = calls::answer(http.get(inner)).await;
    let answer = answer.map_or(Answer::None, |answer| {
        let header = |name: &str| {
            let value = answer.headers.get(name)?.to_str().ok()?;
            Some(Item::header(name, value))
        };
        let names = ["content-type", "location", "x-request-id"];
        Answer::Received {
            status: answer.status.as_u16(),
            message: Message {
                items: names.into_iter().filter_map(header).collect(),
            },
        }
    });
    let lesson = Attack::ChangeTheRedirectUri.lesson();
    session.flow.planted(lesson, &url, answer);
    Ok(())
}

/// Another server answers in the place of the one that was asked.
fn mix_up_the_issuer(session: &Session, clients: &Clients) -> Result<(), Problem> {
    let started = clients.web(TokenKind::default(), session).start();
    let (url, pending) = started.map_err(|error| Problem::from(&error))?;
    let state = url.query_pairs().find(|(name, _)| name == "state");
    let (_, state) = state.ok_or(Problem::Internal)?;
    let mut back = Url::parse(&clients.redirect_uri()).map_err(|_| Problem::Internal)?;
    back.query_pairs_mut()
        .append_pair("code", "a-code-of-another-authorization-server")
        .append_pair("state", &state)
        .append_pair("iss", ATTACKERS_ISSUER);
    if pending.complete(back.query().unwrap_or_default()).is_ok() {
        return Err(Problem::Internal);
    }
    session.flow.authorization_request(&url);
    let lesson = Attack::MixUpTheIssuer.lesson();
    session.flow.planted(lesson, &back, Answer::Unseen);
    Ok(())
}

/// The token may read; here it shall write.
async fn write_with_too_little_scope(session: &Session, clients: &Clients) -> Result<(), Problem> {
    let access = owners_access(session)?;
    let client = access.attacking(session, Attack::TooLittleScope);
    let mut url = clients.photos_url.clone();
    url.set_query(Some("title=Planted"));
    let _ = client
        .send(client.http().post(url).body("no picture"))
        .await;
    Ok(())
}

/// A token that is good, and not for Photo Space.
async fn use_a_strangers_token(session: &Session, clients: &Clients) -> Result<(), Problem> {
    let stranger = clients.stranger();
    stranger.watched(session).renew().await?;
    let attacker = stranger.attacking(session, Attack::AnotherAudience);
    let _ = attacker.get(clients.photos_url.clone()).await;
    Ok(())
}

/// A refresh token is replaced when it is used. The one before the last is nobody's but a thief's.
async fn use_an_old_refresh_token(session: &Session, clients: &Clients) -> Result<(), Problem> {
    let access = owners_access(session)?;
    let watched = access.watched(session);
    let held = watched.tokens().await?.ok_or(Problem::NoAccess)?;
    let refresh_token = held.refresh_token.ok_or(Problem::NoAccess)?;
    for _ in 0..2 {
        watched.renew().await?;
    }
    let request = TokenRequest::RefreshToken(RefreshTokenRequest {
        refresh_token,
        scope: None,
    });
    let thief = access.attacking(session, Attack::OldRefreshToken);
    let _ = thief.registration().request_tokens(&request).await;
    show_what_is_left(&access, session, clients).await;
    Ok(())
}
