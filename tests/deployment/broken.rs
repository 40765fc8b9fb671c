//! Every rule can fail: a change for each that breaks it.

use serde_json::{Value, json};

use crate::cluster::Overlay::{self, Demo, Production};
use crate::cluster::{Cluster, name};
use crate::policy::{RULES, violations};

/// One change of one object.
struct Break {
    rule: &'static str,
    overlay: Overlay,
    /// How `Kind/name` begins: generated names end with a hash.
    object: &'static str,
    /// The place, as a JSON pointer; empty: the whole object.
    place: &'static str,
    /// What is put there; nothing takes away what is there.
    value: Option<Value>,
}

impl Break {
    fn apply(&self, cluster: &mut Cluster) {
        let named = |object: &Value| name(object).starts_with(self.object);
        let at = cluster.objects.iter().position(named);
        let at = at.unwrap_or_else(|| panic!("no {} in {:?}", self.object, self.overlay));
        if self.place.is_empty() {
            cluster.objects.remove(at);
            return;
        }
        let (above, last) = self.place.rsplit_once('/').unwrap();
        let last = last.replace("~1", "/");
        let above = cluster.objects[at].pointer_mut(above).unwrap();
        match (above, &self.value) {
            (Value::Array(items), Some(value)) => {
                items[last.parse::<usize>().unwrap()] = value.clone();
            }
            (Value::Array(items), None) => drop(items.remove(last.parse().unwrap())),
            (Value::Object(members), Some(value)) => drop(members.insert(last, value.clone())),
            (Value::Object(members), None) => assert!(members.remove(&last).is_some()),
            (other, _) => panic!("{}: {other} holds nothing", self.place),
        }
    }
}

const AUTH: &str = "Deployment/auth-server";
const REDIS: &str = "StatefulSet/redis";
const POLICY: &str = "NetworkPolicy/auth-server";

fn put(
    rule: &'static str,
    overlay: Overlay,
    object: &'static str,
    place: &'static str,
    value: Value,
) -> Break {
    Break {
        rule,
        overlay,
        object,
        place,
        value: Some(value),
    }
}

fn take(rule: &'static str, overlay: Overlay, object: &'static str, place: &'static str) -> Break {
    Break {
        rule,
        overlay,
        object,
        place,
        value: None,
    }
}

#[rustfmt::skip]
fn pods() -> Vec<Break> {
    vec![
        put("nobody runs as root", Production, AUTH, "/spec/template/spec/securityContext/runAsUser", json!(0)),
        take("nobody runs as root", Demo, REDIS, "/spec/template/spec/securityContext/runAsNonRoot"),
        put("nobody runs as root", Demo, AUTH, "/spec/template/spec/containers/0/securityContext/runAsUser", json!(0)),
        take("system calls are filtered", Demo, AUTH, "/spec/template/spec/securityContext/seccompProfile"),
        take("nobody gains privileges", Demo, AUTH, "/spec/template/spec/containers/0/securityContext/allowPrivilegeEscalation"),
        put("nobody gains privileges", Demo, AUTH, "/spec/template/spec/containers/0/securityContext/privileged", json!(true)),
        put("no capability is kept", Demo, AUTH, "/spec/template/spec/containers/0/securityContext/capabilities/drop", json!(["NET_RAW"])),
        put("no capability is kept", Demo, AUTH, "/spec/template/spec/containers/0/securityContext/capabilities/add", json!(["SYS_ADMIN"])),
        put("images are read-only", Demo, REDIS, "/spec/template/spec/containers/0/securityContext/readOnlyRootFilesystem", json!(false)),
        put("images are read-only", Demo, AUTH, "/spec/template/spec/initContainers", json!([{ "name": "first" }])),
        put("nothing of the host is shared", Demo, AUTH, "/spec/template/spec/hostNetwork", json!(true)),
        put("nothing of the host is shared", Demo, AUTH, "/spec/template/spec/volumes/0", json!({ "hostPath": { "path": "/" } })),
        put("nothing of the host is shared", Demo, AUTH, "/spec/template/spec/containers/0/ports/0/hostPort", json!(9000)),
        take("requests and limits are set", Demo, AUTH, "/spec/template/spec/containers/0/resources/limits/memory"),
        take("requests and limits are set", Demo, REDIS, "/spec/template/spec/containers/0/resources/requests/cpu"),
        take("probes are set", Production, AUTH, "/spec/template/spec/containers/0/readinessProbe"),
        take("probes are set", Demo, REDIS, "/spec/template/spec/containers/0/startupProbe"),
        put("images have a tag that stays", Demo, REDIS, "/spec/template/spec/containers/0/image", json!("registry:5000/redis")),
        put("images have a tag that stays", Demo, AUTH, "/spec/template/spec/containers/0/image", json!("symbolon-auth-server:latest")),
        put("secrets are files", Demo, AUTH, "/spec/template/spec/containers/0/env/0", json!({ "name": "AUTH_SERVER__STORE__PASSWORD", "value": "x" })),
        put("secrets are files", Demo, AUTH, "/spec/template/spec/containers/0/env/0", json!({ "name": "X", "valueFrom": { "secretKeyRef": {} } })),
        put("secrets are files", Demo, AUTH, "/spec/template/spec/containers/0/envFrom", json!([{ "secretRef": { "name": "x" } }])),
        take("pods have no rights in the cluster", Demo, AUTH, "/spec/template/spec/automountServiceAccountToken"),
        put("pods have no rights in the cluster", Demo, AUTH, "/spec/template/spec/serviceAccountName", json!("default")),
        take("the environment is ours", Demo, AUTH, "/spec/template/spec/enableServiceLinks"),
        put("a stop has the time it needs", Production, AUTH, "/spec/template/spec/terminationGracePeriodSeconds", json!(29)),
        take("a stop has the time it needs", Demo, REDIS, "/spec/template/spec/terminationGracePeriodSeconds"),
        take("pods drain", Demo, AUTH, "/spec/template/spec/containers/0/env/3"),
        put("a new pod comes before an old one goes", Demo, AUTH, "/spec/strategy/rollingUpdate/maxUnavailable", json!(1)),
        take("a new pod comes before an old one goes", Demo, AUTH, "/spec/strategy"),
    ]
}

#[rustfmt::skip]
fn relations() -> Vec<Break> {
    let other = || json!({ "app.kubernetes.io/name": "other" });
    vec![
        put("selectors meet labels", Demo, AUTH, "/spec/selector/matchLabels", other()),
        put("selectors meet labels", Demo, "Service/redis", "/spec/selector", other()),
        put("selectors meet labels", Demo, "PodDisruptionBudget/redis", "/spec/selector/matchLabels", other()),
        put("selectors meet labels", Demo, POLICY, "/spec/podSelector/matchLabels", other()),
        put("selectors meet labels", Production, AUTH, "/spec/template/spec/topologySpreadConstraints/0/labelSelector/matchLabels", other()),
        put("selectors meet labels", Production, "ServiceMonitor/auth-server", "/spec/selector/matchLabels", other()),
        put("ports exist", Demo, "Service/redis", "/spec/ports/0/targetPort", json!("rediss")),
        put("ports exist", Demo, AUTH, "/spec/template/spec/containers/0/livenessProbe/httpGet/port", json!("health")),
        put("ports exist", Demo, "NetworkPolicy/redis", "/spec/ingress/0/ports/0/port", json!("rediss")),
        put("ports exist", Production, "ServiceMonitor/auth-server", "/spec/endpoints/0/port", json!("metrics")),
        take("references lead somewhere", Demo, "ConfigMap/auth-server", ""),
        take("references lead somewhere", Demo, "Secret/demo-client", ""),
        take("references lead somewhere", Demo, "ServiceAccount/redis", ""),
        take("references lead somewhere", Demo, "Service/redis", ""),
        put("references lead somewhere", Production, AUTH, "/spec/template/spec/volumes/1/secret/secretName", json!("another")),
        put("references lead somewhere", Production, "Ingress/auth-server", "/spec/tls/0/secretName", json!("another")),
        put("references lead somewhere", Production, "HorizontalPodAutoscaler/auth-server", "/spec/scaleTargetRef/name", json!("another")),
        put("backends exist", Production, "Ingress/auth-server", "/spec/rules/0/http/paths/0/backend/service/port", json!({ "name": "https" })),
        put("backends exist", Production, "Ingress/auth-server", "/spec/rules/0/http/paths/0/backend/service/name", json!("another")),
        put("hosts have TLS", Production, "Ingress/auth-server", "/spec/rules/0/host", json!("other.example.com")),
        take("hosts have TLS", Production, "Ingress/auth-server", "/spec/tls"),
        put("servers are two", Demo, AUTH, "/spec/replicas", json!(1)),
        put("servers are two", Production, "HorizontalPodAutoscaler/auth-server", "/spec/minReplicas", json!(1)),
        put("one hand scales", Production, AUTH, "/spec/replicas", json!(2)),
        take("pods are spread", Production, AUTH, "/spec/template/spec/topologySpreadConstraints"),
        take("disruptions have a budget", Demo, "PodDisruptionBudget/auth-server", ""),
        put("disruptions have a budget", Demo, "PodDisruptionBudget/auth-server", "/spec/maxUnavailable", json!(0)),
        put("no secret is in the tree", Production, "ConfigMap/auth-server", "/kind", json!("Secret")),
        put("the namespace is restricted", Production, "Namespace/symbolon", "/metadata/labels/pod-security.kubernetes.io~1enforce", json!("baseline")),
        take("the namespace is restricted", Production, "Service/auth-server", "/metadata/namespace"),
        take("alerts know the job", Production, "ServiceMonitor/auth-server", "/spec/jobLabel"),
        put("the demo is the demo", Demo, "ConfigMap/auth-server", "/data/auth-server.toml", json!("issuer = \"\"")),
    ]
}

#[rustfmt::skip]
fn network() -> Vec<Break> {
    vec![
        take("nothing is open by default", Production, "NetworkPolicy/default-deny", ""),
        put("nothing is open by default", Demo, "NetworkPolicy/default-deny", "/spec/policyTypes", json!(["Ingress"])),
        put("nothing is open by default", Demo, "NetworkPolicy/default-deny", "/spec/ingress", json!([{}])),
        take("every pod has a network policy", Demo, "NetworkPolicy/resource-server", ""),
        put("every pod has a network policy", Demo, "NetworkPolicy/redis", "/spec/policyTypes", json!(["Ingress"])),
        take("nothing is open to all", Demo, POLICY, "/spec/ingress/0/from"),
        take("nothing is open to all", Demo, POLICY, "/spec/egress/0/ports"),
        put("nothing is open to all", Demo, POLICY, "/spec/ingress/0/from/0", json!({ "namespaceSelector": {} })),
        put("nothing is open to all", Production, "NetworkPolicy/auth-server-to-redis", "/spec/egress/0/to/0/ipBlock/cidr", json!("0.0.0.0/0")),
        put("metrics are not public", Demo, POLICY, "/spec/ingress/0/ports/0/port", json!("probes")),
        take("metrics are not public", Demo, POLICY, "/spec/ingress/0/ports/0/port"),
        take("metrics are not public", Demo, "Service/auth-server-probes", "/spec/clusterIP"),
    ]
}

/// Each change is refused by the rule that it breaks, and no rule is without such a change.
#[test]
fn every_rule_can_fail() {
    let rendered = Overlay::ALL.map(Overlay::render);
    let breaks: Vec<Break> = pods()
        .into_iter()
        .chain(relations())
        .chain(network())
        .collect();
    for change in &breaks {
        let sound = rendered
            .iter()
            .find(|cluster| cluster.overlay == change.overlay);
        let mut cluster = sound.unwrap().clone();
        change.apply(&mut cluster);
        let found = violations(&cluster);
        assert!(
            found.iter().any(|(rule, _)| *rule == change.rule),
            "`{}` does not see {} {} {:?}: {found:?}",
            change.rule,
            change.object,
            change.place,
            change.value
        );
    }
    for (rule, _) in RULES {
        assert!(breaks.iter().any(|change| change.rule == rule), "{rule}");
    }
}

/// The schemas see what is misspelt, also where Kubernetes itself knows nothing about it.
#[test]
fn a_misspelt_field_is_refused() {
    let mut cluster = Production.render();
    let changes = [
        (
            AUTH,
            "/spec/template/spec/containers/0/readyProbe",
            "readyProbe",
        ),
        (
            "HorizontalPodAutoscaler/auth-server",
            "/spec/maxReplicas",
            "is not of type 'integer'",
        ),
        (POLICY, "/spec/inbound", "inbound"),
        (
            "ServiceMonitor/auth-server",
            "/spec/endpoints/0/every",
            "every",
        ),
    ];
    for (object, place, _) in changes {
        put("", Production, object, place, json!("30s")).apply(&mut cluster);
    }
    let errors = cluster.schema_errors();
    for (object, _, told) in changes {
        let seen = errors
            .lines()
            .any(|line| line.starts_with(object) && line.contains(told));
        assert!(seen, "{object} {told}: {errors}");
    }
}
