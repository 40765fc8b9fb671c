//! The Lua scripts. Each file says what it takes and answers.

use redis::Script;

pub(super) struct Scripts {
    pub(super) redeem_code: Script,
    pub(super) note_reuse: Script,
    pub(super) keep_given: Script,
    pub(super) issue_tokens_of_code: Script,
    pub(super) rotate_refresh_token: Script,
    pub(super) renew_access_token: Script,
    pub(super) revoke_grant: Script,
    pub(super) claim_reuse: Script,
    pub(super) record_approvals: Script,
    pub(super) note_approved: Script,
    pub(super) store_pending: Script,
    pub(super) answer_pending: Script,
    pub(super) add_key: Script,
    pub(super) add_to_journal: Script,
    pub(super) note_habit: Script,
    pub(super) note_issuer: Script,
    pub(super) replace_registration: Script,
    pub(super) add_listed: Script,
    pub(super) remove_listed: Script,
    pub(super) replace_listed: Script,
    pub(super) complete_sign_up: Script,
}

/// A script that begins with the functions that all scripts on a grant share.
macro_rules! grant_script {
    ($file:literal) => {
        Script::new(concat!(include_str!("grant.lua"), include_str!($file)))
    };
}

impl Scripts {
    pub(super) fn new() -> Self {
        Self {
            redeem_code: Script::new(include_str!("redeem_code.lua")),
            note_reuse: Script::new(include_str!("note_reuse.lua")),
            keep_given: Script::new(include_str!("keep_given.lua")),
            issue_tokens_of_code: grant_script!("issue_tokens_of_code.lua"),
            rotate_refresh_token: grant_script!("rotate_refresh_token.lua"),
            renew_access_token: grant_script!("renew_access_token.lua"),
            revoke_grant: grant_script!("revoke_grant.lua"),
            claim_reuse: Script::new(include_str!("claim_reuse.lua")),
            record_approvals: Script::new(include_str!("record_approvals.lua")),
            note_approved: Script::new(include_str!("note_approved.lua")),
            store_pending: Script::new(include_str!("store_pending.lua")),
            answer_pending: Script::new(include_str!("answer_pending.lua")),
            add_key: Script::new(include_str!("add_key.lua")),
            add_to_journal: Script::new(include_str!("add_to_journal.lua")),
            note_habit: Script::new(include_str!("note_habit.lua")),
            note_issuer: Script::new(include_str!("note_issuer.lua")),
            replace_registration: Script::new(include_str!("replace_registration.lua")),
            add_listed: Script::new(include_str!("add_listed.lua")),
            remove_listed: Script::new(include_str!("remove_listed.lua")),
            replace_listed: Script::new(include_str!("replace_listed.lua")),
            complete_sign_up: Script::new(include_str!("complete_sign_up.lua")),
        }
    }
}
