//! Onboarding links (contract caf, 4.6).

mod create;
mod types;

use crate::client::Client;
use crate::transactions::TemplateId;

pub use create::CreateOnboarding;
pub use types::{CreatedOnboarding, OnboardingTemplateId, OnboardingToken, OnboardingType, OnboardingUrl};

/// Onboarding links: pages of the provider's, where somebody hands in documents and a face.
#[derive(Debug, Clone)]
pub struct Onboardings {
    client: Client,
}

impl Onboardings {
    pub(super) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Makes a link. `transaction_template_id` is the query template that is run at the end. Sent once: a
    /// repeat would be a second link, and a second message to the user. What it costs is not documented.
    ///
    /// Unless [`no_notification`](CreateOnboarding::no_notification) is set, CAF sends the link to the
    /// [`email`](CreateOnboarding::email) address or [phone](CreateOnboarding::sms_phone_number) that you
    /// give.
    ///
    /// `POST /v1/onboardings?origin=TRUST`, contract caf, 4.6. **Unconfirmed**: most names of the members
    /// come from third parties' clients, as each setter says.
    ///
    /// ```
    /// # async fn example(client: &caf::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use caf::core_api::OnboardingType;
    /// use caf::transactions::{Attributes, TemplateId};
    ///
    /// let template_id = TemplateId::new("64b0c0ffee0000000000aaaa")?;
    /// let link = client
    ///     .core()
    ///     .onboardings()
    ///     .create(OnboardingType::Person, &template_id)
    ///     .attributes(Attributes::new().name("Ana Teste"))
    ///     .callback_url("https://hooks.example.com/caf/9f2c")
    ///     .await?;
    /// if let Some(url) = &link.url {
    ///     show(url.expose());
    /// }
    /// # Ok(())
    /// # }
    /// # fn show(_: &str) {}
    /// ```
    ///
    /// # Errors
    ///
    /// Empty texts, members that are given twice and a callback URL that does not start with `https://` are
    /// refused before anything is sent; so is `PF_PF` without its template, or its template with another
    /// type. 400, 401, 403 and 500 are documented for the Core API.
    pub fn create(
        &self,
        onboarding_type: OnboardingType,
        transaction_template_id: &TemplateId,
    ) -> CreateOnboarding {
        CreateOnboarding::new(
            self.client.clone(),
            onboarding_type,
            transaction_template_id.clone(),
        )
    }
}
