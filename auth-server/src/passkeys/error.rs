//! Why a passkey is not accepted.

use crate::stores::StoreError;

/// Why a passkey is not accepted, or not kept.
#[derive(Debug, thiserror::Error)]
pub enum PasskeyError {
    /// What the browser sent cannot be read.
    #[error("the answer cannot be read")]
    Malformed,
    /// The challenge is none of this session, or too old.
    #[error("the challenge is not one of this session")]
    Challenge,
    /// It was answered before.
    #[error("the challenge was answered before")]
    Spent,
    /// It was made for something else, or on a page of somebody else.
    #[error("the answer is for another page")]
    Origin,
    /// It was made for somebody else's server.
    #[error("the answer is for another server")]
    RelyingParty,
    /// The authenticator did not find out who sits there.
    #[error("nobody was verified")]
    NotVerified,
    /// The public key is none, or of a kind that was not asked for.
    #[error("the public key is of no kind that was asked for")]
    PublicKey,
    /// The signature is not good.
    #[error("the signature is not good")]
    Signature,
    /// Nobody has this passkey here.
    #[error("the passkey is not known")]
    Unknown,
    /// Somebody else has shown the password.
    #[error("the passkey is somebody else's")]
    OtherOwner,
    /// The account is locked or gone.
    #[error("the account is locked or gone")]
    Account,
    /// The authenticator has counted back: there are two of it.
    #[error("the authenticator has counted back")]
    Counter,
    /// The owner has so many that there is no room for another.
    #[error("there are too many passkeys")]
    TooMany,
    /// Others change the passkeys all the time.
    #[error("the passkeys were changed meanwhile")]
    Contended,
    /// The server has no key to make challenges with.
    #[error("there is no key to make a challenge with")]
    NoKey,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl PasskeyError {
    /// The word in the audit stream; `None`: it is the store's fault, and says nothing about a passkey.
    pub const fn reason(&self) -> Option<&'static str> {
        match self {
            Self::Malformed => Some("malformed"),
            Self::Challenge => Some("challenge"),
            Self::Spent => Some("spent"),
            Self::Origin => Some("origin"),
            Self::RelyingParty => Some("relying_party"),
            Self::NotVerified => Some("not_verified"),
            Self::PublicKey => Some("public_key"),
            Self::Signature => Some("signature"),
            Self::Unknown => Some("unknown"),
            Self::OtherOwner => Some("other_owner"),
            Self::Account => Some("account"),
            Self::Counter => Some("counter"),
            Self::TooMany => Some("too_many"),
            Self::Contended => Some("contended"),
            Self::NoKey | Self::Store(_) => None,
        }
    }
}
