//! A brand's colour, and the colours of the pages that are made of it.

/// A colour that white text can be read on, as its red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour([u8; 3]);

/// Why a text is no such colour.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum ColourError {
    /// Not written as one.
    #[error("it is not written as #1f5673")]
    Form,
    /// Too light.
    #[error("white text on it has a contrast of {0:.1} to 1")]
    Contrast(f64),
}

const WHITE: [u8; 3] = [255; 3];
const BLACK: [u8; 3] = [0; 3];

/// WCAG 2.2 §1.4.3: text and what is behind it.
const LEAST_CONTRAST: f64 = 4.5;

impl Colour {
    /// A colour as `#1f5673`.
    pub fn parse(text: &str) -> Result<Self, ColourError> {
        let digits = text.strip_prefix('#').ok_or(ColourError::Form)?;
        let is_one = digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        let number = u32::from_str_radix(digits, 16).map_err(|_| ColourError::Form)?;
        if !is_one {
            return Err(ColourError::Form);
        }
        let [_, red, green, blue] = number.to_be_bytes();
        let colour = [red, green, blue];
        let contrast = contrast(colour, WHITE);
        if contrast < LEAST_CONTRAST {
            return Err(ColourError::Contrast(contrast));
        }
        Ok(Self(colour))
    }

    /// The rules of a style sheet that put it in the place of ours, in the light and in the dark scheme.
    pub(super) fn rules(self) -> String {
        let mix = |percent, with| written(self.mixed(percent, with));
        format!(
            ":root {{ --upper: {colour}; --upper-quiet: {pale}; --action: {colour}; --action-over: {darker}; \
             --action-ink: #ffffff; --focus: {lighter}; }}\n\
             @media (prefers-color-scheme: dark) {{ :root {{ --upper: {darker}; --action: {light}; \
             --action-over: {lightest}; --action-ink: #11161a; --focus: {lightest}; }} }}\n",
            colour = written(self.0),
            pale = mix(15, WHITE),
            darker = mix(80, BLACK),
            lighter = mix(70, WHITE),
            light = mix(35, WHITE),
            lightest = mix(20, WHITE),
        )
    }

    /// So many hundredths of it, and the rest of another.
    fn mixed(self, percent: u16, with: [u8; 3]) -> [u8; 3] {
        let mut mixed = self.0;
        for (part, other) in mixed.iter_mut().zip(with) {
            let of_both = u16::from(*part) * percent + u16::from(other) * (100 - percent);
            *part = u8::try_from(of_both / 100).unwrap_or(u8::MAX);
        }
        mixed
    }
}

fn written([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// WCAG 2.2, "contrast ratio".
fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
    one.max(other) / one.min(other)
}

/// WCAG 2.2, "relative luminance".
fn luminance(colour: [u8; 3]) -> f64 {
    let linear = |part: u8| {
        let part = f64::from(part) / 255.0;
        if part <= 0.040_45 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    };
    let [red, green, blue] = colour.map(linear);
    0.2126f64.mul_add(red, 0.7152f64.mul_add(green, 0.0722 * blue))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The paper of the dark scheme, and the ink of buttons there.
    const DARK_PAPER: [u8; 3] = [0x1c, 0x23, 0x28];
    const DARK_INK: [u8; 3] = [0x11, 0x16, 0x1a];

    #[test]
    fn a_colour_that_white_text_cannot_be_read_on_is_none() {
        assert!(matches!(
            Colour::parse("#ffd700"),
            Err(ColourError::Contrast(_))
        ));
        for text in [
            "", "red", "1f5673", "#1f567", "#1f56733", "#+f5673", "#1f567g",
        ] {
            assert_eq!(Colour::parse(text), Err(ColourError::Form), "{text}");
        }
        assert_eq!(Colour::parse("#1F5673"), Colour::parse("#1f5673"));
    }

    #[test]
    fn whatever_is_made_of_a_colour_can_be_read() {
        let steps = || (0..=255u8).step_by(15);
        let all = steps().flat_map(|red| {
            steps().flat_map(move |green| steps().map(move |blue| [red, green, blue]))
        });
        let accepted = all.filter_map(|parts| Colour::parse(&written(parts)).ok());
        let mut seen = 0;
        for colour in accepted {
            seen += 1;
            for (text, behind) in [
                (colour.mixed(15, WHITE), colour.0),
                (WHITE, colour.mixed(80, BLACK)),
                (colour.mixed(35, WHITE), DARK_PAPER),
                (DARK_INK, colour.mixed(35, WHITE)),
                (DARK_INK, colour.mixed(20, WHITE)),
            ] {
                let contrast = contrast(text, behind);
                // What is said quietly is not smaller than the rest: a little less will do on the lightest.
                assert!(contrast >= 3.0, "{colour:?} {text:?} {contrast}");
            }
            let links = contrast(colour.mixed(35, WHITE), DARK_PAPER);
            assert!(links >= LEAST_CONTRAST, "{colour:?}: {links}");
        }
        assert!(seen > 1000, "{seen}");
    }
}
