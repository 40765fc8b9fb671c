//! The flow to take home: as Markdown and as a picture, everything secret masked.

use std::fmt::Write as _;

use actix_web::HttpResponse;

use super::diagram::Width;
use super::flow::{Answer, Arrow};
use super::inspector::{drawing, route};
use super::lessons::Role;
use super::message::Message;
use super::problem::Problem;
use super::session::Visitor;
use super::words::Words;

/// `GET /flow.svg`
pub(super) async fn svg(visitor: Visitor) -> Result<HttpResponse, Problem> {
    let arrows = arrows(&visitor)?;
    let picture = drawing(&arrows, visitor.words(), Width::Wide, false);
    Ok(download("image/svg+xml", "oauth-flow.svg", picture))
}

/// `GET /flow.md`
pub(super) async fn markdown(visitor: Visitor) -> Result<HttpResponse, Problem> {
    let arrows = arrows(&visitor)?;
    let text = as_markdown(&arrows, visitor.words());
    Ok(download(
        "text/markdown; charset=utf-8",
        "oauth-flow.md",
        text,
    ))
}

/// What has happened; nothing is no page.
fn arrows(visitor: &Visitor) -> Result<Vec<Arrow>, Problem> {
    let arrows = visitor.session().flow.arrows();
    if arrows.is_empty() {
        Err(Problem::NotFound)
    } else {
        Ok(arrows)
    }
}

fn download(content_type: &'static str, name: &str, text: String) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(content_type)
        .insert_header((
            "Content-Disposition",
            format!("attachment; filename=\"{name}\""),
        ))
        .body(text)
}

fn as_markdown(arrows: &[Arrow], words: Words) -> String {
    let mut out = format!(
        "# {}\n\n```mermaid\nsequenceDiagram\n",
        words.say("inspector-export-title")
    );
    for (letter, role) in LIFELINES.into_iter().zip(Role::ALL) {
        let _ = writeln!(out, "    participant {letter} as {}", words.say(role.key()));
    }
    for arrow in arrows {
        mermaid(&mut out, arrow, words);
    }
    out.push_str("```\n");
    for (number, arrow) in (1..).zip(arrows) {
        section(&mut out, &format!("{number}"), arrow, words);
    }
    out
}

/// What the lifelines are called in the source of the diagram.
const LIFELINES: [char; 4] = ['B', 'C', 'A', 'R'];

fn lifeline(role: Role) -> char {
    let at = Role::ALL.iter().position(|known| *known == role);
    at.and_then(|at| LIFELINES.get(at)).copied().unwrap_or('B')
}

fn mermaid(out: &mut String, arrow: &Arrow, words: Words) {
    let (from, to) = (lifeline(arrow.lesson.from), lifeline(arrow.lesson.to));
    let _ = writeln!(out, "    {from}->>{to}: {}", words.say(arrow.lesson.title));
    for asked in arrow.asked.iter().flatten() {
        mermaid(out, asked, words);
    }
    if let Some(status) = arrow.answer.status() {
        let _ = writeln!(out, "    {to}-->>{from}: {status}");
    }
}

fn section(out: &mut String, number: &str, arrow: &Arrow, words: Words) {
    let lesson = arrow.lesson;
    let rule = lesson.rule;
    let _ = write!(
        out,
        "\n## {number}. {}\n\n{} · [{}]({})\n\n{}\n\n```http\n{} {}\n",
        words.say(lesson.title),
        route(lesson.from, lesson.to, words),
        rule.name(),
        rule.url(),
        words.say(lesson.text).replace('*', "**"),
        arrow.method,
        arrow.url
    );
    items(out, &arrow.request);
    match &arrow.answer {
        Answer::Received { status, message } => {
            let _ = write!(out, "\nHTTP {status}\n");
            items(out, message);
        }
        Answer::None => {
            let _ = writeln!(out, "\n({})", words.say("inspector-no-answer"));
        }
        Answer::Unseen => {}
    }
    out.push_str("```\n");
    for (letter, asked) in ('a'..='z').zip(arrow.asked.iter().flatten()) {
        section(out, &format!("{number}{letter}"), asked, words);
    }
}

fn items(out: &mut String, message: &Message) {
    for item in &message.items {
        // What others wrote ends no block of code.
        let shown = item
            .shown()
            .replace("```", "'''")
            .replace(['\r', '\n'], " ");
        let _ = writeln!(out, "{}: {shown}", item.name);
    }
}
