//! What the server keeps: plain data, which knows nothing of who keeps it, issues it or asks for it.

mod approval;
mod authorization_code;
mod grant;
mod ids;
mod key;
mod pending;
mod session;
mod tokens;

pub use approval::{Approval, ApprovalStatus};
pub use authorization_code::AuthorizationCode;
pub use grant::Grant;
pub(crate) use ids::ID_BYTES;
pub use ids::{Access, AccessTokenId, Code, CodeId, GrantId, HandleId, Refresh, RefreshTokenId};
pub use key::{KeyPurpose, KeyRecord};
pub use pending::{PendingAuthorization, PendingId};
pub use session::{AuthenticatedOwner, Session, SessionId};
pub use tokens::{AccessToken, NewTokens, RefreshToken, TokenFormat};
