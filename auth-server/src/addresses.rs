//! Where this server's endpoints are: the one answer for the route table, the metadata, the pages and the
//! redirects.
//!
//! An issuer may have a path (`https://host/uaa`). Browsers and clients then know every endpoint below it, and the
//! proxy in front may take the path away from a request or leave it there. So what we say has the path, and what
//! we hear may be without.

use std::borrow::Cow;

use endpoint::Below;

mod account;
mod administration;
mod developer;
mod endpoint;
mod issuer;
mod paths;

pub use account::AccountAddresses;
pub use administration::{AdministrationAddresses, AdministrationApiAddresses};
pub use developer::DeveloperAddresses;
pub use endpoint::Endpoint;
pub use issuer::{IssuerError, issuer_path};
pub use paths::{AddressError, PathError, Paths};

/// Where all endpoints of one server are. Made once, at its start.
#[derive(Clone, Debug)]
pub struct Addresses {
    /// What this server is, and who is signed in.
    pub home: Endpoint,
    /// The style sheet of all pages.
    pub style: Endpoint,
    /// The icon of all pages.
    pub icon: Endpoint,
    /// The logo of whoever runs the server.
    pub logo: Endpoint,
    /// Signing in.
    pub login: Endpoint,
    /// The second factor of whoever signs in.
    pub login_code: Endpoint,
    /// Asking for a link in the place of a password that was forgotten.
    pub login_forgotten: Endpoint,
    /// Choosing a new password with it.
    pub login_reset: Endpoint,
    /// Asking for a link for an account.
    pub login_sign_up: Endpoint,
    /// Making one with it.
    pub login_sign_up_finish: Endpoint,
    /// Signing in with a passkey.
    pub login_passkey: Endpoint,
    /// The script of the pages that ask for passkeys.
    pub passkey_script: Endpoint,
    /// Signing out.
    pub logout: Endpoint,
    /// The pages of somebody's own account.
    pub account: AccountAddresses,
    /// Where developers register applications.
    pub developer: DeveloperAddresses,
    /// Where administrators work.
    pub administration: AdministrationAddresses,
    /// RFC 6749 §3.1.
    pub authorize: Endpoint,
    /// The approval page.
    pub confirm_access: Endpoint,
    /// The page of an error that nobody else shows.
    pub error: Endpoint,
    /// RFC 6749 §3.2.
    pub token: Endpoint,
    /// What Spring's resource servers ask.
    pub check_token: Endpoint,
    /// The same under its other name.
    pub check_access: Endpoint,
    /// The key that checks JWTs, in Spring's form.
    pub token_key: Endpoint,
    /// RFC 7517 §5.
    pub jwks: Endpoint,
    /// RFC 7662.
    pub introspect: Endpoint,
    /// RFC 7009.
    pub revoke: Endpoint,
    /// RFC 7591 and RFC 7592.
    pub register: Endpoint,
    /// RFC 8414.
    pub metadata: Endpoint,
    issuer_path: String,
}

impl Addresses {
    /// Those of the server that has this name, where they are called as they are.
    pub fn of(issuer: &str) -> Result<Self, IssuerError> {
        Self::placed(issuer, &Paths::default())
    }

    /// Those of the server that has this name.
    pub fn mapped(issuer: &str, paths: &Paths) -> Result<Self, AddressError> {
        paths.check()?;
        let placed = Self::placed(issuer, paths)?;
        placed.check_clashes()?;
        Ok(placed)
    }

    /// No path that is said may be one that another endpoint is heard at. Where they are by themselves they are apart.
    fn check_clashes(&self) -> Result<(), AddressError> {
        let is_mapped = |one: &&&Endpoint| !one.heard_at.iter().any(|path| path == one.name);
        for endpoint in self.all().iter().filter(is_mapped) {
            let elsewhere = || {
                self.all()
                    .into_iter()
                    .filter(|one| one.name != endpoint.name)
            };
            for path in &endpoint.heard_at {
                if let Some(other) = elsewhere().find(|other| other.heard_at.contains(path)) {
                    return Err(AddressError::taken(endpoint.name, path, other.name));
                }
            }
        }
        Ok(())
    }

    fn all(&self) -> Vec<&Endpoint> {
        let mut all = vec![
            &self.home,
            &self.style,
            &self.icon,
            &self.logo,
            &self.login,
            &self.login_code,
            &self.login_forgotten,
            &self.login_reset,
            &self.login_sign_up,
            &self.login_sign_up_finish,
            &self.login_passkey,
            &self.passkey_script,
            &self.logout,
            &self.authorize,
            &self.confirm_access,
            &self.error,
            &self.token,
            &self.check_token,
            &self.check_access,
            &self.token_key,
            &self.jwks,
            &self.introspect,
            &self.revoke,
            &self.register,
            &self.metadata,
        ];
        all.extend(self.account.all());
        all.extend(self.developer.all());
        all.extend(self.administration.all());
        all
    }

    /// The endpoint that is called so wherever it is.
    pub fn named(&self, name: &str) -> Option<&Endpoint> {
        self.all().into_iter().find(|one| one.name == name)
    }

    fn placed(issuer: &str, paths: &Paths) -> Result<Self, IssuerError> {
        let below = Below {
            issuer,
            path: issuer_path(issuer)?,
        };
        Ok(Self {
            home: below.home()?,
            style: below.endpoint("/style.css")?,
            icon: below.endpoint("/icon.svg")?,
            logo: below.endpoint("/logo")?,
            login: below.endpoint("/login")?,
            login_code: below.endpoint("/login/code")?,
            login_forgotten: below.endpoint("/login/forgotten")?,
            login_reset: below.endpoint("/login/reset")?,
            login_sign_up: below.endpoint("/login/sign-up")?,
            login_sign_up_finish: below.endpoint("/login/sign-up/finish")?,
            login_passkey: below.endpoint("/login/passkey")?,
            passkey_script: below.endpoint("/passkeys.js")?,
            logout: below.endpoint("/logout")?,
            account: AccountAddresses::below(&below)?,
            developer: DeveloperAddresses::below(&below)?,
            administration: AdministrationAddresses::below(&below)?,
            authorize: below.at("/oauth/authorize", &paths.authorize)?,
            confirm_access: below.at("/oauth/confirm_access", &paths.confirm_access)?,
            error: below.at("/oauth/error", &paths.error)?,
            token: below.at("/oauth/token", &paths.token)?,
            check_token: below.at("/oauth/check_token", &paths.check_token)?,
            check_access: below.endpoint("/oauth/check_access")?,
            token_key: below.at("/oauth/token_key", &paths.token_key)?,
            jwks: below.endpoint("/oauth/jwks")?,
            introspect: below.endpoint("/oauth/introspect")?,
            revoke: below.endpoint("/oauth/revoke")?,
            register: below.endpoint("/oauth/register")?,
            metadata: below.metadata()?,
            issuer_path: below.path.to_owned(),
        })
    }

    /// True when browsers come over TLS: then cookies must not travel without it.
    pub fn is_https(&self) -> bool {
        self.home.url.scheme() == "https"
    }

    /// The origin that browsers name as the sender of our forms.
    pub fn origin(&self) -> String {
        self.home.url.origin().ascii_serialization()
    }

    /// A name that is ours among all servers of this host whose issuers have other paths: browsers keep one cookie
    /// of each name for all of them.
    pub fn name_on_host(&self, name: &'static str) -> Cow<'static, str> {
        if self.issuer_path.is_empty() {
            return Cow::Borrowed(name);
        }
        // A slash may not be in the name of a cookie (RFC 9110 §5.6.2), and a plus is in no issuer's path.
        Cow::Owned(format!("{name}{}", self.issuer_path.replace('/', "+")))
    }
}

#[cfg(test)]
mod tests {
    use symbolon::metadata::WELL_KNOWN_PATH;

    use super::*;

    #[test]
    fn without_a_path_everything_is_where_its_name_says() {
        let at = Addresses::of("https://auth.example").unwrap();
        assert_eq!(at.login.to_string(), "/login");
        assert_eq!(at.login.heard_at, ["/login"]);
        assert_eq!(at.home.heard_at, ["/"]);
        assert_eq!(at.metadata.heard_at, [WELL_KNOWN_PATH]);
        assert_eq!(at.token.url.as_str(), "https://auth.example/oauth/token");
        assert_eq!(at.name_on_host("session"), "session");
    }

    #[test]
    fn what_is_said_has_the_path_and_what_is_heard_may_be_without() {
        let at = Addresses::of("https://auth.example/a/uaa").unwrap();
        assert_eq!(at.login.to_string(), "/a/uaa/login");
        assert_eq!(at.login.name, "/login");
        assert_eq!(at.login.heard_at, ["/login", "/a/uaa/login"]);
        assert_eq!(at.home.to_string(), "/a/uaa/");
        assert_eq!(at.home.heard_at, ["/", "/a/uaa/", "/a/uaa"]);
        let token = at.token.url.as_str();
        assert_eq!(token, "https://auth.example/a/uaa/oauth/token");
        assert_eq!(
            at.metadata.heard_at,
            [
                "/.well-known/oauth-authorization-server",
                "/a/uaa/.well-known/oauth-authorization-server",
                "/.well-known/oauth-authorization-server/a/uaa",
            ]
        );
        assert_eq!(at.name_on_host("session"), "session+a+uaa");
    }

    #[test]
    fn an_endpoint_that_is_mapped_is_where_it_is_said_and_nowhere_else() {
        let paths = Paths {
            token: "/api/token".to_owned(),
            ..Paths::default()
        };
        let at = Addresses::mapped("https://auth.example/uaa", &paths).unwrap();
        let url = at.token.url.as_str();
        assert_eq!(url, "https://auth.example/uaa/api/token");
        assert_eq!(at.token.heard_at, ["/api/token", "/uaa/api/token"]);
        assert_eq!(at.token.name, "/oauth/token");
        let same = Addresses::mapped("https://auth.example", &Paths::default()).unwrap();
        assert_eq!(same.token.heard_at, ["/oauth/token"]);
    }

    #[test]
    fn a_path_that_is_taken_or_none_is_told_with_its_setting() {
        let of = |token: &str| {
            let paths = Paths {
                token: token.to_owned(),
                ..Paths::default()
            };
            Addresses::mapped("https://auth.example/uaa", &paths).map(|at| at.token.path)
        };
        for (path, told) in [
            ("", "a slash"),
            ("/", "a slash"),
            ("token", "a slash"),
            ("/token/", "a slash is at its end"),
            ("/{x}", "`{`"),
            ("/a/../b", "`..`"),
            ("/login", "`/login` is where `/login` is heard"),
            ("/oauth/authorize", "`/oauth/authorize` is where"),
            (
                "/uaa/oauth/jwks",
                "`/uaa/oauth/jwks` is where `/oauth/jwks` is heard",
            ),
            ("/.well-known/oauth-authorization-server/uaa", "is heard"),
            ("/uaa", "`/uaa` is where `/` is heard"),
        ] {
            let error = of(path).unwrap_err().to_string();
            assert!(error.starts_with("`paths.token`: "), "{path}: {error}");
            assert!(error.contains(told), "{path}: {error}");
        }
        assert_eq!(of("/tokens").unwrap(), "/uaa/tokens");
    }

    #[test]
    fn a_path_that_has_more_than_one_spelling_is_none() {
        for (path, error) in [
            ("/", IssuerError::SlashAtEnd),
            ("//uaa", IssuerError::EmptySegment),
            ("/uaa/", IssuerError::SlashAtEnd),
            ("/a//b", IssuerError::EmptySegment),
            ("/.", IssuerError::DotSegment(".".to_owned())),
            ("/a/../b", IssuerError::DotSegment("..".to_owned())),
            ("/%75aa", IssuerError::Character('%')),
            ("/{tenant}", IssuerError::Character('{')),
            ("/a+b", IssuerError::Character('+')),
            ("/a;b", IssuerError::Character(';')),
            ("/a?b", IssuerError::Character('?')),
            ("?/a", IssuerError::Character('?')),
            ("#a", IssuerError::Character('#')),
        ] {
            let found = Addresses::of(&format!("https://auth.example{path}"));
            assert_eq!(found.unwrap_err(), error, "{path}");
        }
        for path in ["", "/uaa", "/a/b", "/...", "/a.b/~c_d-9"] {
            assert_eq!(issuer_path(&format!("http://h:1{path}")), Ok(path));
        }
    }
}
