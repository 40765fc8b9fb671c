//! The sequence diagram: four lifelines and the messages between them, as SVG that needs no script and no style of its
//! own. It has the colours of the light pages as attributes, which a style sheet may overrule.

use std::cmp::Ordering;
use std::fmt::{self, Display, Write as _};

use super::lessons::Role;

/// An exchange, as it is drawn.
#[derive(Clone, Debug)]
pub(super) struct Drawn {
    /// Its number, as the list below the diagram has it.
    pub(super) number: String,
    /// Where a click on it leads; `None` in a picture that stands alone.
    pub(super) link: Option<String>,
    /// Who asks.
    pub(super) from: Role,
    /// Who answers.
    pub(super) to: Role,
    /// What happens.
    pub(super) title: String,
    /// Method and path.
    pub(super) line: String,
    /// What came back.
    pub(super) answer: Option<DrawnAnswer>,
    /// What happened on the other side before it answered.
    pub(super) inner: Vec<Drawn>,
    /// Whether it is an attack.
    pub(super) is_attack: bool,
}

/// An answer, as it is drawn.
#[derive(Clone, Debug)]
pub(super) struct DrawnAnswer {
    /// The status and a word.
    pub(super) text: String,
    /// Whether it says no.
    pub(super) is_refusal: bool,
}

/// How wide a diagram is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Width {
    /// For a window.
    Wide,
    /// For a telephone.
    Narrow,
}

/// Measures in pixels.
struct Geometry {
    width: i32,
    columns: [i32; 4],
    title: i32,
    small: i32,
    /// From the title down to the line, and from there to the path: neither stands behind a number.
    above: i32,
    below: i32,
    radius: i32,
    class: &'static str,
}

const WIDE: Geometry = Geometry {
    width: 960,
    columns: [110, 350, 610, 850],
    title: 14,
    small: 12,
    above: 9,
    below: 15,
    radius: 11,
    class: "wide",
};

const NARROW: Geometry = Geometry {
    width: 350,
    columns: [40, 125, 220, 310],
    title: 11,
    small: 10,
    above: 14,
    below: 18,
    radius: 9,
    class: "narrow",
};

/// Space between the names at the top and the first message.
const HEAD: i32 = 52;
/// Half of the width that the title of a lifeline may have is kept free at both sides.
const EDGE: i32 = 4;
/// How far the loop of a message to oneself goes.
const LOOP: i32 = 34;

const INK: &str = "#23252e";
const SOFT: &str = "#5d6070";
const PAPER: &str = "#ffffff";
const LINE: &str = "#cbbfa9";
const ASK: &str = "#8d300a";
const GOOD: &str = "#0d6b5f";
const BAD: &str = "#a11212";

/// Draws the exchanges, with these names above the lifelines.
pub(super) fn draw(exchanges: &[Drawn], names: &[String; 4], label: &str, width: Width) -> String {
    let geometry = match width {
        Width::Wide => WIDE,
        Width::Narrow => NARROW,
    };
    let mut pen = Pen {
        geometry,
        y: HEAD,
        out: String::new(),
    };
    for exchange in exchanges {
        pen.exchange(exchange);
    }
    let height = pen.y + 26;
    let Geometry { width, class, .. } = pen.geometry;
    let head = pen.head(names, height);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"diagram {class}\" viewBox=\"0 0 {width} {height}\" \
         role=\"group\" aria-label=\"{}\" font-family=\"system-ui, sans-serif\">{head}{}</svg>",
        Escaped(label),
        pen.out
    )
}

/// How a text looks.
#[derive(Clone, Copy)]
struct TextStyle {
    class: &'static str,
    colour: &'static str,
    size: i32,
}

/// Draws from top to bottom.
struct Pen {
    geometry: Geometry,
    y: i32,
    out: String,
}

impl Pen {
    fn column(&self, role: Role) -> i32 {
        let at = Role::ALL.iter().position(|known| *known == role);
        let column = at.and_then(|at| self.geometry.columns.get(at));
        column.copied().unwrap_or_default()
    }

    fn put(&mut self, piece: fmt::Arguments<'_>) {
        // A String takes everything.
        let _ = self.out.write_fmt(piece);
    }

    fn head(&self, names: &[String; 4], height: i32) -> String {
        let mut head = String::new();
        let Geometry { columns, title, .. } = &self.geometry;
        for (x, name) in columns.iter().zip(names) {
            let (end, x) = (height - 8, *x);
            let _ = write!(
                head,
                "<line class=\"life\" x1=\"{x}\" y1=\"40\" x2=\"{x}\" y2=\"{end}\" stroke=\"{LINE}\" stroke-width=\"2\"/>"
            );
            let words = two_lines(name);
            for (line, words) in (0..).zip(words) {
                let (middle, y) = (self.inside(x, &words, *title), 14 + line * 15);
                let _ = write!(
                    head,
                    "<text class=\"role\" x=\"{middle}\" y=\"{y}\" text-anchor=\"middle\" font-size=\"{title}\" font-weight=\"700\" fill=\"{INK}\">{}</text>",
                    Escaped(&words)
                );
            }
        }
        head
    }

    /// Where the middle of a text may be, so that all of it is in the picture.
    fn inside(&self, x: i32, text: &str, size: i32) -> i32 {
        let half = width_of(text, size) / 2 + EDGE;
        let right = self.geometry.width - half;
        if half >= right {
            self.geometry.width / 2
        } else {
            x.clamp(half, right)
        }
    }

    fn exchange(&mut self, exchange: &Drawn) {
        let top = self.y + 4;
        let kind = if exchange.is_attack { " attack" } else { "" };
        // What is inside has links of its own, and a link holds no other.
        let opens = |pen: &mut Self, top: i32, height: i32| {
            if let Some(link) = &exchange.link {
                pen.put(format_args!(
                    "<a href=\"{}\" aria-label=\"{}\">",
                    Escaped(link),
                    Escaped(&format!("{} {}", exchange.number, exchange.title))
                ));
                let width = pen.geometry.width;
                pen.put(format_args!("<rect class=\"hit\" x=\"0\" y=\"{top}\" width=\"{width}\" height=\"{height}\" rx=\"6\" fill=\"none\" pointer-events=\"all\"/>"));
            }
            pen.put(format_args!("<g class=\"message{kind}\">"));
        };
        let closes = |pen: &mut Self| {
            pen.put(format_args!("</g>"));
            if exchange.link.is_some() {
                pen.put(format_args!("</a>"));
            }
        };
        opens(self, top, 22 + self.geometry.above + self.geometry.below);
        self.request(exchange);
        closes(self);
        for inner in &exchange.inner {
            self.exchange(inner);
        }
        if let Some(answer) = &exchange.answer {
            let top = self.y + 4;
            opens(self, top, 27);
            self.answer(exchange, answer);
            closes(self);
        }
        self.y += 8;
    }

    fn request(&mut self, exchange: &Drawn) {
        let (from, to) = (self.column(exchange.from), self.column(exchange.to));
        let colour = if exchange.is_attack { BAD } else { ASK };
        self.y += 22;
        let middle = i32::midpoint(from, to);
        let title = TextStyle {
            class: "title",
            colour: INK,
            size: self.geometry.title,
        };
        self.text(middle, &exchange.title, title);
        self.y += self.geometry.above;
        self.arrow(from, to, colour, "ask");
        self.number(from, &exchange.number, colour);
        self.y += self.geometry.below;
        let path = TextStyle {
            class: "path",
            colour: SOFT,
            size: self.geometry.small,
        };
        self.text(middle, &exchange.line, path);
    }

    fn answer(&mut self, exchange: &Drawn, answer: &DrawnAnswer) {
        let (from, to) = (self.column(exchange.to), self.column(exchange.from));
        let (colour, class) = if answer.is_refusal {
            (BAD, "no")
        } else {
            (GOOD, "yes")
        };
        self.y += 19;
        let style = TextStyle {
            class,
            colour,
            size: self.geometry.small,
        };
        self.text(i32::midpoint(from, to), &answer.text, style);
        self.y += 8;
        self.arrow(from, to, colour, class);
    }

    fn text(&mut self, middle: i32, text: &str, style: TextStyle) {
        let TextStyle {
            class,
            colour,
            size,
        } = style;
        let (x, y) = (self.inside(middle, text, size), self.y);
        self.put(format_args!(
            "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" text-anchor=\"middle\" font-size=\"{size}\" fill=\"{colour}\" \
             stroke=\"{PAPER}\" stroke-width=\"4\" paint-order=\"stroke\" stroke-linejoin=\"round\">{}</text>",
            Escaped(text)
        ));
    }

    fn arrow(&mut self, from: i32, to: i32, colour: &str, class: &str) {
        let y = self.y;
        let dashes = if class == "ask" {
            ""
        } else {
            " stroke-dasharray=\"5 4\""
        };
        let (path, tip, back) = match from.cmp(&to) {
            Ordering::Equal => {
                let right = from + LOOP;
                let path = format!("M{from} {} H{right} V{y} H{}", y - 8, to + 7);
                (path, to, to + 9)
            }
            Ordering::Less => (format!("M{from} {y} H{}", to - 8), to - 1, to - 10),
            Ordering::Greater => (format!("M{from} {y} H{}", to + 8), to + 1, to + 10),
        };
        self.put(format_args!(
            "<path class=\"{class}\" d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"{dashes}/>\
             <path class=\"{class} tip\" d=\"M{tip} {y} L{back} {} V{} Z\" fill=\"{colour}\"/>",
            y - 5,
            y + 5
        ));
    }

    fn number(&mut self, x: i32, number: &str, colour: &str) {
        let (y, below, radius) = (self.y, self.y + 4, self.geometry.radius);
        self.put(format_args!(
            "<circle class=\"number\" cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" fill=\"{colour}\"/>\
             <text class=\"digit\" x=\"{x}\" y=\"{below}\" text-anchor=\"middle\" font-size=\"11\" font-weight=\"700\" fill=\"#ffffff\">{}</text>",
            Escaped(number)
        ));
    }
}

/// About as wide as it is drawn, in pixels.
fn width_of(text: &str, size: i32) -> i32 {
    let tenths = text.chars().map(|character| match character {
        '\u{0}'..='\u{2ff}' => 6,
        '\u{300}'..='\u{10ff}' => 7,
        _ => 11,
    });
    tenths.sum::<i32>() * size / 10
}

/// A name of two words stands in two lines.
fn two_lines(name: &str) -> Vec<String> {
    name.split_once(' ').map_or_else(
        || vec![name.to_owned()],
        |(first, rest)| vec![first.to_owned(), rest.to_owned()],
    )
}

/// Text in XML.
struct Escaped<'a>(&'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '&' => formatter.write_str("&amp;")?,
                '<' => formatter.write_str("&lt;")?,
                '>' => formatter.write_str("&gt;")?,
                '"' => formatter.write_str("&quot;")?,
                other if other.is_control() => {}
                other => formatter.write_char(other)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exchange(title: &str) -> Drawn {
        Drawn {
            number: "1".to_owned(),
            link: Some("#step-1".to_owned()),
            from: Role::Client,
            to: Role::ResourceServer,
            title: title.to_owned(),
            line: "GET /photos".to_owned(),
            answer: Some(DrawnAnswer {
                text: "200".to_owned(),
                is_refusal: false,
            }),
            inner: Vec::new(),
            is_attack: false,
        }
    }

    fn names() -> [String; 4] {
        ["a", "b", "c d", "e"].map(str::to_owned)
    }

    #[test]
    fn what_happens_inside_is_drawn_between_the_request_and_its_answer() {
        let mut outer = exchange("Use the token");
        let mut inner = exchange("Check the token");
        inner.to = Role::AuthorizationServer;
        outer.inner.push(inner);
        let svg = draw(&[outer], &names(), "flow", Width::Wide);
        let at = |text: &str| svg.find(text).unwrap();
        assert!(at(">Use the token<") < at(">Check the token<"));
        assert!(at(">Check the token<") < svg.rfind(">200<").unwrap());
    }

    #[test]
    fn what_others_wrote_is_escaped_and_nothing_is_inline() {
        let svg = draw(
            &[exchange("<script>\"&\u{7}")],
            &names(),
            "<\">",
            Width::Narrow,
        );
        assert!(svg.contains("&lt;script&gt;&quot;&amp;<"), "{svg}");
        for inline in ["<script", "<style", " style=", "onclick", "\u{7}"] {
            assert!(!svg.contains(inline), "{inline}");
        }
    }

    #[test]
    fn a_long_title_stays_in_the_picture() {
        for width in [Width::Wide, Width::Narrow] {
            let svg = draw(&[exchange(&"名".repeat(25))], &names(), "flow", width);
            assert!(!svg.contains("x=\"-"), "{svg}");
        }
    }
}
