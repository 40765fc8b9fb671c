//! What can go wrong on a page, and what the person in front of it can do about it.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};

use super::application::Application;
use super::page::{self, Link, ProblemPage, Shell};
use symbolon_client::{CallbackError, ClientError, ErrorCode, TokenError};

/// Why a page cannot be shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Problem {
    /// The form does not come from our page.
    #[error("the form does not belong to this session")]
    ForeignForm,
    /// The form cannot be read.
    #[error("the form cannot be read")]
    MalformedForm,
    /// The form did not arrive in time.
    #[error("the form took too long")]
    SlowForm,
    /// The callback answers no request of this browser.
    #[error("the callback belongs to no request of this browser")]
    ForeignCallback,
    /// The owner said no.
    #[error("the owner denied access")]
    Denied,
    /// The authorization server refused.
    #[error("the authorization server refused: {0}")]
    Refused(String),
    /// The authorization server cannot be reached or failed.
    #[error("the authorization server is not available: {0}")]
    AuthorizationServerDown(String),
    /// Name or password is wrong.
    #[error("wrong name or password")]
    WrongPassword,
    /// There is no token and no way to get one without the person.
    #[error("there is no access, or no more")]
    NoAccess,
    /// Photo Space cannot be reached or failed.
    #[error("the resource server is not available")]
    ResourceServerDown,
    /// Photo Space said no.
    #[error("the resource server answered {0}")]
    ResourceRefused(u16),
    /// There is no such page.
    #[error("no such page")]
    NotFound,
    /// The page is not for this method.
    #[error("wrong method")]
    MethodNotAllowed,
    /// A mistake of ours.
    #[error("internal error")]
    Internal,
}

/// What a person reads about a problem, by the keys of the sentences.
struct Explanation {
    status: StatusCode,
    title: &'static str,
    text: &'static str,
    /// Where to go next.
    next: Link,
}

const HOME: Link = Link {
    label: "page-back",
    url: "/",
};
const AGAIN: Link = Link {
    label: "problem-again",
    url: "/code",
};
const ANOTHER_WAY: Link = Link {
    label: "problem-another-way",
    url: "/",
};

/// Where a client that was brought is typed once more.
const BROUGHT: Link = Link {
    label: "problem-brought",
    url: "/own-client",
};

const FOREIGN_FORM: Explanation = Explanation {
    status: StatusCode::FORBIDDEN,
    title: "problem-foreign-form",
    text: "problem-foreign-form-text",
    next: HOME,
};

const MALFORMED_FORM: Explanation = Explanation {
    status: StatusCode::BAD_REQUEST,
    title: "problem-malformed-form",
    text: "problem-malformed-form-text",
    next: HOME,
};

const SLOW_FORM: Explanation = Explanation {
    status: StatusCode::REQUEST_TIMEOUT,
    title: "problem-slow-form",
    text: "problem-slow-form-text",
    next: HOME,
};

const NOT_FOUND: Explanation = Explanation {
    status: StatusCode::NOT_FOUND,
    title: "problem-not-found",
    text: "problem-not-found-text",
    next: HOME,
};

const METHOD_NOT_ALLOWED: Explanation = Explanation {
    status: StatusCode::METHOD_NOT_ALLOWED,
    title: "problem-wrong-method",
    text: "problem-wrong-method-text",
    next: HOME,
};

const INTERNAL: Explanation = Explanation {
    status: StatusCode::INTERNAL_SERVER_ERROR,
    title: "problem-internal",
    text: "problem-internal-text",
    next: HOME,
};

const RESOURCE_SERVER_DOWN: Explanation = Explanation {
    status: StatusCode::BAD_GATEWAY,
    title: "problem-photos-down",
    text: "problem-photos-down-text",
    next: Link {
        label: "problem-look-again",
        url: "/photos",
    },
};

const RESOURCE_REFUSED: Explanation = Explanation {
    status: StatusCode::BAD_GATEWAY,
    title: "problem-photos-refused",
    text: "problem-photos-refused-text",
    next: ANOTHER_WAY,
};

const NO_ACCESS: Explanation = Explanation {
    status: StatusCode::FORBIDDEN,
    title: "problem-no-access",
    text: "problem-no-access-text",
    next: Link {
        label: "problem-choose",
        url: "/",
    },
};

const DENIED: Explanation = Explanation {
    status: StatusCode::FORBIDDEN,
    title: "problem-denied",
    text: "problem-denied-text",
    next: AGAIN,
};

const AUTHORIZATION_SERVER_DOWN: Explanation = Explanation {
    status: StatusCode::BAD_GATEWAY,
    title: "problem-server-down",
    text: "problem-server-down-text",
    next: Link {
        label: "problem-choose",
        url: "/",
    },
};

const WRONG_PASSWORD: Explanation = Explanation {
    status: StatusCode::FORBIDDEN,
    title: "problem-wrong-password",
    text: "problem-wrong-password-text",
    next: Link {
        label: "problem-again",
        url: "/password",
    },
};

const REFUSED: Explanation = Explanation {
    status: StatusCode::BAD_GATEWAY,
    title: "problem-refused",
    text: "problem-refused-text",
    next: ANOTHER_WAY,
};

const FOREIGN_CALLBACK: Explanation = Explanation {
    status: StatusCode::BAD_REQUEST,
    title: "problem-foreign-callback",
    text: "problem-foreign-callback-text",
    next: AGAIN,
};

impl Problem {
    const fn explanation(&self) -> &'static Explanation {
        match self {
            Self::ForeignForm => &FOREIGN_FORM,
            Self::MalformedForm => &MALFORMED_FORM,
            Self::SlowForm => &SLOW_FORM,
            Self::NotFound => &NOT_FOUND,
            Self::MethodNotAllowed => &METHOD_NOT_ALLOWED,
            Self::Internal => &INTERNAL,
            Self::ResourceServerDown => &RESOURCE_SERVER_DOWN,
            Self::ResourceRefused(_) => &RESOURCE_REFUSED,
            Self::NoAccess => &NO_ACCESS,
            Self::Denied => &DENIED,
            Self::AuthorizationServerDown(_) => &AUTHORIZATION_SERVER_DOWN,
            Self::WrongPassword => &WRONG_PASSWORD,
            Self::Refused(_) => &REFUSED,
            Self::ForeignCallback => &FOREIGN_CALLBACK,
        }
    }

    /// What the other side said.
    fn detail(&self) -> Option<&str> {
        match self {
            Self::Refused(detail) | Self::AuthorizationServerDown(detail) => Some(detail),
            Self::ForeignForm
            | Self::MalformedForm
            | Self::SlowForm
            | Self::ForeignCallback
            | Self::Denied
            | Self::WrongPassword
            | Self::NoAccess
            | Self::ResourceServerDown
            | Self::ResourceRefused(_)
            | Self::NotFound
            | Self::MethodNotAllowed
            | Self::Internal => None,
        }
    }

    /// Whether it may be that the visitor has typed something else than is registered.
    const fn is_of_a_brought_client(&self, shell: &Shell) -> bool {
        matches!(self, Self::Refused(_)) && shell.brought.is_some()
    }

    /// The page about it, with what is around every page.
    pub(super) fn page(&self, shell: Shell) -> HttpResponse {
        let Explanation {
            status,
            title,
            text,
            next,
        } = self.explanation();
        // The pages that it could lead to are Print Photo's.
        let next = match shell.application {
            Application::PrintPhoto if self.is_of_a_brought_client(&shell) => BROUGHT,
            Application::PrintPhoto => *next,
            other @ Application::PhotoStats => Link {
                label: "page-back",
                url: other.home(),
            },
        };
        page::answer(
            *status,
            &ProblemPage {
                shell,
                title,
                text,
                detail: self.detail(),
                next,
                status: status.as_u16(),
            },
        )
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.explanation().status
    }

    fn error_response(&self) -> HttpResponse {
        self.page(Shell::default())
    }
}

impl From<ClientError> for Problem {
    fn from(error: ClientError) -> Self {
        Self::from(&error)
    }
}

impl From<&ClientError> for Problem {
    fn from(error: &ClientError) -> Self {
        match error {
            ClientError::AuthorizationRequired(_)
            | ClientError::ImplicitAuthorizationRequired(_)
            | ClientError::NoProvider => Self::NoAccess,
            ClientError::Token(error) => Self::from(&**error),
            ClientError::Callback(error) => error.into(),
            ClientError::Http(_) => Self::ResourceServerDown,
            ClientError::Context(_) | ClientError::Stopped | ClientError::Address(_) | _ => {
                Self::Internal
            }
        }
    }
}

impl From<&TokenError> for Problem {
    fn from(error: &TokenError) -> Self {
        match error {
            TokenError::Refused { error, .. } => Self::Refused(error.to_string()),
            TokenError::TokenEndpointUnavailable(_)
            | TokenError::UnexpectedAnswer { .. }
            | TokenError::AnswerTooLong
            | TokenError::UnsupportedTokenType(_) => {
                Self::AuthorizationServerDown(error.to_string())
            }
            TokenError::ForeignGrant | TokenError::NoEndpoint(_) | TokenError::Address(_) | _ => {
                Self::Internal
            }
        }
    }
}

impl From<&CallbackError> for Problem {
    fn from(error: &CallbackError) -> Self {
        match error {
            CallbackError::Refused(error) if error.error == ErrorCode::AccessDenied => Self::Denied,
            CallbackError::Refused(error) => Self::Refused(error.to_string()),
            CallbackError::ForeignState
            | CallbackError::ForeignIssuer
            | CallbackError::MissingIssuer
            | CallbackError::Malformed(_)
            | CallbackError::NoToken => Self::ForeignCallback,
        }
    }
}
