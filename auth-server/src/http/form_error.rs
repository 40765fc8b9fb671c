//! Why a body is no form.

use symbolon::parameters::ParameterError;

/// Why a body is no form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FormError {
    #[error("the body must be application/x-www-form-urlencoded")]
    ContentType,
    #[error("the request is too long")]
    Length,
    #[error("the body is malformed or was cut off")]
    Unreadable,
    #[error("the body took too long")]
    TooSlow,
    #[error(transparent)]
    Parameters(#[from] ParameterError),
}
