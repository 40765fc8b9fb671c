//! Rules on single pods: what they may do, what they may use, how they start and stop.

use serde_json::Value;

use crate::cluster::{Cluster, Workload, list, text};

/// Seconds between the longest stop that the settings allow and the cluster's patience.
const GRACE_MARGIN_SECS: u64 = 5;

/// What the settings have when nobody sets them (config/default.toml).
const DEFAULT_SHUTDOWN_TIMEOUT_SECS: u64 = 10;

/// What every workload of a cluster says against itself.
fn workloads(cluster: &Cluster, fault: fn(Workload<'_>) -> Option<String>) -> Vec<String> {
    let faults = cluster.workloads().filter_map(|workload| {
        let fault = fault(workload)?;
        Some(format!("{}: {fault}", workload.name()))
    });
    faults.collect()
}

/// What every container of a cluster says against itself.
fn containers(cluster: &Cluster, fault: fn(&Value) -> Option<String>) -> Vec<String> {
    let mut faults = Vec::new();
    for workload in cluster.workloads() {
        for container in workload.containers() {
            let fault = fault(container);
            faults.extend(fault.map(|fault| format!("{}: {fault}", workload.name())));
        }
    }
    faults
}

pub(crate) fn runs_as_root(cluster: &Cluster) -> Vec<String> {
    workloads(cluster, |workload| {
        let context = &workload.pod()["securityContext"];
        let overruled = workload.containers().any(|container| {
            let own = &container["securityContext"];
            own["runAsNonRoot"] == false || own["runAsUser"] == 0
        });
        let user = context["runAsUser"].as_u64().unwrap_or(0);
        let sound = context["runAsNonRoot"] == true && user > 0 && !overruled;
        (!sound).then(|| "runAsNonRoot and a runAsUser other than 0".to_owned())
    })
}

pub(crate) fn no_seccomp_profile(cluster: &Cluster) -> Vec<String> {
    workloads(cluster, |workload| {
        let profile = &workload.pod()["securityContext"]["seccompProfile"]["type"];
        (profile != "RuntimeDefault").then(|| format!("seccompProfile is {profile}"))
    })
}

pub(crate) fn gains_privileges(cluster: &Cluster) -> Vec<String> {
    containers(cluster, |container| {
        let context = &container["securityContext"];
        let sound = context["allowPrivilegeEscalation"] == false && context["privileged"] != true;
        (!sound).then(|| "allowPrivilegeEscalation is not false".to_owned())
    })
}

pub(crate) fn keeps_capabilities(cluster: &Cluster) -> Vec<String> {
    containers(cluster, |container| {
        let capabilities = &container["securityContext"]["capabilities"];
        let drops_all = list(&capabilities["drop"]).any(|dropped| dropped == "ALL");
        let sound = drops_all && capabilities.get("add").is_none();
        (!sound).then(|| format!("capabilities: {capabilities}"))
    })
}

pub(crate) fn writes_to_its_image(cluster: &Cluster) -> Vec<String> {
    containers(cluster, |container| {
        let sound = container["securityContext"]["readOnlyRootFilesystem"] == true;
        (!sound).then(|| "readOnlyRootFilesystem is not true".to_owned())
    })
}

pub(crate) fn touches_its_host(cluster: &Cluster) -> Vec<String> {
    workloads(cluster, |workload| {
        let pod = workload.pod();
        let mut namespaces = ["hostNetwork", "hostPID", "hostIPC"].iter();
        let shares = namespaces.any(|what| pod[*what] == true);
        let mounts = list(&pod["volumes"]).any(|volume| volume.get("hostPath").is_some());
        let takes = workload
            .containers()
            .flat_map(|container| list(&container["ports"]))
            .any(|port| port.get("hostPort").is_some());
        (shares || mounts || takes).then(|| "shares something with its host".to_owned())
    })
}

pub(crate) fn has_no_limits(cluster: &Cluster) -> Vec<String> {
    containers(cluster, |container| {
        let places = ["requests", "limits"].iter();
        let mut all = places.flat_map(|place| ["cpu", "memory"].map(|what| (place, what)));
        let (place, what) =
            all.find(|(place, what)| container["resources"][place].get(what).is_none())?;
        Some(format!("no {place} of {what}"))
    })
}

pub(crate) fn has_no_probes(cluster: &Cluster) -> Vec<String> {
    containers(cluster, |container| {
        let mut probes = ["startupProbe", "livenessProbe", "readinessProbe"].iter();
        let probe = probes.find(|probe| container.get(probe).is_none())?;
        Some(format!("no {probe}"))
    })
}

pub(crate) fn image_moves(cluster: &Cluster) -> Vec<String> {
    containers(cluster, |container| {
        let image = text(&container["image"]);
        let last = image.rsplit('/').next().unwrap_or_default();
        let tag = last.split_once(':').map(|(_, tag)| tag);
        let sound =
            image.contains("@sha256:") || tag.is_some_and(|tag| !tag.is_empty() && tag != "latest");
        (!sound).then(|| format!("`{image}` has no tag that stays"))
    })
}

pub(crate) fn secret_in_a_variable(cluster: &Cluster) -> Vec<String> {
    containers(cluster, |container| {
        let telling = ["SECRET", "PASSWORD", "TOKEN", "PRIVATE"];
        let variable = list(&container["env"]).find(|variable| {
            let name = text(&variable["name"]).to_uppercase();
            let is_secret = telling.iter().any(|word| name.contains(word));
            let is_path = name.ends_with("_FILE") && text(&variable["value"]).starts_with('/');
            let from_secret = variable.pointer("/valueFrom/secretKeyRef").is_some();
            from_secret || (is_secret && !is_path)
        });
        let whole = list(&container["envFrom"]).any(|from| from.get("secretRef").is_some());
        if whole {
            return Some("envFrom a secret".to_owned());
        }
        Some(format!("{} is not a file", variable?["name"]))
    })
}

pub(crate) fn has_rights_in_the_cluster(cluster: &Cluster) -> Vec<String> {
    workloads(cluster, |workload| {
        let pod = workload.pod();
        let account = text(&pod["serviceAccountName"]);
        let own = !account.is_empty() && account != "default";
        let sound = own && pod["automountServiceAccountToken"] == false;
        (!sound).then(|| "an account of its own, whose token is not mounted".to_owned())
    })
}

pub(crate) fn takes_service_links(cluster: &Cluster) -> Vec<String> {
    workloads(cluster, |workload| {
        let sound = workload.pod()["enableServiceLinks"] == false;
        (!sound).then(|| "enableServiceLinks is not false".to_owned())
    })
}

/// A pod that is ended by force in the middle of its stop loses requests.
pub(crate) fn is_ended_too_soon(cluster: &Cluster) -> Vec<String> {
    workloads(cluster, |workload| {
        let grace = workload.pod()["terminationGracePeriodSeconds"].as_u64();
        let number = |ending| {
            let value = workload.variable(ending)?;
            value.parse::<u64>().ok()
        };
        let drain = number("__HTTP__DRAIN_SECS").unwrap_or(0);
        let timeout =
            number("__HTTP__SHUTDOWN_TIMEOUT_SECS").unwrap_or(DEFAULT_SHUTDOWN_TIMEOUT_SECS);
        let needed = drain + timeout + GRACE_MARGIN_SECS;
        let sound = grace.is_some_and(|grace| grace >= needed);
        (!sound).then(|| format!("terminationGracePeriodSeconds has to be {needed} or more"))
    })
}

/// A server without a drain leaves while requests are still sent to it.
pub(crate) fn does_not_drain(cluster: &Cluster) -> Vec<String> {
    workloads(cluster, |workload| {
        if workload.object["kind"] != "Deployment" {
            return None;
        }
        let secs = workload.variable("__HTTP__DRAIN_SECS");
        let sound = secs.is_some_and(|secs| secs.parse::<u64>().is_ok_and(|secs| secs > 0));
        (!sound).then(|| "no http.drain_secs".to_owned())
    })
}

pub(crate) fn leaves_before_another_comes(cluster: &Cluster) -> Vec<String> {
    workloads(cluster, |workload| {
        if workload.object["kind"] != "Deployment" {
            return None;
        }
        let rolling = &workload.object["spec"]["strategy"]["rollingUpdate"];
        let sound =
            rolling["maxUnavailable"] == 0 && rolling["maxSurge"].as_u64().is_some_and(|n| n > 0);
        (!sound).then(|| format!("rollingUpdate: {rolling}"))
    })
}
