//! Identity match (contract cm-identity, 3.2): do these personal data fit the operator's record of a number?

mod answer;
mod date_of_birth;
mod request;

use verikit_core::PhoneNumber;

use crate::client::Client;

pub use answer::{Attribute, IdentityMatch, IdentityScore};
pub use date_of_birth::{DateOfBirth, InvalidDateOfBirth};
pub use request::{CompareIdentity, ScoreIdentity};

/// The identity match operations.
#[derive(Debug, Clone)]
pub struct IdentityMatches {
    client: Client,
}

impl IdentityMatches {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Compares personal data with the operator's record, with yes or no for each attribute. Sent once: every
    /// request may be **billed**; what it costs is not documented.
    ///
    /// `POST /identity-match` with the service type `match`, contract cm-identity 3.2.
    ///
    /// ```
    /// # async fn example(client: &cm_identity::Client) -> Result<bool, Box<dyn std::error::Error>> {
    /// use cm_identity::{Attribute, DateOfBirth, PhoneNumber};
    ///
    /// let number = PhoneNumber::parse("+31 6 00000042")?;
    /// let result = client
    ///     .identity_match()
    ///     .compare(number)
    ///     .last_name("Voorbeeld")
    ///     .postal_code("1111 AA")
    ///     .date_of_birth(DateOfBirth::parse("1990-01-31")?)
    ///     .await?;
    /// Ok(result.all_match(&[Attribute::LastName, Attribute::PostalCode, Attribute::DateOfBirth]))
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, when there is nothing to
    /// compare, or an attribute is empty or holds a control character. Which errors the vendor answers with
    /// is not documented.
    pub fn compare(&self, number: PhoneNumber) -> CompareIdentity {
        CompareIdentity::new(self.client.clone(), number)
    }

    /// The same with a number of 0 to 100 for each attribute. The names of the members in the answer could
    /// not be read anywhere: see [`IdentityScore`].
    ///
    /// `POST /identity-match` with the service type `score`, contract cm-identity 3.2.
    ///
    /// # Errors
    ///
    /// As [`compare`](IdentityMatches::compare).
    pub fn score(&self, number: PhoneNumber) -> ScoreIdentity {
        ScoreIdentity::new(self.client.clone(), number)
    }
}
