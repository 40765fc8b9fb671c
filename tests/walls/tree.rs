//! The modules of one crate, and which file defines what a path names.

use std::collections::{BTreeMap, BTreeSet};

/// A module's place in its [`Tree`].
pub(crate) type ModuleId = usize;

/// A path as the code writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Written {
    /// It begins with `::`, so its first word is a library.
    pub(crate) from_outside: bool,
    pub(crate) segments: Vec<String>,
}

impl Written {
    pub(crate) fn then(&self, segment: &str) -> Self {
        let mut longer = self.clone();
        longer.segments.push(segment.to_owned());
        longer
    }

    /// What was collected so far, if anything; a new path begins.
    pub(crate) fn take(&mut self) -> Option<Self> {
        let path = std::mem::take(self);
        (!path.segments.is_empty()).then_some(path)
    }
}

/// How a module comes to a name.
#[derive(Clone, Debug)]
pub(crate) enum Binding {
    /// Defined in the module's own file.
    Item,
    /// A macro of this file.
    Macro {
        file: String,
    },
    Child(ModuleId),
    Import(Written),
}

/// How a path is mentioned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// In a `use` of this module alone.
    Import,
    /// In a `pub use`.
    HandedOn,
    /// Anywhere else.
    Code,
    /// As the name of a macro that is called: those are also found in the modules above.
    Macro,
}

/// A path, and how it is mentioned.
#[derive(Clone, Debug)]
pub(crate) struct Mention {
    pub(crate) path: Written,
    pub(crate) manner: Manner,
}

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Module(ModuleId),
    Item { file: String, name: String },
    Library(String),
}

struct Module {
    parent: Option<ModuleId>,
    root: ModuleId,
    file: String,
    names: BTreeMap<String, Vec<Binding>>,
    globs: Vec<Written>,
    mentions: Vec<Mention>,
}

/// All modules below the roots of one package: its library and its programs.
pub(crate) struct Tree {
    /// As other roots of the package name the library.
    library_name: String,
    modules: Vec<Module>,
}

/// The names that are being looked up: an import that leads back to itself ends here.
type Underway = Vec<(ModuleId, String)>;

impl Tree {
    pub(crate) fn new(library_name: &str) -> Self {
        Self {
            library_name: library_name.to_owned(),
            modules: Vec::new(),
        }
    }

    pub(crate) fn add_root(&mut self, file: &str) -> ModuleId {
        let root = self.modules.len();
        self.add(None, root, file)
    }

    pub(crate) fn add_child(&mut self, parent: ModuleId, name: &str, file: &str) -> ModuleId {
        let child = self.add(Some(parent), self.modules[parent].root, file);
        self.bind(parent, name, Binding::Child(child));
        child
    }

    fn add(&mut self, parent: Option<ModuleId>, root: ModuleId, file: &str) -> ModuleId {
        self.modules.push(Module {
            parent,
            root,
            file: file.to_owned(),
            names: BTreeMap::new(),
            globs: Vec::new(),
            mentions: Vec::new(),
        });
        self.modules.len() - 1
    }

    pub(crate) fn bind(&mut self, module: ModuleId, name: &str, binding: Binding) {
        let names = &mut self.modules[module].names;
        names.entry(name.to_owned()).or_default().push(binding);
    }

    pub(crate) fn bind_macro(&mut self, module: ModuleId, name: &str, exported: bool) {
        let file = self.modules[module].file.clone();
        let root = self.modules[module].root;
        self.bind(module, name, Binding::Macro { file: file.clone() });
        if exported && root != module {
            self.bind(root, name, Binding::Macro { file });
        }
    }

    pub(crate) fn add_glob(&mut self, module: ModuleId, path: Written) {
        self.modules[module].globs.push(path);
    }

    pub(crate) fn mention(&mut self, module: ModuleId, mention: Mention) {
        self.modules[module].mentions.push(mention);
    }

    pub(crate) fn file(&self, module: ModuleId) -> &str {
        &self.modules[module].file
    }

    /// Every file that a root or a `mod` line names.
    pub(crate) fn files(&self) -> BTreeSet<&str> {
        self.modules
            .iter()
            .map(|module| module.file.as_str())
            .collect()
    }

    /// Every mention in code that is not for tests alone, with the file in which it stands and what it
    /// leads to.
    pub(crate) fn mentions(&self) -> impl Iterator<Item = (&str, Manner, Target)> {
        self.modules
            .iter()
            .enumerate()
            .flat_map(move |(id, module)| {
                module.mentions.iter().flat_map(move |mention| {
                    self.targets(id, mention)
                        .into_iter()
                        .map(|target| (module.file.as_str(), mention.manner, target))
                })
            })
    }

    fn targets(&self, module: ModuleId, mention: &Mention) -> Vec<Target> {
        if let (Manner::Macro, [name]) = (mention.manner, mention.path.segments.as_slice()) {
            let mut place = Some(module);
            while let Some(id) = place {
                let found = self.macro_of(id, name);
                if !found.is_empty() {
                    return found;
                }
                place = self.modules[id].parent;
            }
        }
        let mut targets = self.resolve(module, &mention.path, &mut Vec::new());
        let imported = matches!(mention.manner, Manner::Import | Manner::HandedOn);
        if imported
            && targets
                .iter()
                .any(|target| matches!(target, Target::Module(_)))
        {
            // A function may be called as a module is: what is meant shows where it is used.
            targets.retain(|target| matches!(target, Target::Module(_)));
        }
        if mention.manner == Manner::Code && mention.path.segments.len() == 1 {
            // One word that nobody binds: a variable, a parameter, a name of the prelude.
            targets.retain(|target| !matches!(target, Target::Library(_)));
        }
        targets
    }

    fn macro_of(&self, module: ModuleId, name: &str) -> Vec<Target> {
        let bindings = self.modules[module].names.get(name).into_iter().flatten();
        bindings
            .filter_map(|binding| match binding {
                Binding::Macro { file } => Some(Target::Item {
                    file: file.clone(),
                    name: name.to_owned(),
                }),
                Binding::Item | Binding::Child(_) | Binding::Import(_) => None,
            })
            .collect()
    }

    fn resolve(&self, module: ModuleId, path: &Written, underway: &mut Underway) -> Vec<Target> {
        let Some((first, rest)) = path.segments.split_first() else {
            return Vec::new();
        };
        let mut targets = if path.from_outside {
            vec![self.outside(first)]
        } else {
            self.first_step(module, first, underway)
        };
        for segment in rest {
            if targets
                .iter()
                .any(|target| matches!(target, Target::Module(_)))
            {
                targets.retain(|target| matches!(target, Target::Module(_)));
            }
            targets = targets
                .into_iter()
                .flat_map(|target| self.step(target, segment, underway))
                .collect();
        }
        targets
    }

    fn first_step(&self, module: ModuleId, name: &str, underway: &mut Underway) -> Vec<Target> {
        match name {
            "crate" => vec![Target::Module(self.modules[module].root)],
            "self" => vec![Target::Module(module)],
            "super" => self.parent(module),
            "Self" => Vec::new(),
            _ => {
                let found = self.look_up(module, name, underway);
                if found.is_empty() {
                    vec![self.outside(name)]
                } else {
                    found
                }
            }
        }
    }

    fn parent(&self, module: ModuleId) -> Vec<Target> {
        let parent = self.modules[module].parent;
        parent.map(Target::Module).into_iter().collect()
    }

    fn outside(&self, name: &str) -> Target {
        if name == self.library_name {
            Target::Module(0)
        } else {
            Target::Library(name.to_owned())
        }
    }

    fn step(&self, target: Target, segment: &str, underway: &mut Underway) -> Vec<Target> {
        let Target::Module(module) = target else {
            return vec![target];
        };
        match segment {
            "self" => return vec![Target::Module(module)],
            "super" => return self.parent(module),
            _ => {}
        }
        let found = self.look_up(module, segment, underway);
        if !found.is_empty() {
            return found;
        }
        // Nobody binds it, so a macro of that file must have defined it.
        vec![Target::Item {
            file: self.modules[module].file.clone(),
            name: segment.to_owned(),
        }]
    }

    fn look_up(&self, module: ModuleId, name: &str, underway: &mut Underway) -> Vec<Target> {
        let question = (module, name.to_owned());
        let again = underway.contains(&question);
        underway.push(question);
        let bindings = self.modules[module].names.get(name).into_iter().flatten();
        let mut found: Vec<Target> = bindings
            .flat_map(|binding| match binding {
                Binding::Item => vec![Target::Item {
                    file: self.modules[module].file.clone(),
                    name: name.to_owned(),
                }],
                Binding::Macro { file } => vec![Target::Item {
                    file: file.clone(),
                    name: name.to_owned(),
                }],
                Binding::Child(child) => vec![Target::Module(*child)],
                Binding::Import(_) if again => Vec::new(),
                Binding::Import(path) => self.resolve(module, path, underway),
            })
            .collect();
        if found.is_empty() && !again {
            found = self.through_globs(module, name, underway);
        }
        underway.pop();
        found
    }

    fn through_globs(&self, module: ModuleId, name: &str, underway: &mut Underway) -> Vec<Target> {
        let mut found = Vec::new();
        for glob in &self.modules[module].globs {
            for target in self.resolve(module, glob, underway) {
                if let Target::Module(other) = target {
                    found.extend(self.look_up(other, name, underway));
                }
            }
        }
        found
    }
}
