//! Words of flags and results: languages, kinds of documents, countries.

use std::fmt;

use serde::Serialize;
use verikit_core::{Error, Result};

use crate::config::PROVIDER;

verikit_core::open_enum! {
    /// A language of the widget, by the vendor's code (contract identomat, 3.3). An open set.
    pub enum Language {
        /// English, the provider's default.
        En = "en",
        /// Spanish.
        Es = "es",
        /// Georgian.
        Ka = "ka",
        /// Ukrainian.
        Uk = "uk",
        /// Russian.
        Ru = "ru",
        /// Uzbek.
        Uz = "uz",
        /// Italian.
        It = "it",
        /// Greek: `gr`, and not the ISO code `el`.
        Gr = "gr",
        /// Turkish.
        Tr = "tr",
        /// Romanian.
        Ro = "ro",
        /// Arabic.
        Ar = "ar",
        /// German.
        De = "de",
        /// Polish.
        Pl = "pl",
        /// Hindi.
        Hi = "hi",
        /// Bengali.
        Bn = "bn",
        /// Azerbaijani.
        Az = "az",
        /// Japanese.
        Ja = "ja",
        /// Portuguese.
        Pt = "pt",
        /// French.
        Fr = "fr",
        /// Kazakh.
        Kk = "kk",
        /// Swedish.
        Sv = "sv",
    }
}

verikit_core::open_enum! {
    /// A kind of identity document. An open set.
    pub enum DocumentType {
        /// An identity card.
        Id = "id",
        /// A passport.
        Passport = "passport",
        /// A driving licence.
        DriverLicense = "driver_license",
        /// A residence permit.
        ResidenceLicense = "residence_license",
    }
}

verikit_core::open_enum! {
    /// A kind of other document, such as a proof of address. An open set.
    pub enum GeneralDocumentType {
        /// A bank statement.
        BankStatement = "bank_statement",
        /// A bill of a utility.
        UtilityBill = "utility_bill",
        /// A driving licence: `drivers_license`, in another spelling than as an identity document.
        DriversLicense = "drivers_license",
    }
}

/// A country by its three letters of ISO 3166-1, checked for its shape alone.
///
/// ```
/// use identomat::CountryCode;
///
/// assert_eq!(CountryCode::new("GEO")?.as_str(), "GEO");
/// assert!(CountryCode::new("GE").is_err() && CountryCode::new("geo").is_err());
/// # Ok::<(), identomat::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CountryCode([u8; 3]);

impl CountryCode {
    /// Takes three capital letters.
    ///
    /// # Errors
    ///
    /// For any other text.
    pub fn new(code: &str) -> Result<Self> {
        match *code.as_bytes() {
            [a, b, c] if code.bytes().all(|letter| letter.is_ascii_uppercase()) => Ok(Self([a, b, c])),
            _ => Err(Error::invalid_input(
                "a country code is three capital letters of ISO 3166-1, such as GEO",
            )
            .with_provider(PROVIDER)),
        }
    }

    /// The three letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Debug for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CountryCode({})", self.as_str())
    }
}

impl Serialize for CountryCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
