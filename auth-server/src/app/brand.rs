//! Whose pages they are, with the logo out of its file.

use std::fs;

use symbolon_service::settings::{Findings, read_file};

use crate::app::error::StartError;
use crate::pages::{
    Brand, Colour, FooterLink, LinkText, Logo, OverrideFile, Overrides, read_templates,
};
use crate::settings::{BrandSettings, Settings};

const LOGO: &str = "brand.logo_file";
const TEMPLATES: &str = "brand.templates";

/// Bytes. It is loaded with every first page.
const LONGEST_LOGO: usize = 64 * 1024;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// What the settings say.
pub(super) fn brand(settings: &BrandSettings) -> Result<Brand, StartError> {
    let colour = settings.colour.as_deref().map(Colour::parse).transpose();
    let colour =
        colour.map_err(|error| StartError::Settings(format!("`brand.colour`: {error}")))?;
    let brand = Brand {
        name: settings.name.clone(),
        logo: logo(settings)?,
        colour,
        links: links(settings),
        overrides: None,
    };
    Ok(Brand {
        overrides: overrides(settings, &brand)?,
        ..brand
    })
}

/// The logo can be read, and is one.
pub(super) fn check(settings: &Settings, findings: &mut Findings) {
    if let Err(error) = logo(&settings.brand) {
        findings.refuse(LOGO, error);
    } else if let Err(error) = brand(&settings.brand) {
        // A colour that is none was told of before.
        if settings.brand.templates.is_some() {
            findings.refuse(TEMPLATES, error);
        }
    }
}

fn links(settings: &BrandSettings) -> Vec<FooterLink> {
    let named = [
        (LinkText::Support, &settings.support_url),
        (LinkText::Privacy, &settings.privacy_url),
        (LinkText::Terms, &settings.terms_url),
    ];
    let named = named.into_iter().filter_map(|(about, url)| {
        let url = url.clone()?;
        Some(FooterLink { about, url })
    });
    let others = settings.links.iter().map(|link| FooterLink {
        about: LinkText::Other(link.text.clone(), link.translations.clone()),
        url: link.url.clone(),
    });
    named.chain(others).collect()
}

fn logo(settings: &BrandSettings) -> Result<Option<Logo>, StartError> {
    let Some(file) = &settings.logo_file else {
        return Ok(None);
    };
    let refused = |why: String| StartError::Settings(format!("`{LOGO}` {file}: {why}"));
    let bytes = read_file(file).map_err(|error| refused(error.to_string()))?;
    if bytes.len() > LONGEST_LOGO {
        let why = format!("it has {} bytes; accepted: up to 65536", bytes.len());
        return Err(refused(why));
    }
    let is_svg = std::str::from_utf8(&bytes).is_ok_and(|text| text.contains("<svg"));
    let media_type = if bytes.starts_with(PNG) {
        "image/png"
    } else if is_svg {
        "image/svg+xml"
    } else {
        let why = "it is neither an SVG nor a PNG".to_owned();
        return Err(refused(why));
    };
    Ok(Some(Logo { media_type, bytes }))
}

/// The templates of a folder, all of which can be used.
fn overrides(settings: &BrandSettings, brand: &Brand) -> Result<Option<Overrides>, StartError> {
    let Some(folder) = &settings.templates else {
        return Ok(None);
    };
    let refused = |why: String| StartError::Settings(format!("`{TEMPLATES}` {folder}: {why}"));
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| refused(error.to_string()))? {
        let entry = entry.map_err(|error| refused(error.to_string()))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // What editors and version control leave.
        if name.starts_with('.') {
            continue;
        }
        let path = entry.path();
        let text = read_file(&path);
        let text = text.map_err(|error| refused(format!("{name}: {error}")))?;
        let text = String::from_utf8(text);
        let text = text.map_err(|_| refused(format!("{name}: it is no text in UTF-8")))?;
        files.push(OverrideFile { name, text });
    }
    files.sort_by(|one, other| one.name.cmp(&other.name));
    let read = read_templates(files, brand);
    read.map(Some).map_err(|faults| refused(faults.join("; ")))
}
