//! From what went wrong with a sign-in to the page that is shown once more.

use actix_web::http::StatusCode;

use crate::http::refusals::RETRY_AFTER_SECS;
use crate::pages::LoginNotice;
use crate::resource_owners::sign_in::SignInError;
use crate::stores::StoreError;

/// How the sign-in page says no: it is shown once more, with the reason in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SignInRefusal {
    /// The status of the page.
    pub(crate) status: StatusCode,
    /// The reason.
    pub(crate) notice: LoginNotice,
    /// When it is worth trying again, in seconds.
    pub(crate) retry_after_secs: Option<u64>,
}

impl TryFrom<SignInError> for SignInRefusal {
    type Error = StoreError;

    fn try_from(error: SignInError) -> Result<Self, StoreError> {
        match error {
            SignInError::BadCredentials { .. } | SignInError::SecondFactorNeeded { .. } => {
                Ok(Self {
                    status: StatusCode::UNAUTHORIZED,
                    notice: LoginNotice::BadCredentials,
                    retry_after_secs: None,
                })
            }
            SignInError::TooManyAttempts(throttled) => {
                let retry_after_secs = throttled.retry_after_secs;
                Ok(Self {
                    status: StatusCode::TOO_MANY_REQUESTS,
                    notice: LoginNotice::TooManyAttempts { retry_after_secs },
                    retry_after_secs: Some(retry_after_secs),
                })
            }
            SignInError::Busy(_) => Ok(Self {
                status: StatusCode::SERVICE_UNAVAILABLE,
                notice: LoginNotice::Busy,
                retry_after_secs: Some(RETRY_AFTER_SECS),
            }),
            SignInError::Store(error) => Err(error),
        }
    }
}
