//! The pictures, in memory: they are gone with the process, except for the samples.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use actix_web::web::Bytes;
use serde::Serialize;

use crate::settings::PhotoSettings;

/// The longest title, in characters.
const LONGEST_TITLE: usize = 100;

/// A picture without its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Photo {
    pub(super) id: u64,
    pub(super) title: String,
    pub(super) owner: String,
    pub(super) content_type: &'static str,
    /// Where the bytes are, below the address of this server.
    pub(super) url: String,
}

/// Why a picture is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum PhotoError {
    #[error("There is no such photo")]
    Unknown,
    #[error("Only PNG and JPEG pictures are kept here")]
    NotAPicture,
    #[error("The picture is too large")]
    TooLarge,
    #[error("The body cannot be read")]
    Unreadable,
    #[error("The title is longer than 100 characters or holds control characters")]
    BadTitle,
    #[error("There is no room for more photos of this owner")]
    NoRoom,
}

/// Whose pictures a caller may see.
#[derive(Clone, Copy, Debug)]
pub(super) enum Viewer<'a> {
    /// A person: their own.
    Owner(&'a str),
    /// A client that makes backups: everybody's.
    Backup,
}

impl Viewer<'_> {
    fn may_see(self, photo: &Photo) -> bool {
        match self {
            Self::Owner(owner) => photo.owner == owner,
            Self::Backup => true,
        }
    }
}

/// All pictures.
pub(super) struct Photos {
    limits: PhotoSettings,
    kept: RwLock<Kept>,
}

#[derive(Default)]
struct Kept {
    photos: BTreeMap<u64, (Photo, Bytes)>,
    last_id: u64,
}

impl Kept {
    fn add(&mut self, owner: &str, title: &str, content_type: &'static str, bytes: Bytes) -> Photo {
        self.last_id += 1;
        let photo = Photo {
            id: self.last_id,
            title: title.to_owned(),
            owner: owner.to_owned(),
            content_type,
            url: format!("/photos/{}", self.last_id),
        };
        self.photos.insert(photo.id, (photo.clone(), bytes));
        photo
    }
}

/// The pictures that `pictures/generate.py` draws: owner, title, bytes.
const SAMPLES: [(&str, &str, &[u8]); 6] = [
    (
        "xiaoming",
        "Sunrise over the mountains",
        include_bytes!("pictures/mountains.png"),
    ),
    (
        "xiaoming",
        "Lanterns",
        include_bytes!("pictures/lanterns.png"),
    ),
    ("xiaoming", "At sea", include_bytes!("pictures/sea.png")),
    (
        "lihua",
        "Bamboo grove",
        include_bytes!("pictures/bamboo.png"),
    ),
    (
        "lihua",
        "Moonlit lake",
        include_bytes!("pictures/moonlit-lake.png"),
    ),
    (
        "lihua",
        "Plum blossom",
        include_bytes!("pictures/plum-blossom.png"),
    ),
];

impl Photos {
    /// The samples of the demo's two owners.
    pub(super) fn with_samples(limits: PhotoSettings) -> Self {
        let mut kept = Kept::default();
        for (owner, title, bytes) in SAMPLES {
            kept.add(owner, title, "image/png", Bytes::from_static(bytes));
        }
        Self {
            limits,
            kept: RwLock::new(kept),
        }
    }

    pub(super) fn limits(&self) -> PhotoSettings {
        self.limits
    }

    /// Everything that `viewer` may see.
    pub(super) fn list(&self, viewer: Viewer<'_>) -> Vec<Photo> {
        let kept = self.read();
        let photos = kept.photos.values().map(|(photo, _)| photo);
        photos
            .filter(|photo| viewer.may_see(photo))
            .cloned()
            .collect()
    }

    /// A picture; what `viewer` may not see does not exist.
    pub(super) fn find(&self, viewer: Viewer<'_>, id: u64) -> Result<(Photo, Bytes), PhotoError> {
        let kept = self.read();
        let found = kept.photos.get(&id);
        let visible = found.filter(|(photo, _)| viewer.may_see(photo));
        visible.cloned().ok_or(PhotoError::Unknown)
    }

    /// Keeps a picture.
    pub(super) fn add(&self, owner: &str, title: &str, bytes: Bytes) -> Result<Photo, PhotoError> {
        let content_type = picture_type(&bytes).ok_or(PhotoError::NotAPicture)?;
        if title.chars().count() > LONGEST_TITLE || title.chars().any(char::is_control) {
            return Err(PhotoError::BadTitle);
        }
        let mut kept = self.write();
        let photos = kept.photos.values();
        let own = photos.filter(|(photo, _)| photo.owner == owner).count();
        if own >= self.limits.max_per_owner {
            return Err(PhotoError::NoRoom);
        }
        Ok(kept.add(owner, title, content_type, bytes))
    }

    /// Forgets a picture of `owner`.
    pub(super) fn remove(&self, owner: &str, id: u64) -> Result<(), PhotoError> {
        let mut kept = self.write();
        let found = kept.photos.get(&id);
        if found.is_none_or(|(photo, _)| photo.owner != owner) {
            return Err(PhotoError::Unknown);
        }
        kept.photos.remove(&id);
        Ok(())
    }

    // Every change is one insertion or removal, so what a panicking writer left behind is whole.
    fn read(&self) -> RwLockReadGuard<'_, Kept> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Kept> {
        self.kept.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The media type, by the first bytes: what a caller claims is not believed, because a browser shows it
/// to others.
fn picture_type(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some("image/png")
    } else if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
        Some("image/jpeg")
    } else {
        None
    }
}
