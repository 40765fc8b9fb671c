//! A rule about approvals: who may give what away.

use async_trait::async_trait;
use symbolon::scope::Scope;
use symbolon_auth_server::authorization::approval_rule::{ApprovalRule, ScopeRuling};
use symbolon_auth_server::clients::client::Client;
use symbolon_auth_server::resource_owners::owner::ResourceOwner;
use symbolon_auth_server::stores::StoreError;

/// Reading is approved for everybody without asking; visitors cannot let anybody write.
pub(crate) struct HouseRule;

fn ending_with(scope: &Scope, end: &str) -> Scope {
    let names = scope.names().filter(|name| name.ends_with(end));
    Scope::try_from(names.map(str::to_owned).collect::<Vec<_>>()).unwrap_or_default()
}

#[async_trait]
impl ApprovalRule for HouseRule {
    async fn rule(
        &self,
        _: &Client,
        owner: &ResourceOwner,
        scope: &Scope,
    ) -> Result<ScopeRuling, StoreError> {
        let is_visitor = owner.authorities.iter().any(|role| role == "ROLE_VISITOR");
        Ok(ScopeRuling {
            approved: ending_with(scope, "read"),
            withheld: if is_visitor {
                ending_with(scope, "write")
            } else {
                Scope::default()
            },
        })
    }
}
