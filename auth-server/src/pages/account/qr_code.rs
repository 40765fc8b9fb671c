//! A QR code as a path of an SVG image in the page: nothing is loaded, and nothing needs a style.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};

/// Modules around it, which are light (ISO/IEC 18004).
const QUIET: i32 = 4;

/// Where the image is dark, in units of one module.
#[derive(Clone, Debug)]
pub(super) struct QrImage {
    pub(super) size: i32,
    pub(super) path: String,
}

impl QrImage {
    /// The image of a text; `None` when it is too long for one.
    pub(super) fn of(text: &str) -> Option<Self> {
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
        let mut path = String::new();
        for y in 0..code.size() {
            let mut x = 0;
            while x < code.size() {
                let dark = (x..code.size()).take_while(|x| code.get_module(*x, y));
                let width = i32::try_from(dark.count()).ok()?;
                if width > 0 {
                    let (left, top) = (x + QUIET, y + QUIET);
                    write!(path, "M{left} {top}h{width}v1h-{width}z").ok()?;
                }
                x += width.max(1);
            }
        }
        let size = code.size() + 2 * QUIET;
        Some(Self { size, path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_begins_with_the_corner_that_scanners_look_for() {
        let image = QrImage::of("otpauth://totp/Symbolon:xiaoming?secret=AAAA").unwrap();
        assert!(image.path.starts_with("M4 4h7v1h-7z"), "{}", image.path);
        assert!(image.path.contains("M4 5h1v1h-1z"), "{}", image.path);
        assert!(QrImage::of(&"x".repeat(4000)).is_none());
    }
}
