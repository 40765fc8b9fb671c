//! Where the server is, and where its databases are.

use url::Url;

use super::super::spring_config::{Said, SpringConfiguration};
use super::redis;
use super::text::{DraftText, line, remark};

const CONTEXT_PATH: [&str; 2] = ["server.servlet.context-path", "server.context-path"];
const SERVLET_PATH: [&str; 3] = [
    "spring.mvc.servlet.path",
    "server.servlet.path",
    "server.servlet-path",
];

/// `http.port`, where nothing is said.
const PORT: u16 = 9000;

/// The issuer, the port, and who may ask about tokens.
pub(super) fn write(said: &SpringConfiguration, text: &mut DraftText) {
    let port = said.text("server.port");
    let port = port.and_then(|port| port.parse::<u16>().ok());
    write_issuer(said, port.unwrap_or(PORT), text);
    if let Some(port) = port {
        text.table("[http]", vec![line("port", i64::from(port))]);
    }
    let rules = [
        (
            "check_token",
            "security.oauth2.authorization.check-token-access",
        ),
        (
            "token_key",
            "security.oauth2.authorization.token-key-access",
        ),
    ];
    let rules = rules
        .into_iter()
        .filter_map(|(here, there)| match said.get(there)? {
            Said::Value(rule) => Some(line(here, rule)),
            Said::Elsewhere(name) => Some(remark(&format!("{here} comes from ${{{name}}}"))),
        });
    text.table("[access]", rules.collect());
}

/// The host is not known. The path is, and counts from the first start: a server without it is found nowhere by those who
/// call this one. A path that stands elsewhere makes no issuer, and ends the start until it is filled in.
fn write_issuer(said: &SpringConfiguration, port: u16, text: &mut DraftText) {
    let path = [&CONTEXT_PATH[..], &SERVLET_PATH[..]].map(|names| match said.first(names) {
        Some(Said::Value(path)) => path.trim_end_matches('/').to_owned(),
        Some(Said::Elsewhere(name)) => format!("/{{{name}}}"),
        None => String::new(),
    });
    let path = path.concat();
    text.remark_at_top(&format!(
        "As the old server is called from outside: issuer = \"https://HOST{path}\""
    ));
    if !path.is_empty() {
        let here = format!("http://localhost:{port}{path}");
        text.line_at_top(line("issuer", here));
    }
}

/// The tables, the old tokens, the directory.
pub(super) fn write_databases(said: &SpringConfiguration, text: &mut DraftText) {
    let lines = sql(said);
    for (heading, variable) in [
        ("[sql_clients]", "AUTH_SERVER__SQL_CLIENTS__PASSWORD_FILE"),
        ("[sql_owners]", "AUTH_SERVER__SQL_OWNERS__PASSWORD_FILE"),
    ] {
        let mut lines = lines.clone();
        if !lines.is_empty() && said.get("spring.datasource.password").is_some() {
            lines.push(remark(&format!("The password: {variable}")));
        }
        text.table(heading, lines);
    }
    redis::write(said, text);
    text.table("[ldap_owners]", ldap(said));
}

fn sql(said: &SpringConfiguration) -> Vec<String> {
    let jdbc = match said.get("spring.datasource.url") {
        None => return Vec::new(),
        Some(Said::Elsewhere(name)) => return vec![remark(&format!("url comes from ${{{name}}}"))],
        Some(Said::Value(jdbc)) => jdbc,
    };
    let user = said.text("spring.datasource.username").unwrap_or_default();
    match address_of(&jdbc, &user) {
        Some(url) => vec![line("url", url)],
        None => vec![remark(
            "url: a database that is not read here, or an address that was not understood",
        )],
    }
}

/// `jdbc:postgresql://host/database?…` as it is written here, without the password.
fn address_of(jdbc: &str, user: &str) -> Option<String> {
    let rest = jdbc.strip_prefix("jdbc:")?;
    let (system, place) = rest.split_once(':')?;
    let scheme = match system {
        "postgresql" => "postgres",
        "mysql" | "mariadb" => "mysql",
        "sqlite" => {
            return Some(format!("sqlite:{place}")).filter(|_| !place.is_empty());
        }
        _ => return None,
    };
    let there = Url::parse(&format!("{scheme}:{place}")).ok()?;
    there
        .host_str()
        .filter(|host| !host.is_empty() && !host.contains(','))?;
    let mut here = there.clone();
    here.set_query(None);
    here.set_fragment(None);
    let pair = |wanted: &str| {
        let mut pairs = there.query_pairs();
        let found = pairs.find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        found.map(|(_, value)| value.into_owned())
    };
    let user = if user.is_empty() {
        pair("user").unwrap_or_default()
    } else {
        user.to_owned()
    };
    here.set_username(&user).ok()?;
    here.set_password(None).ok()?;
    if let Some(mode) = pair("sslmode").filter(|_| scheme == "postgres") {
        here.query_pairs_mut().append_pair("sslmode", &mode);
    }
    Some(here.into())
}

fn ldap(said: &SpringConfiguration) -> Vec<String> {
    let urls = said.list("spring.ldap.urls");
    let Some(url) = urls.first() else {
        return Vec::new();
    };
    let mut lines = vec![remark(&format!("url = \"{url}\""))];
    for (here, there) in [
        ("base_dn", "spring.ldap.base"),
        ("bind_dn", "spring.ldap.username"),
    ] {
        if let Some(text) = said.text(there) {
            lines.push(remark(&format!("{here} = \"{text}\"")));
        }
    }
    lines.push(remark(
        "How people are found stood in the application's code: user_dn_pattern, or user_search_base and user_search_filter",
    ));
    lines
}
