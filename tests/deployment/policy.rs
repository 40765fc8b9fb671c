//! What every overlay has to keep, by name.

use crate::cluster::Cluster;
use crate::{network, pods, relations};

/// What a cluster says against itself under one rule.
type Rule = fn(&Cluster) -> Vec<String>;

/// Every rule.
pub(crate) const RULES: [(&str, Rule); 32] = [
    ("nobody runs as root", pods::runs_as_root),
    ("system calls are filtered", pods::no_seccomp_profile),
    ("nobody gains privileges", pods::gains_privileges),
    ("no capability is kept", pods::keeps_capabilities),
    ("images are read-only", pods::writes_to_its_image),
    ("nothing of the host is shared", pods::touches_its_host),
    ("requests and limits are set", pods::has_no_limits),
    ("probes are set", pods::has_no_probes),
    ("images have a tag that stays", pods::image_moves),
    ("secrets are files", pods::secret_in_a_variable),
    (
        "pods have no rights in the cluster",
        pods::has_rights_in_the_cluster,
    ),
    ("the environment is ours", pods::takes_service_links),
    ("a stop has the time it needs", pods::is_ended_too_soon),
    ("pods drain", pods::does_not_drain),
    (
        "a new pod comes before an old one goes",
        pods::leaves_before_another_comes,
    ),
    ("selectors meet labels", relations::selector_misses),
    ("ports exist", relations::port_unknown),
    ("references lead somewhere", relations::reference_dangles),
    ("backends exist", relations::backend_unknown),
    ("hosts have TLS", relations::host_without_tls),
    ("servers are two", relations::stands_alone),
    ("one hand scales", relations::scaled_by_two),
    ("pods are spread", relations::stands_in_one_place),
    (
        "disruptions have a budget",
        relations::has_no_disruption_budget,
    ),
    ("no secret is in the tree", relations::secret_in_the_tree),
    (
        "the namespace is restricted",
        relations::namespace_is_not_restricted,
    ),
    ("nothing is open by default", network::is_open_by_default),
    (
        "every pod has a network policy",
        network::has_no_network_policy,
    ),
    ("nothing is open to all", network::is_open_to_all),
    ("metrics are not public", network::metrics_are_public),
    ("alerts know the job", relations::job_is_unknown),
    ("the demo is the demo", relations::demo_differs),
];

/// Every rule that does not hold, and what is said against it.
pub(crate) fn violations(cluster: &Cluster) -> Vec<(&'static str, Vec<String>)> {
    let faults = RULES.map(|(name, rule)| (name, rule(cluster)));
    let broken = faults.into_iter().filter(|(_, faults)| !faults.is_empty());
    broken.collect()
}
