//! What the inspector shows of a flow: the diagram, and each arrow opened to its request and its answer.

use std::fmt;

use askama::Template;
use askama::filters::HtmlSafe;
use symbolon::secret::Secret;

use super::decoded::Decoded;
use super::diagram::{self, Drawn, DrawnAnswer, Width};
use super::flow::{Answer, Arrow, Secrets};
use super::lessons::{Lesson, Role};
use super::message::{Item, Message, Place, Sight};
use super::parameters::{without_received, without_sent};
use super::words::{Rich, Words};

/// A flow, to be shown.
#[derive(Clone, Debug)]
pub(super) struct Inspector {
    /// The diagram for windows.
    pub(super) wide: Svg,
    /// The diagram for telephones.
    pub(super) narrow: Svg,
    /// The arrows.
    pub(super) steps: Vec<Step>,
}

/// A diagram, which [`diagram`] has escaped.
#[derive(Clone, Debug)]
pub(super) struct Svg(String);

impl HtmlSafe for Svg {}

impl fmt::Display for Svg {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// An arrow, opened.
#[derive(Clone, Debug, Template)]
#[template(path = "step.html")]
pub(super) struct Step {
    words: Words,
    number: String,
    anchor: String,
    title: String,
    route: String,
    text: Rich,
    rule_url: String,
    rule_name: String,
    method: String,
    url: String,
    sent: Vec<Row>,
    status: Option<u16>,
    is_unanswered: bool,
    received: Vec<Row>,
    asked: Vec<Step>,
    is_attack: bool,
}

/// The template escapes its parts.
impl HtmlSafe for Step {}

/// A header or parameter, to be shown.
#[derive(Clone, Debug)]
struct Row {
    name: String,
    is_header: bool,
    is_body: bool,
    shown: String,
    whole: Option<Secret>,
    decoded: Option<Inside>,
    without: Option<Rich>,
}

/// What is inside of a value.
#[derive(Clone, Debug)]
struct Inside {
    title: String,
    rows: Vec<(String, String)>,
    text: Rich,
}

/// How a flow is shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Showing {
    /// In which language.
    pub(super) words: Words,
    /// Whether visitors may look at their own codes and tokens.
    pub(super) reveals: bool,
}

impl Inspector {
    /// The inspector of these arrows; `None` when nothing has happened.
    pub(super) fn of(arrows: &[Arrow], showing: Showing) -> Option<Self> {
        if arrows.is_empty() {
            return None;
        }
        let svg = |width| Svg(drawing(arrows, showing.words, width, true));
        let numbered = (1..).zip(arrows);
        Some(Self {
            wide: svg(Width::Wide),
            narrow: svg(Width::Narrow),
            steps: numbered
                .map(|(number, arrow)| step(&format!("{number}"), arrow, showing))
                .collect(),
        })
    }
}

/// The diagram of these arrows, whose links lead to the steps of the same page where they lead anywhere.
pub(super) fn drawing(arrows: &[Arrow], words: Words, width: Width, links: bool) -> String {
    let numbered = (1..).zip(arrows);
    let drawn: Vec<Drawn> = numbered
        .map(|(number, arrow)| drawn(&format!("{number}"), arrow, words, links))
        .collect();
    let names = Role::ALL.map(|role| words.say(role.key()));
    diagram::draw(&drawn, &names, &words.say("inspector-diagram"), width)
}

fn drawn(number: &str, arrow: &Arrow, words: Words, links: bool) -> Drawn {
    let asked = arrow.asked.iter().flatten();
    Drawn {
        number: number.to_owned(),
        link: links.then(|| format!("#step-{number}")),
        from: arrow.lesson.from,
        to: arrow.lesson.to,
        title: words.say(arrow.lesson.title),
        line: format!("{} {}", arrow.method, path_of(&arrow.url)),
        answer: answer_of(arrow),
        inner: letters()
            .zip(asked)
            .map(|(letter, asked)| drawn(&format!("{number}{letter}"), asked, words, links))
            .collect(),
        is_attack: arrow.is_attack,
    }
}

fn letters() -> impl Iterator<Item = char> {
    'a'..='z'
}

/// The part of an address behind the host.
fn path_of(url: &str) -> &str {
    let behind = url.split_once("://").map_or(url, |(_, rest)| rest);
    behind
        .find('/')
        .and_then(|slash| behind.get(slash..))
        .unwrap_or_default()
}

/// The status, and the word that says most.
fn answer_of(arrow: &Arrow) -> Option<DrawnAnswer> {
    let Answer::Received { status, message } = &arrow.answer else {
        return None;
    };
    let word = message.error().or_else(|| {
        let telling = ["access_token", "active"].into_iter();
        let mut told = telling.filter(|name| message.parameter(name).is_some());
        told.next().map(str::to_owned)
    });
    let text = word.map_or_else(|| status.to_string(), |word| format!("{status} {word}"));
    let is_refusal = *status >= 400;
    Some(DrawnAnswer { text, is_refusal })
}

fn step(number: &str, arrow: &Arrow, showing: Showing) -> Step {
    let Lesson {
        title,
        text,
        from,
        to,
        rule,
    } = arrow.lesson;
    let words = showing.words;
    let asked = arrow.asked.iter().flatten();
    Step {
        words,
        number: number.to_owned(),
        anchor: number.to_owned(),
        title: words.say(title),
        route: route(from, to, words),
        text: words.rich(text),
        rule_url: rule.url(),
        rule_name: rule.name(),
        method: arrow.method.clone(),
        url: arrow.url.clone(),
        sent: rows(&arrow.request, arrow, without_sent, showing),
        status: arrow.answer.status(),
        is_unanswered: arrow.answer == Answer::None,
        received: arrow.answer.message().map_or_else(Vec::new, |message| {
            rows(message, arrow, without_received, showing)
        }),
        asked: letters()
            .zip(asked)
            .map(|(letter, asked)| step(&format!("{number}{letter}"), asked, showing))
            .collect(),
        is_attack: arrow.is_attack,
    }
}

/// Finds the key of what would go wrong without a parameter.
type Without = fn(Lesson, &str) -> Option<&'static str>;

/// The headers and parameters of a message of this arrow.
fn rows(message: &Message, arrow: &Arrow, without: Without, showing: Showing) -> Vec<Row> {
    let items = message.items.iter();
    items
        .map(|item| {
            let sight = sight_of(item, arrow.secrets, showing);
            let without = without(arrow.lesson, &item.name);
            row(item, sight, showing.words, without)
        })
        .collect()
}

/// Who talks to whom.
pub(super) fn route(from: Role, to: Role, words: Words) -> String {
    let (from, to) = (words.say(from.key()), words.say(to.key()));
    if from == to {
        from
    } else {
        format!("{from} → {to}")
    }
}

fn sight_of(item: &Item, secrets: Secrets, showing: Showing) -> Sight {
    if item.sight == Sight::Masked && !(showing.reveals && secrets == Secrets::Visitors) {
        Sight::Hidden
    } else {
        item.sight
    }
}

fn row(item: &Item, sight: Sight, words: Words, without: Option<&'static str>) -> Row {
    let is_masked = sight == Sight::Masked;
    let decoded = Decoded::of(&item.name, item.value.expose());
    Row {
        name: item.name.clone(),
        is_header: item.place == Place::Header,
        is_body: item.place == Place::Body,
        shown: item.shown(),
        whole: is_masked.then(|| item.value.clone()),
        decoded: decoded
            .filter(|_| item.sight == Sight::Masked)
            .map(|decoded| inside(decoded, words)),
        without: without.map(|key| words.rich(key)),
    }
}

fn inside(decoded: Decoded, words: Words) -> Inside {
    let named = |key: &str, value: String| (words.say(key), value);
    match decoded {
        Decoded::Jwt {
            header,
            claims,
            signature_bytes,
        } => Inside {
            title: words.say("decoded-jwt"),
            rows: vec![
                named("decoded-jwt-header", header),
                named("decoded-jwt-claims", claims),
                named("decoded-jwt-signature", format!("{signature_bytes} B")),
            ],
            text: words.rich("decoded-jwt-text"),
        },
        Decoded::Handle { grant, token } => Inside {
            title: words.say("decoded-handle"),
            rows: vec![
                named("decoded-handle-grant", grant),
                named("decoded-handle-token", token),
                named("decoded-handle-check", "16 B".to_owned()),
            ],
            text: words.rich("decoded-handle-text"),
        },
        Decoded::Verifier { challenge } => Inside {
            title: words.say("decoded-verifier"),
            rows: vec![named("decoded-verifier-challenge", challenge)],
            text: words.rich("decoded-verifier-text"),
        },
    }
}
