//! What the services found, as far as it is documented in detail (contract caf, 4.9).

use std::fmt;

use serde::{Deserialize, Deserializer, de};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use verikit_core::value::lenient;
use verikit_core::{Answer, Error, Personal, Result, is_json_object};

use crate::config::PROVIDER;

verikit_core::open_enum! {
    /// How sure a service is.
    pub enum Confidence {
        /// Hardly.
        Low = "LOW",
        /// Somewhat.
        Medium = "MEDIUM",
        /// Very.
        High = "HIGH",
    }
}

verikit_core::open_enum! {
    /// What was found of a side of a document.
    pub enum DocumentLivenessIndicatorId {
        /// A real document.
        RealDocument = "real_doc",
        /// The photo of a screen.
        ScreenPhoto = "screen_photo_doc",
        /// A copy in shades of grey.
        GrayscaleCopy = "grayscale_copy_doc",
        /// A copy in colour.
        ColoredCopy = "colored_copy_doc",
    }
}

/// What each service found, kept as it came: most of it is not documented, or could not be read in public
/// documents. `Debug` shows nothing of it.
#[derive(Clone, PartialEq)]
pub struct Sections(Personal<Box<str>>);

impl Sections {
    /// What a service found, by the name of its section. Most names could not be verified in public documents
    /// (contract caf, 4.9). **Personal.**
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Value> {
        let mut sections: Map<String, Value> = serde_json::from_str(self.0.expose()).ok()?;
        sections.remove(name)
    }

    /// The section `documentLiveness`: whether a document was before the camera, or a copy of one. The one
    /// section that is documented in detail (contract caf, 4.9). `None` when there is no such section.
    ///
    /// # Errors
    ///
    /// A decode error, which does not quote the section, when it is there and not as documented, or there
    /// twice.
    pub fn document_liveness(&self) -> Result<Option<Answer<DocumentLiveness>>> {
        #[derive(Deserialize)]
        struct All {
            #[serde(default, rename = "documentLiveness")]
            document_liveness: Option<Answer<Section>>,
        }
        #[derive(Deserialize)]
        struct Section {
            data: Answer<DocumentLiveness>,
        }
        let all: All = serde_json::from_str(self.0.expose()).map_err(|_| {
            Error::decode("the section is not as documented: data with front and back")
                .with_provider(PROVIDER)
        })?;
        let section = all.document_liveness.map(Answer::into_inner);
        Ok(section.map(|section| section.data))
    }
}

impl fmt::Debug for Sections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sections([redacted])")
    }
}

/// What is not an object has no sections.
impl<'de> Deserialize<'de> for Sections {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Box::<RawValue>::deserialize(deserializer)?;
        if is_json_object(json.get().as_bytes()) {
            Ok(Self(Personal::new(json.into())))
        } else {
            Err(de::Error::custom("not an object"))
        }
    }
}

/// What was found of a document, side by side.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct DocumentLiveness {
    /// A text for people.
    #[serde(default, deserialize_with = "lenient")]
    pub message: Option<Personal<String>>,
    /// The front.
    #[serde(default)]
    pub front: Option<Answer<DocumentLivenessSide>>,
    /// The back.
    #[serde(default)]
    pub back: Option<Answer<DocumentLivenessSide>>,
}

/// What was found of a side of a document.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct DocumentLivenessSide {
    /// What the service decided on this side. That `true` is a real document, before the camera, and `false`
    /// a copy of one is **inferred** from the section's name: the vendor's page shows a boolean and does not
    /// say (contract caf, 4.9). So look at [`indicators`](Self::indicators) too. `None` is not a "yes", and
    /// none of them is the [decision on the transaction](super::Transaction::is_approved). One that is not a
    /// boolean makes the section unreadable.
    #[serde(default)]
    pub decision: Option<bool>,
    /// How sure that is.
    #[serde(default, deserialize_with = "lenient")]
    pub confidence: Option<Confidence>,
    /// What was found.
    #[serde(default, deserialize_with = "lenient")]
    pub indicators: Option<Vec<DocumentLivenessIndicator>>,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct DocumentLivenessIndicator {
    /// What.
    #[serde(default, deserialize_with = "lenient")]
    pub id: Option<DocumentLivenessIndicatorId>,
    /// The same for people.
    #[serde(default, deserialize_with = "lenient")]
    pub message: Option<Personal<String>>,
}
