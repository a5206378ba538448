//! The Core API.

mod companies;
mod faces;
mod list;
mod notifications;
mod ocr;
mod onboardings;
mod people;
mod person_id;
mod profiles;
mod transactions;

use std::sync::Arc;

use http::{HeaderValue, Method};
use verikit_core::auth::Authorize;
use verikit_core::{Realm, Request, Result};

use crate::client::{Client, Foundation};
use crate::config::{Config, PROVIDER};
use crate::credential::bearer;
use crate::error::read_facts;

pub use companies::{
    Companies, CompanyActivity, CompanyBasicData, CompanyOnboarding, CompanyPartner, CompanyProfile,
    CompanyQsa, GetCompany, OnboardedPartner,
};
pub use faces::{
    CoreFaceAttempt, CoreFaceAttemptData, CoreFaceAttemptId, CoreFaceLiveness, CoreFaceMatch, CoreFaces,
    RegisterCoreFace, RegisteredCoreFace,
};
pub use list::{ListOrder, ListedTransaction, ListedTransactionData, TransactionList, TransactionPage};
pub use notifications::{CoreNotification, CoreNotificationType, NotificationSubject};
pub use ocr::{ForcedDocumentType, OcrResult, OcrSync};
pub use onboardings::{
    CreateOnboarding, CreatedOnboarding, OnboardingTemplateId, OnboardingToken, OnboardingType,
    OnboardingUrl, Onboardings,
};
pub use people::{People, PersonBasicData, PersonProfile};
pub use person_id::{InvalidPersonId, PersonId};
pub use profiles::{
    ExecutionOrigin, LastConsultation, ProfileExecution, ProfileId, ProfileSource, ProfileSources,
    ProfileStatus,
};
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

    /// Onboarding links: pages of CAF's, where somebody hands in documents and a face.
    #[must_use]
    pub fn onboardings(&self) -> Onboardings {
        Onboardings::new(self.client.clone())
    }

    /// Profiles of people.
    #[must_use]
    pub fn people(&self) -> People {
        People::new(self.client.clone())
    }

    /// Profiles of companies.
    #[must_use]
    pub fn companies(&self) -> Companies {
        Companies::new(self.client.clone())
    }

    /// Faces: registering them, and reading attempts to authenticate with them.
    #[must_use]
    pub fn faces(&self) -> CoreFaces {
        CoreFaces::new(self.client.clone())
    }

    /// A request to a route that has no typed call here, authorised as every other of the Core API. Its paths
    /// start with `v1`. Sent **once** unless [`repeat`](Request::repeat) says otherwise.
    ///
    /// ```
    /// # async fn example(client: &caf::Client) -> caf::Result<()> {
    /// use caf::Repeat;
    ///
    /// // How a list goes on behind its first ten is not documented; the parameter is made up.
    /// let segments = ["v1", "transactions"];
    /// let list = client.core().request(http::Method::GET, segments).query("_page", "2");
    /// let reply = list.repeat(Repeat::Safe).await?;
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
