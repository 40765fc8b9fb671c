//! One refusal of each kind that there is, with the name of its row.

use symbolon::client_authentication::{PresentedCredentials, PresentedCredentialsError};
use symbolon::error::ErrorCode;
use symbolon::identifiers::ClientId;
use symbolon::parameters::ParameterError;
use symbolon::random::SystemRandom;
use symbolon::scope::Scope;
use symbolon::token::TokenRequestError;

use crate::authorization::request::UnsafeRequest;
use crate::clients::authentication::ClientAuthenticationError;
use crate::clients::brake::{ClientLimit, ClientThrottled};
use crate::clients::redirect_match::RedirectMismatch;
use crate::grants::TokenError;
use crate::grants::extension::GrantRefusal;
use crate::grants::scope::ScopeError;
use crate::http::form_error::FormError;
use crate::http::refusals::Refusal;
use crate::http::registration_refusals;
use crate::http::spring_refusals::{
    of_authorization_request, of_client, of_token, of_token_request,
};
use crate::passwords::VerificationError;
use crate::records::GrantId;
use crate::resource_owners::sign_in::SignInError;
use crate::resource_owners::throttle::{SignInLimit, Throttled};
use crate::stores::StoreError;
use crate::tokens::check::{CheckError, JwtKind};
use crate::tokens::issue::IssueError;
use crate::tokens::jwt::JwtError;

/// One value of each variant, with the name of its row. A macro, because only a `match` can say that no
/// variant is missing.
macro_rules! one_of_each {
    ($($name:literal: $variant:pat => $value:expr,)+) => {{
        let is_listed = |value: &_| match value {
            $($variant => (),)+
        };
        let rows = vec![$((
            $name,
            {
                let value = $value;
                is_listed(&value);
                assert!(matches!(value, $variant), "{} is another variant", $name);
                value
            },
        ),)+];
        rows
    }};
}

fn store_errors() -> Vec<(&'static str, StoreError)> {
    one_of_each! {
        "store_unavailable": StoreError::Unavailable(_) => StoreError::Unavailable("secret reason".into()),
        "store_damaged": StoreError::Damaged(_) => StoreError::Damaged("secret reason".into()),
    }
}

/// Those of [`store_errors`] apart.
fn issue_errors() -> Vec<(&'static str, IssueError)> {
    one_of_each! {
        "store_unavailable": IssueError::Store(_) => IssueError::Store(unavailable()),
        "issue_jwt": IssueError::Jwt(_) => IssueError::Jwt(JwtError::NoActiveKey),
        "issue_grant_gone": IssueError::GrantGone => IssueError::GrantGone,
        "issue_handle_key_gone": IssueError::HandleKeyGone => IssueError::HandleKeyGone,
    }
}

fn unavailable() -> StoreError {
    StoreError::Unavailable("secret reason".into())
}

fn form_errors() -> Vec<(&'static str, FormError)> {
    use FormError::Parameters;
    use ParameterError::{ControlCharacter, NotUtf8, PercentCode, Repeated, TooMany};
    one_of_each! {
        "form_content_type": FormError::ContentType => FormError::ContentType,
        "form_length": FormError::Length => FormError::Length,
        "form_unreadable": FormError::Unreadable => FormError::Unreadable,
        "form_too_slow": FormError::TooSlow => FormError::TooSlow,
        "form_repeated": Parameters(Repeated) => Parameters(Repeated),
        "form_too_many": Parameters(TooMany) => Parameters(TooMany),
        "form_percent_code": Parameters(PercentCode) => Parameters(PercentCode),
        "form_not_utf8": Parameters(NotUtf8) => Parameters(NotUtf8),
        "form_control_character": Parameters(ControlCharacter) => Parameters(ControlCharacter),
    }
}

fn client_authentication_errors() -> Vec<(&'static str, ClientAuthenticationError)> {
    use ClientAuthenticationError::{BadCredentials, Busy, Presented, Store, TooManyAttempts};
    use PresentedCredentialsError::{Malformed, Missing, OtherClientNamed, SeveralMethods};
    one_of_each! {
        "client_missing": Presented(Missing) => Presented(Missing),
        "client_malformed": Presented(Malformed) => Presented(Malformed),
        "client_several_methods": Presented(SeveralMethods) => Presented(SeveralMethods),
        "client_other_named": Presented(OtherClientNamed) => Presented(OtherClientNamed),
        "client_bad_credentials": BadCredentials => BadCredentials,
        "client_too_many_attempts": TooManyAttempts(_) => TooManyAttempts(ClientThrottled {
            limit: ClientLimit::Address,
            retry_after_secs: 61,
        }),
        "client_busy": Busy(VerificationError::Busy) => Busy(VerificationError::Busy),
        "client_busy": Busy(VerificationError::Interrupted) => Busy(VerificationError::Interrupted),
        "store_unavailable": Store(_) => Store(unavailable()),
    }
}

pub(super) fn sign_in_errors() -> Vec<(&'static str, SignInError)> {
    use SignInError::{BadCredentials, Busy, SecondFactorNeeded, Store, TooManyAttempts};
    let throttled = |limit| {
        TooManyAttempts(Throttled {
            limit,
            retry_after_secs: 61,
        })
    };
    one_of_each! {
        "sign_in_bad_credentials": BadCredentials { owner: Some(_) } => BadCredentials {
            owner: Some("xiaoming".to_owned()),
        },
        "sign_in_bad_credentials": BadCredentials { owner: None } => BadCredentials { owner: None },
        "sign_in_bad_credentials": SecondFactorNeeded { .. } => SecondFactorNeeded {
            owner: "xiaoming".to_owned(),
        },
        "sign_in_too_many_attempts": TooManyAttempts(Throttled { limit: SignInLimit::AccountAndAddress, .. })
            => throttled(SignInLimit::AccountAndAddress),
        "sign_in_too_many_attempts": TooManyAttempts(Throttled { limit: SignInLimit::Address, .. })
            => throttled(SignInLimit::Address),
        "sign_in_busy": Busy(VerificationError::Busy) => Busy(VerificationError::Busy),
        "sign_in_busy": Busy(VerificationError::Interrupted) => Busy(VerificationError::Interrupted),
        "store_unavailable": Store(_) => Store(unavailable()),
    }
}

fn scope(text: &str) -> Scope {
    Scope::parse(text).unwrap()
}

fn token_request_errors() -> Vec<(&'static str, TokenRequestError)> {
    use TokenRequestError::{
        ImplicitAtTokenEndpoint, MissingCode, MissingGrantType, MissingOwnerCredentials,
        MissingRefreshToken, UnsupportedGrantType,
    };
    one_of_each! {
        "token_missing_grant_type": MissingGrantType => MissingGrantType,
        "token_implicit_at_token_endpoint": ImplicitAtTokenEndpoint => ImplicitAtTokenEndpoint,
        "token_unsupported_grant_type": UnsupportedGrantType => UnsupportedGrantType,
        "token_missing_code": MissingCode => MissingCode,
        "token_missing_refresh_token": MissingRefreshToken => MissingRefreshToken,
        "token_missing_owner_credentials": MissingOwnerCredentials => MissingOwnerCredentials,
    }
}

/// Those of [`token_request_errors`], [`sign_in_errors`] and [`issue_errors`] apart.
#[allow(clippy::too_many_lines, reason = "a line for each variant")]
fn token_errors() -> Vec<(&'static str, TokenError)> {
    use TokenError::{
        AfterSignIn, CodeOfOtherClient, CodeReplayed, Extension, ExtensionUnavailable,
        GrantNotRegistered, GrantRevoked, Issue, NoRefreshToken, OwnerGone, PkceFailed,
        RedirectMismatch, RefreshTokenExpired, RefreshTokenOfOtherClient, RefreshTokenReused,
        RefreshTokenUnreadable, Request, Scope, ScopeWidened, SignIn, UnknownCode,
        UnknownRefreshToken, VerifierMalformed,
    };
    let grant_id = GrantId::mint(&SystemRandom);
    let owner = || "xiaoming".to_owned();
    let registered = scope("photo.read profile");
    let granted = scope("photo.read");
    one_of_each! {
        "token_missing_grant_type": Request(_) => Request(TokenRequestError::MissingGrantType),
        "token_grant_not_registered": GrantNotRegistered => GrantNotRegistered,
        "token_scope_invalid": Scope(ScopeError::Invalid { .. })
            => Scope(ScopeError::Invalid { registered: registered.clone() }),
        "token_scope_empty": Scope(ScopeError::Empty) => Scope(ScopeError::Empty),
        "token_scope_widened": ScopeWidened { .. } => ScopeWidened { granted: granted.clone() },
        "token_unknown_code": UnknownCode => UnknownCode,
        "token_code_replayed": CodeReplayed { .. } => CodeReplayed { grant_id },
        "token_grant_revoked": GrantRevoked => GrantRevoked,
        "token_code_of_other_client": CodeOfOtherClient => CodeOfOtherClient,
        "token_redirect_mismatch": RedirectMismatch => RedirectMismatch,
        "token_verifier_malformed": VerifierMalformed => VerifierMalformed,
        "token_pkce_failed": PkceFailed => PkceFailed,
        "token_unknown_refresh_token": UnknownRefreshToken => UnknownRefreshToken,
        "token_unknown_refresh_token": RefreshTokenExpired => RefreshTokenExpired,
        "token_unknown_refresh_token": RefreshTokenUnreadable => RefreshTokenUnreadable,
        "token_unknown_refresh_token": NoRefreshToken => NoRefreshToken,
        "token_refresh_token_reused": RefreshTokenReused { .. }
            => RefreshTokenReused { grant_id, owner: Some(owner()) },
        "token_refresh_token_of_other_client": RefreshTokenOfOtherClient => RefreshTokenOfOtherClient,
        "token_owner_gone": OwnerGone => OwnerGone,
        "sign_in_bad_credentials": SignIn(_) => SignIn(SignInError::BadCredentials { owner: None }),
        "token_extension_refused": Extension(_)
            => Extension(not_for_you()),
        "token_extension_unavailable": ExtensionUnavailable { .. }
            => ExtensionUnavailable { reason: "secret reason".into() },
        "issue_grant_gone": AfterSignIn { .. }
            => AfterSignIn { owner: owner(), error: IssueError::GrantGone },
        "issue_grant_gone": Issue(_) => Issue(IssueError::GrantGone),
    }
}

fn not_for_you() -> GrantRefusal {
    GrantRefusal::new(ErrorCode::UnauthorizedClient, "not for \"you\"")
}

fn check_errors() -> Vec<(&'static str, CheckError)> {
    use CheckError::{Expired, NotAllowed, NotRecognised, Store};
    one_of_each! {
        "check_not_recognised": NotRecognised => NotRecognised,
        "check_expired": Expired => Expired,
        // As for a token that is not good: the caller must not learn that this one is.
        "check_not_recognised": NotAllowed => NotAllowed,
        "store_unavailable": Store(_) => Store(unavailable()),
    }
}

fn unsafe_requests() -> Vec<(&'static str, UnsafeRequest)> {
    use RedirectMismatch::{NoMatch, NoneRegistered};
    use UnsafeRequest::{
        NoClient, NoGrant, NoRedirectingGrant, Redirect, ResponseType, UnknownClient,
    };
    one_of_each! {
        "unsafe_no_client": NoClient => NoClient,
        "unsafe_unknown_client": UnknownClient => UnknownClient,
        "unsafe_no_grant": NoGrant => NoGrant,
        "unsafe_response_type": ResponseType => ResponseType,
        "unsafe_no_redirecting_grant": NoRedirectingGrant => NoRedirectingGrant,
        "unsafe_redirect_no_match": Redirect(NoMatch) => Redirect(NoMatch),
        "unsafe_redirect_none_registered": Redirect(NoneRegistered) => Redirect(NoneRegistered),
    }
}

/// A refusal under the name of its row. What looks alike from outside shares one.
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) refusal: Refusal,
}

fn cases_of<E: Into<Refusal>>(errors: Vec<(&'static str, E)>) -> Vec<Case> {
    let case = |(name, error): (_, E)| Case {
        name,
        refusal: error.into(),
    };
    errors.into_iter().map(case).collect()
}

fn wrapped<E, W: Into<Refusal>>(
    errors: Vec<(&'static str, E)>,
    wrap: impl Fn(E) -> W,
) -> Vec<Case> {
    let wrap = |(name, error)| (name, wrap(error));
    cases_of(errors.into_iter().map(wrap).collect())
}

/// The same errors in Spring's words, where these are others.
fn in_springs_words() -> Vec<Case> {
    use PresentedCredentialsError::{Malformed, Missing, OtherClientNamed};
    use TokenError::{CodeOfOtherClient, GrantNotRegistered, Request};
    use TokenRequestError::MissingOwnerCredentials;
    let unread = |error: PresentedCredentialsError| of_client(error.into(), None);
    let bad = |presented| of_client(ClientAuthenticationError::BadCredentials, presented);
    let in_form = PresentedCredentials::None(ClientId::new("print-photo"));
    let no_owner = Request(MissingOwnerCredentials);
    cases_of(vec![
        ("spring_client_missing", unread(Missing)),
        (
            "spring_owner_missing",
            Refusal::owner_unauthorized("Full authentication is required to access this resource"),
        ),
        (
            "spring_unknown_client",
            of_authorization_request(UnsafeRequest::UnknownClient),
        ),
        (
            "spring_redirect_no_match",
            of_authorization_request(UnsafeRequest::Redirect(RedirectMismatch::NoMatch)),
        ),
        ("spring_client_malformed", unread(Malformed)),
        ("spring_client_other_named", unread(OtherClientNamed)),
        ("spring_client_bad_credentials", bad(None)),
        ("spring_client_bad_form", bad(Some(&in_form))),
        (
            "spring_grant_not_registered",
            of_token_request(GrantNotRegistered),
        ),
        (
            "spring_code_of_other_client",
            of_token_request(CodeOfOtherClient),
        ),
        (
            "spring_missing_owner_credentials",
            of_token_request(no_owner),
        ),
    ])
}

/// Why a token is not good, in Spring's words.
fn tokens_in_springs_words() -> Vec<Case> {
    use TokenError::{Extension, NoRefreshToken, RefreshTokenExpired, RefreshTokenUnreadable};
    let refused = of_token_request;
    let about = |kind| of_token(Some(kind), CheckError::NotRecognised);
    cases_of(vec![
        ("spring_check_unreadable", about(JwtKind::Unreadable)),
        ("spring_check_refresh_token", about(JwtKind::Refresh)),
        ("check_not_recognised", about(JwtKind::Access)),
        ("spring_refresh_token_expired", refused(RefreshTokenExpired)),
        (
            "spring_refresh_token_unreadable",
            refused(RefreshTokenUnreadable),
        ),
        ("spring_no_refresh_token", refused(NoRefreshToken)),
        (
            "spring_extension_refused",
            refused(Extension(not_for_you())),
        ),
    ])
}

/// What is refused without an error of the logic.
#[allow(clippy::too_many_lines, reason = "a table, one row for each")]
fn constructed() -> Vec<Case> {
    cases_of(vec![
        (
            "bad_request",
            Refusal::bad_request("the token parameter is missing"),
        ),
        ("token_of_other_client", Refusal::token_of_other_client()),
        ("request_gone", Refusal::request_gone("nothing waits")),
        ("forged_form", Refusal::forged_form()),
        ("access_denied", Refusal::access_denied()),
        ("shared_key_for_nobody", Refusal::shared_key_for_nobody()),
        ("too_many_begun", Refusal::too_many_begun(61)),
        (
            "too_many_registrations",
            Refusal::too_many_registrations(61),
        ),
        ("no_json", Refusal::no_json()),
        ("token_needed", Refusal::token_needed()),
        ("token_not_good", Refusal::token_not_good()),
        (
            "insufficient_scope",
            Refusal::insufficient_scope("admin.write"),
        ),
        ("conflict", Refusal::conflict("it is so already")),
        (
            "precondition_failed",
            Refusal::precondition_failed("look again"),
        ),
        ("registration_token", registration_refusals::token()),
        (
            "registration_software_statement",
            registration_refusals::software_statement(),
        ),
        (
            "registration_metadata",
            registration_refusals::metadata("the \"name\" is <b> 小明"),
        ),
        ("not_found", Refusal::not_found()),
        (
            "method_not_allowed",
            Refusal::method_not_allowed("PUT", "GET, HEAD, POST"),
        ),
        ("no_active_key", Refusal::no_active_key()),
        ("page_not_written", askama::Error::ValueMissing.into()),
    ])
}

pub(super) fn cases() -> Vec<Case> {
    let after_sign_in = |error| TokenError::AfterSignIn {
        owner: "xiaoming".to_owned(),
        error,
    };
    [
        constructed(),
        in_springs_words(),
        tokens_in_springs_words(),
        cases_of(form_errors()),
        cases_of(store_errors()),
        cases_of(issue_errors()),
        wrapped(store_errors(), IssueError::Store),
        cases_of(client_authentication_errors()),
        wrapped(store_errors(), ClientAuthenticationError::Store),
        cases_of(sign_in_errors()),
        wrapped(store_errors(), SignInError::Store),
        cases_of(token_errors()),
        wrapped(token_request_errors(), TokenError::Request),
        wrapped(sign_in_errors(), TokenError::SignIn),
        wrapped(issue_errors(), TokenError::Issue),
        wrapped(issue_errors(), after_sign_in),
        cases_of(check_errors()),
        wrapped(store_errors(), CheckError::Store),
        cases_of(unsafe_requests()),
    ]
    .into_iter()
    .flatten()
    .collect()
}
