//! The Global API.

mod notification;
mod services;
mod transactions;
mod unconfirmed;

use std::sync::Arc;

use http::{HeaderValue, Method};
use verikit_core::auth::Authorize;
use verikit_core::{Realm, Request, Result};

use crate::client::{Client, Foundation};
use crate::config::{Config, PROVIDER};
use crate::credential::bearer;
use crate::error::read_facts;

pub use notification::{GlobalEventId, GlobalEventType, GlobalNotification};
pub use services::{
    BasicData, CompanyRecord, CompanyRecordEntities, CpfRecord, QueryBasicData, QueryCompanyRecord,
    QueryCpfSync, QuerySanctions, QueryService, SanctionMatch, Sanctions, ServiceAnswer, ServiceName,
    ServiceResult, Services,
};
pub use transactions::{
    CreateGlobalTransaction, CreatedGlobalTransaction, CreatedGlobalTransactionData, GlobalTransaction,
    GlobalTransactionData, GlobalTransactionId, GlobalTransactions, WorkflowId,
};
pub use unconfirmed::{GlobalUnconfirmed, ListGlobalTransactions, ReviewGlobalTransaction};

/// What its calls go with.
#[derive(Debug)]
pub(crate) struct Access {
    realm: Realm,
    /// One service has a host of its own (contract caf, 4.7).
    cpf_sync: Realm,
}

impl Access {
    pub(crate) fn new(config: &Config, foundation: &Foundation) -> Result<Self> {
        let authorize: Arc<dyn Authorize> = bearer(
            config.global_token.as_ref(),
            "the Global API needs a token from Trust: set `global_token`",
        )?;
        let realm = |base_url: &str| {
            Realm::builder(PROVIDER, base_url)
                .authorize(Arc::clone(&authorize))
                .read_error_facts(read_facts)
                .dangerously_allow_plain_http(foundation.plain_http)
                .build()
        };
        Ok(Self {
            realm: realm(&config.addresses.global)?,
            cpf_sync: realm(&config.addresses.cpf_sync)?,
        })
    }
}

/// The Global API.
#[derive(Debug, Clone)]
pub struct Global {
    client: Client,
}

impl Global {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Services that answer at once.
    #[must_use]
    pub fn services(&self) -> Services {
        Services::new(self.client.clone())
    }

    /// Transactions of orchestrations.
    #[must_use]
    pub fn transactions(&self) -> GlobalTransactions {
        GlobalTransactions::new(self.client.clone())
    }

    /// Calls that are known by their paths alone.
    #[must_use]
    pub fn unconfirmed(&self) -> GlobalUnconfirmed {
        GlobalUnconfirmed::new(self.client.clone())
    }

    /// A request below the Global API's base URL to a route that has no typed call, authorised as every
    /// other: the onboarding links of orchestrations, say, whose route could not be read (contract caf, 7).
    /// Sent **once** unless [`repeat`](Request::repeat) says otherwise.
    ///
    /// ```
    /// # async fn example(client: &caf::Client) -> caf::Result<()> {
    /// use caf::Repeat;
    ///
    /// // The path is made up: take it from the vendor's reference.
    /// let segments = ["orchestrations", "some-resource"];
    /// let reply = client.global().request(http::Method::GET, segments).repeat(Repeat::Safe).await?;
    /// # drop(reply);
    /// # Ok(())
    /// # }
    /// ```
    pub fn request<S: AsRef<str>>(&self, method: Method, segments: impl IntoIterator<Item = S>) -> Request {
        // What such a route answers with is not known.
        let realm = &self.client.global_access().realm;
        Request::new(self.client.core_loop(), realm, method, segments).accept(HeaderValue::from_static("*/*"))
    }
}
