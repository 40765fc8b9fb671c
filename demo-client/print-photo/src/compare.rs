//! The five grants side by side: when to use which, and what today's advice is.

use actix_web::HttpResponse;

use super::lessons::Rule;
use super::page::{self, ComparePage, ComparedGrant, Shell};
use super::session::Visitor;

const fn rule(rfc: &'static str, section: &'static str) -> Rule {
    Rule { rfc, section }
}

/// The advice is that of RFC 9700, which OAuth 2.1 makes its rules.
const GRANTS: [ComparedGrant; 5] = [
    ComparedGrant {
        name: "grant-code",
        page: "/code",
        when: "compare-code-when",
        advice: "compare-use",
        class: "use",
        reason: "compare-code-reason",
        sees: "compare-code-sees",
        risk: "compare-code-risk",
        rules: &[
            rule("6749", "4.1"),
            rule("7636", "4"),
            rule("9700", "2.1.1"),
        ],
    },
    ComparedGrant {
        name: "grant-client-credentials",
        page: "/client-credentials",
        when: "compare-backup-when",
        advice: "compare-use",
        class: "use",
        reason: "compare-backup-reason",
        sees: "compare-backup-sees",
        risk: "compare-backup-risk",
        rules: &[rule("6749", "4.4"), rule("9700", "2.5")],
    },
    ComparedGrant {
        name: "grant-refresh",
        page: "/photos",
        when: "compare-refresh-when",
        advice: "compare-use",
        class: "use",
        reason: "compare-refresh-reason",
        sees: "compare-refresh-sees",
        risk: "compare-refresh-risk",
        rules: &[rule("6749", "6"), rule("9700", "4.14")],
    },
    ComparedGrant {
        name: "grant-implicit",
        page: "/spa",
        when: "compare-implicit-when",
        advice: "compare-never",
        class: "never",
        reason: "compare-implicit-reason",
        sees: "compare-implicit-sees",
        risk: "compare-implicit-risk",
        rules: &[rule("6749", "4.2"), rule("9700", "2.1.2")],
    },
    ComparedGrant {
        name: "grant-password",
        page: "/password",
        when: "compare-password-when",
        advice: "compare-never",
        class: "never",
        reason: "compare-password-reason",
        sees: "compare-password-sees",
        risk: "compare-password-risk",
        rules: &[rule("6749", "4.3"), rule("9700", "2.4")],
    },
];

/// `GET /compare`
pub(super) async fn page(visitor: Visitor) -> HttpResponse {
    let shell = Shell {
        inspector: None,
        ..Shell::of(&visitor).await
    };
    let grants = &GRANTS;
    page::ok(&ComparePage { shell, grants })
}
