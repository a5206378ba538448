//! SubscriberCheck v0.2 and v0.1 (contract idlayr, 4): PhoneCheck's question, and whether the SIM changed of
//! late.

use verikit_core::PhoneNumber;

use crate::checks::{
    Route, Routes, check, completing_call, create_builder, created_check, reading_calls, routes,
    waiting_calls,
};
use crate::client::Client;

static V0_2: Routes = routes!("subscriber_check", "/subscriber_check/v0.2");
static V0_1: Routes = routes!("subscriber_check_v0_1", "/subscriber_check/v0.1");
const COMPLETE: Route = Route {
    name: "subscriber_check.complete",
    path: "/subscriber_check/v0.2/checks/{check_id}",
};

check! {
    /// A SubscriberCheck as it is read, listed or completed.
    ///
    /// It has two answers, and neither says anything about the other: a number can belong to the SIM in the
    /// phone, and that SIM be an hour old. Decide on both.
    ///
    /// ```
    /// use idlayr::{Answer, SubscriberCheck};
    ///
    /// let check = Answer::<SubscriberCheck>::from_json(
    ///     r#"{"check_id":"0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80","status":"COMPLETED",
    ///         "match":true,"no_sim_change":false,"no_sim_change_period":10080,"sim_change_within":360}"#,
    /// )?;
    /// assert!(check.is_match());
    /// assert!(!check.is_sim_unchanged());
    /// # Ok::<(), idlayr::Error>(())
    /// ```
    pub struct SubscriberCheck: device, device_url, sim_change;
}

created_check! {
    /// A SubscriberCheck that was just created.
    pub struct CreatedSubscriberCheck;
}

create_builder! {
    /// A SubscriberCheck v0.2 that is about to be created. Await it to send it.
    CreateSubscriberCheck => CreatedSubscriberCheck by into_device_call,
    phone_ip, reference_id, callback_url, redirect_url, period
}

create_builder! {
    /// A SubscriberCheck v0.1 that is about to be created. Await it to send it.
    CreateSubscriberCheckV0_1 => CreatedSubscriberCheck by into_device_call,
    phone_ip, reference_id, callback_url, period
}

/// SubscriberCheck v0.2. The flow is that of [`PhoneChecks`](crate::PhoneChecks): a URL for the device, a
/// code that it brings back, and the result in the answer to the completion.
///
/// ```
/// # async fn example(client: &idlayr::Client, number: idlayr::PhoneNumber) -> idlayr::Result<bool> {
/// use std::time::Duration;
/// use idlayr::{DeviceReturn, Outcome};
///
/// let window = Duration::from_secs(3 * 24 * 3600);
/// let checks = client.subscriber_checks();
/// let check = checks.create(number).period(window).await?;
/// // Hand check.check_url to the device. It brings back:
/// # let body = br#"{"check_id":"0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80","code":"4fa09c17be"}"#;
/// let returned = DeviceReturn::from_json(body)?;
/// let Outcome::Code(code) = &returned.outcome else { return Ok(false) };
/// checks.complete(&check.check_id, code).await?;
/// // The answer to the completion does not say which period was used; this one does.
/// let result = checks.get(&check.check_id).await?;
/// Ok(result.is_match() && result.is_sim_unchanged_for(window))
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct SubscriberChecks {
    client: Client,
}

/// SubscriberCheck v0.1: the device's last hop has no code, and the server reads the result.
#[derive(Debug, Clone)]
pub struct SubscriberChecksV0_1 {
    client: Client,
}

reading_calls!(
    SubscriberChecks,
    V0_2,
    SubscriberCheck,
    "The result is there once the check is completed."
);
reading_calls!(
    SubscriberChecksV0_1,
    V0_1,
    SubscriberCheck,
    "After the device has opened its URL, this makes the platform fetch the result from the operator."
);
waiting_calls!(
    SubscriberChecks,
    V0_2,
    SubscriberCheck,
    CreatedSubscriberCheck,
    "SubscriberChecks"
);
waiting_calls!(
    SubscriberChecksV0_1,
    V0_1,
    SubscriberCheck,
    CreatedSubscriberCheck,
    "SubscriberChecks"
);
completing_call!(
    SubscriberChecks,
    COMPLETE,
    SubscriberCheck,
    "PATCH /subscriber_check/v0.2/checks/{check_id}",
    "SubscriberChecks::get"
);

impl SubscriberChecks {
    /// Starts a check of a number and its SIM. Sent once: a repeat would be a second check.
    ///
    /// Creating is not billed; the check is, when it is completed (contract idlayr, 3.4).
    ///
    /// `POST /subscriber_check/v0.2/checks`, contract idlayr 3.2, 3.9 and 4.
    ///
    /// # Errors
    ///
    /// 400 `phone_format_invalid` or an unsupported country or operator, 402 out of credit, 429; 409
    /// `ip_msisdn_mismatch` and 412 `not_mobile_ip` are not listed for this product and expected all the
    /// same. See [`ProblemCode`](crate::ProblemCode).
    pub fn create(&self, number: PhoneNumber) -> CreateSubscriberCheck {
        CreateSubscriberCheck::new(self.client.clone(), V0_2.create, number)
    }
}

impl SubscriberChecksV0_1 {
    /// Starts a check of a number and its SIM. Sent once: a repeat would be a second check.
    ///
    /// Creating is not billed; the check is, when it is completed (contract idlayr, 3.4).
    ///
    /// `POST /subscriber_check/v0.1/checks`, contract idlayr 3.2, 3.9 and 4.
    ///
    /// # Errors
    ///
    /// As [`SubscriberChecks::create`].
    pub fn create(&self, number: PhoneNumber) -> CreateSubscriberCheckV0_1 {
        CreateSubscriberCheckV0_1::new(self.client.clone(), V0_1.create, number)
    }
}
