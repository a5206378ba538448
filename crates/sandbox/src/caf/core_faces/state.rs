//! What the Core API remembers of faces.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, SystemTime};

use super::super::image::Image;
use crate::lock::lock;

/// How long a registration takes. That it takes time is documented; how much is ours.
const IN_PROGRESS: Duration = Duration::from_secs(5);

#[derive(Default)]
pub(in crate::caf) struct State(Mutex<Data>);

/// The part that changes.
#[derive(Default)]
pub(super) struct Data {
    /// By the id of the person, without a mask.
    faces: HashMap<String, Face>,
    /// The SDKs' authentications, oldest first.
    pub(super) attempts: Vec<Attempt>,
}

struct Face {
    image: Image,
    ready_at: SystemTime,
}

/// One authentication by an SDK.
#[derive(Clone)]
pub(super) struct Attempt {
    pub(super) id: String,
    pub(super) created_at: SystemTime,
    pub(super) person_id: String,
    pub(super) registered: Image,
    pub(super) received: Image,
}

impl Attempt {
    pub(super) fn is_match(&self) -> bool {
        self.received.shows_the_face_of(&self.registered) && self.received.is_alive()
    }
}

impl Data {
    /// Begins to register a face. A person's newer one replaces the older one at once.
    pub(super) fn register(&mut self, person_id: String, image: Image, now: SystemTime) {
        let ready_at = now.checked_add(IN_PROGRESS).unwrap_or(now);
        self.faces.insert(person_id, Face { image, ready_at });
    }

    /// The person's face, once its registration has come to its end.
    pub(super) fn face(&self, person_id: &str, now: SystemTime) -> Option<&Image> {
        let face = self.faces.get(person_id)?;
        (face.ready_at <= now).then_some(&face.image)
    }

    pub(super) fn count(&self) -> usize {
        self.faces.len()
    }
}

impl State {
    pub(super) fn data(&self) -> MutexGuard<'_, Data> {
        lock(&self.0)
    }
}

/// The id under which a person is known: of what looks like a masked document only the digits count. `None`
/// if it is no such id.
pub(super) fn person_id(text: &str) -> Option<String> {
    if !(5..=254).contains(&text.chars().count()) {
        return None;
    }
    let is_masked = text
        .chars()
        .all(|character| character.is_ascii_digit() || matches!(character, '.' | '-' | '/'));
    if is_masked {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        return (!digits.is_empty()).then_some(digits);
    }
    text.chars()
        .all(|character| character.is_ascii_alphanumeric() || matches!(character, '@' | '.' | '_' | '-'))
        .then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::person_id;

    #[test]
    fn ids_are_taken_as_documented() {
        for (text, id) in [
            ("123.456.789-09", Some("12345678909")),
            ("12.345.678/0001-95", Some("12345678000195")),
            ("ana@example.com", Some("ana@example.com")),
            ("ana_2.b-c", Some("ana_2.b-c")),
            ("1234", None),
            ("ana/b", None),
            ("ana b", None),
            ("joão-5", None),
            ("-----", None),
            ("", None),
        ] {
            assert_eq!(person_id(text).as_deref(), id, "{text:?}");
        }
        assert_eq!(person_id(&"a".repeat(255)), None);
        assert!(person_id(&"a".repeat(254)).is_some());
    }
}
