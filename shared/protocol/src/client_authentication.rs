//! Client authentication ([RFC 6749 §2.3](https://www.rfc-editor.org/rfc/rfc6749#section-2.3)) by the
//! methods that [RFC 7591 §2](https://www.rfc-editor.org/rfc/rfc7591#section-2) calls
//! `client_secret_basic`, `client_secret_post` and `none`: how a client writes it, and how a server
//! reads it. Whether the credentials are good is the server's affair.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use url::form_urlencoded;

use crate::identifiers::ClientId;
use crate::parameters::{self, Parameters};
use crate::secret::Secret;

/// How a client proves who it is: one method per request (RFC 6749 §2.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientAuthentication {
    /// HTTP Basic with id and secret form-encoded first, as RFC 6749 §2.3.1 asks for.
    Basic(Secret),
    /// HTTP Basic with id and secret as they are: Spring Security OAuth does not decode them. It
    /// makes a difference only for characters other than letters, digits, `-`, `_` and `.`.
    RawBasic(Secret),
    /// `client_id` and `client_secret` in the form.
    Form(Secret),
    /// A public client: `client_id` in the form and nothing else (RFC 6749 §3.2.1).
    None,
    /// Not even `client_id`, as Spring's scheme `none`: for a server that learns otherwise who asks, from a client
    /// certificate, say.
    Unsaid,
}

/// Where the credentials of a request go: a header or the form, never both (RFC 6749 §2.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EncodedCredentials {
    /// The value of the `Authorization` header.
    Header(Secret),
    /// Parameters to be added to the form; none of a client that says nothing.
    Form(Secret),
}

impl ClientAuthentication {
    /// What the client `client_id` adds to a request.
    pub fn encode(&self, client_id: &ClientId) -> EncodedCredentials {
        let id = client_id.as_str();
        match self {
            Self::Basic(secret) => basic(&form_encoded(id), &form_encoded(secret.expose())),
            Self::RawBasic(secret) => basic(id, secret.expose()),
            Self::Form(secret) => form(id, Some(secret.expose())),
            Self::None => form(id, None),
            Self::Unsaid => EncodedCredentials::Form(Secret::new("")),
        }
    }
}

fn basic(user_id: &str, password: &str) -> EncodedCredentials {
    let credentials = STANDARD.encode(format!("{user_id}:{password}"));
    EncodedCredentials::Header(Secret::new(format!("Basic {credentials}")))
}

fn form(client_id: &str, client_secret: Option<&str>) -> EncodedCredentials {
    let parameters = parameters::encode([
        ("client_id", Some(client_id)),
        ("client_secret", client_secret),
    ]);
    EncodedCredentials::Form(Secret::new(parameters))
}

fn is_bearer(header: &str) -> bool {
    let scheme = header.split(' ').next().unwrap_or_default();
    scheme.eq_ignore_ascii_case("bearer")
}

fn form_encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// A client's name and secret as they were presented (RFC 6749 §2.3.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientPassword {
    /// Who the client says it is.
    pub client_id: ClientId,
    /// What should prove it.
    pub client_secret: Secret,
}

impl ClientPassword {
    fn new(client_id: impl Into<String>, client_secret: impl Into<String>) -> Self {
        Self {
            client_id: ClientId::new(client_id),
            client_secret: Secret::new(client_secret),
        }
    }
}

/// What a request presents: one of three methods.
#[derive(Debug, PartialEq, Eq)]
pub enum PresentedCredentials {
    /// `client_secret_basic`. Clients that follow RFC 6749 §2.3.1 encode id and secret as a form before
    /// they are joined, Spring's do not.
    Basic {
        /// Id and secret as they stand in the header.
        raw: ClientPassword,
        /// Their other reading; `None` when it is the same, or when they are no form.
        form_decoded: Option<ClientPassword>,
    },
    /// `client_secret_post`.
    Form(ClientPassword),
    /// `none`: a public client's name.
    None(ClientId),
}

/// Why the credentials of a request cannot be read. The texts are those of the Spring dialect where it
/// has one; they never repeat what was presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PresentedCredentialsError {
    /// Nothing was presented.
    #[error("Full authentication is required to access this resource")]
    Missing,
    /// The `Authorization` header is not `Basic` credentials.
    #[error("Failed to decode basic authentication token")]
    Malformed,
    /// RFC 6749 §2.3: more than one method in one request.
    #[error("a client must not use more than one authentication method in a request")]
    SeveralMethods,
    /// `client_id` in the form names another client than the header.
    #[error("Given client ID does not match authenticated client")]
    OtherClientNamed,
}

impl PresentedCredentials {
    /// Takes the credentials out of a request: its `Authorization` header, if there is one, and its form. A
    /// bearer token in the header is somebody's, and no client authentication.
    pub fn decode(
        authorization: Option<&str>,
        form: &mut Parameters,
    ) -> Result<Self, PresentedCredentialsError> {
        let authorization = authorization.filter(|header| !is_bearer(header));
        let id = form.take("client_id");
        let secret = form.take("client_secret");
        match (authorization, id, secret) {
            (Some(_), _, Some(_)) => Err(PresentedCredentialsError::SeveralMethods),
            (Some(header), named, None) => {
                let presented =
                    Self::decode_basic(header).ok_or(PresentedCredentialsError::Malformed)?;
                match named.map(ClientId::new) {
                    Some(other) if presented.client_ids().all(|id| *id != other) => {
                        Err(PresentedCredentialsError::OtherClientNamed)
                    }
                    Some(_) | None => Ok(presented),
                }
            }
            (None, Some(id), Some(secret)) => Ok(Self::Form(ClientPassword::new(id, secret))),
            (None, Some(id), None) => Ok(Self::None(ClientId::new(id))),
            (None, None, _) => Err(PresentedCredentialsError::Missing),
        }
    }

    fn decode_basic(header: &str) -> Option<Self> {
        let (id, secret) = basic_credentials(header)?;
        let (id, secret) = (id.as_str(), secret.expose());
        let raw = ClientPassword::new(id, secret);
        let reads_otherwise = [id, secret].iter().any(|text| text.contains(['%', '+']));
        let form_decoded = reads_otherwise
            .then(|| form_decoded(id).zip(form_decoded(secret)))
            .flatten()
            .map(|(id, secret)| ClientPassword::new(id, secret))
            .filter(|decoded| *decoded != raw);
        Some(Self::Basic { raw, form_decoded })
    }

    /// The names that the request may mean, the likelier first.
    pub fn client_ids(&self) -> impl Iterator<Item = &ClientId> {
        let named = match self {
            Self::Basic { .. } | Self::Form(_) => None,
            Self::None(id) => Some(id),
        };
        self.passwords()
            .map(|password| &password.client_id)
            .chain(named)
    }

    /// The names and secrets that the request may mean, the likelier first; none of a public client.
    pub fn passwords(&self) -> impl Iterator<Item = &ClientPassword> {
        let (first, second) = match self {
            Self::Basic { raw, form_decoded } => (Some(raw), form_decoded.as_ref()),
            Self::Form(password) => (Some(password), None),
            Self::None(_) => (None, None),
        };
        first.into_iter().chain(second)
    }
}

/// User id and password of HTTP Basic ([RFC 7617 §2](https://www.rfc-editor.org/rfc/rfc7617#section-2)), in UTF-8; `None`
/// when a header holds none.
pub fn basic_credentials(header: &str) -> Option<(String, Secret)> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = STANDARD.decode(encoded.trim()).ok()?;
    let credentials = String::from_utf8(decoded).ok()?;
    let (user_id, password) = credentials.split_once(':')?;
    Some((user_id.to_owned(), Secret::new(password)))
}

fn form_decoded(text: &str) -> Option<String> {
    let pair = format!("v={}", text.replace('&', "%26").replace('=', "%3D"));
    let mut parameters = Parameters::decode(pair.as_bytes()).ok()?;
    Some(parameters.take("v").unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decoded(
        header: Option<&str>,
        form: &str,
    ) -> Result<PresentedCredentials, PresentedCredentialsError> {
        PresentedCredentials::decode(header, &mut Parameters::decode(form.as_bytes()).unwrap())
    }

    fn header(credentials: &str) -> String {
        format!("Basic {}", STANDARD.encode(credentials))
    }

    fn over_the_wire(encoded: &EncodedCredentials) -> PresentedCredentials {
        let presented = match encoded {
            EncodedCredentials::Header(header) => decoded(Some(header.expose()), ""),
            EncodedCredentials::Form(form) => decoded(None, form.expose()),
        };
        presented.unwrap()
    }

    #[test]
    fn basic_credentials_are_read_raw_and_form_decoded() {
        let presented = decoded(Some(&header("a%2Bb:s+t")), "").unwrap();
        let expected = PresentedCredentials::Basic {
            raw: ClientPassword::new("a%2Bb", "s+t"),
            form_decoded: Some(ClientPassword::new("a+b", "s t")),
        };
        assert_eq!(presented, expected);
    }

    #[test]
    fn credentials_that_read_the_same_are_one() {
        let presented = decoded(Some(&header("a:b:c")), "").unwrap();
        let expected = PresentedCredentials::Basic {
            raw: ClientPassword::new("a", "b:c"),
            form_decoded: None,
        };
        assert_eq!(presented, expected);
    }

    #[test]
    fn a_bearer_token_is_no_client_authentication() {
        for header in ["Bearer x", "bearer x", "Bearer"] {
            let presented = decoded(Some(header), "client_id=a&client_secret=b");
            let expected = ClientPassword::new("a", "b");
            assert_eq!(
                presented,
                Ok(PresentedCredentials::Form(expected)),
                "{header}"
            );
            let missing = decoded(Some(header), "");
            assert_eq!(missing, Err(PresentedCredentialsError::Missing), "{header}");
        }
    }

    #[test]
    fn one_request_uses_one_method() {
        let several = decoded(Some(&header("a:b")), "client_id=a&client_secret=b");
        assert_eq!(several, Err(PresentedCredentialsError::SeveralMethods));
    }

    #[test]
    fn the_form_may_repeat_the_name_of_the_header_but_not_another() {
        assert!(decoded(Some(&header("a:b")), "client_id=a").is_ok());
        let other = decoded(Some(&header("a:b")), "client_id=c");
        assert_eq!(other, Err(PresentedCredentialsError::OtherClientNamed));
    }

    #[test]
    fn malformed_headers_are_told_from_missing_ones() {
        for header in ["Basic", "Basic !!!", "Digest a", "Basic YWJj", "Bearers a"] {
            let error = decoded(Some(header), "");
            assert_eq!(error, Err(PresentedCredentialsError::Malformed), "{header}");
        }
        for form in ["", "client_secret=b"] {
            let error = decoded(None, form);
            assert_eq!(error, Err(PresentedCredentialsError::Missing), "{form}");
        }
    }

    proptest! {
        #[test]
        fn each_method_is_read_as_it_was_written(id in "[^\0]{1,20}", secret in "[^\0]{1,20}") {
            let client_id = ClientId::new(id.as_str());
            let expected = ClientPassword::new(id, secret.as_str());
            for method in [ClientAuthentication::Basic, ClientAuthentication::Form] {
                let encoded = method(Secret::new(secret.as_str())).encode(&client_id);
                let presented = over_the_wire(&encoded);
                prop_assert!(presented.passwords().any(|read| *read == expected));
            }
            let public = over_the_wire(&ClientAuthentication::None.encode(&client_id));
            prop_assert_eq!(public, PresentedCredentials::None(client_id));
        }

        /// RFC 7617 §2: no colon is in an id that is not encoded.
        #[test]
        fn what_is_written_raw_is_read_raw(id in "[^:]{1,20}", secret in ".{0,20}") {
            let expected = ClientPassword::new(id.as_str(), secret.as_str());
            let encoded = ClientAuthentication::RawBasic(Secret::new(secret));
            let presented = over_the_wire(&encoded.encode(&ClientId::new(id)));
            prop_assert_eq!(presented.passwords().next(), Some(&expected));
        }
    }
}
