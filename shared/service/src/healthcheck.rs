//! A service asks itself whether it is ready: for containers, in which there is no other program that
//! could ask.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use crate::http::HttpSettings;

/// A service that takes longer is not well.
const PATIENCE: Duration = Duration::from_secs(3);

/// The service is not ready, or is not there at all.
#[derive(Debug, thiserror::Error)]
pub enum HealthcheckError {
    /// It answers, but not with 200.
    #[error("{url} answers {status}")]
    NotReady {
        /// What was asked.
        url: String,
        /// The status of the answer.
        status: u16,
    },
    /// It does not answer.
    #[error("{url} does not answer: {reason}")]
    Unreachable {
        /// What was asked.
        url: String,
        /// What the system says.
        reason: String,
    },
}

/// Asks `/readyz` of the service that runs with these settings on this machine.
pub async fn healthcheck(settings: &HttpSettings) -> Result<(), HealthcheckError> {
    let url = readyz(settings);
    let unreachable = |error: reqwest::Error| HealthcheckError::Unreachable {
        url: url.clone(),
        reason: std::error::Error::source(&error).map_or_else(|| error.to_string(), innermost),
    };
    let client = reqwest::Client::builder()
        .timeout(PATIENCE)
        .no_proxy()
        .build()
        .map_err(unreachable)?;
    let status = client.get(&url).send().await.map_err(unreachable)?.status();
    if status.is_success() {
        Ok(())
    } else {
        let status = status.as_u16();
        Err(HealthcheckError::NotReady { url, status })
    }
}

/// A service that listens everywhere is asked over loopback.
fn readyz(settings: &HttpSettings) -> String {
    let host = match settings.host.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) if address.is_unspecified() => Ipv4Addr::LOCALHOST.to_string(),
        Ok(IpAddr::V6(address)) if address.is_unspecified() => format!("[{}]", Ipv6Addr::LOCALHOST),
        Ok(IpAddr::V6(address)) => format!("[{address}]"),
        Ok(IpAddr::V4(_)) | Err(_) => settings.host.clone(),
    };
    format!("http://{host}:{}/readyz", settings.probes_port)
}

fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    error.source().map_or_else(|| error.to_string(), innermost)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(host: &str) -> String {
        readyz(&HttpSettings {
            host: host.to_owned(),
            port: 1,
            probes_port: 2,
            ..HttpSettings::sample()
        })
    }

    #[test]
    fn a_service_that_listens_everywhere_is_asked_over_loopback() {
        assert_eq!(asked("0.0.0.0"), "http://127.0.0.1:2/readyz");
        assert_eq!(asked("::"), "http://[::1]:2/readyz");
        assert_eq!(asked("::1"), "http://[::1]:2/readyz");
        assert_eq!(asked("10.0.0.1"), "http://10.0.0.1:2/readyz");
        assert_eq!(asked("localhost"), "http://localhost:2/readyz");
    }
}
