//! Where a database is.

use std::fmt;
use std::path::PathBuf;

use percent_encoding::percent_decode_str;
use symbolon::secret::Secret;
use url::{Host, Url};

/// Which database speaks there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum System {
    Postgresql,
    Mysql,
}

/// How a connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encryption {
    /// Not at all.
    Off,
    /// When the server can; nobody checks who it is.
    IfOffered,
    /// Always; nobody checks who it is.
    Always,
    /// Always, with a certificate that a known authority has signed.
    KnownAuthority,
    /// Always, with a certificate of that host.
    KnownHost,
}

/// Where a database is: `postgres://[USER[:PASSWORD]@]HOST[:PORT]/DATABASE`, the same with `mysql://` or
/// `mariadb://`, or `sqlite:PATH`. After a `?` there may be `sslmode` (in MySQL's words `ssl-mode`) and `socket`.
#[derive(Clone, PartialEq, Eq)]
pub struct SqlAddress(pub(super) Place);

#[derive(Clone, PartialEq, Eq)]
pub(super) enum Place {
    Server(Server),
    File(PathBuf),
}

#[derive(Clone, PartialEq, Eq)]
pub(super) struct Server {
    pub(super) system: System,
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) socket: Option<PathBuf>,
    pub(super) user: String,
    pub(super) password: Option<Secret>,
    pub(super) database: String,
    pub(super) encryption: Option<Encryption>,
}

/// Why an address cannot be used. It never shows the address, which may hold a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// It does not begin as one does.
    #[error("it begins with none of postgres://, mysql://, mariadb:// and sqlite:")]
    Scheme,
    /// It is an address of Java.
    #[error("it is an address for Java: without `jdbc:`, and with the user before the host")]
    Jdbc,
    /// It cannot be taken apart.
    #[error("it cannot be read: {0}")]
    Url(url::ParseError),
    /// Something is missing.
    #[error("it names no {0}")]
    Missing(&'static str),
    /// What follows `%` is no text.
    #[error("its {0} is not percent-encoded UTF-8")]
    Encoding(&'static str),
    /// A parameter that is not known.
    #[error("it has a parameter other than `sslmode`, `ssl-mode` and `socket`")]
    Parameter,
    /// No kind of encryption.
    #[error(
        "its `sslmode` is none of disable, prefer, require, verify-ca and verify-full (for MySQL: disabled, preferred, \
         required, verify_ca, verify_identity)"
    )]
    Encryption,
    /// Two passwords.
    #[error("it holds a password, and another one is set")]
    TwoPasswords,
    /// A certificate for nobody.
    #[error("it is a file, which has neither a password nor a certificate")]
    FileWithPassword,
}

impl fmt::Debug for SqlAddress {
    /// Without the user and the password.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SqlAddress({})", self.system())
    }
}

impl SqlAddress {
    /// Reads an address; the password may stand apart from it.
    pub fn parse(text: &str, password: Option<&Secret>) -> Result<Self, AddressError> {
        if text.starts_with("jdbc:") {
            return Err(AddressError::Jdbc);
        }
        let (scheme, rest) = text.split_once(':').ok_or(AddressError::Scheme)?;
        let system = match scheme {
            "postgres" | "postgresql" => System::Postgresql,
            "mysql" | "mariadb" => System::Mysql,
            "sqlite" if password.is_some() => return Err(AddressError::FileWithPassword),
            "sqlite" => return file(rest).map(|file| Self(Place::File(file))),
            _ => return Err(AddressError::Scheme),
        };
        if !rest.starts_with("//") {
            return Err(AddressError::Scheme);
        }
        // Neither scheme is one that the parser knows: it reads both alike.
        let url = Url::parse(text).map_err(AddressError::Url)?;
        let mut server = server(system, &url)?;
        match (password, &server.password) {
            (Some(_), Some(_)) => return Err(AddressError::TwoPasswords),
            (Some(password), None) => server.password = Some(password.clone()),
            (None, _) => {}
        }
        Ok(Self(Place::Server(server)))
    }

    /// Which database it is, as OpenTelemetry names it in `db.system.name`.
    pub const fn system(&self) -> &'static str {
        match &self.0 {
            Place::Server(server) => match server.system {
                System::Postgresql => "postgresql",
                System::Mysql => "mysql",
            },
            Place::File(_) => "sqlite",
        }
    }

    /// Whether what is said there can be read or answered by somebody on the way.
    pub fn is_open_to_others(&self, has_authority: bool) -> bool {
        let Place::Server(server) = &self.0 else {
            return false;
        };
        let is_checked = match server.encryption {
            Some(Encryption::KnownHost | Encryption::KnownAuthority) => true,
            None => has_authority,
            Some(Encryption::Off | Encryption::IfOffered | Encryption::Always) => false,
        };
        !is_checked && server.socket.is_none() && !is_this_machine(&server.host)
    }
}

impl Server {
    /// What is said, or what goes without saying.
    pub(super) fn encryption(&self, has_authority: bool) -> Encryption {
        let usual = if has_authority {
            Encryption::KnownHost
        } else {
            Encryption::IfOffered
        };
        self.encryption.unwrap_or(usual)
    }
}

fn is_this_machine(host: &str) -> bool {
    match Host::parse(host) {
        Ok(Host::Ipv4(address)) => address.is_loopback(),
        Ok(Host::Ipv6(address)) => address.is_loopback(),
        Ok(Host::Domain(name)) => name == "localhost",
        Err(_) => false,
    }
}

fn file(rest: &str) -> Result<PathBuf, AddressError> {
    let path = rest.strip_prefix("//").unwrap_or(rest);
    if path.is_empty() {
        return Err(AddressError::Missing("file"));
    }
    Ok(PathBuf::from(path))
}

fn server(system: System, url: &Url) -> Result<Server, AddressError> {
    let mut server = Server {
        system,
        host: url.host_str().unwrap_or_default().to_owned(),
        port: url.port().unwrap_or(match system {
            System::Postgresql => 5432,
            System::Mysql => 3306,
        }),
        socket: None,
        user: decoded(url.username(), "user")?,
        password: url
            .password()
            .map(|password| decoded(password, "password").map(Secret::new))
            .transpose()?,
        database: decoded(url.path().trim_start_matches('/'), "database")?,
        encryption: None,
    };
    for (name, value) in url.query_pairs() {
        match name.as_ref() {
            "sslmode" | "ssl-mode" => server.encryption = Some(encryption(&value)?),
            "socket" => server.socket = Some(PathBuf::from(value.as_ref())),
            _ => return Err(AddressError::Parameter),
        }
    }
    for (what, is_missing) in [
        ("host", server.host.is_empty() && server.socket.is_none()),
        ("user", server.user.is_empty()),
        ("database", server.database.is_empty()),
    ] {
        if is_missing {
            return Err(AddressError::Missing(what));
        }
    }
    Ok(server)
}

fn decoded(text: &str, what: &'static str) -> Result<String, AddressError> {
    let decoded = percent_decode_str(text).decode_utf8();
    decoded
        .map(std::borrow::Cow::into_owned)
        .map_err(|_| AddressError::Encoding(what))
}

fn encryption(text: &str) -> Result<Encryption, AddressError> {
    Ok(match text {
        "disable" | "disabled" => Encryption::Off,
        "prefer" | "preferred" => Encryption::IfOffered,
        "require" | "required" => Encryption::Always,
        "verify-ca" | "verify_ca" => Encryption::KnownAuthority,
        "verify-full" | "verify_identity" => Encryption::KnownHost,
        _ => return Err(AddressError::Encryption),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(text: &str) -> Server {
        match SqlAddress::parse(text, None).unwrap().0 {
            Place::Server(server) => server,
            Place::File(_) => panic!("a file"),
        }
    }

    #[test]
    fn an_address_says_where_and_who() {
        let read = server("postgres://spring:p%40ss@db.example/shop?sslmode=verify-full");
        assert_eq!((read.host.as_str(), read.port), ("db.example", 5432));
        assert_eq!(
            (read.user.as_str(), read.database.as_str()),
            ("spring", "shop")
        );
        assert_eq!(read.password.unwrap().expose(), "p@ss");
        assert_eq!(read.encryption, Some(Encryption::KnownHost));
        let read = server("mariadb://spring@localhost:3307/shop?socket=/run/mysqld.sock");
        assert_eq!((read.system, read.port), (System::Mysql, 3307));
        assert_eq!(read.socket, Some(PathBuf::from("/run/mysqld.sock")));
        let file = SqlAddress::parse("sqlite:shop.db", None).unwrap();
        assert!(matches!(file.0, Place::File(path) if *path == *"shop.db"));
    }

    #[test]
    fn a_password_may_stand_apart_and_only_once() {
        let apart = Secret::new("apart");
        let read = SqlAddress::parse("mysql://spring@db.example/shop", Some(&apart)).unwrap();
        let Place::Server(read) = read.0 else {
            panic!("a file")
        };
        assert_eq!(read.password.as_ref(), Some(&apart));
        let twice = SqlAddress::parse("mysql://spring:one1@db.example/shop", Some(&apart));
        assert_eq!(twice, Err(AddressError::TwoPasswords));
    }

    #[test]
    fn what_is_no_address_is_refused_without_being_shown() {
        for text in [
            "jdbc:postgresql://db.example/shop?user=u&password=s3cret",
            "oracle://u:s3cret@db.example/shop",
            "postgres:s3cret",
            "postgres://u:s3cret@db.example:99999/shop",
            "postgres://u:s3cret@db.example",
            "postgres://u:s3cret@/shop",
            "postgres://db.example/s3cret",
            "postgres://u:s3cret@db.example/shop?sslmode=s3cret",
            "postgres://u:s3cret@db.example/shop?s3cret=1",
            "postgres://u:s3cret%ff@db.example/shop",
            "sqlite:",
        ] {
            let error = SqlAddress::parse(text, None).unwrap_err().to_string();
            assert!(!error.contains("s3cret"), "{error}");
        }
    }

    #[test]
    fn a_way_that_others_can_read_is_known() {
        for (text, is_open) in [
            ("postgres://u@db.example/shop", true),
            ("postgres://u@db.example/shop?sslmode=require", true),
            ("postgres://u@db.example/shop?sslmode=verify-full", false),
            ("mysql://u@127.0.0.1/shop", false),
            ("mysql://u@db.example/shop?socket=/run/s", false),
            ("sqlite:shop.db", false),
        ] {
            let address = SqlAddress::parse(text, None).unwrap();
            assert_eq!(address.is_open_to_others(false), is_open, "{text}");
        }
    }
}
