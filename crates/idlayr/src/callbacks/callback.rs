//! What a verified callback says (contract idlayr, 8.1).

use std::time::SystemTime;

use verikit_core::Answer;

use crate::checks::check;

verikit_core::open_enum! {
    /// What kind of check a callback is about: its signed header `x-tru-callback`.
    pub enum CallbackType {
        /// A PhoneCheck.
        PhoneCheck = "phone_check",
        /// A SubscriberCheck.
        SubscriberCheck = "subscriber_check",
    }
}

/// A callback whose signature fits.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Callback {
    /// What kind of check it is about.
    pub callback_type: CallbackType,
    /// The check, as the platform reports its end.
    pub check: Answer<CallbackCheck>,
    /// When it was sent, by the platform's clock: at most 300 s from now.
    pub sent_at: SystemTime,
}

impl Callback {
    /// What is the same in every delivery of one event: the kind of check, its identifier and its status.
    ///
    /// The platform repeats a callback until it is answered with 200, and for five minutes anybody who saw
    /// one can send it again. Keep the keys of what was handled, and drop what comes again (contract idlayr,
    /// 8.2).
    #[must_use]
    pub fn replay_key(&self) -> String {
        let (check_id, status) = (self.check.check_id.as_str(), self.check.status.as_str());
        format!("{}/{check_id}/{status}", self.callback_type.as_str())
    }
}

check! {
    /// A check as a callback reports its end, of either kind: a PhoneCheck has nothing to say about the SIM.
    ///
    /// Look it up by its identifier, never by the reference: whoever begins a check chooses that, other
    /// customers of the platform included.
    pub struct CallbackCheck: device, sim_change;
}
