//! Where an issuer publishes its keys, by what it says about itself
//! ([RFC 8414](https://www.rfc-editor.org/rfc/rfc8414), `OpenID` Connect Discovery).

use reqwest::StatusCode;
use symbolon::calls::AddressError;
use symbolon::members::Members;
use symbolon::metadata::well_known_path;
use url::Url;

use crate::verdict::VerificationError;
use crate::verifier::transport::{Transport, nonsense, unhelpful};

/// `OpenID` Connect Discovery §4: this goes behind the path of the issuer.
const OPENID_PATH: &str = "/.well-known/openid-configuration";

/// The address of the JWK set of `issuer`. Where the document of RFC 8414 is not to be had, that of `OpenID`
/// Connect Discovery is read.
pub(super) async fn jwks_uri(
    transport: &Transport,
    issuer: &str,
) -> Result<Url, VerificationError> {
    let unfit = |error: AddressError| nonsense(&format!("its jwks_uri: {error}"));
    let address = Url::parse(issuer).map_err(|error| unfit(error.into()))?;
    let standard = well_known_path(address.path());
    let path = address.path().trim_end_matches('/');
    let openid = format!("{path}{OPENID_PATH}");
    let said = match document(transport, &address, &standard).await {
        Ok(said) => said,
        Err(_) => document(transport, &address, &openid).await?,
    };
    // RFC 8414 §3.3: the issuer MUST be identical, else the document MUST NOT be used.
    if said.text("issuer") != Ok(Some(issuer.to_owned())) {
        return Err(nonsense("its metadata is that of another issuer"));
    }
    let uri = said.text("jwks_uri").ok().flatten();
    let uri = uri.ok_or_else(|| nonsense("its metadata names no jwks_uri"))?;
    let uri = Url::parse(&uri).map_err(|error| unfit(error.into()))?;
    transport.check(&uri).map_err(unfit)?;
    Ok(uri)
}

async fn document(
    transport: &Transport,
    issuer: &Url,
    path: &str,
) -> Result<Members, VerificationError> {
    let mut url = issuer.clone();
    url.set_path(path);
    let answer = transport.fetch(&url).await?;
    if answer.status != StatusCode::OK {
        return Err(unhelpful(answer.status));
    }
    Members::decode("metadata", &answer.body)
        .map_err(|_| nonsense("its metadata is no JSON object"))
}
