//! What stands around the services and is not there to be tried: the collector's file and Grafana's
//! provisioning refer to what exists.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

/// A YAML file of `deploy/observability`.
fn read(file: &str) -> Value {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = root.join("../target/deployment-venv/bin/python");
    assert!(
        python.exists(),
        "{} is missing: scripts/test makes it",
        python.display()
    );
    let program =
        "import json, sys, yaml; json.dump(yaml.safe_load(open(sys.argv[1])), sys.stdout)";
    let path = root.join("../deploy/observability").join(file);
    let output = Command::new(python)
        .args(["-c", program])
        .arg(path)
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{file}: {errors}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn the_collector_takes_traces_and_passes_them_on() {
    let collector = read("otel-collector.yaml");
    for (kind, singular) in [
        ("receivers", "otlp"),
        ("processors", "batch"),
        ("exporters", "otlp/jaeger"),
    ] {
        assert!(collector[kind][singular].is_object(), "{kind}: {singular}");
        for name in collector["service"]["pipelines"]["traces"][kind]
            .as_array()
            .unwrap()
        {
            let name = name.as_str().unwrap();
            assert!(
                !collector[kind][name].is_null(),
                "{name} is used and not defined"
            );
        }
    }
    let protocols = &collector["receivers"]["otlp"]["protocols"];
    assert_eq!(protocols["http"]["endpoint"], "0.0.0.0:4318");
    assert_eq!(protocols["grpc"]["endpoint"], "0.0.0.0:4317");
    assert_eq!(
        collector["exporters"]["otlp/jaeger"]["endpoint"],
        "jaeger:4317"
    );
    let order = json!(["memory_limiter", "batch"]);
    assert_eq!(
        collector["service"]["pipelines"]["traces"]["processors"],
        order
    );
    assert_eq!(collector["service"]["extensions"], json!(["health_check"]));
    assert_eq!(
        collector["extensions"]["health_check"]["endpoint"],
        "0.0.0.0:13133"
    );
}

#[test]
fn grafana_is_given_the_source_that_the_dashboard_asks() {
    let sources = read("grafana/provisioning/datasources/symbolon.yaml");
    let prometheus = &sources["datasources"][0];
    assert_eq!(
        (&prometheus["type"], &prometheus["url"]),
        (&json!("prometheus"), &json!("http://prometheus:9090"))
    );
    let dashboard: Value = serde_json::from_str(include_str!(
        "../../deploy/observability/grafana/dashboards/symbolon.json"
    ))
    .unwrap();
    let variable = &dashboard["templating"]["list"][0];
    assert_eq!(variable["name"], "datasource");
    assert_eq!(variable["current"]["value"], prometheus["uid"]);
    let interval = &read("prometheus.yml")["global"]["scrape_interval"];
    assert_eq!(prometheus["jsonData"]["timeInterval"], *interval);
    let providers = read("grafana/provisioning/dashboards/symbolon.yaml");
    assert_eq!(
        providers["providers"][0]["options"]["path"],
        "/etc/grafana/dashboards"
    );
}
