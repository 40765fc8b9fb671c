//! The Redis that the old tokens are in.

use url::Url;

use super::super::spring_config::{Said, SpringConfiguration};
use super::text::{DraftText, line, remark};

/// Several servers, which are not spoken to here.
const SEVERAL: [&str; 3] = ["sentinel.master", "cluster.nodes[0]", "cluster.nodes"];

/// Where it is.
pub(super) fn write(said: &SpringConfiguration, text: &mut DraftText) {
    text.table("[legacy_tokens]", lines(said));
}

/// What Spring Boot is told about Redis, before version 3 and since.
struct Redis<'a>(&'a SpringConfiguration);

impl Redis<'_> {
    fn get(&self, name: &str) -> Option<Said> {
        let names = [
            format!("spring.redis.{name}"),
            format!("spring.data.redis.{name}"),
        ];
        names.iter().find_map(|name| self.0.get(name))
    }

    fn text(&self, name: &str) -> Option<String> {
        match self.get(name)? {
            Said::Value(text) => Some(text),
            Said::Elsewhere(_) => None,
        }
    }

    /// The address of a host.
    fn address(&self, host: &str) -> String {
        let is_tls = self.text("ssl").or_else(|| self.text("ssl.enabled"));
        let scheme = if is_tls.as_deref() == Some("true") {
            "rediss"
        } else {
            "redis"
        };
        let port = self.text("port").unwrap_or_else(|| "6379".to_owned());
        let database = self.text("database").unwrap_or_else(|| "0".to_owned());
        format!("{scheme}://{host}:{port}/{database}")
    }
}

fn lines(said: &SpringConfiguration) -> Vec<String> {
    let redis = Redis(said);
    if SEVERAL.iter().any(|name| redis.get(name).is_some()) {
        let text = "redis_url: one server that answers for all keys; Sentinel and Cluster are not spoken to here";
        return vec![remark(text)];
    }
    let address = match (redis.get("url"), redis.get("host")) {
        (Some(Said::Value(url)), _) => url,
        (None, Some(Said::Value(host))) => redis.address(&host),
        (Some(Said::Elsewhere(name)), _) | (None, Some(Said::Elsewhere(name))) => {
            return vec![remark(&format!("redis_url comes from ${{{name}}}"))];
        }
        (None, None) => return Vec::new(),
    };
    let not_understood = || vec![remark("redis_url: an address that was not understood")];
    let Ok(mut url) = Url::parse(&address) else {
        return not_understood();
    };
    let has_password = redis.get("password").is_some() || url.password().is_some();
    if url.set_password(None).is_err() {
        return not_understood();
    }
    let mut lines = Vec::new();
    if has_password {
        lines.push(remark(
            "With its password: AUTH_SERVER__LEGACY_TOKENS__REDIS_URL_FILE, in the place of redis_url",
        ));
    }
    lines.push(line("redis_url", String::from(url)));
    lines
}
