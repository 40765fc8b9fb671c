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
    #[error("The picture took too long")]
    TooSlow,
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

/// A picture.
#[derive(Clone, Debug)]
pub(super) struct KeptPhoto {
    pub(super) photo: Photo,
    pub(super) bytes: Bytes,
}

#[derive(Default)]
struct Kept {
    photos: BTreeMap<u64, KeptPhoto>,
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
        let kept = KeptPhoto {
            photo: photo.clone(),
            bytes,
        };
        self.photos.insert(photo.id, kept);
        photo
    }
}

/// A picture that is there from the start.
struct Sample {
    owner: &'static str,
    title: &'static str,
    bytes: &'static [u8],
}

/// The pictures that `pictures/generate.py` draws.
const SAMPLES: [Sample; 6] = [
    Sample {
        owner: "xiaoming",
        title: "Sunrise over the mountains",
        bytes: include_bytes!("pictures/mountains.png"),
    },
    Sample {
        owner: "xiaoming",
        title: "Lanterns",
        bytes: include_bytes!("pictures/lanterns.png"),
    },
    Sample {
        owner: "xiaoming",
        title: "At sea",
        bytes: include_bytes!("pictures/sea.png"),
    },
    Sample {
        owner: "lihua",
        title: "Bamboo grove",
        bytes: include_bytes!("pictures/bamboo.png"),
    },
    Sample {
        owner: "lihua",
        title: "Moonlit lake",
        bytes: include_bytes!("pictures/moonlit-lake.png"),
    },
    Sample {
        owner: "lihua",
        title: "Plum blossom",
        bytes: include_bytes!("pictures/plum-blossom.png"),
    },
];

impl Photos {
    /// The samples of the demo's two owners.
    pub(super) fn with_samples(limits: PhotoSettings) -> Self {
        let mut kept = Kept::default();
        for sample in SAMPLES {
            let bytes = Bytes::from_static(sample.bytes);
            kept.add(sample.owner, sample.title, "image/png", bytes);
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
        let photos = kept.photos.values().map(|kept| &kept.photo);
        photos
            .filter(|photo| viewer.may_see(photo))
            .cloned()
            .collect()
    }

    /// A picture; what `viewer` may not see does not exist.
    pub(super) fn find(&self, viewer: Viewer<'_>, id: u64) -> Result<KeptPhoto, PhotoError> {
        let kept = self.read();
        let found = kept.photos.get(&id);
        let visible = found.filter(|kept| viewer.may_see(&kept.photo));
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
        let own = photos.filter(|kept| kept.photo.owner == owner).count();
        if own >= self.limits.max_per_owner {
            return Err(PhotoError::NoRoom);
        }
        Ok(kept.add(owner, title, content_type, bytes))
    }

    /// Forgets a picture of `owner`.
    pub(super) fn remove(&self, owner: &str, id: u64) -> Result<(), PhotoError> {
        let mut kept = self.write();
        let found = kept.photos.get(&id);
        if found.is_none_or(|kept| kept.photo.owner != owner) {
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
