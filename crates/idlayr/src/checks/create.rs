//! Creating a check (contract idlayr, 3.2 and 4).

use std::net::IpAddr;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;
use verikit_core::value::check_callback_url;
use verikit_core::{
    Answer, Call, CallOptions, Delivery, Error, ErrorKind, Operation, Personal, PhoneNumber, RawReply,
    Result, read_json,
};

use super::{Created, Route};
use crate::client::Client;
use crate::config::PROVIDER;
use crate::sim_change::period_in_minutes;

/// The request's body. Members that are not set are left out.
#[derive(Serialize)]
struct Body<'a> {
    phone_number: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_ip: Option<IpAddr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    callback_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    redirect_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<u64>,
}

/// What a create call was told so far. Products and versions differ in the setters that lead here.
#[derive(Debug)]
pub(crate) struct Creation {
    pub(crate) client: Client,
    pub(crate) route: Route,
    pub(crate) number: PhoneNumber,
    pub(crate) phone_ip: Option<Personal<IpAddr>>,
    pub(crate) reference_id: Option<Personal<String>>,
    pub(crate) callback_url: Option<Personal<String>>,
    pub(crate) redirect_url: Option<Personal<String>>,
    pub(crate) period: Option<Duration>,
}

impl Creation {
    pub(crate) fn new(client: Client, route: Route, number: PhoneNumber) -> Self {
        Self {
            client,
            route,
            number,
            phone_ip: None,
            reference_id: None,
            callback_url: None,
            redirect_url: None,
            period: None,
        }
    }

    pub(crate) fn operation(&self) -> Result<Operation> {
        let callback_url = self.callback_url.as_ref().map(|url| url.expose().as_str());
        let redirect_url = self.redirect_url.as_ref().map(|url| url.expose().as_str());
        let body = Body {
            phone_number: self.number.digits(),
            phone_ip: self.phone_ip.as_ref().map(|address| *address.expose()),
            reference_id: self
                .reference_id
                .as_ref()
                .map(|reference| reference.expose().as_str()),
            callback_url,
            redirect_url,
            period: self.period.map(period_in_minutes).transpose()?,
        };
        if body.reference_id.is_some_and(str::is_empty) {
            let detail = "reference_id is empty, and nothing could be found by it; leave it out";
            return Err(Error::invalid_input(detail).with_provider(PROVIDER));
        }
        check_destinations(&self.client, callback_url, redirect_url)?;
        Operation::post(self.route.name, self.client.realm(), self.route.path, &[])?.json(&body)
    }

    /// The call whose answer has none.
    pub(crate) fn into_call<T: DeserializeOwned + Send + 'static>(
        self,
        options: CallOptions,
    ) -> Call<Answer<T>> {
        let operation = self.operation();
        let call = self.client.core().call(operation, read_json);
        call.with_options(options)
    }

    /// The call whose answer has a URL for the device.
    pub(crate) fn into_device_call<T: Created + Send + 'static>(
        self,
        options: CallOptions,
    ) -> Call<Answer<T>> {
        let operation = self.operation();
        let core = self.client.core();
        // Two functions and no closure: what it would capture had to be allocated.
        let call = if self.client.is_plain_http() {
            core.call(operation, read_json)
        } else {
            core.call(operation, read_with_https_url)
        };
        call.with_options(options)
    }
}

/// Declares the builder of a create call with the setters that its product and version have. `$call` makes
/// the call from a [`Creation`].
macro_rules! create_builder {
    ($(#[$meta:meta])* $name:ident => $created:ident by $call:ident, $($setter:ident),*) => {
        $(#[$meta])*
        #[derive(Debug)]
        #[must_use = "a call is sent when it is awaited"]
        pub struct $name {
            creation: $crate::checks::Creation,
            options: verikit_core::CallOptions,
        }

        impl $name {
            fn new(client: $crate::Client, route: $crate::checks::Route, number: $crate::PhoneNumber) -> Self {
                Self {
                    creation: $crate::checks::Creation::new(client, route, number),
                    options: verikit_core::CallOptions::default(),
                }
            }

            $($crate::checks::create_setter!($setter);)*

            fn operation(&self) -> $crate::Result<verikit_core::Operation> {
                self.creation.operation()
            }

            fn into_call(self) -> $crate::Call<$crate::Answer<$created>> {
                self.creation.$call(self.options)
            }
        }

        verikit_core::forward_call!($name => $crate::Answer<$created>);
    };
}

macro_rules! create_setter {
    (phone_ip) => {
        /// The device's address, if it is known. With it the platform can refuse at once what would fail at
        /// the redirect: 409 when address and number belong to different operators, 412 when the address is
        /// not mobile.
        pub fn phone_ip(mut self, address: ::std::net::IpAddr) -> Self {
            self.creation.phone_ip = Some($crate::Personal::new(address));
            self
        }
    };
    (reference_id) => {
        /// Your own reference, which the check carries along. The provider asks for no personal data in it.
        /// One of its own for each create lets `find_by_reference` find the check again. An empty one is an
        /// error, and nothing is sent.
        pub fn reference_id(mut self, reference: impl Into<String>) -> Self {
            self.creation.reference_id = Some($crate::Personal::new(reference.into()));
            self
        }
    };
    (callback_url) => {
        /// Where the platform posts the end of the check; takes the place of the project's setting. An
        /// absolute https URL; plain http only on this machine, with a sandbox that is on plain http too.
        pub fn callback_url(mut self, url: impl Into<String>) -> Self {
            self.creation.callback_url = Some($crate::Personal::new(url.into()));
            self
        }
    };
    (redirect_url) => {
        /// Where the device's last hop is sent, with the code in the query; takes the place of the project's
        /// setting. An absolute URL. Whether an app's own scheme is accepted is not documented.
        pub fn redirect_url(mut self, url: impl Into<String>) -> Self {
            self.creation.redirect_url = Some($crate::Personal::new(url.into()));
            self
        }
    };
    (period) => {
        /// How far back the SIM may have changed: whole minutes, from 60 (an hour) to 540 000 (375 days). The
        /// provider's default is seven days. Another period is an error, and nothing is sent.
        pub fn period(mut self, period: ::std::time::Duration) -> Self {
            self.creation.period = Some(period);
            self
        }
    };
}

pub(crate) use {create_builder, create_setter};

/// Reads the created check. Only a sandbox, itself on plain http, sends a device to a plain http address.
fn read_with_https_url<T: Created>(reply: &RawReply) -> Result<Answer<T>> {
    let check: Answer<T> = read_json(reply)?;
    if check.check_url().is_plain_http() {
        let detail = "the check URL is plain http, which no device opens";
        return Err(Error::new(ErrorKind::Untrusted, detail).with_delivery(Delivery::CarriedOut));
    }
    Ok(check)
}

/// Refuses what cannot be a destination before anything is sent. A redirect may lead into an app, with a
/// scheme of its own; what the platform posts must not be read on its way.
pub(crate) fn check_destinations(
    client: &Client,
    callback_url: Option<&str>,
    redirect_url: Option<&str>,
) -> Result<()> {
    let refuse = |detail: &'static str| Err(Error::invalid_input(detail).with_provider(PROVIDER));
    if callback_url.is_some_and(|url| check_callback_url(url, client.is_plain_http()).is_err()) {
        return refuse("callback_url must be an absolute URL that starts with https://");
    }
    if redirect_url.is_some_and(|url| Url::parse(url).is_err()) {
        return refuse("redirect_url must be an absolute URL");
    }
    Ok(())
}
