//! What the checks of all products share (contract idlayr, 3 to 6): one piece of code, and a name for each
//! product.

mod create;
mod device_url;
mod find;
mod list;
mod object;
mod values;
mod wait;

use std::fmt;

use http::HeaderValue;
use serde::Serialize;
use serde::de::DeserializeOwned;
use verikit_core::{Answer, Call, Error, Operation, Personal, RawReply, Repeat, Result, read_json};

use crate::client::Client;
use crate::device::CompletionCode;
use crate::traces::{Trace, TraceId, TraceList};

#[cfg(feature = "console")]
pub(crate) use create::check_destinations;
pub(crate) use create::{Creation, create_builder, create_setter};
pub use device_url::DeviceUrl;
pub(crate) use device_url::{read_check_url, require_check_url};
pub use find::FindByReference;
pub use list::{CheckList, CheckPage};
pub(crate) use object::{Created, check, check_part, created_check, read_ttl};
pub use values::{CheckErrorCode, CheckId, CheckStatus, Currency, NetworkId};
pub use wait::UntilFinal;

pub(crate) mod sealed {
    pub trait Sealed {}
}

/// A check of any product: what [`CheckList`], [`FindByReference`] and [`UntilFinal`] are about. The
/// products' own types implement it, and no others can.
pub trait Check:
    sealed::Sealed + DeserializeOwned + Clone + fmt::Debug + Send + Sync + Unpin + 'static
{
    /// The check.
    fn check_id(&self) -> &CheckId;
    /// Where it stands.
    fn status(&self) -> &CheckStatus;
    /// Your own reference.
    fn reference_id(&self) -> Option<&Personal<String>>;
}

/// Name and route of an operation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Route {
    pub(crate) name: &'static str,
    pub(crate) path: &'static str,
}

/// The operations that every version of every product has.
#[derive(Debug)]
pub(crate) struct Routes {
    pub(crate) create: Route,
    pub(crate) list: Route,
    pub(crate) get: Route,
    pub(crate) traces: Route,
    pub(crate) trace: Route,
}

/// `routes!("phone_check", "/phone_check/v0.2")`: products and versions differ in their path and in what they
/// allow; the rest is the same to the letter.
macro_rules! routes {
    ($name:literal, $path:literal) => {
        $crate::checks::Routes {
            create: $crate::checks::Route {
                name: concat!($name, ".create"),
                path: concat!($path, "/checks"),
            },
            list: $crate::checks::Route {
                name: concat!($name, ".list"),
                path: concat!($path, "/checks"),
            },
            get: $crate::checks::Route {
                name: concat!($name, ".get"),
                path: concat!($path, "/checks/{check_id}"),
            },
            traces: $crate::checks::Route {
                name: concat!($name, ".traces"),
                path: concat!($path, "/checks/{check_id}/traces"),
            },
            trace: $crate::checks::Route {
                name: concat!($name, ".trace"),
                path: concat!($path, "/checks/{check_id}/traces/{trace_id}"),
            },
        }
    };
}

/// The calls that every product has in every version. `$reading` says what reading a check of this version
/// does besides.
macro_rules! reading_calls {
    ($handle:ident, $routes:ident, $check:ident, $reading:literal) => {
        impl $handle {
            pub(crate) fn new(client: $crate::Client) -> Self {
                Self { client }
            }

            /// Reads a check: `GET .../checks/{check_id}`, contract idlayr 3.1 and 3.3. Not billed by itself;
            /// may be repeated.
            ///
            #[doc = $reading]
            ///
            /// # Errors
            ///
            /// 404 `check_not_found` when there is no such check.
            pub fn get(&self, check_id: &$crate::CheckId) -> $crate::Call<$crate::Answer<$check>> {
                $crate::checks::get(&self.client, &$routes, check_id)
            }

            /// Lists the project's checks, page by page: `GET .../checks`, contract idlayr 9. Not billed; may
            /// be repeated.
            ///
            /// Awaiting it gives the first page; [`items`](crate::CheckList::items) gives a stream of all.
            pub fn list(&self) -> $crate::CheckList<$check> {
                $crate::CheckList::new(self.client.clone(), $routes.list)
            }

            /// Finds the checks that were created with this reference: after a create that may have been
            /// carried out, so that nobody pays twice. See [`FindByReference`](crate::FindByReference). Not
            /// billed.
            pub fn find_by_reference(
                &self,
                reference_id: impl Into<String>,
            ) -> $crate::FindByReference<$check> {
                $crate::FindByReference::new(self.client.clone(), $routes.list, reference_id.into())
            }

            /// What the platform did for a check, oldest first: `GET .../checks/{check_id}/traces`, contract
            /// idlayr 6. Kept for seven days. Not billed; may be repeated.
            ///
            /// # Errors
            ///
            /// 404 `check_not_found`; 410 `trace_gone` after seven days.
            pub fn traces(&self, check_id: &$crate::CheckId) -> $crate::Call<$crate::TraceList> {
                $crate::checks::traces(&self.client, &$routes, check_id)
            }

            /// One trace of a check: `GET .../checks/{check_id}/traces/{trace_id}`, contract idlayr 6. Not
            /// billed; may be repeated.
            ///
            /// # Errors
            ///
            /// 404 `check_not_found` or `trace_not_found`; 410 `trace_gone` after seven days.
            pub fn trace(
                &self,
                check_id: &$crate::CheckId,
                trace_id: &$crate::TraceId,
            ) -> $crate::Call<$crate::Answer<$crate::Trace>> {
                $crate::checks::trace(&self.client, &$routes, check_id, trace_id)
            }
        }
    };
}

/// The calls of products in which a device takes part. `$completing` is the product's handle that completes
/// checks.
macro_rules! waiting_calls {
    ($handle:ident, $routes:ident, $check:ident, $created:ident, $completing:literal) => {
        impl $handle {
            /// Asks until the check is final, for as long as its `ttl` says. See
            /// [`UntilFinal`](crate::UntilFinal).
            ///
            #[doc = concat!("In v0.2 the result comes with [`complete`](crate::", $completing, "::complete).")]
            /// Waiting there tells how a check ended, and is no proof that whoever asks came to the end of
            /// the redirects: do not decide on it.
            pub fn until_final(&self, check: &$created) -> $crate::UntilFinal<$check> {
                use $crate::checks::Created as _;
                $crate::UntilFinal::new(self.client.clone(), &$routes, check.check_id().clone(), check.ttl())
            }

            /// The same for a check that is known by its id alone; it waits for two minutes, unless told
            /// otherwise.
            pub fn until_final_by_id(&self, check_id: &$crate::CheckId) -> $crate::UntilFinal<$check> {
                $crate::UntilFinal::new(self.client.clone(), &$routes, check_id.clone(), None)
            }
        }
    };
}

/// The call of v0.2 alone. `$sent` is its method and path, `$get` the call that tells what became of it.
macro_rules! completing_call {
    ($handle:ident, $route:ident, $check:ident, $sent:literal, $get:literal) => {
        impl $handle {
            /// Completes a check with the code that the device brought, and reads its result. **Billed** when
            /// the check ends `COMPLETED`. Sent once. If its outcome is unknown,
            #[doc = concat!("[`get`](crate::", $get, ") the check instead of sending the code again.")]
            ///
            #[doc = concat!("`", $sent, "`, contract idlayr 3.8.")]
            ///
            /// # Errors
            ///
            /// 404 `check_not_found` when the device has not opened the URL yet or there is no such check.
            /// What a wrong or used code is answered with is not documented.
            pub fn complete(
                &self,
                check_id: &$crate::CheckId,
                code: &$crate::CompletionCode,
            ) -> $crate::Call<$crate::Answer<$check>> {
                $crate::checks::complete(&self.client, $route, check_id, code)
            }
        }
    };
}

pub(crate) use {completing_call, reading_calls, routes, waiting_calls};

pub(crate) fn get<C: Check>(client: &Client, routes: &Routes, check_id: &CheckId) -> Call<Answer<C>> {
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

pub(crate) fn complete<C: Check>(
    client: &Client,
    route: Route,
    check_id: &CheckId,
    code: &CompletionCode,
) -> Call<Answer<C>> {
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
    let operation = Operation::new(
        http::Method::PATCH,
        Repeat::Once,
        route.name,
        client.realm(),
        route.path,
        &[check_id.as_str()],
    )
    .and_then(|operation| operation.json_as(HeaderValue::from_static("application/json-patch+json"), &body));
    let expected = check_id.clone();
    client
        .core()
        .call(operation, move |reply| read_check(reply, &expected))
}

/// Reads a check, and makes sure that it is the one that was asked for.
fn read_check<C: Check>(reply: &RawReply, expected: &CheckId) -> Result<Answer<C>> {
    let check: Answer<C> = read_json(reply)?;
    require_same(check.check_id(), expected)?;
    Ok(check)
}

/// Refuses an answer about another check than the one that was asked for.
pub(crate) fn require_same(check_id: &CheckId, expected: &CheckId) -> Result<()> {
    if check_id.as_str().eq_ignore_ascii_case(expected.as_str()) {
        Ok(())
    } else {
        Err(Error::decode(
            "the answer is about another check than the one that was asked for",
        ))
    }
}

pub(crate) fn traces(client: &Client, routes: &Routes, check_id: &CheckId) -> Call<TraceList> {
    let route = routes.traces;
    let operation = Operation::get(route.name, client.realm(), route.path, &[check_id.as_str()]);
    client.core().call(operation, TraceList::read)
}

pub(crate) fn trace(
    client: &Client,
    routes: &Routes,
    check_id: &CheckId,
    trace_id: &TraceId,
) -> Call<Answer<Trace>> {
    let route = routes.trace;
    let arguments = [check_id.as_str(), trace_id.as_str()];
    let operation = Operation::get(route.name, client.realm(), route.path, &arguments);
    let expected = trace_id.clone();
    client.core().call(operation, move |reply| {
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
