//! The two applications that this program is: two clients, two cookies, two sets of sessions. That they are served from one
//! address saves the demo a process, and nothing else is shared.

/// Where Photo Stats is.
pub(super) const STATS_PATH: &str = "/stats";

/// Which application a page belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Application {
    /// Prints photos, and shows how it comes to see them.
    #[default]
    PrintPhoto,
    /// Counts photos: a second application of the same owner.
    PhotoStats,
}

impl Application {
    /// The one that has the page at this path.
    pub(super) fn at(path: &str) -> Self {
        match path.strip_prefix(STATS_PATH) {
            Some(rest) if rest.is_empty() || rest.starts_with('/') => Self::PhotoStats,
            Some(_) | None => Self::PrintPhoto,
        }
    }

    /// What it is called.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::PrintPhoto => "Print Photo",
            Self::PhotoStats => "Photo Stats",
        }
    }

    /// What its paths begin with.
    pub(super) const fn root(self) -> &'static str {
        match self {
            Self::PrintPhoto => "",
            Self::PhotoStats => STATS_PATH,
        }
    }

    /// Its first page.
    pub(super) const fn home(self) -> &'static str {
        match self {
            Self::PrintPhoto => "/",
            Self::PhotoStats => STATS_PATH,
        }
    }

    /// Where the browser comes back to.
    pub(super) const fn callback_path(self) -> &'static str {
        match self {
            Self::PrintPhoto => "/callback",
            Self::PhotoStats => "/stats/callback",
        }
    }

    /// The page that access leads to.
    pub(super) const fn page_with_access(self) -> &'static str {
        match self {
            Self::PrintPhoto => "/photos",
            Self::PhotoStats => STATS_PATH,
        }
    }
}
