//! The files of `deploy/observability`, tried on a real Prometheus that scrapes the three real services.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use e2e::{Store, World};
use serde_json::Value;

use crate::documented::{names, table_below};
use crate::journey::{CACHED, walk};
use crate::prometheus_server::{Prometheus, deployed, until};

fn dashboard() -> Value {
    let file = deployed("grafana/dashboards/symbolon.json");
    serde_json::from_slice(&fs::read(file).unwrap()).unwrap()
}

/// The panels of the dashboard that ask for something.
fn panels() -> Vec<Value> {
    let all = dashboard()["panels"].as_array().unwrap().clone();
    all.into_iter()
        .filter(|panel| panel["type"] != "row")
        .collect()
}

/// Every query of the dashboard, with the title of its panel, as Grafana sends it for all instances.
fn queries() -> Vec<(String, String)> {
    let mut queries = Vec::new();
    let mut add = |title: &Value, expr: &Value| {
        let title = title.as_str().unwrap().to_owned();
        let expr = expr.as_str().unwrap();
        let asked = expr
            .replace("$instance", ".*")
            .replace("$__rate_interval", "1m");
        let unknown = asked.replace("${1}xx", "").contains('$');
        assert!(!unknown, "a variable that Grafana does not have: {asked}");
        queries.push((title, asked));
    };
    for panel in panels() {
        for target in panel["targets"].as_array().unwrap() {
            add(&panel["title"], &target["expr"]);
        }
    }
    for annotation in dashboard()["annotations"]["list"].as_array().unwrap() {
        if annotation["expr"].is_string() {
            add(&annotation["name"], &annotation["expr"]);
        }
    }
    queries
}

#[track_caller]
fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let output = output.unwrap_or_else(|error| {
        panic!("{program} (Debian package prometheus, scripts/test installs it): {error}")
    });
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    assert!(output.status.success(), "{program} {arguments:?}: {text}");
    text
}

#[test]
fn promtool_accepts_the_configuration_and_the_rules() {
    let configuration = deployed("prometheus.yml");
    let told = run(
        "promtool",
        &["check", "config", configuration.to_str().unwrap()],
    );
    assert!(told.contains("13 rules found"), "{told}");
}

/// `alerts.test.yml` has series for each alert and tells when it must fire.
#[test]
fn alerts_fire_when_they_should_and_not_before() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("observability/alerts.test.yml");
    run("promtool", &["test", "rules", tests.to_str().unwrap()]);
    let tested = fs::read_to_string(&tests).unwrap();
    let rules = fs::read_to_string(deployed("alerts.yml")).unwrap();
    for line in rules.lines() {
        if let Some((_, alert)) = line.split_once("- alert: ") {
            let fires = format!("alertname: {alert}\n        exp_alerts:\n          -");
            assert!(tested.contains(&fires), "{alert} is not seen to fire");
            let rests = format!("alertname: {alert}, exp_alerts: []");
            assert!(tested.contains(&rests), "{alert} is not seen to rest");
        }
    }
}

/// A panel without a unit, a description or a legend is a riddle.
#[test]
fn every_panel_says_what_it_shows() {
    let mut ids = BTreeSet::new();
    let mut places = BTreeSet::new();
    for panel in panels() {
        let title = panel["title"].as_str().unwrap();
        assert!(
            ids.insert(panel["id"].as_u64().unwrap()),
            "{title}: its id is taken"
        );
        let place = (
            panel["gridPos"]["x"].to_string(),
            panel["gridPos"]["y"].to_string(),
        );
        assert!(places.insert(place), "{title} lies on another panel");
        assert!(panel["description"].as_str().unwrap().len() > 10, "{title}");
        let unit = panel["fieldConfig"]["defaults"]["unit"].as_str();
        assert!(
            unit.is_some_and(|unit| !unit.is_empty()),
            "{title} has no unit"
        );
        for target in panel["targets"].as_array().unwrap() {
            assert!(
                !target["legendFormat"].as_str().unwrap().is_empty(),
                "{title}"
            );
            assert_eq!(target["datasource"]["uid"], "${datasource}", "{title}");
        }
        if panel["type"] == "stat" {
            let thresholds = &panel["fieldConfig"]["defaults"]["thresholds"]["steps"];
            assert!(
                thresholds.as_array().unwrap().len() > 1,
                "{title} gives no verdict"
            );
        }
    }
}

/// Words of the query language that the files use.
const LANGUAGE: [&str; 19] = [
    "absent",
    "and",
    "by",
    "changes",
    "count",
    "histogram_quantile",
    "increase",
    "label_replace",
    "max",
    "min",
    "or",
    "rate",
    "sum",
    "unless",
    "vector",
    "m",
    "h",
    "inf",
    "offset",
];

/// What Prometheus itself tells of scraped series, and the label that a query makes.
const OF_PROMETHEUS: [&str; 5] = ["up", "job", "instance", "le", "status"];

/// The words that queries may use: metrics with their suffixes, and labels. The table is compared with what
/// the services show in another test.
fn vocabulary() -> BTreeSet<String> {
    let mut known: BTreeSet<String> = LANGUAGE
        .iter()
        .chain(&OF_PROMETHEUS)
        .map(|word| (*word).to_owned())
        .collect();
    for row in table_below("## Metrics") {
        let metric = names(&row[0]).remove(0);
        if row[3].starts_with("histogram") {
            known.extend(["_count", "_sum", "_bucket"].map(|suffix| format!("{metric}{suffix}")));
        } else {
            known.insert(metric);
        }
        known.extend(names(&row[2]));
    }
    known
}

/// The words of a query outside of its texts.
fn words(query: &str) -> Vec<String> {
    let outside: Vec<&str> = query.split('"').step_by(2).collect();
    let outside = outside.join(" ");
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let words = outside
        .split(|letter| !is_word(letter))
        .map(|word| word.trim_start_matches(|letter: char| letter.is_ascii_digit()));
    words
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

#[track_caller]
fn assert_words_are_known(place: &str, query: &str) {
    let known = vocabulary();
    for word in words(query) {
        assert!(
            known.contains(&word),
            "{place}: `{word}` is no metric and no label: {query}"
        );
    }
}

#[test]
fn the_dashboard_asks_for_metrics_and_labels_that_there_are() {
    for (title, query) in queries() {
        assert_words_are_known(&title, &query);
    }
    for panel in panels() {
        for target in panel["targets"].as_array().unwrap() {
            let legend = target["legendFormat"].as_str().unwrap();
            for label in legend.split("{{").skip(1) {
                assert_words_are_known(legend, label.split_once("}}").unwrap().0);
            }
        }
    }
}

/// Queries that find nothing after a journey on which all goes well: division by what did not happen.
const EMPTY_IS_GOOD: [(&str, &str); 3] = [
    // No request has failed by our fault.
    ("Server errors by endpoint", "5.."),
    // No operation of the store has failed.
    ("Failed operations", "error_type!="),
    // The demo does not begin with a new key within the minute that is looked at.
    ("New keys", "key_rotated"),
];

/// Everything that the dashboard and the alerts ask for is there, in a real Prometheus that scrapes the
/// real services under way.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_real_prometheus_answers_every_query() {
    let world = World::builder(Store::Memory)
        .set(CACHED.0, CACHED.1)
        // The journey is made twice, and owners are asked both times.
        .set("AUTH_SERVER__APPROVALS__TTL_SECS", "0")
        .start()
        .await;
    let second = World::builder(Store::Memory).start().await;
    let prometheus = Prometheus::start(&[
        ("auth-server-1:9100", &world.probes),
        ("auth-server-2:9100", &second.probes),
        ("resource-server:9101", &world.resource_probes),
        ("demo-client:9102", &world.client_probes),
    ])
    .await;
    prometheus.wait_for("up == 1", 4).await;
    // Rates need counters before and after.
    walk(&world).await;
    prometheus
        .wait_for("auth_server_tokens_revoked_total{kind=\"grant\"} > 0", 1)
        .await;
    walk(&world).await;
    let revoked = "auth_server_tokens_revoked_total{kind=\"grant\"} > 3";
    prometheus.wait_for(revoked, 1).await;
    prometheus
        .wait_for("sum(demo_client_revocations_total) > 3", 1)
        .await;

    let mut empty = BTreeSet::new();
    for (title, query) in queries() {
        if prometheus.series(&query).await.is_empty() {
            let known = EMPTY_IS_GOOD
                .iter()
                .find(|(panel, part)| *panel == title && query.contains(part));
            let known = known.unwrap_or_else(|| panic!("{title} finds nothing: {query}"));
            empty.insert(known.0);
        }
    }
    let expected: BTreeSet<&str> = EMPTY_IS_GOOD.iter().map(|(panel, _)| *panel).collect();
    assert_eq!(empty, expected);
    verdicts(&prometheus).await;
    alerts(&prometheus).await;
}

/// The top row says what is so.
async fn verdicts(prometheus: &Prometheus) {
    let mut verdicts: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for panel in panels().iter().filter(|panel| panel["type"] == "stat") {
        let title = panel["title"].as_str().unwrap().to_owned();
        let found = prometheus
            .series(panel["targets"][0]["expr"].as_str().unwrap())
            .await;
        let values = found
            .iter()
            .map(|series| series["value"][1].as_str().unwrap().parse().unwrap());
        verdicts.insert(title, values.collect());
    }
    assert_eq!(verdicts["Services"], [1.0, 1.0, 1.0]);
    assert_eq!(verdicts["Store"], [1.0]);
    assert_eq!(verdicts["Server errors"], [0.0]);
    assert_eq!(verdicts["Password queue"], [0.0]);
    assert!(verdicts["Replays, 24 h"][0] > 0.0, "{verdicts:?}");
    for title in [
        "Slowest 1 % of token requests",
        "Slowest 1 % of token checks",
    ] {
        let [seconds] = verdicts[title][..] else {
            panic!("{title}: {verdicts:?}")
        };
        assert!((0.0001..10.0).contains(&seconds), "{title}: {seconds}");
    }
}

/// Every alert can be evaluated, its words are known, and after two replays one of them is on.
async fn alerts(prometheus: &Prometheus) {
    let rules = until(async || {
        let told = prometheus.ask("/api/v1/rules", &[]).await?;
        let groups = told["groups"].as_array()?;
        let rules = groups
            .iter()
            .flat_map(|group| group["rules"].as_array().unwrap());
        let rules: Vec<Value> = rules.cloned().collect();
        rules
            .iter()
            .all(|rule| rule["health"] != "unknown")
            .then_some(rules)
    })
    .await;
    assert_eq!(rules.len(), 13);
    for rule in &rules {
        assert_eq!(rule["health"], "ok", "{rule}");
        assert_words_are_known(
            rule["name"].as_str().unwrap(),
            rule["query"].as_str().unwrap(),
        );
    }
    let replay = "ALERTS{alertname=\"ReplaySeen\", alertstate=\"firing\"}";
    prometheus.wait_for(replay, 2).await;
    for quiet in [
        "ServiceDown",
        "StoreUnreachable",
        "NoSigningKey",
        "ServerErrors",
    ] {
        let alert = format!("ALERTS{{alertname=\"{quiet}\"}}");
        assert_eq!(prometheus.series(&alert).await, Vec::<Value>::new());
    }
}
