use std::io::Write as _;

use super::*;

fn read(
    end: &str,
    text: &str,
    profiles: &[&str],
) -> Result<SpringConfiguration, ConfigurationError> {
    let mut file = tempfile::Builder::new().suffix(end).tempfile().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    let profiles: Vec<String> = profiles.iter().map(|&name| name.to_owned()).collect();
    SpringConfiguration::read(file.path(), &profiles)
}

#[test]
fn yaml_and_properties_say_the_same() {
    let yaml = read(
        ".yml",
        "security:\n  oauth2:\n    client:\n      clientId: shop\n      scope: [read, write]\n      access-token-validity-seconds: 60\n",
        &[],
    );
    let properties = read(
        ".properties",
        "security.oauth2.client.client-id = shop\nsecurity.oauth2.client.scope : read,\\\n  write\n\
         security.oauth2.client.access_token_validity_seconds=60",
        &[],
    );
    for read in [yaml.unwrap(), properties.unwrap()] {
        let text = |name: &str| read.text(&format!("security.oauth2.client.{name}"));
        assert_eq!(text("client-id").as_deref(), Some("shop"));
        assert_eq!(read.list("security.oauth2.client.scope"), ["read", "write"]);
        assert_eq!(text("access-token-validity-seconds").as_deref(), Some("60"));
        assert!(read.names().count() >= 3);
    }
}

#[test]
fn documents_of_other_profiles_do_not_count() {
    let yaml = "server: {port: 1}\n---\nspring: {profiles: live}\nserver: {port: 2}\n---\n\
                spring: {config: {activate: {on-profile: test}}}\nserver: {port: 3}\n";
    let port = |profiles: &[&str]| read(".yaml", yaml, profiles).unwrap().text("server.port");
    assert_eq!(port(&[]).as_deref(), Some("1"));
    assert_eq!(port(&["live"]).as_deref(), Some("2"));
    assert_eq!(port(&["live", "test"]).as_deref(), Some("3"));
    let properties = "server.port=1\n#---\nspring.config.activate.on-profile=live\nserver.port=2\n";
    let port = read(".properties", properties, &["live"]).unwrap();
    assert_eq!(port.text("server.port").as_deref(), Some("2"));
}

#[test]
fn a_reference_is_what_it_refers_to() {
    let said = read(
        ".properties",
        "host=db\nurl=jdbc:x://${host}:${PORT:5432}/${NAME}\nfull=${host}-${x:${host}}\nround=${round}\nopen=${host\n\
         größe=${host}é",
        &[],
    )
    .unwrap();
    assert_eq!(said.get("url"), Some(Said::Elsewhere("NAME".to_owned())));
    assert_eq!(said.get("full"), Some(Said::Value("db-db".to_owned())));
    assert_eq!(said.get("round"), Some(Said::Elsewhere("round".to_owned())));
    assert_eq!(said.get("open"), Some(Said::Value("${host".to_owned())));
    assert_eq!(said.text("größe").as_deref(), Some("dbé"));
    assert_eq!(said.get("absent"), None);
}

#[test]
fn what_unfolds_without_end_does_not() {
    let mut text = "a0=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n".to_owned();
    for number in 1..40 {
        let below = number - 1;
        text.extend([format!("a{number}=${{a{below}}}${{a{below}}}\n")]);
    }
    let said = read(".properties", &text, &[]).unwrap();
    assert!(matches!(said.get("a39"), Some(Said::Elsewhere(_))));
    let mut text = "a: &a [x,x,x,x,x,x,x,x,x]\n".to_owned();
    for number in 0..12 {
        let below = if number == 0 {
            "a".to_owned()
        } else {
            format!("l{}", number - 1)
        };
        let nine = vec![format!("*{below}"); 9].join(",");
        text.extend([format!("l{number}: &l{number} [{nine}]\n")]);
    }
    assert!(read(".yml", &text, &[]).is_err());
}

#[test]
fn a_file_that_cannot_be_read_is_refused_without_a_word_of_it() {
    let yaml = read(".yml", "a: 1\npassword: [s3cret\nb: s3cret", &[]).unwrap_err();
    assert!(yaml.to_string().contains("line"), "{yaml}");
    let properties = read(".properties", "password=s3cret\\uZZZZ", &[]).unwrap_err();
    for error in [yaml, properties] {
        assert!(!error.to_string().contains("s3cret"), "{error}");
    }
    let twice = read(".yml", "a: s3cret\na: s3cret\n", &[]).unwrap_err();
    assert!(!twice.to_string().contains("s3cret"), "{twice}");
    let absent = SpringConfiguration::read(Path::new("/absent/application.yml"), &[]);
    assert!(matches!(absent, Err(ConfigurationError::File(_))));
}
