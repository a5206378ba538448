//! What a test holds of the Mobile API.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use super::super::State;
use super::signed_response::CafSpoiledResponse;
use super::state::Attempt;

/// The emulated Mobile API: its faces, its attempts, and its signed answers.
pub struct CafMobile {
    state: Arc<State>,
}

impl CafMobile {
    pub(in crate::caf) fn new(state: Arc<State>) -> Self {
        Self { state }
    }

    /// The URL of the picture that was registered for a CPF, the last one if there were several.
    #[must_use]
    pub fn registered_image_url(&self, people_id: &str) -> Option<String> {
        let data = self.state.mobile.data();
        data.faces.get(people_id).map(|image| image.url.clone())
    }

    /// How many people have a face.
    #[must_use]
    pub fn registered_faces(&self) -> usize {
        self.state.mobile.data().faces.len()
    }

    /// The authentications, oldest first. Their answers do not tell their ids: this is the place to learn
    /// them.
    #[must_use]
    pub fn attempts(&self) -> Vec<CafMobileAttempt> {
        let data = self.state.mobile.data();
        let attempts = data.attempts.iter();
        attempts
            .map(|attempt| CafMobileAttempt(attempt.clone()))
            .collect()
    }

    /// Spoils the next answer that is to be signed.
    pub fn spoil_next_signed_response(&self, flaw: CafSpoiledResponse) {
        self.state.mobile.data().next_response = Some(flaw);
    }
}

impl fmt::Debug for CafMobile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CafMobile")
            .field("registered_faces", &self.registered_faces())
            .finish_non_exhaustive()
    }
}

/// One authentication of a face. `Debug` shows neither the person nor the pictures.
#[derive(Clone)]
pub struct CafMobileAttempt(Attempt);

impl CafMobileAttempt {
    /// The attempt's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// The person's CPF.
    #[must_use]
    pub fn people_id(&self) -> &str {
        &self.0.people_id
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

impl fmt::Debug for CafMobileAttempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CafMobileAttempt")
            .field("id", &self.id())
            .field("is_match", &self.is_match())
            .finish_non_exhaustive()
    }
}
