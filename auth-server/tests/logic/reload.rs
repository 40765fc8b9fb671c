//! Reading the registrations again while the server runs: all or nothing.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;

use symbolon::identifiers::ClientId;
use symbolon_auth_server::clients::registry::{ClientRegistry, StoredClients};
use symbolon_auth_server::records::ClientRegistration;
use symbolon_auth_server::reload::{CurrentSettings, ReadSettings, Reload, ReloadError, Reloaded};
use symbolon_auth_server::scopes::{ScopeDescription, ScopeDescriptions};
use symbolon_auth_server::settings::Settings;
use symbolon_auth_server::stores::StoreError;
use symbolon_service::settings::{Accepted, SettingValues, SettingsSources};
use tempfile::TempDir;

use crate::bench::{Bench, defaults};
use crate::ports::down;
use crate::rooms::Rooms;
use crate::samples::{SHOP, owner, shop};

/// A server whose settings file changes.
struct Operated {
    bench: Bench,
    rooms: Rooms,
    scopes: Arc<ScopeDescriptions>,
    folder: TempDir,
}

/// What a server has before its file is read again.
const BEFORE: &str = "Read";

impl Operated {
    async fn new() -> Self {
        let bench = Bench::new().await;
        let rooms = bench.rooms();
        rooms.clients.survey().await.unwrap();
        let read = ScopeDescription {
            name: "read".to_owned(),
            description: BEFORE.to_owned(),
            translations: BTreeMap::new(),
        };
        Self {
            rooms,
            bench,
            scopes: Arc::new(ScopeDescriptions::new(vec![read])),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn reload(&self, read: ReadSettings) -> Reload {
        Reload {
            settings: CurrentSettings {
                read,
                started_with: sources(&self.folder, "")
                    .examine::<Settings>()
                    .accept()
                    .unwrap()
                    .values,
            },
            clients: self.rooms.clients.clone(),
            owners: self.bench.configured_owners.clone(),
            scopes: self.scopes.clone(),
            turn: Arc::default(),
        }
    }

    /// What comes of reading a file with this text.
    async fn read(&self, text: &str) -> Result<Reloaded, ReloadError> {
        let reload =
            |sources: SettingsSources| self.reload(Arc::new(move || sources.examine().accept()));
        let reload = reload(sources(&self.folder, text));
        fs::write(self.folder.path().join("settings.toml"), text).unwrap();
        reload.run().await
    }

    async fn knows(&self, id: &str) -> bool {
        let found = self.rooms.clients.find(&ClientId::new(id)).await;
        found.unwrap().is_some()
    }

    async fn has_account(&self, name: &str) -> bool {
        self.rooms.owners.find(name).await.unwrap().is_some()
    }

    async fn assert_all_is_as_it_was(&self) {
        assert!(self.knows(SHOP).await);
        assert!(!self.knows("press").await);
        assert!(self.has_account("alice").await);
        assert!(!self.has_account("carol").await);
        assert_eq!(self.scopes.describe("read", "en"), BEFORE);
        let facts = self.rooms.clients.facts();
        assert!(facts.scopes.contains("read") && !facts.scopes.contains("print"));
    }
}

const CLIENT: &str = r#"
[[clients]]
client_id = "press"
client_name = "A press"
client_secret = "{noop}press"
grant_types = ["client_credentials"]
scope = ["print"]
"#;
const OWNER: &str = r#"
[[owners]]
name = "carol"
password = "{noop}carols"
"#;
const SCOPE: &str = r#"
[[scopes]]
name = "print"
description = "Print"
"#;

#[tokio::test]
async fn what_is_in_the_file_is_taken_over_at_once_and_the_rest_is_gone() {
    let operated = Operated::new().await;
    let reloaded = operated.read(&[CLIENT, OWNER, SCOPE].concat()).await;
    let Reloaded {
        clients,
        owners,
        need_a_restart,
        files_of_the_start,
        warnings,
    } = reloaded.unwrap();
    assert_eq!((clients, owners, need_a_restart.len()), (1, 1, 0));
    assert!(files_of_the_start.is_empty());
    // The samples have {noop} hashes.
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(operated.knows("press").await && !operated.knows(SHOP).await);
    assert!(operated.has_account("carol").await);
    assert!(!operated.has_account("alice").await);
    assert_eq!(operated.scopes.describe("print", "en"), "Print");
    assert_eq!(operated.scopes.describe("read", "en"), "read");
    let facts = operated.rooms.clients.facts();
    assert!(facts.scopes.contains("print") && !facts.scopes.contains("read"));
}

#[tokio::test]
async fn what_is_in_the_store_stays() {
    let operated = Operated::new().await;
    let stored = ClientRegistration {
        client_id: ClientId::new("stored"),
        ..shop()
    };
    let clients = &operated.bench.stores.clients;
    clients.store_client(&stored).await.unwrap();
    operated.read(&[CLIENT, OWNER].concat()).await.unwrap();
    assert!(operated.knows("stored").await && operated.knows("press").await);
    assert!(operated.rooms.clients.facts().scopes.contains("read"));
}

#[tokio::test]
async fn a_file_that_is_wrong_changes_nothing() {
    let operated = Operated::new().await;
    let good = [CLIENT, OWNER, SCOPE].concat();
    for wrong in [
        "clients = [",
        "nonsense = 1",
        "[[clients]]\nclient_id = \"nameless\"\n",
        "[[clients]]\nclient_id = \"shop\"\nclient_name = \"x\"\nclient_secret = \"no hash\"\n",
        "[[owners]]\nname = \"eve\"\npassword = \"no hash\"\n",
        "[[scopes]]\nname = \"print\"\ndescription = \"Twice\"\n",
    ] {
        // What is wrong stands first or last: a key of the top cannot follow a table.
        let text = if wrong.starts_with('[') {
            format!("{good}{wrong}")
        } else {
            format!("{wrong}\n{good}")
        };
        let reloaded = operated.read(&text).await;
        let Err(ReloadError::Settings(_)) = reloaded else {
            panic!("{wrong}: {reloaded:?}");
        };
        operated.assert_all_is_as_it_was().await;
    }
}

/// A file with this text.
fn sources(folder: &TempDir, text: &str) -> SettingsSources {
    let file = folder.path().join("settings.toml");
    fs::write(&file, text).unwrap();
    SettingsSources {
        file: Some(file),
        ..SettingsSources::default()
    }
}

#[tokio::test]
async fn a_file_in_which_nothing_is_left_changes_nothing() {
    let operated = Operated::new().await;
    for (text, list) in [("", "clients"), (OWNER, "clients"), (CLIENT, "owners")] {
        let reloaded = operated.read(text).await;
        let Err(ReloadError::NothingLeft { list: named }) = reloaded else {
            panic!("{text}: {reloaded:?}");
        };
        assert_eq!(named, list);
        operated.assert_all_is_as_it_was().await;
    }
}

#[tokio::test]
async fn what_changed_and_needs_a_restart_is_named() {
    let operated = Operated::new().await;
    let changed = "[tokens]\naccess_token_ttl_secs = 7\n[http]\nport = 1\n";
    let text = [CLIENT, OWNER, changed].concat();
    let reloaded = operated.read(&text).await.unwrap();
    assert_eq!(
        reloaded.need_a_restart,
        ["http.port", "tokens.access_token_ttl_secs"]
    );
    let line =
        "changed, and not taken over before a restart: http.port, tokens.access_token_ttl_secs";
    assert!(reloaded.to_string().contains(line), "{reloaded}");
}

fn settings(text: &str) -> Settings {
    let folder = tempfile::tempdir().unwrap();
    sources(&folder, text).load().unwrap()
}

/// Reads settings that nobody has checked.
fn unchecked(settings: Settings) -> ReadSettings {
    Arc::new(move || {
        Ok(Accepted {
            settings: settings.clone(),
            warnings: Vec::new(),
            values: SettingValues::default(),
        })
    })
}

#[tokio::test]
async fn a_registration_that_nobody_checked_changes_nothing_when_it_is_wrong() {
    let operated = Operated::new().await;
    let good = settings(&[CLIENT, OWNER, SCOPE].concat());
    let mut wrong_client = good.clone();
    wrong_client.clients.push(ClientRegistration {
        access_token_ttl_secs: Some(0),
        ..shop()
    });
    let mut wrong_owner = good;
    let eve = owner("eve", "no hash");
    wrong_owner.owners.push(eve);
    for (settings, named) in [
        (wrong_client, "client `shop`"),
        (wrong_owner, "owner `eve`"),
    ] {
        let read = unchecked(settings);
        let reloaded = operated.reload(read).run().await;
        let Err(ReloadError::Registration(text)) = reloaded else {
            panic!("{reloaded:?}");
        };
        assert!(text.starts_with(named), "{text}");
        operated.assert_all_is_as_it_was().await;
    }
}

#[tokio::test]
async fn a_store_that_fails_changes_nothing() {
    let operated = Operated::new().await;
    let settings = settings(&[CLIENT, OWNER, SCOPE].concat());
    let read = unchecked(settings);
    let failing: Arc<dyn ClientRegistry> =
        Arc::new(StoredClients::new(down().clients, Arc::new(defaults())));
    let reload = Reload {
        clients: operated.rooms.clients.with_others([failing]),
        ..operated.reload(read)
    };
    let reloaded = reload.run().await;
    let Err(ReloadError::Store(StoreError::Unavailable(_))) = reloaded else {
        panic!("{reloaded:?}");
    };
    operated.assert_all_is_as_it_was().await;
}

/// On one thread, as a server's signals and upkeep are: it goes on while a disk does not answer, and ends.
#[test]
fn settings_that_take_long_to_read_hold_nothing_else_up() {
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_all().build().unwrap();
    let (_never, released) = std::sync::mpsc::channel::<()>();
    let released = std::sync::Mutex::new(released);
    let (begins, mut begun) = tokio::sync::mpsc::unbounded_channel();
    let read: ReadSettings = Arc::new(move || {
        begins.send(()).unwrap();
        let _ = released.lock().unwrap().recv();
        unchecked(settings(""))()
    });
    runtime.block_on(async {
        let operated = Operated::new().await;
        let reload = operated.reload(read);
        for _ in 0..2 {
            let reload = reload.clone();
            tokio::spawn(async move { reload.run().await });
        }
        begun.recv().await.unwrap();
        tokio::task::yield_now().await;
        // The second waits for the first, and takes no thread.
        assert!(begun.try_recv().is_err());
        operated.assert_all_is_as_it_was().await;
    });
}
