//! What a test can see of each MOCheck and do to it.

use std::fmt;

use super::{MoCheck, RECEIVER};
use crate::idlayr::IdlayrSandbox;
use crate::idlayr::checks::masked;

/// A MOCheck as the sandbox holds it. The phone number is masked except for its last two digits.
#[derive(Clone, PartialEq, Eq)]
pub struct IdlayrMoCheck {
    check_id: String,
    masked_phone_number: String,
    mo_body: String,
    is_verified: bool,
}

impl IdlayrMoCheck {
    fn new(check: &MoCheck) -> Self {
        Self {
            check_id: check.id.clone(),
            masked_phone_number: masked(&check.phone_number),
            mo_body: check.body.clone(),
            is_verified: check.is_verified,
        }
    }

    /// The check's id.
    #[must_use]
    pub fn check_id(&self) -> &str {
        &self.check_id
    }

    /// The number, masked except for its last two digits.
    #[must_use]
    pub fn masked_phone_number(&self) -> &str {
        &self.masked_phone_number
    }

    /// The number that the SMS goes to.
    #[must_use]
    pub fn mo_receiver(&self) -> &str {
        RECEIVER
    }

    /// The text of the SMS.
    #[must_use]
    pub fn mo_body(&self) -> &str {
        &self.mo_body
    }

    /// Whether the right text came from the right number.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        self.is_verified
    }
}

impl IdlayrSandbox {
    /// Every MOCheck of every project, oldest first.
    #[must_use]
    pub fn mo_checks(&self) -> Vec<IdlayrMoCheck> {
        let data = self.state.data();
        data.mo_checks.iter().map(IdlayrMoCheck::new).collect()
    }

    /// Plays the user's phone for a MOCheck, as its number decides: an even one sends the SMS, an odd
    /// one has another phone send it, and one that ends in `99` sends nothing. Gives whether the check
    /// is verified; `None` if there is no such check.
    pub fn send_sms(&self, check_id: &str) -> Option<bool> {
        let (number, text) = {
            let data = self.state.data();
            let check = data.mo_checks.iter().find(|check| check.id == check_id)?;
            (check.phone_number.clone(), check.body.clone())
        };
        if !number.ends_with("99") {
            let is_own = number.ends_with(['0', '2', '4', '6', '8']);
            let sender = if is_own { number.as_str() } else { RECEIVER };
            self.receive_sms(sender, RECEIVER, &text);
        }
        let data = self.state.data();
        let check = data.mo_checks.iter().find(|check| check.id == check_id)?;
        Some(check.is_verified)
    }

    /// Has an SMS arrive at IDlayr, from any number, to any number, with any text. Gives whether it
    /// verified a check. Numbers are E.164 with or without `+`.
    pub fn receive_sms(&self, sender: &str, receiver: &str, text: &str) -> bool {
        if digits(receiver) != RECEIVER {
            return false;
        }
        let mut data = self.state.data();
        let fits = |check: &&mut MoCheck| check.phone_number == digits(sender) && check.body == text;
        match data.mo_checks.iter_mut().find(fits) {
            Some(check) => {
                check.is_verified = true;
                true
            }
            None => false,
        }
    }
}

fn digits(number: &str) -> &str {
    number.strip_prefix('+').unwrap_or(number)
}

/// Whoever knows the text and has the phone verifies the check.
impl fmt::Debug for IdlayrMoCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdlayrMoCheck")
            .field("check_id", &self.check_id)
            .field("is_verified", &self.is_verified)
            .finish_non_exhaustive()
    }
}
