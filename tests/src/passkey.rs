//! An authenticator in software, which says whatever it is told to say, and how an owner uses it.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::{Answer, Browser, hidden_field};

const PAGE: &str = "/account/passkeys";

/// Somebody was there and verified.
const VERIFIED: u8 = 0b0000_0101;
const ATTESTED: u8 = 0b0100_0000;

/// What an authenticator and its browser say. [`Said::at`] says the truth.
#[derive(Clone, Debug)]
pub struct Said {
    /// The page that asked.
    pub origin: String,
    /// The server that it asked for.
    pub rp_id: String,
    /// Who was there.
    pub flags: u8,
    /// How often it was used.
    pub count: u32,
    /// `webauthn.create` or `webauthn.get`, where it is another.
    pub ceremony: Option<&'static str>,
    /// Whether the page stood in one of somebody else.
    pub is_framed: bool,
}

impl Said {
    /// On a page of this origin, of an authenticator that does not count.
    pub fn at(origin: &str) -> Self {
        Self {
            origin: origin.to_owned(),
            rp_id: "localhost".to_owned(),
            flags: VERIFIED,
            count: 0,
            ceremony: None,
            is_framed: false,
        }
    }

    fn client_data(&self, ceremony: &str, options: &Value) -> Vec<u8> {
        let said = json!({
            "type": self.ceremony.unwrap_or(ceremony),
            "challenge": options["challenge"],
            "origin": self.origin,
            "crossOrigin": self.is_framed,
        });
        said.to_string().into_bytes()
    }

    fn authenticator_data(&self, flags: u8) -> Vec<u8> {
        let hash = digest(&SHA256, self.rp_id.as_bytes());
        let count = self.count.to_be_bytes();
        [hash.as_ref(), &[self.flags | flags], &count].concat()
    }
}

/// A passkey in software.
pub struct SoftPasskey {
    /// What it is called.
    pub id: Vec<u8>,
    /// Whose it is.
    pub user_handle: String,
    key: EcdsaKeyPair,
}

impl std::fmt::Debug for SoftPasskey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "SoftPasskey({})", self.user_handle)
    }
}

impl SoftPasskey {
    /// A new one for what a page asks for.
    pub fn new(options: &Value) -> Self {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).expect("a key");
        let user_handle = options["user"]["id"].as_str().expect("a handle");
        Self {
            id: digest(&SHA256, key.public_key().as_ref()).as_ref().to_vec(),
            user_handle: user_handle.to_owned(),
            key,
        }
    }

    /// What the form of the page that adds it brings.
    pub fn registration(&self, options: &Value, said: &Said) -> String {
        let id_length = u16::try_from(self.id.len()).expect("a short id");
        let data = [
            said.authenticator_data(ATTESTED),
            vec![0; 16],
            id_length.to_be_bytes().to_vec(),
            self.id.clone(),
            self.cose_key(),
        ];
        self.registration_of(
            &data.concat(),
            &said.client_data("webauthn.create", options),
        )
    }

    /// The same with this data of the authenticator.
    pub fn registration_of(&self, data: &[u8], client_data: &[u8]) -> String {
        let length = u16::try_from(data.len()).expect("little data");
        // {"fmt": "none", "attStmt": {}, "authData": data}
        let object = [
            b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59".as_slice(),
            &length.to_be_bytes(),
            data,
        ];
        self.credential(&json!({
            "clientDataJSON": URL_SAFE_NO_PAD.encode(client_data),
            "attestationObject": URL_SAFE_NO_PAD.encode(object.concat()),
        }))
    }

    /// What the form of a sign-in page brings.
    pub fn assertion(&self, options: &Value, said: &Said) -> String {
        let data = said.authenticator_data(0);
        let client_data = said.client_data("webauthn.get", options);
        let hash = digest(&SHA256, &client_data);
        let signed = [data.as_slice(), hash.as_ref()].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed);
        self.credential(&json!({
            "clientDataJSON": URL_SAFE_NO_PAD.encode(client_data),
            "authenticatorData": URL_SAFE_NO_PAD.encode(data),
            "signature": URL_SAFE_NO_PAD.encode(signature.expect("a signature")),
            "userHandle": self.user_handle,
        }))
    }

    fn credential(&self, response: &Value) -> String {
        let id = URL_SAFE_NO_PAD.encode(&self.id);
        json!({ "id": id, "type": "public-key", "response": response }).to_string()
    }

    /// `{1: 2, 3: -7, -1: 1, -2: x, -3: y}`.
    fn cose_key(&self) -> Vec<u8> {
        let point = self.key.public_key().as_ref();
        let (x, y) = (&point[1..33], &point[33..65]);
        [
            b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20".as_slice(),
            x,
            b"\x22\x58\x20",
            y,
        ]
        .concat()
    }
}

/// What a page asks a browser for.
pub fn passkey_options(page: &Answer) -> Value {
    let text = &page.text;
    let asked = ["data-get=\"", "data-create=\""];
    let found = asked.iter().find_map(|name| text.split_once(name));
    let (_, rest) = found.unwrap_or_else(|| panic!("nothing is asked for in {text}"));
    let (options, _) = rest.split_once('"').expect("an end");
    let options = options.replace("&#34;", "\"").replace("&#38;", "&");
    serde_json::from_str(&options).expect("JSON")
}

impl Browser {
    /// The page that asks the device of whoever is signed in for a passkey of this name.
    pub async fn begin_passkey(&self, name: &str, password: &str) -> Answer {
        let page = self.get(PAGE).await;
        let csrf = hidden_field(&page.text, "_csrf").expect("a form");
        let form = [
            ("_csrf", csrf.as_str()),
            ("change", "begin"),
            ("passkey_name", name),
            ("current_password", password),
        ];
        self.post(PAGE, &form).await
    }

    /// Sends what a device says to the page that asks it.
    pub async fn send_passkey(&self, page: &Answer, credential: &str) -> Answer {
        let field = |name| hidden_field(&page.text, name).expect("a form");
        let (csrf, name) = (field("_csrf"), field("passkey_name"));
        let form = [
            ("_csrf", csrf.as_str()),
            ("change", "add"),
            ("passkey_name", name.as_str()),
            ("credential", credential),
        ];
        self.post(PAGE, &form).await
    }

    /// Adds a passkey for whoever is signed in, on pages of this origin.
    pub async fn add_passkey(&self, origin: &str, password: &str) -> SoftPasskey {
        let page = self.begin_passkey("Phone", password).await;
        let options = passkey_options(&page);
        let passkey = SoftPasskey::new(&options);
        let made = passkey.registration(&options, &Said::at(origin));
        let answer = self.send_passkey(&page, &made).await;
        let done = format!("{PAGE}?added=true");
        assert_eq!(answer.header("location"), done, "{}", answer.text);
        passkey
    }

    /// Sends the form of a sign-in page with what a device says.
    pub async fn show_passkey(&self, page: &Answer, credential: &str) -> Answer {
        let fields = ["_csrf", "authorization", "client_id", "next"];
        let named = fields.map(|field| (field, hidden_field(&page.text, field)));
        let mut form = vec![("credential", credential)];
        let told = named
            .iter()
            .filter_map(|(field, value)| Some((*field, value.as_deref()?)));
        form.extend(told);
        self.post("/login/passkey", &form).await
    }
}
