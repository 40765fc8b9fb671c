//! What `kubectl apply -k` would send to a cluster: it has the right form, keeps the rules of `policy.rs`, and
//! the programs accept it.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a JSON member that is absent is null, and a test may fail"
)]

mod broken;
mod cluster;
mod network;
mod pods;
mod policy;
mod relations;
mod settings;

use cluster::Overlay;

/// Strictly, against every version of Kubernetes that `schemas.py` lists.
#[test]
fn every_manifest_has_the_form_that_kubernetes_asks_for() {
    for overlay in Overlay::ALL {
        let cluster = overlay.render();
        assert!(cluster.workloads().count() > 0, "{overlay:?} runs nothing");
        assert_eq!(cluster.schema_errors(), "", "{overlay:?}");
    }
}

/// See `policy.rs`.
#[test]
fn every_overlay_keeps_the_rules() {
    for overlay in Overlay::ALL {
        let found = policy::violations(&overlay.render());
        assert!(found.is_empty(), "{overlay:?}: {found:#?}");
    }
}
