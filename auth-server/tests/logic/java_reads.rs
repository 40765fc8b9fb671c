//! What is written in Java's serialization, a JDK reads into classes of the same names, fields and versions.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;
use symbolon::clock::Timestamp;
use symbolon::scope::Scope;
use symbolon::secret::Secret;
use symbolon_auth_server::legacy_tokens::{
    LegacyAccessToken, LegacyAuthentication, LegacyOwner, LegacyRefreshToken, SecurityRelease,
};

/// That of the classes in `tests/java/src`.
const RELEASE: SecurityRelease = SecurityRelease(420);

fn output(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{command:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// The classes, or `None` where there is no JDK.
fn compiled(folder: &Path) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let has_a_jdk = std::env::split_paths(&path).any(|folder| folder.join("javac").exists());
    if !has_a_jdk {
        eprintln!("no JDK on this machine: what is written was not read by one");
        return None;
    }
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/java/src");
    let classes = folder.join("classes");
    let mut javac = Command::new("javac");
    javac
        .args(["-Xlint:-serial", "-encoding", "UTF-8", "-d"])
        .arg(&classes);
    javac
        .arg("-sourcepath")
        .arg(&source)
        .arg(source.join("Read.java"));
    let named = [
        "provider/OAuth2Authentication",
        "common/DefaultOAuth2AccessToken",
        "common/DefaultExpiringOAuth2RefreshToken",
    ];
    for class in named {
        javac.arg(source.join(format!("org/springframework/security/oauth2/{class}.java")));
    }
    for class in [
        "authentication/UsernamePasswordAuthenticationToken",
        "core/authority/SimpleGrantedAuthority",
    ] {
        javac.arg(source.join(format!("org/springframework/security/{class}.java")));
    }
    output(&mut javac);
    Some(classes)
}

fn access_token() -> LegacyAccessToken {
    let information = json!({"jti": "é\0𝄞", "n": 7, "long": 5_000_000_000_i64, "half": 0.5, "yes": true, "none": null,
        "list": ["a", 1]});
    LegacyAccessToken {
        value: Secret::new("access"),
        expires_at: Some(Timestamp::from_secs(4_000_000_000)),
        token_type: "bearer".to_owned(),
        refresh_token: Some(LegacyRefreshToken {
            value: Secret::new("refresh"),
            expires_at: Some(Timestamp::from_secs(4_000_000_001)),
        }),
        scope: Scope::parse("a b").unwrap(),
        additional_information: information.as_object().unwrap().clone(),
    }
}

fn authentication() -> LegacyAuthentication {
    LegacyAuthentication {
        client_id: "shop".to_owned(),
        scope: Scope::parse("a b").unwrap(),
        grant_type: Some("authorization_code".to_owned()),
        authorities: vec!["ROLE_CLIENT".to_owned()],
        resource_ids: vec!["orders".to_owned()],
        redirect_uri: Some("https://shop.example/cb".to_owned()),
        is_approved: true,
        owner: Some(LegacyOwner {
            name: "li".to_owned(),
            authorities: vec!["ROLE_USER".to_owned()],
        }),
    }
}

#[test]
fn what_is_written_is_read_by_a_jdk() {
    let folder = tempfile::tempdir().unwrap();
    let Some(classes) = compiled(folder.path()) else {
        return;
    };
    let endless = LegacyRefreshToken {
        value: Secret::new("refresh"),
        expires_at: None,
    };
    let of_client = LegacyAuthentication {
        owner: None,
        redirect_uri: None,
        ..authentication()
    };
    let written = [
        (access_token().write(), ACCESS_TOKEN),
        (endless.write(), "DefaultOAuth2RefreshToken(value=refresh )"),
        (authentication().write(RELEASE), AUTHENTICATION),
        (of_client.write(RELEASE), AUTHENTICATION_OF_CLIENT),
    ];
    for (number, (stream, expected)) in written.into_iter().enumerate() {
        let file = folder.path().join(format!("{number}.ser"));
        std::fs::write(&file, stream).unwrap();
        let mut java = Command::new("java");
        java.arg("-Dfile.encoding=UTF-8")
            .arg("-Dstdout.encoding=UTF-8")
            .arg("-cp")
            .arg(&classes)
            .arg("Read")
            .arg(&file);
        assert_eq!(output(&mut java).trim_end(), expected);
    }
}

const ACCESS_TOKEN: &str = "DefaultOAuth2AccessToken(additionalInformation={half=0.5 jti=é\0𝄞 list=[a 1 ] long=5000000000 n=7 \
                            none=null yes=true } expiration=4000000000000 refreshToken=DefaultExpiringOAuth2RefreshToken(\
                            expiration=4000000001000 value=refresh ) scope=[a b ] tokenType=bearer value=access )";
const AUTHENTICATION: &str = "OAuth2Authentication(authenticated=true authorities=[SimpleGrantedAuthority(role=ROLE_USER ) ] \
                              details=null storedRequest=OAuth2Request(approved=true \
                              authorities=[SimpleGrantedAuthority(role=ROLE_CLIENT ) ] clientId=shop extensions={} \
                              redirectUri=https://shop.example/cb refresh=null requestParameters={client_id=shop \
                              grant_type=authorization_code } resourceIds=[orders ] responseTypes=[] scope=[a b ] ) \
                              userAuthentication=UsernamePasswordAuthenticationToken(authenticated=true \
                              authorities=[SimpleGrantedAuthority(role=ROLE_USER ) ] credentials=null details=null \
                              principal=li ) )";
const AUTHENTICATION_OF_CLIENT: &str = "OAuth2Authentication(authenticated=true \
                                        authorities=[SimpleGrantedAuthority(role=ROLE_CLIENT ) ] details=null \
                                        storedRequest=OAuth2Request(approved=true \
                                        authorities=[SimpleGrantedAuthority(role=ROLE_CLIENT ) ] clientId=shop \
                                        extensions={} redirectUri=null refresh=null requestParameters={client_id=shop \
                                        grant_type=authorization_code } resourceIds=[orders ] responseTypes=[] \
                                        scope=[a b ] ) userAuthentication=null )";
