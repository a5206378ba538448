//! Profiles of companies (contract caf, 4.9).

use serde::Deserialize;
use verikit_core::value::lenient;
use verikit_core::{Answer, Call, CallOptions, Error, Operation, Personal, Result, read_json};

use super::profiles::{
    ProfileExecution, ProfileId, ProfileSource, ProfileSources, ProfileStatus, check_profile_id, sources,
};
use crate::client::Client;
use crate::cnpj::Cnpj;
use crate::request_id::RequestId;
use crate::transactions::TransactionId;

/// Profiles of companies.
#[derive(Debug, Clone)]
pub struct Companies {
    client: Client,
}

impl Companies {
    pub(super) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Reads a company's profile by its id. Not billed, as far as is documented; may be repeated.
    ///
    /// `GET /v1/companies/{companyId}`, contract caf, 4.9.
    ///
    /// ```
    /// # async fn example(client: &caf::Client) -> Result<bool, Box<dyn std::error::Error>> {
    /// use caf::Cnpj;
    ///
    /// let cnpj = Cnpj::parse("12.345.678/0001-95")?;
    /// let company = client.core().companies().get_by_cnpj(&cnpj).include_onboarding_qsa(true).await?;
    /// Ok(company.is_approved())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`People::get`](super::People::get).
    pub fn get(&self, profile_id: &ProfileId) -> GetCompany {
        GetCompany::new(self.client.clone(), CompanyKey::Id(profile_id.clone()))
    }

    /// The same by the company's CNPJ, which stands in the request's path.
    ///
    /// # Errors
    ///
    /// As [`get`](Companies::get); a profile with another CNPJ is a decode error.
    pub fn get_by_cnpj(&self, cnpj: &Cnpj) -> GetCompany {
        GetCompany::new(self.client.clone(), CompanyKey::Cnpj(*cnpj))
    }
}

#[derive(Debug)]
enum CompanyKey {
    Id(ProfileId),
    Cnpj(Cnpj),
}

/// A company's profile that is about to be read. Await it to send it.
#[derive(Debug)]
#[must_use = "a call is sent when it is awaited"]
pub struct GetCompany {
    client: Client,
    key: CompanyKey,
    include_onboarding_qsa: Option<bool>,
    options: CallOptions,
}

impl GetCompany {
    fn new(client: Client, key: CompanyKey) -> Self {
        Self {
            client,
            key,
            include_onboarding_qsa: None,
            options: CallOptions::default(),
        }
    }

    /// Whether the partners of the onboarding come along: [`CompanyProfile::onboarding`].
    pub fn include_onboarding_qsa(mut self, include: bool) -> Self {
        self.include_onboarding_qsa = Some(include);
        self
    }

    fn operation(&self) -> Result<Operation> {
        let realm = self.client.core_access().realm();
        let key = match &self.key {
            CompanyKey::Id(id) => id.as_str(),
            CompanyKey::Cnpj(cnpj) => cnpj.digits(),
        };
        let operation = Operation::get("core_company.get", realm, "/v1/companies/{company_id}", &[key])?;
        Ok(match self.include_onboarding_qsa {
            Some(include) => operation.query("_includeOnboardingQsa", if include { "true" } else { "false" }),
            None => operation,
        })
    }

    fn into_call(self) -> Call<Answer<CompanyProfile>> {
        let operation = self.operation();
        let key = self.key;
        let read = move |reply: &verikit_core::RawReply| {
            let company: Answer<CompanyProfile> = read_json(reply)?;
            match &key {
                CompanyKey::Id(id) => check_profile_id(id, company.id.as_ref())?,
                CompanyKey::Cnpj(cnpj) => check_cnpj(cnpj, company.cnpj.as_ref())?,
            }
            Ok(company)
        };
        self.client
            .core_loop()
            .call(operation, read)
            .with_options(self.options)
    }
}

verikit_core::forward_call!(GetCompany => Answer<CompanyProfile>);

/// Refuses the profile of another company. One whose number is missing or cannot be read does not tell.
fn check_cnpj(asked: &Cnpj, answered: Option<&Personal<String>>) -> Result<()> {
    match answered.map(|number| Cnpj::parse(number.expose())) {
        Some(Ok(cnpj)) if cnpj != *asked => Err(Error::decode(
            "the answer is about another CNPJ than the one that was asked for",
        )),
        _ => Ok(()),
    }
}

/// A company's profile. Any member may be missing (contract caf, 4.9).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CompanyProfile {
    /// The provider's id of the request.
    #[serde(default, deserialize_with = "lenient")]
    pub request_id: Option<RequestId>,
    /// The profile.
    #[serde(default)]
    pub id: Option<ProfileId>,
    /// Where it stands. One that is not a text is an error of the whole answer.
    #[serde(default)]
    pub status: Option<ProfileStatus>,
    /// The company's CNPJ, as the provider writes it.
    #[serde(default)]
    pub cnpj: Option<Personal<String>>,
    /// What the company is.
    #[serde(default, deserialize_with = "lenient")]
    pub basic_data: Option<Answer<CompanyBasicData>>,
    /// What the onboarding knows of the partners, where it was
    /// [asked for](GetCompany::include_onboarding_qsa).
    #[serde(default)]
    pub onboarding: Option<Answer<CompanyOnboarding>>,
    /// The partners and administrators of the registry.
    #[serde(default)]
    pub qsa: Option<Answer<CompanyQsa>>,
    /// What changed the profile.
    #[serde(default, deserialize_with = "lenient")]
    pub executions: Option<Vec<ProfileExecution>>,
    /// What sources of data said, by their names.
    #[serde(default, deserialize_with = "sources")]
    pub sources: ProfileSources,
}

impl CompanyProfile {
    /// Whether the profile is approved: its status is there and is `APPROVED`, to the letter. It says nothing
    /// of the partners, who have statuses of their own.
    #[must_use]
    pub fn is_approved(&self) -> bool {
        self.status.as_ref().is_some_and(ProfileStatus::is_approved)
    }

    /// What a source said.
    #[must_use]
    pub fn source(&self, name: &str) -> Option<&ProfileSource> {
        self.sources.expose().get(name)
    }
}

/// What a company is. Texts are as the provider writes them.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CompanyBasicData {
    /// When it was opened.
    #[serde(default, deserialize_with = "lenient")]
    pub opening_date: Option<Personal<String>>,
    /// Its official name.
    #[serde(default, deserialize_with = "lenient")]
    pub official_name: Option<Personal<String>>,
    /// Its trading name.
    #[serde(default, deserialize_with = "lenient")]
    pub fantasy_name: Option<Personal<String>>,
    /// Its size.
    #[serde(default, deserialize_with = "lenient")]
    pub company_size: Option<Personal<String>>,
    /// Its e-mail address.
    #[serde(default, deserialize_with = "lenient")]
    pub company_email: Option<Personal<String>>,
    /// Its main activity.
    #[serde(default, deserialize_with = "lenient")]
    pub main_activity: Option<Personal<serde_json::Value>>,
    /// Its other activities.
    #[serde(default, deserialize_with = "lenient")]
    pub secondary_activities: Option<Vec<CompanyActivity>>,
    /// Its legal form.
    #[serde(default, deserialize_with = "lenient")]
    pub legal_nature: Option<Personal<serde_json::Value>>,
    /// What the registry says of it. **Not** the status of the profile.
    #[serde(default, deserialize_with = "lenient")]
    pub status: Option<Personal<serde_json::Value>>,
    /// Its capital.
    #[serde(default, deserialize_with = "lenient")]
    pub joint_stock: Option<Personal<serde_json::Value>>,
    /// Its telephone number.
    #[serde(default, deserialize_with = "lenient")]
    pub phone_number: Option<Personal<String>>,
}

/// An activity of a company.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct CompanyActivity {
    /// Its code.
    #[serde(default, deserialize_with = "lenient")]
    pub code: Option<Personal<String>>,
    /// What it is.
    #[serde(default, deserialize_with = "lenient")]
    pub description: Option<Personal<String>>,
}

/// The onboarding of a company.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct CompanyOnboarding {
    /// The partners that were onboarded.
    #[serde(default)]
    pub qsa: Option<Vec<Answer<OnboardedPartner>>>,
}

/// A partner that was onboarded with the company.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OnboardedPartner {
    /// Where the partner's profile stands.
    #[serde(default)]
    pub status: Option<ProfileStatus>,
    /// The partner's name.
    #[serde(default, deserialize_with = "lenient")]
    pub name: Option<Personal<String>>,
    /// The partner's profile.
    #[serde(default, deserialize_with = "lenient")]
    pub profile_id: Option<ProfileId>,
    /// The partner's transaction.
    #[serde(default, deserialize_with = "lenient")]
    pub transaction_id: Option<TransactionId>,
}

/// The partners and administrators of a company, of whom the registry knows.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct CompanyQsa {
    /// One each.
    #[serde(default)]
    pub items: Option<Vec<Answer<CompanyPartner>>>,
}

/// A partner or administrator of a company.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CompanyPartner {
    /// The name.
    #[serde(default, deserialize_with = "lenient")]
    pub name: Option<Personal<String>>,
    /// The code of what they are in the company.
    #[serde(default, deserialize_with = "lenient")]
    pub function_code: Option<Personal<serde_json::Value>>,
    /// What they are in the company.
    #[serde(default, deserialize_with = "lenient")]
    pub function: Option<Personal<String>>,
    /// Whether they may act for the company. `None` is not a "yes".
    #[serde(default)]
    pub is_legal_representative: Option<bool>,
    /// Their profile.
    #[serde(default, deserialize_with = "lenient")]
    pub profile_id: Option<ProfileId>,
    /// Where their profile stands.
    #[serde(default)]
    pub status: Option<ProfileStatus>,
    /// Their transaction.
    #[serde(default, deserialize_with = "lenient")]
    pub transaction_id: Option<TransactionId>,
}
