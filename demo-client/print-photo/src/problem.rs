//! What can go wrong on a page, and what the person in front of it can do about it.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};

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

/// What a person reads about a problem.
struct Explanation {
    status: StatusCode,
    title: &'static str,
    text: &'static str,
    /// Where to go next.
    next: Link,
}

const HOME: Link = Link {
    label: "Back to the start",
    url: "/",
};
const AGAIN: Link = Link {
    label: "Try again",
    url: "/code",
};
const ANOTHER_WAY: Link = Link {
    label: "Choose another way",
    url: "/",
};

const FOREIGN_FORM: Explanation = Explanation {
    status: StatusCode::FORBIDDEN,
    title: "This form is not from here",
    text: "The form was not filled in on a page of this session: either the session has \
                 ended meanwhile, or another site tried to press the button for you. Nothing was done.",
    next: HOME,
};

const MALFORMED_FORM: Explanation = Explanation {
    status: StatusCode::BAD_REQUEST,
    title: "The form cannot be read",
    text: "A field is missing or is not text. Go back and fill in the form once more.",
    next: HOME,
};

const SLOW_FORM: Explanation = Explanation {
    status: StatusCode::REQUEST_TIMEOUT,
    title: "The form took too long",
    text: "It did not arrive whole. Go back and send it once more.",
    next: HOME,
};

const NOT_FOUND: Explanation = Explanation {
    status: StatusCode::NOT_FOUND,
    title: "There is no such page",
    text: "The address is wrong, or the page has moved.",
    next: HOME,
};

const METHOD_NOT_ALLOWED: Explanation = Explanation {
    status: StatusCode::METHOD_NOT_ALLOWED,
    title: "That is not how this page works",
    text: "This address is for a form on another page, or the other way round.",
    next: HOME,
};

const INTERNAL: Explanation = Explanation {
    status: StatusCode::INTERNAL_SERVER_ERROR,
    title: "Something broke",
    text: "That was a mistake of Print Photo. Nothing was changed.",
    next: HOME,
};

const RESOURCE_SERVER_DOWN: Explanation = Explanation {
    status: StatusCode::BAD_GATEWAY,
    title: "Photo Space does not answer",
    text: "Your token is kept. Start Photo Space (port 9001 in the demo) and look again.",
    next: Link {
        label: "Look again",
        url: "/photos",
    },
};

const RESOURCE_REFUSED: Explanation = Explanation {
    status: StatusCode::BAD_GATEWAY,
    title: "Photo Space says no",
    text: "This token does not open what was asked for. The steps show what Photo Space answered; \
           another way may lead to a token that does.",
    next: ANOTHER_WAY,
};

const NO_ACCESS: Explanation = Explanation {
    status: StatusCode::FORBIDDEN,
    title: "Print Photo may not see any photos",
    text: "There is no token, or it has expired and cannot be renewed without you. Choose \
                 how Print Photo gets a new one.",
    next: Link {
        label: "Choose a way",
        url: "/",
    },
};

const DENIED: Explanation = Explanation {
    status: StatusCode::FORBIDDEN,
    title: "You said no, and that is fine",
    text: "Print Photo got nothing: no code, no token, no photo. You can change your mind at any time.",
    next: AGAIN,
};

const AUTHORIZATION_SERVER_DOWN: Explanation = Explanation {
    status: StatusCode::BAD_GATEWAY,
    title: "The authorization server does not answer",
    text: "No token could be had, and what Print Photo had before is kept. Start the authorization \
                 server (port 9000 in the demo) and try again.",
    next: Link {
        label: "Choose a way again",
        url: "/",
    },
};

const WRONG_PASSWORD: Explanation = Explanation {
    status: StatusCode::FORBIDDEN,
    title: "Name or password is wrong",
    text: "The authorization server does not know this name with this password. In the demo it \
                 is xiaoming with photos4me.",
    next: Link {
        label: "Try again",
        url: "/password",
    },
};

const REFUSED: Explanation = Explanation {
    status: StatusCode::BAD_GATEWAY,
    title: "The authorization server says no",
    text: "Its reason is below. Often the client is registered differently from what Print Photo \
                 was told: name, secret, redirect URI, scope or grant.",
    next: ANOTHER_WAY,
};

const FOREIGN_CALLBACK: Explanation = Explanation {
    status: StatusCode::BAD_REQUEST,
    title: "This answer does not belong to this browser",
    text: "Print Photo compared state and iss with what it remembers, and they differ. Either the \
                 page was opened twice, your session has ended, or somebody sent you this link. The code \
                 in it was not used.",
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

    /// The page about it, with what is around every page.
    pub(super) fn page(&self, shell: Shell) -> HttpResponse {
        let Explanation {
            status,
            title,
            text,
            next,
        } = self.explanation();
        page::answer(
            *status,
            &ProblemPage {
                shell,
                title,
                text,
                detail: self.detail(),
                next: *next,
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
