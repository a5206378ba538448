//! The Core API.

mod list;
mod notifications;
mod ocr;
mod transactions;

use std::sync::Arc;

use http::{HeaderValue, Method};
use verikit_core::auth::Authorize;
use verikit_core::{Realm, Request, Result};

use crate::client::{Client, Foundation};
use crate::config::{Config, PROVIDER};
use crate::credential::bearer;
use crate::error::read_facts;

pub use list::{ListOrder, ListedTransaction, ListedTransactionData, TransactionList, TransactionPage};
pub use notifications::{CoreNotification, CoreNotificationType, NotificationSubject};
pub use ocr::{ForcedDocumentType, OcrResult, OcrSync};
pub use transactions::CoreTransactions;

/// What its calls go with.
#[derive(Debug)]
pub(crate) struct Access {
    realm: Realm,
}

impl Access {
    pub(crate) fn new(config: &Config, foundation: &Foundation) -> Result<Self> {
        let authorize: Arc<dyn Authorize> = bearer(
            config.core_token.as_ref(),
            "the Core API needs a token from Trust: set `core_token`",
        )?;
        Ok(Self {
            realm: Realm::builder(PROVIDER, config.addresses.core.as_str())
                .authorize(authorize)
                .read_error_facts(read_facts)
                .dangerously_allow_plain_http(foundation.plain_http)
                .build()?,
        })
    }

    pub(crate) fn realm(&self) -> &Realm {
        &self.realm
    }
}

/// The Core API.
#[derive(Debug, Clone)]
pub struct Core {
    client: Client,
}

impl Core {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Transactions, and reading a document at once.
    #[must_use]
    pub fn transactions(&self) -> CoreTransactions {
        CoreTransactions::new(self.client.clone())
    }

    /// A request to a route that has no typed call here, authorised as every other of the Core API. Its paths start
    /// with `v1`. Sent **once** unless [`repeat`](Request::repeat) says otherwise.
    ///
    /// ```
    /// # async fn example(client: &caf::Client) -> caf::Result<()> {
    /// use caf::Repeat;
    ///
    /// // How a list goes on behind its first ten is not documented; the parameter is made up.
    /// let segments = ["v1", "transactions"];
    /// let list = client.core().request(http::Method::GET, segments).query("_page", "2").repeat(Repeat::Safe);
    /// let reply = list.await?;
    /// # drop(reply);
    /// # Ok(())
    /// # }
    /// ```
    pub fn request<S: AsRef<str>>(&self, method: Method, segments: impl IntoIterator<Item = S>) -> Request {
        let realm = self.client.core_access().realm();
        // What such a route answers with is not known.
        Request::new(self.client.core_loop(), realm, method, segments).accept(HeaderValue::from_static("*/*"))
    }
}
