//! The Core API's transactions (contract caf, 4.2 to 4.4).

use verikit_core::{Error, Result};

use super::list::TransactionList;
use super::notifications::{CoreNotification, NotificationSubject};
use super::ocr::OcrSync;
use crate::client::Client;
use crate::config::PROVIDER;
use crate::transactions::{GetTransaction, Route, TransactionFile, TransactionRoutes, transaction_calls};

static CORE: TransactionRoutes = TransactionRoutes {
    create: Route {
        name: "core_transaction.create",
    },
    get: Route {
        name: "core_transaction.get",
    },
    realm: |client| client.core_access().realm(),
};

/// Transactions of the Core API.
///
/// A transaction runs the services of a query template over images and attributes. When its status changes,
/// CAF notifies your webhook, which is not signed: the server reads the transaction and goes by that alone.
///
/// ```
/// # async fn example(client: &caf::Client) -> Result<bool, Box<dyn std::error::Error>> {
/// use caf::transactions::{Attributes, FileType, TemplateId, TransactionFile};
/// use caf::{Cpf, core_api::CoreNotification};
///
/// let transactions = client.core().transactions();
/// let created = transactions
///     .create(&TemplateId::new("64b0c0ffee0000000000aaaa")?)
///     .file(TransactionFile::at_url(FileType::Selfie, "https://img.example.com/selfie.jpg"))
///     .attributes(Attributes::new().cpf(Cpf::parse("12345678909")?).name("Ana Teste"))
///     .metadata("orderId", "A-17")
///     .callback_url("https://hooks.example.com/caf/9f2c")
///     .await?;
/// println!("transaction {}", created.id.as_str());
///
/// // What arrives at the callback URL may be from anybody: it says what to read.
/// # let body = br#"{"type":"status_updated","uuid":"64b0c0ffee0000000000bbbb"}"#;
/// let notification = CoreNotification::read(&body[..])?;
/// let transaction = transactions.get_notified(&notification)?.await?;
/// Ok(transaction.is_approved())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct CoreTransactions {
    client: Client,
}

transaction_calls!(CoreTransactions, CORE);

impl CoreTransactions {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Reads the transaction that a notification is about, whatever else the notification says.
    ///
    /// # Errors
    ///
    /// When the notification is not about a transaction; nothing is sent then. Else as
    /// [`get`](CoreTransactions::get).
    pub fn get_notified(&self, notification: &CoreNotification) -> Result<GetTransaction> {
        match &notification.subject {
            NotificationSubject::Transaction(transaction_id) => Ok(self.get(transaction_id)),
            _ => Err(
                Error::invalid_input("the notification is not about a transaction").with_provider(PROVIDER),
            ),
        }
    }

    /// The newest transactions: ten at most. Not billed, as far as is documented; may be repeated.
    ///
    /// `GET /v1/transactions`, contract caf, 4.3. How to get at the next ten is not documented: narrow the
    /// dates down. A parameter that you know from elsewhere goes with [`request`](super::Core::request).
    ///
    /// # Errors
    ///
    /// A limit that is not 1 to 10, or dates the wrong way round, before anything is sent. 400, 401 and 500
    /// are documented; their bodies are not.
    pub fn list(&self) -> TransactionList {
        TransactionList::new(self.client.clone())
    }

    /// Reads a document, at once. Sent **once**: it is a transaction too. What is billed is not documented;
    /// take it that this is.
    ///
    /// `POST /v1/transactions` with the service `ocr_sync`, contract caf, 4.7.
    ///
    /// # Errors
    ///
    /// When there is no file, or one that makes no sense, before anything is sent. 400, 401 and 500 are
    /// documented; their bodies are not.
    pub fn ocr_sync(&self, files: impl IntoIterator<Item = TransactionFile>) -> OcrSync {
        OcrSync::new(self.client.clone(), files.into_iter().collect())
    }
}
