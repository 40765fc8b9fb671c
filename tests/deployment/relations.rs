//! Rules on how objects refer to each other: nothing is missing, nothing is meant and not met.

use serde_json::Value;

use crate::cluster::{Cluster, Overlay, Workload, list, matches, name, text};

/// What keeps its state in the memory of one process: two would be two different services.
const ONE_OF_A_KIND: [&str; 2] = ["Deployment/resource-server", "Deployment/demo-client"];

/// Its own words on what a user makes by hand.
const OPERATIONS: &str = include_str!("../../docs/operations.md");

fn labels_of(selector: &Value) -> &Value {
    selector.get("matchLabels").unwrap_or(selector)
}

pub(crate) fn selector_misses(cluster: &Cluster) -> Vec<String> {
    let mut faults = Vec::new();
    for workload in cluster.workloads() {
        let own = labels_of(&workload.object["spec"]["selector"]);
        let spread = list(&workload.pod()["topologySpreadConstraints"]);
        let spread = spread.map(|constraint| labels_of(&constraint["labelSelector"]));
        let sound = spread
            .chain([own])
            .all(|labels| matches(labels, workload.labels()));
        if !sound {
            faults.push(format!("{} misses its own pods", workload.name()));
        }
    }
    for (kind, selector) in [
        ("Service", "/spec/selector"),
        ("PodDisruptionBudget", "/spec/selector/matchLabels"),
        ("NetworkPolicy", "/spec/podSelector/matchLabels"),
    ] {
        for object in cluster.of_kind(kind) {
            let selector = object.pointer(selector).unwrap_or(&Value::Null);
            // A policy for all pods has no labels at all.
            let is_for_all = kind == "NetworkPolicy" && selector.is_null();
            if !is_for_all && cluster.selected(selector).next().is_none() {
                faults.push(format!("{} selects nothing", name(object)));
            }
        }
    }
    for monitor in cluster.of_kind("ServiceMonitor") {
        if services_of(cluster, monitor).next().is_none() {
            faults.push(format!("{} selects nothing", name(monitor)));
        }
    }
    faults
}

fn services_of<'a>(cluster: &'a Cluster, monitor: &'a Value) -> impl Iterator<Item = &'a Value> {
    let wanted = labels_of(&monitor["spec"]["selector"]);
    cluster
        .of_kind("Service")
        .filter(move |service| matches(wanted, &service["metadata"]["labels"]))
}

fn has_port(service: &Value, port: &Value) -> bool {
    list(&service["spec"]["ports"]).any(|known| &known["name"] == port)
}

#[allow(clippy::too_many_lines, reason = "a test reads from top to bottom")]
pub(crate) fn port_unknown(cluster: &Cluster) -> Vec<String> {
    let mut faults = Vec::new();
    let mut demand = |is_there: bool, object: &Value, port: &Value| {
        if !is_there {
            faults.push(format!("{}: no port {port}", name(object)));
        }
    };
    for service in cluster.of_kind("Service") {
        for port in list(&service["spec"]["ports"]) {
            let target = &port["targetPort"];
            let mut pods = cluster.selected(&service["spec"]["selector"]);
            let known = pods.all(|pod| pod.has_port(text(target)));
            demand(known, service, target);
        }
    }
    for workload in cluster.workloads() {
        for container in workload.containers() {
            for probe in ["startupProbe", "livenessProbe", "readinessProbe"] {
                for how in ["httpGet", "tcpSocket"] {
                    let Some(port) = container[probe][how].get("port") else {
                        continue;
                    };
                    demand(workload.has_port(text(port)), workload.object, port);
                }
            }
        }
    }
    for policy in cluster.of_kind("NetworkPolicy") {
        let pods = &policy["spec"]["podSelector"]["matchLabels"];
        for rule in list(&policy["spec"]["ingress"]) {
            for port in list(&rule["ports"]).map(|port| &port["port"]) {
                let known = cluster.selected(pods).all(|pod| pod.has_port(text(port)));
                demand(known, policy, port);
            }
        }
    }
    for monitor in cluster.of_kind("ServiceMonitor") {
        for endpoint in list(&monitor["spec"]["endpoints"]) {
            let port = &endpoint["port"];
            let known = services_of(cluster, monitor).all(|service| has_port(service, port));
            demand(known, monitor, port);
        }
    }
    faults
}

/// Every object that a workload names: kind and name.
fn needs(workload: Workload<'_>) -> Vec<(&'static str, String)> {
    let pod = workload.pod();
    let mut needs = vec![(
        "ServiceAccount",
        text(&pod["serviceAccountName"]).to_owned(),
    )];
    for volume in list(&pod["volumes"]) {
        for (pointer, kind) in [
            ("/configMap/name", "ConfigMap"),
            ("/secret/secretName", "Secret"),
        ] {
            let named = volume.pointer(pointer).map(text);
            needs.extend(named.map(|named| (kind, named.to_owned())));
        }
    }
    needs
}

pub(crate) fn reference_dangles(cluster: &Cluster) -> Vec<String> {
    let mut faults = Vec::new();
    let mut demand = |object: &Value, kind: &str, wanted: &str| {
        let by_hand = kind == "Secret" && cluster.overlay == Overlay::Production && {
            let generic = format!("create secret generic {wanted} ");
            let tls = format!("create secret tls {wanted} ");
            OPERATIONS.contains(&generic) || OPERATIONS.contains(&tls)
        };
        if !by_hand && cluster.find(kind, wanted).is_none() {
            faults.push(format!("{}: no {kind}/{wanted}", name(object)));
        }
    };
    for workload in cluster.workloads() {
        for (kind, wanted) in needs(workload) {
            demand(workload.object, kind, &wanted);
        }
        if let Some(service) = workload.object["spec"].get("serviceName") {
            demand(workload.object, "Service", text(service));
        }
    }
    for scaler in cluster.of_kind("HorizontalPodAutoscaler") {
        let target = &scaler["spec"]["scaleTargetRef"];
        demand(scaler, text(&target["kind"]), text(&target["name"]));
    }
    for ingress in cluster.of_kind("Ingress") {
        for tls in list(&ingress["spec"]["tls"]) {
            demand(ingress, "Secret", text(&tls["secretName"]));
        }
        for backend in backends(ingress) {
            demand(ingress, "Service", text(&backend["name"]));
        }
    }
    faults
}

fn backends(ingress: &Value) -> impl Iterator<Item = &Value> {
    list(&ingress["spec"]["rules"])
        .flat_map(|rule| list(&rule["http"]["paths"]))
        .map(|path| &path["backend"]["service"])
}

pub(crate) fn backend_unknown(cluster: &Cluster) -> Vec<String> {
    let mut faults = Vec::new();
    for ingress in cluster.of_kind("Ingress") {
        for backend in backends(ingress) {
            let service = cluster.find("Service", text(&backend["name"]));
            let port = &backend["port"]["name"];
            if !service.is_some_and(|service| has_port(service, port)) {
                faults.push(format!("{}: no port {port}", name(ingress)));
            }
        }
    }
    faults
}

pub(crate) fn host_without_tls(cluster: &Cluster) -> Vec<String> {
    let mut faults = Vec::new();
    for ingress in cluster.of_kind("Ingress") {
        for rule in list(&ingress["spec"]["rules"]) {
            let mut hosts = list(&ingress["spec"]["tls"]).flat_map(|tls| list(&tls["hosts"]));
            if rule["host"].is_null() || !hosts.any(|host| host == &rule["host"]) {
                faults.push(format!("{}: {}", name(ingress), rule["host"]));
            }
        }
    }
    faults
}

fn scaler_of<'a>(cluster: &'a Cluster, workload: Workload<'_>) -> Option<&'a Value> {
    cluster.of_kind("HorizontalPodAutoscaler").find(|scaler| {
        scaler["spec"]["scaleTargetRef"]["name"] == workload.object["metadata"]["name"]
    })
}

/// How many pods there are at least.
fn replicas(cluster: &Cluster, workload: Workload<'_>) -> u64 {
    let scaled = scaler_of(cluster, workload).map(|scaler| &scaler["spec"]["minReplicas"]);
    let count = scaled.unwrap_or(&workload.object["spec"]["replicas"]);
    count.as_u64().unwrap_or(1)
}

pub(crate) fn stands_alone(cluster: &Cluster) -> Vec<String> {
    let alone = cluster.workloads().filter(|workload| {
        let may_be_alone = workload.object["kind"] == "StatefulSet"
            || ONE_OF_A_KIND.contains(&workload.name().as_str());
        !may_be_alone && replicas(cluster, *workload) < 2
    });
    alone.map(Workload::name).collect()
}

/// A number in the deployment would take back at each rollout what the autoscaler did.
pub(crate) fn scaled_by_two(cluster: &Cluster) -> Vec<String> {
    let both = cluster.workloads().filter(|workload| {
        scaler_of(cluster, *workload).is_some() && workload.object["spec"].get("replicas").is_some()
    });
    both.map(Workload::name).collect()
}

pub(crate) fn stands_in_one_place(cluster: &Cluster) -> Vec<String> {
    let huddled = cluster.workloads().filter(|workload| {
        let spread = list(&workload.pod()["topologySpreadConstraints"]);
        let mut keys = spread.map(|constraint| &constraint["topologyKey"]);
        replicas(cluster, *workload) > 1 && !keys.any(|key| key == "kubernetes.io/hostname")
    });
    huddled.map(Workload::name).collect()
}

/// One budget each, and one that lets nodes be emptied.
pub(crate) fn has_no_disruption_budget(cluster: &Cluster) -> Vec<String> {
    let without = cluster.workloads().filter(|workload| {
        let budgets = cluster.of_kind("PodDisruptionBudget").filter(|budget| {
            let labels = &budget["spec"]["selector"]["matchLabels"];
            matches(labels, workload.labels())
        });
        let allowed: Vec<_> = budgets
            .map(|budget| budget["spec"]["maxUnavailable"].as_u64().unwrap_or(0))
            .collect();
        !matches!(allowed.as_slice(), [allowed] if *allowed > 0)
    });
    without.map(Workload::name).collect()
}

pub(crate) fn secret_in_the_tree(cluster: &Cluster) -> Vec<String> {
    if cluster.overlay == Overlay::Demo {
        return Vec::new();
    }
    cluster.of_kind("Secret").map(name).collect()
}

pub(crate) fn namespace_is_not_restricted(cluster: &Cluster) -> Vec<String> {
    let namespaces: Vec<&Value> = cluster.of_kind("Namespace").collect();
    let [namespace] = namespaces.as_slice() else {
        return vec![format!("{} namespaces", namespaces.len())];
    };
    let level = &namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"];
    let mut faults = Vec::new();
    if level != "restricted" {
        faults.push(format!("{} enforces {level}", name(namespace)));
    }
    let elsewhere = cluster.objects.iter().filter(|object| {
        object["kind"] != "Namespace"
            && object["metadata"]["namespace"] != namespace["metadata"]["name"]
    });
    faults.extend(elsewhere.map(|object| format!("{} is elsewhere", name(object))));
    faults
}

/// Dashboard and alerts ask for metrics by the name of a job.
pub(crate) fn job_is_unknown(cluster: &Cluster) -> Vec<String> {
    let alerts = include_str!("../../deploy/observability/alerts.yml");
    let unknown = cluster.of_kind("ServiceMonitor").filter(|monitor| {
        let label = text(&monitor["spec"]["jobLabel"]);
        !services_of(cluster, monitor).all(|service| {
            let job = text(&service["metadata"]["labels"][label]);
            alerts.contains(&format!("job=\"{job}\""))
        })
    });
    unknown.map(name).collect()
}

/// People, clients and scopes of the demo are the same everywhere.
pub(crate) fn demo_differs(cluster: &Cluster) -> Vec<String> {
    let demo = include_str!("../../auth-server/config/demo.toml");
    let settings = cluster
        .of_kind("ConfigMap")
        .find_map(|map| map["data"].get("auth-server.toml"));
    let is_same = settings.is_some_and(|settings| text(settings).ends_with(demo));
    if cluster.overlay == Overlay::Production || is_same {
        return Vec::new();
    }
    vec!["auth-server.toml does not end with auth-server/config/demo.toml".to_owned()]
}
