//! Rules on who may talk to whom.

use serde_json::Value;

use crate::cluster::{Cluster, Workload, list, matches, name, text};

/// Where metrics are collected.
const MONITORING: &str = "monitoring";

fn applies_to(policy: &Value, direction: &str) -> bool {
    list(&policy["spec"]["policyTypes"]).any(|kind| kind == direction)
}

pub(crate) fn is_open_by_default(cluster: &Cluster) -> Vec<String> {
    let closed = cluster.of_kind("NetworkPolicy").any(|policy| {
        let spec = &policy["spec"];
        let is_for_all = spec["podSelector"]
            .as_object()
            .is_some_and(serde_json::Map::is_empty);
        is_for_all
            && ["Ingress", "Egress"]
                .iter()
                .all(|way| applies_to(policy, way))
            && list(&spec["ingress"]).chain(list(&spec["egress"])).count() == 0
    });
    if closed {
        return Vec::new();
    }
    vec!["no policy denies everything".to_owned()]
}

pub(crate) fn has_no_network_policy(cluster: &Cluster) -> Vec<String> {
    let without = cluster.workloads().filter(|workload| {
        ["Ingress", "Egress"].iter().any(|direction| {
            let mut policies = cluster.of_kind("NetworkPolicy");
            !policies.any(|policy| {
                let labels = &policy["spec"]["podSelector"]["matchLabels"];
                applies_to(policy, direction) && matches(labels, workload.labels())
            })
        })
    });
    without.map(Workload::name).collect()
}

/// Rules in both directions: the policy, whom they name, and the ports.
fn rules(cluster: &Cluster) -> impl Iterator<Item = (&Value, &Value, &Value)> {
    cluster.of_kind("NetworkPolicy").flat_map(|policy| {
        let ways = [("ingress", "from"), ("egress", "to")];
        ways.into_iter().flat_map(move |(way, peers)| {
            list(&policy["spec"][way]).map(move |rule| (policy, &rule[peers], &rule["ports"]))
        })
    })
}

pub(crate) fn is_open_to_all(cluster: &Cluster) -> Vec<String> {
    let open = rules(cluster).filter(|(_, peers, ports)| {
        let anybody = list(peers).any(|peer| {
            let everywhere = text(&peer["ipBlock"]["cidr"]).ends_with("/0");
            let selectors = peer.as_object().into_iter().flatten();
            let nothing_asked = selectors
                .clone()
                .all(|(_, selector)| selector.as_object().is_some_and(serde_json::Map::is_empty));
            everywhere || nothing_asked
        });
        anybody || list(peers).count() == 0 || list(ports).count() == 0
    });
    open.map(|(policy, ..)| name(policy)).collect()
}

/// Metrics tell about clients and load: the monitoring alone may ask.
pub(crate) fn metrics_are_public(cluster: &Cluster) -> Vec<String> {
    let mut faults = Vec::new();
    for policy in cluster.of_kind("NetworkPolicy") {
        for rule in list(&policy["spec"]["ingress"]) {
            let mut ports = list(&rule["ports"]);
            let reaches = ports.any(|port| port["port"] != "http" && port["port"] != "redis");
            let by_monitoring = list(&rule["from"]).all(|peer| {
                let labels = &peer["namespaceSelector"]["matchLabels"];
                labels["kubernetes.io/metadata.name"] == MONITORING
            });
            if reaches && !by_monitoring {
                faults.push(name(policy));
            }
        }
    }
    let public = cluster.of_kind("Service").filter(|service| {
        let ports = list(&service["spec"]["ports"]);
        let mut targets = ports.map(|port| &port["targetPort"]);
        targets.any(|target| target == "probes") && service["spec"]["clusterIP"] != "None"
    });
    faults.extend(public.map(name));
    faults
}
