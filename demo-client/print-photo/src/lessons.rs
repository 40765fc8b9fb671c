//! What each step of the protocol is about. The sentences are in `locales/*/lessons.ftl`, by the lesson's key.

/// Who takes part (RFC 6749 §1.1), in the order in which they are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The resource owner, with a browser.
    Owner,
    /// Print Photo.
    Client,
    /// Issues tokens.
    AuthorizationServer,
    /// Photo Space.
    ResourceServer,
}

impl Role {
    /// All of them.
    pub(super) const ALL: [Self; 4] = [
        Self::Owner,
        Self::Client,
        Self::AuthorizationServer,
        Self::ResourceServer,
    ];

    /// The key of its name.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Owner => "role-owner",
            Self::Client => "role-client",
            Self::AuthorizationServer => "role-authorization-server",
            Self::ResourceServer => "role-resource-server",
        }
    }
}

/// What one step of the protocol is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lesson {
    /// The key of its title.
    pub(super) title: &'static str,
    /// The key of its text.
    pub(super) text: &'static str,
    /// Who asks.
    pub(super) from: Role,
    /// Who answers.
    pub(super) to: Role,
    /// Where it is written.
    pub(super) rule: Rule,
}

/// A section of an RFC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    /// The number of the RFC.
    pub(super) rfc: &'static str,
    /// The section in it.
    pub(super) section: &'static str,
}

impl Rule {
    /// Where it can be read.
    pub(super) fn url(self) -> String {
        let Self { rfc, section } = self;
        format!("https://www.rfc-editor.org/rfc/rfc{rfc}#section-{section}")
    }

    /// What it is called.
    pub(super) fn name(self) -> String {
        let Self { rfc, section } = self;
        format!("RFC {rfc} §{section}")
    }
}

const fn rule(rfc: &'static str, section: &'static str) -> Rule {
    Rule { rfc, section }
}

macro_rules! lessons {
    ($($(#[$about:meta])* $name:ident: $title:literal, $text:literal, $from:ident => $to:ident, $rfc:literal $section:literal;)+) => {$(
        $(#[$about])*
        pub(super) const $name: Lesson = Lesson {
            title: $title,
            text: $text,
            from: Role::$from,
            to: Role::$to,
            rule: rule($rfc, $section),
        };
    )+};
}

lessons! {
    /// The browser is sent to the authorization endpoint.
    ASK_THE_OWNER: "lesson-ask-the-owner", "lesson-ask-the-owner-text", Owner => AuthorizationServer, "6749" "4.1.1";
    BACK_WITH_A_CODE: "lesson-back-with-a-code", "lesson-back-with-a-code-text", Owner => Client, "6749" "4.1.2";
    BACK_WITHOUT_A_CODE: "lesson-back-without-a-code", "lesson-back-without-a-code-text", Owner => Client, "6749" "4.1.2.1";
    /// `state`, `iss` or the form of an answer is wrong.
    AN_ANSWER_THAT_IS_NOT_OURS: "lesson-not-ours", "lesson-not-ours-text", Owner => Client, "6749" "10.12";
    A_TOKEN_IS_ALREADY_THERE: "lesson-already-there", "lesson-already-there-text", Client => Client, "6749" "4.4";
    EXCHANGE_THE_CODE: "lesson-exchange-the-code", "lesson-exchange-the-code-text", Client => AuthorizationServer, "6749" "4.1.3";
    EXCHANGE_NAME_AND_PASSWORD: "lesson-exchange-password", "lesson-exchange-password-text", Client => AuthorizationServer, "6749" "4.3.2";
    EXCHANGE_CREDENTIALS: "lesson-exchange-credentials", "lesson-exchange-credentials-text", Client => AuthorizationServer, "6749" "4.4.2";
    RENEW_THE_TOKEN: "lesson-renew", "lesson-renew-text", Client => AuthorizationServer, "6749" "6";
    GIVE_THE_TOKEN_BACK: "lesson-give-back", "lesson-give-back-text", Client => AuthorizationServer, "7009" "2.1";
    ASK_WHO_THE_OWNER_IS: "lesson-who-is-it", "lesson-who-is-it-text", Client => ResourceServer, "6749" "3.3";
    USE_THE_TOKEN: "lesson-use", "lesson-use-text", Client => ResourceServer, "6750" "2.1";
    /// On purpose, and however often: each call is shown.
    CALL_AS_IT_IS: "lesson-as-it-is", "lesson-as-it-is-text", Client => ResourceServer, "6750" "2.1";
    THE_TOKEN_IS_REFUSED: "lesson-token-refused", "lesson-token-refused-text", Client => ResourceServer, "6750" "3.1";
    THE_CALL_IS_REFUSED: "lesson-call-refused", "lesson-call-refused-text", Client => ResourceServer, "6750" "3.1";
    NO_ANSWER: "lesson-no-answer", "lesson-no-answer-text", Client => ResourceServer, "6750" "2.1";
    /// What Photo Space does before it answers.
    CHECK_THE_TOKEN: "lesson-check-the-token", "lesson-check-the-token-text", ResourceServer => AuthorizationServer, "7662" "2.1";
    ATTACK_REPLAY: "attack-replay", "attack-replay-why", Client => AuthorizationServer, "6749" "10.5";
    ATTACK_REDIRECT: "attack-redirect", "attack-redirect-why", Owner => AuthorizationServer, "9700" "4.1";
    ATTACK_VERIFIER: "attack-verifier", "attack-verifier-why", Client => AuthorizationServer, "7636" "4.6";
    ATTACK_MIX_UP: "attack-mix-up", "attack-mix-up-why", Owner => Client, "9700" "4.4";
    ATTACK_SCOPE: "attack-scope", "attack-scope-why", Client => ResourceServer, "6750" "3.1";
    ATTACK_AUDIENCE: "attack-audience", "attack-audience-why", Client => ResourceServer, "9700" "2.3";
    ATTACK_REFRESH: "attack-refresh", "attack-refresh-why", Client => AuthorizationServer, "9700" "4.14";
}
