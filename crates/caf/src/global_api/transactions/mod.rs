//! Transactions of orchestrations (contract caf, 7).

mod create;
mod get;

use verikit_core::{Answer, Call};

use crate::client::Client;

pub use create::{CreateGlobalTransaction, CreatedGlobalTransaction, CreatedGlobalTransactionData};
pub use get::{GlobalTransaction, GlobalTransactionData};

verikit_core::identifier! {
    /// Identifies a transaction of an orchestration.
    pub struct GlobalTransactionId;
}

verikit_core::identifier! {
    /// Identifies a workflow, which is made in Trust: it says what a transaction of an orchestration runs.
    pub struct WorkflowId;
}

/// Transactions of orchestrations.
///
/// **Unconfirmed**: that the base of their routes is `orchestrations` is inferred from the webhooks (contract
/// caf, 7).
#[derive(Debug, Clone)]
pub struct GlobalTransactions {
    client: Client,
}

impl GlobalTransactions {
    pub(super) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Begins a transaction. Sent once: a repeat would be a second transaction. What it costs is not
    /// documented.
    ///
    /// `POST /orchestrations/transactions`, contract caf, 7.
    ///
    /// ```
    /// # async fn example(client: &caf::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use caf::global_api::WorkflowId;
    ///
    /// let workflow_id = WorkflowId::new("64b0c0ffee0000000000dddd")?;
    /// let transactions = client.global().transactions();
    /// let created = transactions.create(&workflow_id).parameter("cpf", "12345678909").await?;
    /// // When a notification names it, and not by what the notification says:
    /// let transaction = transactions.get(&created.data.transaction_id).await?;
    /// let approved = transaction.is_approved();
    /// # let _ = approved;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Members that are given twice, and a webhook's URL that does not start with `https://`, are refused
    /// before anything is sent. 401 for a token that is missing or invalid and 403 for one that lacks the
    /// permission are documented, without bodies.
    pub fn create(&self, workflow_id: &WorkflowId) -> CreateGlobalTransaction {
        CreateGlobalTransaction::new(self.client.clone(), workflow_id.clone())
    }

    /// Reads a transaction. Not billed, as far as is documented; may be repeated.
    ///
    /// `GET /orchestrations/transactions/{transactionId}`, contract caf, 7.
    ///
    /// # Errors
    ///
    /// As [`create`](GlobalTransactions::create). Another transaction than the one that was asked for is a
    /// decode error.
    pub fn get(&self, transaction_id: &GlobalTransactionId) -> Call<Answer<GlobalTransaction>> {
        get::call(&self.client, transaction_id)
    }
}
