//! From what went wrong with a second factor to the page that is shown once more, or to a refusal.

use actix_web::http::StatusCode;

use crate::http::refusals::Refusal;
use crate::pages::CodeNotice;
use crate::second_factors::SecondFactorError;
use crate::stores::StoreError;

/// How the page of the second step says no: it is shown once more, with the reason in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CodeRefusal {
    /// The status of the page.
    pub(crate) status: StatusCode,
    /// The reason.
    pub(crate) notice: CodeNotice,
    /// When it is worth trying again, in seconds.
    pub(crate) retry_after_secs: Option<u64>,
    /// The word in the audit stream.
    pub(crate) reason: &'static str,
}

/// What is no fault of a code.
pub(crate) enum NoCodeRefusal {
    /// There is no second factor any more, or another one: whoever signs in begins anew.
    Anew,
    /// It cannot be checked now.
    Refused(Refusal),
}

#[cfg(feature = "passkeys")]
impl CodeRefusal {
    /// Of a passkey in the place of a code.
    pub(crate) const fn of_passkey() -> Self {
        Self {
            status: StatusCode::UNAUTHORIZED,
            notice: CodeNotice::PasskeyRefused,
            retry_after_secs: None,
            reason: "passkey",
        }
    }
}

impl TryFrom<SecondFactorError> for CodeRefusal {
    type Error = NoCodeRefusal;

    fn try_from(error: SecondFactorError) -> Result<Self, NoCodeRefusal> {
        match error {
            SecondFactorError::WrongCode => Ok(Self {
                status: StatusCode::UNAUTHORIZED,
                notice: CodeNotice::Wrong,
                retry_after_secs: None,
                reason: "wrong_code",
            }),
            SecondFactorError::TooManyAttempts { retry_after_secs } => Ok(Self {
                status: StatusCode::TOO_MANY_REQUESTS,
                notice: CodeNotice::TooManyAttempts { retry_after_secs },
                retry_after_secs: Some(retry_after_secs),
                reason: "too_many_codes",
            }),
            SecondFactorError::None | SecondFactorError::Another => Err(NoCodeRefusal::Anew),
            SecondFactorError::Store(error) => Err(NoCodeRefusal::Refused(error.into())),
            SecondFactorError::Sealing(_) | SecondFactorError::Secret(_) => {
                Err(NoCodeRefusal::Refused(unusable(&error)))
            }
        }
    }
}

/// The secret is sealed under another secret than the server has, say.
pub(crate) fn unusable(error: &SecondFactorError) -> Refusal {
    StoreError::Damaged(error.to_string()).into()
}
