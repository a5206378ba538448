//! What a test holds of the Core API's faces.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use super::super::State;
use super::faces::image;
use super::state::{Attempt, person_id};

/// The emulated Core API's faces, and the SDKs that use them.
pub struct CafCoreFaces {
    state: Arc<State>,
}

impl CafCoreFaces {
    pub(in crate::caf) fn new(state: Arc<State>) -> Self {
        Self { state }
    }

    /// Whether the person has a face whose registration has come to its end, which takes five seconds of the
    /// sandbox's time.
    #[must_use]
    pub fn is_registered(&self, person_id: &str) -> bool {
        let now = self.state.clock.now();
        let data = self.state.core_faces.data();
        self::person_id(person_id).is_some_and(|person_id| data.face(&person_id, now).is_some())
    }

    /// How many people have a face, or will.
    #[must_use]
    pub fn registered_faces(&self) -> usize {
        self.state.core_faces.data().count()
    }

    /// Authenticates a person with a picture, as an SDK does: the id of the attempt. `None` if the person has
    /// no face yet, or if there can be no picture at this URL.
    pub fn attempt(&self, person_id: &str, image_url: &str) -> Option<String> {
        let person_id = self::person_id(person_id)?;
        let received = image(image_url).ok()?;
        let now = self.state.clock.now();
        let id = self.state.ulid();
        let mut data = self.state.core_faces.data();
        let registered = data.face(&person_id, now)?.clone();
        data.attempts.push(Attempt {
            id: id.clone(),
            created_at: now,
            person_id,
            registered,
            received,
        });
        Some(id)
    }

    /// The attempts so far, oldest first.
    #[must_use]
    pub fn attempts(&self) -> Vec<CafFaceAttempt> {
        let data = self.state.core_faces.data();
        let attempts = data.attempts.iter();
        attempts.map(|attempt| CafFaceAttempt(attempt.clone())).collect()
    }
}

impl fmt::Debug for CafCoreFaces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CafCoreFaces")
            .field("registered_faces", &self.registered_faces())
            .finish_non_exhaustive()
    }
}

/// One authentication by an SDK. `Debug` shows neither the person nor the pictures.
#[derive(Clone)]
pub struct CafFaceAttempt(Attempt);

impl CafFaceAttempt {
    /// The attempt's id, a ULID.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// The person's id.
    #[must_use]
    pub fn person_id(&self) -> &str {
        &self.0.person_id
    }

    /// The verdict.
    #[must_use]
    pub fn is_match(&self) -> bool {
        self.0.is_match()
    }

    /// When it was made, by the sandbox's clock.
    #[must_use]
    pub fn created_at(&self) -> SystemTime {
        self.0.created_at
    }
}

impl fmt::Debug for CafFaceAttempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CafFaceAttempt")
            .field("id", &self.id())
            .field("is_match", &self.is_match())
            .finish_non_exhaustive()
    }
}
