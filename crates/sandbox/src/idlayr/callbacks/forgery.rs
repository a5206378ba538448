//! What can be wrong with a callback.

/// What is wrong with a callback on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum IdlayrForgery {
    /// The digest is that of another body, and rightly signed.
    WrongDigest,
    /// The body was changed after it was signed: the verdict is turned round.
    TamperedBody,
    /// It was signed an hour ago.
    StaleDate,
    /// It is rightly signed by a key that is not published.
    UnknownKey,
    /// It names a published key, and is signed by another.
    WrongKey,
    /// There is no signature.
    Unsigned,
}

impl IdlayrForgery {
    /// By their names in the control API.
    pub(in crate::idlayr) const NAMES: [(&'static str, Self); 6] = [
        ("wrong-digest", Self::WrongDigest),
        ("tampered-body", Self::TamperedBody),
        ("stale-date", Self::StaleDate),
        ("unknown-key", Self::UnknownKey),
        ("wrong-key", Self::WrongKey),
        ("unsigned", Self::Unsigned),
    ];

    /// The forgery that the control API names, such as `wrong-digest`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let found = Self::NAMES.into_iter().find(|(known, _)| *known == name);
        found.map(|(_, forgery)| forgery)
    }
}
