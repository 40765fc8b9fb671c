//! Attacks that a visitor may try, and what came of the last one. What they say is in `locales/*/attacks.ftl`.

use super::flow::{Answer, Arrow};
use super::lessons::{
    ATTACK_AUDIENCE, ATTACK_MIX_UP, ATTACK_REDIRECT, ATTACK_REFRESH, ATTACK_REPLAY, ATTACK_SCOPE,
    ATTACK_VERIFIER, Lesson,
};

/// An attack that the authorization server, Photo Space or Print Photo has to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attack {
    /// A code that was used comes again.
    ReplayTheCode,
    /// The answer shall go to somebody else.
    ChangeTheRedirectUri,
    /// A stolen code comes without its verifier.
    DropTheVerifier,
    /// The answer comes from another server than the one that was asked.
    MixUpTheIssuer,
    /// A token that may read shall write.
    TooLittleScope,
    /// A token for somebody else is shown to Photo Space.
    AnotherAudience,
    /// A refresh token that was replaced comes again.
    OldRefreshToken,
}

/// What there has to be before an attack can be tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// Nothing.
    Nothing,
    /// A code that was exchanged in this flow.
    UsedCode,
    /// An owner's token.
    Token,
    /// An owner's refresh token.
    RefreshToken,
}

/// The keys of what an attack says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sentences {
    /// What it is called.
    pub(super) title: &'static str,
    /// What is done.
    pub(super) text: &'static str,
    /// Why it is refused.
    pub(super) why: &'static str,
}

const fn sentences(title: &'static str, text: &'static str, why: &'static str) -> Sentences {
    Sentences { title, text, why }
}

impl Attack {
    /// All of them, in the order of the page.
    pub(super) const ALL: [Self; 7] = [
        Self::ReplayTheCode,
        Self::DropTheVerifier,
        Self::ChangeTheRedirectUri,
        Self::MixUpTheIssuer,
        Self::TooLittleScope,
        Self::AnotherAudience,
        Self::OldRefreshToken,
    ];

    /// What forms call it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::ReplayTheCode => "replay-the-code",
            Self::ChangeTheRedirectUri => "change-the-redirect-uri",
            Self::DropTheVerifier => "drop-the-verifier",
            Self::MixUpTheIssuer => "mix-up-the-issuer",
            Self::TooLittleScope => "too-little-scope",
            Self::AnotherAudience => "another-audience",
            Self::OldRefreshToken => "old-refresh-token",
        }
    }

    /// The one of this name.
    pub(super) fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|attack| attack.name() == name)
    }

    /// What there has to be before.
    pub(super) const fn need(self) -> Need {
        match self {
            Self::ReplayTheCode => Need::UsedCode,
            Self::TooLittleScope => Need::Token,
            Self::OldRefreshToken => Need::RefreshToken,
            Self::ChangeTheRedirectUri
            | Self::DropTheVerifier
            | Self::MixUpTheIssuer
            | Self::AnotherAudience => Need::Nothing,
        }
    }

    /// What its arrow is about.
    pub(super) const fn lesson(self) -> Lesson {
        match self {
            Self::ReplayTheCode => ATTACK_REPLAY,
            Self::ChangeTheRedirectUri => ATTACK_REDIRECT,
            Self::DropTheVerifier => ATTACK_VERIFIER,
            Self::MixUpTheIssuer => ATTACK_MIX_UP,
            Self::TooLittleScope => ATTACK_SCOPE,
            Self::AnotherAudience => ATTACK_AUDIENCE,
            Self::OldRefreshToken => ATTACK_REFRESH,
        }
    }

    /// What it says.
    pub(super) const fn sentences(self) -> Sentences {
        match self {
            Self::ReplayTheCode => {
                sentences("attack-replay", "attack-replay-text", "attack-replay-why")
            }
            Self::ChangeTheRedirectUri => sentences(
                "attack-redirect",
                "attack-redirect-text",
                "attack-redirect-why",
            ),
            Self::DropTheVerifier => sentences(
                "attack-verifier",
                "attack-verifier-text",
                "attack-verifier-why",
            ),
            Self::MixUpTheIssuer => {
                sentences("attack-mix-up", "attack-mix-up-text", "attack-mix-up-why")
            }
            Self::TooLittleScope => {
                sentences("attack-scope", "attack-scope-text", "attack-scope-why")
            }
            Self::AnotherAudience => sentences(
                "attack-audience",
                "attack-audience-text",
                "attack-audience-why",
            ),
            Self::OldRefreshToken => sentences(
                "attack-refresh",
                "attack-refresh-text",
                "attack-refresh-why",
            ),
        }
    }
}

/// What came of an attack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    /// Which.
    pub(super) attack: Attack,
    /// What became of it.
    pub(super) outcome: Outcome,
}

/// What became of an attack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It was refused by a server, with this status and perhaps this error.
    Refused {
        /// The status.
        status: u16,
        /// The code of RFC 6749 or RFC 6750.
        error: Option<String>,
    },
    /// Print Photo itself refused.
    RefusedHere,
    /// It was not refused.
    Succeeded,
    /// Nobody answered.
    NoAnswer,
}

impl Verdict {
    /// Whether somebody stood in the way.
    pub(super) const fn is_refused(&self) -> bool {
        matches!(self.outcome, Outcome::Refused { .. } | Outcome::RefusedHere)
    }

    /// What came of the last attack of a flow.
    pub(super) fn of(arrows: &[Arrow]) -> Option<Self> {
        let arrow = arrows.iter().rev().find(|arrow| arrow.is_attack)?;
        let attack = Attack::ALL
            .into_iter()
            .find(|attack| attack.lesson() == arrow.lesson)?;
        let outcome = match &arrow.answer {
            Answer::Unseen => Outcome::RefusedHere,
            Answer::None => Outcome::NoAnswer,
            Answer::Received { status, message } if *status >= 400 => Outcome::Refused {
                status: *status,
                error: message.error(),
            },
            Answer::Received { .. } => Outcome::Succeeded,
        };
        Some(Self { attack, outcome })
    }
}
