//! SIMCheck v0.1 (contract idlayr, 5): did the SIM of this number change of late? Without a device.

use verikit_core::PhoneNumber;

use crate::checks::{Routes, check, create_builder, reading_calls, routes};
use crate::client::Client;

static V0_1: Routes = routes!("sim_check", "/sim_check/v0.1");

check! {
    /// A SIMCheck as it is created, read or listed. It is final from the start: `COMPLETED` with an answer,
    /// or `ERROR` without one.
    ///
    /// **A failure of the operator is no error of the call.** It comes with HTTP 201, the status `ERROR` and
    /// an error code; there is no answer about the SIM then, and
    /// [`is_sim_unchanged`](SimCheck::is_sim_unchanged) is `false`.
    ///
    /// ```
    /// use idlayr::{Answer, CheckErrorCode, CheckStatus, SimCheck};
    ///
    /// let check = Answer::<SimCheck>::from_json(
    ///     r#"{"check_id":"7d1c9e52-88aa-4f0b-b1c2-0f9e8d7c6b5a","status":"ERROR","error_code":"mno_timeout"}"#,
    /// )?;
    /// assert_eq!(check.status, CheckStatus::Error);
    /// assert_eq!(check.error_code, Some(CheckErrorCode::MnoTimeout));
    /// assert_eq!(check.no_sim_change(), None);
    /// assert!(!check.is_sim_unchanged());
    /// # Ok::<(), idlayr::Error>(())
    /// ```
    pub struct SimCheck: sim_change, balance;
}

create_builder! {
    /// A SIMCheck that is about to be created. Await it to send it.
    CreateSimCheck => SimCheck by into_call,
    phone_ip, reference_id, period
}

/// SIMCheck v0.1. The answer to the creation has the result; no device takes part, and nothing is called
/// back.
///
/// ```
/// # async fn example(client: &idlayr::Client, number: idlayr::PhoneNumber) -> idlayr::Result<&'static str> {
/// use std::time::Duration;
///
/// let week = Duration::from_secs(7 * 24 * 3600);
/// let check = client.sim_checks().create(number).period(week).await?;
/// Ok(match (check.no_sim_change(), &check.error_code) {
///     (Some(true), _) if check.is_sim_unchanged_for(week) => "the SIM is at least a week old",
///     (Some(true), _) => "the platform judged a shorter time: ask for more proof",
///     (Some(false), _) => "the SIM changed: ask for more proof",
///     (None, Some(code)) if !code.is_unknown() => "the operator cannot say: ask for more proof",
///     (None, _) => "there is no answer: ask for more proof",
/// })
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct SimChecks {
    client: Client,
}

reading_calls!(
    SimChecks,
    V0_1,
    SimCheck,
    "It is as final as it was when it was created."
);

impl SimChecks {
    /// Asks whether the SIM of a number changed. Sent once: a repeat would be a second check.
    ///
    /// **Billed** when the answer has the status `COMPLETED` (contract idlayr, 15.4). The status `ERROR` is a
    /// result too, with an [`error_code`](SimCheck::error_code), and not billed.
    ///
    /// `POST /sim_check/v0.1/checks`, contract idlayr 5.
    ///
    /// # Errors
    ///
    /// 400 `mno_not_supported` or `phone_format_invalid`, 402 out of credit, 412 `not_mobile_ip`, 429. See
    /// [`ProblemCode`](crate::ProblemCode).
    pub fn create(&self, number: PhoneNumber) -> CreateSimCheck {
        CreateSimCheck::new(self.client.clone(), V0_1.create, number)
    }
}
