//! PhoneCheck v0.2 and v0.1 (contract idlayr, 3): does this number belong to the SIM in this phone?

mod create;
mod list;
mod types;
mod wait;

use http::HeaderValue;
use serde::Serialize;
use verikit_core::{Answer, Call, Error, Operation, PhoneNumber, RawReply, Repeat, Result, read_json};

use crate::client::Client;
use crate::device::CompletionCode;
use crate::traces::{Trace, TraceId, TraceList};

pub use create::{CreatePhoneCheck, CreatePhoneCheckV0_1};
pub use list::{CheckList, CheckPage};
pub use types::{
    CheckErrorCode, CheckId, CheckStatus, CreatedPhoneCheck, Currency, DeviceUrl, NetworkId, PhoneCheck,
};
pub use wait::UntilFinal;

/// Name and route of an operation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Route {
    name: &'static str,
    path: &'static str,
}

/// The operations of one version.
#[derive(Debug)]
pub(crate) struct Routes {
    create: Route,
    list: Route,
    get: Route,
    complete: Route,
    traces: Route,
    trace: Route,
}

/// The versions differ in their path and in what they allow; the rest is the same to the letter.
macro_rules! routes {
    ($name:literal, $version:literal) => {
        Routes {
            create: Route {
                name: concat!($name, ".create"),
                path: concat!("/phone_check/", $version, "/checks"),
            },
            list: Route {
                name: concat!($name, ".list"),
                path: concat!("/phone_check/", $version, "/checks"),
            },
            get: Route {
                name: concat!($name, ".get"),
                path: concat!("/phone_check/", $version, "/checks/{check_id}"),
            },
            complete: Route {
                name: concat!($name, ".complete"),
                path: concat!("/phone_check/", $version, "/checks/{check_id}"),
            },
            traces: Route {
                name: concat!($name, ".traces"),
                path: concat!("/phone_check/", $version, "/checks/{check_id}/traces"),
            },
            trace: Route {
                name: concat!($name, ".trace"),
                path: concat!("/phone_check/", $version, "/checks/{check_id}/traces/{trace_id}"),
            },
        }
    };
}

static V0_2: Routes = routes!("phone_check", "v0.2");
static V0_1: Routes = routes!("phone_check_v0_1", "v0.1");

/// The calls that both versions have.
macro_rules! shared_calls {
    ($handle:ident, $routes:ident) => {
        impl $handle {
            pub(crate) fn new(client: Client) -> Self {
                Self { client }
            }

            /// Reads a check: `GET .../checks/{check_id}`, contract idlayr 3.1 and 3.3. Not billed by itself;
            /// may be repeated.
            ///
            /// In v0.1, reading a check after the device has opened its URL makes the platform fetch the
            /// result from the operator.
            ///
            /// # Errors
            ///
            /// 404 `check_not_found` when there is no such check.
            pub fn get(&self, check_id: &CheckId) -> Call<Answer<PhoneCheck>> {
                get(&self.client, &$routes, check_id)
            }

            /// Lists the project's checks, page by page: `GET .../checks`, contract idlayr 9. Not billed; may
            /// be repeated.
            ///
            /// Awaiting it gives the first page; [`items`](CheckList::items) gives a stream of all.
            pub fn list(&self) -> CheckList {
                CheckList::new(self.client.clone(), $routes.list)
            }

            /// Asks until the check is final, for as long as its `ttl` says. See [`UntilFinal`].
            ///
            /// In v0.2 the result comes with [`complete`](PhoneChecks::complete). Waiting there tells how a
            /// check ended, and is no proof that whoever asks came to the end of the redirects: do not decide
            /// on it.
            pub fn until_final(&self, check: &CreatedPhoneCheck) -> UntilFinal {
                UntilFinal::new(
                    self.client.clone(),
                    &$routes,
                    check.check_id.clone(),
                    check.ttl,
                )
            }

            /// The same for a check that is known by its id alone; it waits for two minutes, unless told
            /// otherwise.
            pub fn until_final_by_id(&self, check_id: &CheckId) -> UntilFinal {
                UntilFinal::new(self.client.clone(), &$routes, check_id.clone(), None)
            }

            /// What the platform did for a check, oldest first: `GET .../checks/{check_id}/traces`, contract
            /// idlayr 6. Kept for seven days. Not billed; may be repeated.
            ///
            /// # Errors
            ///
            /// 404 `check_not_found`; 410 `trace_gone` after seven days.
            pub fn traces(&self, check_id: &CheckId) -> Call<TraceList> {
                let route = $routes.traces;
                let operation = Operation::get(
                    route.name,
                    self.client.realm(),
                    route.path,
                    &[check_id.as_str()],
                );
                self.client.core().call(operation, TraceList::read)
            }

            /// One trace of a check: `GET .../checks/{check_id}/traces/{trace_id}`, contract idlayr 6. Not
            /// billed; may be repeated.
            ///
            /// # Errors
            ///
            /// 404 `check_not_found` or `trace_not_found`; 410 `trace_gone` after seven days.
            pub fn trace(&self, check_id: &CheckId, trace_id: &TraceId) -> Call<Answer<Trace>> {
                let route = $routes.trace;
                let arguments = [check_id.as_str(), trace_id.as_str()];
                let operation = Operation::get(route.name, self.client.realm(), route.path, &arguments);
                let expected = trace_id.clone();
                self.client.core().call(operation, move |reply| {
                    let trace: Answer<Trace> = read_json(reply)?;
                    if trace.trace_id == expected {
                        Ok(trace)
                    } else {
                        Err(Error::decode(
                            "the answer is another trace than the one that was asked for",
                        ))
                    }
                })
            }
        }
    };
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

shared_calls!(PhoneChecks, V0_2);
shared_calls!(PhoneChecksV0_1, V0_1);

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
    /// `ip_msisdn_mismatch`, 412 `not_mobile_ip`,
    /// 429. See [`ProblemCode`](crate::ProblemCode).
    pub fn create(&self, number: PhoneNumber) -> CreatePhoneCheck {
        CreatePhoneCheck::new(self.client.clone(), V0_2.create, number)
    }

    /// Completes a check with the code that the device brought, and reads its result. **Billed** when the
    /// check ends `COMPLETED`. Sent once. If its outcome is unknown, [`get`](PhoneChecks::get) the check
    /// instead of sending the code again.
    ///
    /// `PATCH /phone_check/v0.2/checks/{check_id}`, contract idlayr 3.8.
    ///
    /// # Errors
    ///
    /// 404 `check_not_found` when the device has not opened the URL yet or there is no such check. What a
    /// wrong or used code is answered with is not documented.
    pub fn complete(&self, check_id: &CheckId, code: &CompletionCode) -> Call<Answer<PhoneCheck>> {
        #[derive(Serialize)]
        struct Patch<'a> {
            op: &'static str,
            path: &'static str,
            value: &'a str,
        }
        let body = [Patch {
            op: "add",
            path: "/code",
            value: code.expose(),
        }];
        let route = V0_2.complete;
        let operation = Operation::new(
            http::Method::PATCH,
            Repeat::Once,
            route.name,
            self.client.realm(),
            route.path,
            &[check_id.as_str()],
        )
        .and_then(|operation| {
            operation.json_as(HeaderValue::from_static("application/json-patch+json"), &body)
        });
        let expected = check_id.clone();
        self.client
            .core()
            .call(operation, move |reply| read_check(reply, &expected))
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

fn get(client: &Client, routes: &Routes, check_id: &CheckId) -> Call<Answer<PhoneCheck>> {
    let operation = Operation::get(
        routes.get.name,
        client.realm(),
        routes.get.path,
        &[check_id.as_str()],
    );
    let expected = check_id.clone();
    client
        .core()
        .call(operation, move |reply| read_check(reply, &expected))
}

/// Reads a check, and makes sure that it is the one that was asked for.
fn read_check(reply: &RawReply, expected: &CheckId) -> Result<Answer<PhoneCheck>> {
    let check: Answer<PhoneCheck> = read_json(reply)?;
    if check.check_id.as_str().eq_ignore_ascii_case(expected.as_str()) {
        Ok(check)
    } else {
        Err(Error::decode(
            "the answer is about another check than the one that was asked for",
        ))
    }
}
