//! Creating a check (contract idlayr, 3.2).

use std::net::IpAddr;

use serde::Serialize;
use url::Url;
use verikit_core::{
    Answer, Call, CallOptions, Delivery, Error, ErrorKind, Operation, Personal, PhoneNumber, RawReply,
    Result, read_json,
};

use super::Route;
use super::types::CreatedPhoneCheck;
use crate::client::Client;

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
}

/// A builder of a create call: what both versions take, and what one adds.
macro_rules! create_builder {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug)]
        #[must_use = "a call is sent when it is awaited"]
        pub struct $name {
            client: Client,
            route: Route,
            number: PhoneNumber,
            phone_ip: Option<Personal<IpAddr>>,
            reference_id: Option<Personal<String>>,
            callback_url: Option<Personal<String>>,
            redirect_url: Option<Personal<String>>,
            options: CallOptions,
        }

        impl $name {
            pub(crate) fn new(client: Client, route: Route, number: PhoneNumber) -> Self {
                Self {
                    client,
                    route,
                    number,
                    phone_ip: None,
                    reference_id: None,
                    callback_url: None,
                    redirect_url: None,
                    options: CallOptions::default(),
                }
            }

            /// The device's address, if it is known. With it the platform can refuse at once what would fail
            /// at the redirect: 409 when address and number belong to different operators, 412 when the
            /// address is not mobile.
            pub fn phone_ip(mut self, address: IpAddr) -> Self {
                self.phone_ip = Some(Personal::new(address));
                self
            }

            /// Your own reference, which the check carries along. The provider asks for no personal data in
            /// it.
            pub fn reference_id(mut self, reference: impl Into<String>) -> Self {
                self.reference_id = Some(Personal::new(reference.into()));
                self
            }

            /// Where the platform posts the end of the check; takes the place of the project's setting. An
            /// absolute http or https URL.
            pub fn callback_url(mut self, url: impl Into<String>) -> Self {
                self.callback_url = Some(Personal::new(url.into()));
                self
            }

            fn operation(&self) -> Result<Operation> {
                let callback_url = self.callback_url.as_ref().map(|url| url.expose().as_str());
                let redirect_url = self.redirect_url.as_ref().map(|url| url.expose().as_str());
                let body = Body {
                    phone_number: self.number.digits(),
                    phone_ip: self.phone_ip.as_ref().map(|address| *address.expose()),
                    reference_id: self.reference_id.as_ref().map(|reference| reference.expose().as_str()),
                    callback_url,
                    redirect_url,
                };
                check_url("callback_url", callback_url, &["https", "http"])?;
                check_url("redirect_url", redirect_url, &[])?;
                Operation::post(self.route.name, self.client.realm(), self.route.path, &[])?.json(&body)
            }

            fn into_call(self) -> Call<Answer<CreatedPhoneCheck>> {
                let operation = self.operation();
                let core = self.client.core();
                // Two functions and no closure: what it would capture had to be allocated.
                let call = if self.client.realm().base_url().scheme() == "http" {
                    core.call(operation, read_json)
                } else {
                    core.call(operation, read)
                };
                call.with_options(self.options)
            }
        }

        verikit_core::forward_call!($name => Answer<CreatedPhoneCheck>);
    };
}

create_builder! {
    /// A PhoneCheck v0.2 that is about to be created. Await it to send it.
    CreatePhoneCheck
}

create_builder! {
    /// A PhoneCheck v0.1 that is about to be created. Await it to send it.
    CreatePhoneCheckV0_1
}

impl CreatePhoneCheck {
    /// Where the device's last hop is sent, with the code in the query; takes the place of the project's
    /// setting. An absolute URL. Whether an app's own scheme is accepted is not documented.
    pub fn redirect_url(mut self, url: impl Into<String>) -> Self {
        self.redirect_url = Some(Personal::new(url.into()));
        self
    }
}

/// Reads the created check. Only a sandbox, itself on plain http, sends a device to a plain http address.
fn read(reply: &RawReply) -> Result<Answer<CreatedPhoneCheck>> {
    let check: Answer<CreatedPhoneCheck> = read_json(reply)?;
    if check.check_url.is_plain_http() {
        let detail = "the check URL is plain http, which no device opens";
        return Err(Error::new(ErrorKind::Untrusted, detail).with_delivery(Delivery::CarriedOut));
    }
    Ok(check)
}

/// Refuses what is no absolute URL before anything is sent. No list of schemes means any.
fn check_url(member: &str, url: Option<&str>, schemes: &[&str]) -> Result<()> {
    let Some(text) = url else { return Ok(()) };
    let fits = Url::parse(text).is_ok_and(|url| schemes.is_empty() || schemes.contains(&url.scheme()));
    if fits {
        Ok(())
    } else {
        let kind = if schemes.is_empty() {
            "an absolute URL"
        } else {
            "an absolute http or https URL"
        };
        Err(Error::invalid_input(format!("{member} must be {kind}")).with_provider("idlayr"))
    }
}
