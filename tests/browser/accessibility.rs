//! What axe-core finds in a page: each rule that it knows, whatever standard it comes from.

use std::path::Path;

use e2e::Chromium;

/// Unpacked by `scripts/test`.
const AXE: &str = "../target/axe/axe_playwright_python/axe.min.js";

/// Runs all rules, and tells of each that is violated where and why.
const RUN: &str = "axe.run(document).then(found => done(found.violations.map(rule => \
    rule.id + ': ' + rule.help + ' ' + rule.nodes.map(node => node.html + ' ' + node.failureSummary).join(' | '))), \
    failure => done(['axe failed: ' + failure]));";

/// Which rules the page that is shown violates, and where.
pub(crate) async fn violations(chromium: &Chromium) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(AXE);
    let axe = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        !axe.is_empty(),
        "{} is missing: scripts/test unpacks it",
        path.display()
    );
    let found = chromium.evaluate_later(&format!("{axe}\n{RUN}")).await;
    serde_json::from_value(found).unwrap()
}
