//! The settings that pods are given are settings that the programs accept.

use std::path::Path;
use std::process::Stdio;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use e2e::{AuthServerProcess, Finished, run_auth_server};
use serde_json::Value;
use symbolon_service::settings::{SettingsError, SettingsSources};
use tempfile::TempDir;

use crate::cluster::{Cluster, Overlay, Workload, list, text};

/// What stands in a file whose secret a user makes.
const STAND_IN: &str = "what somebody made up for it";

/// What a container of a pod sees: its files, below a directory of ours, and its variables.
struct Pod {
    directory: TempDir,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
}

impl Pod {
    fn of(cluster: &Cluster, workload: Workload<'_>) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let container = workload.containers().next().unwrap();
        let mut mounts = Vec::new();
        for mount in list(&container["volumeMounts"]) {
            let volume =
                list(&workload.pod()["volumes"]).find(|volume| volume["name"] == mount["name"]);
            let path = text(&mount["mountPath"]);
            let place = directory.path().join(path.trim_start_matches('/'));
            std::fs::create_dir_all(&place).unwrap();
            // A claim has no content of its own.
            if let Some(volume) = volume {
                fill(cluster, volume, &place);
            }
            mounts.push((path.to_owned(), place.display().to_string()));
        }
        let here = |text: &str| {
            mounts.iter().fold(text.to_owned(), |text, (path, place)| {
                text.replace(path, place)
            })
        };
        let variables = list(&container["env"]).map(|variable| {
            let value = variable["value"].as_str().expect("a literal");
            (text(&variable["name"]).to_owned(), here(value))
        });
        Self {
            environment: variables.collect(),
            arguments: list(&container["args"])
                .map(|argument| here(text(argument)))
                .collect(),
            directory,
        }
    }

    fn environment(&self) -> Vec<(&str, &str)> {
        let pairs = self.environment.iter();
        pairs
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect()
    }

    fn config(&self) -> &Path {
        let at = self
            .arguments
            .iter()
            .position(|argument| argument == "--config");
        Path::new(&self.arguments[at.expect("--config") + 1])
    }

    /// Reads the settings as the program would.
    fn settings(&self) -> SettingsSources {
        SettingsSources {
            file: Some(self.config().to_owned()),
            environment: self.environment.iter().cloned().collect(),
        }
    }

    async fn check_config(&self) -> Finished {
        let mut arguments: Vec<&str> = self.arguments.iter().map(String::as_str).collect();
        assert_eq!(arguments[0], "serve");
        arguments[0] = "check-config";
        run_auth_server(&arguments, &self.environment(), "").await
    }
}

/// Writes the files of a volume.
fn fill(cluster: &Cluster, volume: &Value, place: &Path) {
    if let Some(map) = volume.pointer("/configMap/name") {
        let map = cluster
            .find("ConfigMap", text(map))
            .expect("the config map");
        for (file, content) in map["data"].as_object().unwrap() {
            std::fs::write(place.join(file), text(content)).unwrap();
        }
    }
    if let Some(wanted) = volume.pointer("/secret/secretName") {
        let secret = cluster.find("Secret", text(wanted));
        let items = list(&volume["secret"]["items"]).map(|item| text(&item["key"]));
        let mut keys: Vec<&str> = items.collect();
        if keys.is_empty() {
            keys = secret.unwrap()["data"]
                .as_object()
                .unwrap()
                .keys()
                .map(String::as_str)
                .collect();
        }
        for key in keys {
            let content = secret.map_or_else(
                || STAND_IN.as_bytes().to_vec(),
                |secret| STANDARD.decode(text(&secret["data"][key])).expect("base64"),
            );
            assert!(!content.is_empty(), "no {key} in {wanted}");
            std::fs::write(place.join(key), content).unwrap();
        }
    }
}

fn pod(cluster: &Cluster, name: &str) -> Pod {
    let workload = cluster.workloads().find(|workload| workload.name() == name);
    Pod::of(cluster, workload.unwrap_or_else(|| panic!("no {name}")))
}

/// The authorization server accepts what each overlay gives it.
#[tokio::test]
async fn the_authorization_server_accepts_its_settings() {
    for overlay in Overlay::ALL {
        let checked = pod(&overlay.render(), "Deployment/auth-server")
            .check_config()
            .await;
        assert_eq!(checked.code, Some(0), "{overlay:?}: {checked:?}");
        assert!(checked.stdout.contains("sound"), "{checked:?}");
    }
}

/// What it would not accept is seen: a setting that is called otherwise, in the file and beside it.
#[tokio::test]
async fn a_setting_that_does_not_exist_is_seen() {
    let cluster = Overlay::Production.render();
    let mut broken = pod(&cluster, "Deployment/auth-server");
    let file = std::fs::read_to_string(broken.config()).unwrap();
    let renamed = file.replace("rotate_every_secs", "rotate_each_secs");
    assert_ne!(file, renamed);
    std::fs::write(broken.config(), renamed).unwrap();
    let checked = broken.check_config().await;
    assert_eq!(checked.code, Some(2), "{checked:?}");
    assert!(checked.stderr.contains("rotate_each_secs"), "{checked:?}");

    broken = pod(&cluster, "Deployment/auth-server");
    let variable = ("AUTH_SERVER__HTTP__DRAINS".to_owned(), "1".to_owned());
    broken.environment.push(variable);
    let checked = broken.check_config().await;
    assert_eq!(checked.code, Some(2), "{checked:?}");
}

/// So do the demo's other services, and they find their secrets.
#[test]
fn the_demos_accept_their_settings() {
    use photo_space::DemoSettings;
    use print_photo::DemoClientSettings;
    let cluster = Overlay::Demo.render();
    let photos = pod(&cluster, "Deployment/resource-server");
    let sources = photos.settings();
    let settings: DemoSettings = sources.load().unwrap();
    assert_eq!(
        settings.verifier.client_secret.expose(),
        "photo-space-secret"
    );

    let shop = pod(&cluster, "Deployment/demo-client");
    let sources = shop.settings();
    let settings: DemoClientSettings = sources.load().unwrap();
    let clients = settings.clients;
    for client in [
        &clients.authorization_code,
        &clients.password,
        &clients.client_credentials,
    ] {
        assert_eq!(client.secret.expose(), format!("{}-secret", client.id));
    }
    let mut sources = shop.settings();
    sources
        .environment
        .insert("DEMO_CLIENT__HTTP__DRAINS".to_owned(), "1".to_owned());
    let refused: Result<DemoClientSettings, SettingsError> = sources.load();
    assert!(refused.is_err());
}

/// A Redis that runs as the demo's pod does, until it is dropped.
struct RedisPod {
    child: std::process::Child,
    port: u16,
    _pod: Pod,
}

impl RedisPod {
    /// Starts the command of the pod; its data and its port are ours.
    fn start(cluster: &Cluster) -> Self {
        let pod = pod(cluster, "StatefulSet/redis");
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let settings = pod.directory.path().join("etc/redis/redis.conf");
        let text = std::fs::read_to_string(&settings).unwrap();
        let data = pod.directory.path().join("data");
        assert!(text.contains("dir /data\n"), "{text}");
        let text = text.replace("dir /data", &format!("dir {}", data.display()));
        std::fs::write(&settings, format!("{text}\nport {port}\nbind 127.0.0.1\n")).unwrap();
        let child = std::process::Command::new("sh")
            .arg("-c")
            .args(&pod.arguments)
            .stdout(Stdio::null())
            .spawn()
            .expect("a shell starts");
        Self {
            child,
            port,
            _pod: pod,
        }
    }

    /// What it answers to a command.
    fn ask(&self, words: &[&str], password: &str) -> String {
        let output = std::process::Command::new("redis-cli")
            .args(["-p", &self.port.to_string()])
            .args(words)
            .env("REDISCLI_AUTH", password)
            .output()
            .expect("redis-cli is installed with redis-server");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

impl Drop for RedisPod {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The demo's Redis, run by the command of its pod, asks for its password, keeps everything and ends when it
/// is told to; the authorization server, with the variables and files of its own pod, works on it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_pods_of_the_demo_work_together() {
    let cluster = Overlay::Demo.render();
    let mut redis = RedisPod::start(&cluster);
    for _ in 0..500 {
        if redis.ask(&["ping"], "wrong").contains("WRONGPASS")
            || redis.ask(&["ping"], "").contains("NOAUTH")
        {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert!(redis.ask(&["ping"], "").contains("NOAUTH"));
    let password = "demo-only-redis-password";
    for (setting, value) in [("maxmemory-policy", "noeviction"), ("appendonly", "yes")] {
        let told = redis.ask(&["config", "get", setting], password);
        assert!(told.contains(value), "{told}");
    }

    let own = pod(&cluster, "Deployment/auth-server");
    let mut environment = own.environment();
    // Its addresses are those of its pod; here they would be taken.
    environment.retain(|(name, _)| !name.ends_with("PORT") && !name.ends_with("HOST"));
    environment.retain(|(name, _)| !name.ends_with("DRAIN_SECS"));
    let store = format!("redis://127.0.0.1:{}", redis.port);
    let mut server = AuthServerProcess::start(&store, &environment).await;
    let form = [("grant_type", "client_credentials")];
    let answer = server.post_as("photo-backup", "/oauth/token", &form).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    server.signal("TERM");
    assert!(server.ended().await.success());

    let asked = std::process::Command::new("kill")
        .arg(redis.child.id().to_string())
        .status();
    assert!(asked.unwrap().success());
    let status = redis.child.wait().unwrap();
    assert!(
        status.success(),
        "the pod's first process is Redis itself: {status}"
    );
}
