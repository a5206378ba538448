//! Transactions, which are the same on the Core and the Connect API (contract caf, 4.2, 4.4 and 6.3).

// An API's own module has a handle, a table of `TransactionRoutes` and the calls of `transaction_calls!`.

mod attributes;
mod create;
mod files;
mod get;
mod reasons;
mod sections;
mod transaction;
mod types;
mod wait;

use verikit_core::Realm;

use crate::client::Client;

pub use attributes::Attributes;
pub(crate) use create::ServiceList;
pub use create::{CreateTransaction, CreatedTransaction};
pub use files::{FileType, TransactionFile};
pub use get::GetTransaction;
pub use reasons::{
    ManualReproval, ManualReprovalCode, ReasonCategory, RuleStatus, StatusReason, ValidationRule,
};
pub use sections::{
    Confidence, DocumentLiveness, DocumentLivenessIndicator, DocumentLivenessIndicatorId,
    DocumentLivenessSide, Sections,
};
pub use transaction::{StatusChange, StatusChangeType, StoredFile, Transaction, TransactionImages};
pub use types::{DocumentType, OnboardingId, TemplateId, TransactionId, TransactionStatus};
pub use wait::UntilFinal;

/// What an API's transactions are called in errors and logs, and where they are.
#[derive(Debug)]
pub(crate) struct TransactionRoutes {
    pub(crate) create: Route,
    pub(crate) get: Route,
    /// The API's realm. The paths below start with `/v1`.
    pub(crate) realm: fn(&Client) -> &Realm,
}

/// An operation of an API.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Route {
    /// Such as `core_transaction.create`.
    pub(crate) name: &'static str,
}

pub(crate) const TRANSACTIONS: &str = "/v1/transactions";
const TRANSACTION: &str = "/v1/transactions/{transaction_id}";

/// Required, and always the same (contract caf, 4.2).
pub(crate) const ORIGIN: (&str, &str) = ("origin", "TRUST");

/// Whether this is a sandbox on plain http, where the receivers around it are too.
pub(crate) fn is_plain_http(realm: &Realm) -> bool {
    realm.base_url().scheme() == "http"
}

/// The calls that the transactions of both APIs have, for a handle with a member `client`.
macro_rules! transaction_calls {
    ($handle:ident, $routes:path) => {
        impl $handle {
            /// Creates a transaction by a query template, whose id is in Trust. Sent **once**: a repeat would
            /// be a second transaction. What is billed is not documented; take it that this is.
            ///
            /// `POST /v1/transactions?origin=TRUST`, contract caf, 4.2 and 6.3.
            ///
            /// # Errors
            ///
            /// What makes no sense is refused before anything is sent. 400, 401 and 500 are documented; their
            /// bodies are not.
            pub fn create(
                &self,
                template_id: &$crate::transactions::TemplateId,
            ) -> $crate::transactions::CreateTransaction {
                $crate::transactions::CreateTransaction::by_template(
                    self.client.clone(),
                    &$routes,
                    template_id.clone(),
                )
            }

            /// The same without a template: with the services to run, by their names in the vendor's
            /// documents. Sent **once**, as the other.
            ///
            /// The names that were seen in public documents are `ocr_sync` (contract caf, 4.7) and no other:
            /// take them from your own access to the vendor's documents.
            ///
            /// # Errors
            ///
            /// When there is no service, or one has no name, before anything is sent; else as
            #[doc = concat!("[`create`](", stringify!($handle), "::create).")]
            pub fn create_with_services<S: Into<String>>(
                &self,
                services: impl IntoIterator<Item = S>,
            ) -> $crate::transactions::CreateTransaction {
                $crate::transactions::CreateTransaction::by_services(
                    self.client.clone(),
                    &$routes,
                    services.into_iter().map(Into::into).collect(),
                )
            }

            /// Reads a transaction. Not billed, as far as is documented; may be repeated.
            ///
            /// `GET /v1/transactions/{transactionId}`, contract caf, 4.4 and 6.3. **Unconfirmed**: on the
            /// Core API, the answer's members come from a third party's copy of the vendor's sample; on the
            /// Connect API, the route comes from third parties too.
            ///
            /// # Errors
            ///
            /// 400, 401 and 500 are documented; their bodies are not, nor is what says that there is no such
            /// transaction. An answer that is another transaction than this one, or has no status that is a
            /// text, is a decode error.
            pub fn get(
                &self,
                transaction_id: &$crate::transactions::TransactionId,
            ) -> $crate::transactions::GetTransaction {
                $crate::transactions::GetTransaction::new(
                    self.client.clone(),
                    &$routes,
                    transaction_id.clone(),
                )
            }

            /// Asks until the transaction has a status that is not a waiting one. See
            /// [`UntilFinal`](crate::transactions::UntilFinal), and prefer webhooks.
            pub fn until_final(
                &self,
                transaction_id: &$crate::transactions::TransactionId,
            ) -> $crate::transactions::UntilFinal {
                $crate::transactions::UntilFinal::new(self.client.clone(), &$routes, transaction_id.clone())
            }
        }
    };
}
pub(crate) use transaction_calls;
