//! Credentials of members and of projects (contract idlayr, 2.2 and 13.1).

use std::fmt;

use serde::{Deserialize, Deserializer};
use verikit_core::value::{Identifier, InvalidIdentifier, lenient, read_text};
use verikit_core::{Personal, Secret, Timestamp};

use super::list::listed;
use super::members::MemberId;
use super::redact::Identified;
use super::values::{object, object_or_default};
use crate::config::Scope;

/// A credential's client id. It is no secret and yet half of what a token is asked for with: `Debug` does not
/// show it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClientId(Identifier);

impl ClientId {
    /// A client id as the provider returned it.
    ///
    /// # Errors
    ///
    /// When it could not be a segment of a path.
    pub fn new(text: impl AsRef<str>) -> Result<Self, InvalidIdentifier> {
        Identifier::new(text.as_ref()).map(Self)
    }

    /// The text as the provider wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Debug for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClientId([{} bytes])", self.as_str().len())
    }
}

impl<'de> Deserialize<'de> for ClientId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_text(deserializer, Identifier::new).map(Self)
    }
}

/// A credential of a member or of a project, without its secret: that was shown when the credential was made.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Credential {
    /// Its client id.
    pub client_id: ClientId,
    /// What a token may be asked for with it, if the answer says so.
    #[serde(default, deserialize_with = "lenient")]
    pub scopes: Option<Vec<Scope>>,
    /// When it was made.
    #[serde(default, deserialize_with = "lenient")]
    pub created_at: Option<Timestamp>,
    /// When it last changed. In examples only.
    #[serde(default, deserialize_with = "lenient")]
    pub updated_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "object")]
    created_by: Option<CreatedBy>,
    #[serde(default, rename = "_embedded", deserialize_with = "object_or_default")]
    embedded: EmbeddedCreator,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
struct EmbeddedCreator {
    #[serde(default, deserialize_with = "object")]
    created_by: Option<CreatedBy>,
}

impl Credential {
    /// Who made it, of a project's credential. The vendor's schema and its example have it in two places;
    /// both are read.
    #[must_use]
    pub fn created_by(&self) -> Option<&CreatedBy> {
        self.created_by.as_ref().or(self.embedded.created_by.as_ref())
    }
}

listed!(Credential in credentials);

impl Identified for Credential {
    fn id(&self) -> &str {
        self.client_id.as_str()
    }
}

/// Who made a credential.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct CreatedBy {
    /// The member.
    #[serde(default, deserialize_with = "lenient")]
    pub member_id: Option<MemberId>,
    /// The member's name.
    #[serde(default, deserialize_with = "lenient")]
    pub name: Option<Personal<String>>,
}

/// A project's credential that was just made. Its secret is in this answer and in no other: store it, or make
/// another credential.
///
/// The bytes that the answer keeps have `null` in place of the secret. So an answer that was stored cannot be
/// read again as this type; store the client id and the secret.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct CreatedProjectCredential {
    /// Its client id.
    pub client_id: ClientId,
    /// Its secret.
    pub client_secret: Secret,
    /// What a token may be asked for with it, if the answer says so.
    #[serde(default, deserialize_with = "lenient")]
    pub scopes: Option<Vec<Scope>>,
    /// When it was made.
    #[serde(default, deserialize_with = "lenient")]
    pub created_at: Option<Timestamp>,
    /// When it last changed. In examples only.
    #[serde(default, deserialize_with = "lenient")]
    pub updated_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "object")]
    created_by: Option<CreatedBy>,
    #[serde(default, rename = "_embedded", deserialize_with = "object_or_default")]
    embedded: EmbeddedCreator,
}

impl CreatedProjectCredential {
    /// Who made it. The vendor's schema and its example have it in two places; both are read.
    #[must_use]
    pub fn created_by(&self) -> Option<&CreatedBy> {
        self.created_by.as_ref().or(self.embedded.created_by.as_ref())
    }
}

/// A member's credential that was just made.
///
/// **Unconfirmed**: the member `client_secret`. That a secret is shown once, at the creation, is documented
/// for all credentials; the member's name for those of projects alone. Without it, the credential is there
/// and of no use: delete it.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct CreatedMemberCredential {
    /// Its client id.
    pub client_id: ClientId,
    /// Its secret, if the answer has one.
    #[serde(default, deserialize_with = "lenient")]
    pub client_secret: Option<Secret>,
    /// What a token may be asked for with it, if the answer says so.
    #[serde(default, deserialize_with = "lenient")]
    pub scopes: Option<Vec<Scope>>,
    /// When it was made.
    #[serde(default, deserialize_with = "lenient")]
    pub created_at: Option<Timestamp>,
}
