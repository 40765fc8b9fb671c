//! The key that signs JWTs.

use super::super::spring_config::{Said, SpringConfiguration};
use super::text::{DraftText, line, remark};

const KEY_VALUE: &str = "security.oauth2.authorization.jwt.key-value";
const KEY_STORE: &str = "security.oauth2.authorization.jwt.key-store";

/// What is to be done for tokens to be JWTs that services know.
pub(super) fn write(said: &SpringConfiguration, text: &mut DraftText) {
    let in_store = said.get(KEY_STORE).is_some();
    let value = said.get(KEY_VALUE);
    if value.is_none() && !in_store {
        return;
    }
    text.table("[tokens]", vec![line("format", "jwt")]);
    let is_pem = in_store
        || matches!(&value, Some(Said::Value(key)) if key.trim_start().starts_with("-----BEGIN"));
    let (algorithm, file) = if is_pem {
        ("RS256", "the public key as PEM")
    } else {
        ("HS256", "the same file")
    };
    let mut lines = vec![line("algorithm", algorithm)];
    if is_pem {
        lines.push(remark("signing_key_file: the private key as PEM"));
        if in_store {
            lines.push(remark(
                "keytool -importkeystore -srckeystore STORE -destkeystore key.p12 -deststoretype PKCS12, then",
            ));
            lines.push(remark(
                "openssl pkcs12 -in key.p12 -nodes -nocerts -out key.pem",
            ));
        }
    } else {
        lines.push(remark(
            "signing_key_file: a file that holds the value of key-value, and nothing else",
        ));
        lines.push(line("short_secret", true));
    }
    lines.push(remark(&format!(
        "Its tokens that are out: jwt_keys = [\"{algorithm}:FILE\"] in [legacy_tokens], {file}"
    )));
    text.table("[keys]", lines);
}
