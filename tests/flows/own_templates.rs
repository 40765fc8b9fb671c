//! Pages in templates of whoever runs the server.

use std::fs;
use std::path::Path;

use e2e::{Finished, Landing, WorldBuilder, on_every_store, run_auth_server};

fn export(folder: &Path) -> impl Future<Output = Finished> {
    let folder = folder.to_str().unwrap().to_owned();
    async move { run_auth_server(&["pages", "export", &folder], &[], "").await }
}

/// A folder that stays as long as the tests run: worlds read it when they start.
fn of_the_bank() -> &'static Path {
    static FOLDER: std::sync::LazyLock<tempfile::TempDir> = std::sync::LazyLock::new(|| {
        let folder = tempfile::tempdir().unwrap();
        let layout = include_str!("../../auth-server/src/pages/overrides/layout.html");
        let layout = layout.replace("<body", "<body id=\"bank\"");
        let login = "{% extends 'layout.html' %}{% block page %}<p id=\"hello\">{{ title }} – {{ language }}</p>{{ whole }}{% endblock %}";
        for (name, text) in [
            ("layout.html", layout.as_str()),
            ("login.html", login),
            ("style.css", ".token { border-radius: 0 }"),
            (".login.html.swp", "an editor's"),
        ] {
            fs::write(folder.path().join(name), text).unwrap();
        }
        folder
    });
    FOLDER.path()
}

fn bank(world: WorldBuilder) -> WorldBuilder {
    let folder = of_the_bank().to_str().unwrap();
    world.set("AUTH_SERVER__BRAND__TEMPLATES", folder)
}

on_every_store! {
    /// An owner signs in and approves on them, and the forms are ours.
    async fn an_owner_goes_the_whole_way_on_templates_of_others(world; bank) {
        let browser = world.browser();
        let callback = world.callback();
        let parameters = [
            ("response_type", "code"),
            ("client_id", "print-photo"),
            ("redirect_uri", callback.as_str()),
            ("scope", "photo.read"),
        ];
        let asked = browser.authorize(&parameters).await;
        let login = browser.follow(&asked).await;
        assert!(login.text.contains("<body id=\"bank\""), "{}", login.text);
        assert!(login.text.contains("<p id=\"hello\">Sign in – en</p>"), "{}", login.text);
        let approval = browser.sign_in_after(&asked, "xiaoming", "photos4me").await;
        assert!(approval.text.contains("<body id=\"bank\"") && !approval.text.contains("id=\"hello\""));
        let code = Landing::of(&browser.decide(&approval, &["photo.read"]).await).code();
        assert_eq!(world.exchange(&code).await.status, 200);
        let account = browser.get("/account").await;
        assert!(account.text.contains("<body id=\"bank\" class=\"sheet\""), "{}", account.text);
        let style = world.get("/style.css").await;
        assert!(style.text.ends_with(".token { border-radius: 0 }"));
    }
}

/// What is wrong is told by `check-config` with file and line, all at once, and such a server does not start.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn templates_that_cannot_be_used_are_refused_with_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    let templates = folder.path().join("templates");
    let exported = export(&templates).await;
    assert_eq!(exported.code, Some(0), "{exported:?}");
    let settings = [
        ("AUTH_SERVER__STORE__URL", "memory:"),
        ("AUTH_SERVER__BRAND__TEMPLATES", templates.to_str().unwrap()),
    ];
    let checked = run_auth_server(&["check-config"], &settings, "").await;
    assert_eq!(checked.code, Some(0), "{checked:?}");

    fs::write(templates.join("login.html"), "{{ whole }}\n{{ nobody }}").unwrap();
    fs::write(templates.join("error.html"), "{{ upper }}").unwrap();
    for command in ["check-config", "serve"] {
        let refused = run_auth_server(&[command], &settings, "").await;
        assert_ne!(refused.code, Some(0), "{refused:?}");
        let told = format!("{}{}", refused.stdout, refused.stderr);
        for fault in [
            "`brand.templates`",
            "login.html:2",
            "error.html: the page `error` (en) lacks `lower`",
        ] {
            assert!(told.contains(fault), "{command}: {fault}: {told}");
        }
    }
    fs::remove_dir_all(&templates).unwrap();
    let gone = run_auth_server(&["check-config"], &settings, "").await;
    assert_ne!(gone.code, Some(0), "{gone:?}");
}

/// What is there stays.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_replaces_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("layout.html");
    fs::write(&file, "mine").unwrap();
    let exported = export(folder.path()).await;
    assert_eq!(exported.code, Some(1), "{exported:?}");
    assert!(exported.stderr.contains("layout.html"), "{exported:?}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
}
