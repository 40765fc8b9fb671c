//! The habits of Spring Security OAuth that are on, once all that was said about them is weighed.

use crate::records::{ApprovalHandler, Profile, RedirectStatus, SpringPieces};

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
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a named habit that an operator switches on or off"
)]
pub struct SpringHabits {
    /// A client may ask for codes without PKCE, one without a secret too.
    pub codes_without_pkce: bool,
    /// A client without a secret may send any, and may use client credentials.
    pub secretless_clients: bool,
    /// A client without a list of grants may use all at the token endpoint, and one without scopes may ask for any.
    pub empty_means_all: bool,
    /// Access tokens of a life of 0 seconds do not expire.
    pub never_expiring_tokens: bool,
    /// The token endpoint checks in Spring's order and says no with its codes, statuses and challenges.
    pub token_errors: bool,
    /// Refresh tokens are JWTs where access tokens are.
    pub jwt_refresh_tokens: bool,
    /// The authorization endpoint checks in Spring's order and says no with its codes and statuses.
    pub authorize_errors: bool,
    /// Answers of the authorization endpoint are without `iss`.
    pub answers_without_iss: bool,
    /// What is approved automatically may be written as regular expressions, and as `true`.
    pub auto_approve_patterns: bool,
    /// What counts as an approval, and how owners are asked.
    pub approval_handler: ApprovalHandler,
    /// Parameters are read as Java's servlets do.
    pub servlet_parameters: bool,
    /// A `client_secret` counts for nothing beside HTTP Basic.
    pub secret_beside_basic: bool,
    /// Tokens may be asked for by GET.
    pub token_by_get: bool,
    /// The token endpoint, and `check_token` of tokens that are not good, answer in XML who prefers that.
    pub xml_answers: bool,
    /// `check_token` and `token_key` say no with Spring's texts, and as a servlet container does.
    pub check_token_errors: bool,
    /// Answers of `check_token` are without `active`.
    pub check_token_without_active: bool,
    /// Owners sign in by HTTP Basic at the authorization endpoint.
    pub basic_sign_in: bool,
    /// An approval needs no field of our page beside the session's cookie.
    pub approvals_without_csrf: bool,
    /// With which status the authorization endpoint sends browsers on.
    pub redirect_status: RedirectStatus,
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
        let is_said = |piece: fn(&SpringPieces) -> Option<bool>| {
            let mut said = choices.iter().map(|choice| piece(&choice.pieces));
            said.find_map(|said| said).unwrap_or_default()
        };
        let approval_handler = |pieces: &SpringPieces| pieces.approval_handler;
        let redirect_status = |pieces: &SpringPieces| pieces.redirect_status;
        Self {
            codes_without_pkce: is_on(|pieces| pieces.codes_without_pkce),
            secretless_clients: is_on(|pieces| pieces.secretless_clients),
            empty_means_all: is_on(|pieces| pieces.empty_means_all),
            never_expiring_tokens: is_on(|pieces| pieces.never_expiring_tokens),
            token_errors: is_on(|pieces| pieces.token_errors),
            jwt_refresh_tokens: is_on(|pieces| pieces.jwt_refresh_tokens),
            authorize_errors: is_on(|pieces| pieces.authorize_errors),
            answers_without_iss: is_on(|pieces| pieces.answers_without_iss),
            auto_approve_patterns: is_on(|pieces| pieces.auto_approve_patterns),
            approval_handler: word(choices, approval_handler, ApprovalHandler::LiveTokens),
            servlet_parameters: is_on(|pieces| pieces.servlet_parameters),
            secret_beside_basic: is_on(|pieces| pieces.secret_beside_basic),
            token_by_get: is_said(|pieces| pieces.token_by_get),
            xml_answers: is_said(|pieces| pieces.xml_answers),
            check_token_errors: is_on(|pieces| pieces.check_token_errors),
            check_token_without_active: is_said(|pieces| pieces.check_token_without_active),
            basic_sign_in: is_on(|pieces| pieces.basic_sign_in),
            approvals_without_csrf: is_on(|pieces| pieces.approvals_without_csrf),
            redirect_status: word(choices, redirect_status, RedirectStatus::SeeOther),
        }
    }
}

/// What the first says who says something: `springs` is what the profile means.
fn word<T: Copy + Default>(
    choices: &[&SpringChoice],
    piece: fn(&SpringPieces) -> Option<T>,
    springs: T,
) -> T {
    let said = choices.iter().find_map(|choice| {
        let of_profile = |is_spring| if is_spring { springs } else { T::default() };
        piece(&choice.pieces).or_else(|| choice.is_spring().map(of_profile))
    });
    said.unwrap_or_default()
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
        let pieces = SpringPieces {
            codes_without_pkce,
            ..SpringPieces::default()
        };
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

    #[test]
    fn a_word_is_weighed_as_a_piece_is() {
        let said = |profile, redirect_status| SpringChoice {
            profile,
            pieces: SpringPieces {
                redirect_status,
                ..SpringPieces::default()
            },
        };
        let (spring, standard) = (Some(Profile::Spring), Some(Profile::Standard));
        let (by_method, found) = (RedirectStatus::ByMethod, RedirectStatus::Found);
        for (client, server, expected) in [
            ((None, None), (None, None), by_method),
            ((None, None), (spring, None), RedirectStatus::SeeOther),
            ((None, None), (spring, Some(found)), found),
            ((standard, None), (spring, Some(found)), by_method),
        ] {
            let client = said(client.0, client.1);
            let server = said(server.0, server.1);
            let habits = SpringHabits::resolve(&[&client, &server]);
            assert_eq!(habits.redirect_status, expected, "{client:?} {server:?}");
        }
    }
}
