//! Billing accounts, payment methods and top-ups (contract idlayr, 13 and 13.4).

mod account;
mod top_up;

use serde::Deserialize;
use verikit_core::value::lenient;
use verikit_core::{Answer, Call, Operation, Personal, Result};

use super::list::{ConsoleList, in_workspace, listed};
use super::redact::{Identified, call, call_about, call_without_answer};
use super::values::SmallNumber;
use super::workspaces::WorkspaceId;
use super::{delete, get, post};
use crate::checks::{Currency, Route};
use crate::client::Client;

pub use account::{BillingAccount, BillingId, BillingMode, PutBillingAccount};
pub use top_up::{TopUp, TopUpId};

const ACCOUNT: Route = Route {
    name: "console_billing_account.get",
    path: "/console/v0.2/workspaces/{workspace_id}/billing_account",
};
const PUT_ACCOUNT: Route = Route {
    name: "console_billing_account.put",
    path: "/console/v0.2/workspaces/{workspace_id}/billing_account",
};
const PAYMENT_METHODS: Route = Route {
    name: "console_payment_method.list",
    path: "/console/v0.2/workspaces/{workspace_id}/payment_methods",
};
const PAYMENT_METHOD: Route = Route {
    name: "console_payment_method.get",
    path: "/console/v0.2/workspaces/{workspace_id}/payment_methods/{payment_method_id}",
};
const DELETE_PAYMENT_METHOD: Route = Route {
    name: "console_payment_method.delete",
    path: "/console/v0.2/workspaces/{workspace_id}/payment_methods/{payment_method_id}",
};
const TOP_UPS: Route = Route {
    name: "console_top_up.list",
    path: "/console/v0.2/workspaces/{workspace_id}/topups",
};
const CREATE_TOP_UP: Route = Route {
    name: "console_top_up.create",
    path: "/console/v0.2/workspaces/{workspace_id}/topups",
};

verikit_core::identifier! {
    /// Identifies a payment method.
    pub struct PaymentMethodId;
}

/// A card that top-ups are paid with.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct PaymentMethod {
    /// The payment method.
    pub id: PaymentMethodId,
    /// The end of the card's number.
    #[serde(default, deserialize_with = "lenient")]
    pub last_four_digits: Option<Personal<String>>,
    /// The month to whose end the card is valid, from 1.
    #[serde(default, deserialize_with = "small_number")]
    pub expiry_month: Option<Personal<u16>>,
    /// The year of it.
    #[serde(default, deserialize_with = "small_number")]
    pub expiry_year: Option<Personal<u16>>,
}

fn small_number<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Personal<u16>>, D::Error> {
    let number: Option<SmallNumber> = lenient(deserializer)?;
    Ok(number.map(|number| Personal::new(number.0)))
}

listed!(PaymentMethod in payment_methods);

impl Identified for PaymentMethod {
    fn id(&self) -> &str {
        self.id.as_str()
    }
}

/// What a workspace is paid with.
#[derive(Debug, Clone)]
pub struct Billing {
    client: Client,
    workspace_id: WorkspaceId,
}

impl Billing {
    pub(super) fn new(client: Client, workspace_id: WorkspaceId) -> Self {
        Self { client, workspace_id }
    }

    fn path<'a>(&'a self, rest: &[&'a str]) -> Vec<&'a str> {
        in_workspace(&self.workspace_id, rest)
    }

    /// Reads the billing account: `GET .../billing_account`, contract idlayr 13 and 13.4. Not billed; may be
    /// repeated.
    ///
    /// # Errors
    ///
    /// 403 `forbidden`.
    pub fn account(&self) -> Call<Answer<BillingAccount>> {
        call(&self.client, get(&self.client, ACCOUNT, &self.path(&[])))
    }

    /// Writes the billing account: `PUT .../billing_account`, contract idlayr 13 and 13.4. Not billed; may be
    /// repeated, since a second time changes nothing. **Unconfirmed**: which members it must and may have.
    ///
    /// # Errors
    ///
    /// No member at all, or a country that is not two letters, is refused, and nothing is sent. 403
    /// `forbidden`.
    pub fn put_account(&self) -> PutBillingAccount {
        PutBillingAccount::new(self.client.clone(), self.workspace_id.clone())
    }

    /// Lists the payment methods: `GET .../payment_methods`, contract idlayr 13 and 13.4. Not billed; may be
    /// repeated.
    ///
    /// # Errors
    ///
    /// 403 `forbidden`.
    pub fn payment_methods(&self) -> ConsoleList<PaymentMethod> {
        ConsoleList::new(self.client.clone(), PAYMENT_METHODS, &self.path(&[]))
    }

    /// Reads a payment method: `GET .../payment_methods/{id}`, contract idlayr 13 and 13.4. Not billed; may
    /// be repeated.
    ///
    /// # Errors
    ///
    /// 403 `forbidden`, 404.
    pub fn payment_method(&self, id: &PaymentMethodId) -> Call<Answer<PaymentMethod>> {
        let operation = get(&self.client, PAYMENT_METHOD, &self.path(&[id.as_str()]));
        call_about(&self.client, operation, id.as_str())
    }

    /// Deletes a payment method: `DELETE .../payment_methods/{id}`, contract idlayr 13. Not billed. It may be
    /// repeated; 404 after a repeat may mean that the first one was carried out.
    pub fn delete_payment_method(&self, id: &PaymentMethodId) -> Call<()> {
        let operation = delete(&self.client, DELETE_PAYMENT_METHOD, &self.path(&[id.as_str()]));
        call_without_answer(&self.client, operation)
    }

    /// Lists the top-ups: `GET .../topups`, contract idlayr 13 and 13.4. Not billed; may be repeated.
    ///
    /// # Errors
    ///
    /// 403 `forbidden`.
    pub fn top_ups(&self) -> ConsoleList<TopUp> {
        ConsoleList::new(self.client.clone(), TOP_UPS, &self.path(&[]))
    }

    /// Tops the balance up: **charges the payment method**. Sent once. If its outcome is unknown, look for
    /// the top-up with [`top_ups`](Billing::top_ups) before you send another.
    ///
    /// `amount` is a decimal number above zero with at most four places, such as `25` or `12.50`; it is sent
    /// with the digits that it is given in.
    ///
    /// `POST .../topups`, contract idlayr 13 and 13.4. **Unconfirmed**: the type of the body. The schema has
    /// `application/hal+json`; the vendor's tutorial, which calls the API, sends `application/json`, and so
    /// does this call.
    ///
    /// # Errors
    ///
    /// An amount that is none, or a currency that is not three capital letters, is refused, and nothing is
    /// sent. 403 `forbidden`.
    pub fn create_top_up(
        &self,
        payment_method_id: &PaymentMethodId,
        currency: &Currency,
        amount: &str,
    ) -> Call<Answer<TopUp>> {
        let operation = self.top_up(payment_method_id, currency, amount);
        call(&self.client, operation)
    }

    fn top_up(&self, id: &PaymentMethodId, currency: &Currency, amount: &str) -> Result<Operation> {
        let body = top_up::body(id, currency, amount)?;
        post(&self.client, CREATE_TOP_UP, &self.path(&[]))?.json(&body)
    }
}
