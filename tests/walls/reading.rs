//! Reads the modules of a crate as its `mod` lines name them, and what each of them mentions.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use proc_macro2::TokenStream;
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};

use super::tokens::{paths_in, quoted_paths, word};
use super::tree::{Binding, Manner, Mention, ModuleId, Tree, Written};

/// Reads a crate root and every file below it that is not for tests alone.
pub(crate) fn read_root(tree: &mut Tree, source_folder: &Path, file: &str) {
    let root = tree.add_root(file);
    read_file(tree, root, source_folder, file, Path::new(""));
}

/// `children` is the folder in which the files of this file's modules are.
fn read_file(tree: &mut Tree, module: ModuleId, sources: &Path, file: &str, children: &Path) {
    let path = sources.join(file);
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{} cannot be read: {error}", path.display()));
    let parsed = syn::parse_file(&text)
        .unwrap_or_else(|error| panic!("{} is not understood: {error}", path.display()));
    read_items(tree, module, sources, &parsed.items, children);
}

fn read_items(
    tree: &mut Tree,
    module: ModuleId,
    sources: &Path,
    items: &[syn::Item],
    children: &Path,
) {
    for item in items {
        if attributes(item).is_some_and(for_tests_alone) {
            continue;
        }
        if let syn::Item::Mod(child) = item {
            read_module(tree, module, sources, child, children);
            continue;
        }
        bind(tree, module, item);
        let mut local = LocalNames::default();
        local.visit_item(item);
        let mut reader = Reader {
            tree,
            module,
            local: local.0,
        };
        reader.visit_item(item);
    }
}

fn read_module(
    tree: &mut Tree,
    parent: ModuleId,
    sources: &Path,
    module: &syn::ItemMod,
    children: &Path,
) {
    let name = word(&module.ident);
    let folder = children.join(&name);
    if let Some((_, items)) = &module.content {
        let file = tree.file(parent).to_owned();
        let id = tree.add_child(parent, &name, &file);
        read_items(tree, id, sources, items, &folder);
    } else {
        let file = module_file(sources, children, module);
        let id = tree.add_child(parent, &name, &file);
        read_file(tree, id, sources, &file, &folder);
    }
}

/// The file of `mod x;`: `x.rs`, `x/mod.rs`, or what `#[path]` says.
fn module_file(sources: &Path, children: &Path, module: &syn::ItemMod) -> String {
    assert!(
        !module
            .attrs
            .iter()
            .any(|attribute| attribute.path().is_ident("path")),
        "the walls cannot follow #[path]: give the file of module {} the module's name",
        module.ident
    );
    let name = word(&module.ident);
    let beside = children.join(format!("{name}.rs"));
    let found: PathBuf = if sources.join(&beside).exists() {
        beside
    } else {
        children.join(&name).join("mod.rs")
    };
    found.to_string_lossy().replace('\\', "/")
}

fn bind(tree: &mut Tree, module: ModuleId, item: &syn::Item) {
    let ident = match item {
        syn::Item::Const(item) => &item.ident,
        syn::Item::Enum(item) => &item.ident,
        syn::Item::Fn(item) => &item.sig.ident,
        syn::Item::Static(item) => &item.ident,
        syn::Item::Struct(item) => &item.ident,
        syn::Item::Trait(item) => &item.ident,
        syn::Item::Type(item) => &item.ident,
        syn::Item::Union(item) => &item.ident,
        syn::Item::Macro(item) => {
            if let Some(name) = &item.ident {
                let exported = item
                    .attrs
                    .iter()
                    .any(|attribute| attribute.path().is_ident("macro_export"));
                tree.bind_macro(module, &word(name), exported);
            }
            return;
        }
        _ => return,
    };
    tree.bind(module, &word(ident), Binding::Item);
}

/// True for `#[cfg(test)]` and everything that holds in tests only.
fn for_tests_alone(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute
                .parse_args::<syn::Meta>()
                .is_ok_and(|condition| !holds_outside_tests(&condition))
    })
}

fn holds_outside_tests(condition: &syn::Meta) -> bool {
    let syn::Meta::List(list) = condition else {
        return !condition.path().is_ident("test");
    };
    let inner = list
        .parse_args_with(Punctuated::<syn::Meta, syn::Token![,]>::parse_terminated)
        .unwrap_or_default();
    if list.path.is_ident("all") {
        inner.iter().all(holds_outside_tests)
    } else if list.path.is_ident("any") {
        inner.iter().any(holds_outside_tests)
    } else {
        true
    }
}

fn attributes(item: &syn::Item) -> Option<&[syn::Attribute]> {
    Some(match item {
        syn::Item::Const(item) => &item.attrs,
        syn::Item::Enum(item) => &item.attrs,
        syn::Item::ExternCrate(item) => &item.attrs,
        syn::Item::Fn(item) => &item.attrs,
        syn::Item::ForeignMod(item) => &item.attrs,
        syn::Item::Impl(item) => &item.attrs,
        syn::Item::Macro(item) => &item.attrs,
        syn::Item::Mod(item) => &item.attrs,
        syn::Item::Static(item) => &item.attrs,
        syn::Item::Struct(item) => &item.attrs,
        syn::Item::Trait(item) => &item.attrs,
        syn::Item::Type(item) => &item.attrs,
        syn::Item::Union(item) => &item.attrs,
        syn::Item::Use(item) => &item.attrs,
        _ => return None,
    })
}

/// Names that an item binds itself: `let session = …` says nothing about a function `session`.
#[derive(Default)]
struct LocalNames(BTreeSet<String>);

impl<'code> Visit<'code> for LocalNames {
    fn visit_pat_ident(&mut self, pattern: &'code syn::PatIdent) {
        self.0.insert(word(&pattern.ident));
        visit::visit_pat_ident(self, pattern);
    }
}

/// Collects the mentions of one item.
struct Reader<'tree> {
    tree: &'tree mut Tree,
    module: ModuleId,
    local: BTreeSet<String>,
}

impl Reader<'_> {
    fn mention(&mut self, path: Written, manner: Manner) {
        if let [only] = path.segments.as_slice()
            && self.local.contains(only)
        {
            return;
        }
        self.tree.mention(self.module, Mention { path, manner });
    }

    fn scan(&mut self, tokens: TokenStream) {
        for path in paths_in(tokens) {
            self.mention(path, Manner::Code);
        }
    }

    /// `use` lines, taken apart into one path per name.
    fn read_use(&mut self, prefix: &Written, part: &syn::UseTree, manner: Manner) {
        match part {
            syn::UseTree::Path(part) => {
                self.read_use(&prefix.then(&word(&part.ident)), &part.tree, manner);
            }
            syn::UseTree::Group(group) => {
                for part in &group.items {
                    self.read_use(prefix, part, manner);
                }
            }
            syn::UseTree::Glob(_) => {
                self.tree.add_glob(self.module, prefix.clone());
                self.mention(prefix.clone(), manner);
            }
            syn::UseTree::Name(part) => self.import(prefix, &part.ident, &part.ident, manner),
            syn::UseTree::Rename(part) => self.import(prefix, &part.ident, &part.rename, manner),
        }
    }

    fn import(
        &mut self,
        prefix: &Written,
        ident: &proc_macro2::Ident,
        known_as: &proc_macro2::Ident,
        manner: Manner,
    ) {
        let itself = ident == "self" && !prefix.segments.is_empty();
        let path = if itself {
            prefix.clone()
        } else {
            prefix.then(&word(ident))
        };
        let known_as = if known_as == "self" {
            path.segments.last().cloned().unwrap_or_default()
        } else {
            word(known_as)
        };
        if known_as != "_" {
            self.tree
                .bind(self.module, &known_as, Binding::Import(path.clone()));
        }
        self.tree.mention(self.module, Mention { path, manner });
    }
}

impl<'code> Visit<'code> for Reader<'_> {
    fn visit_item(&mut self, item: &'code syn::Item) {
        if !attributes(item).is_some_and(for_tests_alone) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, function: &'code syn::ImplItemFn) {
        if !for_tests_alone(&function.attrs) {
            visit::visit_impl_item_fn(self, function);
        }
    }

    fn visit_item_use(&mut self, item: &'code syn::ItemUse) {
        let manner = if matches!(item.vis, syn::Visibility::Inherited) {
            Manner::Import
        } else {
            Manner::HandedOn
        };
        let start = Written {
            from_outside: item.leading_colon.is_some(),
            segments: Vec::new(),
        };
        self.read_use(&start, &item.tree, manner);
    }

    fn visit_path(&mut self, path: &'code syn::Path) {
        self.mention(Written::from(path), Manner::Code);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'code syn::Macro) {
        self.mention(Written::from(&call.path), Manner::Macro);
        self.scan(call.tokens.clone());
    }

    fn visit_attribute(&mut self, attribute: &'code syn::Attribute) {
        if attribute.path().is_ident("doc") || attribute.path().is_ident("cfg") {
            return;
        }
        if attribute.path().segments.len() > 1 {
            self.mention(Written::from(attribute.path()), Manner::Code);
        }
        let syn::Meta::List(list) = &attribute.meta else {
            return;
        };
        self.scan(list.tokens.clone());
        // Serde writes paths as text: `serialize_with = "secret::expose"`.
        if list.path.is_ident("serde") {
            for path in quoted_paths(list.tokens.clone()) {
                self.visit_path(&path);
            }
        }
    }
}

impl From<&syn::Path> for Written {
    fn from(path: &syn::Path) -> Self {
        Self {
            from_outside: path.leading_colon.is_some(),
            segments: path
                .segments
                .iter()
                .map(|segment| word(&segment.ident))
                .collect(),
        }
    }
}
