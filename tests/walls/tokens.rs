//! Paths in what nobody has parsed: the arguments of macros and attributes.

use proc_macro2::{Ident, TokenStream, TokenTree};

use super::tree::Written;

/// An identifier without the `r#` of raw ones.
pub(crate) fn word(ident: &Ident) -> String {
    ident.to_string().trim_start_matches("r#").to_owned()
}

const SERDE_KEYS_OF_PATHS: [&str; 8] = [
    "with",
    "serialize_with",
    "deserialize_with",
    "default",
    "from",
    "into",
    "try_from",
    "skip_serializing_if",
];

/// The paths that serde's attributes write as text.
pub(crate) fn quoted_paths(tokens: TokenStream) -> Vec<syn::Path> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut found = Vec::new();
    for three in tokens.windows(3) {
        let [
            TokenTree::Ident(key),
            TokenTree::Punct(_),
            TokenTree::Literal(text),
        ] = three
        else {
            continue;
        };
        let is_path = SERDE_KEYS_OF_PATHS.iter().any(|known| key == known);
        if let (true, Ok(text)) = (is_path, syn::parse_str::<syn::LitStr>(&text.to_string())) {
            found.extend(text.parse::<syn::Path>());
        }
    }
    found
}

/// Every path, however it is nested.
pub(crate) fn paths_in(tokens: TokenStream) -> Vec<Written> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut found = Vec::new();
    let mut path = Written::default();
    let mut after = After::Nothing;
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => {
                if after != After::Colons {
                    found.extend(path.take());
                }
                if after == After::Colons && path.segments.is_empty() {
                    path.from_outside = true;
                }
                if after != After::DotOrTick {
                    path.segments.push(word(&ident));
                }
                after = After::Nothing;
            }
            TokenTree::Punct(mark) => {
                after = after.then(mark.as_char());
                if after == After::Nothing || after == After::DotOrTick {
                    found.extend(path.take());
                }
            }
            TokenTree::Group(group) => {
                found.extend(path.take());
                found.extend(paths_in(group.stream()));
                after = After::Nothing;
            }
            TokenTree::Literal(_) => {
                found.extend(path.take());
                after = After::Nothing;
            }
        }
    }
    found.extend(path.take());
    found
}

/// What stood before a token.
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    Nothing,
    Colon,
    Colons,
    /// What follows is a field, a method or a lifetime.
    DotOrTick,
}

impl After {
    fn then(self, mark: char) -> Self {
        match (self, mark) {
            (Self::Colon, ':') => Self::Colons,
            (_, ':') => Self::Colon,
            (_, '.' | '\'') => Self::DotOrTick,
            _ => Self::Nothing,
        }
    }
}
