//! What is asked: both service types take the same attributes.

use serde::Serialize;
use verikit_core::{
    Answer, Call, CallOptions, Error, Operation, Personal, PhoneNumber, RawReply, Result, read_json,
};

use super::answer::{IdentityMatch, IdentityScore};
use super::date_of_birth::DateOfBirth;
use crate::client::Client;
use crate::config::PROVIDER;

const ROUTE: &str = "/identity-match";

/// What to compare. Members that are not set are left out: nothing says that null is accepted.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Identity {
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<Personal<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<Personal<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<Personal<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address2: Option<Personal<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address3: Option<Personal<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    postal_code: Option<Personal<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_of_birth: Option<DateOfBirth>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    /// Written as E.164 with its `+`.
    phone_number: &'a PhoneNumber,
    service_type: &'static str,
    #[serde(flatten)]
    identity: &'a Identity,
}

impl Identity {
    /// Refuses what could only be answered with nothing, and perhaps billed.
    fn check(&self) -> Result<()> {
        let texts = [
            ("first_name", &self.first_name),
            ("last_name", &self.last_name),
            ("address", &self.address),
            ("address2", &self.address2),
            ("address3", &self.address3),
            ("postal_code", &self.postal_code),
        ];
        let mut something = self.date_of_birth.is_some();
        for (name, text) in texts {
            let Some(text) = text else { continue };
            something = true;
            let text = text.expose();
            if text.trim().is_empty() || text.chars().any(char::is_control) {
                let detail =
                    format!("{name} is empty or holds a control character; leave out what is not known");
                return Err(Error::invalid_input(detail));
            }
        }
        if something {
            Ok(())
        } else {
            Err(Error::invalid_input(
                "there is nothing to compare: set a name, an address, a postal code or a date of birth",
            ))
        }
    }
}

/// A builder of one service type.
macro_rules! identity_builder {
    ($(#[$meta:meta])* $name:ident, $service_type:literal => $output:ty) => {
        $(#[$meta])*
        #[derive(Debug)]
        #[must_use = "a call is sent when it is awaited"]
        pub struct $name {
            client: Client,
            number: PhoneNumber,
            identity: Identity,
            options: CallOptions,
        }

        impl $name {
            pub(crate) fn new(client: Client, number: PhoneNumber) -> Self {
                Self { client, number, identity: Identity::default(), options: CallOptions::default() }
            }

            /// The first name.
            pub fn first_name(mut self, name: impl Into<String>) -> Self {
                self.identity.first_name = Some(Personal::new(name.into()));
                self
            }

            /// The last name.
            pub fn last_name(mut self, name: impl Into<String>) -> Self {
                self.identity.last_name = Some(Personal::new(name.into()));
                self
            }

            /// The first line of the address, the house number included. (The test data of the vendor's
            /// sandbox are bare house numbers.)
            pub fn address(mut self, line: impl Into<String>) -> Self {
                self.identity.address = Some(Personal::new(line.into()));
                self
            }

            /// A second line of the address.
            pub fn address2(mut self, line: impl Into<String>) -> Self {
                self.identity.address2 = Some(Personal::new(line.into()));
                self
            }

            /// A third line of the address.
            pub fn address3(mut self, line: impl Into<String>) -> Self {
                self.identity.address3 = Some(Personal::new(line.into()));
                self
            }

            /// The postal code, spaces and all.
            pub fn postal_code(mut self, code: impl Into<String>) -> Self {
                self.identity.postal_code = Some(Personal::new(code.into()));
                self
            }

            /// The date of birth.
            pub fn date_of_birth(mut self, date: DateOfBirth) -> Self {
                self.identity.date_of_birth = Some(date);
                self
            }

            fn into_call(self) -> Call<$output> {
                let operation = self.operation();
                let read = |reply: &RawReply| -> Result<$output> { read_json(reply) };
                self.client.core().call(operation, read).with_options(self.options)
            }

            fn body(&self) -> Result<Body<'_>> {
                self.identity.check().map_err(|error| error.with_provider(PROVIDER))?;
                Ok(Body {
                    phone_number: &self.number,
                    service_type: $service_type,
                    identity: &self.identity,
                })
            }
        }

        verikit_core::forward_call!($name => $output);
    };
}

identity_builder! {
    /// A comparison that is about to be made. Await it to send it.
    CompareIdentity, "match" => Answer<IdentityMatch>
}

identity_builder! {
    /// A score that is about to be asked for. Await it to send it.
    ScoreIdentity, "score" => Answer<IdentityScore>
}

impl CompareIdentity {
    fn operation(&self) -> Result<Operation> {
        let body = self.body()?;
        Operation::post("identity_match.compare", self.client.realm(), ROUTE, &[])?.json(&body)
    }
}

impl ScoreIdentity {
    fn operation(&self) -> Result<Operation> {
        let body = self.body()?;
        Operation::post("identity_match.score", self.client.realm(), ROUTE, &[])?.json(&body)
    }
}
