//! The habits of Spring Security OAuth that are on, once all that was said about them is weighed.

use crate::records::{Profile, SpringPieces};

/// What one side, a client or the server, says about them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpringChoice {
    /// About all of them; `None`: nothing.
    pub profile: Option<Profile>,
    /// About some, which outweighs the profile of the same side.
    pub pieces: SpringPieces,
}

/// The habits that are on, for a client or, before a client is known, for the server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SpringHabits {
    /// A client may ask for codes without PKCE, one without a secret too.
    pub codes_without_pkce: bool,
}

impl SpringHabits {
    /// What is on for the first of these, which is more particular than the next.
    pub fn resolve(choices: &[&SpringChoice]) -> Self {
        let is_on = |piece: fn(&SpringPieces) -> Option<bool>| {
            let said = choices
                .iter()
                .find_map(|choice| piece(&choice.pieces).or_else(|| choice.is_spring()));
            said.unwrap_or_default()
        };
        Self {
            codes_without_pkce: is_on(|pieces| pieces.codes_without_pkce),
        }
    }
}

impl SpringChoice {
    /// Whether its profile is Spring's; `None` when it has none.
    pub fn is_spring(&self) -> Option<bool> {
        self.profile.map(|profile| profile == Profile::Spring)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(profile: Option<Profile>, codes_without_pkce: Option<bool>) -> SpringChoice {
        let pieces = SpringPieces { codes_without_pkce };
        SpringChoice { profile, pieces }
    }

    #[test]
    fn a_piece_outweighs_its_profile_and_the_client_outweighs_the_server() {
        let (spring, standard) = (Some(Profile::Spring), Some(Profile::Standard));
        for (client, server, expected) in [
            ((None, None), (standard, None), false),
            ((None, None), (spring, None), true),
            ((None, None), (spring, Some(false)), false),
            ((None, None), (standard, Some(true)), true),
            ((standard, None), (spring, Some(true)), false),
            ((spring, None), (standard, Some(false)), true),
            ((spring, Some(false)), (spring, Some(true)), false),
            ((standard, Some(true)), (standard, Some(false)), true),
        ] {
            let client = choice(client.0, client.1);
            let server = choice(server.0, server.1);
            let habits = SpringHabits::resolve(&[&client, &server]);
            assert_eq!(habits.codes_without_pkce, expected, "{client:?} {server:?}");
        }
    }
}
