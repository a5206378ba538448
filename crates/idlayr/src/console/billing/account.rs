//! The billing account (contract idlayr, 13.4).

use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use verikit_core::value::{ExtraMembers, lenient};
use verikit_core::{Answer, Call, CallOptions, Operation, Personal, Repeat, Result};

use super::{PUT_ACCOUNT, WorkspaceId};
use crate::client::Client;
use crate::console::redact::call;
use crate::console::{operation, refuse};

verikit_core::identifier! {
    /// Identifies a billing account.
    pub struct BillingId;
}

verikit_core::open_enum! {
    /// How a workspace pays.
    pub enum BillingMode {
        /// Not at all.
        Free = "FREE",
        /// From a balance that is topped up.
        Prepaid = "PREPAID",
        /// By invoice.
        Postpaid = "POSTPAID",
    }
}

/// A workspace's billing account.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct BillingAccount {
    /// The billing account.
    #[serde(default, deserialize_with = "lenient")]
    pub billing_id: Option<BillingId>,
    /// How the workspace pays.
    #[serde(default, deserialize_with = "lenient")]
    pub billing_mode: Option<BillingMode>,
    /// The company.
    #[serde(default, deserialize_with = "lenient")]
    pub company_name: Option<Personal<String>>,
    /// Whom to write to.
    #[serde(default, deserialize_with = "lenient")]
    pub contact_name: Option<Personal<String>>,
    /// Where to write to.
    #[serde(default, deserialize_with = "lenient")]
    pub contact_email: Option<Personal<String>>,
    /// The first line of the address.
    #[serde(default, deserialize_with = "lenient")]
    pub address1: Option<Personal<String>>,
    /// The second line of the address.
    #[serde(default, deserialize_with = "lenient")]
    pub address2: Option<Personal<String>>,
    /// The city.
    #[serde(default, deserialize_with = "lenient")]
    pub city: Option<Personal<String>>,
    /// The postal code.
    #[serde(default, deserialize_with = "lenient")]
    pub zip: Option<Personal<String>>,
    /// The country, by its two letters.
    #[serde(default, deserialize_with = "lenient")]
    pub country: Option<Personal<String>>,
    /// The terms. What type they have is not documented.
    #[serde(default, deserialize_with = "lenient")]
    pub terms: Option<Personal<Value>>,
}

/// A billing account that is about to be written. Await it to send it.
///
/// It is written whole: whether a member that is not said stays as it is, is not documented.
#[derive(Debug)]
#[must_use = "a call is sent when it is awaited"]
pub struct PutBillingAccount {
    client: Client,
    workspace_id: WorkspaceId,
    body: Body,
    has_member: bool,
    options: CallOptions,
}

/// The request's body. Members that are not set are left out.
#[derive(Debug, Default, Serialize)]
struct Body {
    #[serde(skip_serializing_if = "Option::is_none")]
    company_name: Option<Personal<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact_name: Option<Personal<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact_email: Option<Personal<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address1: Option<Personal<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address2: Option<Personal<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    city: Option<Personal<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    zip: Option<Personal<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<Personal<String>>,
    #[serde(flatten)]
    extra: ExtraMembers,
}

const TYPED: &[&str] = &[
    "company_name",
    "contact_name",
    "contact_email",
    "address1",
    "address2",
    "city",
    "zip",
    "country",
];

macro_rules! text_setters {
    ($($(#[$meta:meta])* $name:ident;)+) => {
        $(
            $(#[$meta])*
            pub fn $name(mut self, text: impl Into<String>) -> Self {
                self.body.$name = Some(Personal::new(text.into()));
                self.has_member = true;
                self
            }
        )+
    };
}

impl PutBillingAccount {
    pub(super) fn new(client: Client, workspace_id: WorkspaceId) -> Self {
        Self {
            client,
            workspace_id,
            body: Body::default(),
            has_member: false,
            options: CallOptions::default(),
        }
    }

    text_setters! {
        /// The company.
        company_name;
        /// Whom to write to.
        contact_name;
        /// Where to write to.
        contact_email;
        /// The first line of the address.
        address1;
        /// The second line of the address.
        address2;
        /// The city.
        city;
        /// The postal code.
        zip;
        /// The country, by its two letters.
        country;
    }

    /// A member that has no setter here, such as `terms`, whose type is not documented.
    pub fn extra(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.body.extra.push(name, value);
        self.has_member = true;
        self
    }

    fn operation(&self) -> Result<Operation> {
        if !self.has_member {
            return Err(refuse(
                "a billing account to be written needs at least one member",
            ));
        }
        let country = self
            .body
            .country
            .as_ref()
            .map(|country| country.expose().as_bytes());
        let two_letters = |text: &[u8]| text.len() == 2 && text.iter().all(u8::is_ascii_alphabetic);
        if !country.is_none_or(two_letters) {
            return Err(refuse("the country must be its two letters, such as GB"));
        }
        self.body
            .extra
            .check(TYPED)
            .map_err(|error| error.with_provider("idlayr"))?;
        let arguments = [self.workspace_id.as_str()];
        operation(&self.client, Method::PUT, Repeat::Safe, PUT_ACCOUNT, &arguments)?.json(&self.body)
    }

    fn into_call(self) -> Call<Answer<BillingAccount>> {
        call(&self.client, self.operation()).with_options(self.options)
    }
}

verikit_core::forward_call!(PutBillingAccount => Answer<BillingAccount>);
