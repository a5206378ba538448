//! Profiles of people (contract caf, 4.9).

use serde::Deserialize;
use verikit_core::value::lenient;
use verikit_core::{Answer, Call, Operation, Personal, Result, read_json};

use super::profiles::{
    ProfileExecution, ProfileId, ProfileSource, ProfileSources, ProfileStatus, check_profile_id, sources,
};
use crate::client::Client;
use crate::cpf::Cpf;
use crate::documents::check_cpf;
use crate::request_id::RequestId;

/// Profiles of people.
#[derive(Debug, Clone)]
pub struct People {
    client: Client,
}

impl People {
    pub(super) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Reads a person's profile by its id. Not billed, as far as is documented; may be repeated.
    ///
    /// `GET /v1/people/{personId}`, contract caf, 4.9.
    ///
    /// ```
    /// # async fn example(client: &caf::Client) -> Result<bool, Box<dyn std::error::Error>> {
    /// use caf::core_api::ProfileId;
    ///
    /// let person = client.core().people().get(&ProfileId::new("64b0c0ffee0000000000cccc")?).await?;
    /// Ok(person.is_approved())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Auth`](crate::ErrorKind::Auth) with 401 for a token that is missing or invalid, with 403 for one
    /// that lacks the permission. A profile with another id than the one that was asked for is a decode
    /// error.
    pub fn get(&self, profile_id: &ProfileId) -> Call<Answer<PersonProfile>> {
        let asked = profile_id.clone();
        self.read(profile_id.as_str(), move |person| {
            check_profile_id(&asked, person.id.as_ref())
        })
    }

    /// The same by the person's CPF, which stands in the request's path: the provider has no other way. It is
    /// in no log or error of this crate; keep it out of those of proxies of your own.
    ///
    /// # Errors
    ///
    /// As [`get`](People::get); a profile with another CPF is a decode error.
    pub fn get_by_cpf(&self, cpf: &Cpf) -> Call<Answer<PersonProfile>> {
        let asked = *cpf;
        self.read(cpf.digits(), move |person| check_cpf(asked, person.cpf.as_ref()))
    }

    fn read(
        &self,
        key: &str,
        check: impl Fn(&PersonProfile) -> Result<()> + Send + Sync + 'static,
    ) -> Call<Answer<PersonProfile>> {
        let realm = self.client.core_access().realm();
        let operation = Operation::get("core_person.get", realm, "/v1/people/{person_id}", &[key]);
        self.client.core_loop().call(operation, move |reply| {
            let person: Answer<PersonProfile> = read_json(reply)?;
            check(&person)?;
            Ok(person)
        })
    }
}

/// A person's profile. Any member may be missing (contract caf, 4.9).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PersonProfile {
    /// The provider's id of the request.
    #[serde(default, deserialize_with = "lenient")]
    pub request_id: Option<RequestId>,
    /// The profile.
    #[serde(default)]
    pub id: Option<ProfileId>,
    /// Where it stands. One that is not a text is an error of the whole answer.
    #[serde(default)]
    pub status: Option<ProfileStatus>,
    /// The person's CPF, as the provider writes it.
    #[serde(default)]
    pub cpf: Option<Personal<String>>,
    /// Who the person is.
    #[serde(default, deserialize_with = "lenient")]
    pub basic_data: Option<Answer<PersonBasicData>>,
    /// What changed the profile.
    #[serde(default, deserialize_with = "lenient")]
    pub executions: Option<Vec<ProfileExecution>>,
    /// What sources of data said, by their names.
    #[serde(default, deserialize_with = "sources")]
    pub sources: ProfileSources,
}

impl PersonProfile {
    /// Whether the profile is approved: its status is there and is `APPROVED`, to the letter.
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

/// Who a person is.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PersonBasicData {
    /// The name.
    #[serde(default, deserialize_with = "lenient")]
    pub name: Option<Personal<String>>,
    /// The father's name.
    #[serde(default, deserialize_with = "lenient")]
    pub father_name: Option<Personal<String>>,
    /// The mother's name.
    #[serde(default, deserialize_with = "lenient")]
    pub mother_name: Option<Personal<String>>,
    /// The date of birth, as the provider writes it: `dd/MM/yyyy` and ISO both occur (contract caf, 10).
    #[serde(default, deserialize_with = "lenient")]
    pub birth_date: Option<Personal<String>>,
    /// The number of the identity card, RG.
    #[serde(default, deserialize_with = "lenient")]
    pub rg: Option<Personal<String>>,
    /// The gender, as the provider writes it.
    #[serde(default, deserialize_with = "lenient")]
    pub gender: Option<Personal<String>>,
}
