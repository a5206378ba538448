//! What a picture shows. The sandbox fetches none: it goes by the name of the file, and every rule here is
//! ours.
//!
//! The face is what comes before the first hyphen: `ana.jpg` and `ana-2.jpg` show the same one. A name that
//! ends in a flaw, such as `ana-spoof.jpg` or `no-face.png`, shows that flaw.

use serde_json::{Value, json};
use url::Url;

use super::error::ApiError;

/// Where attempts are said to come from: an address for documents (RFC 5737).
pub(super) const SOURCE_IP: &str = "192.0.2.17";

/// Why a picture is no good for recognising a face.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    /// A picture of a picture. Liveness finds it out; no message is documented.
    Spoof,
    ManyFaces,
    TooClose,
    NoFace,
    TooSmall,
    NotAligned,
}

impl Flaw {
    const NAMES: [(&'static str, Self); 6] = [
        ("spoof", Self::Spoof),
        ("many-faces", Self::ManyFaces),
        ("too-close", Self::TooClose),
        ("no-face", Self::NoFace),
        ("too-small", Self::TooSmall),
        ("not-aligned", Self::NotAligned),
    ];

    /// What the vendor says about it (contract caf, 3.1).
    pub(super) fn message(self) -> Option<&'static str> {
        match self {
            Self::Spoof => None,
            Self::ManyFaces => Some("Sua foto deve conter apenas um rosto"),
            Self::TooClose => Some("Seu rosto está muito próximo da câmera"),
            Self::NoFace => Some("Não encontramos nenhum rosto na imagem"),
            Self::TooSmall => Some("Seu rosto está muito pequeno"),
            Self::NotAligned => Some("Seu rosto não está alinhado à câmera"),
        }
    }

    /// Whether a face can be made out all the same.
    fn leaves_a_face(self) -> bool {
        !matches!(self, Self::ManyFaces | Self::NoFace)
    }
}

/// A picture as the vendor would see it.
#[derive(Clone, Debug)]
pub(super) struct Image {
    pub(super) url: String,
    face: String,
    pub(super) flaw: Option<Flaw>,
}

impl Image {
    /// Reads a URL. `types` are the endings of the accepted image types; a name without an ending may be any
    /// of them.
    pub(super) fn read(url: &str, types: &[&str], refused: fn() -> ApiError) -> Result<Self, ApiError> {
        let parsed = Url::parse(url)
            .ok()
            .filter(|parsed| matches!(parsed.scheme(), "http" | "https"))
            .ok_or_else(|| ApiError::bad_request("imageUrl must be a URL."))?;
        // A name that no resolver knows (RFC 2606, 2).
        if parsed.host_str().is_some_and(|host| host.ends_with(".invalid")) {
            return Err(ApiError::bad_request("The image could not be fetched."));
        }
        let name = parsed.path().rsplit('/').next().unwrap_or_default();
        let name = name.to_ascii_lowercase();
        let stem = match name.rsplit_once('.') {
            Some((_, ending)) if !types.contains(&ending) => return Err(refused()),
            Some((stem, _)) => stem,
            None => name.as_str(),
        };
        let flaw = Flaw::NAMES.iter().find(|(name, _)| {
            stem.strip_suffix(name)
                .is_some_and(|before| before.is_empty() || before.ends_with('-'))
        });
        let flaw = flaw.map(|(_, flaw)| *flaw);
        Ok(Self {
            url: url.to_owned(),
            face: stem.split('-').next().unwrap_or_default().to_owned(),
            flaw,
        })
    }

    /// The face in it, if there is exactly one.
    pub(super) fn face(&self) -> Option<&str> {
        let is_there = !self.face.is_empty() && self.flaw.is_none_or(Flaw::leaves_a_face);
        is_there.then_some(self.face.as_str())
    }

    /// Whether it was taken of a living person, well enough to tell.
    pub(super) fn is_alive(&self) -> bool {
        self.face().is_some() && self.flaw.is_none()
    }

    /// Whether it shows the face that `other` shows.
    pub(super) fn shows_the_face_of(&self, other: &Self) -> bool {
        self.face().is_some() && self.face() == other.face()
    }

    /// `faceMatch` of an attempt with this picture (contract caf, 3.4). The figures are ours.
    pub(super) fn face_match_json(&self, registered: &Self) -> Value {
        let is_face_match = self.shows_the_face_of(registered);
        json!({
            "similarity": if is_face_match { 0.999_999_8 } else { 0.124_3 },
            "isFaceMatch": is_face_match,
        })
    }

    /// `liveness` of an attempt with this picture: the integer 1 is the documents', the other figure is ours.
    pub(super) fn liveness_json(&self) -> Value {
        json!({
            "probability": if self.is_alive() { json!(1) } else { json!(0.031_7) },
            "isAlive": self.is_alive(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(url: &str) -> Image {
        Image::read(url, &["jpg", "png"], || ApiError::bad_request("type")).unwrap()
    }

    #[test]
    fn the_name_of_the_file_says_what_it_shows() {
        for (url, face, flaw) in [
            ("https://img.example.com/ana.jpg", Some("ana"), None),
            (
                "https://img.example.com/selfies/Ana-2.JPG?X-Amz-Expires=60",
                Some("ana"),
                None,
            ),
            ("http://img.example.com/ana", Some("ana"), None),
            (
                "https://img.example.com/ana-spoof.png",
                Some("ana"),
                Some(Flaw::Spoof),
            ),
            (
                "https://img.example.com/ana-2-too-close.png",
                Some("ana"),
                Some(Flaw::TooClose),
            ),
            ("https://img.example.com/no-face.jpg", None, Some(Flaw::NoFace)),
            (
                "https://img.example.com/ana-many-faces.jpg",
                None,
                Some(Flaw::ManyFaces),
            ),
            ("https://img.example.com/casino-face.jpg", Some("casino"), None),
            ("https://img.example.com/", None, None),
        ] {
            let image = image(url);
            assert_eq!((image.face(), image.flaw), (face, flaw), "{url}");
            assert_eq!(image.is_alive(), face.is_some() && flaw.is_none(), "{url}");
        }
    }

    #[test]
    fn only_pictures_of_one_face_are_compared() {
        let ana = image("https://img.example.com/ana.jpg");
        assert!(image("https://cdn.example.com/ana-2.png").shows_the_face_of(&ana));
        for other in ["bruno.jpg", "anabela.jpg", "ana-no-face.jpg", ""] {
            let other = image(&format!("https://img.example.com/{other}"));
            assert!(!other.shows_the_face_of(&ana), "{other:?}");
        }
        let nobody = image("https://img.example.com/");
        assert!(!nobody.shows_the_face_of(&nobody));
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        for url in [
            "",
            "ana.jpg",
            "data:image/png;base64,AAAA",
            "ftp://img.example.com/ana.jpg",
            "https://img.example.com/ana.gif",
            "https://img.example.invalid/ana.jpg",
        ] {
            let read = Image::read(url, &["jpg", "png"], || ApiError::bad_request("type"));
            assert!(read.is_err(), "{url}");
        }
    }
}
