//! What an overlay renders to, and how its objects refer to each other.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Map, Value};

/// Made by `scripts/test`; it holds kubectl too where the machine has none that is new enough.
const VENV: &str = "../target/deployment-venv/bin";

/// YAML to JSON.
const READ: &str = "import json, sys, yaml
json.dump([document for document in yaml.safe_load_all(sys.stdin) if document], sys.stdout)";

/// The overlays that are shipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Overlay {
    Demo,
    Production,
}

impl Overlay {
    pub(crate) const ALL: [Self; 2] = [Self::Demo, Self::Production];

    pub(crate) fn directory(self) -> PathBuf {
        let overlays = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/kubernetes/overlays");
        overlays.join(match self {
            Self::Demo => "demo",
            Self::Production => "production",
        })
    }

    /// Renders it as `kubectl apply -k` would.
    pub(crate) fn render(self) -> Cluster {
        let mut kustomize = Command::new(kubectl());
        let rendered = run(kustomize.arg("kustomize").arg(self.directory()), &[]);
        assert!(rendered.status.success(), "{}", errors(&rendered));
        let warnings = String::from_utf8_lossy(&rendered.stderr);
        assert_eq!(warnings, "", "kustomize warns");
        let read = run(python().args(["-c", READ]), &rendered.stdout);
        assert!(read.status.success(), "{}", errors(&read));
        Cluster {
            overlay: self,
            objects: serde_json::from_slice(&read.stdout).expect("a list"),
        }
    }
}

fn kubectl() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(VENV)
        .join("kubectl");
    if own.exists() {
        own
    } else {
        PathBuf::from("kubectl")
    }
}

fn python() -> Command {
    let python = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(VENV)
        .join("python");
    assert!(
        python.exists(),
        "{} is missing: scripts/test makes it",
        python.display()
    );
    let mut command = Command::new(python);
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

fn run(command: &mut Command, input: &[u8]) -> Output {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts (scripts/test installs it)");
    let mut stdin = child.stdin.take().expect("its input is piped");
    let input = input.to_vec();
    let writer = std::thread::spawn(move || {
        // A program that has seen enough closes its end.
        let _ = std::io::Write::write_all(&mut stdin, &input);
    });
    let output = child.wait_with_output().expect("it ends");
    writer.join().expect("its input is written");
    output
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The objects of one overlay.
#[derive(Clone, Debug)]
pub(crate) struct Cluster {
    pub(crate) overlay: Overlay,
    pub(crate) objects: Vec<Value>,
}

/// Something that makes pods.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Workload<'a> {
    pub(crate) object: &'a Value,
    /// `spec.template`.
    pub(crate) template: &'a Value,
}

impl Cluster {
    /// Everything that the schemas of Kubernetes say against it.
    pub(crate) fn schema_errors(&self) -> String {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("deployment/schemas.py");
        let objects = serde_json::to_vec(&self.objects).expect("JSON");
        let checked = run(python().arg(script), &objects);
        let told = errors(&checked);
        assert_eq!(checked.status.success(), told.is_empty(), "{told}");
        told
    }

    pub(crate) fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Value> {
        self.objects
            .iter()
            .filter(move |object| object["kind"] == kind)
    }

    pub(crate) fn find(&self, kind: &str, name: &str) -> Option<&Value> {
        let named = |object: &&Value| object["kind"] == kind && object["metadata"]["name"] == name;
        self.objects.iter().find(named)
    }

    pub(crate) fn workloads(&self) -> impl Iterator<Item = Workload<'_>> {
        self.objects.iter().filter_map(|object| {
            let template = object.pointer("/spec/template")?;
            Some(Workload { object, template })
        })
    }

    /// The workloads whose pods a selector's `matchLabels` selects.
    pub(crate) fn selected<'a>(
        &'a self,
        labels: &'a Value,
    ) -> impl Iterator<Item = Workload<'a>> + 'a {
        self.workloads()
            .filter(move |workload| matches(labels, workload.labels()))
    }
}

impl<'a> Workload<'a> {
    pub(crate) fn name(self) -> String {
        name(self.object)
    }

    pub(crate) fn labels(self) -> &'a Value {
        &self.template["metadata"]["labels"]
    }

    pub(crate) fn pod(self) -> &'a Value {
        &self.template["spec"]
    }

    pub(crate) fn containers(self) -> impl Iterator<Item = &'a Value> {
        ["containers", "initContainers"]
            .into_iter()
            .flat_map(move |kind| list(&self.pod()[kind]))
    }

    pub(crate) fn has_port(self, port: &str) -> bool {
        self.containers()
            .flat_map(|container| list(&container["ports"]))
            .any(|known| known["name"] == port)
    }

    /// The literal value of a variable of its containers.
    pub(crate) fn variable(self, ending: &str) -> Option<&'a str> {
        let mut variables = self
            .containers()
            .flat_map(|container| list(&container["env"]));
        let variable = variables.find(|variable| text(&variable["name"]).ends_with(ending))?;
        variable["value"].as_str()
    }
}

/// `Kind/name`.
pub(crate) fn name(object: &Value) -> String {
    format!(
        "{}/{}",
        text(&object["kind"]),
        text(&object["metadata"]["name"])
    )
}

/// A string; empty when it is none.
pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The items of a list; none when it is none.
pub(crate) fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// True when every label that is asked for is there. Nothing asked for matches nothing: in a selector that is
/// a mistake.
pub(crate) fn matches(wanted: &Value, labels: &Value) -> bool {
    let wanted = wanted.as_object().filter(|wanted| !wanted.is_empty());
    wanted.is_some_and(|wanted: &Map<String, Value>| {
        wanted
            .iter()
            .all(|(key, value)| labels.get(key) == Some(value))
    })
}
