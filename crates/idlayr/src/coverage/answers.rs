//! What is said about countries and addresses (contract idlayr, 10).

use std::net::IpAddr;

use serde::{Deserialize, Deserializer};
use verikit_core::Personal;
use verikit_core::value::{Amount, lenient, read_text};

use super::country::CountryCode;
use crate::checks::{Currency, NetworkId};

/// A product, as coverage and analytics name it. Documents write it in upper and in lower case; it is
/// compared without case.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProductId {
    /// PhoneCheck.
    PhoneCheck,
    /// SIMCheck.
    SimCheck,
    /// SubscriberCheck.
    SubscriberCheck,
    /// A product that this version does not know.
    Unknown(verikit_core::value::UnknownValue),
}

impl ProductId {
    /// The products that this version knows.
    pub const KNOWN: &'static [Self] = &[Self::PhoneCheck, Self::SimCheck, Self::SubscriberCheck];

    /// The word in upper case; that of an unknown product as it came.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::PhoneCheck => "PCK",
            Self::SimCheck => "SCK",
            Self::SubscriberCheck => "SUK",
            Self::Unknown(value) => value.as_str(),
        }
    }

    /// Whether this version does not know the product.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }
}

impl From<&str> for ProductId {
    fn from(text: &str) -> Self {
        let known = Self::KNOWN
            .iter()
            .find(|known| known.as_str().eq_ignore_ascii_case(text));
        known.cloned().unwrap_or_else(|| {
            // Compared without case, unknown or not.
            Self::Unknown(verikit_core::value::UnknownValue::new(&text.to_ascii_uppercase()))
        })
    }
}

impl<'de> Deserialize<'de> for ProductId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_text(deserializer, |text| {
            Ok::<_, std::convert::Infallible>(Self::from(text))
        })
    }
}

verikit_core::open_enum! {
    /// How far a product is there in a country.
    pub enum CoverageLevel {
        /// With all of its operators.
        Full = "FULL",
        /// With some of them.
        Partial = "PARTIAL",
        /// Not yet.
        ComingSoon = "COMING_SOON",
    }
}

/// What is covered in a country. Everything may be missing, as in the vendor's own types; what decides
/// (products, and how far they are there) is an error when it is of a wrong type.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct CountryCoverage {
    /// The country, in two letters.
    #[serde(default, deserialize_with = "lenient")]
    pub country_code: Option<CountryCode>,
    /// Its dialling code.
    #[serde(default, deserialize_with = "lenient")]
    pub dialing_code: Option<CountryCode>,
    /// What there is.
    #[serde(default)]
    pub products: Vec<CoverageProduct>,
}

impl CountryCoverage {
    /// What is said about a product: the first entry, should there be more.
    #[must_use]
    pub fn product(&self, product: &ProductId) -> Option<&CoverageProduct> {
        self.entries(product).next()
    }

    /// Whether a product works with all operators of the country, or with some: the level is `FULL` or
    /// `PARTIAL`, and nothing else. Where a product is listed more than once, every entry has to say so.
    #[must_use]
    pub fn is_covered(&self, product: &ProductId) -> bool {
        let covers = |entry: &CoverageProduct| {
            matches!(entry.coverage, Some(CoverageLevel::Full | CoverageLevel::Partial))
        };
        self.product(product).is_some() && self.entries(product).all(covers)
    }

    fn entries(&self, product: &ProductId) -> impl Iterator<Item = &CoverageProduct> {
        let said = move |said: &&CoverageProduct| said.product_id.as_ref() == Some(product);
        self.products.iter().filter(said)
    }
}

/// A product in a country.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct CoverageProduct {
    /// The product.
    #[serde(default)]
    pub product_id: Option<ProductId>,
    /// Its name, which is spelled in several ways.
    #[serde(default, deserialize_with = "lenient")]
    pub product_name: Option<Personal<String>>,
    /// How far it is there.
    #[serde(default)]
    pub coverage: Option<CoverageLevel>,
    /// What it costs at least, by currency. Prices follow the workspace of the project.
    #[serde(default, deserialize_with = "list")]
    pub prices_starting_from: Vec<Price>,
    /// With which operators.
    #[serde(default, deserialize_with = "list")]
    pub networks: Vec<CoverageNetwork>,
}

/// An operator in a country.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct CoverageNetwork {
    /// The operator, by its network code.
    #[serde(default, deserialize_with = "lenient")]
    pub network_id: Option<NetworkId>,
    /// Its name.
    #[serde(default, deserialize_with = "lenient")]
    pub network_name: Option<Personal<String>>,
    /// Further network codes of it.
    #[serde(default, deserialize_with = "list")]
    pub network_aliases: Vec<NetworkId>,
    /// What a check with it costs.
    #[serde(default, deserialize_with = "list")]
    pub prices: Vec<Price>,
}

/// A price in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Price {
    /// What the amount is counted in.
    #[serde(default, deserialize_with = "lenient")]
    pub currency: Option<Currency>,
    /// The amount, digit by digit.
    #[serde(default, deserialize_with = "lenient")]
    pub amount: Option<Amount>,
}

/// What can be done with a device that is reached.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Reachability {
    /// The country, in two letters.
    #[serde(default, deserialize_with = "lenient")]
    pub country_code: Option<CountryCode>,
    /// Its dialling code.
    #[serde(default, deserialize_with = "lenient")]
    pub dialing_code: Option<CountryCode>,
    /// The operator, by its network code.
    #[serde(default, deserialize_with = "lenient")]
    pub network_id: Option<NetworkId>,
    /// Its name.
    #[serde(default, deserialize_with = "lenient")]
    pub network_name: Option<Personal<String>>,
    /// Further network codes of it.
    #[serde(default, deserialize_with = "list")]
    pub network_aliases: Vec<NetworkId>,
    /// The address that was judged.
    #[serde(default, deserialize_with = "lenient")]
    pub mobile_data_ip: Option<Personal<IpAddr>>,
    /// The products that work with this operator.
    #[serde(default)]
    pub products: Vec<ReachableProduct>,
}

impl Reachability {
    /// Whether a product is among those that work with this operator.
    #[must_use]
    pub fn supports(&self, product: &ProductId) -> bool {
        let is = |there: &ReachableProduct| there.product_id.as_ref() == Some(product);
        self.products.iter().any(is)
    }
}

/// A product that works with an operator.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ReachableProduct {
    /// The product.
    #[serde(default)]
    pub product_id: Option<ProductId>,
    /// Its name, which is spelled in several ways.
    #[serde(default, deserialize_with = "lenient")]
    pub product_name: Option<Personal<String>>,
}

/// A list that informs: a wrong type leaves it empty, and the raw answer shows it.
fn list<'de, D: Deserializer<'de>, T: serde::de::DeserializeOwned>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    lenient(deserializer).map(Option::unwrap_or_default)
}
