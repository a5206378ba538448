//! Transactions: creating and reading them, and their results (contract cm-idscan, 4 to 6).

mod code;
mod concerns;
mod create;
mod details;
mod result;
mod settings;
mod tasks;
mod types;
mod wait;

use verikit_core::{Answer, Call, Error, Operation, read_json};

use crate::client::Client;

pub use code::ScanCode;
pub use concerns::Concern;
pub use create::{CreateTransaction, CreatedTransaction};
pub use details::{DocumentScan, Task, Transaction};
pub use result::{Comparison, FieldResult, FieldValue, ResultTask, TransactionResult, Validity, ValueSource};
pub use settings::{AllowedExpiration, DocumentScanSettings};
pub use tasks::Tasks;
pub use types::{
    CaptureSource, Field, Level, Locale, ResultId, TaskState, TaskType, TransactionId, TransactionState,
    TransactionUrl,
};
pub use wait::UntilFinal;

/// Transactions.
///
/// The server creates a transaction and shows its page to the user, in an iframe or as a whole page. When the
/// user is done, a notification and the user's browser bring the result's id, and the server reads the
/// result.
///
/// ```
/// # async fn example(client: &cm_idscan::Client) -> cm_idscan::Result<()> {
/// use cm_idscan::{Concern, Field, Locale, Tasks};
///
/// let transaction = client.transactions().create(Tasks::DocumentScan).locale(Locale::NlNl).await?;
/// // Show transaction.url to the user. A notification brings:
/// # let result_id = "5b5b5b5b-6666-4777-8888-999999999999".parse().expect("an id");
/// let result = client.transactions().result(&transaction.id, &result_id).await?;
/// let concerns = result.concerns(Tasks::DocumentScan, 0.8); // your own threshold
/// let surname = result.value(&Field::Surname);
/// # drop((concerns, surname));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Transactions {
    client: Client,
}

impl Transactions {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Creates a transaction. Sent once: a repeat would be a second transaction.
    ///
    /// Creating is not billed, as far as is documented; attempts are, see
    /// [`Transaction::invoiced`].
    ///
    /// `POST .../transactions`, contract cm-idscan 4.
    ///
    /// # Errors
    ///
    /// Settings that make no sense are refused before anything is sent. The provider's refusals have a status
    /// and a message, and no codes.
    pub fn create(&self, tasks: Tasks) -> CreateTransaction {
        CreateTransaction::new(self.client.clone(), tasks)
    }

    /// Reads a transaction: `GET .../transactions/{transaction_id}`, contract cm-idscan 5. Not billed; may be
    /// repeated.
    ///
    /// # Errors
    ///
    /// 404 when there is no such transaction.
    pub fn get(&self, transaction_id: &TransactionId) -> Call<Answer<Transaction>> {
        get(&self.client, transaction_id)
    }

    /// Reads the result of a completed transaction:
    /// `GET .../transactions/{transaction_id}/results/{result_id}`, contract cm-idscan 6. Not billed; may be
    /// repeated.
    ///
    /// Both ids are needed. Take the transaction's from your own session, never from the browser alone:
    /// somebody else's completed transaction must not count.
    ///
    /// # Errors
    ///
    /// 404 when there is no such result.
    pub fn result(
        &self,
        transaction_id: &TransactionId,
        result_id: &ResultId,
    ) -> Call<Answer<TransactionResult>> {
        let operation = Operation::get(
            "transaction.result",
            self.client.realm(),
            "/transactions/{transaction_id}/results/{result_id}",
            &[transaction_id.as_str(), result_id.as_str()],
        );
        self.client.core().call(operation, read_json)
    }

    /// Asks until the transaction is no longer pending, for as long as it lives. See [`UntilFinal`], and
    /// prefer webhooks.
    pub fn until_final(&self, transaction: &CreatedTransaction) -> UntilFinal {
        UntilFinal::new(
            self.client.clone(),
            transaction.id.clone(),
            wait::life(transaction),
        )
    }

    /// The same for a transaction that is known by its id alone; it waits for one hour, unless told
    /// otherwise.
    pub fn until_final_by_id(&self, transaction_id: &TransactionId) -> UntilFinal {
        UntilFinal::new(self.client.clone(), transaction_id.clone(), None)
    }
}

/// Reads a transaction, and makes sure that it is the one that was asked for.
fn get(client: &Client, transaction_id: &TransactionId) -> Call<Answer<Transaction>> {
    let operation = Operation::get(
        "transaction.get",
        client.realm(),
        "/transactions/{transaction_id}",
        &[transaction_id.as_str()],
    );
    let expected = transaction_id.clone();
    client.core().call(operation, move |reply| {
        let transaction: Answer<Transaction> = read_json(reply)?;
        if transaction.id.as_str().eq_ignore_ascii_case(expected.as_str()) {
            Ok(transaction)
        } else {
            Err(Error::decode(
                "the answer is another transaction than the one that was asked for",
            ))
        }
    })
}
