//! Calls of the Global API that are known by their paths alone.

use http::Method;
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;
use verikit_core::{Call, CallOptions, Error, Operation, Personal, RawReply, Repeat, Result};

use super::transactions::GlobalTransactionId;
use crate::client::Client;
use crate::config::PROVIDER;

/// Calls that exist, and whose parameters, methods or answers no public document shows (contract caf, 7):
/// they take and give raw JSON, and **may change or go** in any version of this crate.
#[derive(Debug, Clone)]
pub struct GlobalUnconfirmed {
    client: Client,
}

impl GlobalUnconfirmed {
    pub(super) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Lists transactions of orchestrations, with the permission "Transactions read". May be repeated.
    ///
    /// What it filters by is documented (the time of creation, the status, the workflow, a limit from 1 to
    /// 10, the order, a cursor and its direction), the parameters' names are not: take them from the vendor's
    /// reference, and give them with [`query`](ListGlobalTransactions::query).
    ///
    /// `GET /orchestrations/transactions`, contract caf, 7.
    ///
    /// # Errors
    ///
    /// 401 for a token that is missing or invalid, 403 for one that lacks the permission.
    pub fn list_transactions(&self) -> ListGlobalTransactions {
        ListGlobalTransactions {
            client: self.client.clone(),
            query: Personal::default(),
            options: CallOptions::default(),
        }
    }

    /// Reviews a step of a transaction by hand, with the permission "Manual reviews update". If a step holds
    /// several rules, all have to be reviewed for the workflow to go on. Sent once.
    ///
    /// Neither the method nor the body is documented: take both from the vendor's reference.
    ///
    /// `.../orchestrations/transactions/{transactionId}/manual-reviews`, contract caf, 7.
    ///
    /// # Errors
    ///
    /// A body that does not serialise to JSON is refused when the call is made. As
    /// [`list_transactions`](GlobalUnconfirmed::list_transactions), else.
    pub fn review_transaction(
        &self,
        method: Method,
        transaction_id: &GlobalTransactionId,
        body: &(impl Serialize + ?Sized),
    ) -> ReviewGlobalTransaction {
        // The serializer's message could quote the value.
        let refuse = |_| Error::invalid_input("the body does not serialise to JSON").with_provider(PROVIDER);
        ReviewGlobalTransaction {
            client: self.client.clone(),
            method,
            transaction_id: transaction_id.clone(),
            body: serde_json::value::to_raw_value(body)
                .map(Personal::new)
                .map_err(refuse),
            options: CallOptions::default(),
        }
    }
}

fn read(reply: &RawReply) -> Result<Personal<Value>> {
    serde_json::from_slice(reply.body())
        .map(Personal::new)
        .map_err(|_| Error::decode("it is not JSON"))
}

/// A list of transactions that is about to be asked for. Await it to send it.
#[derive(Debug)]
#[must_use = "a call is sent when it is awaited"]
pub struct ListGlobalTransactions {
    client: Client,
    query: Personal<Vec<(String, String)>>,
    options: CallOptions,
}

impl ListGlobalTransactions {
    /// Adds a query parameter, encoded.
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let mut query = self.query.into_inner();
        query.push((name.into(), value.into()));
        self.query = Personal::new(query);
        self
    }

    fn operation(&self) -> Result<Operation> {
        let realm = &self.client.global_access().realm;
        let operation = Operation::get(
            "global_transaction.list",
            realm,
            "/orchestrations/transactions",
            &[],
        )?;
        let query = self.query.expose().iter();
        Ok(query.fold(operation, |operation, (name, value)| operation.query(name, value)))
    }

    fn into_call(self) -> Call<Personal<Value>> {
        let operation = self.operation();
        self.client
            .core_loop()
            .call(operation, read)
            .with_options(self.options)
    }
}

verikit_core::forward_call!(ListGlobalTransactions => Personal<Value>);

/// A review of a transaction that is about to be sent. Await it to send it.
#[derive(Debug)]
#[must_use = "a call is sent when it is awaited"]
pub struct ReviewGlobalTransaction {
    client: Client,
    method: Method,
    transaction_id: GlobalTransactionId,
    body: Result<Personal<Box<RawValue>>>,
    options: CallOptions,
}

impl ReviewGlobalTransaction {
    fn operation(&self) -> Result<Operation> {
        let operation = Operation::new(
            self.method.clone(),
            Repeat::Once,
            "global_transaction.review",
            &self.client.global_access().realm,
            "/orchestrations/transactions/{transaction_id}/manual-reviews",
            &[self.transaction_id.as_str()],
        )?;
        operation.json(self.body.as_ref().map_err(Error::clone)?)
    }

    fn into_call(self) -> Call<Personal<Value>> {
        let operation = self.operation();
        self.client
            .core_loop()
            .call(operation, read)
            .with_options(self.options)
    }
}

verikit_core::forward_call!(ReviewGlobalTransaction => Personal<Value>);
