//! PhoneCheck v0.2 and v0.1 (contract idlayr, 3): does this number belong to the SIM in this phone?

use verikit_core::PhoneNumber;

use crate::checks::{
    Route, Routes, check, completing_call, create_builder, created_check, reading_calls, routes,
    waiting_calls,
};
use crate::client::Client;

static V0_2: Routes = routes!("phone_check", "/phone_check/v0.2");
static V0_1: Routes = routes!("phone_check_v0_1", "/phone_check/v0.1");
const COMPLETE: Route = Route {
    name: "phone_check.complete",
    path: "/phone_check/v0.2/checks/{check_id}",
};

check! {
    /// A PhoneCheck as it is read, listed or completed.
    ///
    /// ```
    /// use idlayr::{Answer, PhoneCheck};
    ///
    /// let check = Answer::<PhoneCheck>::from_json(
    ///     r#"{"check_id":"0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80","status":"COMPLETED","match":true}"#,
    /// )?;
    /// assert!(check.is_match());
    /// # Ok::<(), idlayr::Error>(())
    /// ```
    pub struct PhoneCheck: device, device_url;
}

created_check! {
    /// A PhoneCheck that was just created.
    pub struct CreatedPhoneCheck;
}

create_builder! {
    /// A PhoneCheck v0.2 that is about to be created. Await it to send it.
    CreatePhoneCheck => CreatedPhoneCheck by into_device_call,
    phone_ip, reference_id, callback_url, redirect_url
}

create_builder! {
    /// A PhoneCheck v0.1 that is about to be created. Await it to send it.
    CreatePhoneCheckV0_1 => CreatedPhoneCheck by into_device_call,
    phone_ip, reference_id, callback_url
}

/// PhoneCheck v0.2.
///
/// The server creates a check and hands its URL to the device; the device opens it over mobile data, follows
/// the redirects and brings back a code; the server completes the check with the code and reads the result in
/// the answer.
///
/// ```
/// # async fn example(client: &idlayr::Client, number: idlayr::PhoneNumber) -> idlayr::Result<bool> {
/// use idlayr::{DeviceReturn, Outcome};
///
/// let check = client.phone_checks().create(number).reference_id("order-77").await?;
/// // Hand check.check_url to the device. It brings back:
/// # let body = br#"{"check_id":"0b7f6a1e-5c2d-4e8f-9a10-3d4c5b6a7f80","code":"4fa09c17be"}"#;
/// let returned = DeviceReturn::from_json(body)?;
/// let Outcome::Code(code) = &returned.outcome else { return Ok(false) };
/// let result = client.phone_checks().complete(&check.check_id, code).await?;
/// Ok(result.is_match())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct PhoneChecks {
    client: Client,
}

/// PhoneCheck v0.1: the device's last hop has no code, and the server reads the result.
#[derive(Debug, Clone)]
pub struct PhoneChecksV0_1 {
    client: Client,
}

reading_calls!(
    PhoneChecks,
    V0_2,
    PhoneCheck,
    "The result is there once the check is completed."
);
reading_calls!(
    PhoneChecksV0_1,
    V0_1,
    PhoneCheck,
    "After the device has opened its URL, this makes the platform fetch the result from the operator."
);
waiting_calls!(PhoneChecks, V0_2, PhoneCheck, CreatedPhoneCheck, "PhoneChecks");
waiting_calls!(
    PhoneChecksV0_1,
    V0_1,
    PhoneCheck,
    CreatedPhoneCheck,
    "PhoneChecks"
);
completing_call!(
    PhoneChecks,
    COMPLETE,
    PhoneCheck,
    "PATCH /phone_check/v0.2/checks/{check_id}",
    "PhoneChecks::get"
);

impl PhoneChecks {
    /// Starts a check of a number. Sent once: a repeat would be a second check.
    ///
    /// Creating is not billed; the check is, when it is completed (contract idlayr, 3.4).
    ///
    /// `POST /phone_check/v0.2/checks`, contract idlayr 3.2 and 3.9.
    ///
    /// # Errors
    ///
    /// 400 `phone_format_invalid` or an unsupported country or operator, 402 out of credit, 409
    /// `ip_msisdn_mismatch`, 412 `not_mobile_ip`, 429. See [`ProblemCode`](crate::ProblemCode).
    pub fn create(&self, number: PhoneNumber) -> CreatePhoneCheck {
        CreatePhoneCheck::new(self.client.clone(), V0_2.create, number)
    }
}

impl PhoneChecksV0_1 {
    /// Starts a check of a number. Sent once: a repeat would be a second check.
    ///
    /// Creating is not billed; the check is, when it is completed (contract idlayr, 3.4).
    ///
    /// `POST /phone_check/v0.1/checks`, contract idlayr 3.2 and 3.9.
    ///
    /// # Errors
    ///
    /// As [`PhoneChecks::create`].
    pub fn create(&self, number: PhoneNumber) -> CreatePhoneCheckV0_1 {
        CreatePhoneCheckV0_1::new(self.client.clone(), V0_1.create, number)
    }
}
