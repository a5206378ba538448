//! What the Mobile API remembers.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};
use std::time::SystemTime;

use super::super::image::Image;
use super::signed_response::CafSpoiledResponse;
use crate::lock::lock;

#[derive(Default)]
pub(in crate::caf) struct State(Mutex<Data>);

/// The part that changes.
#[derive(Default)]
pub(super) struct Data {
    /// The faces, by the CPF of the person. They are the account's: every Mobile Key sees them (ours).
    pub(super) faces: HashMap<String, Image>,
    /// The authentications, oldest first.
    pub(super) attempts: Vec<Attempt>,
    /// What is wrong with the next signed answer.
    pub(super) next_response: Option<CafSpoiledResponse>,
}

/// One authentication.
#[derive(Clone)]
pub(super) struct Attempt {
    pub(super) id: String,
    pub(super) created_at: SystemTime,
    pub(super) people_id: String,
    pub(super) execution_origin_id: String,
    pub(super) registered: Image,
    pub(super) received: Image,
}

impl Attempt {
    pub(super) fn is_face_match(&self) -> bool {
        self.received.shows_the_face_of(&self.registered)
    }

    pub(super) fn is_match(&self) -> bool {
        self.is_face_match() && self.received.is_alive()
    }
}

impl State {
    pub(super) fn data(&self) -> MutexGuard<'_, Data> {
        lock(&self.0)
    }
}
