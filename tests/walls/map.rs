//! The map of the house. Each crate's rooms stand from the ground up, and each names the rooms that it
//! imports from. A room is a module of the crate's root, or one below it that deserves walls of its own;
//! `lib` and `main` are the roots themselves.

use super::rooms::{Libraries, Rooms};

mod auth_server;

/// A crate's page of the map.
pub(crate) struct Crate {
    pub(crate) name: &'static str,
    /// The crates of this workspace that it depends on.
    pub(crate) crates: &'static [&'static str],
    pub(crate) rooms: &'static Rooms,
    /// Libraries that not every room may name.
    pub(crate) libraries: &'static Libraries,
}

pub(crate) const CRATES: &[Crate] = &[
    Crate {
        name: "symbolon",
        crates: &[],
        rooms: &[
            ("clock", &[]),
            ("random", &[]),
            ("secret", &[]),
            ("scope", &[]),
            ("access_expression", &["scope"]),
            ("identifiers", &[]),
            ("parameters", &[]),
            ("members", &["clock", "scope"]),
            ("error", &["members"]),
            ("jwk", &["members"]),
            ("metadata", &["members"]),
            ("bearer", &["error", "secret"]),
            ("pkce", &["random", "secret"]),
            ("token", &["members", "parameters", "scope", "secret"]),
            (
                "authorization",
                &["error", "parameters", "scope", "secret", "token"],
            ),
            ("revocation", &["parameters", "secret"]),
            (
                "client_authentication",
                &["identifiers", "parameters", "secret"],
            ),
            (
                "access_token",
                &["clock", "identifiers", "members", "scope"],
            ),
            (
                "check_token",
                &[
                    "access_token",
                    "clock",
                    "error",
                    "identifiers",
                    "members",
                    "parameters",
                    "scope",
                    "secret",
                ],
            ),
            (
                "introspection",
                &[
                    "access_token",
                    "clock",
                    "identifiers",
                    "members",
                    "parameters",
                    "scope",
                    "secret",
                ],
            ),
            ("trace_context", &[]),
            (
                "calls",
                &["client_authentication", "secret", "trace_context"],
            ),
            ("lib", &[]),
        ],
        libraries: &[
            // The messages are text and values: no framework, no runtime, no store.
            ("actix_web", &[]),
            ("redis", &[]),
            ("tokio", &[]),
            ("reqwest", &["calls"]),
            // What a reader lets go is told at debug level.
            (
                "tracing",
                &[
                    "bearer",
                    "calls",
                    "jwk",
                    "members",
                    "parameters",
                    "trace_context",
                ],
            ),
            ("opentelemetry", &["trace_context"]),
            ("opentelemetry_sdk", &["trace_context"]),
            ("tracing_opentelemetry", &["trace_context"]),
        ],
    },
    Crate {
        name: "symbolon-service",
        crates: &["symbolon"],
        rooms: &[
            ("identity", &[]),
            ("client_address", &[]),
            ("cookies", &[]),
            ("numbers", &[]),
            ("head_requests", &[]),
            ("http", &["client_address", "numbers"]),
            ("telemetry", &["identity"]),
            ("settings", &["http", "telemetry"]),
            ("healthcheck", &["http"]),
            ("request_log", &["client_address", "http"]),
            ("metrics", &["http", "identity"]),
            ("connections", &["client_address", "http", "metrics"]),
            (
                "probes",
                &["connections", "head_requests", "http", "metrics"],
            ),
            ("drain", &["http", "probes"]),
            ("shutdown", &["drain"]),
            (
                "service",
                &[
                    "connections",
                    "drain",
                    "head_requests",
                    "http",
                    "identity",
                    "metrics",
                    "probes",
                    "request_log",
                    "shutdown",
                ],
            ),
            (
                "command_line",
                &[
                    "healthcheck",
                    "http",
                    "identity",
                    "service",
                    "settings",
                    "telemetry",
                ],
            ),
            ("lib", &[]),
        ],
        libraries: &[
            ("toml", &["settings"]),
            ("opentelemetry", &["request_log", "telemetry"]),
            ("opentelemetry_sdk", &["telemetry"]),
            ("reqwest", &["healthcheck"]),
            ("actix_http", &["connections"]),
            ("actix_server", &["connections"]),
            ("tokio", &["connections", "shutdown"]),
            ("tracing_opentelemetry", &["request_log", "telemetry"]),
            ("tracing_subscriber", &["telemetry"]),
            ("prometheus_client", &["metrics", "probes", "service"]),
        ],
    },
    auth_server::AUTH_SERVER,
    Crate {
        name: "symbolon-resource-server",
        crates: &["symbolon"],
        rooms: &[
            ("verdict", &[]),
            ("error", &["verdict"]),
            ("authentication", &["error"]),
            ("events", &["authentication", "error"]),
            ("presented_token", &["error"]),
            ("extractor", &["authentication", "error"]),
            ("guard", &["authentication", "error"]),
            ("verifier", &["authentication", "verdict"]),
            (
                "middleware",
                &[
                    "authentication",
                    "error",
                    "events",
                    "presented_token",
                    "verdict",
                    "verifier",
                ],
            ),
            ("lib", &[]),
        ],
        libraries: &[
            ("jsonwebtoken", &["verifier"]),
            ("quick_cache", &["verifier"]),
            ("reqwest", &["lib", "verifier"]),
            ("tokio", &["verifier"]),
            (
                "actix_web",
                &[
                    "error",
                    "events",
                    "extractor",
                    "guard",
                    "lib",
                    "middleware",
                    "presented_token",
                ],
            ),
        ],
    },
    Crate {
        name: "photo-space",
        crates: &["symbolon", "symbolon-resource-server", "symbolon-service"],
        rooms: &[
            ("settings", &[]),
            ("metrics", &[]),
            ("verifier", &["metrics", "settings"]),
            ("photos", &["settings"]),
            ("cors", &[]),
            ("json_errors", &[]),
            ("api", &["photos"]),
            (
                "lib",
                &[
                    "api",
                    "cors",
                    "json_errors",
                    "metrics",
                    "photos",
                    "settings",
                    "verifier",
                ],
            ),
            ("main", &["lib", "settings"]),
        ],
        libraries: &[
            ("actix_cors", &["cors"]),
            ("mimalloc", &["main"]),
            ("prometheus_client", &["metrics", "verifier"]),
        ],
    },
    Crate {
        name: "symbolon-client",
        crates: &["symbolon"],
        rooms: &[
            ("observer", &[]),
            ("tokens", &[]),
            ("extra_parameters", &[]),
            ("authorization_server", &[]),
            ("discovery", &["authorization_server"]),
            (
                "registration",
                &["authorization_server", "extra_parameters", "observer"],
            ),
            ("sent_secrets", &["registration"]),
            (
                "endpoint_call",
                &[
                    "authorization_server",
                    "observer",
                    "registration",
                    "sent_secrets",
                    "tokens",
                ],
            ),
            ("revocation", &["endpoint_call", "observer", "registration"]),
            ("pending", &["registration", "tokens"]),
            (
                "token_endpoint",
                &[
                    "endpoint_call",
                    "observer",
                    "pending",
                    "registration",
                    "tokens",
                ],
            ),
            ("renewal", &["endpoint_call"]),
            ("context", &["renewal", "tokens"]),
            (
                "providers",
                &[
                    "endpoint_call",
                    "extra_parameters",
                    "pending",
                    "registration",
                    "tokens",
                ],
            ),
            (
                "error",
                &["context", "endpoint_call", "pending", "providers"],
            ),
            (
                "token_source",
                &["context", "error", "providers", "registration", "tokens"],
            ),
            (
                "client",
                &[
                    "context",
                    "endpoint_call",
                    "error",
                    "observer",
                    "pending",
                    "providers",
                    "registration",
                    "token_source",
                    "tokens",
                ],
            ),
            ("lib", &[]),
        ],
        libraries: &[
            // Any program can use the client, whatever its web framework.
            ("actix_web", &[]),
            ("tokio", &["renewal", "token_source"]),
            (
                "reqwest",
                &[
                    "client",
                    "discovery",
                    "endpoint_call",
                    "error",
                    "lib",
                    "registration",
                ],
            ),
        ],
    },
    Crate {
        name: "print-photo",
        crates: &["symbolon", "symbolon-client", "symbolon-service"],
        rooms: &[
            ("settings", &[]),
            ("lessons", &[]),
            ("flow", &["lessons"]),
            ("access", &[]),
            ("exchange", &["access"]),
            ("session", &["access", "exchange", "flow", "settings"]),
            ("page", &["access", "flow", "session"]),
            ("problem", &["page"]),
            ("guard", &["page", "problem", "session"]),
            ("metrics", &["session"]),
            (
                "clients",
                &["access", "flow", "metrics", "session", "settings"],
            ),
            (
                "authorize",
                &["clients", "exchange", "guard", "page", "problem", "session"],
            ),
            (
                "photos",
                &[
                    "authorize",
                    "clients",
                    "guard",
                    "page",
                    "problem",
                    "session",
                ],
            ),
            (
                "lib",
                &[
                    "authorize",
                    "clients",
                    "guard",
                    "metrics",
                    "photos",
                    "problem",
                    "session",
                    "settings",
                ],
            ),
            ("main", &["lib", "settings"]),
        ],
        libraries: &[
            ("askama", &["page"]),
            ("prometheus_client", &["metrics"]),
            ("mimalloc", &["main"]),
            ("reqwest", &["clients", "photos"]),
        ],
    },
];
