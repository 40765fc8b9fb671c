//! The three services, each in a process of its own, as `scripts/demo` runs them.

use redis_server::ReservedPort;

use crate::{Browser, ListeningIn, PrintPhoto, ServiceProcess};

/// Three processes, until this is dropped.
pub struct Services {
    /// The authorization server.
    pub auth: ServiceProcess,
    /// The resource server.
    pub resource: ServiceProcess,
    /// The demo client.
    pub client: ServiceProcess,
    /// What the other two services say to the authorization server.
    pub to_auth: ListeningIn,
    /// What the demo client says to the resource server.
    pub to_resource: ListeningIn,
    _client_port: ReservedPort,
}

impl Services {
    /// Starts them. What is set for all has names without the service (`LOG__FILTER`); what is set for
    /// one has the name of its environment variable.
    #[allow(clippy::too_many_lines, reason = "a test reads from top to bottom")]
    pub async fn start(for_all: &[(&str, &str)], environment: &[(&str, &str)]) -> Self {
        // The authorization server must know where the client will be.
        let reserved = ReservedPort::take();
        let client_port = reserved.number().to_string();
        let client_url = format!("http://localhost:{client_port}");
        let demo = include_str!("../../auth-server/config/demo.toml");
        let demo = demo.replace("http://localhost:9002", &client_url);
        let of = |prefix: &str| {
            let shared = for_all
                .iter()
                .map(|(name, value)| (format!("{prefix}__{name}"), (*value).to_owned()));
            let own = environment
                .iter()
                .filter(|(name, _)| name.starts_with(prefix))
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            shared.chain(own).collect::<Vec<_>>()
        };
        let auth = start("auth-server", Some(&demo), of("AUTH_SERVER")).await;
        let to_auth = ListeningIn::on(&auth.address);
        let mut settings = of("RESOURCE_SERVER");
        settings.push((
            "RESOURCE_SERVER__VERIFIER__AUTHORIZATION_SERVER".to_owned(),
            to_auth.url.clone(),
        ));
        let resource = start("resource-server", None, settings).await;
        let to_resource = ListeningIn::on(&resource.address);
        let mut settings = of("DEMO_CLIENT");
        settings.extend(
            [
                ("HTTP__PORT", &client_port),
                ("AUTHORIZATION_SERVER__URL", &auth.address),
                ("AUTHORIZATION_SERVER__INTERNAL_URL", &to_auth.url),
                ("RESOURCE_SERVER__URL", &resource.address),
                ("RESOURCE_SERVER__INTERNAL_URL", &to_resource.url),
            ]
            .map(|(name, value)| (format!("DEMO_CLIENT__{name}"), value.clone())),
        );
        let client = start("demo-client", None, settings).await;
        Self {
            auth,
            resource,
            client,
            to_auth,
            to_resource,
            _client_port: reserved,
        }
    }

    /// All three.
    pub fn all(&mut self) -> [&mut ServiceProcess; 3] {
        [&mut self.auth, &mut self.resource, &mut self.client]
    }

    /// Print Photo in a new browser.
    pub fn print_photo(&self) -> PrintPhoto {
        PrintPhoto {
            address: self.client.address.clone(),
            browser: Browser::new(&self.auth.address),
        }
    }

    /// Ends all three as an operator would and waits for their end.
    pub async fn stop(&mut self) {
        for service in self.all() {
            service.signal("TERM");
        }
        for service in self.all() {
            assert!(service.ended().await.success(), "{}", service.log());
        }
    }
}

async fn start(
    service: &str,
    settings: Option<&str>,
    environment: Vec<(String, String)>,
) -> ServiceProcess {
    let environment: Vec<(&str, &str)> = environment
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    ServiceProcess::start(service, settings, &environment).await
}
