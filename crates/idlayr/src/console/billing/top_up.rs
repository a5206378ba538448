//! Top-ups (contract idlayr, 13.4).

use serde::{Deserialize, Serialize};
use verikit_core::value::{Amount, lenient};
use verikit_core::{Personal, Result, Timestamp};

use super::{BillingId, PaymentMethodId};
use crate::checks::Currency;
use crate::console::list::listed;
use crate::console::refuse;

/// Money has four places at most (contract idlayr, 1).
const MOST_PLACES: usize = 4;
/// More digits than anybody tops up.
const MOST_DIGITS: usize = 12;

verikit_core::identifier! {
    /// Identifies a top-up.
    pub struct TopUpId;
}

/// Money that was added to the balance.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct TopUp {
    /// The top-up.
    pub top_up_id: TopUpId,
    /// What kind it is, in words that are not documented.
    #[serde(default, rename = "type", deserialize_with = "lenient")]
    pub kind: Option<Personal<String>>,
    /// The billing account.
    #[serde(default, deserialize_with = "lenient")]
    pub billing_id: Option<BillingId>,
    /// What the amount is counted in.
    #[serde(default, deserialize_with = "lenient")]
    pub currency: Option<Currency>,
    /// How much was added.
    #[serde(default, deserialize_with = "lenient")]
    pub amount: Option<Amount>,
    /// When.
    #[serde(default, deserialize_with = "lenient")]
    pub created_at: Option<Timestamp>,
}

listed!(TopUp in top_ups);

/// The request's body.
#[derive(Serialize)]
pub(super) struct Body<'a> {
    payment_method_id: &'a PaymentMethodId,
    currency: &'a Currency,
    amount: Amount,
}

pub(super) fn body<'a>(
    payment_method_id: &'a PaymentMethodId,
    currency: &'a Currency,
    amount: &str,
) -> Result<Body<'a>> {
    let word = currency.as_str();
    if word.len() != 3 || !word.bytes().all(|letter| letter.is_ascii_uppercase()) {
        return Err(refuse("the currency must be three capital letters, such as EUR"));
    }
    let refused = || refuse("the amount must be a decimal number above zero with at most four places");
    let (whole, places) = amount.split_once('.').unwrap_or((amount, "0"));
    let digits = |text: &str, most: usize| {
        (1..=most).contains(&text.len()) && text.bytes().all(|digit| digit.is_ascii_digit())
    };
    let above_zero = amount.bytes().any(|digit| (b'1'..=b'9').contains(&digit));
    if !digits(whole, MOST_DIGITS) || !digits(places, MOST_PLACES) || !above_zero {
        return Err(refused());
    }
    Ok(Body {
        payment_method_id,
        currency,
        // JSON has no zeros in front, so that `007` is refused here.
        amount: serde_json::from_str(amount).map_err(|_| refused())?,
    })
}
