//! Services that answer at once (contract caf, 4.7).

mod answer;
mod company_record;
mod people;
mod query;
mod sanctions;

use crate::client::Client;
use crate::cpf::Cpf;

pub use answer::{ServiceAnswer, ServiceName, ServiceResult};
pub use company_record::{CompanyRecord, CompanyRecordEntities};
pub use people::{BasicData, CpfRecord};
pub use query::{QueryBasicData, QueryCompanyRecord, QueryCpfSync, QuerySanctions, QueryService};
pub use sanctions::{SanctionMatch, Sanctions};

/// Services that answer at once. They need the permission "Services query". Each call is sent once: what a
/// query costs is not documented, so take it for **billed**.
///
/// 200, 400, 401, 403 and 500 are documented, without the errors' bodies.
#[derive(Debug, Clone)]
pub struct Services {
    client: Client,
}

impl Services {
    pub(super) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Asks any service, by its name: one that has no call of its own here, say. Its parameters are those of
    /// [`parameter`](QueryService::parameter), and what it found is raw JSON.
    ///
    /// `POST /services`, contract caf, 4.7.
    ///
    /// ```
    /// # async fn example(client: &caf::Client) -> caf::Result<()> {
    /// let services = client.global().services();
    /// // The service's name and its parameters are made up: take them from the vendor's reference.
    /// let answer = services.query("someService").parameter("recordId", "r-1").await?;
    /// if let Some(found) = answer.service_data() {
    ///     let label = &found.expose()["label"];
    ///     # let _ = label;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// A service or a parameter without a name, and what is given twice, are refused before anything is sent.
    /// An answer of another service is a decode error.
    pub fn query(&self, service: impl Into<ServiceName>) -> QueryService {
        QueryService::new(self.client.clone(), service.into())
    }

    /// Who is behind a CPF: names, the date of birth, the parents, the state of the number. Service
    /// `pf_basic_data`.
    ///
    /// `POST /services`, contract caf, 4.7.
    ///
    /// # Errors
    ///
    /// As [`query`](Services::query). An answer about another CPF is a decode error.
    pub fn basic_data(&self, cpf: &Cpf) -> QueryBasicData {
        QueryBasicData::new(self.client.clone(), *cpf)
    }

    /// The tax authority's record of a CPF. Service `cpf_sync`, which has a host of its own: the token goes
    /// there as well.
    ///
    /// A CPF that is unknown, or of a minor, is answered with **200** and a message alone:
    /// [`record`](ServiceAnswer::record) is `None` then.
    ///
    /// `POST https://api.sa.prd.combateafraude.com/services`, contract caf, 4.7.
    ///
    /// ```
    /// # async fn example(client: &caf::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use caf::Cpf;
    ///
    /// let cpf = Cpf::parse("123.456.789-09")?;
    /// let answer = client.global().services().cpf_sync(&cpf).await?;
    /// match answer.record() {
    ///     Some(record) => check_name(record.name.as_ref()),
    ///     None => ask_for_another_document(),
    /// }
    /// # Ok(())
    /// # }
    /// # fn check_name(_: Option<&caf::Personal<String>>) {}
    /// # fn ask_for_another_document() {}
    /// ```
    ///
    /// # Errors
    ///
    /// As [`query`](Services::query). An answer about another CPF is a decode error.
    pub fn cpf_sync(&self, cpf: &Cpf) -> QueryCpfSync {
        QueryCpfSync::new(self.client.clone(), *cpf)
    }

    /// Whether somebody of this name is on a list of sanctions. Service `sanctions`.
    ///
    /// `POST /services`, contract caf, 4.7.
    ///
    /// ```
    /// # async fn example(client: &caf::Client) -> caf::Result<bool> {
    /// let services = client.global().services();
    /// let answer = services.sanctions("Ana Teste").birth_year(1990).await?;
    /// // Only a clear "no" lets the user through; "nobody knows" does not.
    /// Ok(answer.service_data().is_some_and(|sanctions| sanctions.is_clear()))
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`query`](Services::query); an empty name, a fuzziness that is not a number and a year that has not
    /// four digits are refused before anything is sent.
    pub fn sanctions(&self, name: impl Into<String>) -> QuerySanctions {
        QuerySanctions::new(self.client.clone(), name.into())
    }

    /// A company's record in a registry, by the record's id. Service `kybCompanyRecord`. The search that
    /// yields such ids could not be read in any public document (contract caf, 7): [`query`](Services::query)
    /// reaches it.
    ///
    /// `POST /services`, contract caf, 4.7.
    ///
    /// # Errors
    ///
    /// As [`query`](Services::query); an empty id is refused before anything is sent.
    pub fn company_record(&self, record_id: impl Into<String>) -> QueryCompanyRecord {
        QueryCompanyRecord::new(self.client.clone(), record_id.into())
    }
}
